"""Documents: a project or a department as TOML or JSON, both ways.

A document declares the unit of its money once, at the top; a bare number of
money is in that unit, and a document that declares none is refused. Top-level
``projects`` make it a department. Unknown keys are refused. Every fault is
reported at once, each with its path. Reading what was written gives the same
records again, the precision of every figure included.

>>> text = '''
... name = "排水改造"
... fiscal_year = 2022
... amount_unit = "万元"
... [[funding]]
... source = "appropriation"
... adjusted_budget = 89.974
... '''
>>> loads(text).funding[0].adjusted_budget == 899740
True
>>> loads(dumps(loads(text))) == loads(text)
True
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import attrs
import tomli_w
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from perfeval.amounts import AmountUnit, exponent_of, from_unit, plain, to_amount_unit, to_unit
from perfeval.cited import a_bool, a_list, a_number, parse_toml, shown, why_not
from perfeval.errors import DocumentError, Fault, ModelError, PerfevalError
from perfeval.members import folded, nearest
from perfeval.model.adjustments import Adjustment, to_reason, to_signed_points
from perfeval.model.departments import (
    Claim,
    Department,
    DepartmentFigure,
    Passage,
    RectificationItem,
    StatedDepartment,
    to_document,
    to_due,
    to_passage,
)
from perfeval.model.projects import (
    MONEY_COLUMNS,
    FundingLine,
    FundingTotal,
    Indicator,
    IndicatorDefinition,
    Project,
    Stated,
    StatedFunding,
    StatedIndicator,
    to_review,
)
from perfeval.model.values import (
    to_actual,
    to_amount,
    to_codes,
    to_day,
    to_excerpt,
    to_fiscal_year,
    to_flag,
    to_judgement,
    to_points,
    to_target,
    to_text,
)
from perfeval.model.year import (
    DeviationCause,
    MonitoredFunding,
    MonitoredIndicator,
    Monitoring,
    PastFigure,
    Review,
    ReviewedIndicator,
    to_causes,
)
from perfeval.targets import (
    Actual,
    Between,
    Completion,
    Deadline,
    Judgement,
    Quantity,
    Statement,
    Target,
    Threshold,
    to_date,
    to_figure,
)
from perfeval.text import parse_actual, parse_amount, parse_target, together
from perfeval.writing import replace_file

__all__ = ["LARGEST_DOCUMENT", "RECORDS", "dump", "dumps", "load", "load_department", "load_project", "loads"]

Document = Project | Department
T = TypeVar("T")

LARGEST_DOCUMENT = 16 * 1024 * 1024
"""The most bytes that `load` reads of a file."""

_FEW = 20
_TARGET_KEYS = ("target", "original_target")
_ACTUAL_KEYS = ("actual", "done", "expected")
_STATED_MONEY = ("budget", "actual_expenditure", "amount", "spent_to_date", "expected_expenditure")


def load(path: str | os.PathLike[str], *, format: str | None = None) -> Document:
    """Read a document from a file.

    Args:
        path: The file; its suffix tells the format.
        format: "toml" or "json", where the suffix does not tell.

    Returns:
        A `Project`, or a `Department` if the document has ``projects``.

    Raises:
        DocumentError: With every fault and its path.
        OSError: If the file cannot be read.
    """
    name = os.fspath(path)
    with Path(path).open("rb") as file:
        data = file.read(LARGEST_DOCUMENT + 1)
    if len(data) > LARGEST_DOCUMENT:
        raise DocumentError(name, [Fault("", f"expected at most {LARGEST_DOCUMENT} bytes")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(name, [Fault("", f"not valid UTF-8: {error.reason} at byte {error.start}")]) from None
    return _read(text, format or _format_of(name), name)


def loads(text: str, *, format: str = "toml") -> Document:
    """Read a document from text.

    Args:
        text: The document.
        format: "toml" or "json".

    Returns:
        A `Project`, or a `Department` if the document has ``projects``.

    Raises:
        DocumentError: With every fault and its path.
        ValueError: If the format is unknown.
    """
    return _read(text, format, "document")


def load_project(path: str | os.PathLike[str], *, format: str | None = None) -> Project:
    """Read a project from a file, as `load`.

    Raises:
        DocumentError: As `load`, and if it is a department.
        OSError: If the file cannot be read.
    """
    document = load(path, format=format)
    if not isinstance(document, Project):
        raise DocumentError(os.fspath(path), [Fault("projects", "expected a project, got a department")])
    return document


def load_department(path: str | os.PathLike[str], *, format: str | None = None) -> Department:
    """Read a department from a file, as `load`.

    Raises:
        DocumentError: As `load`, and if it is a project.
        OSError: If the file cannot be read.
    """
    document = load(path, format=format)
    if not isinstance(document, Department):
        raise DocumentError(os.fspath(path), [Fault("projects", "missing: expected a department, got a project")])
    return document


def dump(document: Document, path: str | os.PathLike[str], *, format: str | None = None) -> None:
    """Write a document to a file; a failed write leaves the old file.

    Args:
        document: What to write.
        path: The file; its suffix tells the format.
        format: "toml" or "json", where the suffix does not tell.

    Raises:
        OSError: If the file cannot be written, is read-only, or is no plain
            file: a link, a pipe, a device.
    """
    text = dumps(document, format=format or _format_of(os.fspath(path)))
    replace_file(path, text.encode())


def dumps(document: Document, *, format: str = "toml") -> str:
    """Return a document as text.

    Args:
        document: What to write; its ``amount_unit`` is the document's.
        format: "toml" or "json". JSON holds every exact number as text.

    Raises:
        ValueError: If the format is unknown.
    """
    to_document(document)
    table = _plain_record(document, document.amount_unit)
    if _known_format(format) == "json":
        return json.dumps(table, ensure_ascii=False, indent=2, default=_json_value) + "\n"
    return tomli_w.dumps(_toml_value(table), multiline_strings=False)


def _known_format(name: str) -> str:
    if name not in ("toml", "json"):
        raise ValueError(f"expected a format (toml, json), got {name!r}")
    return name


def _format_of(path: str) -> str:
    return "json" if path.lower().endswith(".json") else "toml"


# Reading.


def _read(text: str, format: str, name: str) -> Document:
    if not isinstance(text, str):
        raise ModelError(f"expected the text of a document, got {type(text).__name__}")
    table = _parse(text, _known_format(format), name)
    kind: type[Document] = Department if "projects" in table else Project
    undeclared = _undeclared(table)
    # Without its own unit the other faults are told all the same, in any unit.
    unit = AmountUnit.YUAN if undeclared else to_amount_unit(table["amount_unit"])
    table = table | {"amount_unit": unit.value}
    if kind is Department and isinstance(table["projects"], list):
        table = table | {"projects": [_inherit(row, table) for row in table["projects"]]}
    try:
        document: Document = _converter(unit).structure(table, kind)
    except Exception as error:  # noqa: BLE001  # whatever a value raised is a fault of the document
        raise DocumentError(name, [*undeclared, *_faults(error, "")]) from None
    if undeclared:
        raise DocumentError(name, undeclared)
    return document


def _undeclared(table: dict[str, Any]) -> list[Fault]:
    """What is wrong with the document's own unit of money."""
    if "amount_unit" not in table:
        units = ", ".join(f'"{unit}"' for unit in AmountUnit)
        return [Fault("amount_unit", f"missing: the document must declare its unit of money ({units})")]
    try:
        _converted(to_amount_unit, table["amount_unit"])
    except PerfevalError as error:
        return [Fault("amount_unit", str(error))]
    return []


