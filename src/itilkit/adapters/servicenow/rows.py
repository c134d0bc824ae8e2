"""Rows of text into typed rows: one fault per bad cell, none dropped."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import attrs

from itilkit.adapters.servicenow.table import COUNTERS, FLAGS, KNOWN, LEVELS, MISSING, REQUIRED
from itilkit.errors import Fault, PayloadError, near

__all__ = ["Cell", "Row", "Table", "read"]

Cell = str | int | bool | datetime | None
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?")
_TRUTH = {"true": True, "false": False}
_INSTANTS = ("opened_at", "sys_updated_at", "sys_created_at", "resolved_at", "closed_at")
FAULTS_KEPT = 1_000


Row = tuple[int, list[Cell]]
"""The line of the file and the cells in the order of the header; one None more stands for every absent column."""


@attrs.define
class Table:
    """What is known of the file beside its rows.

    Attributes:
        columns: The header.
        unread: Columns nobody here knows.
        doubled_spaces: By column, cells with two spaces in a row; they are read as one.
        in_gap: Stamps that no clock of the zone ever showed; they are read on the old offset.
        in_fold: Stamps that the clocks of the zone showed twice; the first time is taken.
    """

    columns: tuple[str, ...]
    unread: tuple[str, ...]
    doubled_spaces: dict[str, int] = attrs.field(factory=dict[str, int])
    in_gap: int = 0
    in_fold: int = 0

    def place(self, column: str) -> int:
        """Where a row holds the column; -1, the None at its end, where the file has no such column."""
        return self.columns.index(column) if column in self.columns else -1


def read(lines: Iterable[str], zone: ZoneInfo) -> tuple[Table, Iterator[Row]]:
    """The table and its rows, one by one.

    Raises:
        PayloadError: no header, or a required column is missing; and, when the rows are drawn to their end, every
            ragged row and unreadable cell.
    """
    reader = csv.reader(lines)
    header = tuple(name.strip().removeprefix("\ufeff") for name in next(reader, ()))
    faults = list(_header_faults(header))
    if faults:
        raise PayloadError(faults)
    table = Table(header, tuple(name for name in header if name not in KNOWN))
    return table, _Reader(table, zone).rows(reader)


def _header_faults(header: tuple[str, ...]) -> Iterator[Fault]:
    if not header:
        yield Fault("empty", "the log is empty", line=1, hint="the first line names the columns")
        return
    for name in REQUIRED:
        if name not in header:
            yield Fault(
                "missing_column",
                f"there is no column {name!r}",
                path="header",
                line=1,
                hint=near(name, header),
            )
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield Fault("twin_column", f"column {name!r} stands in the header twice", path="header", line=1)


class _Column(dict[str, Cell]):
    """What each text of one column means: a log repeats its texts many times, so each is read once."""

    def __init__(self, parse: Callable[[str], Cell]) -> None:
        super().__init__({MISSING: None, "": None})
        self.parse = parse
        self.odd: dict[str, str] = {}

    def __missing__(self, text: str) -> Cell:
        value = self[text] = self.parse(text)
        if "  " in text:
            self.odd[text] = "doubled space"
        return value


class _Instants(_Column):
    """Local stamps as UTC instants."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(self._instant)
        self.zone = zone

    def _instant(self, text: str) -> datetime:
        local = _local(text).replace(tzinfo=self.zone)
        known = local.astimezone(UTC)
        if known.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            self.odd[text] = "gap"
        elif local.utcoffset() != local.replace(fold=1).utcoffset():
            self.odd[text] = "fold"
        return known


class _Reader:
    """Rows, and the faults found on the way."""

    def __init__(self, table: Table, zone: ZoneInfo) -> None:
        self.table = table
        self.faults: list[Fault] = []
        self.unkept = 0
        instants = _Instants(zone)
        self.columns = [instants if name in _INSTANTS else _Column(_parser(name)) for name in table.columns]
        self.required = [table.place(name) for name in REQUIRED]

    def rows(self, reader: Iterator[list[str]]) -> Iterator[Row]:
        width = len(self.table.columns)
        for line, texts in self._drawn(reader):
            if len(texts) != width:
                self._fault("ragged_row", f"has {len(texts)} cells where the header has {width}", line)
                continue
            cells = self._cells(line, texts)
            if cells is not None:
                yield line, cells
        if self.unkept:
            self.faults.append(Fault("more_faults", f"and {self.unkept} more faults of these kinds"))
        if self.faults:
            raise PayloadError(self.faults)

    def _drawn(self, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
        line = 1
        while True:
            line += 1
            try:
                texts = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._fault("not_csv", f"is not readable as CSV: {error}", line)
                return
            if texts:
                yield line, texts

    def _cells(self, line: int, texts: list[str]) -> list[Cell] | None:
        columns = self.columns
        try:
            cells = [column[text] for column, text in zip(columns, texts, strict=True)]
        except ValueError:
            self._explain(line, texts)
            return None
        for index, column in enumerate(columns):
            if column.odd and texts[index] in column.odd:
                self._odd(self.table.columns[index], column.odd[texts[index]])
        cells.append(None)
        missing = [name for name, place in zip(REQUIRED, self.required, strict=True) if cells[place] is None]
        for name in missing:
            self._fault("missing_cell", "is missing", line, name)
        return None if missing else cells

    def _explain(self, line: int, texts: list[str]) -> None:
        for name, column, text in zip(self.table.columns, self.columns, texts, strict=True):
            try:
                column[text]
            except ValueError as error:
                self._fault("bad_cell", f"{text!r} {error}", line, name)

    def _odd(self, column: str, kind: str) -> None:
        if kind == "gap":
            self.table.in_gap += 1
        elif kind == "fold":
            self.table.in_fold += 1
        else:
            self.table.doubled_spaces[column] = self.table.doubled_spaces.get(column, 0) + 1

    def _fault(self, code: str, message: str, line: int, column: str = "") -> None:
        if len(self.faults) >= FAULTS_KEPT:
            self.unkept += 1
            return
        path = f"row {line - 1}, {column}" if column else f"row {line - 1}"
        self.faults.append(Fault(code, message, path=path, line=line))


def _parser(column: str) -> Callable[[str], Cell]:
    if column in LEVELS:
        return _level
    if column in COUNTERS:
        return _count
    return _flag if column in FLAGS else _text


def _text(text: str) -> str:
    return " ".join(text.split())


def _local(text: str) -> datetime:
    match = _DAY_FIRST.fullmatch(text)
    if match:
        day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    else:
        match = _ISO.fullmatch(text)
        if not match:
            message = "is no date and time such as 29/2/2016 01:16 or 2016-02-29 01:16:00"
            raise ValueError(message)
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is laid on by the caller
    except ValueError as error:
        message = f"is no date: {error}"
        raise ValueError(message) from None


def _level(text: str) -> int:
    number = text.partition(" ")[0]
    if not number.isdecimal():
        message = "is no level such as '2 - Medium'"
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
