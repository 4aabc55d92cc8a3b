"""Findings as SARIF 2.1.0, which code hosts and editors show beside a document.

A place on a form is a logical location; of a document that is a text the line is told, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import PurePath
from typing import Any

from perfeval.checks.catalogue import catalogue
from perfeval.errors import Fault
from perfeval.findings import Finding
from perfeval.positions import line_of

__all__ = ["sarif"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(
    found: Mapping[str, Iterable[Finding]],
    locale: str,
    faults: Mapping[str, Iterable[Fault]] | None = None,
    lines: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Any]:
    """Return findings by the name of their document as a SARIF log.

    Args:
        found: The findings of each document.
        locale: The language of the messages.
        faults: The faults of documents that could not be read: they are no
            findings, but the run was no success.
        lines: Of the documents that are texts, the line of each path, as
            `perfeval.positions.lines_of` finds them.

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
            "locations": [_location(name, finding.where, lines)],
        }
        for name, findings in found.items()
        for finding in findings
    ]
    driver = {"name": "perfeval", "version": version("perfeval"), "rules": rules}
    notifications = [
        {
            "level": "error",
            "message": {"text": fault.problem},
            "locations": [_location(name, fault.path, lines)],
        }
        for name, some in (faults or {}).items()
        for fault in some
    ]
    invocation = {"executionSuccessful": not notifications, "toolExecutionNotifications": notifications}
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _location(name: str, where: str, lines: Mapping[str, Mapping[str, int]] | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": PurePath(name).as_posix()}}
    line = line_of(where, (lines or {}).get(name, {}))
    if line is not None:
        physical["region"] = {"startLine": line}
    place: dict[str, Any] = {"physicalLocation": physical}
    return place | {"logicalLocations": [{"fullyQualifiedName": where}]} if where else place
