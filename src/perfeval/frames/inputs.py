"""A frame as it comes: its columns by our names, its numbers as whole numbers of 64 bits.

Whatever the arithmetic could not hold is refused here by name, before any
work: names that are made here, columns of another type, two headings of one
meaning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from perfeval.errors import FrameError
from perfeval.frames.engines import integer, narwhals_or_raise
from perfeval.frames.expressions import Figure, Flag, choose
from perfeval.labels import exact_labels, label_of
from perfeval.targets import RATIO_UNITS
from perfeval.units import units

__all__ = ["SPACES", "SUFFIXES", "Columns", "Input", "headings", "listed", "translated", "unit_of_heading"]

Columns = Mapping[str, str] | str | None

SUFFIXES = {"_fen": 2, "_cents": 2, "_e4": 4}
"""Digits of each suffix: a fen is a hundredth of a yuan, a cent of a point."""

SPACES = " \t\n\r\v\f\u00a0\u3000"
"""What is stripped of words: left to themselves engines differ about the spaces of full width."""

TEMPORARY = "_pe_"
"""How the names of columns begin that are computed with and dropped."""

_ASKED = (
    "project_id",
    "indicator",
    "reading",
    "kind",
    "level1",
    "level2",
    "comparator",
    "unit",
    "tier",
    "finished",
    "target",
    "actual",
    "weight",
    "share",
    "judged_tier",
    "judged_share",
    "stated_score",
    "original_budget",
    "adjusted_budget",
    "funds_received",
    "actual_expenditure",
    "execution_deviation_reason",
)


# Parts of `perfeval.labels` that are columns, and their names here where they are others.
_PARTS = {
    "indicator_columns": {"level3": "indicator"},
    "money_columns": {},
    "head": {"code": "project_id"},
}
_COLUMNS = {"name", "fiscal_year"}


# What parentheses of a heading may hold: a letter, a full mark, a unit. Anything else may be another figure (上年).
_NOTE = re.compile(r"\((?:[A-Z]|[A-Z][-/+*×][A-Z]|\d+|\d*分|%|(?:单位:)?(元|万元|亿元))\)")


@cache
def headings() -> Mapping[str, str]:
    """Return the Chinese headings of forms and exports, and the columns that they are.

    >>> headings()["指标值"], headings()["项目编码"], headings()["权重"]
    ('target', 'project_id', 'weight')
    """
    from perfeval.cited import data_folder, read_toml

    found = dict(read_toml(data_folder() / "frames.toml")["headings"])
    for part, renamed in _PARTS.items():
        for label, name in exact_labels(part).items():
            ours = renamed.get(name, name)
            if ours in _ASKED or ours in _COLUMNS:
                found.setdefault(label_of(label) or label, ours)
    return found


def _headings_of(names: Iterable[str]) -> dict[str, str]:
    """Which of a frame's own headings are columns of ours."""
    known = headings()
    plain = {name: _NOTE.sub("", _half_width(name)) for name in names}
    return {
        name: known[label] for name, bare in plain.items() if "(" not in bare and (label := label_of(bare)) in known
    }


def unit_of_heading(name: str) -> str | None:
    """Return the unit of money that a heading tells, `None` if it tells none.

    >>> unit_of_heading("全年预算数（万元）")
    '万元'
    """
    found = _NOTE.search(_half_width(name))
    return None if found is None else found[1]


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def listed(values: Sequence[Any]) -> str:
    """The first ten, and how many more."""
    more = f" and {len(values) - 10} more" if len(values) > 10 else ""
    return ", ".join(str(value) for value in values[:10]) + more


