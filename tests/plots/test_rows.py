"""The rows of each picture, held against a second, plain reading of the same events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kpi.histories import at, story
from tests.plots.desks import AS_OF, PICTURES, ZONE, Told, desk, marks, parsed, pictures, told

from itilkit import kpi, plots
from itilkit.calendars import Calendar, Period
from itilkit.errors import CalendarError, FaultError, KpiError
from itilkit.kpi import Spell
from itilkit.plots import Picture
from itilkit.plots.durations import _InPeriod
from itilkit.sla import Assessment

LONDON = ZoneInfo(ZONE)
DAY = timedelta(days=1)
MARCH = Period.month(2026, 3, zone=ZONE)


def kept() -> list[Told]:
    """The incidents that count: all but the cancelled ones."""
    return [each for each in told() if each.cancelled is None]


def row(picture: Picture, **wanted: object) -> dict[str, object]:
    """The only row with these values."""
    (found,) = [each for each in picture.to_rows() if wanted.items() <= each.items()]
    return found


class TestVolume:
    def test_each_week_has_its_incidents(self) -> None:
        """The counts are those of the local weeks in which incidents were opened."""
        weeks = Counter(
            "{}-W{:02}".format(*each.opened.astimezone(LONDON).isocalendar()[:2]) for each in kept()
        )
        shown = {str(each["period"]): each["incidents"] for each in pictures()["volume"].rows}
        assert {week: count for week, count in shown.items() if count} == weeks
        assert pictures()["volume"].n == sum(weeks.values())

    def test_the_limits_are_wheelers(self) -> None:
        """Mean and 2.66 mean moving ranges of the whole weeks; the week that goes on does not count."""
        rows = pictures()["volume"].rows
        whole = [each["incidents"] for each in rows if each["complete"]]
        steps = [abs(b - a) for a, b in pairwise(whole)]
        mean, moving = sum(whole) / len(whole), sum(steps) / len(steps)
        assert [each["complete"] for each in rows] == [True] * (len(rows) - 1) + [False]
        assert rows[-1]["centre"] == pytest.approx(mean)
        assert rows[-1]["high"] == pytest.approx(mean + 2.66 * moving)
        assert rows[-1]["low"] == pytest.approx(mean - 2.66 * moving)

    def test_a_week_cut_by_the_period_is_not_whole(self) -> None:
        """The first and the last week of a month are seen in part; what lies outside is told."""
        picture = plots.volume(desk(), zone=ZONE, period=MARCH)
        assert [each["complete"] for each in picture.rows] == [False, True, True, True, True, False]
        assert picture.n == sum(MARCH.start <= each.opened < MARCH.end for each in kept())
        assert picture.left_out["out_of_period"] == sum(each.opened not in MARCH for each in told())

    def test_a_burst_is_a_signal(self) -> None:
        """Nine quiet days and one with forty incidents: that day lies beyond the limits, and the sentence says so."""
        cases = [story(24 * day + 9, number=f"INC{day}") for day in range(10)]
        cases += [story(24 * 5 + 10, number=f"BURST{number}") for number in range(40)]
        picture = plots.volume(cases, zone="UTC", every="day")
        assert [each["period"] for each in picture.rows if each["signal"]] == ["2026-03-07"]
        assert picture.says == "5 per day on average; 1 of 10 days beyond the usual up and down."

    def test_a_run_is_a_signal(self) -> None:
        """Eight days with one incident less than before: the eighth, and only it, is called."""
        cases = [
            story(24 * day + hour, number=f"INC{day}-{hour}")
            for day in range(16)
            for hour in range((5 if day % 2 else 4) if day < 8 else (3 if day % 2 else 2))
        ]
        rows = plots.volume(cases, zone="UTC", every="day").rows
        assert [each["signal"] for each in rows] == [*[""] * 7, "run_of_eight", *[""] * 7, "run_of_eight"]

    def test_quarters(self) -> None:
        """A quarter starts on its first day."""
        rows = plots.volume(desk(), zone=ZONE, every="quarter").rows
        assert [each["starts_on"] for each in rows] == ["2026-01-01", "2026-04-01"]
        assert [each["complete"] for each in rows] == [True, True]

    def test_few_periods_call_no_signal(self) -> None:
        """With fewer than eight whole weeks the picture says that none can be called unusual."""
        picture = plots.volume(desk(), zone=ZONE, every="month")
        assert not any(each["signal"] for each in picture.rows)
        assert picture.notes[0] == "Fewer than eight whole months: too few to call one unusual."

    def test_the_latest_periods_are_shown(self) -> None:
        """Of 501 days the latest 400 are drawn, and n counts only them."""
        cases = [story(0, as_of=24 * 600), story(24 * 500, as_of=24 * 600, number="INC2")]
        picture = plots.volume(cases, zone="UTC", every="day")
        assert (len(picture.rows), picture.n, picture.rows[-1]["incidents"]) == (400, 1, 1)
        assert "The latest 400 of 501 days." in picture.notes
        (late,) = [each for each in marks(picture.to_svg(), "late") if each.attrib["d"].count("z") > 1]
        assert late.attrib["d"].count("z") == sum(bool(each["signal"]) for each in picture.rows)
        assert len(picture.to_svg()) < 30_000

    def test_many_quiet_periods_have_no_mark(self) -> None:
        """Of 200 days alike only the one that goes on has a mark, a hollow one."""
        cases = [story(24 * day + 9, as_of=24 * 200 - 2, number=f"INC{day}") for day in range(200)]
        svg = plots.volume(cases, zone="UTC", every="day").to_svg()
        assert [len(marks(svg, look)) for look in ("late", "bar", "hollow")] == [0, 0, 1]


def kaplan_meier(spells: list[tuple[float, bool]]) -> dict[float, float]:
    """The textbook's product, time by time."""
    share, curve = 1.0, dict[float, float]()
    for time in sorted({spent for spent, ended in spells if ended}):
        at_risk = sum(spent >= time for spent, _ in spells)
        share *= 1 - sum(spent == time and ended for spent, ended in spells) / at_risk
        curve[time] = share
    return curve


