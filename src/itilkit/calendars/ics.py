"""iCalendar text (RFC 5545): the open spans of a calendar as events, and the events of a text as a calendar.

The text is read and written by the package `icalendar`, which is imported on use: ``pip install 'itilkit[ics]'``.
Here is only what its events mean for a calendar. An event counts by DTSTART, DTEND or DURATION, RRULE, RDATE,
EXDATE and STATUS (a cancelled one takes no time); what would change when it takes place and cannot be kept
(RECURRENCE-ID, EXRULE, a broken value) is a fault, never passed over. Zones are those of the zone data, by their
IANA or Windows names, also behind the prefix of a vendor (``/citadel.org/20210210_1/Europe/Berlin``); a VTIMEZONE is
not asked. A day lasts to the next local midnight, a duration its real time.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from itilkit.calendars.calendar import Calendar
from itilkit.calendars.period import Period
from itilkit.calendars.recurrence import Recurrence
from itilkit.calendars.rules import FIRST_YEAR, LAST_YEAR
from itilkit.calendars.shapes import is_list
from itilkit.calendars.warned import warned
from itilkit.calendars.zones import is_zone, read_zone, zone_of
from itilkit.errors import CalendarError, Fault

__all__ = ["from_ics", "to_ics"]

# What the package gives a value of the kind that a property has; text may claim another kind (VALUE=TEXT).
_KINDS = {"DTSTART": "dt", "DTEND": "dt", "DURATION": "dt", "RDATE": "dts", "EXDATE": "dts", "RRULE": "get"}
_REFUSED = ("RECURRENCE-ID", "EXRULE")
_TIME_HINT = "write 20261231T090000, or VALUE=DATE and 20261231"
_RULE_HINT = "write FREQ=DAILY;COUNT=3"
# What a property that cannot be read is called, and how to mend it; others do not change when an event takes place.
_BROKEN = {
    "DTSTART": ("bad_time", _TIME_HINT),
    "DTEND": ("bad_time", _TIME_HINT),
    "RDATE": ("bad_time", _TIME_HINT),
    "EXDATE": ("bad_time", _TIME_HINT),
    "DURATION": ("bad_duration", "write PT1H30M or P2D"),
    "RRULE": ("bad_rule", _RULE_HINT),
    "": ("bad_line", "write NAME:value, a property a line"),
}
_DAY = timedelta(days=1)
_PIECE = timedelta(days=364)  # a recurrence lasts at most 366 days; a longer event is several in a row
_LAST_DAY = date(LAST_YEAR, 12, 31).toordinal()
_ONCE = "FREQ=DAILY;COUNT=1"
_Moments = list[tuple[date | datetime, timedelta | None]]


def to_ics(calendar: Calendar, period: Period, *, summary: str = "") -> str:
    r"""The open stretches of a period as one VCALENDAR, an event each, in UTC.

    Event ids follow from the span and the summary, and the time stamp is the start of the period, so that the same
    question gives the same text.

    Raises:
        CalendarError: icalendar is not installed.

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
    package = _icalendar()
    words = summary or calendar.name or "open"
    slug = re.sub(r"\W+", "-", words)
    whole = package.Calendar()
    whole.add("VERSION", "2.0")
    whole.add("PRODID", "-//itilkit//calendars//EN")
    for span in calendar.spans(period.start, period.end):
        event = package.Event()
        event.add("UID", f"{span.start:%Y%m%dT%H%M%SZ}-{slug}@itilkit")
        event.add("DTSTAMP", period.start.astimezone(UTC))
        event.add("DTSTART", span.start)
        event.add("DTEND", span.end)
        event.add("SUMMARY", words)
        whole.add_component(event)
    text: str = whole.to_ical(sorted=False).decode()
    return text


def from_ics(text: str, *, zone: str | ZoneInfo, name: str = "") -> Calendar:
    r"""A calendar that is open while any event of the text takes place: take it away and its events are closures.

    Args:
        text: iCalendar text with VEVENTs.
        zone: The zone of all-day events and of times that name none.
        name: What people call it.

    Raises:
        CalendarError: With all faults at once, each with the event and property it lies in (``events[0].DTSTART``);
            or icalendar is not installed.

    >>> text = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261231\nSUMMARY:Stocktaking\nEND:VEVENT\n"
    >>> office = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London")
    >>> closures = from_ics(text, zone="Europe/London", name="closures")
    >>> (office - closures).why(datetime.fromisoformat("2026-12-31T10:00Z"))
    'closed: closures (Stocktaking) until Fri 2027-01-01 00:00'
    """
    package = _icalendar()
    faults: list[Fault] = []
    key = read_zone(zone, "zone", faults)
    found: list[Calendar] = []
    for index, (component, strange) in enumerate(_events(package, text, faults)):
        words = str(component.get("SUMMARY", "") or "")
        event = _Event(component, f"events[{index}]", words, key, strange, faults)
        found += event.calendars()
    if faults:
        raise CalendarError(faults)
    return Calendar.any_of(found or [Calendar.never(key)], name=name)


