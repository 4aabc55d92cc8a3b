"""Reading a form row by row: a heading row opens its block, a row with another block's label ends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from perfeval.amounts import AmountUnit
from perfeval.forms.blocks import AMOUNTS, Draft, IndicatorRow, MoneyRow, Span, Told, distinct, is_figure, without_head
from perfeval.forms.figures import figure_text, is_blank, points_of, unit_in
from perfeval.forms.grid import Cell, Grid
from perfeval.forms.records import FormKind
from perfeval.forms.supplement import Entry
from perfeval.labels import could_name, is_hint, label_of, name_of, rank_of

__all__ = ["RowReader", "is_title"]

ALL_AMOUNTS = frozenset(AMOUNTS)
_HEADER_ROWS = 4
"""How many rows below the first one a heading can reach, empty ones included."""
_UNITS_OF_MONEY = frozenset(AmountUnit)
_LEVELS = ("level1", "level2", "level3")
_INDICATOR_FIGURES = frozenset({"target", "adjusted_target", "actual", "weight", "score"})
# A figure merged over rows counts once; a word merged over rows holds for each.
_OF_EXECUTION = frozenset({"execution_rate", "weight", "score"})
_COUNTED = frozenset({"weight", "score", "converted_score"})
_ONLY_A_YEAR = re.compile(r"\(?[0-9一二〇○零三四五六七八九]{4}年度?\)?")
_BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_UNIT_AT_END = re.compile(r"\(?(?:金额)?单位\s*:\s*(?:人民币)?(?:元|万元|亿元|千元|百万元)\)?\s*$")
_NO_WORDS = re.compile(r"[\d\s:：.…—-]+")


def is_title(own: list[Cell]) -> bool:
    """Whether a row is the title of a form; beside it may stand a year, a unit or a number."""
    if len(own) > 1 and (len(own) > 4 or own[0].columns <= 2 or any(len(cell.text) > 15 for cell in own[1:])):
        return False
    return name_of("titles", own[0].text) is not None


class RowReader:
    """Reads the rows of one form into its draft."""

    def __init__(self, grid: Grid, start: int) -> None:
        self.grid = grid
        self.draft: Draft = Draft(grid, start)
        self.state: Callable[[int, list[Cell], list[Cell]], bool] = self._head_row
        self.has_name: bool = False
        self.spans: list[Span] = []
        self.first_figure: int = 0
        self.deepest_level: int = 0
        self.header_rows: frozenset[int] = frozenset()
        self.money_head: Cell | None = None
        self.heads_at: dict[int, Cell] = {}
        self.levels: dict[str, Cell | None] = {}
        self.pairs: dict[str, MoneyRow] = {}

    def opens_another(self, own: list[Cell]) -> bool:
        """Return whether a row is the title or the first row of another form."""
        if is_title(own):
            # What has a name and no block yet is the head of a form that cannot be read.
            return bool(self.draft.blocks) or self.has_name
        if not self.draft.blocks:
            return False
        if not self.has_name:
            return False
        first = own[0].text.partition("：")[0].partition(":")[0]
        return name_of("head", first) == "name" and label_of(first) != "项目"

    def read_row(self, number: int, cells: list[Cell], own: list[Cell]) -> None:
        """Read one row: a heading row opens its block, else the block that is open takes it."""
        if number in self.header_rows or not own:
            return
        if self.state == self._extra_row or name_of("extras", own[0].text) == "extras":
            self.state = self._extra_row
            self._extra_row(number, cells, own)
            return
        parts = 0
        for cell in own:
            if cell.number is None:
                parts |= _parts_named(cell.text)
        if (
            (parts & _MONEY_PART and self._money_header(number, own))
            or (parts & _INDICATOR_PART and self._indicator_header(number, own))
            or (parts & _OBJECTIVE_PART and self._objective_header(own))
            or (parts & _MONEY_PART and self.state == self._head_row and self._money_pairs(own))
        ):
            return
        if not self.state(number, cells, own):
            self.state = self._head_row
            self._head_row(number, cells, own)

    def _money_header(self, number: int, own: list[Cell]) -> bool:
        """Open the money block at a row that names two of its columns of amounts."""
        told = {name_of("money_columns", cell.text) for cell in own if cell.number is None}
        amounts = told & ALL_AMOUNTS
        if not amounts or (len(amounts) < 2 and "execution_rate" not in told):
            return False
        above = self._headings_from_above(number, own)
        own = sorted([*own, *above], key=lambda cell: cell.column)
        named = [(cell, name_of("money_columns", cell.text)) for cell in own if not is_figure(cell)]
        if any(name_of("indicator_columns", cell.text) in _LEVELS for cell in own):
            return False
        data = [cell for cell in own if is_figure(cell) and not is_blank(cell)]
        if data and self.state in {self._money_row, self._indicator_row}:
            # 预算数： | 6.84 below a heading row of its own, or an indicator that is called 预算调整.
            return False
        if any(name_of("head", cell.text) == "name" and "名称" in cell.text for cell in own):
            # A list of projects, one a row, is no form.
            return False
        first = next(i for i, (_, name) in enumerate(named) if name in AMOUNTS)
        if not data and len(amounts) > 1 and self._heads_labels(number, named[first][0]):
            # 年度预算数（万元） above the labels of the rows.
            first = next(i for i, (_, name) in enumerate(named) if name in AMOUNTS and i > first)
        while (
            first and named[first - 1][1] in _OF_EXECUTION and name_of("money_block", named[first - 1][0].text) is None
        ):
            # 执行率 before 预算数.
            first -= 1
        headings = [cell for cell, _ in named[:first]]
        columns = named[first:]
        spans = []
        for i, (cell, name) in enumerate(columns):
            right = cell.column + cell.columns - 1
            if i + 1 < len(columns):
                right = max(right, columns[i + 1][0].column - 1)
            elif data:
                beside = [one for one in own if one.column > right]
                right = beside[0].column + beside[0].columns - 1 if beside else right + 1
            spans.append(Span(name or "", cell.column, right, cell))
        self._forget_pairs()
        self.state = self._money_row
        self.draft.blocks += 1
        self.spans = self.draft.money_spans = spans
        self.draft.money_headings = headings
        self.draft.use(*headings, *(span.heading for span in spans if span.name))
        for cell in [*headings, *(span.heading for span in spans)]:
            self._find_unit(cell, 0)
        if data:
            # 预算数 | 2.38 | 执行数 | 2.38: the heading row is the total row as well.
            self.draft.money.append(MoneyRow(spans[0].heading, "total", self._figures(number), None))
        return True

    def _headings_from_above(self, number: int, own: list[Cell]) -> list[Cell]:
        """The headings that reach down beside those of a lower row: 分值 beside 预算情况 over 年初预算 and 全年预算."""
        first = min(cell.column for cell in own)
        found = [cell for cell in distinct(self.grid.rows[number]) if cell.row < number and cell.column > first]
        if any(is_figure(cell) for cell in found):
            return []
        found = [cell for cell in found if name_of("money_columns", cell.text) is not None]
        if found:
            groups = distinct(self.grid.rows[number - 1])
            self.draft.use(*(cell for cell in groups if cell.columns > 1 and name_of("money_block", cell.text)))
        return found

    def _heads_labels(self, number: int, heading: Cell) -> bool:
        """Whether what stands below a heading are labels of rows, and no figures."""
        if number + heading.rows >= len(self.grid.rows):
            return False
        below = number + heading.rows
        row = self.grid.rows[below]
        if any(cell is not None and cell.row == below for cell in row[: heading.column]):
            return False
        cells = distinct(row[heading.column : heading.column + heading.columns])
        return bool(cells) and all(not is_figure(cell) and label_of(cell.text) for cell in cells)

    def _indicator_header(self, number: int, own: list[Cell]) -> bool:
        """Open the indicator block at the rows that name its columns."""
        named = {name for cell in own if cell.number is None and (name := name_of("indicator_columns", cell.text))}
        if len(named) < 2 or any(is_figure(cell) and not is_blank(cell) for cell in own):
            return False
        below = self._header_rows_below(number)
        all_named = named | {
            name for row in below for cell in row if (name := name_of("indicator_columns", cell.text)) is not None
        }
        if not (all_named & set(_LEVELS)) or not (all_named & (_INDICATOR_FIGURES | {"criterion"})):
            return False
        if "level3" not in all_named and "level2" not in all_named and len(all_named & _INDICATOR_FIGURES) < 2:
            return False
        last = number + len(below)
        spans = self._indicator_spans(number, last)
        if not any(span.name in _LEVELS for span in spans):
            return False
        self.spans = spans
        self._measure_levels()
        headings = {name_of("monitoring_columns", cell.text) for row in [own, *below] for cell in row}
        self.draft.is_monitoring |= headings >= {"done", "expected"}
        self.header_rows = frozenset(range(number, last + 1))
        self.state = self._indicator_row
        self.draft.blocks += 1
        self.levels = {}
        for row in range(number, last + 1):
            for cell in distinct(self.grid.rows[row]):
                if name_of("indicator_columns", cell.text) or self._is_block_heading(cell) or row < last:
                    self.draft.use(cell)
        return True

    def _is_block_heading(self, cell: Cell) -> bool:
        return name_of("objective", cell.text) is not None or name_of("indicator_block", cell.text) is not None

    def _header_rows_below(self, number: int) -> list[list[Cell]]:
        """The next rows, if every new cell of them names a column; an empty row between them is none."""
        rows: list[list[Cell]] = []
        reach = self._reach_of_headings(number)
        for below in range(number + 1, min(number + 1 + _HEADER_ROWS, len(self.grid.rows))):
            own = [cell for cell in distinct(self.grid.rows[below]) if cell.row == below]
            if below > reach and any(
                cell.number is not None or name_of("indicator_columns", cell.text) is None for cell in own
            ):
                break
            rows.append(own)
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _reach_of_headings(self, number: int) -> int:
        """The last row that a heading of a level reaches: below it nothing but headings can stand beside it."""
        return max(
            (
                cell.row + cell.rows - 1
                for cell in distinct(self.grid.rows[number])
                if cell.row == number
                and name_of("indicator_columns", cell.text) in _LEVELS
                and not self._is_block_heading(cell)
            ),
            default=number,
        )

    def _indicator_spans(self, first: int, last: int) -> list[Span]:
        """The column of each name: the lowest heading counts, else the one above it."""
        columns: list[Span] = []
        taken: set[str] = set()
        width = len(self.grid.rows[first])
        stacks = [self._headings_above(column, first, last) for column in range(width)]
        divided = {id(cell) for stack in stacks for cell in stack[:-1]}
        lowest: dict[int, list[Cell]] = {}
        for stack in stacks:
            for cell in stack[:-1]:
                below = lowest.setdefault(id(cell), [])
                if stack[-1] not in below:
                    below.append(stack[-1])
        for column, stack in enumerate(stacks):
            if not stack or id(stack[-1]) in divided:
                # An empty column below a heading that others divide.
                continue
            name, heading = name_of("indicator_columns", stack[-1].text), stack[-1]
            for cell in reversed(stack[:-1]):
                if name is None and self._is_the_rest(stack[-1], lowest[id(cell)]):
                    name, heading = name_of("indicator_columns", cell.text), cell
            if any(name_of("indicator_columns", cell.text) == "other" for cell in stack):
                name = "other"
            if columns and columns[-1].heading is heading:
                columns[-1] = columns[-1]._replace(last=column)
                continue
            columns.append(Span(name or "", column, column, heading))
        return self._settled([part for span in columns for part in self._divided(span, columns, last + 1)], taken)

    def _divided(self, span: Span, columns: list[Span], below: int) -> list[Span]:
        """The columns of the only heading of a level, where two cells stand below it: 评价指标 over 产出 | 改造户数."""
        if span.first == span.last or span.name != "level3" or below >= len(self.grid.rows):
            return [span]
        if name_of("indicator_block", span.heading.text) is not None:
            return [span]
        alone = sum(one.name in _LEVELS for one in columns) == 1
        cells = distinct(self.grid.rows[below][span.first : span.last + 1])
        return _levels_of(span) if alone and len(cells) > 1 and cells[0].column == span.first else [span]

    def _is_the_rest(self, heading: Cell, below: list[Cell]) -> bool:
        """Whether a heading that is not known is what the one above it is: the only one, or 数值 beside 单位."""
        names = [name_of("indicator_columns", cell.text) for cell in below if cell is not heading]
        return all(name in {"comparator", "unit"} for name in names)

    def _headings_above(self, column: int, first: int, last: int) -> list[Cell]:
        """The headings of a column, from the highest down."""
        stack: list[Cell] = []
        for row in range(first, last + 1):
            cell = self.grid.rows[row][column]
            if cell is not None and cell not in stack and cell.row >= first:
                stack.append(cell)
        return stack

    def _settled(self, columns: list[Span], taken: set[str]) -> list[Span]:
        """Each name once: a weight that stands between two levels is that of the level before it."""
        block = [i for i, span in enumerate(columns) if name_of("indicator_block", span.heading.text) is not None]
        if any(span.name == "level3" for i, span in enumerate(columns) if i not in block) or not block:
            columns = [span._replace(name="") if i in block else span for i, span in enumerate(columns)]
        else:
            columns = [part for i, span in enumerate(columns) for part in (_levels_of(span) if i in block else [span])]
        if any(span.name == "level4" for span in columns):
            # The lowest level is the indicator; the one above it is listed.
            lower = {"level3": "other", "level4": "level3"}
            columns = [span._replace(name=lower.get(span.name, span.name)) for span in columns]
        levels = [i for i, span in enumerate(columns) if span.name in _LEVELS]
        settled: list[Span] = []
        for i, span in enumerate(columns):
            name = span.name
            if name in _COUNTED and levels and levels[0] < i < levels[-1]:
                name = "other"
            elif name and name != "other":
                if name == "unit" and settled and settled[-1].name == "actual":
                    name = "actual_unit"
                if name in taken:
                    name = "other"
                taken.add(name)
            settled.append(span._replace(name=name))
        return settled

    def _objective_header(self, own: list[Cell]) -> bool:
        """Open the block of the overall objective: 预期目标 beside 实际完成情况."""
        if len(own) > 6:
            return False
        cells = own[1:] if own[0].rows > 1 and len(own) > 2 else own
        names = [name_of("objective", cell.text) for cell in cells]
        known = [name for name in names if name is not None]
        expected = "objective_expected" if "objective_expected" in known else "block"
        if expected not in known or "objective_actual" not in known[known.index(expected) :]:
            return False
        first = names.index(expected)
        last = max(i for i, name in enumerate(names) if name is not None)
        if None in names[first:last] or any(len(cell.text) > 12 for cell in cells[last + 1 :]):
            return False
        spans: list[Span] = []
        for cell, name in zip(cells[first:], names[first:], strict=True):
            meant = "objective_expected" if name == expected else name or ""
            if any(span.name == meant for span in spans) or meant == "block":
                meant = ""
            spans.append(Span(meant, cell.column, cell.column + cell.columns - 1, cell))
        self.spans = spans
        self.state = self._objective_row
        self.draft.use(
            *own[: len(own) - len(cells)], *(cell for cell, name in zip(cells, names, strict=True) if name is not None)
        )
        return True

    # The rows of the head, and those after the blocks.

    def _head_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        for i, cell in enumerate(own):
            if id(cell) in self.draft.used:
                continue
            text = cell.text
            if cell is own[0] and is_title(own):
                self.draft.titles.append(cell)
                self.draft.kind = FormKind(name_of("titles", text) or "project")
                self.draft.use(cell)
                self._find_unit(cell, 1)
                continue
            if not self.draft.blocks or (len(own) == 1 and name_of("money_block", text) is not None):
                self._find_unit(cell, 1)
            following = own[i + 1] if i + 1 < len(own) else None
            if self._labelled(cell, following) or self._pairs_inside(cell):
                continue
            if self.draft.blocks:
                continue
            if _ONLY_A_YEAR.fullmatch(figure_text(text)) or (len(own) == 1 and _BARE_YEAR.fullmatch(text)):
                # （2022年度）
                self.draft.titles.append(cell)
                self.draft.use(cell)
            elif len(own) == 1 and (kind := name_of("subtitles", text.strip(" （）()"))) is not None:
                self.draft.kind = FormKind(kind)
                self.draft.use(cell)
        return True

    def _labelled(self, cell: Cell, following: Cell | None) -> bool:
        """Read a cell that is a label, and the value to its right."""
        if len(cell.text) > 60 or cell.number is not None:
            return False
        name = name_of("head", cell.text)
        objective = None if name is not None else name_of("objective", cell.text)
        other = name is None and objective is None and name_of("head_other", cell.text) is not None
        if name is None and objective is None and not other:
            return False
        beside = following is not None and not self._is_label(following)
        self.draft.use(cell)
        if name in {"total", "grade"} and following is None:
            following = self._below(cell)
            beside = following is not None
        if not beside or following is None or is_hint(following.text):
            return True
        if objective is not None:
            key = "objective_expected" if objective == "block" else objective
            self.draft.objectives[key].append(following)
            self.draft.use(following)
        elif name == "amount_unit":
            self._take_unit(cell, following)
        elif name is not None:
            self._take(name, following, following.text.strip(), cell.text)
        return True

    def _take_unit(self, cell: Cell, following: Cell) -> None:
        """Read 计量单位 | 万元; of anything else beside such a label, nothing."""
        unit = following.text.strip()
        if unit in _UNITS_OF_MONEY:
            self.draft.units.append((1, unit, following))
            self.draft.use(following)
        else:
            self.draft.used.discard(id(cell))

    def _below(self, cell: Cell) -> Cell | None:
        """The figure or the grade below a label at the end of a row."""
        row = cell.row + cell.rows
        below = self.grid.rows[row][cell.column] if row < len(self.grid.rows) else None
        if below is None or below.row != row:
            return None
        return below if points_of(below) is not None or name_of("grades", below.text) is not None else None

    def _is_label(self, cell: Cell) -> bool:
        return cell.number is None and any(
            name_of(part, cell.text) is not None for part in ("head", "objective", "head_other")
        )

    def _take(self, name: str, cell: Cell, value: str, label: str) -> None:
        """Take a value of the head: that of the official form's own label before others, then the first."""
        if is_blank(cell) or not value:
            self.draft.use(cell)
            return
        if name == "name":
            self.has_name = True
        rank = rank_of("head", label)
        before = self.draft.head.get(name)
        if before is not None and before.rank <= rank:
            return
        if before is not None:
            self.draft.used.discard(id(before.cell))
        self.draft.head[name] = Told(cell, value, rank)
        self.draft.use(cell)

    def _pairs_inside(self, cell: Cell) -> bool:
        """Read labels and values that stand in one cell: "填报单位：甲局  单位：万元"."""
        text = cell.text.replace("：", ":")
        if len(text) > 2000 or ":" not in text:
            return False
        label, _, value = text.partition(":")
        objective = name_of("objective", label) if len(label) <= 20 else None
        if objective is not None and value.strip():
            key = "objective_expected" if objective == "block" else objective
            self.draft.objectives[key].append(cell._replace(text=value.strip()))
            self.draft.use(cell)
            return True
        told: list[tuple[str, str, str]] = []
        whole = True
        for piece in re.split(r"\s{2,}|[\t\n　;；]+", text):
            rest = _UNIT_AT_END.sub("", piece) if unit_in(piece) else piece
            label, colon, value = rest.strip().partition(":")
            name = name_of("head", label) if colon and len(label) <= 20 else None
            if name is not None and value.strip():
                told.append((name, value.strip(), label))
            elif rest.strip() and name is None:
                whole = False
        for name, value, label in told:
            self._take(name, cell, value, label)
        if not whole:
            self.draft.used.discard(id(cell))
        elif not told and unit_in(text):
            self.draft.use(cell)
        return bool(told)

    def _find_unit(self, cell: Cell, rank: int) -> None:
        unit = unit_in(cell.text)
        if unit is not None:
            self.draft.units.append((rank, unit, cell))
            if label_of(cell.text) in {"", "单位", "金额单位"} or label_of(cell.text).startswith(
                ("单位:", "金额单位:")
            ):
                self.draft.use(cell)

    # The block of the overall objective.

    def _objective_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        spans = [next((span for span in self.spans if span.first == cell.column), None) for cell in own]
        for cell, span in zip(own, spans, strict=True):
            # A text covers what its heading covers, or one column where nothing is merged.
            if span is None or cell.columns not in {1, span.last - span.first + 1}:
                return False
        for cell, span in zip(own, spans, strict=True):
            if span is not None and span.name and not is_hint(cell.text):
                self.draft.objectives[span.name].append(cell)
                self.draft.use(cell)
        return True

    # The money block.

    def _figures(self, number: int) -> dict[str, Cell]:
        """The cells below each heading of the money block; of a label and a figure, the figure.

        A figure that reaches over two columns of amounts belongs to neither.
        """
        figures: dict[str, Cell] = {}
        row = self.grid.rows[number]
        amounts = [span for span in self.spans if span.name in AMOUNTS]
        for span in self.spans:
            cells = [cell for cell in distinct(row[span.first : span.last + 1]) if cell.row == number]
            cells = [cell for cell in cells if cell.column >= span.first]
            if span.name in AMOUNTS or span.name == "execution_rate":
                why = "no_rate" if span.name == "execution_rate" else "no_amount"
                self.draft.unread |= {id(cell): why for cell in cells if not is_figure(cell)}
            if span.name in AMOUNTS:
                cells = [
                    cell
                    for cell in cells
                    if is_figure(cell)
                    and sum(one.first < cell.column + cell.columns and cell.column <= one.last for one in amounts) == 1
                ]
            elif span.name == "execution_rate":
                cells = [cell for cell in cells if is_figure(cell)]
            if cells and span.name:
                figures.setdefault(span.name, cells[-1])
        return figures

    def _money_row(self, number: int, cells: list[Cell], own: list[Cell]) -> bool:
        first = self.spans[0].first
        row = self.grid.rows[number]
        if own[0].number is None and self._row_name(own[0].text) is None and self._is_label(own[0]):
            return False
        beside = [
            cell
            for cell in cells
            if cell.column < first
            and (cell.row == number or name_of("money_part", cell.text))
            and cell not in self.draft.money_headings
        ]
        labels = [cell for cell in beside if cell.row == number]
        inside = [
            cell
            for span in self.spans
            for cell in distinct(row[span.first : span.last + 1])
            if cell.row == number
            and cell.column >= span.first
            and not is_figure(cell)
            and self._row_name(cell.text) is not None
        ]
        if labels and inside and self._row_name(labels[-1].text) is not None:
            self._side_by_side([labels[-1], *inside])
            return True
        if not labels and inside:
            # 其中：财政资金 | 6.84 | 其中：财政资金 | 6.84
            self._paired(number, inside)
            return True
        text = without_head("".join(cell.text.strip() for cell in beside))
        label = labels[-1] if labels else None
        figures = self._figures(number)
        told = any(
            not is_blank(cell) and is_figure(cell)
            for name, cell in figures.items()
            if name not in {"other", "execution_deviation_reason"}
        )
        name = self._row_name(text)
        if name is None and label is not None:
            if self._is_label(label):
                return False
            if name_of("indicator_columns", label.text) in _LEVELS or not told:
                return self._money_words(own)
        if name is None and label is None:
            if not told:
                return self._money_words(own)
            if self.draft.money:
                return True
            name = "total"
        self.draft.use(*labels)
        if name == "head":
            self.money_head = label
            self.heads_at = {}
        elif name == "total":
            self.money_head = None
        self.draft.money.append(MoneyRow(label, name or "line", figures, None if name == "head" else self.money_head))
        return True

    def _money_pairs(self, own: list[Cell]) -> bool:
        """Read amounts that each stand beside their own label: 全年预算数 | 412 | 其中：财政拨款 | 412."""
        heads = own[:1] if len(own) % 2 else []
        pairs = list(zip(own[len(heads) :: 2], own[len(heads) + 1 :: 2], strict=True))
        names = [name_of("money_columns", label.text) for label, _ in pairs]
        if not pairs or not (names[0] in AMOUNTS or (self.pairs and names[0] in _OF_EXECUTION)):
            return False
        if any(is_figure(label) or not is_figure(figure) for label, figure in pairs):
            return False
        rows = [
            "total" if name in AMOUNTS or name in _OF_EXECUTION else self._row_name(label.text)
            for name, (label, _) in zip(names, pairs, strict=True)
        ]
        if None in rows or (heads and name_of("money_block", heads[0].text) is None):
            return False
        for (label, figure), name, row in zip(pairs, names, rows, strict=True):
            key = "" if row == "total" else label_of(label.text)
            line = self.pairs.setdefault(key, MoneyRow(label, row or "line", {}, None))
            line.figures.setdefault(name if row == "total" and name else names[0] or "", figure)
            self._find_unit(label, 0)
            self.draft.use(label)
        for head in heads:
            self._find_unit(head, 0)
            self.draft.use(head)
        self.draft.money = list(self.pairs.values())
        return True

    def _forget_pairs(self) -> None:
        """Leave out what stood beside its own label above a whole block of money: it is listed."""
        for line in self.pairs.values():
            self.draft.used -= {id(cell) for cell in (line.label, *line.figures.values())}
        if self.pairs:
            self.draft.money = []
            self.pairs = {}

    def _side_by_side(self, labels: list[Cell]) -> None:
        """Add the lines of two breakdowns beside each other, whose amounts stand in no column of the block."""
        for label in labels:
            self.draft.use(label)
            name = self._row_name(label.text) or "line"
            if name == "head":
                self.heads_at[label.column] = label
                self.draft.money.append(MoneyRow(label, name, {}, None))
            else:
                self.draft.money.append(MoneyRow(label, name, {}, self.heads_at.get(label.column, self.money_head)))

    def _money_words(self, own: list[Cell]) -> bool:
        """Whether a row without figures still belongs to the money block: 其中：基本支出：900.47."""
        return any(re.search(r"[:：]\s*[\d,.]+", cell.text) for cell in own) and len(own) <= 4

    def _paired(self, number: int, labels: list[Cell]) -> None:
        """Add the lines of a row whose figures each have their own label."""
        self.draft.use(*labels)
        row = self.grid.rows[number]
        lines: dict[str, MoneyRow] = {}
        rest: dict[str, Cell] = {}
        for span in self.spans:
            cells = [cell for cell in distinct(row[span.first : span.last + 1]) if cell.row == number]
            label = next((cell for cell in cells if cell in labels), None)
            figures = [cell for cell in cells if is_figure(cell)]
            if label is None:
                if figures and span.name and span.name not in AMOUNTS:
                    rest[span.name] = figures[-1]
                continue
            name = self._row_name(label.text) or "line"
            key = "total" if name == "total" else label_of(label.text)
            line = lines.setdefault(key, MoneyRow(label, name, {}, self.money_head))
            if figures and span.name:
                line.figures[span.name] = figures[-1]
        for i, line in enumerate(lines.values()):
            self.draft.money.append(line._replace(figures=line.figures | rest) if i == 0 else line)

    def _row_name(self, text: str) -> str | None:
        """What a row of the money block is: "total", "head", or "line"; `None` if no label says."""
        if not text:
            return None
        if "其中" not in text[:6]:
            if name_of("money_heads", text) is not None:
                return "head"
            if name_of("money_total", text) is not None:
                return "total"
            if name_of("money_columns", text) in AMOUNTS:
                return "total"
        if any(name_of(part, text) is not None for part in ("money_levels", "money_sources", "money_nature")):
            return "line"
        if label_of(text).startswith("其中"):
            return "line"
        return "total" if name_of("money_sums", text) is not None else None

    # The indicator block.

    def _indicator_row(self, number: int, cells: list[Cell], own: list[Cell]) -> bool:
        row = self.grid.rows[number]
        figures: dict[str, Cell] = {}
        for name, left, right, _ in self.spans:
            if not name:
                continue
            cell = row[left]
            if cell is None or cell.column < left:
                cell = next((one for one in row[left + 1 : right + 1] if one is not None and one.column >= left), None)
            if cell is not None:
                figures.setdefault(name, cell)
        new = {name: cell for name, cell in figures.items() if cell.row == number}
        levels = [figures.get(name) for name in _LEVELS]
        first = own[0]
        if self._is_no_indicator(first, new):
            # 其他需要说明的事项 may stand above the total row.
            return self._head_row(number, cells, own)
        # 100 | 合计: the weights may stand before the levels.
        label = next((cell for cell in own if cell.number is None and cell.column < self.first_figure), None)
        if label is not None and name_of("total_row", label.text):
            self._total_row(own, new)
            return True
        if name_of("subtotal_row", first.text):
            self.draft.use(first)
            return True
        if name_of("execution_row", first.text) and first is levels[0]:
            self.draft.use(*(cell for cell in levels if cell is not None))
            for name, cell in new.items():
                if name not in _LEVELS:
                    self.draft.execution_cells.setdefault(name, cell)
            return True
        for name, found in zip(_LEVELS[:2], levels[:2], strict=True):
            if found is not None:
                if self.levels.get(name) is not found and name == "level1":
                    self.levels["level2"] = None
                self.levels[name] = found
                if name_of("levels1", found.text) or name_of("levels2", found.text) or not label_of(found.text):
                    self.draft.use(found)
        level1, level2 = self.levels.get("level1"), self.levels.get("level2")
        told = {
            name: cell
            for name, cell in new.items()
            if name not in {"level1", "level2", "comparator", "unit", "actual_unit", "other", "criterion"}
            and not is_blank(cell)
        }
        if "level3" in told and _is_hint(told["level3"].text):
            self.draft.use(told.pop("level3"))
        if not told:
            # A blank row of a template; what stands under its own headings is listed.
            return True
        if "criterion" in figures and "target" not in {span.name for span in self.spans}:
            # A department's table has criteria where a project's has targets.
            figures["target"] = figures["criterion"]
        self.draft.rows.append(IndicatorRow(number, level1, level2, figures))
        return True

    def _measure_levels(self) -> None:
        """Note how far the levels reach, and where the columns of figures behind them begin."""
        levels = [span for span in self.spans if span.name in _LEVELS]
        self.deepest_level = max(span.last for span in levels)
        figures = (span.first for span in self.spans if span.name in _INDICATOR_FIGURES or span.name in _COUNTED)
        self.first_figure = min((first for first in figures if first > levels[0].first), default=len(self.grid.rows[0]))

    def _is_no_indicator(self, first: Cell, new: dict[str, Cell]) -> bool:
        """Whether a row among the indicators is a remark."""
        if name_of("total_row", first.text):
            return False
        reach, deepest = first.column + first.columns, self.deepest_level
        told = any(not is_blank(new[name]) for name in ("weight", "score") if name in new)
        if len(first.text) <= 60 and first.number is None and not told:
            labels = ("head_other", "head", "objective")
            third = new.get("level3")
            wide = third is None or third.column + third.columns - 1 > deepest
            if wide and any(name_of(part, first.text) is not None for part in labels):
                return True
        # A note over the whole width.
        return reach > deepest + 1 and first.columns > 1 and first.column <= self.spans[0].first and len(new) <= 1

    def _total_row(self, own: list[Cell], new: dict[str, Cell]) -> None:
        """Read the total row: by its columns, or by labels of its own (总得分 | 93.00 | 自评等级 | 优)."""
        columns = {id(cell): name for name, cell in new.items()}
        scored = any(name in {"score", "converted_score"} and points_of(cell) is not None for name, cell in new.items())
        label = ""
        for cell in own:
            name = self._total_name(cell)
            if name is not None:
                label = name
                self.draft.use(cell)
            elif name_of("grades", cell.text) is not None:
                self.draft.grade = self.draft.grade or cell
            elif points_of(cell) is not None:
                column = columns.get(id(cell), "")
                column = "score" if column == "converted_score" else column
                if column == "weight" and scored:
                    # 自评总分 | 100 | 98.7
                    label = "full"
                key = label if label in {"full", "score"} else "full" if column == "weight" else column
                self.draft.total.setdefault(key if key in {"full", "score"} else "", cell)
                label = label if label == "total" else ""
        rest = self.draft.total.pop("", None)
        if rest is not None and "score" not in self.draft.total:
            # 总分 | 98.62
            self.draft.total["score"] = rest
        if self.draft.rows:
            # Else it stands above the indicators.
            self.state = self._head_row

    def _total_name(self, cell: Cell) -> str | None:
        """What a label of the total row says: "full", "score", "grade", or "total" for 总分, which may be either."""
        if cell.number is not None:
            return None
        if name_of("full_score", cell.text) is not None:
            return "full"
        head = name_of("head", cell.text)
        if head == "grade":
            return "grade"
        if name_of("total_row", cell.text) is not None:
            return "total" if name_of("either_total", cell.text) is not None else "score"
        return "score" if head == "total" else None

    # What the writer put below the form.

    def _extra_row(self, _number: int, _cells: list[Cell], own: list[Cell]) -> bool:
        if len(own) == 3:
            if name_of("extras", own[0].text) == "extras":
                self.draft.use(*own)
            else:
                self.draft.extras.append((own[0], Entry(*(cell.text.strip() for cell in own)), own))
        return True


_MONEY_PART, _INDICATOR_PART, _OBJECTIVE_PART = 1, 2, 4
_HEADINGS = ("money_columns", "indicator_columns", "objective")


@lru_cache(8192)
def _parts_named(text: str) -> int:
    """Which blocks a text may head, as bits: most rows head none, and are asked once."""
    if not could_name(_HEADINGS, text):
        return 0
    return sum(1 << i for i, part in enumerate(_HEADINGS) if name_of(part, text) is not None)


def _is_hint(text: str) -> bool:
    """Whether a name is a blank of a template: 指标1："""
    words = _NO_WORDS.sub("", text)
    if not words:
        return not any(mark.isdigit() for mark in text)
    return name_of("name_blanks", words) is not None


def _levels_of(span: Span) -> list[Span]:
    """The levels below one heading 绩效指标 that covers up to three columns."""
    width = span.last - span.first + 1
    if width == 1:
        return [span._replace(name="level3")]
    names = ["level1", "level3"] if width == 2 else list(_LEVELS)
    return [
        Span(name, span.first + i, span.first + i if i + 1 < len(names) else span.last, span.heading)
        for i, name in enumerate(names)
    ]
