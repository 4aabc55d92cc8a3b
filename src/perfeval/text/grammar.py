"""One figure with what may stand around it: every character is accounted for.

A text is read from left to right. At each place only the words of one closed
list are known (`perfeval.text.words`); what is left over makes the whole text
words, with a `Refusal` that says why. Nothing is skipped and nothing searched
for, so reading is linear, and a text of more than 80 characters is prose.

>>> figure_of("不少于12种").comparator, figure_of("差3个")
(<Comparator.AT_LEAST: '≥'>, <Refusal.NEGATION: 'negation'>)
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from perfeval.amounts import CONTEXT
from perfeval.errors import TextError
from perfeval.reasons import Refusal
from perfeval.targets import Bound, Comparator, Meaning, Tier
from perfeval.text import numerals
from perfeval.text.amounts import HEADS as _HEADS
from perfeval.text.amounts import MINUS, Written, amount_at, simple_units, unit_written
from perfeval.text.claims import claim_beside
from perfeval.text.refusals import is_clock, why
from perfeval.text.words import Lexicon, lexicon
from perfeval.units import unit_of, units

__all__ = ["LONGEST", "Figure", "Range", "figure_of", "half_width", "is_listed", "range_of"]

LONGEST = 80
"""An expression is short; what is longer is prose and is not searched for one."""

# Full-width ASCII to ASCII. NFKC is not used: it turns ㎡ into m2.
_HALF_WIDTH: dict[int, int | str | None] = {0xFF01 + i: 0x21 + i for i in range(94)}
_HALF_WIDTH |= dict.fromkeys((0x3000, 0xA0, 0x2009, 0x202F, 0x09, 0x0A, 0x0D), " ") | {0xFE6A: "%", 0x2236: ":"}
# What prints nothing, and comes along with copied text.
_HALF_WIDTH |= dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x200F), None)
_WIDE = frozenset(map(chr, _HALF_WIDTH))

_SIGN = "[≥≧⩾≤≦⩽=═﹦<>≮≯]"
# (1)≥8次, ①≥5次; a number alone heads a figure only where a comparator follows it.
_NUMBERING = re.compile(
    rf"(?:\([1-9][0-9]?\)|[①-⑳]) ?(?=\S)|[1-9][0-9]?[、.)] ?(?={_SIGN})|[1-9]\)(?=[0-9])"
    rf"|(?:\([一二三四五六七八九十]{{1,2}}\)|[一二三四五六七八九十]、) ?(?={_SIGN})",
    re.ASCII,
)
_ENDS = "。.;；,，、!！ "
_BESIDE = frozenset(",;，；、")


class Figure(NamedTuple):
    """A figure with what its words say.

    Attributes:
        value: The figure as written.
        unit: Its unit as written, `None` if none is printed.
        comparator: The comparator printed, `None` if none is.
        aim: What a target is compared with where 达到, 降至 stand before it
            and no comparator; an actual is the figure itself.
        bound: What 约, 多 or 左右 say of it.
        meaning: A rise, a fall, a rank.
        base: What a change is counted from, or a rank among.
        label: The label before it, or the words kept behind it.
        claim: The tier that words beside it claim.
        plain: Whether no word was dropped around it.
        aimed: Whether a word says that it is aimed at (确保): no actual.
    """

    value: Decimal
    unit: str | None = None
    comparator: Comparator | None = None
    aim: Comparator | None = None
    bound: Bound = Bound.EXACT
    meaning: Meaning | None = None
    base: str | None = None
    label: str | None = None
    claim: Tier | None = None
    plain: bool = True
    aimed: bool = False


class Range(NamedTuple):
    """Two figures from which to which."""

    lower: Decimal
    upper: Decimal
    unit: str | None


def half_width(text: str) -> str:
    r"""Return *text* in half width, without what prints nothing and without spaces around it.

    Raises:
        TextError: If it is no text.

    >>> half_width("＞＝９５％"), half_width("9\u200b5%")
    ('>=95%', '95%')
    """
    if not isinstance(text, str):
        raise TextError(f"expected text, got {type(text).__name__}")
    if len(text) > 4 * LONGEST:
        # Prose: not worth a translation, and no expression.
        return text
    return (text if _WIDE.isdisjoint(text) else text.translate(_HALF_WIDTH)).strip()


def figure_of(half: str) -> Figure | Refusal | None:
    """Return the one figure that *half* is, or why it is none; `None` if it holds none.

    Args:
        half: Text in half width.

    Raises:
        TextError: If it is a figure that cannot be held.
    """
    if len(half) > LONGEST:
        return Refusal.PROSE if _has_figure(half[: 4 * LONGEST]) else None
    if not _has_figure(half):
        return None
    words = lexicon()
    text = _unquoted(half) if half[0] in _OPENING else half
    numbering = _NUMBERING.match(text) if text[0] in _NUMBERS else None
    start = numbering.end() if numbering else 0
    found = _expression(text, start, words)
    if isinstance(found, Refusal):
        labelled = _claimed(text, start, words) or _labelled(text, start, words)
        if isinstance(labelled, Figure):
            found = labelled
        elif found is Refusal.UNKNOWN_WORD:
            found = why(half)
            found = labelled if labelled is not None and found is Refusal.UNKNOWN_WORD else found
        elif is_clock(half):
            found = Refusal.CLOCK
    return found._replace(plain=False) if isinstance(found, Figure) and start else found


_OF_FIGURES = frozenset("0123456789半" + numerals.CHARACTERS)


def _has_figure(text: str) -> bool:
    return not _OF_FIGURES.isdisjoint(text)


_NUMBERS = frozenset("(123456789一二三四五六七八九十" + "".join(map(chr, range(0x2460, 0x2474))))
_OPENING = frozenset("“\"'‘(")
_QUOTED = {"“": "”", '"': '"', "'": "'", "‘": "’"}


def _unquoted(text: str) -> str:
    """A cell that is quoted as a whole, or begins with a spreadsheet's text mark, without the marks."""
    if text[:1] in _QUOTED and text[-1:] == _QUOTED[text[0]] and text.count(text[0]) <= 2 and len(text) > 2:
        return text[1:-1]
    if text[:1] == "(" and text[-1:] == ")" and text.count("(") == 1 and lexicon().signs.at(text, 1) is not None:
        # (≥95%)
        return text[1:-1]
    return text[1:] if text[:1] == "'" else text