class TestDurations:
    def spells(self) -> list[tuple[float, bool]]:
        """How long each incident took, or has taken so far."""
        return [
            (((each.resolved or AS_OF) - each.opened).total_seconds(), each.resolved is not None)
            for each in kept()
        ]

    def test_the_curve_is_kaplan_meiers(self) -> None:
        """Each row is a point of the estimate by hand, and the last one is there."""
        curve = kaplan_meier(self.spells())
        rows = pictures()["survival"].rows
        assert len(rows) > 100
        assert rows[-1]["seconds"] == max(curve)
        for each in rows:
            assert each["share"] == pytest.approx(curve[each["seconds"]])
            assert each["low"] <= each["share"] <= each["high"]

    def test_no_row_is_far_from_the_next(self) -> None:
        """Thinned to 201 lengths of time, the curve keeps every step that an eye could see."""
        cases = tuple(story(0, hour / 7, number=f"INC{hour}") for hour in range(1, 2000))
        rows = plots.survival(cases).rows
        assert 100 < len(rows) <= 201
        shares = [each["share"] for each in rows]
        assert max(before - after for before, after in pairwise(shares)) < 0.011

    def test_half_and_nine_in_ten(self) -> None:
        """Of 1 to 10 hours half have ended within 5, nine within 9; open ones would make both later."""
        cases = [story(0, hour, number=f"INC{hour}") for hour in range(1, 11)]
        figures = plots.survival(cases).figures
        assert figures == {"median_seconds": 5 * 3600, "p90_seconds": 9 * 3600, "last_seconds": 10 * 3600}
        more = plots.survival([*cases, *(story(0, number=f"OPEN{number}") for number in range(10))])
        assert more.figures == {"median_seconds": 10 * 3600, "p90_seconds": None, "last_seconds": 365 * 86400}
        assert more.says == "Half end within 10.0 h."

    def test_more_open_than_not(self) -> None:
        """Where fewer than half have ended, the picture says so."""
        cases = [story(0, 1), *(story(0, number=f"OPEN{number}") for number in range(3))]
        assert plots.survival(cases).says == "Fewer than half have ended."

    def test_bars_hold_all_that_were_resolved(self) -> None:
        """Each bar counts the durations from its start up to, but not including, its end."""
        picture = pictures()["time_to_resolve"]
        spent = [seconds for seconds, ended in self.spells() if ended]
        for each in picture.rows:
            low, high = each["from_seconds"], each["to_seconds"]
            assert each["incidents"] == sum(low <= seconds < high for seconds in spent)
        assert sum(each["incidents"] for each in picture.rows) == len(spent) == picture.n
        assert picture.left_out["open"] == len(kept()) - len(spent)

    @pytest.mark.parametrize(
        ("minutes", "bar"),
        [
            (0, (0, 60)),
            (0.99, (0, 60)),
            (1, (60, 120)),
            (2, (120, 240)),
            (3.99, (120, 240)),
            (64, (3840, 7680)),
        ],
    )
    def test_a_bar_begins_with_its_bound(self, minutes: float, bar: tuple[int, int]) -> None:
        """What took exactly as long as a bound lies in the bar above it; less than a minute is one bar."""
        (found,) = plots.time_to_resolve([story(0, minutes / 60)]).rows
        assert (found["from_seconds"], found["to_seconds"]) == bar

    def test_a_period_is_that_of_the_cohort(self) -> None:
        """Time to resolve is told of those resolved in the month, survival of those opened in it."""
        resolved = [each for each in kept() if each.resolved and each.resolved in MARCH]
        opened = [each for each in kept() if each.opened in MARCH]
        assert plots.time_to_resolve(desk(), period=MARCH).n == len(resolved)
        survival = plots.survival(desk(), period=MARCH)
        assert (survival.n, survival.rows[0]["at_risk"]) == (len(opened), len(opened))

    def test_a_duration_in_a_period_is_the_same_duration(self) -> None:
        """What stands for a KPI in a period leaves out the same kinds and makes the same figures."""
        of = kpi.time_to_resolve().including("child")
        inside = _InPeriod(of.name, of=of, window=MARCH)
        assert inside.leaves_out == of.leaves_out
        spells = [Spell(60_000_000), Spell(120_000_000)]
        assert list(inside.figures(spells)) == list(of.figures(spells))

    def test_another_duration(self) -> None:
        """Any duration can be drawn, on any clock."""
        of = kpi.time_to_acknowledge(clock=Calendar.round_the_clock("UTC"))
        picture = plots.time_to_resolve([story(0, 5, acknowledged=0.5)], of=of)
        assert picture.figures["median_seconds"] == 1800
        assert (picture.title, picture.unit) == ("Time to acknowledge", "incidents by time to acknowledge")

    def test_short_lives_are_not_pressed_into_a_corner(self) -> None:
        """Where all is over within seconds the curve keeps its points."""
        cases = [story(0, number / 36e6, number=f"INC{number}") for number in range(1, 1500)]
        assert len(plots.survival(cases).rows) > 100

    @pytest.mark.parametrize("draw", [plots.survival, plots.time_to_resolve])
    def test_less_than_no_time_cannot_be_drawn(self, draw: Callable[..., Picture]) -> None:
        """Kept negative durations have no place on the scale: they are left out and counted, or refused."""
        of = kpi.time_to_resolve(cohort="opened", negative="keep")
        with pytest.raises(KpiError, match="before its start"):
            draw([], of=of)

    def test_when_a_log_began_changes_no_bar(self) -> None:
        """Delayed entry is for estimates of what has not ended; a bar counts what was resolved."""
        of = kpi.time_to_resolve(observed_since=at(3))
        assert plots.time_to_resolve([story(0, 2), story(0, 9, number="INC2")], of=of).n == 2

    @pytest.mark.parametrize("draw", [plots.survival, plots.time_to_resolve])
    def test_what_is_no_duration_is_refused(self, draw: Callable[..., Picture]) -> None:
        """A count cannot be drawn as a duration."""
        with pytest.raises(KpiError, match="is no duration"):
            draw([], of=kpi.volume())

    def test_survival_wants_the_open_ones(self) -> None:
        """A cohort of those resolved holds no open one, so that its curve would lie."""
        with pytest.raises(KpiError, match="counts incidents that have not ended"):
            plots.survival([], of=kpi.time_to_resolve())