class Input:
    """A frame with the columns that are asked of it, by our names."""

    def __init__(self, frame: Any, columns: Columns) -> None:
        nw = narwhals_or_raise()
        try:
            # An eager frame of narwhals or a lazy one: without narwhals there is no name for both.
            self.frame: Any = nw.from_native(frame)
        except TypeError as error:
            raise FrameError(f"expected a dataframe, got {type(frame).__name__}") from error
        if not isinstance(self.frame, nw.DataFrame | nw.LazyFrame):
            raise FrameError(f"expected a dataframe, got {type(frame).__name__}")
        self.schema: Mapping[str, Any] = self.frame.collect_schema()
        odd = [name for name in self.schema if not isinstance(name, str)]
        if odd:
            # pandas allows numbers and pairs.
            raise FrameError(f"expected column names of text, got {listed(odd)}; rename them first")
        self.eager: bool = isinstance(self.frame, nw.DataFrame)
        kept = [name for name in self.schema if name.startswith(TEMPORARY)]
        if kept:
            raise FrameError(f"names that begin with {TEMPORARY} are kept for the arithmetic; rename {listed(kept)}")
        self.chinese: bool = isinstance(columns, str) and columns == "zh_CN"
        names = _headings_of(self.schema) if self.chinese else columns or {}
        if not isinstance(names, Mapping):
            raise FrameError(f"columns: expected a mapping or 'zh_CN', got {names!r}")
        # Theirs to ours, where theirs is there.
        self.ours: dict[str, str] = {}
        self._double: dict[str, str] = {}
        for theirs, ours in names.items():
            if theirs in self.schema:
                if ours in self.ours:
                    self._double[ours] = theirs
                self.ours.setdefault(ours, theirs)
        if "reading" in self.schema:
            # What `read_texts` read counts, and no longer the cells that it was read from.
            for read in ("comparator", "unit"):
                if read in self.schema:
                    self.ours.pop(read, None)
                    self._double.pop(read, None)

    def named(self, name: str) -> str | None:
        """The user's name of a column of ours, `None` if there is none."""
        theirs = self.ours.get(name, name)
        if name in self._double:
            raise FrameError(f"columns: {theirs} and {self._double[name]} are both {name}; leave one of them out")
        if theirs in self.schema:
            return theirs
        for suffix in SUFFIXES:
            # What `to_fixed` makes of a column under the user's own heading.
            short = name.removesuffix(suffix)
            if short != name and short in self.ours and f"{self.ours[short]}{suffix}" in self.schema:
                return f"{self.ours[short]}{suffix}"
        return None

    def holds(self, name: str) -> bool:
        """Whether there is a column of ours that holds anything, as far as a frame tells before it is computed."""
        theirs = self.named(name)
        return theirs is not None and not (self.eager and self.frame[theirs].null_count() == len(self.frame))

    def needs(self, *names: str) -> None:
        """Raise, before any work, naming the columns that are missing and the near ones that are there."""
        from difflib import get_close_matches

        missing = []
        for name in names:
            if all(self.named(part) is None for part in name.split("|")):
                near = get_close_matches(name.partition("|")[0], list(self.schema), n=2, cutoff=0.6)
                missing.append(name.replace("|", " or ") + (f" (near: {', '.join(near)})" if near else ""))
        if missing:
            raise FrameError(f"missing columns: {'; '.join(missing)}; there are {', '.join(self.schema)}")

    def there(self, name: str) -> str:
        """The user's name of a column of ours; raise if there is none."""
        self.needs(name)
        found = self.named(name)
        assert found is not None  # noqa: S101  # needs() has just looked
        return found

    def free(self, names: Iterable[str]) -> None:
        """Raise if the frame has a column of a name that is made here: nothing of the user's is overwritten."""
        # The names of SQL are the same in large and small letters.
        fold = str if self.eager or self.frame.implementation.is_polars() else str.casefold
        made = {fold(name) for name in names}
        taken = [name for name in self.schema if fold(name) in made]
        if taken:
            raise FrameError(f"{listed(taken)}: the frame has columns of names that are made here; rename them first")

    def narrow(self) -> None:
        """Leave the columns out that are not asked for."""
        names = (self.named(name) for base in _ASKED for name in (base, *(f"{base}{suffix}" for suffix in SUFFIXES)))
        self.frame = self.frame.select(*dict.fromkeys(name for name in names if name is not None))
        self.schema = self.frame.collect_schema()

    def figure(self, name: str, suffix: str, factor: int, low: int, high: int, otherwise: int = 0) -> Figure:
        """A column of ours as integers of the finer unit: ``weight_cents``, else ``weight`` times *factor*."""
        nw = narwhals_or_raise()
        finer = self.named(f"{name}{suffix}")
        told = None if finer is not None or suffix != "_fen" else unit_of_heading(self.there(name))
        if told not in (None, "元"):
            raise FrameError(
                f"{self.there(name)}: its heading says {told}, expected whole yuan;"
                f" make fen of it first: to_fixed(…, money=[{self.there(name)!r}], unit={told!r})"
            )
        theirs = self.there(name) if finer is None else finer
        given = self.whole(theirs)
        per = factor if finer is None else 1
        dtype = self.schema[theirs]
        least, most = -(-low // per), high // per
        none, zero = integer(otherwise), integer(0)
        if dtype in (nw.UInt64, nw.UInt128, nw.Int128):
            # What 64 bits do not hold is found in the column's own type.
            least = least if dtype == nw.Int128 else max(least, 0)
            least, most, zero = (nw.lit(number, dtype=dtype) for number in (least, most, 0))
            inside = given.is_between(least, most)
            value = nw.when(inside).then(nw.when(inside).then(given).otherwise(zero).cast(nw.Int64)).otherwise(none)
        else:
            value = nw.when(given.is_between(least, most)).then(given).otherwise(none)
            value = value.cast(nw.Int64) if dtype.is_float() else value
        outside = (given < least) | (given > most)
        return Figure(value if per == 1 else value * per, outside, given.is_null(), given == zero, given < zero)

    def whole(self, name: str) -> Any:
        """A column of whole numbers, the narrow ones widened to 64 bits."""
        nw = narwhals_or_raise()
        dtype = self.schema[name]
        column = nw.col(name)
        if self.is_empty(name):
            return self.nothing(name)
        if dtype in (nw.Int64, nw.UInt64, nw.UInt128, nw.Int128):
            return column
        if dtype.is_integer():
            return column.cast(nw.Int64)
        if dtype.is_float() and self.frame.implementation.is_pandas():
            # pandas keeps integers with nulls as floats, unless asked otherwise.
            odd = self.frame.filter(~column.is_null() & (column != column.floor()))[name].to_list()
            if not odd:
                return column.cast(nw.Float64)
            raise FrameError(f"{name}: expected integers, got {listed(odd)}; to_fixed makes them of numbers and text")
        raise FrameError(f"{name}: expected integers, got {dtype}; to_fixed makes them of numbers and text")

    def is_empty(self, name: str) -> bool:
        """Whether a column holds nothing at all: it may have no type of its own."""
        nw = narwhals_or_raise()
        dtype = self.schema[name]
        if self.eager and dtype in (nw.Unknown, nw.Object, nw.String):
            return bool(self.frame[name].null_count() == len(self.frame))
        if dtype != nw.Unknown:
            return False
        native = self.frame.to_native()
        if self.frame.implementation.is_duckdb():
            return str(dict(zip(native.columns, native.types, strict=True))[name]) == '"NULL"'
        return True

    def nothing(self, name: str) -> Any:
        """A column of numbers, of which there is none."""
        nw = narwhals_or_raise()
        return nw.when(nw.lit(value=False) & nw.col(name).is_null()).then(integer(0))

    def gaps_are_floats(self, name: str) -> bool:
        """Whether a column of floats can be no column of integers: pandas' own, with gaps."""
        if not self.frame.implementation.is_pandas():
            return False
        native = str(self.frame.to_native().dtypes[name])
        return native in {"float16", "float32", "float64"} and bool(self.frame[name].null_count())

    def is_told(self, name: str, suffix: str = "") -> Any:
        """Whether a cell of ours says anything; `None` where there is no such column."""
        nw = narwhals_or_raise()
        theirs = self.named(f"{name}{suffix}") or self.named(name)
        if theirs is None:
            return None
        column = nw.col(theirs)
        return column.fill_null("") != "" if self.schema[theirs] == nw.String else ~column.is_null()

    def text(self, name: str) -> Any:
        """A column of ours that holds words."""
        nw = narwhals_or_raise()
        theirs = self.there(name)
        dtype = self.schema[theirs]
        if dtype not in (nw.String, nw.Categorical, nw.Enum, nw.Object) and not self.is_empty(theirs):
            raise FrameError(f"{theirs}: expected text, got {dtype}")
        # Arrow compares its string views with nothing.
        views = self.frame.implementation.is_pyarrow() and "view" in str(self.frame.to_native()[theirs].type)
        word = nw.col(theirs) if dtype == nw.String and not views else nw.col(theirs).cast(nw.String)
        # Cells of exports end in spaces.
        return word.str.strip_chars(SPACES) if self.chinese else word

    def kind(self) -> Any:
        """The kinds of indicators; in Chinese tables the words of the form's levels, too."""
        nw = narwhals_or_raise()
        if not self.chinese:
            return self.text("kind")
        words1, words2 = (exact_labels(part) for part in ("levels1", "levels2"))
        if self.named("kind") is not None:
            word = self.text("kind")
            return translated(word, words1 | words2)
        above, below = (self.text(name) if self.named(name) is not None else None for name in ("level1", "level2"))
        if above is None or below is None:
            word = above if below is None else below
            return translated(word, words1 if below is None else words2)
        one, two = translated(above, words1), translated(below, words2)
        # As the reader of forms: these have no second level, and 成本指标 below 成本指标 is a cost.
        alone = one.is_in(["decision", "process", "input"]) | (
            (one == "cost") & (two.str.starts_with("output.") | two.str.starts_with("benefit."))
        )
        return nw.when(alone.fill_null(value=False) | two.is_null()).then(one).otherwise(two)

    def comparator(self) -> Any:
        """The comparators; in Chinese tables in words, too, and blank where the form has a stroke."""
        word = self.text("comparator")
        if not self.chinese:
            return word
        signs = {label: sign or "unstated" for label, sign in exact_labels("comparators").items()}
        blanks = dict.fromkeys(("", *exact_labels("blanks")), "unstated")
        return translated(word, signs | blanks)

    def unit(self) -> Any:
        """The units; in Chinese tables those that are per cent in words, too (百分比)."""
        word = self.text("unit")
        if not self.chinese:
            return word
        known = units().usual
        return translated(word, {word: unit for word, unit in known.items() if unit in RATIO_UNITS})

    def words(self, name: str) -> Any:
        """A column of ours that holds words, in Chinese tables in our names."""
        special = {"kind": self.kind, "comparator": self.comparator, "unit": self.unit}
        return special[name]() if name in special else self.text(name)

    def reading(self) -> Any:
        """The column that `read_texts` makes of what it did not read as figures; `None` if there is none."""
        nw = narwhals_or_raise()
        theirs = self.named("reading")
        return nw.col(theirs) if theirs is not None and self.schema[theirs].is_numeric() else None

    def flag(self, name: str) -> Flag | None:
        """A column of ours that says yes or no; `None` if it holds nothing."""
        nw = narwhals_or_raise()
        theirs = self.there(name)
        dtype, column = self.schema[theirs], nw.col(theirs)
        if self.is_empty(theirs):
            return None
        if self.chinese and (
            dtype in (nw.String, nw.Categorical, nw.Enum)
            or (dtype == nw.Object and any(isinstance(value, str) for value in self.frame[theirs].to_list()))
        ):
            return self._said(theirs)
        if dtype == nw.Object and self.eager:
            # pandas keeps booleans with gaps as objects.
            values = self.frame[theirs].drop_nulls().to_list()
            odd = [value for value in values if isinstance(value, str) or str(value) not in ("True", "False")]
            if odd:
                raise FrameError(f"{theirs}: expected true or false, got {listed(odd)}")
            return Flag(column.is_in([True]), column.is_null())
        if dtype != nw.Boolean:
            raise FrameError(f"{theirs}: expected true or false, got {dtype}")
        return Flag(column.fill_null(value=False), column.is_null())

    def _said(self, theirs: str) -> Flag:
        """Yes and no in the words of the form (是, 否); on a lazy frame a word that is neither is nothing."""
        nw = narwhals_or_raise()
        word = nw.col(theirs).cast(nw.String).str.strip_chars(SPACES)
        yes, no = (
            [text for text, name in exact_labels("finished").items() if name == answer] for answer in ("yes", "no")
        )
        blanks = ["", *exact_labels("blanks")]
        if self.eager:
            odd = self.frame.filter(~(word.is_in([*yes, *no, *blanks]) | word.is_null()).fill_null(value=False))
            if len(odd):
                raise FrameError(
                    f"{theirs}: expected {' or '.join([yes[0], no[0]])}, got {listed(odd[theirs].unique().to_list())}"
                )
        return Flag(word.is_in(yes).fill_null(value=False), ~word.is_in([*yes, *no]).fill_null(value=False))


def translated(column: Any, words: Mapping[str, str]) -> Any:
    """A column of words, those that are known in our names."""
    nw = narwhals_or_raise()
    groups: dict[str, list[str]] = {}
    for word, name in words.items():
        groups.setdefault(name, []).append(word)
    return choose([(column.is_in(some), nw.lit(name)) for name, some in groups.items()], column)