_COMMA = re.compile("[,;，；、]")


def _claimed(text: str, start: int, words: Lexicon) -> Figure | None:
    """A figure behind a claim: 达成预期指标，93%; `None` if there is no claim first."""
    mark = _COMMA.search(text, start)
    claim = claim_beside(text[start : mark.start()]) if mark is not None else None
    if mark is None or claim is None or claim is Tier.NOT_ACHIEVED:
        # 未完成目标，3个: three were done, or three were not.
        return None
    found = _expression(text, mark.end(), words)
    if not isinstance(found, Figure) or found.claim is not None or found.meaning is Meaning.RANK:
        return None
    return found._replace(claim=claim, plain=False) if found.value or claim is not Tier.ACHIEVED else None


# A label, then a comparator or a colon.


_LABEL_ENDS = re.compile(f"[:：]|{_SIGN}")
_LABEL = re.compile(r"[\w“”\"'‘’()·.%/+-]{1,40}")
_DATED = re.compile(r"[0-9]{4}年|[0-9]{1,2}月(?!龄)|[0-9]日(?!内)|[0-9]$")


def _labelled(text: str, start: int, words: Lexicon) -> Figure | Refusal | None:
    """The figure behind a label that a comparator or a colon follows; `None` if there is no label."""
    refusal: Refusal | None = None
    for at, strict in _label_ends(text, start, words):
        found = _behind_label(text, start, at, words, strict=strict)
        if isinstance(found, Figure):
            return found
        refusal = refusal or found
    return refusal


