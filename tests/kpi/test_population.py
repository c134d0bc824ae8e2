"""Which incidents count: the kinds that a KPI leaves out, and what changes that."""

from __future__ import annotations

import attrs
import pytest

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.errors import KpiError
from itilkit.events import Acknowledged, Cancelled, Event, Linked, Logged, MajorDeclared, Resolved
from itilkit.kpi import Kpi
from itilkit.records import Incident
from itilkit.sla import Assessment

from .histories import at, case, hours, story, told
from .test_worked_examples import DESK, _promised

MAJOR = case(Logged(at(0)), MajorDeclared(at(0)), Resolved(at(4)), number="INC1")
CHILD = case(Logged(at(1)), Linked(at(1), kind="parent", to="INC1"), Resolved(at(2)), number="INC2")
TWIN = case(Logged(at(1)), Linked(at(2), kind="duplicate_of", to="INC1"), Resolved(at(3)), number="INC3")
CANCELLED = story(2, cancelled=3, number="INC4")
REQUEST = told(Logged(at(2)), Resolved(at(5)), number="INC5", kind="service_request")
PLAIN = story(0, 8, number="INC6")
ALL = [CHILD, MAJOR, TWIN, CANCELLED, REQUEST, PLAIN]


@pytest.mark.parametrize(
    ("asked", "n", "left_out"),
    [
        (kpi.volume(), 4, {"cancelled": 1, "request": 1}),
        (kpi.volume(counting="unique"), 3, {"cancelled": 1, "duplicate": 1, "request": 1}),
        (kpi.time_to_resolve(), 2, {"cancelled": 1, "child": 1, "duplicate": 1, "request": 1}),
        (kpi.reopen_rate(), 2, {"cancelled": 1, "child": 1, "duplicate": 1, "request": 1}),
        (
            kpi.first_assignment_rate(),
            0,
            {"cancelled": 1, "child": 1, "duplicate": 1, "missing": 2, "request": 1},
        ),
        (kpi.sla_compliance(), 0, {"cancelled": 1, "duplicate": 1, "no_agreement": 3, "request": 1}),
        (kpi.backlog(at(2)), 4, {"duplicate": 1, "request": 1}),
    ],
    ids=["volume", "unique", "durations", "reopened", "first assignment", "SLA", "backlog"],
)
def test_the_defaults_of_the_table(asked: Kpi, n: int, left_out: dict[str, int]) -> None:
    """Each kind of KPI counts what the table of the definitions, section 0.6, says."""
    found = kpi.measure(ALL, asked).one()
    assert (found.n, found.left_out) == (n, left_out)


def test_the_child_of_a_major_incident_in_any_order() -> None:
    """A child is known as such also where its parent comes later, and is told among the parts of the volume."""
    assert kpi.measure(ALL, kpi.volume()).one().parts == {"children": 1}
    assert kpi.measure(ALL[::-1], kpi.volume()).one() == kpi.measure(ALL, kpi.volume()).one()


def test_the_child_of_an_ordinary_incident_counts() -> None:
    """What follows an incident that was not declared major, or one that is not there, is left out nowhere."""
    ordinary = story(0, 4, number="INC1")
    assert kpi.measure([CHILD, ordinary], kpi.time_to_resolve("n")).one().value == 2
    assert kpi.measure([CHILD], kpi.time_to_resolve("n")).one().value == 1


def test_a_child_has_its_own_target() -> None:
    """An SLA counts the child of a major incident, a duration does not."""
    parent, child = _promised(1, 0, 8), _promised(2, 0, 9)
    link: list[Event] = [*child.events[:1], Linked(at(0), kind="parent", to="INC1"), *child.events[1:]]
    incidents = [
        Incident("INC1", (*parent.events[:1], MajorDeclared(at(0)), *parent.events[1:])),
        Incident("INC2", link),
    ]
    judged: list[Assessment] = list(DESK.assess_all(incidents, as_of=at(100), strict=False))
    kept, resolved = kpi.measure(judged, kpi.sla_compliance(), kpi.time_to_resolve("n"))
    assert (kept.value, kept.n, resolved.value) == (0.5, 2, 1)


def test_including_and_excluding() -> None:
    """A kind can be counted or left out, the result says so, and what is asked twice is undone."""
    usual = kpi.mean_time_to_resolve()
    found = kpi.measure(ALL, usual.including("child", "request")).one()
    assert (found.n, found.value) == (4, hours((4 + 1 + 3 + 8) / 4))
    assert found.left_out == {"cancelled": 1, "duplicate": 1}
    assert found.reading.endswith("wall clock; child incidents counted, request incidents counted")
    assert usual.including("child").excluding("child") == usual
    assert kpi.volume().excluding("child").including("child") == kpi.volume()
    without = kpi.measure(ALL, kpi.volume().excluding("child")).one()
    assert (without.value, without.left_out["child"]) == (3, 1)
    assert without.reading.endswith("child incidents left out")


def test_a_duplicate_that_was_cancelled_as_one() -> None:
    """Cancelled because it repeats another one, an incident is a duplicate and nothing else."""
    twin = case(Logged(at(0)), Cancelled(at(1), duplicate_of="INC9"))
    assert kpi.measure([twin], kpi.volume()).one().value == 1
    assert kpi.measure([twin], kpi.time_to_resolve()).one().left_out == {"duplicate": 1}


