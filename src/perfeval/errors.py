"""Every exception that perfeval raises.

An exception means that the caller or a file is wrong; data that is merely odd
is never raised but reported. All of them are `PerfevalError`, and each is also
the builtin that a caller would catch. They take positional arguments only, so
that they pickle.

>>> from perfeval import wan
>>> try:
...     wan(0.1)
... except ValueError as error:
...     print(type(error).__name__)
AmountError
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

__all__ = [
    "AmountError",
    "DocumentError",
    "Fault",
    "FormError",
    "FrameError",
    "LocaleNotFoundError",
    "MissingExtraError",
    "ModelError",
    "OutlineNotFoundError",
    "PerfevalError",
    "RuleSetError",
    "RuleSetNotFoundError",
    "ScoringRuleError",
    "TextError",
]


class PerfevalError(Exception):
    """Base of every exception of this library."""


class AmountError(PerfevalError, ValueError):
    """A figure is no exact number, has no unit, or is out of range."""


class TextError(PerfevalError, ValueError):
    """A text is not the expression that was asked for."""


class ModelError(PerfevalError, ValueError):
    """A record is given something that it cannot hold."""


class ScoringRuleError(PerfevalError, ValueError):
    """A scoring rule, a rounding or a set of grade bands contradicts itself."""


class RuleSetNotFoundError(PerfevalError, LookupError):
    """No rule set has this id, or none is in force for this place and year."""


class OutlineNotFoundError(PerfevalError, LookupError):
    """No outline of a report has this id."""


class LocaleNotFoundError(PerfevalError, LookupError):
    """There is no catalog for this locale."""


class FrameError(PerfevalError, ValueError):
    """A dataframe lacks columns, or has columns of a type that is not exact."""


class MissingExtraError(PerfevalError, ImportError):
    """An optional library is not installed; the message names the extra."""


class Fault(PerfevalError, ValueError):
    """One fault of a file: *path* says where, *problem* what is wrong there.

    >>> print(Fault("projects[2].funding[0].adjusted_budget", "expected an amount"))
    projects[2].funding[0].adjusted_budget: expected an amount
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}" if self.path else self.problem


class _Faults(PerfevalError, ExceptionGroup[Fault]):
    """All faults of one file, even a single one, together."""

    # ExceptionGroup is made in __new__, which PerfevalError does not declare.
    def __new__(cls, message: str, faults: Sequence[Fault]) -> Self:
        return super().__new__(cls, message, faults)

    def derive(self, excs: Sequence[Fault]) -> Self:  # type: ignore[override]  # a group of faults stays one
        return type(self)(self.message, excs)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  {fault}" for fault in self.exceptions)])


class DocumentError(_Faults):
    """The faults of a document, each with its path."""


class FormError(_Faults):
    """The faults of a spreadsheet or a text document, each with its place."""


class RuleSetError(_Faults):
    """The faults of a rule file, each with its path."""
