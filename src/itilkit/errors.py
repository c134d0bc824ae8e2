"""What can go wrong, and how it is told.

Every error of the library descends from `ItilkitError` and from the builtin it also is. An error about input
carries all the faults that were found, each with its place and a way to mend it, so that a file is read once
and repaired once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, Self

import attrs

__all__ = [
    "CalendarError",
    "Fault",
    "FaultError",
    "InstantError",
    "ItilkitError",
    "ItilkitWarning",
    "KpiError",
    "MatchingError",
    "PayloadError",
    "PolicyError",
    "RecordError",
    "TransitionError",
    "near",
    "of_another_kind",
    "shown",
]

Severity = Literal["error", "warning"]


@attrs.frozen
class Fault:
    """One thing that is wrong with an input.

    Attributes:
        code: A stable word for programs, such as ``unknown_zone``.
        message: What is wrong, with the value found and what was expected.
        path: Where, in the input's own terms: ``agreements[0].targets[2].resolution`` or ``row 17, resolved_at``.
        line: The line of the text the input came from, counted from 1, or None where there is none.
        hint: How to mend it.
        severity: ``error`` stops the reading; ``warning`` is told and goes on.
        source: The name of the file or message, where there is one.

    >>> print(Fault("unknown_zone", "'Europe/Lodnon' is no IANA zone", path="zone", line=3, hint="Europe/London?"))
    line 3: zone: 'Europe/Lodnon' is no IANA zone (Europe/London?)
    """

    code: str
    message: str
    path: str = attrs.field(default="", kw_only=True)
    line: int | None = attrs.field(default=None, kw_only=True)
    hint: str = attrs.field(default="", kw_only=True)
    severity: Severity = attrs.field(default="error", kw_only=True)
    source: str = attrs.field(default="", kw_only=True)

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line is not None else ""
        place = [", ".join(part for part in (self.source, line) if part), self.path]
        hint = f" ({self.hint})" if self.hint else ""
        return ": ".join(part for part in (*place, self.message) if part) + hint


class ItilkitError(Exception):
    """The root of every error the library raises on purpose."""


class ItilkitWarning(UserWarning):
    """The root of every warning the library gives."""


class FaultError(ItilkitError, ValueError):
    """An input with one fault or more; `faults` holds all of them, in the order of the input.

    The faults are the only positional argument, so that the error survives pickling on its way out of a worker.
    """

    faults: tuple[Fault, ...]

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    @classmethod
    def one(cls, code: str, message: str, *, path: str = "", line: int | None = None, hint: str = "") -> Self:
        """The error for a single fault."""
        return cls((Fault(code, message, path=path, line=line, hint=hint),))

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class CalendarError(FaultError):
    """A calendar that cannot be built, or a question that it cannot answer."""


class RecordError(FaultError):
    """An event or an incident that cannot be what it says."""


class TransitionError(FaultError):
    """A step that the lifecycle does not permit; each fault is one reason."""


class PolicyError(FaultError):
    """A policy that contradicts itself or cannot be read."""


class PayloadError(FaultError):
    """An export or a message of another tool that cannot be read."""


class KpiError(FaultError):
    """A KPI, period or grouping that makes no sense."""


class MatchingError(FaultError):
    """A question about likeness, recurrence or correlation that makes no sense."""


class InstantError(FaultError, TypeError):
    """A datetime without a zone, or no datetime at all, where an instant is needed."""


_LONGEST = 60


def shown(value: object) -> str:
    """A value as a message shows it: short, whatever it is.

    >>> shown("4 hrs"), shown(list(range(1000)))
    ("'4 hrs'", '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1...')
    """
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list of lists without end
        return f"a {'number' if isinstance(value, int) else type(value).__name__} too long to show"
    return text if len(text) <= _LONGEST + 3 else f"{text[:_LONGEST]}..."


_KINDS = {str: "a text", bool: "true or false"}


def of_another_kind(
    path: str, values: Iterable[object], kind: type, code: str = "bad_value"
) -> Iterator[Fault]:
    """A fault for each value of a list that is not of its kind.

    >>> print(*of_another_kind("steps[0].depends_on", ["look", 5], str))
    steps[0].depends_on[1]: expected a text, got 5
    """
    for index, each in enumerate(values):
        if not isinstance(each, kind):
            wanted = _KINDS.get(kind, f"a value of {kind.__name__}")
            yield Fault(code, f"expected {wanted}, got {shown(each)}", path=f"{path}[{index}]")


def near(word: object, known: Iterable[str]) -> str:
    """A hint that offers the known words closest to `word`, or lists the known ones when none is close.

    >>> near("resoluton", ["response", "resolution"])
    'did you mean resolution?'
    >>> near("xyz", ["response", "resolution"])
    'known: resolution, response'
    """
    import difflib  # noqa: PLC0415  for what is wrong only

    choices = sorted(set(known))
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    close = difflib.get_close_matches(str(word).casefold(), folded, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(folded[match] for match in close)}?"
    first = choices[:12]
    more = f" and {len(choices) - len(first)} more" if len(choices) > len(first) else ""
    return f"known: {', '.join(first)}{more}" if first else ""
