"""What is known of the causes of incidents and done about them: problems, known errors, workarounds and changes.

They belong to neighbouring practices. An incident names them by id (`Linked`); here is as much of them as an
incident has to do with.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import attrs

from itilkit.events.doors import among, named, optional_instant
from itilkit.records.doors import names

__all__ = ["ChangeRef", "KnownError", "Problem", "Workaround"]

ProblemStatus = Literal["new", "investigating", "known_error", "resolved", "closed"]
Restores = Literal["full", "partial"]
ChangeType = Literal["standard", "normal", "emergency"]
ChangeRelation = Literal["fixes", "caused_by"]


@attrs.frozen
class Problem:
    """A cause, or potential cause, of one or more incidents (ITIL 4).

    Attributes:
        id: Its identity in the tool.
        title: What it is about.
        status: ``new``, ``investigating``, ``known_error`` (analysed and not resolved), ``resolved`` or ``closed``.
        incidents: The numbers of the incidents that it is thought to cause.
        root_cause: What it was found to be; None while that is not known.
        known_error: The id of its known error.

    Raises:
        RecordError: no id, or no such status.
    """

    id: str = attrs.field(validator=named)
    title: str = ""
    status: ProblemStatus = attrs.field(
        default="new", kw_only=True, validator=among("status of a problem", get_args(ProblemStatus))
    )
    incidents: tuple[str, ...] = attrs.field(default=(), converter=names, kw_only=True)
    root_cause: str | None = attrs.field(default=None, kw_only=True)
    known_error: str | None = attrs.field(default=None, kw_only=True)


@attrs.frozen
class KnownError:
    """A problem that has been analysed and has not been resolved (ITIL 4).

    Attributes:
        id: Its identity in the tool.
        problem: The id of the problem that it is.
        symptoms: How it shows itself.
        root_cause: What it was found to be.
        workaround: The id of the workaround that helps meanwhile.
        match_keys: Words and error codes by which an incident is recognised.

    Raises:
        RecordError: no id, or no problem.
    """

    id: str = attrs.field(validator=named)
    problem: str = attrs.field(validator=named)
    symptoms: str = attrs.field(default="", kw_only=True)
    root_cause: str | None = attrs.field(default=None, kw_only=True)
    workaround: str | None = attrs.field(default=None, kw_only=True)
    match_keys: tuple[str, ...] = attrs.field(default=(), converter=names, kw_only=True)


@attrs.frozen
class Workaround:
    """What reduces or ends the impact of an incident for which no full resolution is available yet (ITIL 4).

    Attributes:
        id: Its identity in the tool.
        title: What it does.
        steps: What to do, in order.
        restores: ``full`` service or a ``partial`` one.
        valid_until: From when it must not be used any more; aware, UTC out. None is no such instant.

    Raises:
        RecordError: no id, or no such way of restoring.
        InstantError: `valid_until` has no zone.
    """

    id: str = attrs.field(validator=named)
    title: str = ""
    steps: tuple[str, ...] = attrs.field(default=(), converter=names, kw_only=True)
    restores: Restores = attrs.field(kw_only=True, validator=among("way of restoring", get_args(Restores)))
    valid_until: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)


@attrs.frozen
class ChangeRef:
    """A change as far as an incident has to do with it.

    Attributes:
        id: Its identity in the tool.
        relation: The change ``fixes`` the incident, or the incident was ``caused_by`` it.
        type: ``standard`` (authorised in advance), ``normal`` or ``emergency``.
        implemented_at: When it was put into effect; aware, UTC out. None while it was not.

    Raises:
        RecordError: no id, no such relation or no such type.
        InstantError: `implemented_at` has no zone.
    """

    id: str = attrs.field(validator=named)
    relation: ChangeRelation = attrs.field(validator=among("relation of a change", get_args(ChangeRelation)))
    type: ChangeType = attrs.field(
        default="normal", kw_only=True, validator=among("type of change", get_args(ChangeType))
    )
    implemented_at: datetime | None = attrs.field(default=None, converter=optional_instant, kw_only=True)
