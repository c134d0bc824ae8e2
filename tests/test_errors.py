"""What can go wrong, and how it is told."""

from __future__ import annotations

import pickle

import pytest

from itilkit import errors
from itilkit.errors import (
    Fault,
    FaultError,
    InstantError,
    ItilkitError,
    ItilkitWarning,
    PayloadError,
    near,
    shown,
)

ROOMS = [
    getattr(errors, name) for name in errors.__all__ if name.endswith("Error") and name != "ItilkitError"
]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("c", "is wrong"), "is wrong"),
        (Fault("c", "is wrong", path="zone"), "zone: is wrong"),
        (Fault("c", "is wrong", line=3), "line 3: is wrong"),
        (Fault("c", "is wrong", path="zone", line=3), "line 3: zone: is wrong"),
        (Fault("c", "is wrong", hint="mend it"), "is wrong (mend it)"),
        (Fault("c", "is wrong", source="desk.toml"), "desk.toml: is wrong"),
        (
            Fault("c", "is wrong", path="zone", line=3, hint="mend it", source="desk.toml"),
            "desk.toml, line 3: zone: is wrong (mend it)",
        ),
    ],
)
def test_a_fault_says_where_what_and_how_to_mend(fault: Fault, told: str) -> None:
    """The source, the line, the path, the message and the hint, as far as there are any."""
    assert str(fault) == told


def test_a_fault_stops_unless_it_is_a_warning() -> None:
    """The severity is error by default."""
    assert Fault("c", "m").severity == "error"
    assert Fault("c", "m", severity="warning") != Fault("c", "m")


@pytest.mark.parametrize("kind", ROOMS)
def test_every_error_descends_from_the_root_and_a_builtin(kind: type[FaultError]) -> None:
    """Errors about input are ValueErrors too, and carry all their faults through pickling."""
    assert issubclass(kind, ItilkitError)
    assert issubclass(kind, ValueError)
    error = kind([Fault("one", "first", line=1), Fault("two", "second", hint="mend it")])
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is kind
    assert copy.faults == error.faults
    assert str(copy) == str(error) == "line 1: first\nsecond (mend it)"


def test_an_instant_error_is_a_type_error() -> None:
    """A datetime without a zone is of the wrong kind."""
    assert issubclass(InstantError, TypeError)


def test_the_root_warning_is_a_warning() -> None:
    """Python's filters apply to it."""
    assert issubclass(ItilkitWarning, UserWarning)


def test_one_fault_makes_an_error() -> None:
    """A single fault needs no list."""
    error = PayloadError.one("bad_cell", "is no date", path="row 1", line=2, hint="31/12/2016")
    assert error.faults == (Fault("bad_cell", "is no date", path="row 1", line=2, hint="31/12/2016"),)
    assert isinstance(error, PayloadError)


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("resoluton", ["response", "resolution"], "did you mean resolution?"),
        ("RESOLVED", ["Resolved", "Closed"], "did you mean Resolved?"),
        ("awaiting", ["Awaiting A", "Awaiting B", "New"], "did you mean Awaiting B or Awaiting A?"),
        ("xyz", ["b", "a"], "known: a, b"),
        ("xyz", ["b", "a", "b"], "known: a, b"),
        ("xyz", [], ""),
        (5, ["five"], "known: five"),
        (
            "?",
            [f"w{number:02}" for number in range(14)],
            f"known: {', '.join(f'w{n:02}' for n in range(12))} and 2 more",
        ),
    ],
)
def test_near_words_are_offered(word: object, known: list[str], hint: str) -> None:
    """The closest known words, whatever their case; else what is known, up to a dozen."""
    assert near(word, known) == hint


def _endless() -> list[object]:
    """A list that holds itself a thousand lists deep."""
    found: list[object] = []
    for _ in range(100_000):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4 hrs", "'4 hrs'"),
        ("x" * 61, f"'{'x' * 61}'"),
        ("x" * 62, f"'{'x' * 59}..."),
        (10**5_000, "a number too long to show"),
        ([10**5_000], "a list too long to show"),
        (_endless(), "a list too long to show"),
    ],
    ids=["short", "as long as may be", "cut", "number", "list of a number", "deep list"],
)
def test_a_value_is_shown_short(value: object, text: str) -> None:
    """A message holds no more than a line of a value, whatever it is."""
    assert shown(value) == text
