"""How a reading shows itself: as Markdown, as HTML with a line of time, and as rows."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given
from tests.sla.draws import Draw, draws
from tests.sla.stories import ALWAYS, ANN, HOUR, MINUTE, OFFICE, at, opened, read
from tests.sla.test_explain import GOLDEN
from tests.sla.test_laws import reading_of

from itilkit.events import Held, PrioritySet, Resumed, Started
from itilkit.sla import RESOLUTION, Goal, Reading, Rule

PHONE = 340  # pixels that a page on a phone of 390 leaves for a drawing
LETTER = 7.2  # pixels of a wide letter at this size
PAUSED = [
    *opened("03-06 16:30"),
    Started(at("03-06 16:45"), ANN),
    Held(at("03-06 17:00"), ANN, reason="awaiting_user"),
    Resumed(at("03-09 10:00"), ANN),
]


def svg_of(reading: Reading) -> ET.Element:
    """The drawing in a reading's HTML, read as the XML that it is."""
    found = re.search(r"<svg.*</svg>", html_of(reading), re.DOTALL)
    assert found
    return ET.fromstring(found[0].replace(' xmlns="http://www.w3.org/2000/svg"', ""))  # noqa: S314  our own


def html_of(reading: Reading) -> str:
    """What a notebook shows."""
    return reading._repr_html_()


def blocks(reading: Reading, colour: str) -> list[tuple[float, float]]:
    """Where the blocks of a colour begin and how wide they are, in percent."""
    return [
        (float(block.attrib["x"][:-1]), float(block.attrib["width"][:-1]))
        for block in svg_of(reading).iter("rect")
        if f"--itilkit-{colour}," in block.attrib.get("style", "")
    ]


def test_a_reading_in_markdown() -> None:
    """The words of the text, with the ledger as a table."""
    assert read(PAUSED, "03-09 11:00", 3 * HOUR).to_markdown() == (
        """\
**resolution (Gold): pending, running.**

P3 allows 3h 00m of open time; due Mon 2026-03-09 12:30. All times are Europe/London.

| from | to | counted | total |  |
| --- | --- | ---: | ---: | --- |
| Fri 2026-03-06 16:30 | Fri 2026-03-06 16:45 | 15m | 15m | new |
| Fri 2026-03-06 16:45 | Fri 2026-03-06 17:00 | 15m | 30m | in progress |
| Fri 2026-03-06 17:00 | Fri 2026-03-06 17:30 | - |  | on hold, awaiting user (30m not counted) |
| Fri 2026-03-06 17:30 | Mon 2026-03-09 09:00 | - |  | closed: outside Mon-Fri 09:00-17:30 |
| Mon 2026-03-09 09:00 | Mon 2026-03-09 10:00 | - |  | on hold, awaiting user (1h 00m not counted) |
| Mon 2026-03-09 10:00 | Mon 2026-03-09 11:00 | 1h 00m | 1h 30m | in progress |

As of Mon 2026-03-09 11:00: 1h 30m counted, 1h 30m left, 1h 30m paused."""
    )


def test_names_cannot_break_out() -> None:
    """What a house or a tool calls things stays text: no tag, no table cell, no emphasis."""
    odd = "<b>_Gold_|</b> & `co`\n# x"
    reading = attrs.evolve(read(PAUSED, "03-09 11:00", 3 * HOUR), agreement=odd)
    assert reading.to_markdown().splitlines()[0] == (
        r"**resolution (\<b\>\_Gold\_\|\</b\> & \`co\` # x): pending, running.**"
    )
    html = html_of(reading)
    assert "<b>" not in html
    assert html.count("resolution (&lt;b&gt;_Gold_|&lt;/b&gt; &amp; `co`") == 2
    title = svg_of(reading).find("title")
    assert title is not None
    assert title.text is not None
    assert title.text.startswith(f"resolution ({odd}): pending, running. As of Mon")


def test_the_drawing_is_to_scale() -> None:
    """Seven hours of which six were allowed: six sevenths counted, the rest past due, the due time between."""
    reading = read(opened("03-28 22:00", 1), "03-29 06:00", Goal(6 * HOUR, ALWAYS))
    assert blocks(reading, "bar") == [(0.0, 85.71)]
    assert blocks(reading, "late") == [(85.71, 14.29)]
    lines = [line.attrib["x1"] for line in svg_of(reading).iter("line")]
    assert lines == ["100.00%", "85.71%", "0"]


def test_the_drawing_tells_pauses_and_open_hours() -> None:
    """Friday 16:30 to Monday 12:30 are 68 hours: blocks where the office is open, half an hour is 0.74 %."""
    reading = read(PAUSED, "03-09 11:00", 3 * HOUR)
    assert blocks(reading, "paused") == [(0.74, 0.74), (94.85, 1.47)]
    assert blocks(reading, "bar") == [(0.0, 0.37), (0.37, 0.37), (96.32, 1.47)]
    hours = [block.attrib for block in svg_of(reading).iter("rect") if "opacity" in block.attrib]
    assert [(each["x"], each["width"]) for each in hours] == [("0.00%", "1.47%"), ("94.85%", "5.15%")]
    texts = [text.text for text in svg_of(reading).iter("text")]
    assert texts == [
        "now Mon 03-09 11:00",
        "due Mon 03-09 12:30",
        "Fri 2026-03-06 16:30",
        "Mon 2026-03-09 12:30",
    ]
    legend = re.findall(r"</span> ([^<]+)</span>", html_of(reading))
    assert legend == ["counted", "paused", "open hours"]


