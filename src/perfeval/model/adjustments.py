"""Adjustments: points that change a total afterwards (扣分, 加分, 一票否决).

An adjustment is data of a project or of a department, with a reason and a
source, or a line that a rule set adds to a result.

>>> late = Adjustment("未按期报送", -2, "县财政局通知", reason="逾期10天")
>>> late.told("zh_CN"), late.texts("zh_CN")
('未按期报送（逾期10天）', ('未按期报送', '县财政局通知'))
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from perfeval.amounts import exact
from perfeval.cited import Grounds, cites_text
from perfeval.errors import ModelError
from perfeval.i18n import Words, catalog
from perfeval.model.values import to_text, tuple_of

__all__ = ["Adjustment", "to_adjustments", "to_reason", "to_signed_points"]


def to_label(value: str | Words) -> str | Words:
    """Return what an adjustment is for: words that are not empty."""
    if isinstance(value, Words):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected what the points are for, got {value!r}")
    return value


def to_grounds(value: str | Grounds) -> str | Grounds:
    """Return what an adjustment rests on: words that are not empty."""
    if isinstance(value, Grounds):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"expected what the points rest on, got {value!r}")
    return value


def to_signed_points(value: Decimal | int | str) -> Decimal:
    """Return points, signed."""
    return exact(value, "points")


def to_reason(value: str | None) -> str | None:
    """Return why points change, `None` if nobody says."""
    return to_text(value)


@attrs.frozen
class Adjustment:
    """Points that change a total afterwards, with who or what says so.

    Attributes:
        label: What it is for (一票否决, 未按期报送); in both languages where a
            rule set says so.
        points: Signed points: a deduction is negative.
        source: The decision or the articles it rests on.
        reason: Why, in words; needed where it is data of a project or of a
            department.
    """

    label: str | Words = attrs.field(converter=to_label)
    points: Decimal = attrs.field(converter=to_signed_points)
    source: str | Grounds = attrs.field(converter=to_grounds)
    reason: str | None = attrs.field(default=None, kw_only=True, converter=to_reason)

    def texts(self, locale: str) -> tuple[str, str]:
        """Return the label and the source in *locale*.

        >>> Adjustment("指标值明显偏低", -2, "评审组意见").texts("zh_CN")
        ('指标值明显偏低', '评审组意见')
        """
        label = self.label if isinstance(self.label, str) else self.label.of(locale)
        return label, self.source if isinstance(self.source, str) else cites_text((self.source,), locale)

    def told(self, locale: str) -> str:
        """Return the label in *locale*, with the reason behind it where there is one."""
        label, _ = self.texts(locale)
        if self.reason is None:
            return label
        return catalog(locale)["adjustment.told"].format(label=label, reason=self.reason)


def to_adjustments(value: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """Return the adjustments of a form as a tuple, each with its reason and its source in words."""
    rows = tuple_of(Adjustment, value, "adjustments")
    for position, row in enumerate(rows):
        # What a rule set says in both languages is a line of a result only.
        for name, text in (("label", row.label), ("reason", row.reason), ("source", row.source)):
            if not isinstance(text, str):
                raise ModelError(f"adjustments[{position}].{name}: expected text, got {text!r}")
    return rows
