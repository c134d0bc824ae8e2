"""iCalendar text (RFC 5545): the open spans of a calendar as events, and the events of a text as a calendar.

Read are VEVENTs with DTSTART, DTEND or DURATION, RRULE, EXDATE and SUMMARY. What would change when an event takes
place and is not understood (RDATE, RECURRENCE-ID, an all-day event that recurs) is a fault, never passed over. No
further package is needed: rules are read by dateutil, as for `Recurrence`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.calendar import Calendar
from itilkit.calendars.period import Period
from itilkit.calendars.recurrence import Recurrence
from itilkit.calendars.zones import read_zone, zone_of
from itilkit.errors import CalendarError, Fault

__all__ = ["from_ics", "to_ics"]

_WIDTH = 75
_STAMP = "%Y%m%dT%H%M%SZ"
_REFUSED = ("RDATE", "RECURRENCE-ID", "EXRULE")
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_LOCAL = re.compile(r"\d{8}T\d{6}")


def to_ics(calendar: Calendar, period: Period, *, summary: str = "") -> str:
    r"""The open stretches of a period as one VCALENDAR, an event each, in UTC.

    Event ids follow from the span and the summary, and the time stamp is the start of the period, so that the same
    question gives the same text.

    >>> office = Calendar({"mon": "09:00-17:00"}, zone="Europe/London", name="office")
    >>> print(to_ics(office, Period.week(2026, 10, zone="UTC")).replace("\r\n", "\n").split("BEGIN:VEVENT\n")[1])
    UID:20260302T090000Z-office@itilkit
    DTSTAMP:20260302T000000Z
    DTSTART:20260302T090000Z
    DTEND:20260302T170000Z
    SUMMARY:office
    END:VEVENT
    END:VCALENDAR
    <BLANKLINE>
    """
    words = summary or calendar.name or "open"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//itilkit//calendars//EN"]
    for span in calendar.spans(period.start, period.end):
        start, end = span.start.strftime(_STAMP), span.end.strftime(_STAMP)
        slug = re.sub(r"\W+", "-", words)
        lines += ["BEGIN:VEVENT", f"UID:{start}-{slug}@itilkit", f"DTSTAMP:{period.start.strftime(_STAMP)}"]
        lines += [f"DTSTART:{start}", f"DTEND:{end}", f"SUMMARY:{_escaped(words)}", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, no character cut."""
    pieces, octets = [""], 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _WIDTH:
            pieces.append(" ")
            octets = 1
        pieces[-1] += letter
        octets += size
    return "\r\n".join(pieces)


@attrs.frozen
class _Property:
    name: str
    parameters: Mapping[str, str]
    value: str
    line: int


def from_ics(text: str, *, zone: str | ZoneInfo, name: str = "") -> Calendar:
    r"""A calendar that is open while any event of the text takes place: take it away and its events are closures.

    Args:
        text: iCalendar text with VEVENTs.
        zone: The zone of all-day events and of times that name none.
        name: What people call it.

    Raises:
        CalendarError: With all faults at once, each with its line.

    >>> text = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261231\nSUMMARY:Stocktaking\nEND:VEVENT\n"
    >>> office = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London")
    >>> closures = from_ics(text, zone="Europe/London", name="closures")
    >>> (office - closures).why(datetime.fromisoformat("2026-12-31T10:00Z"))
    'closed: closures (Stocktaking) until Fri 2027-01-01 00:00'
    """
    faults: list[Fault] = []
    key = read_zone(zone, "zone", faults)
    made = [_calendar(event, key, faults) for event in _events(text)]
    found = [calendar for calendar in made if calendar is not None]
    if faults:
        raise CalendarError(faults)
    return Calendar.any_of(found or [Calendar.never(key)], name=name)


def _events(text: str) -> Iterator[list[_Property]]:
    event: list[_Property] | None = None
    for number, line in _unfolded(text):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        name = name.upper()
        if (name, value.upper()) == ("BEGIN", "VEVENT"):
            event = [_Property(name, {}, value, number)]
        elif (name, value.upper()) == ("END", "VEVENT") and event is not None:
            yield event
            event = None
        elif event is not None:
            pairs = (parameter.partition("=") for parameter in parameters)
            event.append(
                _Property(name, {left.upper(): right.strip('"') for left, _, right in pairs}, value, number)
            )


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    held, since = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith((" ", "\t")):
            held += line[1:]
            continue
        if held:
            yield since, held
        held, since = line, number
    if held:
        yield since, held


