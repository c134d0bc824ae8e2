"""A report on a period as text, Markdown, CSV and HTML: they say the same, and names in them do nothing."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itilkit import kpi
from itilkit.calendars import Period
from itilkit.kpi import PeriodReport
from itilkit.kpi.reporting.grid import grid

from .histories import at, story

WEEK = Period.between(at(0), at(24 * 7), label="2026-W10", zone="UTC")
BEFORE = Period.between(at(-24 * 7), at(0), label="2026-W09", zone="UTC")
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "a|b", "<script>alert(1)</script>",
    "**bold**", "[x](javascript:1)", "`x`", 'say "hi"', "a;=1", "\x1b[31mred", "two\nlines", "a,b", "&amp;", "@team",
    "$x$", "# head", "https://example.org", "\u202eevil", "",
)  # fmt: skip


def by_group(*names: str) -> PeriodReport:
    """A week against the one before, by groups of these names."""
    cases = [
        story(hour + shift, hour + shift + 5 + place, groups=[name], number=f"{place}/{hour}")
        for place, name in enumerate(names)
        for hour in range(6)
        for shift in (-100, 0)
    ]
    return kpi.report(cases, period=WEEK, compare_to=BEFORE, by="group")


class Page(HTMLParser):
    """The tags of a piece of HTML, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag; nothing but a style may stand in one."""
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "class"}
        if tag in ("td", "th"):
            self.cells.append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """What stands between cells belongs to none."""
        self.inside = False

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if self.inside:
            self.cells[-1] += data


def seen(name: str) -> str:
    """A name with its signs that act made visible."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name)


