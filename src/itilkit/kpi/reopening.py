"""Did the resolution hold? Reopening, and resolution in the first contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import attrs

from itilkit.errors import KpiError
from itilkit.kpi.definition import Case, Cohort, Kpi, LeftOut, check_word, refuse
from itilkit.kpi.share import SOURCES, PerIncident, Share, Source
from itilkit.records import Fact
from itilkit.vocabulary import Channel

__all__ = ["first_contact_resolution", "reopen_rate", "reopens_per_incident"]


@attrs.frozen
class _EverResolved(Kpi):
    """Rests on incidents that were resolved once; the first resolution places them, also one that did not hold."""

    def resolved_at(self, case: Case) -> datetime | None:
        """The first resolution."""
        return case.first_resolved_at


def _reopenings(case: Case, source: Source) -> int | LeftOut:
    if case.first_resolved_at is None:
        return case.unresolved
    return case.counter("reopen_count") if source == "counter" else len(case.reopened_at)


@attrs.frozen
class ReopenRate(_EverResolved, Share):
    """See `reopen_rate`."""

    source: Source = attrs.field(kw_only=True)
    window: timedelta | None = attrs.field(default=None, kw_only=True)

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether an incident that was resolved came back."""
        reopenings, resolved = _reopenings(case, self.source), case.first_resolved_at
        if isinstance(reopenings, LeftOut):
            return reopenings
        if self.window is None or resolved is None:
            return reopenings > 0
        ripe = resolved + self.window
        if any(at <= ripe for at in case.reopened_at):
            return True
        return LeftOut("pending") if case.timeline.as_of < ripe else False


def reopen_rate(
    *, window: timedelta | None = None, source: Source = "history", cohort: Cohort = "resolved"
) -> ReopenRate:
    """Resolved and reopened / ever resolved; several reopenings count once.

    The first resolution places an incident in a period, so that one that is open again is not lost. Source:
    ServiceNow's service quality dashboard.

    Args:
        window: Only reopenings within so much time from the first resolution; one younger than that and not reopened is
            ``pending``. Without it any reopening counts: recent resolutions have had less time to come back, and their
            rate looks better than it is.
        source: ``history``, or ``counter`` for the tool's own, which tells no window.
        cohort: The event that places an incident in a period.

    Left out: ``open`` and ``missing`` where nothing was ever resolved, ``pending``, and the kinds that shares
    leave out.

    Raises:
        KpiError: an unknown source or cohort, a window of less than nothing, or one by the counter.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    if window is not None and (source == "counter" or window < timedelta(0)):
        raise refuse("window", f"a window of {window} {SOURCES[source]} is none", "take source='history'")
    when = "ever" if window is None else f"within {_told(window)}"
    return ReopenRate(
        "reopen_rate", reading=f"{when}, {SOURCES[source]}", cohort=cohort, source=source, window=window
    )


@attrs.frozen
class ReopensPerIncident(_EverResolved, PerIncident):
    """See `reopens_per_incident`."""

    source: Source = attrs.field(kw_only=True)

    def observe(self, case: Case) -> int | LeftOut:
        """How often it came back."""
        return _reopenings(case, self.source)


def reopens_per_incident(*, source: Source = "history", cohort: Cohort = "resolved") -> ReopensPerIncident:
    """Reopenings / incidents ever resolved; each reopening counts.

    Raises:
        KpiError: an unknown source or cohort.
    """
    check_word("source", source, get_args(Source))
    check_word("cohort", cohort, get_args(Cohort))
    return ReopensPerIncident(
        "reopens_per_incident",
        reading=SOURCES[source],
        cohort=cohort,
        source=source,
        unit="reopenings per incident",
    )


_LIVE = (Channel.PHONE.value, Channel.CHAT.value, Channel.WALK_IN.value)


@attrs.frozen
class FirstContactResolution(_EverResolved, Share):
    """See `first_contact_resolution`."""

    quiet: timedelta = attrs.field(kw_only=True)

    @property
    def facts(self) -> frozenset[Fact]:
        """What is said between user and desk."""
        return frozenset({"agent_reply", "requester_message"})

    def observe(self, case: Case) -> bool | LeftOut:
        """Whether the first live contact was the only one."""
        if case.lacks(self.facts):
            return LeftOut("not_recorded")
        resolved = case.first_resolved_at
        if resolved is None:
            return case.unresolved
        if case.fields.get("channel") not in _LIVE:
            return LeftOut("not_eligible")
        quiet = resolved + self.quiet
        if case.timeline.as_of < quiet:
            return LeftOut("pending")
        beats = case.timeline.beats
        written = (beats[mark.beat] for mark in case.timeline.marks if mark.kind == "requester_message")
        moved = case.hops not in (0, LeftOut("missing"))
        return not moved and all(at >= quiet for at in (*written, *case.reopened_at))


def first_contact_resolution(
    *, quiet: timedelta = timedelta(days=7), cohort: Cohort = "resolved"
) -> FirstContactResolution:
    """FCR: resolved in the first contact / resolved that could be.

    Could be: live contact (phone, chat, walk-in). Was: no change of group, and no further message of the user and no
    reopening until `quiet` has passed since the first resolution, which also places it in a period. A resolution
    younger than `quiet` is ``pending``; other channels are ``not_eligible``; a source without replies and messages
    makes it ``not_recorded``. Source: MetricNet.

    Raises:
        KpiError: a negative `quiet`, or an unknown cohort.
    """
    if quiet < timedelta(0):
        raise KpiError.one("negative_quiet", f"a quiet time of {quiet} is none", path="quiet")
    check_word("cohort", cohort, get_args(Cohort))
    return FirstContactResolution(
        "first_contact_resolution",
        reading=f"live channels, quiet for {_told(quiet)}",
        cohort=cohort,
        quiet=quiet,
    )


def _told(quiet: timedelta) -> str:
    return str(quiet) if quiet % timedelta(days=1) else f"{quiet.days} days"
