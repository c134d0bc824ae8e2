"""Each code of the rooms beside the lifecycle, provoked; the lifecycle's own stand with its tests."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, cast

import attrs
import numpy as np
import pytest

from itilkit import cli, escalation, kpi, matching, plots
from itilkit import incident_models as models
from itilkit.adapters.servicenow import AuditLog, audit_log
from itilkit.calendars import (
    Calendar,
    Period,
    PublicHolidays,
    Recurrence,
    calendars_from_data,
    public_holidays,
)
from itilkit.calendars.ics import from_ics
from itilkit.codes import CODES
from itilkit.conditions import (
    INCIDENT,
    AllOf,
    Always,
    AnyOf,
    Between,
    Choice,
    Eq,
    Field,
    In,
    Like,
    Not,
    Text,
    normalise,
    regions,
)
from itilkit.conditions import from_data as condition
from itilkit.errors import Fault, FaultError
from itilkit.escalation import Rung
from itilkit.events import (
    Assigned,
    Classified,
    Escalated,
    Event,
    Excluded,
    Held,
    Logged,
    ModelAttached,
    PrioritySet,
    Replied,
    Resolved,
    Reviewed,
    RoleTaken,
    Surveyed,
)
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, Route
from itilkit.lifecycle import ITIL4_DEFAULT, Delay
from itilkit.matching.fuzzy import read_as
from itilkit.policy import Agreement, Policy, PolicyVersions, Target
from itilkit.policy.lint import RULES as LINT_RULES
from itilkit.policy.words import duration_text
from itilkit.priority import (
    ITIL_3X3,
    PriorityMatrix,
    PriorityRule,
    WeightedPriority,
    matrix_named,
    prioritise,
)
from itilkit.records import Group, Incident, MonitoringEvent, Service
from itilkit.report import figures, page_template
from itilkit.sla import RESOLUTION, Goal, Link, at_risk, chain
from itilkit.spans import Span, utc, zone_named
from itilkit.vocabulary import HIGH_LOW, P1_TO_P5, Scale

from . import test_cli
from .kpi.histories import case, story
from .major_incidents.provoked import MAJOR_INCIDENTS
from .policy import test_lint as policy_tests
from .policy.texts import SMALL
from .report.small import AS_OF as LATER
from .report.small import LOG
from .report.small import POLICY as RULES
from .reviews.provoked import REVIEWS
from .test_cli import BAD, Desk

desk = test_cli.desk

ANY: Any = object()  # of no kind that anything takes
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = Calendar({"mon-fri": "09:00-17:00"}, zone="UTC")
NEVER = Calendar.never("UTC")
SECONDS = np.array(["2026-03-02T12:00:00"], dtype="datetime64[s]")
STAMPS = np.array(["2026-03-02T12:00"], dtype="datetime64[us]")

Provoked = tuple[str, Callable[[], object]]


def _read_calendar(**keys: object) -> object:
    return calendars_from_data({"office": {"weekly": {"mon": "09:00-17:00"}, **keys}}, zone="UTC")


def _half_past() -> Calendar:
    at = time(9, 0, 0, 500_000)
    return Calendar({}, zone="UTC", recurring=[Recurrence("FREQ=DAILY", at=at, lasts="1h")])


def _read_calendars(**tables: object) -> object:
    return calendars_from_data(cast("Mapping[str, Any]", tables), zone="UTC")


def _ics(*lines: str) -> object:
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )
    return from_ics(text, zone="UTC")


def _read_policy(old: str, new: str) -> object:
    assert old in SMALL
    return Policy.from_toml(SMALL.replace(old, new, 1))


def _agreement(*targets: Target, **options: Any) -> Agreement:
    return Agreement("Gold", targets, calendar=OFFICE, **options)


def _policy(*agreements: Agreement) -> Policy:
    return Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, agreements=agreements)


def _measured(*kpis: Any, **options: Any) -> object:
    return kpi.measure([story()], *kpis, **options)


def _read_log(old: str = "", new: str = "", *, zone: str = "UTC", **options: Any) -> AuditLog:
    return audit_log(LOG.replace(old, new) if old else LOG, zone=zone, **options)


def _warned(old: str, new: str = "", *, zone: str = "UTC") -> object:
    return _read_log(old, new, zone=zone).faults


def _without(module: str, ask: Callable[[], object]) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, module, None)
        return ask()


def _alert(**given: Any) -> MonitoringEvent:
    return MonitoringEvent("prometheus", "17", dedup_key="disk", status="firing", **given)


def _doubtful_holidays() -> object:
    class Doubtful:
        start_year, end_year, default_language = 1900, 2100, None

        def __call__(self, **_options: object) -> dict[date, str]:
            warnings.warn("estimated", UserWarning, stacklevel=2)
            return {}

    def doubtful(_country: str) -> Doubtful:
        return Doubtful()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public_holidays, "_entity", doubtful)
        return PublicHolidays("XY").of(2026)


def _seen_from_two_instants() -> object:
    log, rules = _read_log(), Policy.from_toml(RULES)
    cases = [rules.assess(log.incidents[0], as_of=LATER + hour, strict=False) for hour in (HOUR, 2 * HOUR)]
    return figures(log, cases, rules)


ADAPTERS: list[Provoked] = [
    ("empty", lambda: audit_log("", zone="UTC")),
    ("no_rows", lambda: audit_log(LOG.partition("\n")[0] + "\n", zone="UTC")),
    ("bad_cell", lambda: _read_log("10/3/2026", "31/2/2016")),
    ("missing_cell", lambda: _read_log("INC3,", ",")),
    ("missing_column", lambda: _read_log("incident_state", "incident_stat")),
    ("more_faults", lambda: audit_log(LOG.partition("\n")[0] + "\n" + "x\n" * 9999, zone="UTC")),
    ("not_csv", lambda: audit_log('a,"b"c\n', zone="UTC")),
    ("ragged_row", lambda: _read_log(",ann,0,0,", ",ann,0,")),
    ("twin_column", lambda: _read_log("number,", "number,number,")),
    ("wrong_separator", lambda: _read_log(",", ";")),
    ("unknown_stand_in", lambda: _read_log(acknowledged="x")),
    ("unknown_state", lambda: _read_log("INC3,New", "INC3,Foo")),
    ("absent_columns", lambda: _warned("")),
    ("raw_state_rows", lambda: _warned("INC3,New", "INC3,-100")),
    ("stamps_in_fold", lambda: _warned("10/3/2026 09:30", "25/10/2026 02:30", zone="Europe/Berlin")),
    ("stamps_in_gap", lambda: _warned("10/3/2026 09:30", "29/3/2026 02:30", zone="Europe/Berlin")),
    ("unread_column", lambda: _warned("resolved_at\n", "resolved_on\n")),
]
CALENDARS: list[Provoked] = [
    ("backward_period", lambda: Period(NOON, NOON - HOUR, label="x", zone="UTC")),
    ("bad_calendar", lambda: _read_calendars(office=7)),
    ("bad_columns", lambda: OFFICE.elapsed_many(ANY, ANY)),
    ("bad_count", lambda: OFFICE.end_of_working_day(NOON, 0)),
    ("bad_date", lambda: _read_calendar(closed={"2026-02-30": "x"})),
    ("bad_dates", lambda: _read_calendar(closed=7)),
    ("bad_duration", lambda: Recurrence("FREQ=DAILY", at="09:00", lasts="soon")),
    ("bad_first_day", lambda: OFFICE.end_of_working_day(NOON, 1, first_day=ANY)),
    ("bad_holidays", lambda: _read_calendar(public_holidays=7)),
    ("bad_line", lambda: _ics("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "what")),
    ("bad_names", lambda: _read_calendars(both={"open_when_any": 7})),
    ("bad_period", lambda: Period.month(2026, 13, zone="UTC")),
    ("bad_reason", lambda: _read_calendar(closed={"2026-02-03": 7})),
    ("bad_recurring", lambda: _read_calendar(recurring=7)),
    ("bad_rule", lambda: Recurrence("FREQ=OFTEN", at="09:00", lasts="1h")),
    ("bad_text", lambda: from_ics("", zone="UTC")),
    ("bad_time", lambda: Calendar({"mon": "09:60-17:00"}, zone="UTC")),
    ("bad_week", lambda: _read_calendar(weekly=7)),
    ("bad_weekday", lambda: Calendar(cast("Any", {7: "09:00-17:00"}), zone="UTC")),
    (
        "bad_whole_days",
        lambda: _read_calendar(
            recurring=[{"rule": "FREQ=DAILY", "at": "09:00", "lasts": "1d", "whole_days": 7}]
        ),
    ),
    ("bad_window", lambda: Calendar(cast("Any", {"mon": 7}), zone="UTC")),
    ("beyond_holidays", lambda: PublicHolidays("GB").of(3000)),
    ("beyond_years", lambda: OFFICE.next_open(datetime(9999, 1, 1, tzinfo=UTC))),
    ("calendar_cycle", lambda: _read_calendars(a={"open_when_any": ["b"]}, b={"open_when_any": ["a"]})),
    ("calendar_twice", lambda: calendars_from_data({"a": {"weekly": {}}}, zone="UTC", given={"a": OFFICE})),
    ("date_twice", lambda: _read_calendar(closed={date(2026, 3, 2): "x", "2026-03-02": "y"})),
    ("day_twice", lambda: Calendar({"mon": "09:00-17:00", "mon-fri": "09:00-17:00"}, zone="UTC")),
    ("empty_window", lambda: Calendar({"mon": "09:00-09:00"}, zone="UTC")),
    ("finer_than_unit", lambda: _half_past().elapsed_many(SECONDS, SECONDS)),
    ("holiday_warning", _doubtful_holidays),
    ("lengths_differ", lambda: OFFICE.elapsed_many(STAMPS, STAMPS[:0])),
    ("missing_extra", lambda: _without("icalendar", lambda: _ics("DTSTART:20260302T090000Z"))),
    ("never_open", lambda: NEVER.add(NOON, HOUR)),
    ("no_calendars", lambda: Calendar.any_of([])),
    ("no_hours", lambda: _read_calendars(office={})),
    ("no_name", (OFFICE | NEVER).to_data),
    ("no_start", lambda: Recurrence("FREQ=DAILY;INTERVAL=2", at="09:00", lasts="1h")),
    ("no_table", (OFFICE & NEVER).to_data),
    ("no_unit", lambda: OFFICE.elapsed_many(np.array([1]), np.array([2]))),
    ("no_zone", lambda: Calendar({}, zone=ANY)),
    ("not_enough_open_time", lambda: OFFICE.add(NOON, timedelta(days=999_999))),
    ("not_enough_working_days", lambda: NEVER.end_of_working_day(NOON, 1)),
    (
        "not_understood",
        lambda: _ics("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "RECURRENCE-ID:20260302T090000Z"),
    ),
    ("too_dense", lambda: Recurrence("FREQ=HOURLY", at="09:00", lasts="1h")),
    ("too_many_years", lambda: OFFICE.elapsed_many(np.array([0]), np.array([2**62]), unit="ns")),
    ("twice", lambda: _ics("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "DURATION:PT1H")),
    ("two_kinds", lambda: _read_calendars(a={"weekly": {}}, b={"open_when_any": ["a"], "zone": "UTC"})),
    ("unknown_calendar", lambda: _read_calendars(both={"open_when_any": ["x"]})),
    (
        "unknown_category",
        lambda: Calendar({}, zone="UTC", public_holidays=PublicHolidays("GB", categories="x")),
    ),
    ("unknown_country", lambda: Calendar({}, zone="UTC", public_holidays="XX")),
    ("unknown_key", lambda: _read_calendar(colour="red")),
    (
        "unknown_language",
        lambda: Calendar({}, zone="UTC", public_holidays=PublicHolidays("GB", language="xx")),
    ),
    ("unknown_subdivision", lambda: Calendar({}, zone="UTC", public_holidays="GB-XXX")),
    ("unknown_unit", lambda: Period.of(cast("Any", "fortnight"), NOON, zone="UTC")),
    ("unknown_weekday", lambda: Calendar({"mun": "09:00-17:00"}, zone="UTC")),
    ("unknown_zone", lambda: Calendar({}, zone="Europe/Lodnon")),
    (
        "zone_changes",
        lambda: calendars_from_data(
            {
                "a": {"weekly": {}, "changes": {"2026-07-01": "b"}},
                "b": {"weekly": {}, "zone": "Europe/London"},
            },
            zone="UTC",
        ),
    ),
]
CONDITIONS: list[Provoked] = [
    ("backward_range", lambda: Between("priority", 3, 1)),
    ("bad_name", lambda: INCIDENT.having({"": str})),
    ("empty_condition", lambda: condition({})),
    ("empty_list", lambda: In("category", ())),
    ("empty_text", lambda: Eq("category", "")),
    ("missing_key", lambda: condition({"field": "category"})),
    ("not_a_condition", lambda: AllOf([ANY])),
    ("not_a_list", lambda: condition({"any": 7})),
    ("not_a_table", lambda: condition(7)),
    ("other_regions", lambda: regions([Eq("category", "a")]).where(Eq("category", "b"))),
    ("too_deep", lambda: _deep(999)),
    ("too_large", lambda: condition({"category": ["x"] * 99_999})),
    ("too_long", lambda: Eq("category", "x" * 99_999)),
    ("too_many_clauses", lambda: normalise(AnyOf([Eq("category", "a"), Eq("service", "b")]), most=1)),
    ("too_many_regions", lambda: regions([Eq("category", "a")], most=1)),
    ("two_types", lambda: regions([Eq(Field("x", Text()), "a"), Eq(Field("x", Choice(["a"])), "a")])),
    ("other_kind", lambda: INCIDENT.having({"category": int})),
    ("unknown_field", lambda: condition({"colour": "red"})),
    ("unknown_key", lambda: condition({"category": {"x": 1}})),
    ("unknown_level", lambda: condition({"priority": "P0"})),
    ("unknown_operator", lambda: condition({"field": "category", "op": "like?", "value": "x"})),
    ("unknown_type", lambda: INCIDENT.having({"x": ANY})),
    ("unknown_word", lambda: condition({"status": "solved"})),
    ("wrong_kind", lambda: condition({"category": 7})),
    ("wrong_operator", lambda: Like("priority", "x")),
]
EVENTS: list[Provoked] = [
    ("backward_span", lambda: Excluded(NOON, start=NOON, end=NOON - HOUR)),
    ("no_name", lambda: ModelAttached(NOON, model="")),
    ("not_a_level", lambda: PrioritySet(NOON, priority=0)),
    ("not_a_person", lambda: Assigned(NOON, assignee=ANY)),
    ("not_a_scalar", lambda: Classified(NOON, fields={"x": ANY})),
    ("not_a_scale", lambda: Surveyed(NOON, score=1, scale=(5, 1))),
    ("not_held_yet", lambda: Reviewed(NOON, held_at=NOON + HOUR)),
    ("not_on_scale", lambda: Surveyed(NOON, score=6, scale=(1, 5))),
    ("unknown_channel", lambda: Logged(NOON, channel="pigeon")),
    ("unknown_hold_reason", lambda: Held(NOON, reason="lunch")),
    ("unknown_role", lambda: RoleTaken(NOON, role="clown", person="ann")),
    ("unknown_word", lambda: Replied(NOON, audience="everybody")),
    ("unknown_word", lambda: Escalated(NOON, kind=ANY)),
]
KPI: list[Provoked] = [
    ("bad_option", lambda: _measured(kpi.time_to_resolve("mean"), level=95)),
    ("unknown_option", lambda: kpi.time_to_resolve(hold=ANY)),
    ("mixed_as_of", lambda: kpi.measure([story(as_of=9), story(as_of=8, number="INC2")], kpi.volume())),
    ("negative_duration", lambda: kpi.measure([_backward()], kpi.time_to_resolve(negative="raise"))),
    ("negative_quiet", lambda: kpi.first_contact_resolution(quiet=-HOUR)),
    ("no_kpi", _measured),
    ("no_zone", lambda: _measured(kpi.volume(), every="month")),
    ("not_one", lambda: kpi.measure([], kpi.volume()).one(name="x")),
    ("unknown_clock", lambda: kpi.time_to_resolve(clock=ANY)),
    ("unknown_cohort", lambda: kpi.volume(cohort=ANY)),
    ("unknown_counting", lambda: kpi.volume(counting=ANY)),
    ("unknown_dimension", lambda: _measured(kpi.volume(), by="colour")),
    ("unknown_end", lambda: kpi.backlog(NOON, end=ANY)),
    ("unknown_negative", lambda: kpi.time_to_resolve(negative=ANY)),
    ("unknown_resolution", lambda: kpi.time_to_resolve(resolution=ANY)),
    ("unknown_side", lambda: kpi.backlog(NOON, side=ANY)),
    ("unknown_source", lambda: kpi.reopen_rate(source=ANY)),
    ("unknown_statistic", lambda: kpi.time_to_resolve("avg")),
    ("unknown_target", lambda: kpi.sla_compliance(target="x")),
]
LINT: list[Provoked] = [(code, policy_tests.broken(code).lint) for code in LINT_RULES]


def _of_a_model_that_is_gone() -> object:
    incident = Incident("INC1", [Logged(NOON), ModelAttached(NOON, model="gone")])
    return _policy().progress(_policy().assess(incident, as_of=NOON))


POLICY: list[Provoked] = [
    *LINT,
    ("not_attached", _of_a_model_that_is_gone),
    ("bad_priority", lambda: Target(cast("Any", ["P1"]), {"resolution": HOUR})),
    ("bad_promise", lambda: Target(1, {"resolution": ANY})),
    ("not_a_ladder", lambda: _agreement(Target(1, {"resolution": HOUR}), escalate=ANY)),
    ("bad_value", lambda: _read_policy('name = "Desk"', "name = 7")),
    (
        "contradictory_targets",
        lambda: _agreement(Target(1, {"response": HOUR}), Target(1, {"response": HOUR})),
    ),
    ("known_target", lambda: _agreement(Target(1, {"response": HOUR}), clocks=[RESOLUTION])),
    ("missing_key", lambda: _read_policy('calendar = "office"', "")),
    ("newer_format", lambda: _read_policy("itilkit = 1", "itilkit = 2")),
    ("no_priority", lambda: Target([], {"resolution": HOUR})),
    ("no_promise", lambda: _read_policy(', response = "15m", resolution = "4h"', "")),
    ("no_targets", _agreement),
    ("missing_extra", lambda: _without("tomlkit", lambda: _policy().to_toml(like=SMALL))),
    ("no_words", lambda: duration_text(timedelta(0))),
    (
        "not_in_force",
        lambda: PolicyVersions([attrs.evolve(_policy(), valid_from=NOON.date())]).in_force(EPOCH),
    ),
    ("no_text", lambda: Policy.from_toml(cast("Any", b""))),
    ("not_toml", lambda: Policy.from_toml("[")),
    ("too_deep", lambda: Policy.from_toml("a = " + "[" * 5000 + "]" * 5000)),
    ("too_large", lambda: Policy.from_toml("#" * (1 << 21))),
    ("unknown_calendar", lambda: _read_policy('calendar = "office"', 'calendar = "offce"')),
    ("unknown_field", lambda: _policy().promise(opened_at=NOON, priority=1, catgory="x")),
    ("unknown_format", lambda: _read_policy("itilkit = 1", "itilkit = 0")),
    ("unknown_key", lambda: _read_policy('name = "Gold"', 'name = "Gold"\ncolour = "red"')),
    ("unknown_lifecycle", lambda: _read_policy('like = "ITIL 4 default"', 'like = "house"')),
    ("unknown_priority", lambda: _policy(_agreement(Target(9, {"response": HOUR})))),
    ("unknown_target", lambda: _agreement(Target(1, {"solution": HOUR}))),
    ("unknown_word", lambda: _agreement(Target(1, {"response": HOUR}), kind=ANY)),
]
ESCALATION: list[Provoked] = [
    ("bad_duration", lambda: escalation.trigger("3d before resolution")),
    ("bad_priority", lambda: escalation.Cadence(HOUR, priorities=0)),
    ("bad_share", lambda: escalation.ShareOfTarget(0, "resolution")),
    ("missing_key", lambda: escalation.from_data([{}], "Gold")),
    ("no_name", lambda: escalation.Ladder("", [])),
    ("no_trigger", lambda: escalation.trigger("at once")),
    ("nobody", lambda: Rung("opened", [])),
    ("not_a_condition", lambda: Rung("opened", "desk", when=ANY)),
    ("not_a_count", lambda: Rung("opened", "desk", level=0)),
    ("not_a_delay", lambda: escalation.Idle(ANY)),
    ("not_a_list", lambda: escalation.from_data({}, "Gold")),
    ("not_a_rung", lambda: escalation.Ladder("Gold", ANY)),
    ("not_a_repeat", lambda: Rung("opened", "desk", repeat=ANY)),
    ("not_a_table", lambda: escalation.from_data(["opened"], "Gold")),
    ("not_a_text", lambda: Rung("opened", "desk", name=ANY)),
    ("too_large", lambda: escalation.from_data([{}] * 1001, "Gold")),
    ("twin_rung", lambda: escalation.Ladder("Gold", [Rung("opened", "desk")] * 2)),
    ("unknown_key", lambda: escalation.from_data([{"whom": "desk"}], "Gold")),
    ("unknown_target", lambda: escalation.trigger("75% of resoluton")),
    ("unknown_word", lambda: Rung("opened", "desk", unless="acknowleged")),
]
OTHERS: list[tuple[str, str, Callable[[], object]]] = [
    ("plots", "bad_option", lambda: plots.volume([], zone="UTC").to_svg(width=10)),
    ("plots", "missing_extra", lambda: _without("altair", plots.volume([], zone="UTC").to_altair)),
    ("priority", "circular_rule", lambda: PriorityRule(Eq("priority", 1), impact_at_least=1)),
    ("priority", "not_a_condition", lambda: PriorityRule(ANY, impact_at_least=1)),
    ("priority", "raises_nothing", lambda: PriorityRule(Eq("impact", 1))),
    ("priority", "unknown_word", lambda: prioritise(ITIL_3X3, [], [], recorded=[], when_facts_change=ANY)),
    ("priority", "not_descending", lambda: _weighted(at_least=(1, 2, 3, 4, 5))),
    ("priority", "not_monotone", PriorityMatrix("m", [(2, 1), (1, 2)], impact=HIGH_LOW, urgency=HIGH_LOW).check),
    ("priority", "not_total", lambda: PriorityMatrix("m", [(1, 2)], impact=HIGH_LOW, urgency=HIGH_LOW)),
    ("priority", "unknown_level", lambda: ITIL_3X3.priority_of(impact=9, urgency=1)),
    ("priority", "unknown_matrix", lambda: matrix_named("x")),
    ("priority", "wrong_count", lambda: _weighted(urgency_weights=(1,))),
    ("records", "backward_span", lambda: _alert(started_at=NOON, ended_at=NOON - HOUR)),
    ("records", "no_instant", _alert),
    ("records", "not_a_count", lambda: _alert(occurred_at=NOON, occurrences=0)),
    ("records", "logged_twice", lambda: Incident("INC1", [Logged(NOON), Logged(NOON)])),
    ("records", "no_events", lambda: Incident("INC1", [])),
    ("records", "no_number", lambda: Incident("", [Logged(NOON)])),
    ("records", "not_a_table", lambda: _alert(occurred_at=NOON, labels=["eu"])),
    ("records", "not_a_text", lambda: _alert(occurred_at=NOON, title=None)),
    ("records", "not_a_support_level", lambda: Group("desk", support_level=0)),
    ("records", "not_logged", lambda: Incident("INC1", [Resolved(NOON)])),
    ("records", "own_reference", lambda: Service("mail", parent="mail")),
    ("report", "as_of", _seen_from_two_instants),
    ("report", "missing_extra", lambda: _without("jinja2", page_template)),
    ("sla", "bad_duration", lambda: at_risk([], within=-HOUR)),
    ("sla", "empty_period", lambda: _chained(Period(NOON, NOON, label="x", zone="UTC"))),
    ("sla", "negative_target", lambda: Goal(-HOUR, OFFICE)),
    ("spans", "backward_span", lambda: Span(NOON, NOON - HOUR)),
    ("spans", "beyond_time", lambda: utc(datetime.max.replace(tzinfo=timezone(-HOUR)))),
    ("spans", "naive_instant", lambda: utc(NOON.replace(tzinfo=None))),
    ("spans", "not_an_instant", lambda: utc(ANY)),
    ("spans", "unknown_zone", lambda: zone_named("Europe/Lodnon")),
    ("vocabulary", "empty_scale", lambda: Scale("s", [])),
    ("vocabulary", "twin_labels", lambda: Scale("s", ["a", "a"])),
    ("vocabulary", "unknown_level", lambda: P1_TO_P5.label(9)),
]  # fmt: skip
STEP = ModelStep("a", "Restore the service", owner="sme", budget=Delay(open_time=HOUR))


def _triaged(model: IncidentModel) -> object:
    call = Incident("INC1", [Logged(NOON), Classified(NOON, impact=1, urgency=1)])
    return models.triage(call, NOON, models=[model], matrix=ITIL_3X3)


def _model(*steps: ModelStep, **given: Any) -> IncidentModel:
    return IncidentModel("m", "M", steps or (STEP,), **given)


def _table(**keys: object) -> dict[str, object]:
    return {"id": "m", "name": "M", "steps": [{"id": "a", "title": "A", "owner": "sme"}], **keys}


def _read_model(**keys: object) -> object:
    return models.from_data(_table(**keys))


def _progress() -> object:
    return models.progress(_model(), story().timeline, calendar=OFFICE)


MODELS: list[Provoked] = [
    ("backward_range", lambda: _model(priority_at_least=1, priority_at_most=2)),
    ("bad_value", lambda: _model(defaults=ANY)),
    ("beyond_target", lambda: models.plan(_model(), NOON, OFFICE, target=NOON).findings),
    ("missing_key", lambda: models.from_data({})),
    ("never_matches", lambda: models.lint([_model(when=Not(Always()))])),
    ("never_over", lambda: models.plan(_model(), NOON, NEVER)),
    ("no_name", lambda: IncidentModel("", "M", [STEP])),
    ("no_owner", lambda: _model(ModelStep("a", "A"))),
    ("no_steps", lambda: IncidentModel("m", "M", [])),
    ("not_a_condition", lambda: _model(when=ANY)),
    ("not_a_delay", lambda: ModelStep("a", "A", budget=ANY)),
    ("not_a_flag", lambda: _read_model(steps=[{"optional": 1, "id": "a"}])),
    ("not_a_level", lambda: _read_model(rank=0)),
    ("not_a_list", lambda: _read_model(steps=1)),
    ("not_a_table", lambda: models.from_data(1)),
    ("not_a_text", lambda: _read_model(name=1)),
    ("not_attached", _progress),
    ("orphan_step", lambda: _model(STEP, ModelStep("b", "B", depends_on="a"), ModelStep("c", "C"))),
    ("never_first", lambda: models.lint_routes([Route("desk"), Route("network")])),
    ("step_cycle", lambda: _model(ModelStep("a", "A", depends_on="a"))),
    ("tied_models", lambda: models.lint([_model(), IncidentModel("n", "N", [STEP])])),
    ("too_large", lambda: _read_model(knowledge=["KB"] * 1001)),
    ("twin_model", lambda: models.list_from_data([_table(), _table()])),
    ("twin_step", lambda: _model(STEP, STEP)),
    ("unknown_field", lambda: Evidence("assigned", Eq("impact", 1))),
    ("unknown_key", lambda: _read_model(owner="sme")),
    ("unknown_level", lambda: _triaged(_model(priority_at_most=9))),
    ("unknown_model", lambda: models.shipped("lost_phone")),
    ("unknown_step", lambda: _model().step("b")),
    ("unknown_word", lambda: Evidence("asigned")),
    ("unreachable_step", lambda: models.lint([_model(ModelStep("a", "A", owner="x", when=Not(Always())))])),
]

SAMPLE = matching.Corpus([Incident("INC1", [Logged(NOON, title="Jam")])], as_of=NOON)


def _corpus(*incidents: Incident, **options: Any) -> matching.Corpus:
    return matching.Corpus(incidents or SAMPLE.incidents, as_of=NOON, **options)


def _duplicates(at_least: float) -> object:
    return matching.duplicates(SAMPLE.incidents[0], SAMPLE, as_of=NOON, within=HOUR, at_least=at_least)


SEEN_TWICE = [story(0, as_of=hour, number=f"INC{hour}").timeline for hour in (10, 20)]
MATCHING: list[Provoked] = [
    ("bad_value", lambda: matching.Corpus(ANY, as_of=NOON)),
    ("bad_duration", lambda: matching.correlate([], by="service", within=-HOUR)),
    ("corpus_knows_later", lambda: matching.similar(SAMPLE.incidents[0], SAMPLE, as_of=EPOCH)),
    (
        "missing_extra",
        lambda: _without("rapidfuzz", lambda: read_as(SAMPLE.incidents[0], SAMPLE, as_of=NOON)),
    ),
    ("mixed_as_of", lambda: matching.recurrences(SEEN_TWICE, by="service", within=HOUR)),
    ("no_name", lambda: matching.recurrences([], by=[], within=HOUR)),
    ("not_a_count", lambda: matching.similar(SAMPLE.incidents[0], SAMPLE, 0, as_of=NOON)),
    ("not_a_score", lambda: _duplicates(at_least=2)),
    ("not_a_weight", lambda: _corpus(fields={"service": -1})),
    ("nothing_to_match", lambda: _corpus(fields={}, texts=[])),
    ("twin_number", lambda: _corpus(*SAMPLE.incidents, *SAMPLE.incidents)),
    ("unknown_field", lambda: matching.correlate([], by="servce", within=HOUR)),
]

PROVOKED = [
    *(("adapters", *each) for each in ADAPTERS),
    *(("calendars", *each) for each in CALENDARS),
    *(("conditions", *each) for each in CONDITIONS),
    *(("escalation", *each) for each in ESCALATION),
    *(("incident_models", *each) for each in MODELS),
    *(("matching", *each) for each in MATCHING),
    *(("major_incidents", *each) for each in MAJOR_INCIDENTS),
    *(("reviews", *each) for each in REVIEWS),
    *(("events", *each) for each in EVENTS),
    *(("kpi", *each) for each in KPI),
    *(("policy", *each) for each in POLICY),
    *OTHERS,
]
# What the command tells, by a case of its own tests.
COMMAND = {
    "as_of_before_log": "instant before the log",
    "broken_gzip": "truncated gzip",
    "empty_file": "empty policy",
    "long_line": "endless line",
    "naive_instant": "naive instant",
    "not_an_instant": "no instant",
    "not_gzip": "not gzip",
    "not_utf8": "cp1252 bytes",
    "nul": "nul bytes",
    "same_path": "one file for both",
    "unreadable": "missing file",
    "unwritable": "unwritable page",
    "usage": "no command",
}


def _deep(levels: int) -> object:
    found: object = Eq("category", "a")
    for _ in range(levels):
        found = Not(cast("Any", found))
    return found


def _backward() -> Any:
    events: list[Event] = [Logged(NOON), Resolved(NOON - HOUR)]
    return case(*events)


def _weighted(**changes: Any) -> WeightedPriority:
    given: dict[str, Any] = {
        "urgency_weights": (2, 1),
        "at_least": (4, 3, 2, 1, 0),
        "impact": HIGH_LOW,
        "urgency": HIGH_LOW,
        "priority": P1_TO_P5,
    }
    return WeightedPriority("w", (2, 1), **{**given, **changes})


def _chained(over: Period) -> object:
    night = Calendar({"mon-fri": "17:00-24:00"}, zone="UTC")
    return chain(
        "resolution", 1, Link("SLA", Goal(HOUR, OFFICE)), [Link("OLA", Goal(HOUR, night))], over=over
    )


def _codes(provoke: Callable[[], object]) -> set[str]:
    """The codes that come back, or that are raised."""
    try:
        told = provoke()
    except FaultError as error:
        told = error.faults
    assert isinstance(told, tuple), told
    return {each.code for each in cast("tuple[Fault, ...]", told)}


@pytest.mark.parametrize(
    ("code", "provoke"), [row[1:] for row in PROVOKED], ids=[f"{row[0]} {row[1]}" for row in PROVOKED]
)
def test_a_code_is_told_where_it_is_due(code: str, provoke: Callable[[], object]) -> None:
    """What is done wrong is told by its code."""
    assert code in _codes(provoke)


@pytest.mark.parametrize("code", COMMAND)
def test_the_command_tells_its_codes(code: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command prints a line; the fault behind it has the code."""
    told: list[str] = []

    def line(faults: tuple[Fault, ...]) -> str:
        told.extend(fault.code for fault in faults)
        return ""

    monkeypatch.setattr(cli, "_line", line)
    make, _ = BAD[COMMAND[code]]
    assert cli.main(make(desk)) == 2
    assert told == [code]


def test_each_code_of_every_room_is_provoked() -> None:
    """No code of the table is left that no test provokes."""
    provoked = {(room, code) for room, code, _ in PROVOKED} | {("cli", code) for code in COMMAND}
    assert provoked == {
        (room, name) for name, code in CODES.items() for room in code.rooms if room != "lifecycle"
    }