def _calendar(event: list[_Property], zone: str, faults: list[Fault]) -> Calendar | None:
    """The calendar of one event."""
    before = len(faults)
    by_name = {one.name: one for one in event}
    faults += [
        Fault(
            "not_understood",
            f"{one.name} is not understood",
            path=one.name,
            line=one.line,
            hint="spell the event out",
        )
        for one in event
        if one.name in _REFUSED
    ]
    begins = by_name.get("DTSTART")
    if begins is None:
        faults.append(Fault("no_start", "the event has no DTSTART", path="DTSTART", line=event[0].line))
        return None
    start = _read(begins, begins.value, zone, faults)
    lasts = _lasting(by_name, start, zone, faults)
    if start is None or lasts is None or len(faults) > before:
        return None
    words = by_name["SUMMARY"].value.replace("\\", "") if "SUMMARY" in by_name else ""
    if not isinstance(start, datetime):
        return _all_day(by_name, start, lasts, zone=zone, words=words, faults=faults)
    left = {day: "left out" for one in event if one.name == "EXDATE" for day in _days(one, zone, faults)}
    own = start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else zone
    rule = by_name.get("RRULE")
    written = _until_a_date(rule.value, own) if rule else "FREQ=DAILY;COUNT=1"
    try:
        recurrence = Recurrence(written, at=start.time(), lasts=lasts, start=start.date())
    except CalendarError as error:
        line = rule.line if rule else begins.line
        faults += [attrs.evolve(fault, path="RRULE", line=line) for fault in error.faults]
        return None
    return Calendar({}, zone=own, recurring=[recurrence], closed=left, name=words)


def _all_day(
    by_name: Mapping[str, _Property],
    first: date,
    lasts: timedelta,
    *,
    zone: str,
    words: str,
    faults: list[Fault],
) -> Calendar | None:
    rule = by_name.get("RRULE")
    if rule is not None:
        message = "an all-day event that recurs is not understood"
        faults.append(Fault("not_understood", message, path="RRULE", line=rule.line, hint="list its dates"))
        return None
    dates = (first + timedelta(days=step) for step in range(lasts.days))
    return Calendar({}, zone=zone, special_hours=dict.fromkeys(dates, "00:00-24:00"), name=words)


def _days(one: _Property, zone: str, faults: list[Fault]) -> Iterator[date]:
    for value in one.value.split(","):
        found = _read(one, value, zone, faults)
        if found is not None:
            yield found.date() if isinstance(found, datetime) else found


def _read(one: _Property, value: str, zone: str, faults: list[Fault]) -> date | datetime | None:
    """A date, or a local time in the zone that the property names."""
    told: list[Fault] = []
    key = "UTC" if value.endswith("Z") else read_zone(one.parameters.get("TZID", zone), "TZID", told)
    faults += [attrs.evolve(fault, path=f"{one.name}.TZID", line=one.line) for fault in told]
    try:
        if _LOCAL.fullmatch(value.removesuffix("Z")):
            return datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=zone_of(key))
        return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        message = f"expected a date or a time, got {value!r}"
        faults.append(Fault("bad_time", message, path=one.name, line=one.line, hint="write 20261231T090000"))
        return None


def _lasting(
    by_name: Mapping[str, _Property], start: date | datetime | None, zone: str, faults: list[Fault]
) -> timedelta | None:
    """How long an event lasts: to DTEND, for DURATION, or, without either, a date or no time at all."""
    if "DTEND" in by_name:
        ends = by_name["DTEND"]
        end = _read(ends, ends.value, zone, faults)
        return None if start is None or end is None else _between(start, end, ends, faults)
    if "DURATION" in by_name:
        return _duration(by_name["DURATION"], faults)
    return timedelta(0) if isinstance(start, datetime) else timedelta(days=1)


def _between(
    start: date | datetime, end: date | datetime, ends: _Property, faults: list[Fault]
) -> timedelta | None:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end.astimezone(UTC) - start.astimezone(UTC)
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return end - start
    faults.append(Fault("bad_time", "DTSTART and DTEND are of two kinds", path="DTEND", line=ends.line))
    return None


def _duration(lasts: _Property, faults: list[Fault]) -> timedelta | None:
    match = _DURATION.fullmatch(lasts.value)
    if match is None or not any(match.groups()):
        message = f"expected a duration, got {lasts.value!r}"
        faults.append(Fault("bad_duration", message, path="DURATION", line=lasts.line, hint="write PT4H"))
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _until_a_date(rule: str, zone: str) -> str:
    """A rule whose UNTIL is a date of the zone, as `Recurrence` counts dates."""

    def local(match: re.Match[str]) -> str:
        stamp = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(
            tzinfo=UTC if match[2] else zone_of(zone)
        )
        return f"UNTIL={stamp.astimezone(zone_of(zone)):%Y%m%d}"

    return re.sub(r"UNTIL=(\d{8}T\d{6})(Z?)", local, rule, flags=re.IGNORECASE)