def _reports(*links: tuple[int, int], resolved: float = 10) -> list[Assessment]:
    """Incidents opened at their hour, tied as (duplicate, of) hours; the one of the highest hour is resolved."""
    events: dict[int, list[Event]] = {}
    for hour in sorted({hour for link in links for hour in link}):
        events[hour] = [Logged(at(hour))]
    for duplicate, of in links:
        events[duplicate].append(Linked(at(9), kind="duplicate_of", to=f"INC{of}"))
    events[max(events)].append(Resolved(at(resolved)))
    return [case(*told, number=f"INC{hour}", as_of=20) for hour, told in events.items()]


@pytest.mark.parametrize(
    ("links", "spent"),
    [
        ([(1, 4)], 9),
        ([(1, 4), (2, 4), (3, 4)], 9),
        ([(1, 2), (2, 4)], 9),
        ([(3, 4), (1, 3)], 9),
    ],
    ids=["one", "three", "a chain", "a chain in which the first is the duplicate of a duplicate"],
)
def test_the_one_that_stays_has_the_earliest_opening(links: list[tuple[int, int]], spent: float) -> None:
    """What was opened at 1 and merged into another one counts from 1 to its end at 10, in whatever order they come."""
    cases = _reports(*links)
    for drawn in (cases, cases[::-1], iter(cases), kpi.Cases(cases)):
        asked = kpi.measure(
            drawn,
            kpi.mean_time_to_resolve(),
            kpi.mean_time_to_resolve(resolution="worked"),
            kpi.time_between("opened", "resolved"),
        )
        assert [each.value for each in asked] == [hours(spent)] * 3
        assert [(each.n, each.parts) for each in asked] == [(1, {"from_duplicate": 1})] * 3
        assert all(each.left_out == {"duplicate": len(cases) - 1} for each in asked)
    assert "Made of: from duplicate 1" in asked[0].explain()
    assert "merged counts from the earliest opening" in asked[0].explain()
    assert kpi.survival_curve(cases, kpi.time_to_resolve()).times == (9 * 3_600_000_000,)


def test_the_one_that_stays_by_its_own_opening() -> None:
    """Asked for, its own record counts, and the result says so; other kinds of figure are not touched."""
    cases = _reports((1, 4))
    own = kpi.measure(cases, kpi.time_to_resolve("mean", opening="own")).one()
    assert (own.value, own.parts) == (hours(6), {})
    assert own.reading.endswith("from its own opening where others were merged into it")
    assert kpi.measure(cases, kpi.volume()).one().n == 2
    assert kpi.measure(cases, kpi.backlog(at(3))).one().value == 0
    with pytest.raises(KpiError, match=r"'first' is no opening"):
        kpi.time_to_resolve(opening="first")  # type: ignore[arg-type]


def test_the_one_that_stays_was_acknowledged() -> None:
    """Acknowledged at 6, it waited since the duplicate of 1; by its own opening since 4."""
    kept = case(Logged(at(4)), Acknowledged(at(6)), number="INC4")
    cases = [case(Logged(at(1)), Cancelled(at(5), duplicate_of="INC4"), number="INC1"), kept]
    for opening, spent in (("earliest", 5), ("own", 2)):
        found = kpi.measure(cases, kpi.time_to_acknowledge("mean", opening=opening)).one()  # type: ignore[arg-type]
        assert (found.value, bool(found.parts)) == (hours(spent), opening == "earliest")
    restored = kpi.measure(cases, kpi.time_to_restore("n")).one()
    assert restored.left_out == {"duplicate": 1, "open": 1}


def test_the_one_that_stays_is_open() -> None:
    """Open at 20, it is 19 hours old, and Kaplan and Meier count it so long; it lies in the period of the earliest."""
    cases = [
        case(Logged(at(1)), Cancelled(at(9), duplicate_of="INC4"), number="INC1", as_of=20),
        case(Logged(at(4)), number="INC4", as_of=20),
    ]
    assert kpi.measure(cases, kpi.age()).one().value == hours(19)
    assert kpi.survival_curve(cases, kpi.time_to_resolve()).last == 19 * 3_600_000_000
    early = Period.between(at(0), at(2))
    asked = kpi.time_to_resolve("km_median", cohort="opened")
    assert kpi.measure(cases, asked, period=early).one().n == 1
    assert kpi.measure(kpi.Cases(cases), asked, period=early).one().n == 1
    assert kpi.measure(cases, attrs.evolve(asked, opening="own"), period=early).one().n == 0
    within = kpi.cohort_resolution(hours(18))
    assert kpi.measure(cases, within, period=early).one().value == 0


def test_duplicates_of_nothing_that_is_there() -> None:
    """A duplicate of an incident that is not there, and two of each other, change no figure."""
    cases = [*_reports((1, 4)), story(5, 8, number="INC5", as_of=20)]
    lost = [case(Logged(at(0)), Linked(at(2), kind="duplicate_of", to="INC99"), number="INC0", as_of=20)]
    pair = [
        case(Logged(at(0)), Linked(at(2), kind="duplicate_of", to=other), number=number, as_of=20)
        for number, other in (("INC7", "INC8"), ("INC8", "INC7"))
    ]
    later = [case(Logged(at(6)), Linked(at(7), kind="duplicate_of", to="INC5"), number="INC6", as_of=20)]
    found = kpi.measure([*cases, *lost, *pair, *later], kpi.mean_time_to_resolve()).one()
    assert (found.value, found.n, found.parts) == (hours(6), 2, {"from_duplicate": 1})


def test_an_unknown_kind_is_refused() -> None:
    """A kind that there is not is refused with near names."""
    with pytest.raises(KpiError, match=r"kind: 'childs' is no kind \(did you mean child\?\)"):
        kpi.volume().including("childs")  # type: ignore[arg-type]
