"""A record remembers how it stands; nobody who compares, copies or stores it can tell."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from itilkit.errors import RecordError
from itilkit.events import Logged
from itilkit.lifecycle import ITIL4_DEFAULT, SERVICENOW, Refused, apply, decide
from itilkit.lifecycle.standing import standing_of

from .stories import ASK, NOON, WAY, at, known


def test_what_a_record_remembers_is_no_part_of_it() -> None:
    """A record that was decided on equals, hashes, pickles and copies as one that was not."""
    fresh, asked = known(), known()
    longer = apply(asked, ASK["assign"], ITIL4_DEFAULT)
    assert asked.memo is not None
    assert longer.memo is not None
    assert (fresh, hash(fresh), repr(fresh)) == (asked, hash(asked), repr(asked))
    assert pickle.dumps(fresh) == pickle.dumps(asked)
    for twin in (copy.copy(longer), copy.deepcopy(longer), pickle.loads(pickle.dumps(longer))):  # noqa: S301
        assert twin == longer
        assert twin.memo is None
    assert attrs.evolve(longer, site="Leeds").memo is None
    assert "memo" not in {field.name for field in attrs.fields(type(longer))}


def test_another_lifecycle_is_another_walk() -> None:
    """What a record remembers belongs to one lifecycle; another one walks the history for itself."""
    record = known(*WAY["resolved"])
    default = standing_of(record, ITIL4_DEFAULT)
    assert standing_of(record, ITIL4_DEFAULT) is default
    assert (default.state, standing_of(record, SERVICENOW).state) == ("resolved", "Resolved")


def test_a_refusal_leaves_the_record_where_it_stands() -> None:
    """Asking in vain moves nothing, however often."""
    record = known(*WAY["resolved"])
    first = decide(record, ASK["resolve"], ITIL4_DEFAULT)
    assert isinstance(first, Refused)
    assert decide(record, ASK["resolve"], ITIL4_DEFAULT) == first
    assert standing_of(record, ITIL4_DEFAULT).state == "resolved"


def test_a_second_logged_is_refused_where_it_is_appended() -> None:
    """Appending checks what is appended, as building the record does, and names its place."""
    with pytest.raises(RecordError, match=r"events\[3\]: INC1 is logged a second time"):
        known().appended(Logged(at(1)))
    assert known().appended().events == known().events
    assert known().opened_at == NOON