def _behind_label(text: str, start: int, at: int, words: Lexicon, *, strict: bool) -> Figure | Refusal | None:
    label = text[start:at].strip()
    aimed = label in words.aimed_labels
    # Before a sign every word but these is a name: 差旅费≤5万元.
    refusal = (
        None
        if aimed and not strict
        else _label_refused(label, words, strict=strict, named=not strict and text[at] not in ":：")
    )
    if refusal is not None:
        return refusal
    found = _expression(text, at + 1 if text[at] in ":：" else at, words)
    if isinstance(found, Refusal):
        return None if found is Refusal.UNKNOWN_WORD else found
    if aimed:
        # 目标值≥95% is what a target says, and no actual.
        return found._replace(aimed=True, plain=False) if found.meaning is not Meaning.RANK else None
    if found.label is not None and label in words.neutral_labels and found.meaning is None:
        return found._replace(plain=False)
    if found.label is not None or found.meaning is Meaning.RANK:
        return None
    meaning, rest = _change_at_end(label, words)
    if meaning is None:
        return found._replace(label=label, plain=False)
    if found.meaning not in (None, meaning) or found.value < 0 or rest[-1:] in _DIRECTIONS:
        return Refusal.CONTRADICTION
    if _tells_level(rest):
        return Refusal.COMPOUND
    return found._replace(label=rest or None, meaning=meaning, plain=False)


_FROM = frozenset("由从自")
_FIGURE = re.compile(r"(?<![A-Za-z0-9.])[0-9]", re.ASCII)


def _tells_level(rest: str) -> bool:
    """由5%降 is followed by a level; the figure in PM2.5降幅 is part of a name."""
    if rest[:1] in _FROM and rest:
        return _has_figure(rest)
    amounts = (amount_at(rest, figure.start()) for figure in _FIGURE.finditer(rest))
    return any(isinstance(amount, Written) and amount.end == len(rest) for amount in amounts)


# 增减, 升降: neither a rise nor a fall.
_DIRECTIONS = frozenset("增减升降涨跌")


def _label_ends(text: str, start: int, words: Lexicon) -> list[tuple[int, bool]]:
    """Where a label may end, and whether it has to look like a name because words follow it."""
    sign = _LABEL_ENDS.search(text, start + 1)
    ends = [(sign.start(), False)] if sign else []
    for at in range((sign.start() if sign else len(text)) - 1, start, -1):
        found = words.before.at(text, at)
        if found is not None and (found[1][0] in _COMPARING or found[0] in words.copulas):
            ends.append((at, True))
    return ends


def _label_refused(label: str, words: Lexicon, *, strict: bool, named: bool) -> Refusal | None:
    if _LABEL.fullmatch(label) is None or _DATED.search(label) or label.count("(") != label.count(")"):
        return Refusal.COMPOUND if _has_figure(label) and _DATED.search(label) else Refusal.UNKNOWN_WORD
    known = words.before.at(label, 0)
    named_change = known is not None and known[1][0] == "change" and label.endswith(words.names_end)
    if known is not None and words.before.every(label) == len(label) and not named_change and _says(label, words):
        # 大于≥5: two comparators, and no name; 降幅 is one.
        return Refusal.CONTRADICTION
    told = words.plainly(label)
    for refusal, pattern in words.label_refuses:
        if pattern.search(told):
            return refusal
    if words.negation.fullmatch(label.rstrip(_AUXILIARIES)):
        # 不≥71%, 没有≥71%: no name.
        return Refusal.NEGATION
    if named or label in words.neutral_labels:
        return None
    if not label.endswith(words.names_end):
        if words.negation.search(told):
            return Refusal.NEGATION
        if strict and _change_at_end(label, words)[0] is None:
            return Refusal.UNKNOWN_WORD
    return None


_NO_MORE = frozenset({"dropped", "done", "doing"})


def _says(label: str, words: Lexicon) -> bool:
    """Whether a label made of words of the lists says more than that something was done."""
    position = 0
    while (found := words.before.at(label, position)) is not None:
        if found[1][0] not in _NO_MORE:
            return True
        position += len(found[0])
    return False


_AUXILIARIES = "有能是可得"


def _change_at_end(label: str, words: Lexicon) -> tuple[Meaning | None, str]:
    """The change that a label states at its end (能耗降幅), and the rest of it."""
    for length in range(min(len(label), 6), 0, -1):
        known = words.before.words.get(label[-length:])
        if known is not None and known[0] == "change":
            meaning: Meaning = known[1]
            return meaning, label[:-length]
    return None, label