def _icalendar() -> Any:
    """The package. It is typed in part, and what a property holds depends on the text: so all of it is Any here."""
    try:
        import icalendar  # noqa: PLC0415  an extra: loaded on use
    except ImportError:
        raise CalendarError.one(
            "missing_extra", "iCalendar text needs icalendar", hint="pip install 'itilkit[ics]'"
        ) from None
    return icalendar


def _events(package: Any, text: str, faults: list[Fault]) -> list[tuple[Any, list[str]]]:
    """The events of a text, those within other components too, each with what its rules hold without a value."""
    try:
        data = text.encode()  # as a string without line breaks it would be taken for the name of a file
        lines = [str(line).upper() for line in package.parser.Contentlines.from_ical(data)]
        with warned():  # that it guesses a zone, which is read here by a rule of its own
            components = package.Event.from_ical(data, multiple=True)
        events = [event for component in components for event in component.walk("VEVENT")]
        methods = [str(component.get("METHOD", "")) for component in components]
    except Exception as error:  # whatever a parser says of a text is a fault of the text
        faults.append(Fault("bad_text", f"the text cannot be read: {error}", hint="give iCalendar text"))
        return []
    if not components:
        faults.append(Fault("bad_text", "the text holds no component", hint="give iCalendar text"))
    if "CANCEL" in (method.upper() for method in methods):
        message = "the text calls events off"
        faults.append(Fault("not_understood", message, path="METHOD", hint="leave these events out"))
    strange = _strange(lines)
    if len(strange) != len(events):
        message = f"{len(strange)} events begin and {len(events)} end"
        faults.append(Fault("bad_text", message, path="VEVENT", hint="is the text complete?"))
        return []
    return list(zip(events, strange, strict=True))


def _strange(lines: list[str]) -> list[list[str]]:
    """For each event, the parts of its rules that are no name with a value: the package passes them over."""
    found: list[list[str]] = []
    inside: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            found += [[]] if value == "VEVENT" else []
        elif name == "END":
            del inside[-1:]
        elif inside[-1:] == ["VEVENT"] and name.partition(";")[0] == "RRULE":
            found[-1] += [part for part in value.split(";") if not re.fullmatch("[^=]+=[^=]+", part)]
    return found


