"""Plans and progress as drawings."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from itilkit.events import StepDone
from itilkit.incident_models import Evidence, IncidentModel, ModelStep, plan, progress
from itilkit.lifecycle import Delay

from .network import FRIDAY, NETWORK, OFFICE, at, hours, laid, seen
from .test_progress import CHECKED

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '<script>"&'


def parsed(drawing: str) -> ElementTree.Element:
    """The drawing alone, without the legend below it."""
    return ElementTree.fromstring(drawing[: drawing.index("</svg>") + len("</svg>")])  # noqa: S314  of our own making


def texts(drawing: str) -> list[str]:
    """What is written in a drawing."""
    return [text.text or "" for text in parsed(drawing).iter(f"{SVG}text")]


def test_a_plan_is_drawn_step_by_step() -> None:
    """Each step has its name and its due instant, in local time, above its bar; the axis says from when to when."""
    drawing = plan(NETWORK, FRIDAY, OFFICE, target=at(9, 12)).to_svg()
    assert texts(drawing) == [
        "target due Mon 03-09 12:00",
        "Check the site router",
        "due Fri 17:00",
        "Have the carrier test the line",
        "due Mon 10:30",
        "Tell the site",
        "due Fri 17:30",
        "Save the router's log",
        "due Fri 17:00",
        "Replace the router",
        "due Wed 17:30",
        "Confirm that the site is back",
        "no limit",
        "Fri 2026-03-06 16:00",
        "Wed 2026-03-11 17:30",
    ]
    assert "on the critical path" in drawing
    assert "open hours" in drawing


def test_progress_is_drawn_state_by_state() -> None:
    """Each step has its state in words, so that no colour is needed to read it; a line stands at the instant."""
    late = StepDone(at(6, 17, 40), step="tell")
    drawing = progress(laid(), seen(at(9, 11), CHECKED, late)).to_svg()
    words = texts(drawing)
    assert words[2:13:2] == [
        "done Fri 16:30",
        "late, due Mon 10:30",
        "done late Fri 17:40",
        "skipped",
        "blocked, due Wed 17:30",
        "blocked",
    ]
    assert words[0] == "now Mon 03-09 11:00"
    assert "target due" not in drawing


def test_a_long_name_is_cut_to_what_a_phone_can_show() -> None:
    """The more words stand at the right of a row, the sooner; the whole name is spoken."""
    name = "Have the carrier test the line from the exchange to the site"
    found = plan(
        IncidentModel("x", "X", [ModelStep("a", name, owner="sme", budget=hours(1))]), FRIDAY, OFFICE
    )
    cut = [texts(face.to_svg())[-4] for face in (found, progress(found, seen(at(9, 11))))]
    assert all(name.startswith(each[:-1]) and each.endswith("\u2026") for each in cut)
    assert 20 < len(cut[1]) < len(cut[0]) <= 40
    assert f"<title>{name}, sme: due Fri 17:00</title>" in found.to_svg()


def test_no_line_crosses_the_words() -> None:
    """A line down the drawing begins below the text of the first row and leaves out that of each other one."""
    drawing = plan(NETWORK, FRIDAY, OFFICE, target=at(9, 12)).to_svg()
    words = [int(str(text.get("y"))) for text in parsed(drawing).iter(f"{SVG}text")][1:-2:2]
    down = [line for line in parsed(drawing).iter(f"{SVG}line") if line.get("stroke-dasharray")]
    assert len(words) == len(NETWORK.steps)
    for line in down:
        *dashes, gap = (int(each) for each in str(line.get("stroke-dasharray")).split())
        first, height = int(str(line.get("y1"))), words[1] - words[0]
        assert sum(dashes) + gap == height
        for place, y in enumerate(words):  # letters of size 12 reach from 12 above their line to 4 below it
            ends = first + place * height - gap
            assert ends <= y - 12
            assert y + 4 <= ends + gap
    assert len(down) == 1


@pytest.mark.parametrize("share", [True, False], ids=["plan", "progress"])
def test_bars_lie_within_the_drawing(share: bool) -> None:
    """No bar begins before the left edge, ends behind the right one, or has no width at all."""
    drawing = laid().to_svg() if share else progress(laid(), seen(at(11, 9), CHECKED)).to_svg()
    bars = [bar for bar in parsed(drawing).iter(f"{SVG}rect") if bar.get("style")]
    assert len(bars) == len(NETWORK.steps)
    for bar in bars:
        x, width = (float(str(bar.get(name)).rstrip("%")) for name in ("x", "width"))
        assert x >= 0
        assert width > 0
        assert x + width <= 100.011


def test_a_bar_stands_where_its_time_lies() -> None:
    """A step that takes the second half of the time has the right half of the width."""
    steps = [
        ModelStep(name, name, owner="sme", budget=hours(1), depends_on=before)
        for name, before in (("a", []), ("b", "a"))
    ]
    drawing = plan(IncidentModel("x", "X", steps), at(6, 9), OFFICE).to_svg()
    bars = [bar for bar in parsed(drawing).iter(f"{SVG}rect") if bar.get("style")]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("0.00%", "50.00%"), ("50.00%", "50.00%")]


def test_what_comes_after_the_resolution_runs_on_to_the_edge() -> None:
    """A review within days leaves the first hours their room: the axis ends a tenth after the resolution."""
    steps = [
        ModelStep("mend", "Mend it", owner="sme", budget=hours(1), evidence=Evidence("resolved")),
        ModelStep("review", "Review it", owner="sme", budget=Delay(working_days=3), depends_on="mend"),
    ]
    drawing = plan(IncidentModel("x", "X", steps), at(6, 10), OFFICE).to_svg()
    assert texts(drawing)[3:] == ["due Wed 17:30", "Fri 2026-03-06 10:00", "Fri 2026-03-06 11:06"]
    bars = [bar for bar in parsed(drawing).iter(f"{SVG}rect") if bar.get("style")]
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("0.00%", "90.91%"), ("90.91%", "9.09%")]


def test_words_of_the_house_are_escaped() -> None:
    """Neither a drawing nor a notebook face lets a name become markup."""
    found = plan(IncidentModel("x", EVIL, [ModelStep("a", EVIL, owner=EVIL)]), FRIDAY)
    for face in (found._repr_html_(), progress(found, seen(FRIDAY))._repr_html_()):
        assert "<script" not in face
        assert face.count("&lt;script&gt;&quot;&amp;") >= 4


def test_hours_of_a_long_plan_are_left_out() -> None:
    """Where the open hours would be a grey band they are not drawn."""
    model = IncidentModel("x", "X", [ModelStep("a", "A", owner="sme", budget=timedelta(days=400))])
    assert "open hours" not in plan(model, FRIDAY, OFFICE).to_svg()


def test_faces_need_no_page() -> None:
    """Colours have values of their own beside those that a page may set, and nothing is loaded."""
    face = progress(laid(), seen(at(9, 11), CHECKED))._repr_html_()
    assert re.findall(r"var\(--itilkit-[a-z]+\)", face) == []
    assert re.findall(r"(?:src|href)=", face) == []
