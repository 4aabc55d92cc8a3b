"""The headings and words of forms and exports, and our names for them.

Offices print the same column under many headings: 全年预算数, 调整后预算数 and
预算数(A) are all the adjusted budget. `name_of` tells which of our names a
label stands for, in which part of a form, by ``data/labels.toml``. It reads no
figures and knows no layout.

>>> name_of("money_columns", "调整后预算数（A）"), name_of("indicator_columns", " 实际完成值 ")
('adjusted_budget', 'actual')
>>> name_of("money_columns", "青蛙") is None
True
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "could_name",
    "exact_labels",
    "first_label",
    "is_blank",
    "is_hint",
    "kinds_by_word",
    "label_of",
    "name_of",
    "names",
    "parts",
    "rank_of",
]

LONGEST_LABEL = 60
"""No heading is longer; longer text is never a label."""

_CLAUSE = re.compile("[:,;。!?]")
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_PARENTHESES = re.compile(r"\([^()]*\)")
_BEFORE = re.compile(r"^(?:[一二三四五六七八九十]{1,2}[、.]|\d{1,2}[、.](?!\d)|[*★▲△●☆#]+)")
_FORMULA = re.compile(r"(?<=[一-龥])[0-9A-Za-z/=×%]+$")
_EDGES = re.compile(r"^[:、,.;]+|[:、,.;]+$")
_MARKS = str.maketrans({"：": ":", "∶": ":", "﹕": ":", "【": "(", "】": ")", "[": "(", "]": ")", "－": "-", "—": "-"})


class _Labels(NamedTuple):
    exact: Mapping[str, tuple[str, int]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]
    pieces: re.Pattern[str]
    first: Mapping[str, str]
    words: Mapping[str, str]


@lru_cache(4096)
def label_of(text: str) -> str:
    """Return *text* as labels are compared: half-width, without spaces, parentheses and numbering.

    >>> label_of("二、 产出指标（50分）："), label_of("(50分)")
    ('产出指标', '')
    """
    if len(text) > 4 * LONGEST_LABEL:
        return ""
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text.translate(_MARKS)))
    bare = plain.replace("*", "×") if "*" in plain[1:] else plain
    while "(" in bare and ")" in bare:
        shorter = _PARENTHESES.sub("", bare)
        if shorter == bare:
            break
        bare = shorter
    bare = _EDGES.sub("", _BEFORE.sub("", bare))
    return bare if len(bare) <= LONGEST_LABEL else ""


@lru_cache(8192)
def name_of(part: str, text: str) -> str | None:
    """Return our name for a label in a part of a form, `None` if it is not one.

    Args:
        part: The part of the form, a table of ``data/labels.toml``:
            "money_columns", "indicator_columns", "head", …
        text: The label as printed.

    >>> name_of("money_sources", "其中：当年财政拨款")
    'appropriation'
    """
    found = _found(part, text)
    return None if found is None else found[0]


def could_name(parts: tuple[str, ...], text: str) -> bool:
    """Return whether a text can be a label in any of the parts, asked of all of them at once.

    >>> could_name(("head", "money_columns"), "预算数"), could_name(("head", "money_columns"), "青蛙")
    (True, False)
    """
    label = label_of(text)
    exact, pieces = _together(parts)
    return bool(label) and (
        label in exact
        or _FORMULA.sub("", label) in exact
        or label.startswith("其中")
        or pieces.search(label) is not None
    )


@cache
def _together(parts: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str]]:
    known = [_shipped()[part] for part in parts]
    exact = frozenset().union(*(one.exact for one in known))
    return exact, re.compile("|".join(one.pieces.pattern for one in known))


def rank_of(part: str, text: str) -> int:
    """Return how close a label is to the official form's own: 0 is that, 1 its first alias.

    >>> rank_of("head", "实施单位"), rank_of("head", "单位名称") > rank_of("head", "项目实施单位") > 0
    (0, True)
    """
    found = _found(part, text)
    return _NO_RANK if found is None else found[1]


_NO_RANK = 1000


def _found(part: str, text: str) -> tuple[str, int] | None:
    known = _shipped()[part]
    label = label_of(text)
    if not label:
        return None
    if label.startswith("其中") and len(label) > 2:
        label = label[2:].lstrip(":、,-")
    # 年度目标1, 预算数A, 执行率B/A: the number, the letter and the formula are no part of the label.
    found = known.exact.get(label) or known.exact.get(_FORMULA.sub("", label))
    # A clause is no heading, whatever it holds: 填表说明：主管部门审核。
    # Most texts hold no piece of any pattern, which is asked first.
    if found is None and known.pieces.search(label) is not None and _CLAUSE.search(label) is None:
        return next(((name, _NO_RANK) for pattern, name in known.patterns if pattern.fullmatch(label)), None)
    return found


def is_hint(text: str) -> bool:
    """Return whether a text is a template's hint that was left in.

    >>> is_hint("说明完成情况（100字以内）"), is_hint("说明完成情况")
    (True, False)
    """
    plain = "".join(text.split())
    return len(plain) <= 4 * LONGEST_LABEL and any(
        pattern.fullmatch(plain) for pattern, _ in _shipped()["hints"].patterns
    )


@lru_cache(4096)
def is_blank(text: str) -> bool:
    """Return whether a text says nothing: empty, or dashes where nothing is to be told.

    >>> is_blank("——"), is_blank(" / "), is_blank("0"), is_blank("-1")
    (True, True, False, False)
    """
    return len(text) <= _LONGEST_BLANK and not text.strip(_blanks()).strip()


_LONGEST_BLANK = 8


@cache
def _blanks() -> str:
    return " \t\n\u3000" + "".join(_shipped()["blanks"].words)


def exact_labels(part: str) -> dict[str, str]:
    """Return the labels of a part that are whole words, and our name for each.

    >>> exact_labels("levels2")["数量指标"]
    'output.quantity'
    """
    return dict(_shipped()[part].words)


@cache
def kinds_by_word() -> Mapping[str, str]:
    """Return the words of the form's levels, and the kind of indicator that each is.

    A word of both levels, 成本指标, is the first one's: 产出指标·成本指标 is the other.

    >>> kinds_by_word()["数量指标"], kinds_by_word()["成本指标"], kinds_by_word()["产出指标·成本指标"]
    ('output.quantity', 'cost', 'output.cost')
    """
    found = exact_labels("levels1")
    for word, kind in exact_labels("levels2").items():
        found.setdefault(word, kind)
    for kind, word in _shipped()["levels2"].first.items():
        above = first_label("levels1", kind.partition(".")[0])
        found.setdefault(f"{above}·{word}", kind)
    return found


def names(part: str) -> tuple[str, ...]:
    """Return our names in a part of a form.

    >>> names("money_columns")[:2]
    ('original_budget', 'budget_adjustment')
    """
    return tuple(_shipped()[part].first)


def first_label(part: str, name: str) -> str:
    """Return the label that the official form prints for *name*.

    >>> first_label("money_columns", "actual_expenditure")
    '全年执行数'
    """
    return _shipped()[part].first[name]


def parts() -> tuple[str, ...]:
    """Return the parts of a form that labels are known of.

    >>> parts()[:2]
    ('head', 'head_other')
    """
    return tuple(_shipped())


@cache
def _shipped() -> dict[str, _Labels]:
    from perfeval.cited import shipped_table

    found: dict[str, _Labels] = {}
    for part, table in shipped_table("labels.toml"):
        table.grounds()
        words: Any = table.data["words"]
        if isinstance(words, list):
            words = {part: words}
        exact: dict[str, tuple[str, int]] = {}
        as_written: dict[str, str] = {}
        patterns: list[tuple[re.Pattern[str], str]] = []
        pieces: list[str] = []
        for name, aliases in words.items():
            for rank, alias in enumerate(aliases):
                if "*" in alias.strip("*") or alias.startswith("*") or alias.endswith("*"):
                    patterns.append((re.compile(".*".join(map(re.escape, alias.split("*")))), name))
                    pieces.append(re.escape(max(alias.split("*"), key=len)))
                else:
                    exact.setdefault(label_of(alias) or alias, (name, rank))
                    as_written.setdefault(alias, name)
        # Nothing, where there are no patterns.
        piece = re.compile("|".join(pieces) or r"(?!)")
        found[part] = _Labels(
            exact, tuple(patterns), piece, {name: aliases[0] for name, aliases in words.items()}, as_written
        )
    return found