# The expression itself.


_EXACT = Bound.EXACT
# From here on a figure of 年 is a year, and 2022届 and 2022款 are named after one.
_YEARS = 1900
_OF_YEARS = frozenset({"年", "届", "款"})
_DOING = frozenset({"done", "doing", "stated"})
_PLAIN = frozenset({"sign", "comparator", "reach", "done"})
_DIGITS = frozenset("123456789")
_COMPARING = frozenset({"sign", "comparator", "reach", "hold", "keep"})


@attrs.define
class _Before:
    """What the words before a figure say, taken one by one."""

    position: int

    comparator: Comparator | None = None
    level: Comparator | None = None
    bound: Bound = Bound.EXACT
    meaning: Meaning | None = None
    base: str | None = None
    per: str | None = None
    reaching: bool = False
    holding: bool = False
    dropped: bool = False
    label: str | None = None
    done: bool = False
    worded: bool = False
    keeping: bool = False
    aimed: bool = False
    plain: bool = True

    def compared(self) -> bool:
        return self.comparator is not None or self.reaching or self.holding or self.keeping

    def take(self, role: str, value: Any) -> Refusal | None:
        """Take a word; say why not where it contradicts what was taken before."""
        if role == "dropped":
            self.dropped = True
            return None
        if role not in _PLAIN:
            self.plain = False
        if role in _DOING:
            self.dropped = self.done = True
        elif role == "copula":
            # 降为5%, 约为5% tell a level: what says so has its own words.
            if self.meaning is not None or self.level is not None or self.base is not None:
                return Refusal.COMPOUND
            self.dropped = True
        elif role in _COMPARING:
            if role == "comparator" and self.worded and value is self.comparator:
                # 最高不超过50万元.
                return None
            if self.compared() or (role == "sign" and value is None):
                return Refusal.UNKNOWN_SIGN if role == "sign" else Refusal.CONTRADICTION
            self.comparator, self.reaching, self.holding = value, role == "reach", role == "hold"
            self.worded, self.keeping = role == "comparator", role == "keep"
        elif role == "aim":
            self.aimed = True
        elif role == "hedge":
            if self.bound is not Bound.EXACT:
                return Refusal.APPROXIMATION
            self.bound = value
        elif role in ("change", "reaching"):
            if self.meaning is not None or self.level is not None:
                return Refusal.COMPOUND
            self.meaning, self.level = (value, None) if role == "change" else (None, value)
        elif getattr(self, role) is None:
            setattr(self, role, value)
        else:
            return Refusal.COMPOUND
        return None


def _before(text: str, start: int, words: Lexicon) -> _Before | Refusal:
    """Every word that stands before the figure."""
    found = _Before(start)
    at, firsts = words.before.at, words.before.firsts
    while True:
        mark = text[found.position : found.position + 1]
        if mark in words.benefited and found.label is None:
            end = units().objects.every(text, found.position + 1)
            verb = at(text, end) if end > found.position + 1 else None
            if verb is not None and verb[1][0] in ("doing", "stated"):
                found.label, found.position, found.plain = text[found.position + 1 : end], end, False
                mark = text[end : end + 1]
        known = at(text, found.position) if mark in firsts else None
        if known is not None:
            word, (role, value) = known
            refused = found.take(role, value)
            if refused is not None:
                return refused
            if role in _DOING:
                refused = _done(text, found, len(word), words, role)
                if refused is not None:
                    return refused
            else:
                found.position += len(word)
            continue
        if mark == " ":
            found.position += 1
            continue
        counted = _per(text, found.position, mark) if mark in _EACH and found.per is None else None
        if counted is None:
            return found
        found.per, found.position = counted
        found.plain = False