def tables(markdown: str) -> list[list[list[str]]]:
    """The tables of a text, each a list of rows, by the rule of GitHub: an escaped bar parts no cells."""
    found: list[list[list[str]]] = []
    before = ""
    for line in markdown.splitlines():
        if line.startswith("|"):
            if not before.startswith("|"):
                found.append([])
            found[-1].append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        before = line
    return found


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_does_nothing(name: str) -> None:
    """Whatever a group is called, tables keep their shape, pages their tags, and a spreadsheet sees words."""
    report = by_group(name, "desk")
    for line in report.to_text().splitlines():
        assert line.isprintable() or not line
    for table in tables(report.to_markdown()):
        assert len({len(row) for row in table}) == 1
    assert not re.search(r"(?<!\\)[`*\[\]]|<|(?<!\\)\$|@", report.to_markdown())
    page = Page(report._repr_html_())
    assert page.tags == {"div", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert seen(name) in page.cells
    rows = list(csv.DictReader(io.StringIO(report.to_csv(), newline="")))
    assert {row["group"].removeprefix("'") for row in rows} >= {seen(name), "desk"}
    for row in rows:
        for cell in row.values():
            assert not re.match(
                r"\s*[=+@\uff0b\uff0d\uff1d\uff20]|\s*-(?!\d+(\.\d+)?(e-?\d+)?$)|[\t\r\n]", cell
            )


@settings(max_examples=20)
@given(st.text(max_size=30))
def test_any_name_comes_back_from_csv(name: str) -> None:
    """Read by Python's own reader each row has all columns, and the name is the name, made visible."""
    rows = list(csv.reader(io.StringIO(by_group(name).to_csv(), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    place = rows[0].index("group")
    assert {row[place].removeprefix("'") for row in rows[1:]} == {"", seen(name).removeprefix("'")}


@settings(max_examples=20)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=3, unique=True))
def test_any_names_keep_the_shape(names: list[str]) -> None:
    """Tables of Markdown and of the text keep their columns, and the page says each name."""
    report = by_group(*names)
    for table in tables(report.to_markdown()):
        assert len({len(row) for row in table}) == 1
    cells = Page(report._repr_html_()).cells
    assert {seen(name) for name in names} <= set(cells)
    assert all(line.isprintable() for line in report.to_text().splitlines())


def test_the_name_of_a_field_does_nothing() -> None:
    """A dimension is a name from the log as well: it stands in heads of columns."""
    field = "=1|<b>"
    report = kpi.report([story(0, 1, fields={field: "x"})], period=WEEK, by=field)
    assert report.to_csv().splitlines()[0].endswith("'=1|<b>")
    assert "<b>" not in report._repr_html_()
    assert "By =1\\|&lt;b&gt;" in report.to_markdown()


def test_a_dimension_named_like_a_column() -> None:
    """It gets a column of its own."""
    report = kpi.report(
        [story(0, 1, fields={"verdict": "guilty"})], period=WEEK, by="verdict", compare_to="previous"
    )
    row = report.to_rows()[-1]
    assert (row["by_verdict"], row["verdict"]) == ("guilty", "not known")


def test_rows_are_tidy() -> None:
    """All rows have the same columns; a difference stands only beside its interval; CSV tells the same."""
    report = by_group("desk", "lab")
    rows = report.to_rows()
    assert len(rows) == len(report.measures)
    assert len({tuple(row) for row in rows}) == 1
    assert list(rows[0])[-6:] == [
        "before", "n_before", "difference", "difference_low", "difference_high", "verdict",
    ]  # fmt: skip
    for row in rows:
        assert (row["difference"] is None) == (row["difference_low"] is None)
    told = [row for row in rows if row["difference"] is not None]
    assert told
    read = list(csv.DictReader(io.StringIO(report.to_csv(), newline="")))
    assert [row["value"] for row in read] == [
        "" if row["value"] is None else repr(row["value"]) for row in rows
    ]
    assert "before" not in kpi.report([story(0, 1)], period=WEEK).to_rows()[0]


def test_forms_say_the_same() -> None:
    """Every cell of a Markdown table stands in the page and, wrapped or not, in the text."""
    report = by_group("desk", "lab")
    page = Page(report._repr_html_()).cells
    text = "".join(report.to_text().split())
    found = tables(report.to_markdown())
    assert [len(table) for table in found] > [0]
    for table in found:
        for head, row in pairwise([table[0], *table[2:]]):
            for cell in (*head, *row):
                assert cell in page
                assert all(word in text for word in cell.split())


def test_text_fits_a_terminal() -> None:
    """At most 80 columns, no blank at the end of a line, a line feed at the end."""
    text = by_group("desk", "lab", "the third line of support").to_text()
    assert max(map(len, text.splitlines())) <= 80
    assert all(line == line.rstrip() for line in text.splitlines())
    assert text.endswith("\n")


def test_a_stretch_of_its_own_keeps_the_text_narrow() -> None:
    """The name of a period that is none of the calendar is long; over a column its ends stand below each other."""
    stretch = Period.between(at(0), at(50))
    cases = [story(hour, hour + 3) for hour in range(-40, 40)]
    text = kpi.report(cases, period=stretch, compare_to="previous").to_text()
    assert "Changes since 2026-02-27T22:00Z/2026-03-02T00:00Z" in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_change_reads_as_what_it_is() -> None:
    """Beyond chance it is up or down by so much; else no change that can be told from chance; or why it is not told."""
    cases = [
        story(hour + shift, hour + shift + (3 if shift else 40), priority=1 + hour % 2, number=str(hour))
        for hour in range(60)
        for shift in (-160, 0)
    ]
    text = " ".join(kpi.report(cases, period=WEEK, compare_to=BEFORE, by="priority").to_text().split())
    assert "Time to resolve, median 3.0 h 1.7 d up 1.5 d (+1.5 d to +1.5 d)" in text
    assert "Reopened 0.0 % 0.0 % no change that can be told from chance (-6.0 to +6.0 points)" in text
    assert "not told: all that waits at an instant is no sample" in text
    assert "Changes by priority beyond chance" in text


def test_groups_without_anything_are_counted() -> None:
    """Groups with nothing in the period and nothing open are counted; of many the largest stand in the tables."""
    quiet = by_group("desk", "lab").to_text()
    assert "have none and nothing open" not in quiet
    cases = [story(0, 1, groups=[f"group {number:02}"]) for number in range(30) for _ in range(1 + number)]
    cases += [story(-500, -400, groups=["old"])]
    text = " ".join(kpi.report(cases, period=WEEK, by="group").to_text().split())
    assert "The 20 groups with most incidents of 30. 1 group has none and nothing open." in text
    assert "group 10" in text
    assert "group 09" not in text


def test_a_grid_wraps_its_head_before_its_words() -> None:
    """Figures are never wrapped; a head over figures is, and only where the row is too wide."""
    rows = [("name", "a long head", "n"), ("words", "12", "3")]
    assert grid(rows, "lrr", room=80, ruled=True)[0] == "name   a long head  n"
    assert grid(rows, "lrr", room=16, ruled=True) == [
        "name   a long  n",
        "         head   ",
        "-----  ------  -",
        "words      12  3",
    ]
    assert grid([("1" * 30, "2" * 30)], "rr", room=20) == [f"{'1' * 30}  {'2' * 30}"]
