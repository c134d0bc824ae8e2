"""What do we learn from an incident? Post-incident reviews: what the history tells, what people found, what is next.

A `PostIncidentReview` holds what people found: causes, contributing factors, actions with owner and due date. `stages`
says how long it took to detect, acknowledge, diagnose, repair and restore; `account` tells the course of events in
words; `document` joins all of it as Markdown and HTML. `open_actions` tells over many reviews what is still to be
done. `from_data` and `to_data` are a review's form in JSON and TOML.

Rules of this room:

* What can be read from the history is read from it, as of an instant, and never kept in a review.
* That a review was held is an event of the incident: `PostIncidentReview.event`.
"""

from itilkit.reviews.account import Entry, account
from itilkit.reviews.data import from_data, to_data
from itilkit.reviews.document import ReviewDocument, document
from itilkit.reviews.record import (
    ActionItem,
    Cause,
    ContributingFactor,
    OpenAction,
    PostIncidentReview,
    open_actions,
)
from itilkit.reviews.stages import Stage, StageName, Stages, Unknown, stages

__all__ = [
    "ActionItem",
    "Cause",
    "ContributingFactor",
    "Entry",
    "OpenAction",
    "PostIncidentReview",
    "ReviewDocument",
    "Stage",
    "StageName",
    "Stages",
    "Unknown",
    "account",
    "document",
    "from_data",
    "open_actions",
    "stages",
    "to_data",
]
