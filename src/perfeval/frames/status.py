"""Why a row has no score."""

from __future__ import annotations

from enum import IntEnum

from perfeval.i18n import message

__all__ = ["Status"]


class Status(IntEnum):
    """Why a row has no score, in a ``status`` column; 0 where it has one."""

    SCORED = 0
    MISSING = 1
    UNDEFINED = 2
    OUT_OF_RANGE = 3
    UNKNOWN_KIND = 4
    NOT_APPLICABLE = 5
    LINE_UNSCORED = 6
    NOTHING_SCORED = 7
    WEIGHTS_DO_NOT_ADD_UP = 8
    DUPLICATE = 9
    NO_PROJECT = 10
    DEADLINE = 11
    RANGE = 12
    BOUND = 13
    WORDS = 14
    NOT_COMPARABLE = 15
    ONE_BY_ONE = 16
    NOT_READ = 17

    def text(self, locale: str) -> str:
        """Return the status in words.

        Raises:
            LocaleNotFoundError: If there is no such locale.

        >>> Status.MISSING.text("en")
        'a value is missing'
        """
        return message(f"frames.status.{self.name.lower()}", locale)
