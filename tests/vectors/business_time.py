"""Checks one business-time case: a calendar, a question, and the answer worked elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from itilkit.calendars import Calendar
from itilkit.errors import CalendarError

Case = dict[str, Any]


def check(case: Case) -> str | None:
    """None when the case holds, else what differs."""
    try:
        expected, got = _ANSWERS[case["op"]](_calendar(case["calendar"]), case)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None if expected == got else f"expected {_shown(expected)}, got {_shown(got)}"


def _calendar(data: Case) -> Calendar:
    return Calendar(
        {day: ["-".join(window) for window in windows] for day, windows in data["weekly"].items()},
        zone=data["tz"],
        closed=dict.fromkeys(data["holidays"], "holiday"),
        special_hours={
            day: ["-".join(window) for window in windows] for day, windows in data["overrides"].items()
        },
    )


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _or_never(question: Callable[[], datetime]) -> datetime | None:
    """The answer, or None where the calendar says that the instant is never reached."""
    try:
        return question()
    except CalendarError:
        return None


def _elapsed(calendar: Calendar, case: Case) -> tuple[object, object]:
    start, end = datetime.fromisoformat(case["start"]), datetime.fromisoformat(case["end"])
    return timedelta(microseconds=case["expected_us"]), calendar.elapsed(start, end)


def _add(calendar: Calendar, case: Case) -> tuple[object, object]:
    start, amount = datetime.fromisoformat(case["start"]), timedelta(microseconds=case["us"])
    return _at(case["expected"]), _or_never(lambda: calendar.add(start, amount))


def _is_open(calendar: Calendar, case: Case) -> tuple[object, object]:
    return case["expected"], calendar.is_open(datetime.fromisoformat(case["at"]))


def _next_open(calendar: Calendar, case: Case) -> tuple[object, object]:
    return _at(case["expected"]), calendar.next_open(datetime.fromisoformat(case["at"]))


def _next_close(calendar: Calendar, case: Case) -> tuple[object, object]:
    return _at(case["expected"]), calendar.next_close(datetime.fromisoformat(case["at"]))


def _intervals(calendar: Calendar, case: Case) -> tuple[object, object]:
    spans = calendar.spans(datetime.fromisoformat(case["start"]), datetime.fromisoformat(case["end"]))
    expected = [(_at(low), _at(high)) for low, high in case["expected"]]
    return expected, [(span.start, span.end) for span in spans]


def _end_of_working_day(calendar: Calendar, case: Case) -> tuple[object, object]:
    start = datetime.fromisoformat(case["start"])
    asked = (case["n"], case["first_day"], case.get("cutoff"))
    return _at(case["expected"]), _or_never(lambda: calendar.end_of_working_day(start, *asked))


_ANSWERS: dict[str, Callable[[Calendar, Case], tuple[object, object]]] = {
    "elapsed": _elapsed,
    "add": _add,
    "is_open": _is_open,
    "next_open": _next_open,
    "next_close": _next_close,
    "intervals": _intervals,
    "end_of_working_day": _end_of_working_day,
}


def _shown(answer: object) -> str:
    if isinstance(answer, datetime):
        return answer.isoformat()
    if isinstance(answer, list):
        return str([[_shown(instant) for instant in pair] for pair in answer])
    return f"{answer}"