HOURS = {1: 4, 2: 8, 3: 24, 4: 72}


class TestCompliance:
    def test_each_priority_has_its_clocks(self) -> None:
        """Met within the target, breached after it or open beyond it; open and in time is left out."""
        picture = pictures()["compliance"]
        for priority, hours in HOURS.items():
            mine = [each for each in kept() if each.priority == priority]
            spent = [(each.spent, each.resolved is not None) for each in mine]
            met = sum(time <= timedelta(hours=hours) and ended for time, ended in spent)
            breached = sum(time > timedelta(hours=hours) for time, _ in spent)
            found = row(picture, group=priority)
            assert (found["name"], found["met"], found["n"]) == (f"P{priority}", met, met + breached)
            assert found["share"] == pytest.approx(met / (met + breached))

    def test_the_interval_is_wilsons(self) -> None:
        """By Wilson's formula at 95 %."""
        for each in pictures()["compliance"].rows:
            p, n, z = each["share"], each["n"], 1.959964
            middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
            assert each["low"] == pytest.approx((middle - half) / (1 + z * z / n), abs=1e-6)
            assert each["high"] == pytest.approx((middle + half) / (1 + z * z / n), abs=1e-6)

    def test_all_are_the_sum(self) -> None:
        """The figures of the whole are those of the groups together."""
        picture = pictures()["compliance"]
        assert picture.figures["met"] == sum(each["met"] for each in picture.rows)
        assert picture.n == sum(each["n"] for each in picture.rows)

    def test_groups_have_the_names_of_the_house(self) -> None:
        """Names are taken from the caller; what has none is called by its number."""
        picture = plots.compliance(desk(), names={1: "Critical"})
        assert [each["name"] for each in picture.rows] == ["Critical", "P2", "P3", "P4"]

    def test_many_groups_are_cut_to_the_largest(self) -> None:
        """Of more than twelve groups those with the most clocks are shown, and the picture says so."""
        picture = plots.compliance(desk(), by="configuration_item")
        assert len(picture.rows) == 12
        assert picture.notes[-1] == "The 12 groups with the most clocks, of 25."


