"""Chinese figures as people write them, read into values.

Two manners. `parse_quantity`, `parse_target`, `parse_actual` and
`parse_amount` read one expression, with the words people put around it, or
raise `TextError`; a sentence is a `Statement`, and nothing is guessed: a
target without a comparator stays `Comparator.UNSTATED`. `read_quantity`,
`read_target` and `read_actual` never raise: they return a `Reading`, which
also offers a number found inside prose, and says so.

>>> parse_target("≥ ５０个")
Threshold(comparator=<Comparator.AT_LEAST: '≥'>, value=Decimal('50'), unit='个')
>>> print(parse_target("不少于十二种"), parse_target("2022年12月底前"), parse_actual("1000件 达成预期指标"))
≥12种 2022-12-31 1000件
>>> parse_amount("65.63 万元") == 656300
True
>>> from perfeval.text import read_quantity
>>> reading = read_quantity("本年度已完成352个村卫生室基药补助的实施。")
>>> print(reading.value, reading.confidence)
352个 offered
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.text.parsing import parse_actual, parse_amount, parse_quantity, parse_target

if TYPE_CHECKING:
    from perfeval.text.reading import Confidence, Reading, read_actual, read_quantity, read_target

__all__ = [
    "Confidence",
    "Reading",
    "parse_actual",
    "parse_amount",
    "parse_quantity",
    "parse_target",
    "read_actual",
    "read_quantity",
    "read_target",
]

_LAZY = ("Confidence", "Reading", "read_actual", "read_quantity", "read_target")


def __getattr__(name: str) -> Any:
    # Reached when first used, so that importing perfeval stays cheap.
    if name in _LAZY:
        from perfeval.text import reading

        return getattr(reading, name)
    raise AttributeError(f"module 'perfeval.text' has no attribute {name!r}")