def _done(text: str, found: _Before, length: int, words: Lexicon, role: str) -> Refusal | None:
    """Take a word of doing with what was done; what is kept of them is the figure's label."""
    start = found.position
    end = start + length
    after = end + (text[end : end + 1] in words.particles and end < len(text))
    found.position = _things(text, after, words)
    things = text[after : found.position]
    if role == "stated" and not things:
        # 新增5个: added to what there was, or to another figure.
        return Refusal.UNKNOWN_WORD
    label = ("" if role == "done" else text[start:end]) + things
    if label and found.label is not None and role == "done":
        # 培训完成300人, but not 培训举办活动3场.
        return Refusal.COMPOUND
    if label:
        found.label, found.plain = (found.label or "") + label, False
    return None


def _things(text: str, position: int, words: Lexicon) -> int:
    """Where what was done or held ends: listed things, and few words before one that turn nothing."""
    known = units()
    end = known.objects.every(text, position)
    told = words.before.at(text, end) is not None and words.innocent.match(text, end) is None
    if told or not text[end : end + 1].isalpha() or (end > position and text[end] in words.parts):
        return end
    further = known.thing(text, end, begun=end > position)
    return end if further == end or words.turns(text[position:further]) else further


_EACH = ("每", "一")
# 每个村 is each 村.
_MEASURES = frozenset("个名位家所户座条")
# 一季度 and 一月 are dates.
_TIMES_OF = frozenset({"年", "周", "学期"})


def _per(text: str, position: int, mark: str) -> tuple[str, int] | None:
    """What 每 counts by, and where that ends: 每月, 每人每月, 每个村; 一周 before a number is each 周."""
    known = units()
    parts: list[str] = []
    while text.startswith(mark, position) and len(parts) < (2 if mark == "每" else 1):
        found = known.per.at(text, position + 1)
        if found is None or found[0][0] in "十百千万亿1":
            return None
        per = found[0]
        position += 1 + len(per)
        end = known.nouns.every(text, position) if per in _MEASURES else position
        parts.append(text[position:end] or per)
        position = end
    numbered = text[position : position + 1] in _OF_FIGURES and position < len(text)
    if mark == "一" and not (len(parts) == 1 and numbered and known.usual.get(parts[0]) in _TIMES_OF):
        return None
    return "·".join(parts), position


def _expression(text: str, start: int, words: Lexicon) -> Figure | Refusal:
    """Read from *start* to the end of *text*, or say why not."""
    before = _before(text, start, words)
    if isinstance(before, Refusal):
        return before
    position = before.position
    rank = _rank(text, position, words) if text[position : position + 1] in words.rank_starts else None
    if rank is not None:
        plain = _Before(before.position, dropped=before.dropped)
        return _ranked(text, rank, words) if before == plain else Refusal.COMPOUND
    amount = amount_at(text, position)
    if not isinstance(amount, Written):
        return amount or Refusal.UNKNOWN_WORD
    if before.plain and position and amount.end == len(text) and text[position] in _DIGITS and not amount.more:
        if amount.unit in simple_units() and (amount.unit or not before.done):
            # 不少于12种: nothing else is said.
            unit, aim = amount.unit or None, Comparator.AT_LEAST if before.reaching else None
            return Figure(amount.value, unit, before.comparator, aim, plain=not before.dropped)
    refused = _refused(text, before, amount)
    if refused is not None:
        return refused
    behind = _behind(text, amount, before.per, words, printed=before.comparator)
    return behind if isinstance(behind, Refusal) else _joined(text, before, amount, behind, words)


_SIGNED = frozenset(f"+{MINUS}负")


def _refused(text: str, before: _Before, amount: Written) -> Refusal | None:
    """Why words and number do not go together."""
    signed = text[amount.start] in _SIGNED
    if before.label is not None and (before.meaning is not None or before.level is not None or before.base or signed):
        # What is planned, changed or compared is more than done: 减少采购5台, 采购减少5台.
        return Refusal.COMPOUND
    if before.done and amount.unit in ("月", "日"):
        return Refusal.NO_YEAR
    if before.base is not None and before.meaning is None and not signed:
        return Refusal.COMPARISON
    if before.meaning is not None and signed:
        return Refusal.CONTRADICTION
    if before.bound is Bound.LESS_THAN and _is_time(amount.unit):
        # 近两年 is a period.
        return Refusal.OTHER_TIME
    if before.level is not None and (before.compared() or before.base is not None):
        return Refusal.COMPOUND
    if before.per is not None and ((amount.numeral and not amount.unit) or amount.unit in ("日", "月")):
        # 每周五 and 每月15日 are days.
        return Refusal.NAME
    return None