class TestBacklog:
    def test_it_counts_what_waits_at_each_instant(self) -> None:
        """Opened by then, and neither resolved nor cancelled by then; in bands of age."""
        bands = {"0-1 days": (0, 1), "1-5 days": (1, 5), "5-10 days": (5, 10), "10-30 days": (10, 30)}
        for each in pictures()["backlog"].rows:
            at = datetime.fromisoformat(str(each["at"]))
            waiting = [
                one
                for one in told()
                if one.opened <= at and not (one.resolved or one.cancelled or at + DAY) <= at
            ]
            low, high = bands.get(str(each["band"]), (30 if each["band"] != "all" else 0, 10_000))
            assert each["incidents"] == sum(low * DAY <= at - one.opened < high * DAY for one in waiting)

    def test_the_last_instant_is_now(self) -> None:
        """The week that goes on is told as it stands."""
        assert datetime.fromisoformat(str(pictures()["backlog"].rows[-1]["at"])) == AS_OF

    @pytest.mark.parametrize("end", ["resolved", "closed", "state"])
    def test_it_is_the_backlog_of_the_kpi(self, end: kpi.End) -> None:
        """Asking only incidents that may wait changes no figure: each is that of `kpi.backlog`, for each end."""
        cases = [
            *desk(100),
            story(0, 5, reopened=30, as_of=(AS_OF - at(0)) / timedelta(hours=1), number="BACK"),
        ]
        picture = plots.backlog(cases, zone=ZONE, every="month", end=end)
        for each in picture.rows:
            if each["band"] == "all":
                instant = datetime.fromisoformat(str(each["at"]))
                assert each["incidents"] == kpi.measure(cases, kpi.backlog(instant, end=end)).one().value

    @settings(max_examples=80, deadline=None)
    @given(
        st.lists(st.tuples(*[st.integers(0, 60)] * 5, st.integers(0, 5)), min_size=1, max_size=8),
        st.integers(0, 400),
        st.sampled_from(["resolved", "closed", "state"]),
    )
    def test_whatever_the_lives(self, lives: list[tuple[int, ...]], now: int, end: kpi.End) -> None:
        """Of any lives, of which each stops at some step, the whole and the bands are those of the KPIs."""
        cases: list[Assessment] = []
        for place, (*gaps, steps) in enumerate(lives):
            stops = [at for at, _ in zip(accumulate(gaps), range(steps), strict=False)]
            told = dict(zip(("opened", "resolved", "reopened", "again", "closed"), stops, strict=False))
            if steps == 0:
                told = {"opened": gaps[0], "cancelled": gaps[0] + gaps[1]}
            cases.append(story(**told, as_of=now, number=f"INC{place}"))  # type: ignore[arg-type]
        picture = plots.backlog(cases, zone="UTC", every="day", end=end)
        by_instant = {str(each["at"]): each["incidents"] for each in picture.rows if each["band"] == "all"}
        for instant, count in by_instant.items():
            moment = datetime.fromisoformat(instant)
            assert count == kpi.measure(cases, kpi.backlog(moment, end=end)).one().value
            bands = [
                each["incidents"] for each in picture.rows if each["at"] == instant and each["band"] != "all"
            ]
            ages = kpi.measure(cases, kpi.backlog_age(moment, "n", end=end))
            assert bands == [each.value or 0 for each in ages[1:]]

    def test_nothing_waits(self) -> None:
        """Where all is resolved by the end of each week the picture says so."""
        assert plots.backlog([story(0, 5)], zone="UTC").says == "Nothing waits at any of these instants."

    def test_what_comes_now_waits_now(self) -> None:
        """An incident that is seen at its opening waits at that instant."""
        picture = plots.backlog([story(0, as_of=0)], zone="UTC")
        assert [each["incidents"] for each in picture.rows] == [1, 1, 0, 0, 0, 0]

    def test_bands_of_the_house(self) -> None:
        """The bounds between the bands can be chosen."""
        picture = plots.backlog([story(0)], zone="UTC", bands=[timedelta(days=2)])
        assert list(dict.fromkeys(each["band"] for each in picture.rows)) == [
            "all",
            "0-2 days",
            "2 days and more",
        ]

    def test_the_latest_periods_are_shown(self) -> None:
        """Of more than 60 days the latest are drawn."""
        picture = plots.backlog([story(0)], zone="UTC", every="day")
        assert len({each["period"] for each in picture.rows}) == 60

    def test_a_period_beyond_the_log_has_nothing(self) -> None:
        """Where no period shares time with the log, there is nothing to draw."""
        picture = plots.backlog([story(0)], zone="UTC", period=Period.month(2020, 1, zone="UTC"))
        assert (picture.n, picture.rows) == (0, ())