_INHERITED = ("amount_unit", "fiscal_year")


def _inherit(row: object, department: dict[str, Any]) -> object:
    """A project has the unit and the year of its department's document."""
    if not isinstance(row, dict):
        return row
    inherited = {key: department[key] for key in _INHERITED if key in department}
    try:
        to_fiscal_year(inherited.get("fiscal_year", 0))
    except PerfevalError:
        # The department's own fault is enough: not one more for each project.
        inherited["fiscal_year"] = 2000
    return inherited | row


def _parse(text: str, format: str, name: str) -> dict[str, Any]:
    try:
        if format == "toml":
            return parse_toml(text)
        table = json.loads(text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_unique)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise DocumentError(name, [Fault("", f"not valid {format.upper()}: {why_not(error)}")]) from None
    if not isinstance(table, dict):
        raise DocumentError(name, [Fault("", f"expected a table, got {shown(table)}")])
    return table


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _faults(error: BaseException, path: str) -> list[Fault]:
    """Every fault of a cattrs error, its path composed on the way up."""
    if isinstance(error, BaseValidationError):
        faults = []
        for part in error.exceptions:
            faults += _faults(part, path + _step(part))
        return faults
    if isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(error.cl) if field.init]
        # Each is looked for among the known ones: of a few that is cheap.
        few = len(error.extra_fields) <= _FEW
        return [
            Fault(f"{path}.{key}".strip("."), f"unknown key{nearest(folded(key), known) if few else ''}")
            for key in sorted(error.extra_fields)
        ]
    if isinstance(error, Fault):
        return [Fault(f"{path}.{error.path}".strip("."), error.problem)]
    if isinstance(error, KeyError):
        return [Fault(f"{path}.{error.args[0]}".strip(".") if error.args else path, "missing")]
    return [Fault(path.strip("."), str(error))]