@attrs.frozen
class _Event:
    """One VEVENT, read with a note of all that is wrong with it."""

    component: Any
    path: str
    words: str
    zone: str
    strange: list[str]
    faults: list[Fault]

    def calendars(self) -> list[Calendar]:
        """The calendars of its occurrences; none when something is wrong with it or it is called off."""
        if str(self.component.get("STATUS", "")).upper() == "CANCELLED":
            return []
        before = len(self.faults)
        self.check()
        if len(self.faults) > before:
            return []
        start = self.start()
        lasts = None if start is None else self.lasting(start)
        added, left = self.listed("RDATE"), [moment for moment, _ in self.listed("EXDATE")]
        for moment, _ in added:
            if isinstance(moment, datetime) != isinstance(start, datetime):
                self.fault(
                    "bad_time", "DTSTART and RDATE are of two kinds", "RDATE", "give both a time, or none"
                )
        if start is None or lasts is None or len(self.faults) > before:
            return []
        if isinstance(start, datetime):
            return self.timed(start, lasts, added=added, left=left)
        return self.all_day(start, lasts, added=added, left=left)

    def check(self) -> None:
        """Notes the properties that the package could not read, or that mean what is not understood here."""
        broken = [("RRULE", f"{part!r} is not understood") for part in self.strange]
        broken += [
            (name or "", message)
            for name, message in self.component.errors
            if not (name == "RRULE" and self.strange)
        ]
        unread = {name for name, _ in broken}
        broken += [
            (name, f"{name} has a value of another kind")
            for name, kind in _KINDS.items()
            if name not in unread and not all(hasattr(value, kind) for value in self.values(name))
        ]
        for name, message in broken:
            if name in _BROKEN:
                code, hint = _BROKEN[name]
                self.fault(code, message, name, hint)
        for name in _REFUSED:
            if name in self.component:
                self.fault("not_understood", f"{name} is not understood", name, "spell the event out")

    def fault(self, code: str, message: str, name: str, hint: str = "") -> None:
        """Notes what is wrong with a property, and with which event."""
        uid = self.words or str(self.component.get("UID", ""))
        told = f"{message}, in {uid!r}" if uid else message
        place = f"{self.path}.{name}" if name else self.path
        self.faults.append(Fault(code, told, path=place, hint=hint))

    def values(self, name: str) -> list[Any]:
        """The values of a property, as often as it is given."""
        found = self.component.get(name, [])
        return list(found) if is_list(found) else [found]

    def only(self, name: str) -> Any:
        """The value of a property that is given once, or None."""
        found = self.values(name)
        if len(found) > 1:
            self.fault("twice", f"{name} is given {len(found)} times", name, "give it once")
        return found[0] if found else None

    def start(self) -> date | datetime | None:
        """When it begins."""
        value = self.only("DTSTART")
        if value is None:
            self.fault("no_start", "the event has no DTSTART", "DTSTART", _TIME_HINT)
            return None
        return self.moment(value.dt, value.params, "DTSTART")

    def moment(self, value: object, params: Any, name: str) -> date | datetime | None:
        """A date, or a time in its zone: UTC, the one that is named, or the one for times that name none."""
        if isinstance(value, datetime):
            value = value.replace(tzinfo=zone_of(self.key(value, params, name)))
        elif not isinstance(value, date):
            self.fault("bad_time", f"expected a date or a time, got {value!r}", name, _TIME_HINT)
            return None
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            hint = f"calendars work from {FIRST_YEAR} to {LAST_YEAR}"
            self.fault("bad_time", f"{value} lies outside {FIRST_YEAR} to {LAST_YEAR}", name, hint)
            return None
        return value

    def key(self, value: datetime, params: Any, name: str) -> str:
        """The IANA key of the zone a time is written in."""
        if "TZID" not in params:
            return "UTC" if value.tzinfo else self.zone
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415  an extra: loaded on use

        named = str(params["TZID"])
        told: list[Fault] = []
        key = read_zone(_tail(WINDOWS_TO_OLSON.get(named, named)), "", told)
        for fault in told:
            self.fault(fault.code, fault.message, f"{name}.TZID", fault.hint)
        return key

    def lasting(self, start: date | datetime) -> timedelta | None:
        """How long each occurrence takes: to DTEND, for DURATION, or, without either, a date."""
        ends, duration = self.only("DTEND"), self.only("DURATION")
        name = "DTEND" if duration is None else "DURATION"
        if ends is not None and duration is not None:
            self.fault("twice", "DTEND and DURATION are both given", name, "give one of them")
            return None
        if duration is not None:
            found = duration.dt
        elif ends is not None:
            end = self.moment(ends.dt, ends.params, name)
            found = None if end is None else self.between(start, end, name)
        else:
            found = timedelta() if isinstance(start, datetime) else _DAY
        return None if found is None else self.some(start, found, name)

    def some(self, start: date | datetime, found: object, name: str) -> timedelta | None:
        """A duration that takes time; of whole days for an event of whole days."""
        if not isinstance(found, timedelta) or found <= timedelta():
            self.fault("bad_duration", f"the event takes no time: {found}", name, "give DTEND or DURATION")
            return None
        if not isinstance(start, datetime) and found % _DAY:
            self.fault("bad_duration", f"expected whole days, got {found}", name, "give DTSTART a time")
            return None
        if found > timedelta(days=366 * (LAST_YEAR - FIRST_YEAR)):
            hint = f"calendars work from {FIRST_YEAR} to {LAST_YEAR}"
            self.fault("bad_duration", f"the event takes too long: {found}", name, hint)
            return None
        return found

    def between(self, start: date | datetime, end: date | datetime, name: str) -> timedelta | None:
        """The real time, or the days, from start to end."""
        if isinstance(start, datetime) and isinstance(end, datetime):
            return end.astimezone(UTC) - start.astimezone(UTC)
        if isinstance(start, datetime) or isinstance(end, datetime):
            self.fault("bad_time", f"DTSTART and {name} are of two kinds", name, "give both a time, or none")
            return None
        return end - start

    def listed(self, name: str) -> _Moments:
        """The moments of RDATE or EXDATE, a period with how long it lasts."""
        found: _Moments = []
        for values in self.values(name):
            for one in values.dts:
                period = list(one.dt) if is_list(one.dt) else [one.dt]
                ends = [self.moment(end, values.params, name) for end in period if isinstance(end, date)]
                lasts = [end for end in period[1:] if isinstance(end, timedelta)]
                moment, *last = ends or [self.moment(period[0], values.params, name)]
                if moment is None:
                    continue
                lasts += [
                    span for end in last if end and (span := self.between(moment, end, name)) is not None
                ]
                found.append((moment, self.some(moment, lasts[0], name) if lasts else None))
        return found

    def recurrences(self, start: date | datetime, lasts: timedelta) -> list[Recurrence]:
        """Its rules as recurrences on the dates of its zone."""
        timed = isinstance(start, datetime)
        clock, first = (start.time(), start.date()) if isinstance(start, datetime) else (time(), start)
        found: list[Recurrence] = []
        for rule in self.values("RRULE"):
            try:
                dates = _by_date(rule, start)
                found.append(Recurrence(dates, at=clock, lasts=lasts, start=first, whole_days=not timed))
            except CalendarError as error:
                ends = "DURATION" if "DURATION" in self.component else "DTEND"
                for fault in error.faults:
                    self.fault(
                        fault.code, fault.message, ends if fault.path == "lasts" else "RRULE", fault.hint
                    )
        return found

    def timed(
        self,
        start: datetime,
        lasts: timedelta,
        *,
        added: _Moments,
        left: list[date | datetime],
    ) -> list[Calendar]:
        """The occurrences of an event that begins at a time of day."""
        zone = zone_of(_key(start))
        rules = self.recurrences(start, lasts)
        singles = added if rules else [(start, lasts), *added]
        instants = {moment.astimezone(UTC) for moment in left if isinstance(moment, datetime)}
        dates = {moment for moment in left if not isinstance(moment, datetime)}
        found: list[Calendar] = []
        if rules:
            # Left out is the occurrence that begins at that very time; a date stands for whatever begins on it.
            there = (instant.astimezone(zone) for instant in instants)
            days = dates | {moment.date() for moment in there if moment.time() == start.time()}
            closed = dict.fromkeys(sorted(days), "left out")
            found.append(Calendar({}, zone=zone, recurring=rules, closed=closed, name=self.words))
        for moment, takes in singles:
            at = moment if isinstance(moment, datetime) else start
            if at.astimezone(UTC) not in instants and at.astimezone(zone).date() not in dates:
                found.append(_single(at, takes or lasts, self.words))
        return found

    def all_day(
        self,
        start: date,
        lasts: timedelta,
        *,
        added: _Moments,
        left: list[date | datetime],
    ) -> list[Calendar]:
        """The occurrences of an event of whole days, which are open from midnight to midnight."""
        rules = self.recurrences(start, lasts)
        starts = {day for day, _ in added} | ({start} if not rules else frozenset[date]())
        starts.difference_update(left)
        days = sorted({day.toordinal() + step for day in starts for step in range(lasts.days)})
        opens = {date.fromordinal(day): "00:00-24:00" for day in days if day <= _LAST_DAY}
        found: list[Calendar] = []
        if rules:
            closed = dict.fromkeys(sorted(left), "left out")
            found.append(Calendar({}, zone=self.zone, recurring=rules, closed=closed, name=self.words))
        if opens:
            found.append(Calendar({}, zone=self.zone, special_hours=opens, name=self.words))
        return found


