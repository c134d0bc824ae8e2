"""How many histories keep to their lifecycle, counted."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from itilkit.events import Closed, Event, Logged, Noted, Reopened, Resolved, Started
from itilkit.lifecycle import SERVICENOW, Conformance, Timeline, conformance, replay
from itilkit.records import Incident

from .stories import FAR, NOON, at


def _timeline(number: str, *events: Event, inferred: bool = False) -> Timeline:
    return replay(
        Incident(number, [Logged(NOON, inferred=inferred), *events]), SERVICENOW, as_of=FAR, strict=False
    )


def test_nothing_counts_as_nothing() -> None:
    """No timelines give zeros."""
    assert conformance([]) == Conformance(0, {}, {}, {}, {}, {})


def test_steps_are_counted_by_kind() -> None:
    """Steps, illegal ones, steps touching an unknown state and mid-life starts are told apart, with who has them."""
    found = conformance(
        [
            _timeline("A", Started(at(1)), Resolved(at(2)), Closed(at(3))),
            _timeline("B", Closed(at(1)), Reopened(at(2), state="Active"), Closed(at(3))),
            _timeline("C", Started(at(0)), Noted(at(1), state="-100"), Resolved(at(2)), Noted(at(1))),
            _timeline("D", Resolved(at(1)), Closed(at(2)), inferred=True),
            _timeline("E", Noted(at(-1))),
            _timeline("F", Resolved(at(1)), Resolved(at(2))),
        ]
    )
    assert found.incidents == 6
    assert found.steps == {
        ("New", "In Progress"): 2,
        ("In Progress", "Resolved"): 1,
        ("Resolved", "Closed"): 2,
        ("New", "Closed"): 1,
        ("Closed", "Active"): 1,
        ("Active", "Closed"): 1,
        ("In Progress", "-100"): 1,
        ("-100", "Resolved"): 1,
        ("New", "Resolved"): 1,
    }
    assert found.illegal == {("New", "Closed"): 1, ("Closed", "Active"): 1, ("Active", "Closed"): 1}
    assert found.unknown == {("In Progress", "-100"): 1, ("-100", "Resolved"): 1}
    assert found.mid_life == {"Resolved": 1}
    assert found.affected == {
        "illegal_step": ("B", "F"),
        "unknown_state": ("C",),
        "out_of_order": ("C",),
        "starts_mid_life": ("D",),
        "before_opened": ("E",),
    }


class _Page(HTMLParser):
    """The cells of the table as rows of text, the tags that were used, and the text of the drawing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        elif tag in ("text", "p"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.tags[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        elif self.tags[-1] in ("text", "p"):
            self.texts[-1] += data


def test_a_summary_as_html() -> None:
    """A notebook shows the rows as a table and the illegal steps as bars, the commonest first."""
    closed = [_timeline(number, Closed(at(1))) for number in "ABC"]
    found = conformance([*closed, _timeline("D", Closed(at(1)), Reopened(at(2), state="Active"))])
    page = _Page(found._repr_html_())
    assert page.texts[0] == "4 incidents, 5 steps judged, fitness 0.0000"
    assert page.rows == [
        ["kind", "what", "count"],
        ["illegal step", "New -> Closed", "4"],
        ["illegal step", "Closed -> Active", "1"],
        ["closed without being resolved", "incidents", "4"],
    ]
    drawn = [text for text in page.texts if "->" in text]
    assert drawn == ["New -> Closed", "Closed -> Active"]


def test_a_summary_without_departures_is_one_line_of_html() -> None:
    """Where there is nothing to list there is neither table nor drawing."""
    page = _Page(conformance([_timeline("A", Resolved(at(1)))]).to_html())
    assert (page.tags, page.texts) == (["div", "p"], ["1 incidents, 1 steps judged, fitness 1.0000"])


def test_no_name_becomes_markup_and_no_colour_is_fixed() -> None:
    """A state's name from a foreign log stays text, and light and dark pages keep their own colours."""
    nasty = "</td><script>\"&'</script>"
    html = conformance([_timeline("A", Noted(at(1), state=nasty), Closed(at(2)))]).to_html()
    page = _Page(html)
    assert "script" not in page.tags
    assert {row[1] for row in page.rows if row[0] == "step at an unknown state"} == {
        f"New -> {nasty}", f"{nasty} -> Closed"
    }  # fmt: skip
    assert re.findall(r"(?:color|background)\s*:", html) == []


@given(st.lists(st.text(min_size=1), max_size=4))
def test_the_page_has_the_rows_of_the_summary(names: list[str]) -> None:
    """Whatever a foreign log calls its states, each row is one row of the page with its count, and nothing else."""
    found = conformance(
        [_timeline("A", *(Noted(at(index), state=name) for index, name in enumerate(names)), Closed(at(9)))]
    )
    html = found.to_html()
    page = _Page(html)
    assert [(row[0], row[2]) for row in page.rows[1:]] == [
        (str(row["kind"]), str(row["count"])) for row in found.to_rows()
    ]
    assert set(page.tags) <= {
        "div", "p", "table", "thead", "tbody", "tr", "th", "td", "svg", "title", "line", "text", "g", "rect",
    }  # fmt: skip
