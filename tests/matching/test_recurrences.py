"""What comes again, how often, and what is proposed for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit import Assessment, Incident, Timeline, kpi
from itilkit.errors import InstantError, MatchingError, RecordError
from itilkit.events import Cancelled, Linked
from itilkit.lifecycle import ITIL4_DEFAULT, PERMISSIVE, replay
from itilkit.matching import Recurrence, Recurrences, recurrences
from itilkit.records import links

from .histories import DAY, HOUR, LATER, MONDAY, at, opened


def seen(*incidents: Incident) -> list[Timeline]:
    """The incidents as they are known in the end."""
    return [replay(each, PERMISSIVE, as_of=LATER, strict=False) for each in incidents]


def disk(number: int, day: float, *more: Any, item: str | None = "db-1", **known: Any) -> Incident:
    """An incident of a configuration item."""
    return opened(f"INC{number}", day * 24, "", *more, configuration_item=item, **known)


def groups(*incidents: Incident, **options: Any) -> list[tuple[str, ...]]:
    """The numbers of each group."""
    given: dict[str, Any] = {"by": "configuration_item", "within": 7 * DAY, **options}
    return [each.numbers for each in recurrences(seen(*incidents), **given)]


@pytest.mark.parametrize(
    ("incidents", "options", "expected"),
    [
        pytest.param([], {}, [], id="nothing"),
        pytest.param([disk(1, 0)], {}, [], id="once is not again"),
        pytest.param([disk(1, 0), disk(2, 7)], {}, [("INC1", "INC2")], id="as late as may be"),
        pytest.param([disk(1, 0), disk(2, 7.01)], {}, [], id="too late"),
        pytest.param([disk(2, 3), disk(1, 0)], {}, [("INC1", "INC2")], id="by opening, not as given"),
        pytest.param([disk(2, 0), disk(1, 0)], {}, [("INC1", "INC2")], id="equal instants by number"),
        pytest.param([disk(1, 0), disk(2, 6), disk(3, 12)], {}, [("INC1", "INC2", "INC3")], id="a chain"),
        pytest.param(
            [disk(1, 0), disk(2, 1), disk(3, 20), disk(4, 21), disk(5, 22)],
            {},
            [("INC3", "INC4", "INC5"), ("INC1", "INC2")],
            id="two chains, the longer first",
        ),
        pytest.param(
            [disk(1, 0, item="a"), disk(2, 1, item="b"), disk(3, 2, item="a")],
            {},
            [("INC1", "INC3")],
            id="by key",
        ),
        pytest.param([disk(1, 0, item=None), disk(2, 1, item=None)], {}, [], id="an unknown key is none"),
        pytest.param([disk(1, 0), disk(2, 1)], {"at_least": 3}, [], id="too few"),
        pytest.param(
            [disk(1, 0, symptom="S1"), disk(2, 1, symptom="S2"), disk(3, 2, symptom="S1")],
            {"by": ("symptom", "configuration_item")},
            [("INC1", "INC3")],
            id="by two fields",
        ),
        pytest.param([disk(1, 0), disk(2, 1, Cancelled(at(30)))], {}, [], id="a cancelled one is none"),
        pytest.param(
            [disk(1, 0), disk(2, 1, Linked(at(30), kind="duplicate_of", to="INC1"))],
            {},
            [],
            id="nor is a duplicate",
        ),
    ],
)
def test_groups(incidents: list[Incident], options: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    """Incidents of a key belong together where each was opened at most the window after the one before it."""
    assert groups(*incidents, **options) == expected


def test_a_group_tells_when_and_why() -> None:
    """Key, instants, gaps, how long it lasted, and what problems are known, by link or by field."""
    tied = disk(2, 1, Linked(at(30), kind="problem", to="PRB1"))
    (group,) = recurrences(
        seen(disk(1, 0), tied, disk(3, 3, problem="PRB2")), by="configuration_item", within=7 * DAY
    )
    assert dict(group.key) == {"configuration_item": "db-1"}
    assert group.opened_at == (MONDAY, MONDAY + DAY, MONDAY + 3 * DAY)
    assert group.gaps == (DAY, 2 * DAY)
    assert group.lasted == 3 * DAY
    assert (group.problems, group.untied) == (("PRB1", "PRB2"), ("INC1",))
    assert (
        str(group) == "3 times configuration_item is db-1, 2026-03-02 to 2026-03-05 UTC; problem PRB1, PRB2"
    )


def test_of_many_problems_a_few_are_told() -> None:
    """A group that touches many problems is told on a line that can be read."""
    many = [disk(number, number / 10, problem=f"PRB{number}") for number in range(7)]
    (group,) = recurrences(seen(*many), by="configuration_item", within=DAY)
    assert group.explain().endswith("; problem PRB0, PRB1, PRB2, PRB3, PRB4 and 2 more")
    assert len(group.problems) == 7


def test_what_is_left_out_is_counted() -> None:
    """Each incident is looked at or left out for one reason."""
    given = [
        disk(1, 0),
        disk(2, 1),
        disk(3, 1, Cancelled(at(30))),
        disk(4, 1, Cancelled(at(30), duplicate_of="INC2")),
        disk(5, 1, item=None),
        disk(6, 9999),
    ]
    found = recurrences(seen(*given), by="configuration_item", within=DAY)
    assert dict(found.left_out) == {"cancelled": 1, "duplicate": 1, "missing": 1, "not_opened": 1}
    assert (found.n, len(found)) == (2, 1)
    assert found.explain().splitlines() == [
        "2 times configuration_item is db-1, 2026-03-02 to 2026-03-03 UTC; no problem yet",
        "of 2 incidents; left out: cancelled 1, duplicate 1, missing 1, not opened 1",
    ]
    assert str(found) == found.explain()


def test_assessments_are_taken_like_timelines() -> None:
    """What a policy assessed is grouped by what its timeline says."""
    cases = [Assessment(timeline, {}) for timeline in seen(disk(1, 0), disk(2, 1))]
    assert recurrences(cases, by="configuration_item", within=DAY) == recurrences(
        seen(disk(1, 0), disk(2, 1)), by="configuration_item", within=DAY
    )


def test_a_group_becomes_a_problem() -> None:
    """The problem names all incidents; only those without a problem are linked to it."""
    tied = disk(2, 1, Linked(at(30), kind="problem", to="PRB1"))
    (group,) = recurrences(seen(disk(1, 0), tied, disk(3, 3)), by="configuration_item", within=7 * DAY)
    found = group.to_problem("PRB9", at(99), "ann")
    assert (found.problem.id, found.problem.status) == ("PRB9", "new")
    assert found.problem.incidents == ("INC1", "INC2", "INC3")
    assert found.problem.title == "Recurring: configuration_item is db-1"
    assert [(number, links([event]).problem) for number, event in found.proposed] == [
        ("INC1", "PRB9"),
        ("INC3", "PRB9"),
    ]
    assert group.to_problem("PRB9", at(99), title="Disks fail").problem.title == "Disks fail"
    with pytest.raises(RecordError, match="names nothing"):
        group.to_problem("", at(99))
    with pytest.raises(InstantError):
        group.to_problem("PRB9", at(99).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param({"by": []}, "no_name", id="no field"),
        pytest.param({"by": [""]}, "no_name", id="no name of a field"),
        pytest.param({"by": 7}, "no_name", id="no names at all"),
        pytest.param({"by": "symptm"}, "unknown_field", id="a slip of the pen"),
        pytest.param({"within": timedelta(0)}, "bad_duration", id="no window"),
        pytest.param({"at_least": 1}, "not_a_count", id="once is not again"),
    ],
)
def test_what_makes_no_sense_is_told(options: dict[str, Any], code: str) -> None:
    """A question that makes no sense is told by its code."""
    with pytest.raises(MatchingError) as caught:
        groups(disk(1, 0, symptom="S1"), **options)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_an_incident_given_twice_is_told() -> None:
    """An incident given twice would recur with itself."""
    with pytest.raises(MatchingError, match="INC1 is given twice"):
        groups(disk(1, 0), disk(1, 0))


drawn = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["a", "b", None])), max_size=12).map(
    lambda rows: [disk(number, day / 2, item=item) for number, (day, item) in enumerate(rows)]
)
windows = st.integers(1, 200).map(lambda hours: hours * HOUR)


def found(incidents: Iterable[Incident], within: timedelta, at_least: int = 2) -> Recurrences:
    """The groups by configuration item."""
    return recurrences(seen(*incidents), by="configuration_item", within=within, at_least=at_least)


@given(drawn, windows)
def test_a_group_is_what_it_says(incidents: list[Incident], within: timedelta) -> None:
    """No incident is in two groups; gaps are within the window; whatever is outside is further away or has no key."""
    groups = found(incidents, within).groups
    numbers = [number for group in groups for number in group.numbers]
    assert len(numbers) == len(set(numbers))
    for group in groups:
        assert all(timedelta(0) <= gap <= within for gap in group.gaps)
        assert list(group.opened_at) == sorted(group.opened_at)
    together = {number: place for place, group in enumerate(groups) for number in group.numbers}
    known = [each for each in incidents if item(each) is not None]
    for one in known:
        for other in known:
            if (
                one is not other
                and item(one) == item(other)
                and abs(one.opened_at - other.opened_at) <= within
            ):
                assert together[one.number] == together[other.number]


def item(incident: Incident) -> object:
    """Its configuration item."""
    return seen(incident)[0].fields[-1].get("configuration_item")


@given(drawn, windows, windows)
def test_a_wider_window_joins_groups(incidents: list[Incident], one: timedelta, other: timedelta) -> None:
    """Each group of a narrow window lies within one group of a wider window."""
    narrow, wide = sorted((one, other))
    wider = [set(group.numbers) for group in found(incidents, wide)]
    assert all(any(set(group.numbers) <= each for each in wider) for group in found(incidents, narrow))


@given(st.data(), windows)
def test_the_order_of_incidents_changes_nothing(data: st.DataObject, within: timedelta) -> None:
    """Incidents given in another order make the same groups in the same order."""
    incidents = data.draw(drawn)
    assert found(incidents, within) == found(data.draw(st.permutations(incidents)), within)


@given(drawn, windows)
def test_the_kpi_counts_what_is_grouped(incidents: list[Incident], within: timedelta) -> None:
    """In each group all but the first recur; the KPI counts these, as far as the data reaches back."""
    later = [replay(each, ITIL4_DEFAULT, as_of=LATER) for each in incidents]
    rate = kpi.recurring_rate(key="configuration_item", window=within)
    known = [each for each in incidents if item(each) is not None]
    if not known:
        return
    ripe = min(each.opened_at for each in known) + within
    again = [at for group in found(incidents, within) for at in group.opened_at[1:] if at >= ripe]
    measured = kpi.measure([Assessment(each, {}) for each in later], rate).one()
    assert (measured.value or 0) * measured.n == pytest.approx(len(again))


def test_groups_become_rows() -> None:
    """One plain row for each group, the key by its fields."""
    rows = found([disk(1, 0), disk(2, 3), disk(3, 4)], 7 * DAY).to_rows()
    assert rows == [
        {
            "configuration_item": "db-1",
            "incidents": 3,
            "first_opened_at": MONDAY,
            "last_opened_at": MONDAY + 4 * DAY,
            "longest_gap": 3 * DAY,
            "problems": (),
            "numbers": ("INC1", "INC2", "INC3"),
        }
    ]


def test_no_column_of_a_row_hides_another() -> None:
    """A field of the house that is called like a column of the rows is told beside it."""
    own = ("incidents", "first_opened_at", "last_opened_at", "longest_gap", "problems", "numbers")
    cases = seen(*(opened(f"INC{each}", each, **dict.fromkeys(own, "x")) for each in (1, 2)))
    (row,) = recurrences(cases, by=own, within=DAY).to_rows()
    assert {name: value for name, value in row.items() if name.startswith("by_")} == {
        f"by_{name}": "x" for name in own
    }
    assert (row["incidents"], row["numbers"], set(row)) == (
        2,
        ("INC1", "INC2"),
        {*own, *(f"by_{name}" for name in own)},
    )


def test_many_values_are_no_key() -> None:
    """A field that holds many values at once says of no two incidents that they are the same."""
    with pytest.raises(RecordError, match="a field cannot hold frozenset"):
        groups(disk(1, 0, tags="a,b"), disk(2, 1, tags="a,b"), by="tags")


def test_a_group_is_a_value() -> None:
    """Equal groups are equal and can be hashed."""
    one, two = (found([disk(1, 0), disk(2, 1)], DAY).groups[0] for _ in range(2))
    assert isinstance(one, Recurrence)
    assert one == two
    assert hash(one) == hash(two)