def _step(error: BaseException) -> str:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            # cattrs reports a missing key at its own name as well
            return "" if isinstance(error, KeyError) and error.args == (note.name,) else f".{note.name}"
        if isinstance(note, IterableValidationNote):
            return f"[{note.index}]"
    return ""


@cache
def _converter(unit: AmountUnit) -> Converter:
    """The converter of documents whose money is in *unit*."""
    converter = Converter(forbid_extra_keys=True)

    def amount(value: Any, _: Any = None) -> Decimal | None:
        try:
            if isinstance(value, str) and value.endswith("元"):
                return parse_amount(value)
            return from_unit(value, unit)
        except (PerfevalError, TypeError):
            raise ValueError(f"expected an amount in {unit}, got {shown(value)}") from None

    def review(value: Any) -> Review:
        made: Review = converter.structure(value, Review)
        return made

    read = _READ | {to_amount: amount, to_review: review}

    def structure(record: type[attrs.AttrsInstance]) -> Callable[[Any, Any], Any]:
        """Each field by its own converter; records within the record by their own hooks."""
        hints = get_type_hints(record)
        own = {}
        for field in attrs.fields(record):
            if get_origin(hints[field.name]) is tuple and attrs.has(get_args(hints[field.name])[0]):
                own[field.name] = override(struct_hook=rows)
            elif not attrs.has(hints[field.name]):
                own[field.name] = override(struct_hook=_hook(read.get(field.converter, field.converter)))
        made = make_dict_structure_fn(record, converter, **own)  # type: ignore[arg-type]  # overrides by name
        return lambda value, kind: made(_a_table(value), kind)

    def rows(value: Any, kind: Any) -> Any:
        return converter.structure(a_list(value), kind)

    # From the inside out: a hook is looked up when the one around it is made.
    for record in RECORDS:
        converter.register_structure_hook(record, structure(record))
    as_adjustment = structure(Adjustment)

    def adjustment(value: Any, kind: Any) -> Adjustment:
        # A form's adjustment needs its reason, which one that is given beside a form may lack.
        made: Adjustment = as_adjustment({"reason": None} | _a_table(value), kind)
        return made

    converter.register_structure_hook(Adjustment, adjustment)
    as_project = structure(Project)

    def project(value: Any, kind: Any) -> Project:
        own = unit
        if isinstance(value, dict):
            # A unit that is none is told at its own place, by the hook of the field.
            with suppress(PerfevalError):
                own = to_amount_unit(value.get("amount_unit", unit))
        made: Project = as_project(_dated(value), kind) if own is unit else _converter(own).structure(value, Project)
        return made

    converter.register_structure_hook(Project, project)
    converter.register_structure_hook(Department, structure(Department))
    return converter


def _dated(value: Any) -> Any:
    """A project's table whose dates without a year are read in its fiscal year."""
    year = value.get("fiscal_year") if isinstance(value, dict) else None
    if isinstance(year, bool) or not isinstance(year, int) or not 0 < year < 10000:
        return value
    table = _dated_rows(value, year)
    if isinstance(table.get("monitoring"), list):
        table["monitoring"] = [_dated_rows(row, year) if isinstance(row, dict) else row for row in table["monitoring"]]
    return table


def _dated_rows(table: dict[str, Any], year: int) -> dict[str, Any]:
    rows = table.get("indicators")
    if not isinstance(rows, list):
        return dict(table)
    return table | {"indicators": [_dated_row(row, year) if isinstance(row, dict) else row for row in rows]}


def _dated_row(row: dict[str, Any], year: int) -> dict[str, Any]:
    dated = dict(row)
    for key in (*_TARGET_KEYS, *_ACTUAL_KEYS):
        if isinstance(row.get(key), str):
            try:
                read = parse_target(row[key], year=year) if key in _TARGET_KEYS else parse_actual(row[key], year=year)
            except PerfevalError:
                # Told with its place when the row itself is read.
                continue
            if isinstance(read, Deadline if key in _TARGET_KEYS else Completion):
                dated[key] = read
    return dated


def _hook(convert: Callable[[Any], T]) -> Callable[[Any, Any], T]:
    return lambda value, _: _converted(convert, value)


