"""Rows of text into typed rows: one fault per bad cell, none dropped."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from itertools import chain, compress, islice
from operator import itemgetter, ne
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs

from itilkit.adapters.servicenow.table import COUNTERS, FLAGS, KNOWN, LEVELS, MISSING, REQUIRED
from itilkit.errors import Fault, PayloadError, near

__all__ = ["Cell", "Row", "Table", "place_of", "read"]

Cell = str | int | bool | datetime | None
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_TRUTH = {"true": True, "false": False}
_INSTANTS = ("opened_at", "sys_updated_at", "sys_created_at", "resolved_at", "closed_at")
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
FAULTS_KEPT = 1_000


Row = tuple[int, int, list[Any]]
"""The number of the row below the header, the line of the file on which it begins, and the cells in the order of the
header; one None more stands for every absent column."""


@attrs.define
class Table:
    """What is known of the file beside its rows.

    Attributes:
        columns: The header.
        unread: Columns nobody here knows.
        absent: Columns that were looked for in vain; what they hold is not recorded.
        doubled_spaces: By column, cells with two spaces in a row; they are read as one.
        in_gap: Stamps that no clock of the zone ever showed; they are read on the old offset.
        in_fold: Stamps that the clocks of the zone showed twice; the first time is taken.
        faults: Rows and cells that cannot be read, as far as the rows have been drawn.
    """

    columns: tuple[str, ...]
    unread: tuple[str, ...]
    absent: tuple[str, ...]
    doubled_spaces: dict[str, int] = attrs.field(factory=dict[str, int])
    in_gap: int = 0
    in_fold: int = 0
    faults: list[Fault] = attrs.field(factory=list[Fault])

    def place(self, column: str) -> int:
        """Where a row holds the column; -1, the None at its end, where the file has no such column."""
        return self.columns.index(column) if column in self.columns else -1


def place_of(row: int, column: str = "") -> str:
    """How a place in the file is told."""
    return f"row {row}, {column}" if column else f"row {row}"


def read(lines: Iterable[str], zone: ZoneInfo) -> tuple[Table, Iterator[Row]]:
    """The table and its rows, one by one; rows that cannot be read are left out and told in `Table.faults`.

    Raises:
        PayloadError: no header, or one that names a column twice or lacks a required one.
    """
    # Strict, because a quote that is never closed would swallow all that follows without a word.
    reader = csv.reader(_without_mark(lines), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, ()))
    except csv.Error as error:
        raise PayloadError.one(
            "not_csv", f"is not readable as CSV: {error}", path="header", line=1, hint=_MEND["not_csv"]
        ) from None
    faults = list(_header_faults(header))
    if faults:
        raise PayloadError(faults)
    unread = tuple(name for name in header if name not in KNOWN)
    table = Table(header, unread, tuple(name for name in KNOWN if name not in header))
    return table, _rows(table, zone, reader, lambda: reader.line_num)


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the byte order mark that a spreadsheet puts before the first."""
    each = iter(lines)
    first = [line.removeprefix("\ufeff") for line in islice(each, 1)]
    return chain(first, each)


def _header_faults(header: tuple[str, ...]) -> Iterator[Fault]:
    if not any(header):
        yield Fault("empty", "the log is empty", line=1, hint="the first line names the columns")
        return
    for separator, name in _OTHER_SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            message = f"the columns are separated by {name}"
            yield Fault("wrong_separator", message, path="header", line=1, hint="separate them by commas")
            return
    for name in REQUIRED:
        if name not in header:
            message = f"there is no column {name!r}"
            yield Fault("missing_column", message, path="header", line=1, hint=near(name, header))
    for name in sorted({name for name in header if header.count(name) > 1}):
        message = f"column {name!r} stands in the header twice"
        yield Fault("twin_column", message, path="header", line=1, hint="drop one of them")


_Watched = list[tuple[int, dict[str, str]]]


class _Column(dict[str, Cell]):
    """What each text of a column means: a log repeats its texts many times, so each is read once.

    Odd texts are kept, and their columns are then watched so that each occurrence is counted.
    """

    def __init__(self, parse: Callable[[str], Cell], watched: _Watched) -> None:
        super().__init__({MISSING: None, "": None})
        self.parse = parse
        self.places: list[int] = []
        self.odd: dict[str, str] = {}
        self.watched = watched

    def __missing__(self, text: str) -> Cell:
        value = self[text] = self.parse(text.strip())
        if "  " in text:
            self.note(text, "doubled space")
        return value

    def note(self, text: str, kind: str) -> None:
        if not self.odd:
            self.watched.extend((place, self.odd) for place in self.places)
        self.odd[text] = kind


class _Instants(_Column):
    """Local stamps as UTC instants; all columns of instants share one, because they share most stamps."""

    def __init__(self, zone: ZoneInfo, watched: _Watched) -> None:
        super().__init__(self._instant, watched)
        self.zone = zone
        self.days = _Once(_day)
        self.clocks = _Once(_clock)

    def _instant(self, text: str) -> datetime:
        day, between, clock = text.partition(" ")
        if not between:
            day, _, clock = text.partition("T")
        local = datetime.combine(self.days[day], self.clocks[clock], self.zone)
        known = local.astimezone(UTC)
        # Where the clocks changed, and nowhere else, `fold` makes a difference (PEP 495).
        if self.zone.key != "UTC" and local.utcoffset() != local.replace(fold=1).utcoffset():
            shown = known.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None)
            self.note(text, "fold" if shown else "gap")
        return known


