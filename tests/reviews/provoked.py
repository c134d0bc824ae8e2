"""Each code of the room, provoked; `tests.test_codes_told` asks for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.major_incidents.stories import case

from itilkit.reviews import ActionItem, ContributingFactor, PostIncidentReview, document, from_data

ANY: Any = object()  # of no kind that anything takes


def _read(**keys: object) -> object:
    return from_data({"id": "PIR-1", "incident": "INC1", **keys})


REVIEWS: list[tuple[str, Callable[[], object]]] = [
    ("bad_date", lambda: ActionItem("x", "Ann", due=ANY)),
    ("bad_value", lambda: PostIncidentReview(id="PIR-1", incident="INC1", actions=[ANY])),
    ("no_name", lambda: ActionItem("", "Ann", due=date(2026, 4, 1))),
    ("not_a_flag", lambda: _read(attendees=[{"id": "ann", "vip": "yes"}])),
    ("not_a_text", lambda: PostIncidentReview(id="PIR-1", incident="INC1", root_cause=ANY)),
    ("not_an_instant", lambda: _read(held_at="soon")),
    (
        "other_incident",
        lambda: document(case(), PostIncidentReview(id="PIR-1", incident="INC7"), zone="UTC"),
    ),
    ("unknown_word", lambda: ContributingFactor("x", "bad luck")),
]
