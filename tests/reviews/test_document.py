"""The review as a document, also with texts that somebody wrote to do harm."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from tests.major_incidents.hostile import HOSTILE
from tests.major_incidents.markdown import count, elements
from tests.major_incidents.stories import ANN, QUINN, at, opened
from tests.major_incidents.test_plain_text import acts

from itilkit.errors import InstantError, RecordError
from itilkit.events import (
    Acknowledged,
    Classified,
    DisasterRecoveryInvoked,
    Escalated,
    Event,
    Logged,
    MajorDeclared,
    Noted,
    Person,
    Replied,
    Resolved,
    RoleTaken,
    StepDone,
    StoodDown,
)
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.records import Incident
from itilkit.reviews import ActionItem, ContributingFactor, PostIncidentReview, ReviewDocument, document
from itilkit.sla import Assessment

REVIEW = PostIncidentReview(id="PIR-12", incident="INC200")


def written(
    *events: Event, review: PostIncidentReview = REVIEW, until: int = 600, notes: bool = False
) -> ReviewDocument:
    """The document of an incident."""
    timeline = replay(opened(*events), PERMISSIVE, as_of=at(until), strict=False)
    return document(Assessment(timeline, {}), review, zone="Europe/London", notes=notes)


def test_a_review_of_which_little_is_known() -> None:
    """Sections that have nothing to tell are left out, but for the cause and what is to be done."""
    text = written().to_markdown()
    assert re.findall("^#+ (.*)$", text, re.MULTILINE) == [
        "Post-incident review PIR-12: INC200, 8 of 16 nodes unreachable",
        "Summary",
        "How long each stage took",
        "What happened",
        "Root cause",
        "What is to be done",
    ]
    assert "## Root cause\n\nNot known.\n" in text
    assert text.endswith("## What is to be done\n\nNothing.\n")
    assert "| Review held | not yet |" in text
    assert "| acknowledge | Tue 2026-03-10 02:00 | lasts | 10h 00m |" in text
    assert "Not known: when it failed (not recorded), when it was acknowledged (still to come)," in text


def test_a_review_before_the_incident_was_opened() -> None:
    """There is nothing to tell of it, and nothing breaks."""
    text = written(until=-5).to_markdown()
    assert "## What happened" not in text
    assert "## Summary" not in text
    assert written(until=-5).to_html().count("<svg") == 0


def test_what_a_history_lacks_stands_below_the_roles() -> None:
    """A time without an incident manager is told with its end."""
    text = written(
        MajorDeclared(at(10), QUINN),
        RoleTaken(at(15), role="incident_manager", person=ANN),
        RoleTaken(at(16), role="sme", person=Person("bo")),
    ).to_markdown()
    assert (
        "## Who had which role\n\n| Role | Person | From | Until |\n| --- | --- | --- | --- |\n"
        "| incident manager | Ann | Tue 2026-03-10 02:15 |  |\n| sme | bo | Tue 2026-03-10 02:16 |  |\n\n"
        "- Tue 2026-03-10 02:10: nobody was its incident manager until Tue 2026-03-10 02:15\n"
    ) in text
    alone = written(MajorDeclared(at(10), QUINN)).to_markdown()
    assert "## Who had which role\n\n- Tue 2026-03-10 02:10: nobody was its incident manager\n" in alone


def test_work_notes_stand_in_it_on_demand() -> None:
    """They may hold what is not for every reader."""
    note = Noted(at(5), ANN, text="Ben sounded tired.")
    timeline = replay(opened(note), PERMISSIVE, as_of=at(600))
    assert "tired" not in document(Assessment(timeline, {}), REVIEW, zone="UTC").to_markdown()
    assert "| Note: Ben sounded tired. | Ann |" in written(note, notes=True).to_markdown()


def test_actions_stand_in_the_order_of_their_dates() -> None:
    """With what was done already."""
    review = PostIncidentReview(
        id="PIR-12",
        incident="INC200",
        root_cause="One breaker.\nTwo feeds.",
        actions=[
            ActionItem("second", "Ann", due=date(2026, 5, 1), feeds="change enablement"),
            ActionItem("first", "Bo", due=date(2026, 4, 1), done_on=date(2026, 3, 20)),
        ],
    )
    text = written(review=review).to_markdown()
    assert text.endswith(
        "| first | Bo | 2026-04-01 | done 2026-03-20 |  |\n| second | Ann | 2026-05-01 | open | change enablement |\n"
    )
    assert "## Root cause\n\nOne breaker.\\\nTwo feeds.\n" in text


def test_the_stages_are_drawn() -> None:
    """One bar whose parts add up to the whole; each can be read aloud."""
    page = written(Acknowledged(at(15)), Resolved(at(60))).to_html()
    assert "<title>The stages of 1h 00m</title>" in page
    assert re.findall(r'<svg x="([\d.]+)%" width="([\d.]+)%"', page) == [
        ("0.000", "25.000"),
        ("25.000", "75.000"),
    ]
    assert "<title>acknowledge: 15m</title>" in page
    at_once = written(Acknowledged(at(0)), Resolved(at(0))).to_html()
    assert "<svg" not in at_once


def test_what_cannot_be_written() -> None:
    """The review of another incident, and a zone that is none."""
    other = replay(Incident("INC7", [Logged(at(0))]), PERMISSIVE, as_of=at(1))
    with pytest.raises(RecordError, match="PIR-12 is the review of INC200, not of INC7"):
        document(Assessment(other, {}), REVIEW, zone="UTC")
    with pytest.raises(InstantError, match="no IANA time zone"):
        document(Assessment(replay(opened(), PERMISSIVE, as_of=at(1)), {}), REVIEW, zone="Europe/Lodnon")


def vile(name: str) -> ReviewDocument:
    """A document of which every text is hostile."""
    text = HOSTILE[name]
    who = Person("mallory", name=text)
    named = text if text.strip() else "x"
    events: list[Event] = [
        Classified(at(1), who, service=text, category=text),
        MajorDeclared(at(2), who, reason=text, war_room=text, approved_by=who),
        RoleTaken(at(2), who, role="incident_manager", person=who),
        Escalated(at(3), who, kind="functional", to=text, reason=text, reference=text),
        Replied(at(4), who, text=text, audience="users"),
        DisasterRecoveryInvoked(at(5), who, plan=text, reason=text),
        StepDone(at(6), who, step=named, notes=text),
        Noted(at(7), who, text=text),
        Resolved(at(60), who, code=text, notes=text),
        StoodDown(at(70), who, reason=text),
    ]
    review = PostIncidentReview(
        id="PIR-12",
        incident="INC200",
        held_at=at(500),
        attendees=[who],
        root_cause=text,
        contributing=[ContributingFactor(named, "change")],
        went_well=[text],
        went_wrong=[text],
        actions=[ActionItem(named, named, due=date(2026, 4, 1), feeds=text)],
        problem=text,
    )
    incident = Incident("INC200", [Logged(at(0), title=text), *events])
    timeline = replay(incident, PERMISSIVE, as_of=at(600), strict=False)
    return document(Assessment(timeline, {}), review, zone="Europe/London", notes=True)


class _Reader(HTMLParser):
    """The elements and attributes of a page, as a browser takes them apart."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def read(page: str) -> _Reader:
    """The page, read."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


PLAIN = read(written().to_html())
OWN = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "section", "div", "table", "thead", "tbody",
    "tr", "th", "td", "dl", "dt", "dd", "p", "br", "ul", "li", "svg", "g", "rect", "text",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_the_page_holds_no_markup_but_its_own(name: str) -> None:
    """No element or attribute comes from a text, all elements are closed, and a megabyte is cut to its place."""
    page = vile(name).to_html()
    found = read(page)
    assert set(found.elements) <= OWN
    assert found.open == []
    assert found.attributes <= {
        "lang", "charset", "name", "content", "class", "data-name", "scope", "role", "width", "height", "x", "y",
    }  # fmt: skip
    assert not [sign for sign in page if acts(sign) and sign != "\n"]
    assert "http" not in re.sub(r">[^<]*<", "><", page)
    assert len(page) < 200_000
    assert page.encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_the_markdown_keeps_its_form(name: str) -> None:
    """Each table has the columns that its head has, each heading is the document's own, and nothing acts."""
    text = vile(name).to_markdown()
    assert not [sign for sign in text if acts(sign) and sign != "\n"]
    assert len(text) < 200_000
    headings = [line for line in text.split("\n") if line.startswith("#")]
    assert headings[1:] == [
        "## Summary", "## How long each stage took", "## What happened", "## Who had which role", "## Root cause",
        "## What contributed", "## What went well", "## What went wrong", "## What is to be done",
    ]  # fmt: skip
    columns = 0
    for line in text.split("\n"):
        bars = len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))
        if not line.startswith("|"):
            assert not bars
            columns = 0
            continue
        columns = columns or bars
        assert bars == columns
        assert line.endswith("|")
    own = {"heading", "paragraph", "inline", "text", "text_special", "hardbreak", "bullet_list", "list_item"}
    assert elements(text) <= own | {"table", "thead", "tbody", "tr", "th", "td"}
    assert (count(text, "heading"), count(text, "table")) == (10, 5)
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", text)
    assert not re.search(r"[<>\[\]`*_$]", bare)
