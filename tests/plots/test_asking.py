"""What cannot be asked of a picture is told at the door: what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.kpi.histories import at, story
from tests.plots.desks import desk

from itilkit import kpi, plots
from itilkit.calendars import Period
from itilkit.errors import FaultError
from itilkit.plots import Picture
from itilkit.sla import Assessment

DAY = timedelta(days=1)
ODD: dict[str, Any] = {
    "none": None,
    "number": 5,
    "less than nothing": -1,
    "no number": float("nan"),
    "truth": True,
    "bytes": b"x",
    "object": object(),
    "instant": datetime(2026, 3, 2, tzinfo=UTC),
    "duration": DAY,
    "list of none": [None],
    "list of lists": [[]],
    "large": ["x" * 100_000],
}
ASKED: dict[str, tuple[Callable[..., Picture], dict[str, Any]]] = {
    "arrivals": (plots.arrivals, {"zone": "UTC", "counting": "demand"}),
    "backlog": (plots.backlog, {"zone": "UTC", "every": "day", "end": "resolved", "bands": [DAY]}),
    "compliance": (
        plots.compliance,
        {"by": "priority", "target": "resolution", "level": 0.9, "names": {1: "P1 Critical"}},
    ),
    "pareto": (plots.pareto, {"by": "priority", "counting": "demand", "names": {1: "P1 Critical"}}),
    "survival": (plots.survival, {"of": kpi.time_to_resolve(cohort="opened"), "level": 0.9}),
    "time_in_status": (plots.time_in_status, {"of": "status", "clock": "wall"}),
    "time_to_resolve": (plots.time_to_resolve, {"of": kpi.time_to_resolve()}),
    "volume": (plots.volume, {"zone": "UTC", "every": "day", "counting": "demand"}),
}
MAY_BE_NONE = {"period", "of"}
QUESTIONS = [
    pytest.param(name, option, odd, id=f"{name} {option} {odd}")
    for name, (_, options) in ASKED.items()
    for option in [*options, "period"]
    for odd in ODD
    if odd != "none" or option not in MAY_BE_NONE or (name, option) == ("time_in_status", "of")
]


@pytest.mark.parametrize(("name", "option", "odd"), QUESTIONS)
def test_an_option_of_another_kind_is_told(name: str, option: str, odd: str) -> None:
    """Whatever stands where an option must, it ends in a fault with a place, of an empty desk as well."""
    draw, options = ASKED[name]
    desks: tuple[Sequence[Assessment], ...] = ((), desk(20))
    for cases in desks:
        with pytest.raises(FaultError) as caught:
            draw(cases, **{**options, option: ODD[odd]}).to_svg()
        assert all(fault.path and fault.hint for fault in caught.value.faults)


@pytest.mark.parametrize("odd", [*ODD, "timelines"])
@pytest.mark.parametrize("name", ASKED)
def test_what_is_no_assessment_is_told(name: str, odd: str) -> None:
    """A list of something else, or no list, is told with the place of the first that is none."""
    draw, options = ASKED[name]
    given = [each.timeline for each in desk(3)] if odd == "timelines" else ODD[odd]
    with pytest.raises(FaultError, match=r"^assessments.* \(give a list of assessments") as caught:
        draw(given, **options)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("name", ASKED)
def test_what_can_be_drawn_once_is_enough(name: str) -> None:
    """Generators of assessments and of bands serve as lists do, and so do the cases that KPIs keep."""
    draw, options = ASKED[name]
    once = {**options, "bands": iter([DAY, 5 * DAY])} if name == "backlog" else options
    often = {**options, "bands": [DAY, 5 * DAY]} if name == "backlog" else options
    assert draw(iter(desk(50)), **once) == draw(desk(50), **often) == draw(kpi.Cases(desk(50)), **often)


def test_names_of_groups_are_texts() -> None:
    """A group cannot be called by a number or by nothing."""
    for name in (None, 5):
        with pytest.raises(FaultError, match="expected what groups are called"):
            plots.pareto([], names={"Network": name})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("names", "called"),
    [
        pytest.param({1: "High", 2: "High"}, ["High (1)", "High (2)", "P3", "P4"], id="two of one name"),
        pytest.param({1: "P2"}, ["P2 (1)", "P2 (2)", "P3", "P4"], id="the name of another one"),
        pytest.param({1: "High", 9: "High"}, ["High", "P2", "P3", "P4"], id="one of them is not there"),
    ],
)
def test_no_two_bars_are_called_alike(names: dict[int, str], called: list[str]) -> None:
    """Where two groups would have one name, each is told with its value: a chart would draw them as one bar."""
    for picture in (plots.compliance(desk(), names=names), plots.pareto(desk(), by="priority", names=names)):
        assert sorted(row["name"] for row in picture.rows) == called


def test_a_cut_backlog_says_so() -> None:
    """Of 70 days the latest 60 are drawn, and the foot of the picture says it; of 60 it says nothing."""
    assert plots.backlog([story(0, as_of=24 * 69 + 12)], zone="UTC", every="day").notes[0] == (
        "The latest 60 of 70 days."
    )
    of_60 = plots.backlog([story(0, as_of=24 * 59 + 12)], zone="UTC", every="day")
    assert len({row["period"] for row in of_60.rows}) == 60
    assert of_60.notes == ("All columns on one scale.",)


def test_an_hour_that_comes_twice_counts_in_one_row() -> None:
    """In London 2026-10-25 01:30 comes twice, as 00:30 and 01:30 UTC: both are in the row of Sunday, one o'clock."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    start = (first - at(0)) / timedelta(hours=1)
    cases = [story(start + hours, as_of=start + 100, number=f"INC{hours}") for hours in (-1, 0, 1, 2)]
    rows = plots.arrivals(cases, zone="Europe/London").rows
    found = {(row["weekday"], row["hour"]): row["incidents"] for row in rows if row["incidents"]}
    assert found == {("Sun", 0): 1, ("Sun", 1): 2, ("Sun", 2): 1}


