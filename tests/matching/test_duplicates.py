"""Which incidents repeat one that has been reported already?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given

from itilkit import Incident
from itilkit.errors import MatchingError
from itilkit.events import Cancelled, Closed, Linked, Reopened, Resolved
from itilkit.matching import Corpus, duplicates, similar
from itilkit.records import links

from .histories import HOUR, LATER, at, incidents, opened

FIRST = opened("INC1", 0, "printer jam", service="print")
ASKED = opened("INC9", 2, "printer jam", service="print")


def repeated(
    asked: Incident, *others: Incident, within: timedelta = 4 * HOUR, at_least: float = 0.5
) -> list[str]:
    """The numbers of those that it seems to repeat."""
    corpus = Corpus(others, as_of=LATER)
    return [each.of for each in duplicates(asked, corpus, as_of=LATER, within=within, at_least=at_least)]


@pytest.mark.parametrize(
    ("others", "numbers"),
    [
        pytest.param([FIRST], ["INC1"], id="still open"),
        pytest.param([opened("INC1", 1.99, "printer jam", service="print")], ["INC1"], id="just before"),
        pytest.param([opened("INC1", 2, "printer jam", service="print")], ["INC1"], id="at the same instant"),
        pytest.param(
            [opened("INC1", -2, "printer jam", service="print")], ["INC1"], id="as long ago as may be"
        ),
        pytest.param([opened("INC1", -2.1, "printer jam", service="print")], [], id="too long ago"),
        pytest.param([opened("INC1", 3, "printer jam", service="print")], [], id="opened later"),
        pytest.param([opened("INC1", 0, "mail slow", service="print")], [], id="not alike enough"),
        pytest.param([FIRST.appended(Resolved(at(1)))], [], id="resolved before: it came back"),
        pytest.param([FIRST.appended(Resolved(at(2)))], [], id="resolved at that instant"),
        pytest.param([FIRST.appended(Resolved(at(3)), Closed(at(4)))], ["INC1"], id="resolved afterwards"),
        pytest.param([FIRST.appended(Resolved(at(1)), Reopened(at(1.5)))], ["INC1"], id="open again"),
        pytest.param([FIRST.appended(Cancelled(at(1)))], [], id="cancelled before"),
        pytest.param(
            [
                FIRST,
                opened(
                    "INC2", 1, "printer jam", Linked(at(1), kind="duplicate_of", to="INC1"), service="print"
                ),
            ],
            ["INC1"],
            id="one that is a duplicate itself is passed over",
        ),
        pytest.param(
            [opened("INC2", 1, "printer", service="print"), FIRST],
            ["INC1", "INC2"],
            id="the most alike first",
        ),
    ],
)
def test_what_is_repeated(others: list[Incident], numbers: list[str]) -> None:
    """An incident repeats one that is alike, was opened shortly before, and was open then."""
    assert repeated(ASKED, *others) == numbers


def test_of_two_at_one_instant_one_repeats_the_other() -> None:
    """Two incidents that came at one instant are no duplicates of each other: the lesser number is the first."""
    one, other = (opened(number, 0, "printer jam") for number in ("INC1", "INC2"))
    assert (repeated(one, one, other), repeated(other, one, other)) == ([], ["INC1"])


@given(incidents())
def test_what_is_proposed_goes_round_in_no_circle(known: list[Incident]) -> None:
    """Whatever is proposed points to one that came before: in a desk there is always a first report."""
    corpus = Corpus(known, as_of=LATER)
    place = {each.number: (each.opened_at, each.number) for each in known}
    for asked in known:
        for each in duplicates(asked, corpus, as_of=LATER, within=6 * HOUR, at_least=0.1):
            assert place[each.of] < place[asked.number]


def test_a_known_duplicate_is_left_alone() -> None:
    """For an incident that is tied to its first report, nothing is proposed; a tie that came later is not seen."""
    tied = ASKED.appended(Linked(at(5), kind="duplicate_of", to="INC1"))
    corpus = Corpus([FIRST], as_of=at(4))
    assert duplicates(tied, corpus, as_of=at(5), within=4 * HOUR, at_least=0.5) == ()
    assert len(duplicates(tied, corpus, as_of=at(4), within=4 * HOUR, at_least=0.5)) == 1


def test_the_links_tie_both_records() -> None:
    """What is proposed reads as a duplicate from both sides, and says why."""
    (found,) = duplicates(ASKED, Corpus([FIRST], as_of=LATER), as_of=LATER, within=4 * HOUR, at_least=1)
    events = dict(found.proposed(at(3), "ann"))
    assert links([events["INC9"]]).duplicate_of == "INC1"
    assert links([events["INC1"]]).duplicates == ("INC9",)
    assert {event.by.id for event in events.values() if event.by} == {"ann"}
    assert found.explain() == (
        "INC9 repeats INC1: opened 2:00:00 later, while it was open; likeness 1.00: service is print (0.33); "
        "words jam (0.33), printer (0.33)"
    )
    assert str(found) == found.explain()


@pytest.mark.parametrize("at_least", [0, -1, 1.1, float("nan"), True, "1"])
def test_a_score_is_above_0_and_up_to_1(at_least: float) -> None:
    """What is no score is told."""
    with pytest.raises(MatchingError, match="is no likeness"):
        repeated(ASKED, FIRST, at_least=at_least)


@pytest.mark.parametrize("within", [timedelta(0), -HOUR, 4, None])
def test_a_window_is_an_amount_of_time(within: timedelta) -> None:
    """A window of no time is told."""
    with pytest.raises(MatchingError, match="is no amount of time"):
        repeated(ASKED, FIRST, within=within)


@given(incidents())
def test_duplicates_are_among_the_similar(known: list[Incident]) -> None:
    """What an incident repeats resembles it by the same score, for the same reasons."""
    corpus = Corpus(known, as_of=LATER)
    for asked in known:
        alike = set(similar(asked, corpus, 100, as_of=LATER))
        found = duplicates(asked, corpus, as_of=LATER, within=2 * HOUR, at_least=0.3)
        assert {each.match for each in found} <= alike
        assert all(each.match.score >= 0.3 and each.after <= 2 * HOUR for each in found)