class TestArrivals:
    def test_each_hour_has_its_incidents(self) -> None:
        """The counts are those of weekday and hour on London's clocks."""
        local = [each.opened.astimezone(LONDON) for each in kept()]
        hours = Counter((each.strftime("%a"), each.hour) for each in local)
        rows = pictures()["arrivals"].rows
        assert len(rows) == 168
        assert {
            (each["weekday"], each["hour"]): each["incidents"] for each in rows if each["incidents"]
        } == hours

    def test_clocks_are_those_of_the_zone(self) -> None:
        """Monday midnight in UTC is Sunday evening in New York."""
        picture = plots.arrivals([story(0)], zone="America/New_York")
        assert [(each["weekday"], each["hour"]) for each in picture.rows if each["incidents"]] == [
            ("Sun", 19)
        ]

    def test_a_month(self) -> None:
        """Only incidents of the period count, the others are told."""
        picture = plots.arrivals(desk(), zone=ZONE, period=MARCH)
        assert picture.n == sum(each.opened in MARCH for each in kept())
        assert picture.left_out["out_of_period"] == sum(each.opened not in MARCH for each in told())


class TestPareto:
    def test_the_most_come_first(self) -> None:
        """Groups by their number, with their share and that of all up to there."""
        counts = Counter(each.service for each in kept()).most_common()
        rows = pictures()["pareto"].rows
        assert [(each["group"], each["incidents"]) for each in rows] == counts
        so_far = 0.0
        for each, (_, count) in zip(rows, counts, strict=True):
            so_far += count
            assert each["share"] == pytest.approx(count / len(kept()))
            assert each["cumulative"] == pytest.approx(so_far / len(kept()))

    def test_the_rest_is_one_row(self) -> None:
        """Of 25 items ten are shown and the others summed up."""
        picture = plots.pareto(desk(), by="configuration_item")
        assert [each["groups"] for each in picture.rows] == [1] * 10 + [15]
        assert sum(each["incidents"] for each in picture.rows) == picture.n == len(kept())
        assert picture.rows[-1]["name"] == "15 others"

    def test_unknown_is_a_group(self) -> None:
        """Incidents without a category are counted as not known."""
        picture = plots.pareto([story(0), story(1, number="INC2", fields={"category": "mail"})])
        assert {each["name"] for each in picture.rows} == {"mail", "not known"}

    def test_four_in_five(self) -> None:
        """Of 8 and 2 the first group makes 80 %; the line below it is explained."""
        cases = [
            story(hour, number=f"INC{hour}", fields={"category": "a" if hour < 8 else "b"})
            for hour in range(10)
        ]
        picture = plots.pareto(cases)
        assert (picture.figures, picture.notes) == ({"groups": 2, "vital": 1}, ("Dashed: 80 % up to here.",))


