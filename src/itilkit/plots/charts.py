"""Pictures as Altair charts: the same rows, told in Vega-Lite; a curve has its two ends as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from itilkit.errors import FaultError
from itilkit.plots.picture import Kind, Picture
from itilkit.plots.words import left_out_words
from itilkit.svg import PALETTE, plain, ticks, wrapped

__all__ = ["chart"]

Spec = dict[str, Any]

_BAR, _LATE = PALETTE["bar"].anywhere, PALETTE["late"].anywhere
_WIDTH, _SUBTITLE = 400, 11
_TOLD = {"tooltip": {"content": "data"}}
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_PERCENT = {"axis": {"format": ".0%", "tickCount": 5}, "scale": {"domain": [0, 1]}}
_DAY = 86_400
# Seconds on a scale of logarithms, labelled as people speak of them.
_TIME = (
    "datum.value < 3600 ? datum.value / 60 + ' min' : "
    "datum.value < 86400 ? datum.value / 3600 + ' h' : datum.value / 86400 + ' d'"
)
_LOG_TIME = {
    "scale": {"type": "symlog", "constant": 60},
    "axis": {"values": [60, 600, 3600, 28800, 86400, 604800, 2592000, 31536000], "labelExpr": _TIME},
}
_SIGNALS = {
    "": "circle",
    "beyond_limits": "diamond",
    "run_of_eight": "triangle-up",
    "beyond_limits, run_of_eight": "diamond",
}


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
    told = (f"{picture.unit}, n = {picture.n:,}", picture.says, left_out_words(picture.left_out))
    subtitle = [line for words in told if words for line in wrapped(plain(words), _WIDTH, _SUBTITLE, lines=3)]
    spec: Spec = {
        "data": {"values": _rows(picture)},
        "title": {"text": plain(picture.title), "subtitle": subtitle, "anchor": "start"},
        "width": _WIDTH,
        **_SPECS[picture.kind](picture),
    }
    return altair.Chart.from_dict(spec)


def _rows(picture: Picture) -> list[dict[str, Any]]:
    """The rows; a survival curve begins at all of them and goes on for as long as any was seen."""
    rows = picture.to_rows()
    if picture.kind != "survival" or not rows:
        return rows
    start = {**rows[0], "seconds": 0.0, "share": 1.0, "low": 1.0, "high": 1.0, "at_risk": None}
    end = {**rows[-1], "seconds": picture.figures["last_seconds"], "at_risk": None}
    return [start, *rows, end]


def _number(name: str, title: str | None, **more: Any) -> Spec:
    return {"field": name, "type": "quantitative", "title": title, **more}


def _name(name: str, **more: Any) -> Spec:
    return {"field": name, "type": "nominal", "title": None, **more}


def _bars(**encoding: Spec) -> Spec:
    return {"mark": {"type": "bar", "color": _BAR, **_TOLD}, "encoding": encoding}


def _volume(picture: Picture) -> Spec:
    x: Spec = {"field": "starts_on", "type": "temporal", "title": None}
    positive = {"scale": {"domainMin": 0}}
    found = sorted({row["signal"] for row in picture.rows} - {""})
    shape = _name(
        "signal",
        scale={"domain": list(_SIGNALS), "range": list(_SIGNALS.values())},
        legend={"values": found, "orient": "bottom"} if found else None,
    )
    points = {
        "mark": {"type": "point", "filled": True, "size": 50, **_TOLD},
        "encoding": {
            "x": x,
            "y": _number("incidents", "incidents", **positive),
            "shape": shape,
            "color": {"condition": {"test": "datum.signal !== ''", "value": _LATE}, "value": _BAR},
            "opacity": {"condition": {"test": "datum.complete", "value": 1}, "value": 0.4},
        },
    }
    lines = [
        {
            "mark": {"type": "line", "clip": True, "strokeDash": dash, "color": colour},
            "encoding": {"x": x, "y": _number(name, "incidents", **positive)},
        }
        for name, dash, colour in (
            ("low", [4, 3], "gray"),
            ("centre", [1, 0], "gray"),
            ("high", [4, 3], "gray"),
            ("incidents", [1, 0], _BAR),
        )
    ]
    return {"layer": [*lines, points]}


def _survival(_picture: Picture) -> Spec:
    x = _number("seconds", None, **_LOG_TIME)
    look = {"interpolate": "step-after", "color": _BAR}
    band = {
        "mark": {"type": "area", "opacity": 0.2, **look},
        "encoding": {"x": x, "y": _number("low", "share", **_PERCENT), "y2": {"field": "high"}},
    }
    curve = {
        "mark": {"type": "line", **look, **_TOLD},
        "encoding": {"x": x, "y": _number("share", "share", **_PERCENT)},
    }
    return {"layer": [band, curve]}


def _time_to_resolve(_picture: Picture) -> Spec:
    return _bars(
        x=_number("from_seconds", None, bin={"binned": True}, **_LOG_TIME),
        x2={"field": "to_seconds"},
        y=_number("incidents", "incidents"),
    )


def _compliance(_picture: Picture) -> Spec:
    y = _name("name", sort=None)
    ends = {
        "mark": {"type": "rule"},
        "encoding": {"y": y, "x": _number("low", "share of clocks met"), "x2": {"field": "high"}},
    }
    return {"layer": [_bars(y=y, x=_number("share", "share of clocks met", **_PERCENT)), ends]}


def _backlog(picture: Picture) -> Spec:
    bands = list(dict.fromkeys(row["band"] for row in picture.rows))
    header = {"labelOrient": "top", "labelAnchor": "start", "labelPadding": 2}
    bars = _bars(
        x={"field": "period", "type": "ordinal", "title": None, "axis": {"labelOverlap": True}},
        y=_number("incidents", None),
        row=_name("band", sort=bands, header=header),
    )
    return {**bars, "height": 60, "spacing": 8}


def _arrivals(_picture: Picture) -> Spec:
    axis = {"values": [0, 6, 12, 18], "labelAngle": 0}
    return {
        "mark": {"type": "square", "color": _BAR, "opacity": 1, **_TOLD},
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": "hour", "axis": axis},
            "y": _name("weekday", scale={"domain": _DAYS}),
            "size": _number("incidents", "incidents", scale={"range": [0, 220]}, legend=None),
        },
    }


def _pareto(_picture: Picture) -> Spec:
    x = _name("name", sort=None)
    line = {
        "mark": {"type": "line", "point": {"color": "gray"}, "color": "gray", **_TOLD},
        "encoding": {"x": x, "y": _number("cumulative", "share", **_PERCENT)},
    }
    return {"layer": [_bars(x=x, y=_number("share", "share", **_PERCENT)), line]}


def _time_in_status(picture: Picture) -> Spec:
    longest = max((row["seconds_per_incident"] for row in picture.rows), default=0)
    marks = [_DAY * mark for mark in ticks(longest / _DAY)]
    days = {"values": marks, "labelExpr": f"format(datum.value / {_DAY}, '.2~f') + ' d'"}
    return _bars(
        y=_name("status", sort=None),
        x=_number("seconds_per_incident", "mean time per incident", axis=days),
        opacity={"condition": {"test": "datum.open", "value": 1}, "value": 0.4},
    )


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
