"""Pictures as Altair charts: the same rows, valid by Vega-Lite's own schema."""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import altair
import pytest
from tests.kpi.histories import story
from tests.plots.desks import PICTURES, SMALL, pictures

from itilkit import plots
from itilkit.errors import FaultError


def rows_of(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The data of a chart, wherever Altair keeps them."""
    data = spec["data"]
    found: list[dict[str, Any]] = data["values"] if "values" in data else spec["datasets"][data["name"]]
    return found


def between_ends(name: str, spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The data of a chart without the two ends that a curve has besides its rows."""
    rows = rows_of(spec)
    return rows[1:-1] if name == "survival" else rows


def fields_of(spec: object) -> set[str]:
    """Every field that a chart reads."""
    if isinstance(spec, Mapping):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set[str]()
        return own.union(*(fields_of(each) for each in spec.values()))
    return set[str]().union(*(fields_of(each) for each in spec)) if isinstance(spec, list) else set()


@pytest.mark.parametrize("name", PICTURES)
def test_a_chart_is_made_of_the_same_rows(name: str) -> None:
    """The chart is valid, holds the rows of the picture, and reads no field that they lack."""
    picture = pictures()[name]
    made = picture.to_altair()
    spec = made.to_dict()
    assert isinstance(made, altair.TopLevelMixin)
    assert between_ends(name, spec) == picture.to_rows()
    encodings = {key: value for key, value in spec.items() if key not in ("data", "datasets")}
    assert fields_of(encodings) <= picture.rows[0].keys()


def test_a_curve_has_its_ends() -> None:
    """One of three ended after 2 hours, the others are seen for 9: from all it falls to 2/3 and goes on so."""
    cases = [story(0, 2, as_of=9), story(0, number="INC2", as_of=9), story(0, number="INC3", as_of=9)]
    rows = rows_of(plots.survival(cases).to_altair().to_dict())
    assert [(row["seconds"], round(row["share"], 3)) for row in rows] == [
        (0, 1.0),
        (2 * 3600, 0.667),
        (9 * 3600, 0.667),
    ]
    assert (rows[0]["low"], rows[0]["high"]) == (1.0, 1.0)


@pytest.mark.parametrize("name", PICTURES)
def test_a_chart_tells_title_unit_and_n(name: str) -> None:
    """They stand above the chart, as they do above the drawing."""
    picture = pictures()[name]
    title = picture.to_altair().to_dict()["title"]
    assert title["text"] == picture.title
    assert title["subtitle"][0] == f"{picture.unit}, n = {picture.n:,}"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("population", SMALL)
def test_a_chart_of_a_desk_where_something_is_missing(name: str, population: str) -> None:
    """Nothing to draw is an empty chart, no error."""
    picture = PICTURES[name](SMALL[population])
    assert between_ends(name, picture.to_altair().to_dict()) == picture.to_rows()


def test_without_altair_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    whole = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "altair":
            raise ImportError(name)
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delitem(sys.modules, "altair", raising=False)
    with pytest.raises(FaultError, match=r"pip install 'itilkit\[plots\]'") as caught:
        plots.volume([], zone="UTC").to_altair()
    assert caught.value.faults[0].code == "missing_extra"


def test_pictures_need_no_altair() -> None:
    """The room itself imports nothing but the library."""
    code = "import sys, itilkit.plots as p; p.volume([], zone='UTC').to_svg(); print('altair' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
