"""The report as a value, and its three forms: they cannot disagree."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import attrs
import pytest
from tests.report.small import AS_OF, LOG, POLICY, report_on, small_cases

from itilkit import kpi
from itilkit.adapters.servicenow import audit_log
from itilkit.errors import KpiError
from itilkit.kpi import Measures
from itilkit.lifecycle import ITIL4_DEFAULT, replay
from itilkit.policy import Policy
from itilkit.report import Report, as_data, as_html, as_json, as_text, figures
from itilkit.report.backlogs import backlogs
from itilkit.report.blocks import Cards, Drawing, Facts, Note, Section, Table
from itilkit.report.findings import of_lifecycle, of_log, of_readings
from itilkit.report.sections import sections
from itilkit.report.text import _section
from itilkit.report.words import duration, plain
from itilkit.sla import Assessment
from itilkit.vocabulary import Status


@pytest.fixture(scope="module")
def report() -> Report:
    """The report on the small log."""
    return report_on()


@pytest.fixture(scope="module")
def drawn() -> Report:
    """The same with its pictures."""
    return report_on(pictures=True)


class Words(HTMLParser):
    """The words of a page, with those of drawings and without styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.muted = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Styles are no words."""
        self.muted = tag == "style"

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if data.strip() and not self.muted:
            self.words.append(data.strip())


def told(report: Report) -> list[str]:
    """Everything that the sections say, in order; pictures only draw what a table says."""
    found: list[str] = []
    for section in sections(report):
        found.append(section.title)
        for block in section.blocks:
            match block:
                case Note(text):
                    found.append(text)
                case Facts(items):
                    found += [word for item in items for word in item]
                case Cards(items):
                    found += [word for card in items for word in (card.label, card.value, card.note)]
                case Table(head, rows, _, caption):
                    found += [word for row in ((caption,), head, *rows) for word in row if word]
                case Drawing():
                    pass
    return found


def squeezed(text: str) -> str:
    """Without blanks, rules and line ends, so that wrapping does not matter."""
    return "".join(text.split())


def test_text_and_page_say_every_word_of_the_sections(report: Report) -> None:
    """What one form tells the other tells too, in the same words."""
    page = Words(as_html(report)).words
    lines = squeezed(as_text(report).replace("--", ""))
    for words in told(report):
        assert plain(words) in page
        shown = squeezed(plain(words).replace("--", ""))
        assert shown in lines or all(squeezed(part) in lines for part in plain(words).split())


def test_pictures_stand_on_the_page_only(drawn: Report, report: Report) -> None:
    """A report with pictures shows each that has something to show; its text and its JSON are the same as without."""
    blocks = [block for section in sections(drawn) for block in section.blocks]
    shown = [block.picture for block in blocks if isinstance(block, Drawing)]
    assert sorted(each.kind for each in shown) == [
        "arrivals", "backlog", "compliance", "pareto", "survival", "time_in_status", "time_to_resolve", "volume",
    ]  # fmt: skip
    assert len(drawn.pictures) == len(shown) + 1  # nothing is known of responses
    assert as_html(drawn).count("<svg") == len(shown)
    assert as_html(report).count("<svg") == 0
    assert (as_text(drawn), as_json(drawn)) == (as_text(report), as_json(report))


def test_pictures_tell_the_figures_of_the_report(drawn: Report) -> None:
    """What is drawn rests on the incidents that the tables count."""
    found = {each.kind: each for each in drawn.pictures if each.n}
    data = as_data(drawn)
    assert found["survival"].n == data["survival"]["cohort"]
    assert found["time_to_resolve"].n == data["time_to_resolve"]["history"]["overall"]["n"]
    assert found["compliance"].figures["met"] == 1
    assert [row["incidents"] for row in found["volume"].rows] == list(data["weekly_volume"]["weeks"].values())


def test_json_holds_every_figure(report: Report) -> None:
    """One entry per measure, in order, with its reading, unit, n and what was left out."""
    entries = json.loads(as_json(report))["figures"]
    assert len(entries) == len(report.measures)
    for entry, measure in zip(entries, report.measures, strict=True):
        value = measure.value
        assert entry["value"] == (value.total_seconds() if isinstance(value, timedelta) else value)
        assert (entry["name"], entry["reading"], entry["n"]) == (measure.name, measure.reading, measure.n)
        assert entry["left_out"] == dict(measure.left_out)
        assert entry["unit"] == ("seconds" if measure.unit == "duration" else measure.unit)


def test_text_tells_the_figures_of_the_json(report: Report) -> None:
    """Time to resolve by priority and under both readings reads the same in both."""
    text, data = as_text(report), as_data(report)
    for reading in data["time_to_resolve"].values():
        for row in (reading["overall"], *reading["by_priority"].values()):
            for statistic in ("mean", "median", "p90"):
                if row[statistic] is not None:
                    assert duration(timedelta(seconds=row[statistic])) in text


def test_time_to_resolve_by_hand(report: Report) -> None:
    """INC1 took 3 h and INC2 two days; the column knows INC1 only, and INC4 is not resolved yet."""
    data = as_data(report)["time_to_resolve"]
    assert data["history"]["overall"] == {
        "n": 2,
        "mean": 25.5 * 3600,
        "median": 25.5 * 3600,
        "p90": None,
        "p95": None,
        "left_out": {"not_opened": 1, "open": 2},
    }
    months = data["history"]["by_opening_month"]
    assert list(months) == ["2026-03", "2026-04"]
    assert (months["2026-03"]["n"], months["2026-03"]["mean"]) == (2, 25.5 * 3600)
    assert (months["2026-04"]["n"], months["2026-04"]["left_out"]) == (0, {"open": 2})
    assert data["reported"]["overall"]["n"] == 1
    assert data["reported"]["by_priority"]["1"]["mean"] == 3 * 3600
    assert list(data["history"]["by_priority"]) == ["1", "3"]


def test_compliance_by_hand(report: Report) -> None:
    """INC1 took 2 h of its 4, INC2 16, INC4 is open past its target, INC3 is open and in time."""
    total = report.measures.where(name="sla_compliance", reading="resolution", group={}).one()
    assert (total.value, total.n, total.left_out) == (1 / 3, 3, {"not_opened": 1, "pending": 1})
    response = report.measures.where(name="sla_compliance", reading="response", group={}).one()
    assert (response.value, response.n, response.recorded) == (None, 0, False)


def test_backlog_at_the_end_of_each_month(report: Report) -> None:
    """Months that are over at `as_of` have a backlog; the month that is not has none yet."""
    ends = {each.period: each.value for each in report.measures if each.name == "backlog" and each.period}
    assert ends == {"2026-03": 0}
    later = report_on(as_of=datetime(2026, 6, 1, tzinfo=UTC))
    ends = {each.period: each.value for each in later.measures if each.name == "backlog" and each.period}
    assert ends == {"2026-03": 0, "2026-04": 2, "2026-05": 2}


def test_backlogs_are_those_of_each_instant() -> None:
    """Found in one look at every incident, each backlog is what `kpi.backlog` says of its instant, by each rule."""
    ends: tuple[kpi.End, ...] = ("resolved", "closed", "state")
    as_of = datetime(2026, 6, 20, tzinfo=UTC)
    cases = kpi.Cases(
        Assessment(replay(each, ITIL4_DEFAULT, as_of=as_of), {}) for each in kpi.sample_log(400, seed=5)
    )
    beats = sorted({beat for case in cases for beat in case.timeline.beats})
    for end in ends:
        for instants in ([*beats[::150], as_of], [as_of]):
            found = list(backlogs(cases, instants, end))
            assert found == list(kpi.measure(cases, *(kpi.backlog(at, end=end) for at in instants)))


def test_backlog_by_each_rule() -> None:
    """At the end of March INC1 and INC2 are done by any rule; a reopening makes the rules differ, as does a closure."""
    at = "2026-04-01T00:00Z"
    assert as_data(report_on())["backlog"] == {
        "unit": "incidents",
        "as_of": {"resolved": 2, "closed": 2, "state": 2},
        "month_ends": {"2026-03": {"at": at, "resolved": 0, "closed": 0, "state": 0}},
    }
    again = "INC1,Active,2/3/2026 09:00,2/4/2026 12:00,1 - Critical,Phone,E-mail,mail 1,Desk,ann,0,1,?\n"
    later = report_on(LOG + again)
    assert as_data(later)["backlog"]["month_ends"]["2026-03"] == {
        "at": at,
        "resolved": 1,  # it is open again, and so it never was done for good
        "closed": 1,
        "state": 0,
    }


def test_survival_by_hand(report: Report) -> None:
    """INC1 took 3 h, INC2 48 h; INC3 has been open for 1 h, INC4 for 14 days and 3 h."""
    survival = as_data(report)["survival"]
    assert {
        name: survival[name] for name in ("cohort", "open", "naive_mean", "km_p25", "km_median", "km_p75")
    } == {
        "cohort": 4,
        "open": 2,
        "naive_mean": 25.5 * 3600,
        "km_p25": 3 * 3600.0,  # 3 at risk, 2/3 go on
        "km_median": 48 * 3600.0,  # 2 at risk, 1/3 go on
        "km_p75": None,
    }
    assert survival["rmst_14d"] == pytest.approx((3 + 45 * 2 / 3 + (14 * 24 - 48) / 3) * 3600)
    assert survival["rmst_30d"] is None
    assert survival["left_out"] == {"not_opened": 1}


def test_shares_by_hand(report: Report) -> None:
    """INC1 kept its group, INC2 came back to its first one after two changes; one of the two was reopened."""
    data = as_data(report)
    first = data["first_assignment_rate"]
    assert [first[name]["value"] for name in ("history", "counter", "by_first_group")] == [0.5, 0.5, 1.0]
    assert [data["reopen_rate"][name]["counted"] for name in ("history", "counter")] == [1, 1]
    assert [data["hop_count"][name]["counted"] for name in ("history", "counter")] == [2, 2]
    (recurrence,) = data["recurrence"]
    assert (recurrence["n"], recurrence["left_out"]) == (0, {"missing": 4, "not_opened": 1})


def test_time_in_status_by_hand(report: Report) -> None:
    """Time in New: INC1 1 h, INC2 half an hour, INC3 1 h so far, INC4 14 days and 3 h, also under an unknown code."""
    data = as_data(report)
    new = data["time_in_status"]["new"]
    spent = (1 + 0.5 + 1 + 14 * 24 + 3) * 3600
    assert (new["visits"], new["visiting_incidents"], new["incidents"]) == (4, 4, 4)
    assert new["mean_per_visit"] == new["mean_per_incident"] == pytest.approx(spent / 4)
    assert data["time_in_state"]["Active"]["visits"] == 2
    assert data["time_in_state"]["Active"]["mean_per_incident"] == pytest.approx((1 + 47.5) * 3600 / 4)


def test_series_by_hand(report: Report) -> None:
    """Weeks and days from the first to the last opening, empty ones counted; charts rest on them."""
    data = as_data(report)
    weeks = data["weekly_volume"]["weeks"]
    assert [weeks[name] for name in ("2026-W10", "2026-W11", "2026-W12", "2026-W14", "2026-W16")] == [
        1,
        1,
        0,
        1,
        1,
    ]
    assert len(weeks) == 7
    assert data["weekly_volume"]["xmr"]["centre"] == pytest.approx(4 / 7)
    assert data["weekly_volume"]["xmr"]["moving_range"] == pytest.approx(4 / 6)
    daily = data["daily_volume"]
    assert (len(daily["days"]), sum(daily["days"].values())) == (45, 4)
    spread = daily["weekdays"]["dispersion"]
    assert (spread["n"], spread["mean"]) == (33, pytest.approx(4 / 33))
    variance = (4 * (1 - 4 / 33) ** 2 + 29 * (4 / 33) ** 2) / 32
    assert spread["ratio"] == pytest.approx(variance / (4 / 33))
    assert daily["weekdays"]["c_chart"]["high"] == pytest.approx(4 / 33 + 3 * (4 / 33) ** 0.5)


def test_the_last_full_month(report: Report) -> None:
    """The month before the instant or before the end of the log; nothing is compared with half a month."""
    month = report.month
    assert month is not None
    assert (month.period.label, month.compared_to, month.by) == ("2026-03", None, ("priority",))
    assert month == kpi.report(small_cases(), period=month.period, by="priority")
    text = as_text(report)
    assert "Figures of 2026-03. The log holds no full month before it to compare with." in text
    later = report_on(as_of=datetime(2027, 1, 1, tzinfo=UTC)).month
    assert later is not None
    assert later.period.label == "2026-04"  # the last row is of May
    assert later.compared_to is None  # the log begins on the second of March
    earlier = "INC0,New,20/2/2026 09:00,20/2/2026 09:00,3 - Moderate,Phone,?,?,?,?,0,0,?\n"
    whole = report_on(LOG + earlier, as_of=datetime(2027, 1, 1, tzinfo=UTC))
    assert whole.month is not None
    assert str(whole.month.compared_to) == "2026-03"
    assert "compared with 2026-03" in " ".join(as_text(whole).split())
    assert as_data(whole)["month"]["compared_to"] == "2026-03"
    assert as_data(whole)["month"]["figures"] == whole.month.to_rows()


def test_a_log_without_a_full_month() -> None:
    """Within its first month a log has none yet, and says so."""
    report = report_on(as_of=datetime(2026, 3, 20, tzinfo=UTC))
    assert report.month is None
    assert as_data(report)["month"] is None
    assert "The log holds no full month." in as_text(report)


def test_months_are_those_of_the_log() -> None:
    """Where the clocks are ahead of UTC the month ends earlier."""
    as_of = datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert report_on(as_of=as_of).month is None
    found = report_on(as_of=as_of, zone="Europe/Berlin").month
    assert found is not None
    assert (found.period.label, found.period.end) == ("2026-03", datetime(2026, 3, 31, 22, tzinfo=UTC))


def test_months_before_the_latest_ones_have_no_backlog() -> None:
    """A log of many years is told month by month, its backlog for the latest months only, and says so."""
    old = "INC0,New,2/3/2019 09:00,2/3/2019 09:00,3 - Moderate,Phone,?,?,?,?,0,0,?\n"
    report = report_on(LOG + old)
    ends = [each.period for each in report.measures if each.name == "backlog" and each.period]
    assert len(ends) == 3 * 59
    assert "latest 60 months" in as_text(report)


def test_a_report_is_the_same_every_time(report: Report) -> None:
    """Equal input gives equal bytes, in all three forms."""
    again = report_on()
    assert [as_text(again), as_json(again), as_html(again)] == [
        as_text(report),
        as_json(report),
        as_html(report),
    ]


def test_json_has_no_nan_and_survives_a_round_trip(report: Report) -> None:
    """What is undefined is null; the text reads back to the same data."""
    text = as_json(report)
    assert "NaN" not in text
    assert json.loads(text) == as_data(report)


def test_json_says_what_it_is(report: Report) -> None:
    """Version, instant, zone, policy and the facts that the log lacks."""
    data = as_data(report)
    assert (data["format"], data["itilkit"], data["as_of"]) == (1, "1.2.3", "2026-04-15T12:00:00Z")
    assert (data["zone"], data["policy"]["name"]) == ("UTC", "Small <desk>")
    assert data["incidents_by_status"] == {"new": 2, "closed": 2, "not_opened": 1}
    assert "acknowledged" in data["log"]["not_recorded"]
    promised = {(each["target"], each["priority"]): each["promised"] for each in data["policy"]["promises"]}
    assert promised["resolution", 3] == "8 h (office)"
    assert promised["response", 3] is None


def test_json_counts_every_quirk_and_step(report: Report) -> None:
    """Quirks are there with their zeros; steps with both ends."""
    data = as_data(report)
    assert data["quirks"] == dict(sorted(report.counts.items()))
    assert 0 in data["quirks"].values()
    assert {"from": "Resolved", "to": "Active", "count": 1} in data["conformance"]["steps"]
    assert data["conformance"]["unknown"] == [{"from": "New", "to": "-7", "count": 1}]
    assert data["conformance"]["mid_life"] == {"Active": 1}
    assert {each["code"] for each in data["findings"]} >= {
        "illegal_steps",
        "reported_differs",
        "rows_out_of_order",
    }


def test_text_fits_the_terminal(report: Report) -> None:
    """No line is wider than 100 columns or ends in a blank, and no sign acts on the terminal."""
    lines = as_text(report).splitlines()
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    assert "\\x1b[31mDesk" in as_text(report)


def test_text_of_very_long_names_wraps() -> None:
    """A name wider than the page is broken, not run past the edge."""
    report = report_on(LOG.replace("Desk", "Operations" * 15))
    assert max(map(len, as_text(report).splitlines())) <= 100


def test_many_targets_keep_the_text_narrow() -> None:
    """Several targets have tables of their own, so that no row is wider than the page."""
    targets = (
        'targets = [{ priority = ["P1", "P2", "P3", "P4"], resolution = "4h", closure = "9 working days" }]'
    )
    kinds = "".join(
        f'\n[[agreements]]\nname = "{kind}"\nkind = "{kind}"\ncalendar = "office"\n{targets}\n'
        for kind in ("SLA", "OLA", "UC")
    )
    report = report_on(policy=POLICY.partition("[[agreements]]")[0] + kinds)
    assert len(report.targets) == 6
    text = as_text(report)
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("Targets kept, of n:") == 6
    assert "UC.closure" in text


def test_many_groups_show_the_largest() -> None:
    """Ten groups stand in the text, the largest first, and it says of how many; the JSON has all."""
    row = "INC{0},New,2/3/2026 09:00,2/3/2026 09:00,3 - Moderate,Phone,?,?,Group {0},?,0,0,?\n"
    report = report_on(LOG + "".join(row.format(number) for number in range(100, 112)))
    text = as_text(report)
    assert "the largest 10 of 16" in text
    assert "Group 109" not in text
    groups = {each["group"]["group"] for each in as_data(report)["figures"] if "group" in each["group"]}
    assert len(groups) == 16


def test_a_table_of_figures_too_wide_for_the_page_is_not_cut() -> None:
    """Figures are never wrapped or cut; a row of too many runs over the edge."""
    wide = Section(
        "Wide", (Table(("name", *("n" * 30 for _ in range(4))), (("x", *("1" * 30 for _ in range(4))),)),)
    )
    assert max(map(len, _section(wide))) == 4 + 4 * 32


def test_no_percentage_stands_without_its_n(report: Report) -> None:
    """A share that rests on nothing is a dash; every other one has its n in the same row."""
    for section in sections(report):
        for block in section.blocks:
            if not isinstance(block, Table):
                continue
            for row in block.rows:
                for cell in row:
                    if "%" in cell:
                        assert " of " in cell or "n" in block.head


def test_page_escapes_what_the_log_says(drawn: Report) -> None:
    """Names of groups and policies cannot become markup, in pictures neither."""
    page = as_html(drawn)
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;Net" in page
    assert "Small &lt;desk&gt;" in page
    assert "\x1b" not in page


def test_page_needs_nothing_else(drawn: Report) -> None:
    """No script, no link to another place, nothing to load."""
    page = as_html(drawn)
    assert "<script" not in page
    assert "http" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "src=" not in page
    assert "url(" not in page


def test_policy_without_agreement_says_so() -> None:
    """Nothing promised is neither kept nor broken."""
    report = report_on(policy=POLICY.partition("[[agreements]]")[0])
    assert report.targets == ()
    assert "The policy has no agreement" in as_text(report)
    assert "resolution kept" not in as_text(report)


def test_only_the_first_agreement_of_a_kind_promises() -> None:
    """A second SLA is not in force; an OLA beside it is told under its own name."""
    targets = 'targets = [{{ priority = "P1", resolution = "1h" }}]'
    second = '\n[[agreements]]\nname = "{}"\nkind = "{}"\ncalendar = "office"\n' + targets + "\n"
    report = report_on(policy=POLICY + second.format("Silver", "SLA") + second.format("Behind", "OLA"))
    assert {each.agreement for each in report.promises} == {"Gold", "Behind"}
    assert report.targets == ("response", "resolution", "OLA.resolution")


def test_nothing_left_out_needs_no_section(report: Report) -> None:
    """Where every fact is recorded and every incident counted, nothing is said about it."""
    measures = Measures(tuple(attrs.evolve(each, left_out={}) for each in report.measures if each.recorded))
    whole = attrs.evolve(
        report, month=None, measures=measures, statuses={Status.CLOSED: 5}, targets=("resolution",)
    )
    titles = {section.title for section in sections(report)} - {section.title for section in sections(whole)}
    assert titles == {"Not recorded", "What was left out"}


def test_a_log_seen_before_anything_happened() -> None:
    """At the very first instant there is one incident and no month is over."""
    report = report_on(as_of=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert not [each for each in report.measures if each.name == "backlog" and each.period]
    assert "4 not opened yet" in as_text(report)
    assert json.loads(as_json(report))["time_to_resolve"]["history"]["overall"]["mean"] is None


def test_a_log_seen_before_it_begins() -> None:
    """Before the first incident every figure is undefined, and the report can still be told."""
    report = report_on(as_of=datetime(2020, 1, 1, tzinfo=UTC))
    assert "5 not opened yet" in as_text(report)
    assert as_data(report)["time_to_resolve"]["history"]["overall"]["n"] == 0
    assert "<h1>" in as_html(report)


def test_a_report_needs_one_instant() -> None:
    """Cases seen from two instants make no report, nor do none at all."""
    log, policy = audit_log(LOG, zone="UTC"), Policy.from_toml(POLICY)
    cases = [
        policy.assess(incident, as_of=AS_OF + timedelta(days=number), strict=False)
        for number, incident in enumerate(log.incidents)
    ]
    with pytest.raises(KpiError, match="one instant, not 5"):
        figures(log, cases, policy)
    with pytest.raises(KpiError, match="one instant, not 0"):
        figures(log, [], policy)


def test_repr_is_short(report: Report) -> None:
    """A report in a console is one line."""
    assert repr(report).startswith("<Report on small.csv: ")


def test_unknown_counts_and_faults_are_told() -> None:
    """A quirk without words of its own is told under its name; a warning in its own words."""
    log = audit_log(LOG.replace("resolved_at", "resolved_on"), zone="UTC")
    found = {each.code: each for each in of_log({"rows": 1, "brand_new": 3}, log.faults)}
    assert (found["brand_new"].count, found["brand_new"].text) == (3, "brand new")
    assert "resolved_on" in found["unread_column"].text
    assert "rows" not in found


def test_a_clean_log_departs_from_nothing(report: Report) -> None:
    """Without illegal steps the count is zero and there are no parts."""
    clean = attrs.evolve(report.conformance, illegal={}, unknown={}, mid_life={}, affected={})
    assert [each.count for each in of_lifecycle(clean, "X")] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "n", "text"),
    [
        (
            (3, 3),
            (2, 2),
            "0 incidents fewer have a time to resolve by the resolved_at column than by history: the same mean",
        ),
        (
            (3, 2),
            (1, 2),
            "1 incident more has a time to resolve by the resolved_at column than by history: its mean is 1 h shorter",
        ),
        (
            (3, None),
            (2, 0),
            "2 incidents fewer have a time to resolve by the resolved_at column than by history",
        ),
    ],
    ids=["same", "more", "none"],
)
def test_the_column_beside_the_history(
    report: Report, values: tuple[int, int | None], n: tuple[int, int], text: str
) -> None:
    """How much longer or shorter the tool's own column makes it, and how many it lacks."""
    sample = report.measures.where(name="time_to_resolve", statistic="mean", group={})[0]
    made = [
        Measures((attrs.evolve(sample, value=None if value is None else timedelta(hours=value), n=number),))
        for value, number in zip(values, n, strict=True)
    ]
    (found,) = of_readings(*made)
    assert f"{found.count} {found.told}" == text


def test_nothing_resolved_makes_no_difference() -> None:
    """Without a time to resolve there is nothing to compare."""
    none = report_on(as_of=datetime(2026, 3, 2, 9, tzinfo=UTC)).measures
    assert list(of_readings(none[:3], none[3:6])) == []