def test_a_paused_clock_shows_when_it_would_be_due() -> None:
    """Where nobody can know the due time, the flag says on what condition it stands there."""
    texts = [text.text for text in svg_of(read(PAUSED[:-1], "03-09 10:00", 3 * HOUR)).iter("text")]
    assert texts[:2] == ["now Mon 03-09 10:00", "due if it ran on Mon 03-09 12:30"]


def test_a_long_run_is_drawn_as_a_whole() -> None:
    """Of a year of office hours the runs are drawn, not the nights between them."""
    reading = read(opened("01-05 09:00"), "12-28 10:00", 5000 * HOUR)
    assert len(blocks(reading, "bar")) == 1
    assert "open hours" not in html_of(reading)


@pytest.mark.parametrize("name", GOLDEN)
def test_every_label_fits_on_a_phone(name: str) -> None:
    """No label begins before the left edge or ends beyond the right one, and the two of a line do not meet."""
    _fits(GOLDEN[name][0]())


@given(draws())
def test_every_label_of_any_reading_fits_on_a_phone(draw: Draw) -> None:
    """Wherever due and now lie."""
    reading = reading_of(draw)
    if "<svg" in html_of(reading):
        _fits(reading)


def _fits(reading: Reading) -> None:
    by_line: dict[str, list[tuple[float, float]]] = {}
    for text in svg_of(reading).iter("text"):
        assert text.text
        x, wide = float(text.attrib["x"].rstrip("%")) / 100 * PHONE, len(text.text) * LETTER
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[text.attrib["text-anchor"]]
        assert left + 0.01 >= 0
        assert left + wide <= PHONE + 0.01
        by_line.setdefault(text.attrib["y"], []).append((left, left + wide))
    for labels in by_line.values():
        assert all(one[1] <= other[0] for one, other in zip(sorted(labels), sorted(labels)[1:], strict=False))


def test_a_reading_without_a_ledger_is_a_line() -> None:
    """Where nothing is measured there is nothing to draw."""
    reading = read(opened("03-06 09:00"), "03-05 10:00", HOUR)
    line = "resolution (Gold): pending. The clock has not started."
    assert reading.to_markdown() == f"**{line}**"
    assert html_of(reading) == f'<div class="itilkit-reading"><p><strong>{line}</strong></p></div>'
    assert reading.to_rows() == []


def test_a_promise_has_no_rows() -> None:
    """At the instant of the opening nothing has been counted: there is no empty table, only the promise."""
    reading = read(opened("03-06 16:30"), "03-06 16:30", 3 * HOUR)
    lines = [
        "resolution (Gold): pending, running.",
        "P3 allows 3h 00m of open time; due Mon 2026-03-09 11:00. All times are Europe/London.",
        "As of Fri 2026-03-06 16:30: 0m counted, 3h 00m left.",
    ]
    assert reading.explain().splitlines() == lines
    assert reading.to_markdown().split("\n\n") == [f"**{lines[0]}**", *lines[1:]]
    assert "<table" not in html_of(reading)
    assert "due Mon 03-09 11:00" in [text.text for text in svg_of(reading).iter("text")]


def test_rows_of_all_cycles() -> None:
    """One row per entry of each ledger, in plain values."""
    rule: Rule = attrs.evolve(RESOLUTION, when_priority_changes="restart")
    story = [
        *opened("03-09 09:00"),
        PrioritySet(at("03-09 10:30"), ANN, priority=1),
        Held(at("03-09 10:40"), ANN),
    ]
    rows = read(story, "03-09 11:00", {3: Goal(2 * HOUR, OFFICE), 1: Goal(HOUR, OFFICE)}, rule).to_rows()
    assert [tuple(row.values()) for row in rows] == [
        (1, at("03-09 09:00"), at("03-09 10:30"), "counted", 90 * MINUTE, 90 * MINUTE, "new at P3"),
        (2, at("03-09 10:30"), at("03-09 10:40"), "counted", 10 * MINUTE, 10 * MINUTE, "new"),
        (2, at("03-09 10:40"), at("03-09 11:00"), "paused", 20 * MINUTE, 10 * MINUTE, "on hold"),
    ]
    assert list(rows[0]) == ["cycle", "start", "end", "kind", "open_time", "total", "reason"]


@given(draws())
def test_the_counted_rows_sum_to_elapsed(draw: Draw) -> None:
    """Whoever adds up the rows of the latest cycle gets what the reading says."""
    reading = reading_of(draw)
    counted = [
        row["open_time"]
        for row in reading.to_rows()
        if row["cycle"] == len(reading.cycles) and row["kind"] == "counted"
    ]
    assert sum(counted, timedelta(0)) == reading.elapsed
