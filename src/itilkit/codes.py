"""The one table of codes: each fault, refusal, defect and warning of the library has its code here.

Rules of this file:

* A code is stable: programs compare it, people read the message beside it. It is not renamed in a minor version.
* One code means one thing, in whichever room it is told.
* What is told but stops nothing (a severity of ``warning``, a `Defect` of a timeline) has its code here too.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["CODES", "Code"]


@attrs.frozen
class Code:
    """What a code means and how to mend what it tells of.

    Attributes:
        name: The code, as it stands in `Fault.code`, `Reason.code` and `Defect.code`.
        meaning: What is wrong.
        remedy: How to mend it.
        rooms: The rooms that tell of it.
    """

    name: str
    meaning: str
    remedy: str
    rooms: tuple[str, ...]

    @property
    def title(self) -> str:
        """The code in words.

        >>> CODES["role_missing"].title
        'Role missing'
        """
        return self.name.replace("_", " ").capitalize()


# By rooms, by code: what is wrong, and how to mend it.
_TABLE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "lifecycle": {
        # Refusals of decide, and why a button of permitted is not allowed.
        "already_logged": ("the incident has been logged before", "append another event"),
        "final_record": ("the record is at its end", "log a new incident linked as related"),
        "missing_fact": (
            "the step asks for a fact that neither the event nor the record knows",
            "give it in the event or record it first",
        ),
        "not_permitted": (
            "the lifecycle has no such step from there",
            "take one of the steps that the message lists",
        ),
        "out_of_order": (
            "an event is earlier than the one it follows",
            "append events in the order in which they happened",
        ),
        "role_missing": ("the step takes a role that whoever asks does not have", "ask somebody who has it"),
        "same_person": (
            "the step is kept from a person whom the record knows, and that is who asks",
            "ask somebody else",
        ),
        "window_passed": (
            "the step was possible until an instant that is over",
            "log a new incident linked as related",
        ),
        # Defects of a history.
        "before_opened": ("an event is earlier than the opening of its incident", "mend its instant"),
        "illegal_start": ("an incident begins in a state in which none begins", "add it to `starts`"),
        "illegal_step": ("the history takes a step that the lifecycle does not permit", "add the step"),
        "starts_mid_life": (
            "the first state on record is not that of a new incident: what came before was not recorded",
            "export the whole history, where the source has it",
        ),
        # Faults of a definition.
        "ambiguous": (
            "one trigger leads from one state to two targets, and neither needs naming",
            "say `when_named` of all but one",
        ),
        "dead_end": ("no step leads out of an open state", "add one"),
        "empty_delay": (
            "a delay is over at once",
            "give more than nothing; a timer is turned off by 0 or None",
        ),
        "named_default": (
            "a transition needs naming, and a wider one leads to the same state without it",
            "drop `when_named`, or say it of the wider one too",
        ),
        "no_calendar": ("working days or open time cannot be counted without a calendar", "pass `calendar=`"),
        "no_default": (
            "a trigger leads somewhere only for events that name the state",
            "drop `when_named` on one of its transitions",
        ),
        "no_end": ("from a state no end can be reached", "add a step that leads on"),
        "no_initial": ("there is no state to begin in", "name one in `starts`, or leave `starts` out"),
        "no_roles": ("a right names no role", "name one, or drop the right"),
        "no_source": ("a step leads from nowhere", "name a state"),
        "no_states": ("a lifecycle has no state", "name at least one"),
        "not_a_delay": (
            "an amount of time is of no kind that is known",
            "give a whole number of working days, or a timedelta",
        ),
        "not_one_delay": ("a delay is of no kind, or of two", "name the one kind of time that counts"),
        "not_one_place": ("a timer runs nowhere, or in two places", "give `status` or `state`"),
        "twin_right": ("a right is declared twice", "drop one"),
        "twin_state": ("a state is declared twice", "drop or rename one"),
        "twin_stimulus": ("a stimulus is declared twice", "drop one"),
        "twin_transition": ("a step is declared twice", "drop one"),
        "unknown_fact": (
            "a step asks for what neither events nor records have",
            "take a word that they have",
        ),
        "unknown_instant": (
            "a window counts from what is no instant of a timeline",
            "write opened_at, resolved_at or closed_at",
        ),
        "unknown_person": (
            "a step is kept from somebody whom no record knows",
            "write assignee, opened_by, reporter or resolver",
        ),
        "unknown_status": ("a state stands for no known status", "take a status of the vocabulary"),
        "unknown_stimulus": (
            "the lifecycle declares its stimuli, and this is none of them",
            "declare it, or mend the word",
        ),
        "unknown_trigger": ("no event is triggered by that word", "take a trigger that an event has"),
        "unreachable": ("no step leads to a state", "add one, or drop the state"),
        "window_not_settled": (
            "a window counts from an instant that is not known in the state the step leads from",
            "leave that state out, or count from another instant",
        ),
        # Faults of a definition's data.
        "not_a_duration": ("an amount of time cannot be read", "write 4h, 1h 30m or 45m"),
        "not_a_flag": ("expected true or false", "write true or false"),
        "not_a_list": ("expected a list", "write a list"),
        "not_a_table": ("expected a table of named values", "write a table"),
        "not_a_text": ("expected a text", "write a text"),
        # Findings of lint.
        "all_but_one": (
            "a trigger or stimulus is accepted in every open state but one",
            "add the step that is missing, where it is",
        ),
        "no_constraint": (
            "every state reaches every other one in a single step",
            "leave out the steps that must not be taken",
        ),
        "nobody_barred": (
            "a step is kept from the resolver and leads only from open states, which have none",
            "drop the rule, or name another person",
        ),
        "same_guard": (
            "a wider transition permits the same steps and asks for the same",
            "drop the narrower one",
        ),
        "unused_role": ("a role is declared, and no step asks for it", "drop it, or give it a step"),
        "unused_stimulus": ("a stimulus is declared, and draws no step", "drop it, or add a step"),
    },
    "lifecycle, policy": {
        "missing_key": ("a key is missing", "write it"),
        "shadowed": ("other rows come first for all that this one says", "drop it, or one of them"),
        "unknown_word": ("a word is none of those that may stand here", "take one of them"),
    },
    "lifecycle, adapters": {
        "unknown_state": (
            "the lifecycle has no state of that name",
            "mend the name, or add the state to the lifecycle",
        ),
    },
    "lifecycle, events": {
        "unknown_hold_reason": ("no hold reason is called so", "take a hold reason of the vocabulary"),
        "unknown_role": ("no role is called so", "take one that is declared, or declare it"),
    },
    "lifecycle, calendars, policy": {
        "unknown_key": ("a table has a key that nobody reads", "mend or drop it"),
    },
}

CODES: Mapping[str, Code] = {
    name: Code(name, meaning, remedy, tuple(rooms.split(", ")))
    for rooms, codes in _TABLE.items()
    for name, (meaning, remedy) in sorted(codes.items())
}
"""Each code by its name."""
