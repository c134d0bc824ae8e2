"""Known errors are recognised by their keys."""

from __future__ import annotations

import pytest

from itilkit.errors import MatchingError
from itilkit.events import Classified
from itilkit.matching import known_errors
from itilkit.records import KnownError, Workaround, links

from .histories import HOUR, LATER, at, opened


@pytest.mark.parametrize(
    ("title", "key", "is_found"),
    [
        pytest.param("Payments: ORA-00600 again", "ORA-00600", True, id="a code"),
        pytest.param("payments ora 00600 again", "ORA-00600", True, id="signs and case do not matter"),
        pytest.param("ORA-006001", "ORA-00600", False, id="a part of a word is none"),
        pytest.param("00600 ORA", "ORA-00600", False, id="the other way round"),
        pytest.param("ORA error 00600", "ORA-00600", False, id="with a word in between"),
        pytest.param("certificate has expired", "certificate has expired", True, id="several words"),
        pytest.param("E", "e", True, id="a single letter"),
        pytest.param("!!!", "!!!", False, id="no words at all"),
        pytest.param("anything", "", False, id="an empty key"),
        pytest.param("", "x", False, id="an empty title"),
        pytest.param(".* (a|b)", ".*", False, id="no pattern"),
    ],
)
def test_a_key_is_found(title: str, key: str, *, is_found: bool) -> None:
    """A key's words stand in the text one after the other."""
    found = known_errors(opened("INC1", 0, title), [KnownError("KE1", "PRB1", match_keys=[key])], as_of=LATER)
    assert [each.known_error.id for each in found] == (["KE1"] if is_found else [])


def test_most_keys_come_first() -> None:
    """By the number of keys found, then by their share, then by id."""
    catalogue = [
        KnownError("KE4", "PRB", match_keys=["alpha"]),
        KnownError("KE1", "PRB", match_keys=["alpha", "delta"]),
        KnownError("KE3", "PRB", match_keys=["alpha"]),
        KnownError("KE2", "PRB", match_keys=["alpha", "beta", "gamma"]),
        KnownError("KE5", "PRB", match_keys=["delta"]),
        KnownError("KE6", "PRB"),
    ]
    found = known_errors(opened("INC1", 0, "alpha beta"), catalogue, as_of=LATER)
    assert [(each.known_error.id, round(each.score, 2)) for each in found] == [
        ("KE2", 0.67),
        ("KE3", 1.0),
        ("KE4", 1.0),
        ("KE1", 0.5),
    ]
    assert found == known_errors(opened("INC1", 0, "alpha beta"), reversed(catalogue), as_of=LATER)


def test_spellings_of_a_key_are_one_key() -> None:
    """A key in two spellings counts once, and one of signs alone is none, so that neither moves the score."""
    error = KnownError("KE1", "PRB1", match_keys=["ORA-600", "ora 600", "...", "TNS-12541"])
    (found,) = known_errors(opened("INC1", 0, "fails with ora 600"), [error], as_of=LATER)
    assert (found.keys, found.score) == ((("ORA-600", "title"),), 0.5)
    assert str(found) == "KE1: 1 of 2 keys: ORA-600 in title; no workaround"


def test_a_field_can_be_searched() -> None:
    """A key is looked for in each of the fields that are named, and it is told where it was found."""
    incident = opened("INC1", 0, "payments fails", error="ORA-00600")
    catalogue = [KnownError("KE1", "PRB", match_keys=["ora 00600", "payments"])]
    (found,) = known_errors(incident, catalogue, as_of=LATER, texts=["title", "error"])
    assert found.keys == (("ora 00600", "error"), ("payments", "title"))
    assert str(found) == "KE1: 2 of 2 keys: ora 00600 in error, payments in title; no workaround"
    with pytest.raises(MatchingError, match="did you mean error"):
        known_errors(incident, catalogue, as_of=LATER, texts=["eror"])


def test_a_workaround_is_offered_until_it_ends() -> None:
    """The workaround of a known error is told with it, not from the instant on from which it must not be used."""
    error = KnownError("KE1", "PRB1", match_keys=["disk"], workaround="WA1")
    ends = Workaround("WA1", restores="partial", valid_until=at(5))
    incident = opened("INC1", 0, "disk full")
    for as_of, is_offered in ((at(4), True), (at(5), False), (at(6), False)):
        (found,) = known_errors(incident, [error], as_of=as_of, workarounds=[ends])
        assert (found.workaround is not None) == is_offered
    (found,) = known_errors(incident, [error], as_of=at(4), workarounds=[ends])
    tied = links([event for _, event in found.proposed(at(4), "ann")])
    assert (tied.known_error, tied.workaround) == ("KE1", "WA1")
    (found,) = known_errors(incident, [error], as_of=at(4))
    assert [event.to for _, event in found.proposed(at(4)) if hasattr(event, "to")] == ["KE1"]


def test_what_is_told_later_is_not_seen() -> None:
    """A field that is set later is not searched, and an incident that is not opened yet shows nothing."""
    incident = opened("INC1", 1, "payments", Classified(at(3), fields={"error": "ORA-00600"}), error="")
    catalogue = [KnownError("KE1", "PRB", match_keys=["00600"])]
    assert len(known_errors(incident, catalogue, as_of=at(3), texts=["error"])) == 1
    assert known_errors(incident, catalogue, as_of=at(0), texts=["title"]) == ()
    assert known_errors(incident, catalogue, as_of=at(3) - HOUR, texts=["title"]) == ()
