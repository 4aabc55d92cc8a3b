"""The catalogue of checks: code, name, severity, sources and thresholds, as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from perfeval.cited import Citation, shipped_table
from perfeval.findings import Severity
from perfeval.i18n import Words, catalog, known

__all__ = ["Check", "catalogue", "setting"]


class Check(NamedTuple):
    """One check.

    Attributes:
        code: Its code, for ever: "AR101".
        name: What it is called: "execution-rate-mismatch".
        severity: The severity of its findings.
        cites: What it rests on.
        assumption: What no text says and is assumed, if anything.
        settings: Its thresholds and words.
    """

    code: str
    name: str
    severity: Severity
    cites: tuple[Citation, ...]
    assumption: Words | None
    settings: Mapping[str, Any]

    @property
    def family(self) -> str:
        """The two letters of its family: AR, WT, TG, CP, CF, DP, CR or YR."""
        return self.code[:2]

    def about(self, locale: str) -> str:
        """Return what it looks for.

        Raises:
            LocaleNotFoundError: If there is no such locale.

        >>> catalogue()[0].about("en")
        'The printed execution rate is not expenditure over budget.'
        """
        return catalog(known(locale))[f"check.{self.code}.about"]


@cache
def catalogue() -> tuple[Check, ...]:
    """Return every check, by family and code.

    >>> catalogue()[0].code, catalogue()[0].severity
    ('AR101', <Severity.ERROR: 'error'>)
    """
    return tuple(_check(code, table) for code, table in shipped_table("checks.toml"))


def _check(code: str, table: Any) -> Check:
    name, severity = table.data.pop("name"), Severity(table.data.pop("severity"))
    grounds = table.grounds()
    return Check(code, name, severity, grounds.cites, grounds.assumption, table.data)


@cache
def setting(code: str, key: str) -> Any:
    """Return a threshold or a list of words of a check.

    >>> setting("WT103", "share")
    Decimal('0.5')
    """
    for rule in catalogue():
        if rule.code == code:
            value = rule.settings[key]
            return tuple(value) if isinstance(value, list) else value
    raise KeyError(code)
