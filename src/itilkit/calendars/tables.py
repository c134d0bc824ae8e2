"""A calendar as the table of a policy file, and as text that can be read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from itilkit.calendars.algebra import AnyOf, Changing, Except
from itilkit.calendars.hours import clock_text, days_text, week_data, windows_data
from itilkit.calendars.public_holidays import PublicHolidays
from itilkit.calendars.reading import read_schedule
from itilkit.calendars.recurrence import duration_text
from itilkit.calendars.schedule import Schedule
from itilkit.calendars.shapes import is_list, is_table
from itilkit.errors import CalendarError, Fault, near

if TYPE_CHECKING:
    from itilkit.calendars.calendar import Calendar

__all__ = ["BUILT_IN", "NAMING", "calendar_data", "read_calendar", "schedule_data", "schedule_text"]

_OWN = ("weekly", "public_holidays", "closed", "special_hours", "working_days", "recurring")
NAMING = ("open_when_any", "except_when", "changes")
_KEYS = ("zone", *_OWN, *NAMING)
BUILT_IN = "round_the_clock"


def read_calendar(
    make: type[Calendar],
    data: Mapping[str, Any],
    *,
    zone: str | ZoneInfo | None,
    known: Mapping[str, Calendar],
    name: str,
    faults: list[Fault],
) -> Calendar | None:
    """The calendar that a table describes, made by `make`; None, and faults, when it cannot be read."""
    known = {BUILT_IN: make.round_the_clock(), **known}
    before = len(faults)
    faults += [
        Fault("unknown_key", f"unknown key {key!r}", path=str(key), hint=near(str(key), _KEYS))
        for key in data
        if key not in _KEYS
    ]
    calendar = (
        _joined(make, data, known, faults) if "open_when_any" in data else _own(make, data, zone, faults)
    )
    without = _named(data.get("except_when", ()), "except_when", known, faults)
    changes = _changes(data.get("changes", {}), known, faults)
    if calendar is None or len(faults) > before:
        return None
    if changes:
        try:
            calendar = calendar.changing(changes)
        except CalendarError as error:
            faults.extend(error.faults)
            return None
    return calendar.except_when(without, name=name) if without else calendar.named(name)


def _own(
    make: type[Calendar], data: Mapping[str, Any], zone: str | ZoneInfo | None, faults: list[Fault]
) -> Calendar | None:
    if "weekly" not in data and "recurring" not in data:
        hint = 'write weekly = { mon-fri = "09:00-17:30" }'
        faults.append(Fault("no_hours", "there are no opening hours", path="weekly", hint=hint))
        return None
    schedule = read_schedule(
        data.get("weekly", {}),
        data.get("zone", zone),
        faults=faults,
        **{key: data.get(key) for key in _OWN[1:]},
    )
    return make.of(schedule)


def _joined(
    make: type[Calendar], data: Mapping[str, Any], known: Mapping[str, Calendar], faults: list[Fault]
) -> Calendar | None:
    faults += [
        Fault(
            "two_kinds",
            f"{key} does not go with open_when_any",
            path=key,
            hint="put it in a calendar of its own",
        )
        for key in (*_OWN, "zone")
        if key in data
    ]
    parts = _named(data["open_when_any"], "open_when_any", known, faults)
    if not parts:
        message = "expected the names of calendars"
        faults.append(Fault("no_calendars", message, path="open_when_any", hint='write ["office"]'))
        return None
    return make.any_of(parts)


def _named(value: object, path: str, known: Mapping[str, Calendar], faults: list[Fault]) -> list[Calendar]:
    if not is_list(value):
        message = f"expected a list of calendar names, got {value!r}"
        faults.append(Fault("bad_names", message, path=path, hint='write ["office"]'))
        return []
    found = (_one(item, f"{path}[{index}]", known, faults) for index, item in enumerate(value))
    return [calendar for calendar in found if calendar is not None]


def _one(name: object, path: str, known: Mapping[str, Calendar], faults: list[Fault]) -> Calendar | None:
    if isinstance(name, str) and name in known:
        return known[name]
    hint = near(str(name), known)
    faults.append(Fault("unknown_calendar", f"there is no calendar {name!r}", path=path, hint=hint))
    return None


def _changes(value: object, known: Mapping[str, Calendar], faults: list[Fault]) -> dict[str, Calendar]:
    if not is_table(value):
        message = f"expected calendar names by date, got {value!r}"
        faults.append(Fault("bad_names", message, path="changes", hint='write { 2026-07-01 = "summer" }'))
        return {}
    found = {str(day): _one(name, f"changes.{day}", known, faults) for day, name in value.items()}
    return {day: calendar for day, calendar in found.items() if calendar is not None}


def schedule_text(schedule: Schedule, name: str) -> str:
    """The call that makes a schedule as a calendar of that name."""
    if schedule.is_round_the_clock and name == BUILT_IN and schedule.working_days is None:
        return f"Calendar.round_the_clock({schedule.zone!r})"
    data = schedule_data(schedule)
    parts = [repr(_short(data.pop("weekly", {}))), f"zone={data.pop('zone')!r}"]
    if schedule.public_holidays:
        specs = [spec.code if spec.is_plain else spec for spec in schedule.public_holidays]
        data["public_holidays"] = specs[0] if len(specs) == 1 else specs
    if schedule.special:
        data["special_hours"] = _short(data["special_hours"])
    if schedule.recurring:
        data["recurring"] = list(schedule.recurring)
    if name:
        data["name"] = name
    return f"Calendar({', '.join([*parts, *(f'{key}={value!r}' for key, value in data.items())])})"


def _short(hours: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """Hours as they are written by hand: a single window stands without a list."""
    return {key: texts[0] if len(texts) == 1 else texts for key, texts in hours.items()}


def schedule_data(schedule: Schedule) -> dict[str, Any]:
    """The table of a schedule, without what is empty."""
    found: dict[str, Any] = {
        "weekly": week_data(schedule.week),
        "zone": schedule.zone,
        "public_holidays": [_holidays_data(spec) for spec in schedule.public_holidays],
        "closed": {str(day): reason for day, reason in schedule.closed},
        "special_hours": {str(day): windows_data(windows) for day, windows in schedule.special},
        "working_days": None if schedule.working_days is None else days_text(schedule.working_days),
        "recurring": [
            {"rule": one.rule, "at": clock_text(one.at), "lasts": duration_text(one.lasts)}
            | ({"start": str(one.start)} if one.start else {})
            | ({"whole_days": True} if one.whole_days else {})
            for one in schedule.recurring
        ],
    }
    kept = {key: value for key, value in found.items() if value or key == "zone"}
    return kept if "weekly" in kept or "recurring" in kept else {"weekly": {}, **kept}


def _holidays_data(spec: PublicHolidays) -> str | dict[str, Any]:
    if spec.is_plain:
        return spec.code
    usual = PublicHolidays(spec.code)
    table: dict[str, Any] = {"code": spec.code}
    if spec.categories:
        table["categories"] = list(spec.categories)
    for key in ("language", "observed", "beyond"):
        if getattr(spec, key) != getattr(usual, key):
            table[key] = getattr(spec, key)
    return table


def calendar_data(calendar: Calendar) -> dict[str, Any]:
    """The table of a calendar; its parts stand there by name."""
    rules = calendar.rules
    if isinstance(rules, Schedule):
        return schedule_data(rules)
    if isinstance(rules, AnyOf):
        return {"open_when_any": [_name_of(part) for part in rules.parts]}
    if isinstance(rules, Except):
        without = [_name_of(part) for part in rules.without]
        base = {"open_when_any": [rules.base.name]} if rules.base.name else calendar_data(rules.base)
        return base | {"except_when": without}
    if isinstance(rules, Changing):
        (_, first), *later = rules.parts
        if isinstance(first.rules, Schedule):
            return schedule_data(first.rules) | {"changes": {str(day): _name_of(part) for day, part in later}}
    raise CalendarError.one(
        "no_table", "no table expresses this calendar", hint="give its parts calendars of their own"
    )


def _name_of(part: Calendar) -> str:
    if not part.name:
        raise CalendarError.one(
            "no_name", f"a part has no name: {part!r}", hint="name it: part.named('office')"
        )
    return part.name