def _key(moment: datetime) -> str:
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else "UTC"


def _single(start: datetime, lasts: timedelta, words: str) -> Calendar:
    """One stretch of real time, in the zone of its start unless the clock there reads the same twice."""
    pieces: list[tuple[datetime, timedelta]] = []
    begins, key = start.astimezone(UTC), _key(start)
    while lasts:
        takes = min(lasts, _PIECE)
        pieces.append((begins.astimezone(zone_of(key)), takes))
        begins, lasts = begins + takes, lasts - takes
    if any(at.fold for at, _ in pieces):
        key, pieces = "UTC", [(at.astimezone(zone_of("UTC")), takes) for at, takes in pieces]
    recurring = [Recurrence(_ONCE, at=at.time(), lasts=takes, start=at.date()) for at, takes in pieces]
    return Calendar({}, zone=key, recurring=recurring, name=words)


def _tail(named: str) -> str:
    """The zone that the last segments of a globally unique TZID name, as in ``/vendor/version/Europe/London``."""
    segments = named.split("/") if named.startswith("/") else []
    tails = ("/".join(segments[-count:]) for count in (3, 2, 1) if count < len(segments))
    return next((tail for tail in tails if is_zone(tail)), named)


def _by_date(rule: Any, start: date | datetime) -> str:
    """A rule whose UNTIL is the last date of the zone on which it may begin, as `Recurrence` counts dates."""
    until = rule.get("UNTIL")
    if until:
        last = until[0]
        if isinstance(last, datetime) and isinstance(start, datetime):
            last = last.astimezone(start.tzinfo) if last.tzinfo else last
            last = last.date() if last.time() >= start.time() else last.date() - _DAY
        elif isinstance(last, datetime):
            last = last.date()
        if len(until) > 1 or not isinstance(last, date):
            message = f"expected a date or a time in UNTIL, got {until!r}"
            raise CalendarError.one("bad_rule", message, hint="write UNTIL=20261231")
        rule = type(rule)({**rule, "UNTIL": [last]})
    text: str = rule.to_ical().decode()
    return text