def _converted(convert: Callable[[Any], T], value: Any) -> T:
    """The value of a field; what the model does not take is shown as it stands in the document."""
    try:
        return convert(value)
    except PerfevalError as error:
        text = str(error)
        for ending, told in (
            (f"got {value!r}", ""),
            (f"a Decimal or an int, got {type(value).__name__}", "a number, "),
        ):
            if text.endswith(ending) and not isinstance(error, Fault):
                raise ModelError(f"{text.removesuffix(ending)}{told}got {shown(value)}") from None
        raise


def _a_table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ModelError(f"expected a table, got {shown(value)}")
    return value


def _a_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ModelError(f"expected text, got {shown(value)}")
    return value


_TARGETS: dict[str, Callable[[Any], Target]] = {
    "deadline": lambda day: Deadline(_a_day(day)),
    "statement": Statement,
}
_ACTUALS: dict[str, Callable[[Any], Actual]] = {
    "completion": lambda day: Completion(_a_day(day)),
    "statement": Statement,
}


def _a_target(value: Any) -> Target | None:
    if not isinstance(value, dict):
        return to_target(value)
    if "value" in value:
        return _made(Threshold, {"comparator": "unstated"} | value)
    if "lower" in value:
        return _made(Between, value)
    if "deadline" in value and "words" in value:
        return _made(Deadline, _with_date(value, "deadline"))
    if "statement" in value and "refusal" in value:
        return _made(Statement, _with_text(value))
    return _made_of_one(value, _TARGETS)


def _with_text(value: dict[str, Any]) -> dict[str, Any]:
    """The table of words and the reason why they are read as words."""
    return {("text" if name == "statement" else name): part for name, part in value.items()}


def _an_actual(value: Any) -> Actual | None:
    if not isinstance(value, dict):
        return to_actual(value)
    if "value" in value:
        return _made(Quantity, value)
    if "tier" in value or "share" in value:
        return _made(Judgement, value)
    if "completion" in value and ("words" in value or "earliest" in value):
        return _made(Completion, _with_date(value, "completion"))
    if "statement" in value and "refusal" in value:
        return _made(Statement, _with_text(value))
    return _made_of_one(value, _ACTUALS)


def _with_date(value: dict[str, Any], key: str) -> dict[str, Any]:
    """The table of a date and the words that it was read from."""
    days = {name: _a_day(value[name]) for name in (key, "earliest") if name in value}
    return {("date" if name == key else name): days.get(name, part) for name, part in value.items()}


V = TypeVar("V", bound=attrs.AttrsInstance)


def _a_passage(value: Any) -> Passage | None:
    return _made(Passage, value) if isinstance(value, dict) else to_passage(value)


def _a_judgement(value: Any) -> Judgement | None:
    return _made(Judgement, value) if isinstance(value, dict) else Judgement(value)


def _a_due_day(value: Any) -> dt.date:
    return to_date(_a_day(value))


def _signed_points(value: Any) -> Decimal:
    """Points whose sign is written: 2 below 扣分 would else be given."""
    points = a_number(value)
    if points > 0 and not (isinstance(value, str) and value.startswith("+")):
        raise ModelError(f'expected points with their sign ("+2" to add, -2 to take), got {shown(value)}')
    return to_signed_points(points)


def _a_reason(value: Any) -> str:
    reason = to_reason(None if value is None else _a_text(value))
    if reason is None:
        raise ModelError("missing: expected why the points change")
    return reason


def _some_codes(value: Any) -> tuple[str, ...]:
    return to_codes(tuple(map(_a_text, a_list(value))))


def _some_causes(value: Any) -> tuple[DeviationCause, ...]:
    return to_causes(map(_a_text, a_list(value)))


def _made(kind: type[V], table: dict[str, Any]) -> V:
    fields = {field.name: field for field in attrs.fields(kind) if field.init}
    for key in table:
        if key not in fields:
            raise Fault(key, f"unknown key; known are {', '.join(fields)}")
    for name, field in fields.items():
        if name not in table and field.default is attrs.NOTHING:
            raise Fault(name, "missing")
    return kind(**{key: _converted(fields[key].converter or _as_it_is, value) for key, value in table.items()})


def _as_it_is(value: Any) -> Any:
    return value


def _made_of_one(table: dict[str, Any], kinds: dict[str, Callable[[Any], T]]) -> T:
    if len(table) != 1 or next(iter(table)) not in kinds:
        raise ValueError(f"expected value, {', '.join(kinds)} or text, got a table of {', '.join(table) or 'nothing'}")
    [(key, value)] = table.items()
    return kinds[key](value)


