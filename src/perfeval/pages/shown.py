"""What shows itself as a page: in words, and in notebooks."""

from __future__ import annotations

from abc import ABC, abstractmethod

from perfeval.pages.as_html import html
from perfeval.pages.as_text import text
from perfeval.pages.blocks import Page


class Shown(ABC):
    """A result that has a page; its words and its view in a notebook are made of that page."""

    __slots__ = ()

    @abstractmethod
    def page(self, locale: str | None = None) -> Page:
        """Return the result as a page, in its rule set's locale if none is asked for."""

    def explain(self, locale: str | None = None) -> str:
        """Return the result in words, as its page has them.

        Raises:
            LocaleNotFoundError: If there is no such locale.
        """
        return text(self.page(locale))

    def _repr_html_(self) -> str:
        return html(self.page())
