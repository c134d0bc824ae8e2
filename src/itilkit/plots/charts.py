"""Pictures as Altair charts: the same rows, told in Vega-Lite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from itilkit.errors import FaultError
from itilkit.plots.picture import Kind, Picture
from itilkit.plots.words import left_out_words
from itilkit.svg import PALETTE, plain

__all__ = ["chart"]

Spec = dict[str, Any]

_BAR, _LATE = PALETTE["bar"].anywhere, PALETTE["late"].anywhere
_HOURS = list(range(24))
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def chart(picture: Picture) -> Any:
    """The picture as an Altair chart, checked against Vega-Lite's schema.

    Raises:
        FaultError: altair is not installed.
    """
    try:
        import altair  # noqa: PLC0415  an extra: loaded on use
    except ImportError:
        raise FaultError.one(
            "missing_extra", "Altair charts need altair", hint="pip install 'itilkit[plots]'"
        ) from None
    left_out = left_out_words(picture.left_out)
    subtitle = [f"{picture.unit}, n = {picture.n:,}", picture.says, *picture.notes, left_out]
    spec: Spec = {
        "data": {"values": picture.to_rows()},
        "title": {
            "text": plain(picture.title),
            "subtitle": [plain(words) for words in subtitle if words],
            "anchor": "start",
        },
        **_SPECS[picture.kind](picture),
    }
    return altair.Chart.from_dict(spec)


def _field(name: str, title: str, **more: Any) -> Spec:
    return {"field": name, "type": "quantitative", "title": title, **more}


def _named(name: str, title: str | None = None, **more: Any) -> Spec:
    return {"field": name, "type": "nominal", "title": title, **more}


_PERCENT = {"axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}}
_LOG = {"scale": {"type": "symlog", "constant": 60}}


def _volume(_picture: Picture) -> Spec:
    x = {"field": "starts_on", "type": "temporal", "title": None}
    y = "incidents"
    line = {"mark": {"type": "line", "color": _BAR}, "encoding": {"x": x, "y": _field(y, "incidents")}}
    points = {
        "mark": {"type": "point", "filled": True, "tooltip": {"content": "data"}},
        "encoding": {
            "x": x,
            "y": _field(y, "incidents"),
            "shape": _named("signal", "signal"),
            "color": {
                "condition": {"test": "datum.signal !== ''", "value": _LATE},
                "value": _BAR,
            },
            "opacity": {"condition": {"test": "datum.complete", "value": 1}, "value": 0.4},
        },
    }
    rules = [
        {
            "mark": {"type": "line", "strokeDash": dash, "color": "gray"},
            "encoding": {"x": x, "y": _field(name, "incidents")},
        }
        for name, dash in (("low", [4, 3]), ("centre", [1, 0]), ("high", [4, 3]))
    ]
    return {"layer": [*rules, line, points]}


def _survival(_picture: Picture) -> Spec:
    x = _field("seconds", "seconds", **_LOG)
    band = {
        "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.2, "color": _BAR},
        "encoding": {"x": x, "y": _field("low", "share", **_PERCENT), "y2": {"field": "high"}},
    }
    curve = {
        "mark": {"type": "line", "interpolate": "step-after", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {"x": x, "y": _field("share", "share", **_PERCENT)},
    }
    return {"layer": [band, curve]}


def _time_to_resolve(_picture: Picture) -> Spec:
    return {
        "mark": {"type": "bar", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {
            "x": _field("from_seconds", "seconds", bin={"binned": True}, **_LOG),
            "x2": {"field": "to_seconds"},
            "y": _field("incidents", "incidents"),
        },
    }


def _compliance(_picture: Picture) -> Spec:
    y = _named("name", sort=None)
    bars = {
        "mark": {"type": "bar", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {"y": y, "x": _field("share", "share of clocks met", **_PERCENT)},
    }
    ends = {
        "mark": {"type": "rule"},
        "encoding": {"y": y, "x": _field("low", "share of clocks met"), "x2": {"field": "high"}},
    }
    return {"layer": [bars, ends]}


def _backlog(picture: Picture) -> Spec:
    bands = list(dict.fromkeys(row["band"] for row in picture.rows))
    return {
        "mark": {"type": "bar", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {
            "x": {"field": "at", "type": "temporal", "title": None},
            "y": _field("incidents", "incidents"),
            "row": _named("band", sort=bands),
        },
        "height": 60,
    }


def _arrivals(_picture: Picture) -> Spec:
    return {
        "mark": {"type": "square", "color": _BAR, "opacity": 1, "tooltip": {"content": "data"}},
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": "hour", "scale": {"domain": _HOURS}},
            "y": _named("weekday", scale={"domain": _DAYS}),
            "size": _field("incidents", "incidents"),
        },
    }


def _pareto(_picture: Picture) -> Spec:
    x = _named("name", sort=None)
    bars = {
        "mark": {"type": "bar", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {"x": x, "y": _field("share", "share", **_PERCENT)},
    }
    line = {
        "mark": {"type": "line", "point": True, "color": "gray"},
        "encoding": {"x": x, "y": _field("cumulative", "share", **_PERCENT)},
    }
    return {"layer": [bars, line]}


def _time_in_status(_picture: Picture) -> Spec:
    return {
        "mark": {"type": "bar", "color": _BAR, "tooltip": {"content": "data"}},
        "encoding": {
            "y": _named("status", sort=None),
            "x": _field("seconds_per_incident", "seconds per incident"),
            "opacity": {"condition": {"test": "datum.open", "value": 1}, "value": 0.4},
        },
    }


_SPECS: Mapping[Kind, Callable[[Picture], Spec]] = {
    "arrivals": _arrivals,
    "backlog": _backlog,
    "compliance": _compliance,
    "pareto": _pareto,
    "survival": _survival,
    "time_in_status": _time_in_status,
    "time_to_resolve": _time_to_resolve,
    "volume": _volume,
}