class TestTimeInStatus:
    def test_means_add_up(self) -> None:
        """New for 2 hours, in progress for 4 and resolved for the rest; one that was never there counts as nothing."""
        cases = [story(0, 6, acknowledged=2, closed=30), story(0, 10, closed=12, number="INC2")]
        rows = {each["status"]: each for each in plots.time_in_status(cases).to_rows()}
        hours = {name: each["seconds_per_incident"] / 3600 for name, each in rows.items()}
        assert sum(hours.values()) == pytest.approx((30 + 12) / 2)
        assert hours["resolved"] == pytest.approx((24 + 2) / 2)
        assert rows["resolved"]["visiting"] == 2
        assert (rows["new"]["open"], rows["resolved"]["open"]) == (True, False)

    def test_states_of_the_tool(self) -> None:
        """Open states come first; those that end the record have no row."""
        picture = plots.time_in_status([story(0, 6, closed=30)], of="state")
        assert [each["open"] for each in picture.rows] == sorted(
            (each["open"] for each in picture.rows), reverse=True
        )
        assert all("losed" not in str(each["status"]) for each in picture.rows)

    def test_shares_of_visits(self) -> None:
        """A reopened incident is resolved twice, so a visit is half of what the incident spends there."""
        (resolved,) = [
            each
            for each in plots.time_in_status([story(0, 1, reopened=3, again=4, closed=6)]).rows
            if each["status"] == "resolved"
        ]
        assert (resolved["visits"], resolved["visiting"]) == (2, 1)
        assert (resolved["seconds_per_incident"], resolved["seconds_per_visit"]) == (4 * 3600, 2 * 3600)


