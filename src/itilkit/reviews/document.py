"""The review of an incident as a document: what the history tells, joined with what people found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo

import attrs

from itilkit.errors import RecordError
from itilkit.major_incidents import MajorIncident, executive_summary, standing
from itilkit.reviews.account import account
from itilkit.reviews.page import Block, Facts, Items, Page, Paragraph, Section, Share, Shares, Table
from itilkit.reviews.record import ActionItem, PostIncidentReview
from itilkit.reviews.stages import Stages, Unknown, stages
from itilkit.sla import Assessment
from itilkit.sla.explain import duration, stamp
from itilkit.spans import zone_named

__all__ = ["ReviewDocument", "document"]

_FACTS: Mapping[str, str] = {
    "occurred": "when it failed",
    "detected": "when it was detected",
    "acknowledged": "when it was acknowledged",
    "diagnosed": "when the cause was found",
    "repaired": "when it was repaired",
    "restored": "when service was restored",
}
_WHY: Mapping[Unknown, str] = {
    "not_recorded": "not recorded",
    "open": "still to come",
    "out_of_order": "recorded out of order",
}


@attrs.frozen
class ReviewDocument:
    """A review to be read.

    Attributes:
        review: What people found.
        page: The document.
    """

    review: PostIncidentReview
    page: Page = attrs.field(repr=False)

    def to_markdown(self) -> str:
        """As Markdown; no text in it can break out of its place. It ends with a line feed."""
        return self.page.to_markdown()

    def to_html(self) -> str:
        """As one self-contained page of HTML: no network, no script, all text escaped."""
        return self.page.to_html()


def document(
    assessment: Assessment, review: PostIncidentReview, *, zone: str, notes: bool = False
) -> ReviewDocument:
    """The review as a document: summary, stages, course of events, roles, causes, and what is to be done.

    Args:
        assessment: The incident as it is known now.
        review: What people found.
        zone: The IANA zone of the instants told.
        notes: Work notes stand among the events, too.

    Raises:
        RecordError: the review is of another incident.
        InstantError: no such zone.

    >>> from datetime import UTC
    >>> from itilkit.events import Logged
    >>> from itilkit.lifecycle import ITIL4_DEFAULT, replay
    >>> from itilkit.records import Incident
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> seen = replay(Incident("INC1", [Logged(nine, title="No payments")]), ITIL4_DEFAULT, as_of=nine)
    >>> review = PostIncidentReview(id="PIR-1", incident="INC1", root_cause="A full disk.")
    >>> print(document(Assessment(seen, {}), review, zone="Europe/London").to_markdown().splitlines()[0])
    # Post-incident review PIR-1: INC1, No payments
    """
    incident = assessment.timeline.incident
    if review.incident != incident.number:
        message = f"{review.id} is the review of {review.incident}, not of {incident.number}"
        raise RecordError.one("other_incident", message, path="incident", hint="give the incident it is of")
    told = _Told(assessment, review, zone_named(zone), standing(assessment.timeline))
    title = f", {incident.logged.title}" if incident.logged.title else ""
    summary = executive_summary(assessment, zone=zone)
    found = stages(assessment)
    sections = [
        Section("", [Facts([("Incident", incident.number), *told.facts(), *summary.facts])]),
        Section("Summary", [Paragraph(summary.text)] if summary.text else []),
        Section("How long each stage took", told.stages(found)),
        Section("What happened", told.events(notes=notes)),
        Section("Who had which role", told.roles()),
        Section("Root cause", [Paragraph(review.root_cause or told.not_known())]),
        Section("What contributed", _listed(map(str, review.contributing))),
        Section("What went well", _listed(review.went_well)),
        Section("What went wrong", _listed(review.went_wrong)),
        Section(
            "What is to be done", [_actions(review.actions)] if review.actions else [Paragraph("Nothing.")]
        ),
    ]
    return ReviewDocument(
        review, Page(f"Post-incident review {review.id}: {incident.number}{title}", sections)
    )


def _listed(texts: Iterable[str]) -> list[Block]:
    items = tuple(texts)
    return [Items(items)] if items else []


def _actions(actions: Iterable[ActionItem]) -> Table:
    rows = [
        (
            action.what,
            action.owner,
            action.due.isoformat(),
            f"done {action.done_on.isoformat()}" if action.done_on else "open",
            action.feeds,
        )
        for action in sorted(actions, key=lambda each: each.due)
    ]
    return Table(("Action", "Owner", "Due", "Status", "Practice"), rows)


@attrs.frozen
class _Told:
    """The parts of a document that the history tells, in words."""

    assessment: Assessment
    review: PostIncidentReview
    zone: tzinfo
    major: MajorIncident | None

    def at(self, instant: datetime | None) -> str:
        """An instant in local time; nothing where there is none."""
        return "" if instant is None else stamp(instant, self.zone)

    def facts(self) -> Iterator[tuple[str, str]]:
        """What stands above the document."""
        review = self.review
        yield "Review held", self.at(review.held_at) if review.held_at else "not yet"
        if review.attendees:
            yield "Attended by", ", ".join(map(str, review.attendees))
        if review.problem:
            yield "Problem", review.problem
        yield "Times in", str(self.zone)
        if self.major is not None:
            yield "Major incident", self.major.state.replace("_", " ")

    def not_known(self) -> str:
        """What stands where no root cause was found."""
        problem = self.review.problem
        return f"Not known yet; it is looked for in {problem}." if problem else "Not known."

    def stages(self, found: Stages) -> list[Block]:
        """A bar and a table of the stages, and what is not known of them."""
        blocks: list[Block] = []
        if found.known and found.total is not None:
            whole = duration(found.total)
            parts = [
                Share(stage.name, duration(stage.lasted), stage.lasted / timedelta(microseconds=1))
                for stage in found.known
            ]
            rows = [
                (
                    stage.name,
                    self.at(stage.start),
                    self.at(stage.end) if stage.end else "lasts",
                    duration(stage.lasted),
                )
                for stage in found.known
            ]
            blocks.append(Shares(f"The stages of {whole}", parts))
            blocks.append(Table(("Stage", "From", "Until", "Took"), [*rows, ("all", "", "", whole)]))
        if found.unknown:
            told = ", ".join(f"{_FACTS[fact]} ({_WHY[why]})" for fact, why in found.unknown.items())
            blocks.append(Paragraph(f"Not known: {told}."))
        return blocks

    def events(self, *, notes: bool) -> list[Block]:
        """The course of events."""
        entries = account(self.assessment.timeline, notes=notes)
        if not entries:
            return []
        rows = [(self.at(entry.at), entry.what, str(entry.by or "")) for entry in entries]
        return [Table(("When", "What", "Who"), rows)]

    def roles(self) -> list[Block]:
        """Who had which role, and what the history lacks."""
        if self.major is None:
            return []
        rows = [
            (each.role.replace("_", " "), str(each.person), self.at(each.start), self.at(each.end))
            for each in self.major.roles
        ]
        lacks = [
            f"{self.at(each.at)}: {each.message}{f' until {self.at(each.until)}' if each.until else ''}"
            for each in self.major.findings
        ]
        table: list[Block] = [Table(("Role", "Person", "From", "Until"), rows)] if rows else []
        return [*table, *_listed(lacks)]