def _joined(text: str, before: _Before, amount: Written, behind: _Behind, words: Lexicon) -> Figure | Refusal:
    """The figure of the words before, the number and the words behind."""
    comparator, bound, holding = before.comparator, before.bound, before.holding
    aim = Comparator.AT_LEAST if before.reaching else before.level
    suffix = behind.suffix
    if isinstance(suffix, Comparator):
        if comparator not in (None, suffix) or aim not in (None, suffix, Comparator.UNSTATED):
            return Refusal.CONTRADICTION
        comparator, aim, holding = suffix, None, False
    for told in (Bound.MORE_THAN if amount.more else None, suffix if isinstance(suffix, Bound) else None):
        if told is not None:
            if bound is not _EXACT:
                return Refusal.APPROXIMATION
            bound = told
    if bound is not _EXACT and (comparator is not None or holding):
        return Refusal.APPROXIMATION
    if before.label is not None and behind.label is not None:
        return Refusal.COMPOUND
    if before.keeping and comparator is None:
        # 保持90% may be 90 or at least 90.
        return Refusal.UNKNOWN_WORD
    if holding:
        comparator = Comparator.EQUAL
    if before.label is not None and not behind.unit and comparator is None:
        # 接听12345, 宣传3.15.
        return Refusal.NAME
    dated = unit_of(behind.unit).base in _OF_YEARS or (before.done and not behind.unit)
    if dated and _YEARS <= amount.value < 2200:
        return Refusal.NAME
    if not amount.start and is_listed(text[amount.start : amount.end], behind.unit):
        return Refusal.NAME
    certain = comparator is not None or bound is not _EXACT or before.per is not None
    if amount.numeral and not _counts(amount, behind.unit, words, certain=certain):
        return Refusal.NAME
    if behind.claim is Tier.ACHIEVED and not amount.value:
        return Refusal.CONTRADICTION
    return Figure(
        amount.value,
        behind.unit or None,
        comparator,
        aim,
        bound,
        Meaning.RISE if text[amount.start] == "+" and before.meaning is None else before.meaning,
        before.base,
        before.label or behind.label,
        behind.claim,
        not (before.dropped or behind.dropped),
        before.aimed,
    )


_LISTED = re.compile("(?:[1-9]|[12][0-9])\\.[1-9][0-9]+(?![0-9])", re.ASCII)


def is_listed(figure: str, unit: str) -> bool:
    """Whether a figure may be the first of a list: 1.20场 is 20场 as well, for of a 场 there are no parts.

    >>> is_listed("1.20", "场"), is_listed("1.5", "个"), is_listed("1.20", "公里")
    (True, False, False)
    """
    if _LISTED.match(figure) is None:
        return False
    parts = unit_of(unit)
    known = units()
    counts = parts.base in known.classifiers or parts.base in _HEADS
    return counts and not parts.exponent and not parts.per and known.usual[parts.base] not in known.measured


def _counts(amount: Written, unit: str, words: Lexicon, *, certain: bool) -> bool:
    """Whether a Chinese numeral is a count: 一批, 二期 and 十分 are words."""
    if amount.numeral + unit in words.no_counts:
        return False
    base = unit_of(unit).base
    if base == "年" and not certain:
        # 五年 and 十五年; 〇五年 and 二〇年 are years.
        return len(amount.numeral) == 1 or "十" in amount.numeral
    # 第二期 is 二期, never 两期.
    return certain or base not in words.ordinal_units or amount.numeral[0] == "两"


# Behind number and unit.


@attrs.define
class _Behind:
    """What stands behind number and unit, to the end of the text."""

    unit: str
    written: str
    suffix: Comparator | Bound | None = None
    label: str | None = None
    claim: Tier | None = None
    dropped: bool = False