def _a_day(value: Any) -> dt.date:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ModelError(f"expected a date, got {shown(value)}") from None
    # Deadline and Completion refuse what is no date.
    day: dt.date = value
    return day


# What a document has beside what the constructors of the records take, by the converter of the field.
_READ: dict[Any, Callable[[Any], Any]] = {
    to_text: _a_text,
    to_flag: a_bool,
    to_excerpt: a_bool,
    to_points: a_number,
    to_figure: a_number,
    to_target: _a_target,
    to_actual: _an_actual,
    to_passage: _a_passage,
    to_judgement: _a_judgement,
    to_due: _a_due_day,
    to_day: _a_due_day,
    to_date: _a_due_day,
    to_causes: _some_causes,
    to_codes: _some_codes,
    to_signed_points: _signed_points,
    to_reason: _a_reason,
}

RECORDS: tuple[type[attrs.AttrsInstance], ...] = (
    Adjustment,
    StatedFunding,
    FundingLine,
    FundingTotal,
    Stated,
    StatedIndicator,
    IndicatorDefinition,
    PastFigure,
    Indicator,
    MonitoredFunding,
    MonitoredIndicator,
    Monitoring,
    ReviewedIndicator,
    Review,
    Passage,
    Claim,
    RectificationItem,
    DepartmentFigure,
    StatedDepartment,
)


# Writing.


def _plain_record(record: Any, unit: AmountUnit, department: Department | None = None) -> dict[str, Any]:
    """A record as a table of plain values; what is absent or inherited is left out."""
    table: dict[str, Any] = {}
    for field in attrs.fields(type(record)):
        name, value = field.name, getattr(record, field.name)
        if name in _INHERITED:
            if department is None or getattr(department, name) != value:
                table[name] = value
        elif name in MONEY_COLUMNS or name in _STATED_MONEY:
            if value is not None:
                table[name] = to_unit(value, unit)
        elif field.converter is to_signed_points and value > 0:
            table[name] = f"+{plain(value)}"
        # Without its projects a department would read as a project.
        elif value is not None and (value != field.default or name == "projects"):
            table[name] = _plain_value(name, value, unit, record)
    return table


def _plain_value(name: str, value: Any, unit: AmountUnit, record: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(name, row, unit, record) for row in value]
    if isinstance(value, _EXPRESSIONS):
        return _plain_expression(value, partial(_read_again, name, record))
    if isinstance(value, Project):
        return _plain_record(value, value.amount_unit, record)
    return _plain_record(value, unit) if attrs.has(type(value)) else value


# So that words that are a date without its year are told from one.
_SOME_YEAR = 2000


def _read_again(name: str, record: Any, text: str) -> Target | Actual | None:
    """What *text* is read as in the cell of that name; an indicator's with its name and its other cell."""
    if not isinstance(record, Indicator):
        return parse_actual(text, year=_SOME_YEAR) if name in _ACTUAL_KEYS else parse_target(text, year=_SOME_YEAR)
    target = record.target and parse_target(str(record.target), year=_SOME_YEAR)
    actual = record.actual and parse_actual(str(record.actual), year=_SOME_YEAR)
    target, actual = together(record.name, target, actual)
    return actual if name == "actual" else target


_EXPRESSIONS = (Threshold, Between, Deadline, Statement, Quantity, Completion, Judgement)


def _plain_expression(value: Target | Actual, read: Callable[[str], Target | Actual | None]) -> Any:
    """An expression as people write it, if it reads as the same again."""
    text = str(value)
    try:
        if repr(read(text)) == repr(value):
            return text
    except PerfevalError:
        # Words that read as no figure at all, 三分之二, stand in a table.
        pass
    if isinstance(value, Statement):
        return {"statement": value.text} | ({} if value.refusal is None else {"refusal": value.refusal})
    table = {field.name: getattr(value, field.name) for field in attrs.fields(type(value)) if field.init}
    for kind, key in ((Deadline, "deadline"), (Completion, "completion")):
        if isinstance(value, kind):
            table = {key if field == "date" else field: part for field, part in table.items()}
    return {key: part for key, part in table.items() if part is not None}


def _toml_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _toml_value(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_toml_value(part) for part in value]
    if isinstance(value, Decimal):
        # tomli_w would write 50 as 50.0, which is another precision.
        return int(value) if exponent_of(value) == 0 else value
    return str(value) if isinstance(value, StrEnum) else value


def _json_value(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value) if exponent_of(value) <= 0 else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot stand in JSON")