def test_a_day_of_25_hours_is_one_day() -> None:
    """The last Sunday of October has 25 hours in London: each of them is in its bar, and in no other."""
    start = (datetime(2026, 10, 24, 23, tzinfo=UTC) - at(0)) / timedelta(hours=1)
    cases = [story(start + hours, as_of=start + 100, number=f"INC{hours}") for hours in range(-1, 26)]
    rows = plots.volume(cases, zone="Europe/London", every="day").rows
    assert {row["period"]: row["incidents"] for row in rows if row["incidents"]} == {
        "2026-10-24": 1,
        "2026-10-25": 25,
        "2026-10-26": 1,
    }


@pytest.mark.parametrize(
    ("as_of", "period", "complete"),
    [
        pytest.param(24, None, [True], id="ended just now"),
        pytest.param(23.9, None, [False], id="goes on"),
        pytest.param(48, Period.day(date(2026, 3, 2), zone="UTC"), [True], id="the period is this day"),
        pytest.param(24, Period.day(date(2026, 3, 2), zone="UTC"), [True], id="both end at once"),
        pytest.param(23.9, Period.day(date(2026, 3, 2), zone="UTC"), [False], id="the period goes on"),
    ],
)
def test_a_day_is_whole_when_it_is_over(as_of: float, period: Period | None, complete: list[bool]) -> None:
    """A day counts as a whole from the instant at which it ends, and where the period begins and ends with it."""
    rows = plots.volume([story(1, as_of=as_of)], zone="UTC", every="day", period=period).rows
    assert [row["complete"] for row in rows] == complete


def test_the_groups_that_are_shown_have_the_most() -> None:
    """None that is cut off has more clocks than one that is shown; the others of a Pareto end at 100 %."""
    picture = plots.compliance(desk(), by="configuration_item")
    shown = [row["n"] for row in picture.rows]
    assert 0 < picture.n - sum(shown) <= (25 - 12) * min(shown) < (25 - 12) * max(shown)
    rows = plots.pareto(desk(), by="configuration_item").rows
    assert (rows[-1]["name"], rows[-1]["groups"], rows[-1]["cumulative"]) == ("15 others", 15, 1.0)
    assert rows[-2]["cumulative"] + rows[-1]["share"] == pytest.approx(1)


@pytest.mark.parametrize("name", ASKED)
def test_cases_are_drawn_as_the_list_of_them(name: str) -> None:
    """Assessments whose facts were kept for other questions make the same picture."""
    draw, options = ASKED[name]
    kept = kpi.Cases(desk())
    kpi.measure(kept, kpi.time_to_resolve("median"), kpi.volume())
    assert draw(kept, **options) == draw(desk(), **options)
