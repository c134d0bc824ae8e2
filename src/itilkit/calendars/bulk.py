"""Open time and deadlines of whole columns, with numpy, which is imported when such a question is asked.

Open time so far is tabulated over cells of equal length. Where every boundary is a multiple of a coarse enough
cell, a cell is open or closed as a whole, and one word tells which and how much was open before: `offset * 2 + open`.
Else a cell holds at most one open span, which takes three words. Where neither table stays small, the sorted
spans are searched. Rows are worked off in blocks, so that temporaries stay in the processor's cache.

Tables are in the column's own unit, counted from the beginning of the first compiled year.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from itilkit.calendars.timeline import Columns, Timeline
from itilkit.errors import CalendarError, near

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from itilkit.calendars.calendar import Calendar

    Ints = NDArray[np.int64]
    Scratch = tuple[Ints, Ints]

__all__ = ["add_many", "elapsed_many"]

_BLOCK = 16_384
_MOST_CELLS = 1_000_000
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_MISSING = -(2**63)  # how numpy keeps a datetime64 that is none
_MOST = 2**61
_MICROS = 1_000_000


class Table(Protocol):
    """Open time so far, for a block of instants counted from the table's beginning."""

    def spent(self, instants: Ints, out: Ints, scratch: Scratch) -> None:
        """Writes the open time so far at each instant."""
        ...


@attrs.frozen(eq=False)
class Packed:
    """One word a cell: `offset * 2 + open`; inside an open cell open time is `instant - offset`, else `-offset`."""

    cell: int
    words: Ints

    def spent(self, instants: Ints, out: Ints, scratch: Scratch) -> None:
        """Writes the open time so far at each instant."""
        import numpy as np  # noqa: PLC0415  loaded on first use

        index = scratch[0][: len(instants)]
        np.floor_divide(instants, self.cell, out=index)
        np.take(self.words, index, out=index, mode="clip")
        np.bitwise_and(index, 1, out=out)
        np.negative(out, out=out)
        np.bitwise_and(out, instants, out=out)
        np.right_shift(index, 1, out=index)
        np.subtract(out, index, out=out)


@attrs.frozen(eq=False)
class Stepped:
    """Three words a cell of 2**power units: the ends of its one open span, and what to take off."""

    power: int
    starts: Ints
    ends: Ints
    offsets: Ints

    def spent(self, instants: Ints, out: Ints, scratch: Scratch) -> None:
        """Writes the open time so far at each instant."""
        import numpy as np  # noqa: PLC0415  loaded on first use

        index, word = (buffer[: len(instants)] for buffer in scratch)
        np.right_shift(instants, self.power, out=index)
        np.take(self.starts, index, out=word, mode="clip")
        np.maximum(instants, word, out=out)
        np.take(self.ends, index, out=word, mode="clip")
        np.minimum(out, word, out=out)
        np.take(self.offsets, index, out=word, mode="clip")
        np.subtract(out, word, out=out)


@attrs.frozen(eq=False)
class Searched:
    """The sorted spans themselves."""

    starts: Ints
    after: Ints
    shift: Ints

    def spent(self, instants: Ints, out: Ints, scratch: Scratch) -> None:  # noqa: ARG002  needs none
        """Writes the open time so far at each instant."""
        import numpy as np  # noqa: PLC0415  loaded on first use

        index = np.searchsorted(self.starts, instants, side="right") - 1
        np.minimum(instants + self.shift[index], self.after[index], out=out)


@attrs.frozen(eq=False)
class Compiled:
    """A calendar's columns as arrays in one unit, counted from `low`, with a table to look open time up in."""

    columns: Columns
    low: int
    length: int
    after: Ints
    table: Table
    inverse: Inverse

    def has(self, relative: Ints) -> bool:
        """Whether all instants, counted from `low`, lie within; read without a sign, those before are huge."""
        return int(relative.view("uint64").max()) <= self.length

    def can_go_back(self, spent: Ints, wanted: Ints) -> bool:
        """Whether the answers of negative amounts lie within: some open time must follow them."""
        back = spent[wanted < 0]
        return not len(back) or int(back.max()) < int(self.after[-1])


