"""One value for all the rules of a house, and the questions a host asks of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Self, cast

import attrs

from itilkit.calendars import Calendar, Period
from itilkit.conditions import FieldType, Schema
from itilkit.errors import Fault, PolicyError, near, of_another_kind, shown
from itilkit.escalation import Cadence, Due
from itilkit.events import Classified, Event, Fields, Logged, Person, PrioritySet, Scalar
from itilkit.incident_models import IncidentModel, Progress, Route, Triage, triage
from itilkit.lifecycle import (
    Decision,
    Lifecycle,
    Permitted,
    Timer,
    TimerDue,
    check_timers,
    decide,
    due_timers,
    permitted,
    replay,
)
from itilkit.lifecycle.situations import situations
from itilkit.major_incidents import Candidate, MajorRule, candidate
from itilkit.policy.agreement import Agreement
from itilkit.policy.assessing import assessed, prioritised
from itilkit.policy.attached import cadences_of, progress_of
from itilkit.policy.dues import dues
from itilkit.policy.file import (
    PolicyFile,
    file_data,
    placed,
    read,
    read_calendar_names,
    read_data,
)
from itilkit.policy.file.toml import toml_text
from itilkit.policy.whole import named_calendars, read_again, schema_of
from itilkit.policy.words import priority_level
from itilkit.priority import (
    Derivation,
    Matrix,
    PriorityRule,
    WhenFactsChange,
    check_rules,
    check_when_facts_change,
    derive,
)
from itilkit.records import Incident
from itilkit.sla import Assessment, ChainFinding, Reading, chain

if TYPE_CHECKING:
    from itilkit.policy.backtest import Backtest, Cohort
    from itilkit.policy.coverage import Coverage
    from itilkit.policy.diff import Diff

__all__ = ["Policy"]

_STANDARD = ("category", "subcategory", "service", "configuration_item", "impact", "urgency")
_LOGGED = ("title", "reporter", "channel")
_SAID = ("tags", "affected_users", "estimated_outage_minutes", "cost_per_minute", "item_cost")
_ALIKE = 0.8


def _several(given: object) -> tuple[Any, ...]:
    """The values of a list; what is no list stands alone, and the checks tell of what kind it is."""
    return tuple(cast("Iterable[object]", given)) if isinstance(given, Iterable) else (given,)


def _agreements(agreements: Iterable[Agreement]) -> tuple[Agreement, ...]:
    return _several(agreements)


def _rules(rules: Iterable[PriorityRule]) -> tuple[PriorityRule, ...]:
    return _several(rules)


def _fields(fields: Mapping[str, object]) -> Mapping[str, FieldType]:
    """Types, or what stands for them; `schema_of` reads them and tells what is none."""
    return cast("Mapping[str, FieldType]", fields)


def _timers(timers: Iterable[Timer]) -> tuple[Timer, ...]:
    return _several(timers)


def _cadences(cadences: Iterable[Cadence]) -> tuple[Cadence, ...]:
    return _several(cadences)


def _models(models: Iterable[IncidentModel]) -> tuple[IncidentModel, ...]:
    return _several(models)


def _routes(routes: Iterable[Route]) -> tuple[Route, ...]:
    return _several(routes)


def _major_rules(rules: Iterable[MajorRule]) -> tuple[MajorRule, ...]:
    return tuple(rules)


@attrs.frozen(repr=False)
class Policy:
    """The rules of a house.

    Attributes:
        name: What the house calls it.
        lifecycle: What may follow what.
        matrix: Impact and urgency to priority.
        priority_rules: What may raise a priority, in order.
        when_facts_change: What new facts do to a derived priority: ``recompute`` or ``pinned``.
        agreements: In order; of each kind the first one whose condition holds is in force.
        calendars: The calendars by name; those that agreements use without a name are added under one.
        calendar: On which windows, timers and steps of models are counted; by default that of the first agreement.
        timers: What happens by itself after a while.
        cadences: How often whom is written to while an incident is open.
        incident_models: What is done for which kind of incident; no two have the same id and version.
        routes: Which group gets what, in order; ``[[routing]]`` in the file.
        major_rules: Which incidents somebody should hold for a major one, in order.
        fields: The house's own fields that conditions may ask about, with their types as `Schema.having` takes them.
        zone: The zone of every time and date in the file; calendars may have their own.
        valid_from: The first date on which the policy is in force; None where that is not said.

    Raises:
        PolicyError: with every fault: an agreement promises something for a priority that the matrix does not have, a
            condition asks about an unknown field, a rule raises to an unknown level, a timer does not fit the
            lifecycle, a cadence, model, route or major rule names what the policy does not have.
    """

    name: str
    lifecycle: Lifecycle = attrs.field(kw_only=True)
    matrix: Matrix = attrs.field(kw_only=True)
    priority_rules: tuple[PriorityRule, ...] = attrs.field(default=(), converter=_rules, kw_only=True)
    when_facts_change: WhenFactsChange = attrs.field(default="recompute", kw_only=True)
    agreements: tuple[Agreement, ...] = attrs.field(default=(), converter=_agreements, kw_only=True)
    calendars: Mapping[str, Calendar] = attrs.field(factory=dict[str, Calendar], kw_only=True, hash=False)
    calendar: Calendar | None = attrs.field(default=None, kw_only=True)
    timers: tuple[Timer, ...] = attrs.field(default=(), converter=_timers, kw_only=True)
    cadences: tuple[Cadence, ...] = attrs.field(default=(), converter=_cadences, kw_only=True)
    incident_models: tuple[IncidentModel, ...] = attrs.field(default=(), converter=_models, kw_only=True)
    routes: tuple[Route, ...] = attrs.field(default=(), converter=_routes, kw_only=True)
    major_rules: tuple[MajorRule, ...] = attrs.field(default=(), converter=_major_rules, kw_only=True)
    fields: Mapping[str, FieldType] = attrs.field(
        factory=dict[str, FieldType], converter=_fields, kw_only=True, hash=False
    )
    zone: str = attrs.field(default="UTC", kw_only=True)
    valid_from: date | None = attrs.field(default=None, kw_only=True)
    _known: Schema = attrs.field(init=False, eq=False, repr=False)
    # What it was read from, for lines; a changed copy was read from nothing.
    _text: str = attrs.field(default="", init=False, eq=False, repr=False)
    _source: str = attrs.field(default="", init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        odd = [
            *of_another_kind("agreements", self.agreements, Agreement),
            *of_another_kind("priority.rules", self.priority_rules, PriorityRule),
            *of_another_kind("lifecycle.timers", self.timers, Timer),
            *_no_calendar(self.calendar),
        ]
        if odd:
            raise PolicyError(odd)
        known = schema_of(self.fields, self.matrix)
        lists = read_again(
            self.agreements,
            self.priority_rules,
            known,
            cadences=self.cadences,
            models=self.incident_models,
            routes=self.routes,
            major_rules=self.major_rules,
        )
        own = (each for agreement in lists["agreements"] for each in agreement.calendars)
        used = (*(() if self.calendar is None else (self.calendar,)), *own)
        for name, value in (
            ("_known", known),
            ("fields", {name: known.fields[name] for name in self.fields}),
            *lists.items(),
            ("calendars", named_calendars(self.calendars, used, self.zone)),
        ):
            object.__setattr__(self, name, value)
        faults = [
            *check_rules(self.priority_rules, self.matrix),
            *(
                attrs.evolve(fault, path=f"priority.{fault.path}")
                for fault in check_when_facts_change(self.when_facts_change)
            ),
            *_unknown_priorities(self),
            *(
                attrs.evolve(fault, path=f"lifecycle.{fault.path}")
                for fault in check_timers(self.timers, self.lifecycle)
            ),
        ]
        if faults:
            raise PolicyError(faults)

    def __repr__(self) -> str:
        agreements = ", ".join(f"{agreement.kind} {agreement.name}" for agreement in self.agreements)
        return (
            f"<Policy {self.name}: {self.lifecycle.name}, {self.matrix.name}, {agreements or 'no agreement'}>"
        )

    @classmethod
    def from_toml(
        cls, text: str, *, source: str = "", calendars: Mapping[str, Calendar] | None = None
    ) -> Self:
        """The policy that a TOML file describes.

        Args:
            text: The text of the file.
            source: Its name, for messages.
            calendars: Calendars built elsewhere that the file may name.

        Raises:
            PolicyError: with every fault, each with its path and line. Values are taken strictly: ``"false"`` is
                no truth value, ``1.9`` no count and a text no list.
        """
        file = read(text, source=source, calendars=calendars or {})
        policy = cls._placed(file, text, source)
        object.__setattr__(policy, "_text", text)
        object.__setattr__(policy, "_source", source)
        return policy

    def lint(self, *, over: Period | None = None) -> tuple[Fault, ...]:
        """What is allowed in this policy and yet cannot be meant, found without any incident.

        Each finding has the code of its rule, P000 to P013; the matrix and a lifecycle of the house's own add what
        they have to say, with their own codes. Paths are those of the policy file. A policy that was read from a file
        tells the lines, too, and its findings come in their order.

        Args:
            over: The time in which the policy is to hold; it decides what is compared on different clocks and which
                holidays must be known. Without it, the last year of which the policy names a date, or 2026 where it
                names none.

        >>> from datetime import timedelta
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Agreement, Target
        >>> from itilkit.priority import ITIL_3X3
        >>> targets = [Target([1, 2, 3, 4, 5], {"resolution": timedelta(hours=4)})]
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> gold, default = (Agreement(name, targets, calendar=office) for name in ("Gold", "Default"))
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold, default])
        >>> [(fault.code, fault.path) for fault in policy.lint()]
        [('P003', 'agreements[1]'), ('P004', 'agreements[0]')]
        """
        from itilkit.policy.lint import lint  # noqa: PLC0415  for reviews, not for the daily work

        return lint(self, over=over, text=self._text, source=self._source)

    def diff(self, other: Policy, *, over: Period | None = None) -> Diff:
        """What changes from this policy to another one, each change with its direction and how many cases it touches.

        Args:
            other: The policy as it is to be.
            over: The time in which hours and targets on different clocks are compared; without it, the last year of
                which the policies name a date, or 2026 where they name none.

        >>> from datetime import timedelta
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Agreement, Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> def policy(hours):
        ...     gold = Agreement("Gold", [Target(2, {"resolution": timedelta(hours=hours)})], calendar=office)
        ...     return Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
        >>> print(policy(8).diff(policy(6)))
        SLA Gold: P2 resolution: 8h -> 6h; 1 cell; stricter
        """
        from itilkit.policy.diff import diff  # noqa: PLC0415  for reviews, not for the daily work

        return diff(self, other, over=over)

    def backtest(
        self,
        incidents: Iterable[Incident],
        *,
        against: Policy,
        as_of: datetime,
        strict: bool = True,
        cohort: Cohort = "resolved",
        progress: Callable[[int], object] | None = None,
    ) -> Backtest:
        """What the same incidents come to under this policy and under another one.

        Each incident is read under both; what the two have in common is worked out once, and counts are kept, not
        readings. A promise is breached when any cycle of its clock was, as in `itilkit.kpi.sla_compliance`; what is
        pending, cancelled, not recorded or not promised is counted as that, never as met. All incidents count, also
        duplicates and children: leave out before what is not to count.

        Args:
            incidents: The records; any iterable, read once and not kept.
            against: The policy to compare with: the old one.
            as_of: The instant to look from, one for all; aware. Later facts are invisible.
            strict: Raise at the first history that departs from a lifecycle; False goes on.
            cohort: The event that places an incident in a period of an objective: ``opened`` or ``resolved``. One that
                is not resolved by then is in no period of the latter.
            progress: Called after each incident with the number done so far; what it raises ends the run.

        Returns:
            The counts, the flips with their incident numbers, and what became of each objective in each period; empty
            where there are no incidents.

        Raises:
            TransitionError: `strict`, and a history departs from a lifecycle.
            PolicyError: a history names an impact or urgency that a matrix does not have, or there is no such cohort.
            InstantError: `as_of` has no zone.

        >>> from datetime import UTC, datetime, timedelta
        >>> from itilkit.events import Resolved
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon-fri": "09:00-17:00"}, zone="Europe/London")
        >>> def policy(hours):
        ...     gold = Agreement("Gold", [Target(2, {"resolution": timedelta(hours=hours)})], calendar=office)
        ...     return Policy(f"{hours} hours", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> events = [Logged(nine), PrioritySet(nine, priority=2), Resolved(nine + timedelta(hours=7))]
        >>> print(policy(6).backtest([Incident("INC1", events)], against=policy(8), as_of=nine + timedelta(days=1)))
        6 hours against 8 hours: 1 incident as of 2026-03-10 09:00 UTC.
        resolution: met 1 -> 0, breached 0 -> 1.
          1 newly breached, 0 newly met: p = 1 (exact McNemar test, n = 1).
          P2, SLA Gold: 1 newly breached, 0 newly met.
          Newly breached: INC1.
        """
        from itilkit.policy.backtest import backtest  # noqa: PLC0415  for reviews, not for the daily work

        return backtest(
            self, incidents, against=against, as_of=as_of, strict=strict, cohort=cohort, progress=progress
        )

    def coverage(
        self,
        incidents: Iterable[Incident],
        *,
        as_of: datetime,
        strict: bool = True,
        progress: Callable[[int], object] | None = None,
    ) -> Coverage:
        """Which lines of this policy incidents exercise, how often, and which never.

        - An agreement: it was in force at some beat.
        - A target: a clock that had started was judged by it; where the source lacks what the clock needs, it was not.
        - A priority rule: it raised something, also where a recorded priority stood over it.
        - A cell of the matrix: an incident had that impact and urgency at some beat, as the rules raise them.
        - A window of a calendar that agreements use: a clock ran while it was open. A closed date: a clock ran over it.
        - A step of the lifecycle: a history takes it. Steps that stay in their state are left out.

        Args:
            incidents: The records; any iterable, read once and not kept. One that was not open by `as_of` exercises
                nothing.
            as_of: The instant to look from, one for all; aware. Later facts are invisible.
            strict: Raise at the first history that departs from the lifecycle; False goes on.
            progress: Called after each incident with the number done so far; what it raises ends the run.

        Raises:
            TransitionError: `strict`, and a history departs from the lifecycle.
            PolicyError: a history names an impact or urgency that the matrix does not have.
            InstantError: `as_of` has no zone.

        >>> from datetime import UTC, datetime, timedelta
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon": "09:00-17:00"}, zone="Europe/London", name="office")
        >>> gold = Agreement("Gold", [Target([1, 2], {"resolution": timedelta(hours=4)})], calendar=office)
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=2)])
        >>> found = policy.coverage([incident], as_of=nine + timedelta(hours=1))
        >>> [str(item) for item in found.items if item.what in ("target", "calendar window")]
        ['SLA Gold: P1 resolution: never', 'SLA Gold: P2 resolution: 1', 'office: Mon 09:00-17:00: 1']
        """
        from itilkit.policy.coverage import coverage  # noqa: PLC0415  for reviews, not for the daily work

        return coverage(self, incidents, as_of=as_of, strict=strict, progress=progress)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, calendars: Mapping[str, Calendar] | None = None) -> Self:
        """The policy that the tables of a file describe, as `tomllib` gives them.

        Args:
            data: The tables.
            calendars: Calendars built elsewhere that the tables may name.

        Raises:
            PolicyError: with every fault, each with its path.
        """
        return cls._of(read_data(data, calendars or {}))

    @classmethod
    def _of(cls, file: PolicyFile) -> Self:
        return cls(**{field.name: getattr(file, field.name) for field in attrs.fields(PolicyFile)})

    @classmethod
    def _placed(cls, file: PolicyFile, text: str, source: str) -> Self:
        """The policy of a file; what its parts are to each other is told with its lines, too."""
        try:
            return cls._of(file)
        except PolicyError as error:
            raise placed(error, text, source) from None

    def to_data(self) -> dict[str, Any]:
        """The tables of the policy file; `from_data` makes an equal policy of them.

        Calendars that were given from elsewhere stand in the tables like the others.

        Raises:
            PolicyError: something that a file has no words for, such as a calendar made of parts without names, or a
                clock of the house's own.
        """
        arguments = {field.name: getattr(self, field.name) for field in attrs.fields(PolicyFile)}
        data = file_data(PolicyFile(**arguments))
        if type(self).from_data(data) != self:
            message = f"a policy file has no words for all that {self.name} says"
            raise PolicyError.one("no_words", message, hint="give its calendars names of their own")
        return data

    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON Schema of the policy file, made from the classes that read it.

        The same schema is shipped as ``itilkit/policy/policy.schema.json``; a line ``#:schema policy.schema.json`` at
        the top of a policy tells an editor where it lies and means nothing to the reader.
        """
        from itilkit.policy.file.schema import file_schema  # noqa: PLC0415  for editors, not for the daily work

        return file_schema()

    def to_toml(self, *, like: str = "") -> str:
        """The text of the policy file; `from_toml` makes an equal policy of it.

        Args:
            like: The text of a policy file that is to be changed: what stays the same keeps its place, its spelling and
                its comments. Needs the extra ``toml``.

        Raises:
            PolicyError: something that a file has no words for; `like` is no policy file; the extra is missing.

        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.priority import ITIL_3X3
        >>> print(Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, zone="Europe/London").to_toml(), end="")
        itilkit = 1
        name = "Desk"
        zone = "Europe/London"
        <BLANKLINE>
        [priority]
        matrix = "ITIL 3x3"
        <BLANKLINE>
        [lifecycle]
        like = "ITIL 4 default"
        """
        return self._rewritten(like) if like else toml_text(self.to_data())

    def _rewritten(self, like: str) -> str:
        from itilkit.policy.file.comments import rewritten  # noqa: PLC0415  an extra, for writing only

        given: dict[str, Calendar] = {}
        try:
            old = self.from_toml(like)
        except PolicyError:  # it may name calendars that are built elsewhere
            told = read_calendar_names(like)
            given = {name: each for name, each in self.calendars.items() if name not in told}
            old = self.from_toml(like, calendars=given)
        text = rewritten(like, old.to_data(), self.to_data())
        if self.from_toml(text, calendars=given) != self:
            message = "the changes cannot be written into this text"
            raise PolicyError.one("no_words", message, hint="write the policy without like=")
        return text

    def chain(self, *, over: Period | None = None) -> tuple[ChainFinding, ...]:
        """Where the OLA and the UC do not fit inside the SLA: by target and priority, in the order of the file.

        The OLA and the UC are taken to work one after the other. Where neither has a target for what the SLA
        promises, there is nothing to compare.

        Args:
            over: The openings by which targets on different clocks are compared, such as a year; without it they are
                reported as not compared.

        >>> from datetime import timedelta
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Agreement, Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> def agreement(name, kind, hours):
        ...     target = Target(3, {"resolution": timedelta(hours=hours)})
        ...     return Agreement(name, [target], calendar=office, kind=kind)
        >>> behind = [agreement("Network", "OLA", 3), agreement("Telco", "UC", 2)]
        >>> agreements = [agreement("Gold", "SLA", 4), *behind]
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements)
        >>> print(policy.chain()[0].message)
        OLA Network (3h 00m) and UC Telco (2h 00m) need 5h 00m, 1h 00m more than SLA Gold (4h 00m) allows.
        """
        held = {agreement.kind: agreement for agreement in self._in_force()}
        promised = held.pop("SLA", None)
        if promised is None:
            return ()
        behind = [held[kind] for kind in ("OLA", "UC") if kind in held]
        found: list[ChainFinding] = []
        for priority in self.matrix.priority.levels:
            for name in promised.rules:
                supported = promised.link(name, priority)
                links = [link for link in (each.link(name, priority) for each in behind) if link is not None]
                finding = supported and chain(name, priority, supported, links, over=over)
                found += [finding] if finding else []
        return tuple(found)

    def decide(
        self,
        incident: Incident,
        event: Event,
        *,
        roles: Collection[str] | None = None,
        children: Iterable[Incident] = (),
    ) -> Decision:
        """Whether `event` may be appended: `Accepted` with the longer history, or `Refused` with every reason.

        Windows in working days or open time are counted on the calendar of the policy, by default that of the first
        agreement.

        Args:
            incident: The record and its history.
            event: What is asked for.
            roles: The roles of whoever asks; None means that roles are not asked about.
            children: The incidents that follow this one: its children, and those recorded as its duplicates.

        Raises:
            PolicyError: a window needs a calendar and the policy has no agreement.
        """
        return decide(incident, event, self.lifecycle, roles=roles, calendar=self.office, children=children)

    def permitted(
        self,
        incident: Incident,
        *,
        at: datetime,
        by: Person | str | None = None,
        roles: Collection[str] | None = None,
    ) -> tuple[Permitted, ...]:
        """What may happen next, with what is missing for each step: the buttons of a ticket tool.

        Args:
            incident: The record and its history.
            at: When the step would be taken; aware.
            by: Who would take it; None means that nobody's hand is asked about.
            roles: The roles of whoever would take it; None means that roles are not asked about.

        Raises:
            PolicyError: a window needs a calendar and the policy has no agreement.
        """
        return permitted(incident, self.lifecycle, at=at, by=by, roles=roles, calendar=self.office)

    def due_timers(
        self,
        incident: Incident,
        timers: Iterable[Timer] | None = None,
        *,
        as_of: datetime,
        strict: bool = True,
    ) -> tuple[TimerDue, ...]:
        """The timers that are due at `as_of` and have not fired, the earliest first.

        Working days and open time are counted on the calendar of the policy, by default that of the first agreement.
        A timer that leaves out records by their priority sees the derived one where none was recorded.

        Args:
            incident: The record and its history.
            timers: Which ones; by default those of the policy.
            as_of: The instant to look from; aware. Later facts are invisible.
            strict: Raise when the history departs from the lifecycle; False goes on.

        Raises:
            TransitionError: `strict`, and the history departs from the lifecycle.
            PolicyError: a timer runs in a state that the lifecycle does not have, or fires a step that is not
                possible there, or needs a calendar and the policy has no agreement.
        """
        asked = self.timers if timers is None else tuple(timers)
        faults = check_timers(asked, self.lifecycle)
        if faults:
            raise PolicyError(faults)
        timeline = prioritised(self, replay(incident, self.lifecycle, as_of=as_of, strict=strict))
        return due_timers(timeline, asked, calendar=self.office)

    def due(self, assessment: Assessment) -> tuple[Due, ...]:
        """Who must know by now and was not told, and what should have happened by itself.

        The ladders of the agreements in force (`Agreement.escalate`), the policy's timers, and the messages that are
        owed, by the policy's cadences and by those of the attached models. Appending `Due.event` is what keeps each
        from being due again; a message is answered by itself.

        Args:
            assessment: What `assess` said; its `as_of` is the instant of asking.

        Returns:
            The earliest first; of equal instants the agreements in their order, then timers, then messages.

        Raises:
            PolicyError: open time or working days are to be counted and the policy has no calendar.
            RecordError: a value that a condition cannot compare.

        >>> from datetime import UTC, datetime, timedelta
        >>> from itilkit.escalation import Ladder, Rung
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> ladder = Ladder("Gold", [Rung("75% of resolution", "incident_manager", kind="hierarchical")])
        >>> target = Target(3, {"resolution": timedelta(hours=4)})
        >>> gold = Agreement("Gold", [target], calendar=office, escalate=ladder)
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> incident = Incident("INC1", [Logged(nine), PrioritySet(nine, priority=3)])
        >>> for each in policy.due(policy.assess(incident, as_of=nine + timedelta(hours=3))):
        ...     print(each)
        INC1: hierarchical to incident_manager: 75% of resolution: Mon 2026-03-09 12:00 Europe/London
        """
        return dues(
            assessment,
            self.agreements,
            timers=self.timers,
            cadences=(*self.cadences, *cadences_of(assessment.timeline, self.incident_models)),
            fields=self.fields,
            calendars=self.calendars,
            office=self.office,
        )

    def assess(self, incident: Incident, *, as_of: datetime, strict: bool = True) -> Assessment:
        """What held when, and what the clocks say at `as_of`.

        Args:
            incident: The record and its history.
            as_of: The instant to look from; aware. Later facts are invisible.
            strict: Raise when the history departs from the lifecycle; False notes it and goes on.

        Raises:
            TransitionError: `strict`, and the history departs from the lifecycle.
            PolicyError: the history names an impact or urgency that the matrix does not have.
        """
        timeline = prioritised(self, replay(incident, self.lifecycle, as_of=as_of, strict=strict))
        return assessed(self, timeline)

    def triage(self, incident: Incident, *, at: datetime, by: Person | str | None = None) -> Triage:
        """What a new incident needs: a model, what is still unclassified, a priority and a group, each as an event.

        Asked are the policy's models, routes, matrix and priority rules; see `itilkit.incident_models.triage`. What is
        on record already is left alone. That goes for a priority that was proposed here and appended, too: it stands,
        whatever is learned later. A host whose priorities are to follow the facts leaves `PrioritySet` out; its
        lifecycle must not ask for a recorded priority then, as ``ITIL 4 default`` does before work starts.

        Args:
            incident: The record and its history.
            at: When; aware.
            by: Who does it; None is a tool.

        Returns:
            The events for the host to decide on and to append, and why; no model is proposed where the policy has
            none, and no group where it has no route and no model names one.

        Raises:
            InstantError: `at` has no zone.
            PolicyError: the history names an impact or urgency that the matrix does not have.
            RecordError: a value of a house's own field that is none of its type.

        >>> from datetime import UTC, datetime
        >>> from itilkit.incident_models import Route
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.priority import ITIL_3X3
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, routes=[Route("service_desk")])
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> call = Incident("INC1", [Logged(nine), Classified(nine, impact=2, urgency=1)])
        >>> prioritised, assigned = policy.triage(call, at=nine).events
        >>> prioritised.priority, assigned.group
        (2, 'service_desk')
        """
        return triage(
            incident,
            at,
            by,
            models=self.incident_models,
            routes=self.routes,
            matrix=self.matrix,
            rules=self.priority_rules,
            fields=self.fields,
        )

    def candidate(self, assessment: Assessment) -> Candidate:
        """Whether somebody should decide if an incident is a major one, by the policy's rules, and why.

        The priority is the derived one where none was recorded; see `itilkit.major_incidents.candidate`. An incident
        that is not opened yet is none, and without rules none is.

        Raises:
            RecordError: a value of a house's own field that is none of its type.

        >>> from datetime import UTC, datetime
        >>> from itilkit.conditions import Le
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.major_incidents import MajorRule
        >>> from itilkit.priority import ITIL_3X3
        >>> rules = [MajorRule("Top priority", Le("priority", 1), because="Nobody can buy")]
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, major_rules=rules)
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> call = Incident("INC1", [Logged(nine), Classified(nine, impact=1, urgency=1)])
        >>> policy.candidate(policy.assess(call, as_of=nine)).reason
        'Nobody can buy'
        """
        return candidate(assessment, self.major_rules, fields=self.fields)

    def progress(self, assessment: Assessment) -> Progress | None:
        """How far an incident is on the plan of its model, by when each step is due, and who has to act.

        The model that was attached last is laid out from that instant on, its open time and working days on the
        calendar of the policy, and held against the resolution target of the SLA in force. `Progress.plan` is the plan.

        Args:
            assessment: What `assess` said; its `as_of` is the instant of asking.

        Returns:
            None where no model was attached by then.

        Raises:
            RecordError: the model, as it was attached, is not among those of the policy.
            PolicyError: a budget needs a calendar and the policy has none.

        >>> from datetime import UTC, datetime
        >>> from itilkit.incident_models import shipped
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.priority import ITIL_3X3
        >>> models = [shipped("locked_account")]
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, incident_models=models)
        >>> nine = datetime(2026, 3, 9, 9, tzinfo=UTC)
        >>> call = Incident("INC1", [Logged(nine), Classified(nine, category="access", subcategory="locked account")])
        >>> call = call.appended(*policy.triage(call, at=nine).events)
        >>> found = policy.progress(policy.assess(call, as_of=nine))
        >>> found.share, found.responsible, found.next_due.step.id, found.next_due.due_at.isoformat()
        (0.0, ('service_desk_agent',), 'verify', '2026-03-09T09:05:00+00:00')
        """
        return progress_of(assessment, self.incident_models, fields=self.fields, office=self.office)

    def why_priority(self, incident: Incident, *, as_of: datetime, strict: bool = True) -> Derivation:
        """How the priority of an incident came about: the matrix, the rules that raised it, what was recorded.

        With ``pinned`` the derivation is that of the beat at which the priority was first derived.

        Args:
            incident: The record and its history.
            as_of: The instant to look from; aware. Later facts are invisible.
            strict: Raise when the history departs from the lifecycle; False goes on.

        Raises:
            TransitionError: `strict`, and the history departs from the lifecycle.
            PolicyError: the history names an impact or urgency that the matrix does not have.
            RecordError: a value that a rule cannot compare.

        >>> from datetime import UTC, datetime
        >>> from itilkit.conditions import Eq
        >>> from itilkit.events import Classified, Logged, Person
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.priority import ITIL_3X3
        >>> vip = PriorityRule(Eq("reporter.vip", True), urgency_at_least=1, because="VIP caller")
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, priority_rules=[vip])
        >>> noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
        >>> events = [Logged(noon, reporter=Person("ann", vip=True)), Classified(noon, impact=2, urgency=3)]
        >>> print(policy.why_priority(Incident("INC1", events), as_of=noon).explain())
        ITIL 3x3 derives P2: impact Medium, urgency Low as recorded.
        - VIP caller: urgency Low -> High, because reporter.vip is true.
        """
        timeline = replay(incident, self.lifecycle, as_of=as_of, strict=strict)
        known = situations(timeline, self.fields)
        recorded = timeline.priority
        reason = next(
            (each.reason for each in reversed(timeline.events) if isinstance(each, PrioritySet)), ""
        )
        found = [
            derive(self.matrix, self.priority_rules, each, recorded=recorded, reason=reason)
            for each in (known if self.when_facts_change == "pinned" else known[-1:])
        ]
        return next((each for each in found if each.derived is not None), found[-1])

    def assess_all(
        self,
        incidents: Iterable[Incident],
        *,
        as_of: datetime,
        strict: bool = True,
        progress: Callable[[int], object] | None = None,
    ) -> Iterator[Assessment]:
        """The assessments of many incidents, one by one as they are drawn: none is made before it is asked for.

        Args:
            incidents: The records; any iterable, read once and not kept.
            as_of: The instant to look from, one for all; aware. Later facts are invisible.
            strict: Raise at the first history that departs from the lifecycle; False notes it and goes on.
            progress: Called after each incident with the number done so far, 1 for the first; what it returns is
                ignored, and what it raises ends the run.

        Raises:
            TransitionError: `strict`, and a history departs from the lifecycle.
            PolicyError: a history names an impact or urgency that the matrix does not have.
        """
        for done, incident in enumerate(incidents, start=1):
            assessment = self.assess(incident, as_of=as_of, strict=strict)
            if progress is not None:
                progress(done)
            yield assessment

    def promise(
        self, *, opened_at: datetime, priority: int | str, **fields: Scalar | Person
    ) -> Mapping[str, Reading]:
        """What is promised for an incident opened at an instant with a priority, before anything happened to it.

        Each reading has the due time in `due_at` and says why in `explain()`. A clock that waits for something else
        than the opening, such as the periodic update, has not started and so has no due time.

        Args:
            opened_at: When it is opened; aware.
            priority: Its level, 1 for the highest, or a label of the matrix: 2, ``"P2"``, ``"High"``.
            fields: What else is known of it: ``service``, ``category`` and the other fields of `Classified`,
                ``customer``, ``site``, ``reporter``, ``channel``, and fields of the house's own. The conditions of
                agreements are judged by them.

        Returns:
            The readings by target, keyed as those of `Assessment`; empty where the policy has no agreement.

        Raises:
            PolicyError: the matrix knows no such priority, or a field is all but called like one of `Classified`.
            RecordError: a field has a value that cannot stand in it.
            InstantError: `opened_at` has no zone.

        >>> from datetime import UTC, datetime, timedelta
        >>> from itilkit.lifecycle import ITIL4_DEFAULT
        >>> from itilkit.policy import Agreement, Target
        >>> from itilkit.priority import ITIL_3X3
        >>> office = Calendar({"mon-fri": "09:00-17:30"}, zone="Europe/London")
        >>> gold = Agreement("Gold", [Target(3, {"resolution": timedelta(hours=3)})], calendar=office)
        >>> policy = Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=[gold])
        >>> promised = policy.promise(opened_at=datetime(2026, 3, 6, 16, 30, tzinfo=UTC), priority="P3")
        >>> promised["resolution"].due_at.isoformat()
        '2026-03-09T11:00:00+00:00'
        >>> print(promised["resolution"].explain().splitlines()[1])
        P3 allows 3h 00m of open time; due Mon 2026-03-09 11:00. All times are Europe/London.
        """
        known = {*_STANDARD, *_LOGGED, *_SAID, "customer", "site", *self.fields}
        faults = list(_misspelt(fields, known))
        level = _level(priority, self.matrix)
        if level is None:
            faults.insert(0, _no_such(priority, self.matrix, "priority"))
        if level is None or faults:
            raise PolicyError(faults)
        return self.assess(_to_come(opened_at, level, fields), as_of=opened_at).readings

    @property
    def office(self) -> Calendar | None:
        """The calendar on which windows, timers and the steps of models are counted; None where there is none."""
        if self.calendar is not None:
            return self.calendar
        return self.agreements[0].calendar if self.agreements else None

    def _in_force(self) -> Iterator[Agreement]:
        """The first agreement of each kind."""
        seen: set[str] = set()
        for agreement in self.agreements:
            if agreement.kind not in seen:
                seen.add(agreement.kind)
                yield agreement