class _Once(dict[str, Any]):
    """What each text means, read once."""

    def __init__(self, parse: Callable[[str], object]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Any:
        value = self[text] = self.parse(text)
        return value


def _rows(
    table: Table, zone: ZoneInfo, reader: Iterator[list[str]], line_of: Callable[[], int]
) -> Iterator[Row]:
    faults = _Faults(table)
    watched: _Watched = []
    columns = _columns(table, zone, watched)
    width = len(columns)
    required = itemgetter(*(table.place(name) for name in REQUIRED))
    # What a column says again in the next row means the same again; most of an incident's rows differ in a few cells.
    places, above = range(width), [MISSING] * width
    above_cells: list[Any] = [None] * (width + 1)
    for row, line, texts in _drawn(reader, line_of, faults):
        if len(texts) != width:
            faults.add("ragged_row", f"has {len(texts)} cells where the header has {width}", row, line)
            continue
        cells = above_cells.copy()
        try:
            for place in compress(places, map(ne, texts, above)):
                cells[place] = columns[place][texts[place]]
        except ValueError:
            _explain(row, line, texts, columns, faults)
            continue
        for place, odd in watched:
            if texts[place] in odd:
                _count_odd(table, table.columns[place], odd[texts[place]])
        above, above_cells = texts, cells
        if None in required(cells):
            for name in REQUIRED:
                if cells[table.place(name)] is None:
                    faults.add("missing_cell", "is missing", row, line, name)
            continue
        yield row, line, cells
    faults.close()


def _columns(table: Table, zone: ZoneInfo, watched: _Watched) -> list[_Column]:
    instants = _Instants(zone, watched)
    columns = [instants if name in _INSTANTS else _Column(_parser(name), watched) for name in table.columns]
    for place, column in enumerate(columns):
        column.places.append(place)
    return columns


def _drawn(
    reader: Iterator[list[str]], line_of: Callable[[], int], faults: _Faults
) -> Iterator[tuple[int, int, list[str]]]:
    """Each row with its number and the line on which it begins: a quoted cell may run over several lines."""
    row, line = 0, line_of()
    try:
        for row, texts in enumerate(reader, 1):
            line += 1
            if texts:
                yield row, line, texts
            line = line_of()
    except csv.Error as error:
        faults.add("not_csv", f"is not readable as CSV: {error}", row + 1, line + 1)


_MEND: Mapping[str, str] = {
    "ragged_row": "a text that holds a comma stands in double quotes",
    "missing_cell": "every row needs it",
    "bad_required_cell": "mend the cell: every row needs it",
    "bad_cell": f"mend the cell, or write {MISSING} where it is not known",
    "not_csv": "export the log again, as CSV with a comma between cells",
}


class _Faults:
    """The faults of the table, up to a number that somebody may still read."""

    def __init__(self, table: Table) -> None:
        self.columns = table.columns
        self.kept = table.faults
        self.unkept = 0

    def add(self, code: str, message: str, row: int, line: int, column: str = "") -> None:
        if len(self.kept) < FAULTS_KEPT:
            hint = _MEND["bad_required_cell" if code == "bad_cell" and column in REQUIRED else code]
            self.kept.append(Fault(code, message, path=place_of(row, column), line=line, hint=hint))
        else:
            self.unkept += 1

    def close(self) -> None:
        if self.unkept:
            self.kept.append(Fault("more_faults", f"and {self.unkept:,} more faults of these kinds"))


def _explain(row: int, line: int, texts: list[str], columns: list[_Column], faults: _Faults) -> None:
    for name, column, text in zip(faults.columns, columns, texts, strict=True):
        try:
            column[text]
        except ValueError as error:
            faults.add("bad_cell", f"{text!r} {error}", row, line, name)


def _count_odd(table: Table, column: str, kind: str) -> None:
    if kind == "gap":
        table.in_gap += 1
    elif kind == "fold":
        table.in_fold += 1
    else:
        table.doubled_spaces[column] = table.doubled_spaces.get(column, 0) + 1


def _parser(column: str) -> Callable[[str], Cell]:
    if column in LEVELS:
        return _level
    if column in COUNTERS:
        return _count
    return _flag if column in FLAGS else _text


def _text(text: str) -> str | None:
    return " ".join(text.split()) or None


def _numbers(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    match = pattern.fullmatch(text)
    if not match:
        message = "is no date and time such as 29/2/2016 01:16 or 2016-02-29 01:16:00"
        raise ValueError(message)
    return tuple(map(int, match.groups("0")))


def _day(text: str) -> date:
    if "/" in text:
        day, month, year = _numbers(_DAY_FIRST, text)
    else:
        year, month, day = _numbers(_ISO, text)
    return _made(date, year, month, day)


def _clock(text: str) -> time:
    return _made(time, *_numbers(_CLOCK, text))


_Made = TypeVar("_Made")


def _made(kind: Callable[..., _Made], *numbers: int) -> _Made:
    try:
        return kind(*numbers)
    except ValueError as error:
        message = f"is no date: {error}"
        raise ValueError(message) from None


def _level(text: str) -> int:
    number = text.partition(" ")[0]
    if not number.isdecimal() or not int(number):
        message = "is no level such as '2 - Medium'; 1 is the highest"
        raise ValueError(message)
    return int(number)


def _count(text: str) -> int:
    if not text.isdecimal():
        message = "is no count"
        raise ValueError(message)
    return int(text)


def _flag(text: str) -> bool:
    try:
        return _TRUTH[text.lower()]
    except KeyError:
        message = "is neither true nor false"
        raise ValueError(message) from None
