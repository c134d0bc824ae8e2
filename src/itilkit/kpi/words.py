"""How values read in a sentence."""

from __future__ import annotations

from datetime import timedelta

from itilkit.kpi.definition import Value

__all__ = ["duration_words", "value_words"]

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def duration_words(duration: timedelta) -> str:
    """A duration in its largest fitting unit.

    >>> duration_words(timedelta(hours=15.2)), duration_words(timedelta(days=7.4)), duration_words(timedelta(0))
    ('15.2 h', '7.4 d', '0 s')
    """
    seconds = duration.total_seconds()
    for size, name in _UNITS:
        if abs(seconds) >= size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.3g} s"


def value_words(value: Value, unit: str) -> str:
    """A value with its unit; a ratio in percent, which is for reading only.

    >>> value_words(0.25, "ratio"), value_words(None, "ratio"), value_words(3, "incidents")
    ('25.0 %', 'not known', '3 incidents')
    """
    if value is None:
        return "not known"
    if isinstance(value, timedelta):
        return duration_words(value)
    if unit == "ratio":
        return f"{value * 100:.1f} %"
    return f"{value:,.6g} {unit}"
