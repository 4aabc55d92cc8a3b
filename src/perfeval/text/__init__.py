"""Chinese figures as people write them, read into values.

`parse_quantity`, `parse_target`, `parse_actual` and `parse_amount` read one
expression, or raise `TextError`. Every word of it has to be on a closed list;
any other word makes the whole a `Statement` with a `Refusal` that says why.
Nothing is guessed: a target without a comparator stays
`Comparator.UNSTATED`. `together` reads an indicator as a whole: what its name
carries, what the cells lend each other. `read_quantity`, `read_target` and
`read_actual` never raise: they return a `Reading`, which also offers a number
found inside other words, and says so.

>>> from perfeval import Threshold
>>> parse_target("≥ ５０个") == Threshold("≥", 50, "个")
True
>>> parse_target("不少于十二种").value, parse_target("2022年12月底前").date
(Decimal('12'), datetime.date(2022, 12, 31))
>>> parse_actual("差3个").refusal, parse_actual("下降10%").meaning
(<Refusal.NEGATION: 'negation'>, <Meaning.FALL: 'fall'>)
>>> parse_amount("65.63 万元") == 656300
True
>>> from perfeval.text import read_quantity
>>> reading = read_quantity("本年度已完成352个村卫生室基药补助的实施。")
>>> print(reading.value, reading.confidence)
352个村卫生室 offered
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfeval.errors import TextError
from perfeval.text.pairs import together, without_change
from perfeval.text.parsing import parse_actual, parse_amount, parse_quantity, parse_target

if TYPE_CHECKING:
    from perfeval.text.reading import Confidence, Reading, read_actual, read_quantity, read_target

__all__ = [
    "Confidence",
    "Reading",
    "TextError",
    "parse_actual",
    "parse_amount",
    "parse_quantity",
    "parse_target",
    "read_actual",
    "read_quantity",
    "read_target",
    "together",
    "without_change",
]

_LAZY = ("Confidence", "Reading", "read_actual", "read_quantity", "read_target")


def __getattr__(name: str) -> Any:
    # Reached when first used, so that importing perfeval stays cheap.
    if name in _LAZY:
        from perfeval.text import reading

        return getattr(reading, name)
    raise AttributeError(f"module 'perfeval.text' has no attribute {name!r}")
