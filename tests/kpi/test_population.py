"""Which incidents count: the kinds that a KPI leaves out, and what changes that."""

from __future__ import annotations

import pytest

from itilkit import kpi
from itilkit.errors import KpiError
from itilkit.events import Cancelled, Event, Linked, Logged, MajorDeclared, Resolved
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


def test_an_unknown_kind_is_refused() -> None:
    """A kind that there is not is refused with near names."""
    with pytest.raises(KpiError, match=r"kind: 'childs' is no kind \(did you mean child\?\)"):
        kpi.volume().including("childs")  # type: ignore[arg-type]
