"""Wall-clock windows and weekdays: how they are written, and how they are kept.

A window is kept as `(opens, closes)` in microseconds from the midnight that begins the date on which it
opens; `closes` lies beyond 24 hours when the window runs past midnight. A week is seven tuples of windows,
Monday first. Windows of one date are kept sorted, and those that touch or overlap are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import time

from itilkit.calendars.shapes import is_list, is_table
from itilkit.errors import Fault, near
from itilkit.spans import union

__all__ = [
    "DAY_US",
    "WEEKDAYS",
    "Week",
    "Window",
    "Windows",
    "clock_text",
    "days_text",
    "read_days",
    "read_time",
    "read_week",
    "read_windows",
    "week_data",
    "week_text",
    "windows_data",
]

Window = tuple[int, int]
Windows = tuple[Window, ...]
Week = tuple[Windows, Windows, Windows, Windows, Windows, Windows, Windows]

DAY_US = 86_400_000_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INDEX = {name: day for names in (WEEKDAYS, _LONG) for day, name in enumerate(names)}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_TIME_HINT = 'write a 24-hour time such as "09:00"'
_WINDOW_HINT = 'write "09:00-17:30"'


def read_days(value: object, path: str, faults: list[Fault]) -> tuple[int, ...]:
    """The weekdays that texts such as ``mon-fri`` or ``mon,wed`` name, counted from Monday, which is 0.

    A range may run over the end of the week: ``fri-mon`` is Friday, Saturday, Sunday, Monday.

    >>> read_days("Mon-Wed, friday", "", [])
    (0, 1, 2, 4)
    """
    if isinstance(value, str):
        parts = value.split(",")
    elif is_list(value) and value and all(isinstance(part, str) for part in value):
        parts = [piece for part in value for piece in str(part).split(",")]
    else:
        faults.append(
            Fault("bad_weekday", f"expected weekdays, got {value!r}", path=path, hint='write "mon-fri"')
        )
        return ()
    days: set[int] = set()
    for part in parts:
        days.update(_range(part.strip(), path, faults))
    return tuple(sorted(days))


def _range(text: str, path: str, faults: list[Fault]) -> Iterable[int]:
    ends = [word.strip().casefold() for word in text.split("-")]
    unknown = [word for word in ends if word not in _INDEX]
    faults += [
        Fault("unknown_weekday", f"{word!r} is no weekday", path=path, hint=near(word, WEEKDAYS))
        for word in unknown
    ]
    if unknown:
        return ()
    if len(ends) > 2:  # noqa: PLR2004  a range has two ends
        faults.append(Fault("bad_weekday", f"{text!r} is no range", path=path, hint='write "mon-fri"'))
        return ()
    first, last = _INDEX[ends[0]], _INDEX[ends[-1]]
    return ((first + step) % 7 for step in range((last - first) % 7 + 1))


def read_time(text: str, path: str, faults: list[Fault]) -> int | None:
    """Microseconds from midnight to a time such as ``09:00``; None, and a fault, for anything else.

    >>> read_time("09:30", "", [])
    34200000000
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        faults.append(Fault("bad_time", f"expected a time, got {text.strip()!r}", path=path, hint=_TIME_HINT))
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour * 3600 + minute * 60 + second > 86_400 or minute > 59 or second > 59:  # noqa: PLR2004  a clock's face
        faults.append(Fault("bad_time", f"there is no time {text.strip()!r}", path=path, hint=_TIME_HINT))
        return None
    return (hour * 3600 + minute * 60 + second) * 1_000_000


def read_windows(value: object, path: str, faults: list[Fault]) -> Windows:
    """The windows that a text ``09:00-17:30`` or a list of such texts describes; an empty list is closed.

    >>> read_windows(["10:00-12:00", "09:00-10:30"], "", [])
    ((32400000000, 43200000000),)
    """
    if isinstance(value, str):
        return union(_window(value, path, faults))
    if is_list(value):
        found = [_window(item, f"{path}[{index}]", faults) for index, item in enumerate(value)]
        return union(window for windows in found for window in windows)
    faults.append(Fault("bad_window", f"expected opening hours, got {value!r}", path=path, hint=_WINDOW_HINT))
    return ()