@pytest.mark.parametrize("draw", [plots.volume, plots.backlog, plots.arrivals])
def test_an_unknown_zone_is_told_of_an_empty_desk_too(draw: Callable[..., Picture]) -> None:
    """A slip of the pen is told before there is anything to draw."""
    with pytest.raises(FaultError, match="Europe/Lodnon"):
        draw([], zone="Europe/Lodnon")


@pytest.mark.parametrize("draw", [plots.volume, plots.backlog])
def test_an_unknown_kind_of_period_is_told(draw: Callable[..., Picture]) -> None:
    """There are days, weeks, months, quarters and years."""
    with pytest.raises(CalendarError, match="fortnight"):
        draw([], zone="UTC", every="fortnight")


def test_assessments_are_drawn_once() -> None:
    """A generator serves as well as a list."""
    cases = (each for each in desk(50))
    assert plots.compliance(cases) == plots.compliance(desk(50))


ASKED: dict[str, Callable[..., Picture]] = {
    "arrivals": lambda **given: plots.arrivals(desk(), zone=ZONE, **given),
    "backlog": lambda **given: plots.backlog(desk(), zone=ZONE, **given),
    "compliance": lambda **given: plots.compliance(desk(), **given),
    "pareto": lambda **given: plots.pareto(desk(), **given),
    "survival": lambda **given: plots.survival(desk(), **given),
    "time_in_status": lambda **given: plots.time_in_status(desk(), **given),
    "time_to_resolve": lambda **given: plots.time_to_resolve(desk(), **given),
    "volume": lambda **given: plots.volume(desk(), zone=ZONE, **given),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_period_is_no_text(name: str) -> None:
    """A label is not yet a period."""
    with pytest.raises(KpiError, match="expected a period, got '2026-03'"):
        ASKED[name](period="2026-03")


@pytest.mark.parametrize("name", sorted(set(ASKED) - {"backlog"}))
def test_a_period_is_named(name: str) -> None:
    """A picture of a month says so at its foot."""
    assert ASKED[name](period=MARCH).notes[-1] == "Period: 2026-03."


@pytest.mark.parametrize("name", ["compliance", "pareto"])
def test_one_dimension_is_drawn(name: str) -> None:
    """Two dimensions at once are no bars."""
    with pytest.raises(KpiError, match="expected one dimension"):
        ASKED[name](by=("priority", "service"))


@pytest.mark.parametrize("level", [0, 1, 95, "0.95"])
def test_a_level_that_is_none(level: object) -> None:
    """A level lies between 0 and 1, of an empty desk as well."""
    with pytest.raises(KpiError):
        plots.survival([], level=level)  # type: ignore[arg-type]
    with pytest.raises(KpiError):
        plots.compliance([], level=level)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ASKED)
def test_one_instant_for_all(name: str) -> None:
    """Assessments of two instants are no picture."""
    cases = [story(0, as_of=10), story(0, as_of=20, number="INC2")]
    with pytest.raises(KpiError, match="the assessments look from"):
        PICTURES[name](cases)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 2000), st.one_of(st.none(), st.floats(0, 3000)), st.booleans(), st.integers(1, 5)
        ),
        max_size=12,
    ),
    st.floats(0, 6000),
)
def test_every_desk_can_be_drawn(lives: list[tuple[float, float | None, bool, int]], now: float) -> None:
    """Whatever the desk, each picture is XML without a number that is none, and its marks add up to its n."""
    cases = [
        story(
            opened,
            None if spent is None else opened + spent,
            cancelled=opened + 1 if cancelled and spent is None else None,
            priority=priority,
            as_of=now,
            number=f"INC{place}",
        )
        for place, (opened, spent, cancelled, priority) in enumerate(lives)
    ]
    for name, draw in PICTURES.items():
        picture = draw(cases)
        svg = picture.to_svg()
        parsed(svg)
        assert re.findall(r"nan|inf\b|None", svg) == []
        if name in ("arrivals", "pareto", "time_to_resolve", "volume"):
            assert sum(each["incidents"] for each in picture.rows) == picture.n