def _behind(
    text: str, amount: Written, per: str | None, words: Lexicon, *, printed: Comparator | None
) -> _Behind | Refusal:
    found = _Behind(amount.unit, text[amount.start : amount.end])
    if per is not None:
        if "/" in found.unit or found.unit in ("%", "‰"):
            return Refusal.COMPOUND
        found.unit = f"{found.unit}/{per}"
    position = amount.end
    while position < len(text):
        if not text[position:].strip(_ENDS):
            # 1. and 1、 number what is not there.
            return found if found.unit or not set(text[position:]) & {".", "、"} else Refusal.NAME
        taken = 1 if text[position] == " " else _taken(text, position, found, words, printed=printed)
        if not taken:
            return Refusal.UNKNOWN_WORD
        position += taken
    return found


def _taken(text: str, position: int, found: _Behind, words: Lexicon, *, printed: Comparator | None) -> int:
    """How many characters the next part takes, 0 if it is on no list."""
    suffix = words.suffixes.at(text, position)
    if suffix is not None and found.suffix is None:
        word, value = suffix
        if word == "内" and not _is_time(found.unit) and text[position - 1] not in "元米里次":
            return 0
        found.suffix = value
        return len(word)
    if text[position] == "(":
        return _parenthesised(text, position, found, words, printed=printed)
    if found.suffix is not None and not found.unit:
        named = unit_written(text[position:])
        if named is not None:
            # 80以上 with % in the cell beside it.
            found.unit = named
            return len(text) - position
    timed = found.suffix is Comparator.AT_MOST and printed in (None, Comparator.AT_MOST)
    if timed and _is_time(found.unit):
        end = words.verbs.every(text, position)
        if end > position:
            found.dropped = True
            return end - position
    if found.claim is None and (text[position] in _BESIDE or text[position - 1] == " "):
        found.claim = claim_beside(text[position:])
        if found.claim is not None:
            return len(text) - position
    known = words.behind.at(text, position)
    if known is None:
        return 0
    word, label = known
    if (label and found.label is not None) or (word == "整" and not found.unit.endswith("元")):
        return 0
    found.label, found.dropped = label or found.label, True
    return len(word)


_TIMES = frozenset({"秒", "分钟", "小时", "天", "周", "工作日", "月", "年", "季度", "毫秒"})


def _is_time(unit: str) -> bool:
    parts = unit_of(unit)
    return parts.base in _TIMES and not parts.per


def _parenthesised(text: str, position: int, found: _Behind, words: Lexicon, *, printed: Comparator | None) -> int:
    """How many characters parentheses take that hold the unit, what may be dropped, or a claim."""
    closing = text.find(")", position)
    inside = text[position + 1 : closing].strip() if closing > 0 else ""
    taken = closing + 1 - position
    claim = claim_beside(inside) if inside else None
    if claim is not None:
        found.claim = claim
        return taken
    sign = found.suffix or printed
    if inside.startswith("不含") and found.suffix in _WITHOUT and inside[2:] in ("", "本数", found.written):
        found.suffix = _WITHOUT[found.suffix]
        return taken
    included = inside.startswith("含") and inside[1:] == found.written and sign in _WITHOUT
    if included or (inside in words.in_parentheses and not (inside == "百分比" and found.unit != "%")):
        found.dropped = True
        return taken
    named = unit_written(inside)
    if named is None:
        return 0
    own, other = unit_of(found.unit), unit_of(named)
    if not found.unit or (not own.base and not own.per and not other.exponent):
        found.unit += named
        return taken
    return taken if own == other else 0


_WITHOUT: dict[Comparator | Bound | None, Comparator] = {
    Comparator.AT_LEAST: Comparator.MORE_THAN,
    Comparator.AT_MOST: Comparator.LESS_THAN,
}


# Ranks.


class _Rank(NamedTuple):
    """The words of a rank: within or at, whether more than 前 or 第 tells it, among which, where they end."""

    within: bool
    told: bool
    among: str | None
    position: int


def _rank(text: str, position: int, words: Lexicon) -> _Rank | None:
    """前, 第, 排名…, with what the rank is counted among: 全省前5名, 进入全市前三名."""
    if words.ranks.at(text, position) is None:
        entering = words.entering.at(text, position)
        position += len(entering[0]) if entering else 0
    among = words.among.at(text, position)
    position += len(among[0]) if among else 0
    found = words.ranks.at(text, position)
    if found is None:
        return None
    word, within = found
    return _Rank(within, len(word) > 1 or among is not None, among and among[0], position + len(word))


