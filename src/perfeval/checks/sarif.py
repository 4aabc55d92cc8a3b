"""Findings as SARIF 2.1.0, which code hosts and editors show beside a document.

A place on a form is a logical location; a document has no line numbers here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from perfeval.checks.catalogue import catalogue
from perfeval.errors import Fault
from perfeval.findings import Finding

__all__ = ["sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(
    found: Mapping[str, Iterable[Finding]], locale: str, faults: Mapping[str, Iterable[Fault]] | None = None
) -> dict[str, Any]:
    """Return findings by the name of their document as a SARIF log.

    Args:
        found: The findings of each document.
        locale: The language of the messages.
        faults: The faults of documents that could not be read: they are no
            findings, but the run was no success.

    >>> sarif({"a.toml": ()}, "en")["version"]
    '2.1.0'
    """
    rules = [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.about(locale)},
            "defaultConfiguration": {"level": rule.severity.value},
        }
        for rule in catalogue()
    ]
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    results = [
        {
            "ruleId": finding.code,
            "ruleIndex": index[finding.code],
            "level": finding.severity.value,
            "message": {"text": finding.message(locale)},
            "locations": [_location(name, finding.where)],
        }
        for name, findings in found.items()
        for finding in findings
    ]
    driver = {"name": "perfeval", "version": version("perfeval"), "rules": rules}
    notifications = [
        {
            "level": "error",
            "message": {"text": fault.problem},
            "locations": [_location(name, fault.path)],
        }
        for name, some in (faults or {}).items()
        for fault in some
    ]
    invocation = {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _location(name: str, where: str) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": PurePath(name).as_posix()}}}
    return place | {"logicalLocations": [{"fullyQualifiedName": where}]} if where else place