@attrs.frozen(eq=False)
class Inverse:
    """The instant at which open time so far reaches an amount: one word a cell of open time, or a search."""

    cell: int
    ahead: Ints
    after: Ints
    shift: Ints

    def earliest(self, spent: Ints, out: Ints) -> None:
        """Writes the earliest instant at which each amount is reached; all lie within the table."""
        import numpy as np  # noqa: PLC0415  loaded on first use

        if self.cell:
            np.subtract(spent, 1, out=out)
            np.floor_divide(out, self.cell, out=out)
            np.take(self.ahead, out, out=out, mode="clip")
        else:
            np.negative(self.shift[np.searchsorted(self.after, spent, side="left")], out=out)
        np.add(out, spent, out=out)

    def latest(self, spent: Ints) -> Ints:
        """The latest instant at which open time is still each amount."""
        import numpy as np  # noqa: PLC0415  loaded on first use

        found: Ints = spent - self.shift[np.searchsorted(self.after, spent, side="right")]
        return found


def _buffer() -> Ints:
    import numpy as np  # noqa: PLC0415  loaded on first use

    return np.empty(_BLOCK, dtype=np.int64)


def _arrays(columns: Columns, unit: str) -> Compiled:
    import numpy as np  # noqa: PLC0415  loaded on first use

    scale = _PER_SECOND[unit]

    def scaled(values: Sequence[int], origin: int) -> Ints:
        relative = np.array(values, dtype=np.int64) - origin
        if scale >= _MICROS:
            return relative * (scale // _MICROS)
        whole, rest = np.divmod(relative, _MICROS // scale)
        if rest.any():
            message = f"the calendar opens or closes within a {unit}"
            raise CalendarError.one("finer_than_unit", message, path="unit", hint="count in us")
        return whole

    per_micro = 1_000_000 / scale
    if (columns.high - columns.low) / per_micro > _MOST:
        raise CalendarError.one(
            "too_many_years", f"too many years to count in {unit}", path="unit", hint="count in us"
        )
    origin, nothing = columns.low, columns.after[0]
    starts, ends = scaled(columns.starts, origin), scaled(columns.ends, origin)
    after = scaled(columns.after, nothing)
    high = int(scaled([columns.high], origin)[0])
    low = origin * scale // 1_000_000
    inverse = _inverse(after, after - ends)
    return Compiled(columns, low, high, after, _table(starts, ends, after, high, unit), inverse)


def _table(starts: Ints, ends: Ints, after: Ints, high: int, unit: str) -> Table:
    import numpy as np  # noqa: PLC0415  loaded on first use

    second = _PER_SECOND[unit]
    cell = int(np.gcd.reduce(np.concatenate((starts, ends, [86_400 * second]))))
    cells = high // cell + 2
    if cells <= _MOST_CELLS:
        # Of the cells, those between one start and the next have one offset; open ones lie before its end.
        index = np.arange(cells, dtype=np.int64) * cell
        span = np.searchsorted(starts, index, side="right") - 1
        is_open = index < ends[span]
        offset = np.where(is_open, ends[span] - after[span], -after[span])
        return Packed(cell, offset * 2 + is_open)
    gaps = starts[2:] - ends[1:-1]
    power = int(math.log2(max(int(gaps.min()) if len(gaps) else high, 1)))
    if high >> power > _MOST_CELLS // 2:
        return Searched(starts, after, after - ends)
    edge = np.arange((high >> power) + 2, dtype=np.int64) << power
    # The one span of a cell is the first that ends after the cell begins; where there is none, any closed point does.
    span = np.minimum(np.searchsorted(ends, edge, side="right"), len(ends) - 1)
    before = after[span] - (ends[span] - starts[span])
    return Stepped(power, starts[span], ends[span], starts[span] - before)


def _inverse(after: Ints, shift: Ints) -> Inverse:
    import numpy as np  # noqa: PLC0415  loaded on first use

    cell = int(np.gcd.reduce(after)) if len(after) else 0
    if not cell or int(after[-1]) // cell > _MOST_CELLS:
        return Inverse(0, after, after, shift)
    edge = np.arange(int(after[-1]) // cell + 1, dtype=np.int64) * cell + 1
    span = np.minimum(np.searchsorted(after, edge, side="left"), len(after) - 1)
    return Inverse(cell, -shift[span], after, shift)


def _compiled(timeline: Timeline, unit: str, low: int, high: int) -> Compiled:
    """Arrays that hold all instants from `low` to `high`, given in `unit`."""
    scale = _PER_SECOND[unit]
    timeline.around(low * 1_000_000 // scale)
    columns = timeline.upto(-(-high * 1_000_000 // scale))
    held = timeline.bulk.get(unit)
    if held is None or held.columns is not columns:
        held = timeline.bulk[unit] = _arrays(columns, unit)
    found: Compiled = held
    return found


def _blocks(rows: int) -> Iterator[slice]:
    for first in range(0, rows, _BLOCK):
        yield slice(first, min(first + _BLOCK, rows))


def _bounds(*columns: Ints) -> tuple[int, int]:
    return min(int(column.min()) for column in columns), max(int(column.max()) for column in columns)


def _present(one: Ints, two: Ints, answer: Callable[[Ints, Ints], Ints]) -> Ints:
    """The answer of the rows in which nothing is missing; the other rows are missing in it."""
    import numpy as np  # noqa: PLC0415  loaded on first use

    missing = (one == _MISSING) | (two == _MISSING)
    if not missing.any():
        return answer(one, two)
    found = np.full(len(one), _MISSING, dtype=np.int64)
    if not missing.all():
        found[~missing] = answer(one[~missing], two[~missing])
    return found


def _elapsed(timeline: Timeline, starts: Ints, ends: Ints, unit: str) -> Ints:
    held = timeline.bulk.get(unit)
    # Mostly all rows lie where an earlier question has compiled: told by the way, cheaper than by looking first.
    found = None if held is None else _elapsed_within(held, starts, ends)
    if found is not None:
        return found

    def widened(one: Ints, two: Ints) -> Ints:
        wide = _elapsed_within(_compiled(timeline, unit, *_bounds(one, two)), one, two)
        assert wide is not None  # noqa: S101  the bounds hold every row
        return wide

    return _present(starts, ends, widened)


def _elapsed_within(held: Compiled, starts: Ints, ends: Ints) -> Ints | None:
    """The open time of each row; None when an instant lies outside the table, or is missing."""
    import numpy as np  # noqa: PLC0415  loaded on first use

    out = np.empty(len(starts), dtype=np.int64)
    relative, before, scratch = _buffer(), _buffer(), (_buffer(), _buffer())
    for rows in _blocks(len(starts)):
        here, spent, block = relative[: rows.stop - rows.start], before[: rows.stop - rows.start], out[rows]
        np.subtract(starts[rows], held.low, out=here)
        if not held.has(here):
            return None
        held.table.spent(here, spent, scratch)
        np.subtract(ends[rows], held.low, out=here)
        if not held.has(here):
            return None
        held.table.spent(here, block, scratch)
        np.subtract(block, spent, out=block)
    return out


def _add(calendar: Calendar, starts: Ints, amounts: Ints, unit: str) -> Ints:
    held = calendar.timeline.bulk.get(unit)
    found = None if held is None else _add_within(held, starts, amounts)
    if found is not None:
        return found

    def widened(one: Ints, two: Ints) -> Ints:
        wide = _add_within(_reaching(calendar, one, two, unit), one, two)
        assert wide is not None  # noqa: S101  the calendar has been grown to hold every answer
        return wide

    return _present(starts, amounts, widened)


def _add_within(held: Compiled, starts: Ints, amounts: Ints) -> Ints | None:
    """The deadline of each row; None when a start or an answer lies outside the table, or is missing."""
    import numpy as np  # noqa: PLC0415  loaded on first use

    out = np.empty(len(starts), dtype=np.int64)
    relative, scratch = _buffer(), (_buffer(), _buffer())
    most = int(held.after[-1])
    for rows in _blocks(len(starts)):
        here, block, wanted = relative[: rows.stop - rows.start], out[rows], amounts[rows]
        np.subtract(starts[rows], held.low, out=here)
        if not held.has(here):
            return None
        held.table.spent(here, block, scratch)
        np.add(block, wanted, out=here)
        least, forward = int(here.min()), int(wanted.min()) > 0
        if int(here.max()) > most or least < 0 or not (forward or held.can_go_back(here, wanted)):
            return None
        if forward:
            held.inverse.earliest(here, block)
        else:
            _mixed(held, here, wanted, starts[rows] - held.low, block)
        np.add(block, held.low, out=block)
    return out


def _mixed(held: Compiled, spent: Ints, wanted: Ints, starts: Ints, out: Ints) -> None:
    """A block in which some amounts are negative or zero."""
    import numpy as np  # noqa: PLC0415  loaded on first use

    np.copyto(out, starts)
    ahead, back = wanted > 0, wanted < 0
    later = spent[ahead]
    reached = np.empty_like(later)
    held.inverse.earliest(later, reached)
    out[ahead] = reached
    out[back] = held.inverse.latest(spent[back])


def _reaching(calendar: Calendar, starts: Ints, amounts: Ints, unit: str) -> Compiled:
    """Arrays that hold the starts and all the answers."""
    timeline, scale = calendar.timeline, _PER_SECOND[unit]
    low, high = _bounds(starts)
    _compiled(timeline, unit, low, high)

    def micro(value: int) -> int:
        return value * 1_000_000 // scale

    most, least = int(amounts.max()), int(amounts.min())
    for edge, amount in ((high, most), (low, least)):
        if amount:
            # Asked of the calendar itself, which grows as far as that and says what is wrong where it cannot.
            calendar.add_us(micro(edge), micro(amount))
    columns = timeline.around(micro(low))
    return _compiled(timeline, unit, columns.low * scale // 1_000_000, columns.high * scale // 1_000_000)


def elapsed_many(calendar: Calendar, starts: Any, ends: Any, unit: str | None = None) -> Any:
    """The open time from each start to its end; see `Calendar.elapsed_many`."""
    kind, unit, (left, right) = _read(starts, ends, unit, second="datetime64")
    if kind == "datetimes":
        return _one_by_one(calendar.elapsed, starts, ends)
    found = _elapsed(calendar.timeline, left, right, unit) if len(left) else left
    return found.view(f"timedelta64[{unit}]") if kind == "datetime64" else found


def add_many(calendar: Calendar, starts: Any, amounts: Any, unit: str | None = None) -> Any:
    """The deadline of each start and amount; see `Calendar.add_many`."""
    kind, unit, (left, right) = _read(starts, amounts, unit, second="timedelta64")
    if kind == "datetimes":
        return _one_by_one(calendar.add, starts, amounts)
    found = _add(calendar, left, right, unit) if len(left) else left
    return found.view(f"datetime64[{unit}]") if kind == "datetime64" else found


def _one_by_one(answer: Callable[[Any, Any], Any], one: Any, two: Any) -> list[Any]:
    """The answers to two sequences of Python values; a row in which one is missing is None."""
    try:
        left, right = list(one), list(two)
    except TypeError:
        message = f"expected two columns, got {one!r} with {two!r}"
        raise CalendarError.one("bad_columns", message, hint="give lists or numpy arrays") from None
    if len(left) != len(right):
        raise _lengths_differ(left, right)
    return [
        None if _is_missing(a) or _is_missing(b) else answer(a, b) for a, b in zip(left, right, strict=True)
    ]


def _is_missing(value: Any) -> bool:
    return value is None or bool(value != value)  # noqa: PLR0124  as pandas' NaT is not


def _lengths_differ(one: Any, two: Any) -> CalendarError:
    message = f"{len(one)} instants do not go with {len(two)} values"
    return CalendarError.one("lengths_differ", message, hint="give as many of both")


def _read(one: Any, two: Any, unit: str | None, second: str) -> tuple[str, str, tuple[Ints, Ints]]:
    """What kind of columns these are, their unit, and their integers."""
    import numpy as np  # noqa: PLC0415  loaded on first use

    columns = (one, two)
    if not all(isinstance(column, np.ndarray) for column in columns):
        return "datetimes", "", (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    if len(one) != len(two):
        raise _lengths_differ(one, two)
    kinds = (one.dtype.kind, two.dtype.kind)
    if kinds == ("M", "M" if second == "datetime64" else "m"):
        unit = np.datetime_data(one.dtype)[0]
        unit = unit if unit in _PER_SECOND else "s"
        left, right = (
            one.astype(f"datetime64[{unit}]", copy=False),
            two.astype(f"{second}[{unit}]", copy=False),
        )
        return "datetime64", unit, (left.view(np.int64), right.view(np.int64))
    if kinds == ("i", "i"):
        if unit not in _PER_SECOND:
            hint = near(str(unit), _PER_SECOND)
            raise CalendarError.one("no_unit", f"integers need a unit, got {unit!r}", path="unit", hint=hint)
        return "int64", unit, (one.astype(np.int64, copy=False), two.astype(np.int64, copy=False))
    message = f"expected datetime64 with {second}, or integers, got {one.dtype} with {two.dtype}"
    raise CalendarError.one("bad_columns", message, hint="instants of datetime64 are in UTC")