def _ranked(text: str, rank: _Rank, words: Lexicon) -> Figure | Refusal:
    amount = amount_at(text, rank.position)
    if not isinstance(amount, Written) or amount.more or amount.value < 1 or amount.value != int(amount.value):
        return Refusal.NAME
    if amount.unit not in words.rank_units and (amount.unit or not rank.told):
        return Refusal.NAME
    behind = _behind(text, amount, None, words, printed=Comparator.AT_LEAST)
    if isinstance(behind, Refusal):
        return behind
    if behind.label is not None or behind.suffix not in (None, Comparator.AT_MOST):
        return Refusal.UNKNOWN_WORD
    return Figure(
        amount.value,
        amount.unit or None,
        Comparator.AT_MOST if rank.within or behind.suffix is not None else None,
        meaning=Meaning.RANK,
        base=rank.among,
        claim=behind.claim,
        plain=not behind.dropped,
    )


# Ranges.


_JOINTS = frozenset("~～至到-—–")
_TO = re.compile(r" ?(?:--|[~～至到\-—–]{1,2}) ?")
_AND = re.compile(rf"{_TO.pattern}|[和与]")
_BETWEEN = re.compile("(?:在|介于|介乎)(.+之间)")


def range_of(half: str, *, counted: bool = False) -> Range | Refusal | None:
    """Return the range that *half* is, or why it is none; `None` if it does not look like one.

    Args:
        half: Text in half width.
        counted: Whether the unit stands in a cell of its own.

    >>> range_of("70—85%"), range_of("3-11月")
    (Range(lower=Decimal('70'), upper=Decimal('85'), unit='%'), <Refusal.PERIOD: 'period'>)
    """
    if len(half) > LONGEST:
        return None
    if half.startswith("±"):
        return _tolerance(half)
    if _JOINTS.isdisjoint(half) and not half.endswith("之间"):
        return None
    within = _BETWEEN.fullmatch(half)
    half = within[1] if within else half
    first = amount_at(half, 0)
    joint = (_AND if within else _TO).match(half, first.end) if isinstance(first, Written) else None
    second = amount_at(half, joint.end()) if joint is not None else None
    if joint is None or not isinstance(first, Written) or not isinstance(second, Written):
        return None
    odd = first.more or first.numeral or second.more or second.numeral or second.value < 0
    if odd or half[second.end :].removeprefix("之间").strip(_ENDS):
        return None
    return _range(first, second, joint[0].strip(), counted=counted)


def _range(first: Written, second: Written, joint: str, *, counted: bool) -> Range | Refusal:
    low, high = unit_of(first.unit), unit_of(second.unit)
    lower, upper, unit = first.value, second.value, second.unit
    if first.unit and (low.base or low.per) and low != high:
        return Refusal.COMPOUND
    if first.unit and not low.base and low.exponent != high.exponent:
        return Refusal.COMPOUND
    if unit in ("月", "日") or (high.base == "年" and upper >= _YEARS):
        return Refusal.PERIOD
    whole = lower == int(lower) and upper == int(upper)
    if not unit and whole and (("-" in joint and not counted) or lower >= _YEARS):
        # 1-1 and 2022-2023 are no range of figures.
        return Refusal.NAME
    return Range(lower, upper, unit or None) if lower < upper else Refusal.CONTRADICTION


def _tolerance(half: str) -> Range | Refusal:
    """±3%以内 is a range; ±3% are words."""
    amount = amount_at(half, 1)
    if not isinstance(amount, Written) or amount.more or amount.value <= 0:
        return Refusal.APPROXIMATION
    rest = half[amount.end :].strip(_ENDS)
    if lexicon().suffixes.words.get(rest) is not Comparator.AT_MOST or rest.endswith(("以下", "之下")):
        return Refusal.APPROXIMATION
    return Range(CONTEXT.minus(amount.value), amount.value, amount.unit or None)
