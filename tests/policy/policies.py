"""Policies drawn by hypothesis: everything that a file can say, in every mixture."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from itilkit.calendars import Calendar, Recurrence
from itilkit.conditions import (
    INCIDENT,
    AllOf,
    Always,
    AnyOf,
    Choice,
    Eq,
    Field,
    FieldType,
    Flag,
    Ge,
    In,
    Instant,
    Known,
    Le,
    Level,
    Missing,
    Not,
    Number,
    Text,
    Texts,
)
from itilkit.escalation import Cadence, Ladder, Rung
from itilkit.events import Noted, Replied, RequesterWrote
from itilkit.incident_models import Defaults, Evidence, IncidentModel, ModelStep, Route
from itilkit.lifecycle import SHIPPED, Delay, Lifecycle, State, Timer, Transition, Window, check_timers
from itilkit.major_incidents import MajorRule
from itilkit.policy import Agreement, Objective, Policy, SmallNumbers, Target
from itilkit.priority import MATRICES, Matrix, PriorityMatrix, PriorityRule, WeightedPriority
from itilkit.sla import RULES, WhenPriorityChanges, WhenReopened, WorkingDays
from itilkit.vocabulary import Audience, HoldReason, Scale, Status

amounts = st.timedeltas(timedelta(microseconds=1), timedelta(days=400))
promises = st.one_of(
    st.none(),
    amounts,
    st.builds(
        WorkingDays,
        st.integers(1, 99),
        first_day=st.sampled_from(["next", "opening_day"]),
        cutoff=st.none() | st.times(time(0), time(23)).map(lambda at: at.replace(microsecond=0)),
    ),
)
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=6)
shares = st.integers(1, 100_000).map(lambda part: part / 100_000)
delays = st.one_of(
    st.integers(1, 99).map(lambda days: Delay(working_days=days)),
    amounts.map(lambda time: Delay(open_time=time)),
    amounts.map(lambda time: Delay(wall_time=time)),
)

OFFICE = Calendar({"mon-fri": ["09:00-12:30", "13:30-17:30"]}, zone="Europe/London", name="office")
SITE = Calendar(
    {"mon-sat": "06:00-22:00"},
    zone="Asia/Singapore",
    closed={date(2026, 12, 25): 'Christmas "Day"'},
    public_holidays="SG",
    name="site",
)
WORKS = Calendar(
    {},
    zone="Europe/London",
    recurring=[Recurrence("FREQ=MONTHLY;BYDAY=2SU", at="02:00", lasts="4h")],
    name="works",
)
SUN = (OFFICE | SITE).except_when([WORKS], name="follow the sun")
LATE = Calendar({"mon-fri": "12:00-20:00"}, zone="Europe/London", name="late")
SUMMER = OFFICE.changing({date(2026, 7, 1): LATE}).named("summer")
PLAIN = Calendar({"mon": "09:00-10:00"}, zone="UTC")
calendars = st.sampled_from([OFFICE, SITE, SUN.named("sun"), SUMMER, PLAIN, Calendar.round_the_clock("UTC")])

TYPES: dict[str, FieldType] = {
    "region": Choice(["EU", "US"]),
    "tier": Level(Scale("tier", ["Gold", "Silver"]), letter="T"),
    "cost": Number(whole=True, least=0),
    "weight": Number(),
    "big": Flag(),
    "since": Instant(),
    "labels": Texts(),
    "shop": Text(),
    "odd name.part": Text(),
}
field_sets = st.sets(st.sampled_from(sorted(TYPES))).map(
    lambda chosen: {name: TYPES[name] for name in chosen}
)


def conditions(fields: dict[str, FieldType], *, with_priority: bool) -> st.SearchStrategy[Any]:
    """Conditions on standard fields and on those of the house."""
    asked: list[Any] = [
        In("service", ["mail", "payments"]),
        Eq("reporter.vip", True),
        Ge("affected_users", 100),
        Known("site"),
        Missing("group"),
        Le("impact", 1),
        Eq("status", "new"),
    ]
    asked += [Le("priority", 1)] if with_priority else []
    asked += [Known(Field(name, kind)) for name, kind in fields.items()]
    asked += [Eq(Field("tier", fields["tier"]), 2)] if "tier" in fields else []
    asked += [In(Field("region", fields["region"]), ["EU"])] if "region" in fields else []
    return st.recursive(
        st.sampled_from(asked),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(AllOf),
            st.lists(inner, min_size=1, max_size=3).map(AnyOf),
            inner.map(Not),
        ),
        max_leaves=5,
    )


def _scale(name: str) -> st.SearchStrategy[Scale]:
    return st.builds(
        Scale, st.sampled_from([name, "other"]), st.sampled_from([("a",), ("High", "Low"), ("x", "y", "z")])
    )


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """A shipped matrix, or rows or weights over scales of the house."""
    if draw(st.booleans()):
        return draw(st.sampled_from(list(MATRICES.values())))
    scales = {name: draw(_scale(name)) for name in ("impact", "urgency", "priority")}
    name = draw(names)
    if draw(st.booleans()):
        cells = st.integers(1, len(scales["priority"]))
        row = st.lists(cells, min_size=len(scales["urgency"]), max_size=len(scales["urgency"]))
        rows = draw(st.lists(row, min_size=len(scales["impact"]), max_size=len(scales["impact"])))
        return PriorityMatrix(name, rows, **scales)
    return WeightedPriority(
        name,
        [draw(st.integers(0, 9)) for _ in scales["impact"].levels],
        urgency_weights=[draw(st.integers(0, 9)) for _ in scales["urgency"].levels],
        at_least=[10 * (len(scales["priority"]) - level) for level in scales["priority"].levels],
        **scales,
    )


OWN = Lifecycle(
    "own",
    [State("open", Status.NEW), State("waiting", Status.ON_HOLD, hold_reason=HoldReason.AWAITING_PARTS),
     State("done", Status.RESOLVED), State("closed", Status.CLOSED)],
    transitions=[
        Transition("hold", "open", "waiting", requires="reference", roles={"agent"}),
        Transition("resume", "waiting", "open"),
        Transition("resolve", ("open", "waiting"), "done", not_by="reporter"),
        Transition("close", "done", "closed"),
        Transition("reopen", "done", "open", within=Window(Delay(working_days=3))),
    ],
    roles={"agent"},
)  # fmt: skip


@st.composite
def agreements(draw: st.DrawFn, matrix: Matrix, fields: dict[str, FieldType]) -> Agreement:
    """An agreement with every option drawn."""
    levels = draw(st.permutations(list(matrix.priority.levels)))
    cut = draw(st.integers(1, len(levels)))
    clocks = st.dictionaries(st.sampled_from(sorted(RULES)), promises, min_size=1, max_size=3)
    targets = [
        Target(part, draw(clocks), calendar=draw(st.none() | calendars))
        for part in (levels[:cut], levels[cut:])
        if part
    ]
    points = shares | amounts | amounts.map(lambda time: -time)
    name = draw(names)
    rungs = st.builds(
        Rung,
        st.sampled_from(["75% of resolution", "30m before response", "idle for 4h", "priority raised"]),
        st.lists(names, min_size=1, max_size=2, unique=True),
        kind=st.sampled_from(["hierarchical", "notification"]),
        unless=st.sampled_from([(), ("acknowledged",)]),
        when=st.just(Always()) | conditions(fields, with_priority=True),
    )
    return Agreement(
        name,
        targets,
        calendar=draw(calendars),
        calendar_from=draw(st.sampled_from(["", "customer", "site", *sorted(fields)])),
        when=draw(st.just(Always()) | conditions(fields, with_priority=True)),
        kind=draw(st.sampled_from(["SLA", "OLA", "UC"])),
        pause_while=draw(st.frozensets(st.sampled_from(Status))),
        but_not_while=draw(st.frozensets(st.sampled_from(HoldReason))),
        pausing=draw(st.none() | st.frozensets(st.sampled_from(sorted(RULES)))),
        when_reopened=draw(st.sampled_from(get_args(WhenReopened))),
        when_priority_changes=draw(st.sampled_from(get_args(WhenPriorityChanges))),
        warn=draw(
            st.dictionaries(names, points, max_size=2)
            | st.just({"75%": 0.75, "1h after": timedelta(hours=1)})
        ),
        escalate=draw(st.none() | rungs.map(lambda rung: Ladder(name, [rung]))),
        objective=draw(
            st.none()
            | st.builds(
                Objective,
                shares,
                st.sampled_from(["day", "week", "month", "quarter", "year"]),
                small_n=st.none() | st.builds(SmallNumbers, st.integers(0, 99), st.integers(0, 9)),
            )
        ),
    )


def cadences(matrix: Matrix, fields: dict[str, FieldType]) -> st.SearchStrategy[Cadence]:
    """How often whom to write to, with every option drawn."""
    return st.builds(
        Cadence,
        delays,
        st.none() | st.sampled_from(Audience),
        priorities=st.none() | st.frozensets(st.sampled_from(matrix.priority.levels), min_size=1),
        to=st.sampled_from([("communications_manager",), ("desk", "service owner")]),
        when=st.just(Always()) | conditions(fields, with_priority=True),
    )


@st.composite
def models(draw: st.DrawFn, matrix: Matrix, fields: dict[str, FieldType]) -> IncidentModel:
    """An incident model with every option drawn."""
    asked = st.just(Always()) | conditions(fields, with_priority=True)
    levels = st.none() | st.sampled_from(matrix.priority.levels)
    proofs = st.sampled_from([(), (Evidence("resolved"),), (Evidence("assigned"), Evidence("step_done"))])
    low, high = draw(levels), draw(levels)
    steps = [
        ModelStep(
            name,
            f"Do {name}",
            owner="sme",
            budget=draw(st.none() | delays),
            depends_on=draw(st.sampled_from([[], ["first"]])) if name != "first" else [],
            optional=draw(st.booleans()),
            when=draw(asked),
            evidence=draw(proofs),
            begins=draw(proofs),
        )
        for name in ("first", "second")[: draw(st.integers(1, 2))]
    ]
    return IncidentModel(
        draw(st.sampled_from(["x", "y"])),
        "Drawn",
        steps,
        version=draw(st.sampled_from(["", "1"])),
        when=draw(asked),
        rank=draw(st.none() | st.integers(1, 9)),
        defaults=draw(st.just(Defaults()) | st.builds(Defaults, category=st.just("mail"), impact=st.just(1))),
        priority_at_least=low,
        priority_at_most=None if low is None or high is None else min(low, high),
        communication=draw(st.lists(cadences(matrix, fields), max_size=1)),
        closure=draw(proofs),
        workarounds=draw(st.sampled_from([(), ("W1", "W2")])),
        knowledge=draw(st.sampled_from([(), ("KB1",)])),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A whole policy."""
    matrix, fields = draw(matrices()), draw(field_sets)
    rules = st.builds(
        PriorityRule,
        conditions(fields, with_priority=False),
        impact_at_least=st.none() | st.integers(1, len(matrix.impact)),
        urgency_at_least=st.none() | st.integers(1, len(matrix.urgency)),
        priority_at_least=st.integers(1, len(matrix.priority)),
        because=st.just("") | names,
    )
    timers = st.builds(
        Timer,
        st.just("Auto-close") | names,
        st.just("remind"),
        after=st.none() | delays,
        status=st.sampled_from(["new", "resolved"]),
        hold_reason=st.none() | st.sampled_from(HoldReason),
        restart_on=st.frozensets(st.sampled_from([Noted, Replied])),
        cancel_on=st.frozensets(st.just(RequesterWrote)),
        exclude=st.dictionaries(names, st.booleans() | st.integers() | names, max_size=2),
    )
    closing = st.builds(
        Timer, st.just("Auto-close"), st.just("close"), after=delays, status=st.just("resolved")
    )
    lifecycle = draw(st.sampled_from([*SHIPPED.values(), OWN]))
    first = [timer for timer in draw(st.lists(closing, max_size=1)) if not check_timers([timer], lifecycle)]
    return Policy(
        draw(names),
        lifecycle=lifecycle,
        matrix=matrix,
        priority_rules=draw(st.lists(rules, max_size=2)),
        when_facts_change=draw(st.sampled_from(["recompute", "pinned"])),
        agreements=draw(st.lists(agreements(matrix, fields), max_size=3)),
        calendars=draw(st.dictionaries(names, calendars, max_size=2)),
        calendar=draw(st.none() | calendars),
        timers=[*first, *draw(st.lists(timers, max_size=2))],
        cadences=draw(st.lists(cadences(matrix, fields), max_size=2)),
        incident_models=draw(
            st.lists(models(matrix, fields), max_size=2, unique_by=lambda each: (each.id, each.version))
        ),
        routes=draw(
            st.lists(
                st.builds(
                    Route,
                    st.sampled_from(["desk", "network"]),
                    st.just(Always()) | conditions(fields, with_priority=True),
                    level=st.integers(1, 4),
                    because=st.sampled_from(["", "they know it"]),
                ),
                max_size=2,
            )
        ),
        major_rules=draw(
            st.lists(
                st.builds(
                    MajorRule,
                    names.filter(str.strip),
                    conditions(fields, with_priority=True),
                    because=st.sampled_from(["", "nobody can buy"]),
                    ask=st.lists(names.filter(str.strip), max_size=2),
                ),
                max_size=2,
            )
        ),
        fields=fields,
        zone=draw(st.sampled_from(["UTC", "Europe/London"])),
        valid_from=draw(st.none() | st.dates()),
    )


assert set(INCIDENT.fields).isdisjoint(TYPES)
