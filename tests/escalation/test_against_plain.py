"""The ladder against somebody who watches minute by minute."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from tests.escalation.draws import START, Story, instant, ladders, stories
from tests.escalation.plain import AHEAD, Fired, watched
from tests.escalation.stories import MINUTE, case

from itilkit.escalation import Due, Ladder, ahead, due
from itilkit.events import Escalated, Replied


def _fired(dues: Iterable[Due]) -> list[Fired]:
    found: list[Fired] = []
    for each in dues:
        event = each.event
        assert isinstance(event, Escalated | Replied)
        reference = event.reference if isinstance(event, Escalated) else event.text
        _, label, counted = reference.split("/")
        turn, time = counted.split(".")
        minute = (each.at - START) // MINUTE
        assert each.at == instant(minute)
        found.append((minute, int(label.removeprefix("rung ")), int(turn), int(time)))
    return found


@settings(max_examples=100)
@given(ladders(), stories())
def test_what_is_due_and_what_comes_is_what_a_watcher_sees(steps: Ladder, story: Story) -> None:
    """Every instant, rung, turn and time, before and after the asking; what is only projected is no instant."""
    seen = case(story.events(), instant(story.now), story.targets(), story.calendar)
    now, later = watched(steps, story, seen.timeline)
    assert _fired(due(steps, seen, calendar=story.calendar)) == now
    coming = ahead(steps, seen, until=instant(story.now + AHEAD), calendar=story.calendar)
    assert _fired(each for each in coming if not each.projected) == later
