"""The field's words."""

from __future__ import annotations

import pickle

import pytest

from itilkit.errors import RecordError
from itilkit.vocabulary import (
    HIGH_LOW,
    HIGH_MEDIUM_LOW,
    P1_TO_P5,
    Audience,
    Channel,
    HoldReason,
    Impact,
    Priority,
    ResolutionCode,
    Role,
    Scale,
    Status,
    Urgency,
    fold,
)


@pytest.mark.parametrize(
    ("status", "is_open", "is_final"),
    [
        ("new", True, False),
        ("assigned", True, False),
        ("in_progress", True, False),
        ("on_hold", True, False),
        ("resolved", False, False),
        ("closed", False, True),
        ("cancelled", False, True),
    ],
)
def test_the_seven_statuses(status: str, is_open: bool, is_final: bool) -> None:
    """Open until resolved, closed or cancelled; final once closed or cancelled."""
    assert (Status(status).is_open, Status(status).is_final) == (is_open, is_final)
    assert len(Status) == 7


def test_words_are_texts() -> None:
    """Each word is its own value, in the practice's spelling."""
    assert [reason.value for reason in HoldReason] == [
        "awaiting_user", "awaiting_supplier", "awaiting_change", "awaiting_problem", "awaiting_evidence",
        "awaiting_approval", "awaiting_parts", "scheduled", "other",
    ]  # fmt: skip
    assert [channel.value for channel in Channel] == [
        "phone", "email", "portal", "chat", "walk_in", "monitoring", "api", "supplier", "social", "other",
    ]  # fmt: skip
    assert [audience.value for audience in Audience] == [
        "users", "customers", "stakeholders", "management", "public", "regulator",
    ]  # fmt: skip
    assert [role.value for role in Role] == [
        "incident_manager", "coordinator", "technical_lead", "communications_manager", "sme", "scribe", "liaison",
        "service_desk_agent", "service_desk_manager", "problem_manager", "supplier_contact", "executive_sponsor",
        "observer",
    ]  # fmt: skip
    assert len(ResolutionCode) == 14
    assert f"{Status.ON_HOLD} {ResolutionCode.KNOWN_ERROR}" == "on_hold known_error"


def test_some_roles_are_shared() -> None:
    """Several people help at once as experts or in touch with others; who leads, leads alone."""
    assert [role.value for role in Role if role.shared] == [
        "sme",
        "liaison",
        "service_desk_agent",
        "supplier_contact",
        "observer",
    ]


def test_codes_say_whether_the_fault_is_gone_for_good() -> None:
    """Four kinds of solution are permanent, a workaround and a known error are not, the others do not say."""
    told = {code.value: code.permanent for code in ResolutionCode if code.permanent is not None}
    assert told == {
        "solution_provided": True, "resolved_by_change": True, "resolved_by_problem": True,
        "resolved_by_request": True, "workaround_provided": False, "known_error": False,
    }  # fmt: skip


def test_levels_rank_from_one() -> None:
    """1 is the highest, so at least high is at most 1."""
    assert Impact.HIGH <= Impact.HIGH < Impact.LOW
    assert (Urgency.MEDIUM, Priority.P5) == (2, 5)


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("ITIL 3x3", "itil_3x3", True),
        ("Awaiting-User Info", "awaiting user_info", True),
        ("STRASSE", "straße", True),
        ("P1", "P2", False),
    ],
)
def test_names_fold(left: str, right: str, one: bool) -> None:
    """Case, spaces, underscores and hyphens do not tell two names apart."""
    assert (fold(left) == fold(right)) is one


def test_a_scale_ranks_its_labels() -> None:
    """Level 1 is the first label; labels are found under any spelling."""
    scale = Scale("BMC impact", ["Extensive/Widespread", "Very low"])
    assert (len(scale), list(scale.levels)) == (2, [1, 2])
    assert (scale.label(1), scale.label(2)) == ("Extensive/Widespread", "Very low")
    assert scale.level("very_LOW") == 2
    assert [P1_TO_P5.level(label) for label in P1_TO_P5.labels] == [1, 2, 3, 4, 5]
    assert scale == pickle.loads(pickle.dumps(scale))  # noqa: S301


@pytest.mark.parametrize("level", [0, -1, 3])
def test_a_level_beyond_the_scale_is_refused(level: int) -> None:
    """Levels begin with 1 and end with the last label."""
    with pytest.raises(RecordError, match=rf"High Low has no level {level} \(levels are 1 to 2\)"):
        HIGH_LOW.label(level)


def test_an_unknown_label_offers_near_ones() -> None:
    """The labels there are, are named."""
    with pytest.raises(RecordError, match=r"High Medium Low has no level 'Hihg' \(did you mean High\?\)"):
        HIGH_MEDIUM_LOW.level("Hihg")


def test_what_is_no_scale_is_refused() -> None:
    """A scale has a level, and no label twice under any spelling."""
    with pytest.raises(RecordError, match=r"scale 'none' has no level \(name at least one level\)"):
        Scale("none", [])
    with pytest.raises(RecordError, match="scale 'twin' names a level twice: Very high, very-high"):
        Scale("twin", ["Very high", "very-high"])