def _no_calendar(given: object) -> Iterator[Fault]:
    if given is not None and not isinstance(given, Calendar):
        message, hint = f"expected a value of Calendar, got {shown(given)}", "give the calendar, not its name"
        yield Fault("bad_value", message, path="calendar", hint=hint)


def _unknown_priorities(policy: Policy) -> Iterator[Fault]:
    scale = policy.matrix.priority
    for number, agreement in enumerate(policy.agreements):
        for index, target in enumerate(agreement.targets):
            for priority in target.priorities:
                if priority not in scale.levels:
                    yield _no_such(priority, policy.matrix, f"agreements[{number}].targets[{index}].priority")


def _level(priority: object, matrix: Matrix) -> int | None:
    """The level of a number or label; None where the matrix has none."""
    try:
        return priority_level(priority, matrix.priority.labels)
    except ValueError:
        return None


def _misspelt(fields: Iterable[str], known: Collection[str]) -> Iterator[Fault]:
    """Names that are no standard field and look like one: they would be taken for fields of the house's own."""
    for name in fields:
        if name not in known and get_close_matches(name, known, n=1, cutoff=_ALIKE):
            yield Fault("unknown_field", f"no field is called {name!r}", path=name, hint=near(name, known))


def _to_come(at: datetime, priority: int, fields: Mapping[str, Scalar | Person]) -> Incident:
    """An incident of which these fields are known and to which nothing has happened yet."""
    named: dict[str, Any] = {name: fields[name] for name in ("customer", "site") if name in fields}
    logged: dict[str, Any] = {name: fields[name] for name in _LOGGED if name in fields}
    standard: dict[str, Any] = {name: fields[name] for name in _STANDARD if name in fields}
    own: dict[str, Any] = {
        name: value for name, value in fields.items() if name not in {*named, *logged, *standard}
    }
    history: list[Event] = [Logged(at, **logged), PrioritySet(at, priority=priority)]
    if standard or own:
        history.append(Classified(at, **standard, fields=Fields(own)))
    return Incident("promise", history, **named)


def _no_such(priority: object, matrix: Matrix, path: str) -> Fault:
    labels = matrix.priority.labels
    hint = near(priority, labels) if isinstance(priority, str) else f"P1 to P{len(labels)}"
    return Fault("unknown_priority", f"the matrix knows no priority {priority!r}", path=path, hint=hint)