def _window(value: object, path: str, faults: list[Fault]) -> Windows:
    ends = value.split("-") if isinstance(value, str) else []
    if len(ends) != 2:  # noqa: PLR2004  a window has two ends
        faults.append(
            Fault("bad_window", f"expected opening hours, got {value!r}", path=path, hint=_WINDOW_HINT)
        )
        return ()
    opens, closes = read_time(ends[0], path, faults), read_time(ends[1], path, faults)
    if opens is None or closes is None:
        return ()
    if opens == closes:
        hint = 'write "00:00-24:00" for the whole day, [] for closed'
        faults.append(Fault("empty_window", f"{value!r} opens and closes at one time", path=path, hint=hint))
        return ()
    if opens >= DAY_US:
        faults.append(
            Fault("bad_time", f"{value!r} opens at 24:00", path=path, hint="give it to the next date")
        )
        return ()
    return ((opens, closes if closes > opens else closes + DAY_US),)


def read_week(value: object, path: str, faults: list[Fault]) -> Week:
    """The week that a mapping from weekdays to windows describes; a weekday that is not named is closed."""
    week: list[Windows] = [()] * 7
    if not is_table(value):
        hint = 'write {"mon-fri": "09:00-17:30"}'
        faults.append(Fault("bad_week", f"expected hours by weekday, got {value!r}", path=path, hint=hint))
        return _week(week)
    named: dict[int, object] = {}
    for key, hours in value.items():
        here = f"{path}.{key}"
        days, windows = read_days(key, here, faults), read_windows(hours, here, faults)
        for day in days:
            if day in named:
                message = f"{WEEKDAYS[day]} has hours already under {named[day]!r}"
                faults.append(Fault("day_twice", message, path=here, hint="name each weekday once"))
            named.setdefault(day, key)
            week[day] = windows
    return _week(week)


def _week(days: Sequence[Windows]) -> Week:
    mon, tue, wed, thu, fri, sat, sun = days
    return mon, tue, wed, thu, fri, sat, sun


def clock_text(micros: int) -> str:
    """The wall-clock time that lies `micros` after a midnight; the end of the day reads 24:00.

    >>> clock_text(34200000000), clock_text(DAY_US), clock_text(DAY_US + 60_000_000)
    ('09:30', '24:00', '00:01')
    """
    if micros == DAY_US:
        return "24:00"
    seconds = micros // 1_000_000 % 86_400
    wall = time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    return wall.isoformat("auto" if wall.second else "minutes")


def windows_data(windows: Windows) -> list[str]:
    """The texts that `read_windows` reads back into the same windows.

    >>> windows_data(((0, DAY_US + 3_600_000_000),))
    ['00:00-12:30', '12:30-01:00']
    """
    texts: list[str] = []
    for opens, closes in windows:
        # Windows that overlap may have grown into one that is too long for a single text.
        if closes > DAY_US and closes - opens >= DAY_US:
            middle = (max(opens, closes - DAY_US) + DAY_US) // 120_000_000 * 60_000_000
            texts += [
                f"{clock_text(opens)}-{clock_text(middle)}",
                f"{clock_text(middle)}-{clock_text(closes)}",
            ]
        else:
            texts.append(f"{clock_text(opens)}-{clock_text(closes)}")
    return texts


def days_text(days: Iterable[int], *, title: bool = False) -> str:
    """Weekdays as text, with runs of three and more as a range.

    >>> days_text([0, 1, 2, 3, 4]), days_text([0, 2, 3], title=True)
    ('mon-fri', 'Mon,Wed,Thu')
    """
    names = [name.title() for name in WEEKDAYS] if title else WEEKDAYS
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{names[run[0]]}-{names[run[-1]]}" if len(run) > 2 else ",".join(names[day] for day in run)  # noqa: PLR2004
        for run in runs
    )


def week_data(week: Week) -> dict[str, list[str]]:
    """The mapping that `read_week` reads back into the same week, weekdays with equal hours together.

    >>> week_data((((0, DAY_US),),) * 2 + ((),) * 5)
    {'mon,tue': ['00:00-24:00']}
    """
    together: dict[Windows, list[int]] = {}
    for day, windows in enumerate(week):
        if windows:
            together.setdefault(windows, []).append(day)
    return {days_text(days): windows_data(windows) for windows, days in together.items()}


def week_text(week: Week) -> str:
    """The week in words, for people.

    >>> week_text((((32_400_000_000, 63_000_000_000),),) * 5 + ((), ()))
    'Mon-Fri 09:00-17:30'
    """
    together: dict[Windows, list[int]] = {}
    for day, windows in enumerate(week):
        if windows:
            together.setdefault(windows, []).append(day)
    return "; ".join(
        f"{days_text(days, title=True)} {', '.join(windows_data(windows))}"
        for windows, days in together.items()
    )
