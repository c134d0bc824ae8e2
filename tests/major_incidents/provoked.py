"""Each code of the room, provoked; `tests.test_codes_told` asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from itilkit import major_incidents as major
from itilkit.conditions import AllOf, Always, Eq
from itilkit.events import (
    Classified,
    Closed,
    Event,
    MajorDeclared,
    MajorRejected,
    Resolved,
    RoleTaken,
    StoodDown,
)
from itilkit.lifecycle import Accepted, Refused, replay
from itilkit.lifecycle.shipped import PERMISSIVE
from itilkit.major_incidents import MajorRule, lint_rules, rules_from_data, standing, status_update

from .stories import at, case, opened

ANY: Any = object()  # of no kind that anything takes
NEVER = MajorRule("Never", AllOf([Eq("service", "a"), Eq("service", "b")]))
DECLARED = (MajorDeclared(at(1)), RoleTaken(at(1), role="incident_manager", person="quinn"))


def _why(answer: Accepted | Refused) -> tuple[object, ...]:
    return answer.reasons if isinstance(answer, Refused) else ()


def _found(*events: Event) -> tuple[object, ...]:
    major_incident = standing(replay(opened(*events), PERMISSIVE, as_of=at(99), strict=False))
    return () if major_incident is None else major_incident.findings


def _read(**changes: object) -> object:
    return rules_from_data([{"name": "A", "when": {"always": True}, **changes}])


def _twice() -> Accepted | Refused:
    first = major.propose(opened(), at(1))
    assert isinstance(first, Accepted)
    return major.propose(first.incident, at(2))


MAJOR_INCIDENTS: list[tuple[str, Callable[[], object]]] = [
    ("already_major", lambda: _why(major.propose(opened(*DECLARED), at(2)))),
    ("already_proposed", lambda: _why(_twice())),
    ("declared_twice", lambda: _found(*DECLARED, MajorDeclared(at(2)))),
    ("ended_while_major", lambda: _found(*DECLARED, Resolved(at(2)), Closed(at(3)))),
    ("final_record", lambda: _why(major.propose(opened(Resolved(at(1)), Closed(at(2))), at(3)))),
    (
        "has_no_role",
        lambda: _why(major.release_role(opened(*DECLARED), at(2), role="sme", person="bo")),
    ),
    ("has_role", lambda: _why(major.hand_over(opened(*DECLARED), at(2), to="quinn"))),
    ("missing_key", lambda: rules_from_data([{"name": "A"}])),
    (
        "must_hand_over",
        lambda: _why(major.release_role(opened(*DECLARED), at(2), role="incident_manager", person="quinn")),
    ),
    ("never_first", lambda: lint_rules([MajorRule("All", Always()), MajorRule("A", Eq("service", "a"))])),
    ("never_matches", lambda: lint_rules([NEVER])),
    ("no_incident_manager", lambda: _found(MajorDeclared(at(1)))),
    ("no_name", lambda: MajorRule("", Always())),
    ("not_a_condition", lambda: MajorRule("A", ANY)),
    ("not_a_list", lambda: rules_from_data({})),
    ("not_a_table", lambda: rules_from_data([7])),
    ("not_a_text", lambda: _read(because=7)),
    ("not_major", lambda: _why(major.stand_down(opened(), at(1)))),
    ("not_proposed", lambda: _why(major.reject(opened(), at(1)))),
    ("nothing_proposed", lambda: _found(MajorRejected(at(1)))),
    ("nothing_to_stand_down", lambda: _found(StoodDown(at(1)))),
    ("out_of_order", lambda: _why(major.propose(opened(), at(-1)))),
    ("past_update", lambda: status_update(case(), "users", "x", zone="UTC", next_update_at=at(1))),
    ("too_large", lambda: rules_from_data([{}] * 9_999)),
    ("undeclared_major", lambda: _found(Classified(at(1), fields={"major": True}))),
    ("unknown_key", lambda: _read(colour="red")),
    ("unknown_word", lambda: status_update(case(), "everybody", "x", zone="UTC")),
]
