"""Triggers and delays as people write them in a policy: ``75% of resolution``, ``idle for 4h``, ``2 working days``.

The other way goes through ``str`` of a trigger; what it says is read back as the same trigger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from itilkit.errors import PolicyError, near, shown
from itilkit.escalation.triggers import (
    BesideDue,
    Idle,
    PriorityRaised,
    PriorityReached,
    ReopenedTimes,
    ShareOfTarget,
    SinceOpened,
    Trigger,
)
from itilkit.lifecycle import Delay
from itilkit.lifecycle.amounts import TOO_LONG, read_amount
from itilkit.sla import RULES
from itilkit.vocabulary import fold

__all__ = ["delay", "trigger"]

_DAYS = re.compile(r"([0-9]{1,4}) ?(?:d|days?)")
_WORKING_DAYS = re.compile(r"([1-9][0-9]{0,3}) working days?")
_SOME_WORKING_DAYS = re.compile(r".*[0-9] ?working days?")
_OPEN_TIME = " of open time"
_EXAMPLES = (
    '"75% of resolution", "30m before resolution", "2h after opened", "1h of open time after opened", '
    '"idle for 4h", "reopened 2 times", "priority P1", "priority raised" or "opened"'
)
_KINDS = ("OLA", "UC")
_LONGEST = 200


def trigger(text: object, *, targets: Collection[str] = tuple(RULES), path: str = "") -> Trigger:
    """The trigger that the words name; case and runs of spaces do not matter.

    Args:
        text: Such as ``75% of resolution``.
        targets: The names of the targets there are; each may carry ``OLA.`` or ``UC.`` before it.
        path: Where the words stand, for messages.

    Raises:
        PolicyError: they name none; near names are offered for a target.

    >>> trigger("75% of resolution"), trigger("Idle for 4h of open time").after.open_time
    (ShareOfTarget(share=0.75, target='resolution'), datetime.timedelta(seconds=14400))
    """
    plain = " ".join(text.split()) if isinstance(text, str) and len(text) <= _LONGEST else ""
    for pattern, read in _FORMS.items():
        match = re.fullmatch(pattern, plain, re.IGNORECASE)
        if match:
            return read(match, targets, path)
    hint = f"write {_EXAMPLES}"
    raise PolicyError.one("no_trigger", f"expected when it fires, got {shown(text)}", path=path, hint=hint)


def delay(text: object, *, path: str = "") -> Delay:
    """The delay that the words name: time on the wall, open time, or working days.

    Raises:
        PolicyError: they name none; a bare ``3d`` neither, because a day on the wall is no working day.

    >>> delay("30m"), delay("1h 30m of open time").open_time, delay("2 working days")
    (Delay(wall_time=datetime.timedelta(seconds=1800)), datetime.timedelta(seconds=5400), Delay(working_days=2))
    """
    plain = " ".join(text.split()).casefold() if isinstance(text, str) and len(text) <= _LONGEST else ""
    days = _WORKING_DAYS.fullmatch(plain)
    if days:
        return Delay(working_days=int(days[1]))
    if _SOME_WORKING_DAYS.fullmatch(plain):
        message, hint = f"expected 1 to 9999 working days, got {shown(text)}", 'write "2 working days"'
        raise PolicyError.one("bad_duration", message, path=path, hint=hint)
    if plain.endswith(_OPEN_TIME):
        return Delay(open_time=_duration(plain.removesuffix(_OPEN_TIME), path, text))
    return Delay(wall_time=_duration(plain, path, text))


def _duration(plain: str, path: str, given: object) -> timedelta:
    """An amount of time, more than none."""
    days = _DAYS.fullmatch(plain)
    if days:
        hint = f'write "{int(days[1]) * 24}h" or "{days[1]} working days"'
        raise PolicyError.one("bad_duration", f"{shown(given)} is ambiguous", path=path, hint=hint)
    found = read_amount(plain.strip().casefold(), below=TOO_LONG)
    if not found:
        hint = 'write "4h", "1h 30m" or "45m"'
        message = f"expected an amount of time, more than none and below 1000000h, got {shown(given)}"
        raise PolicyError.one("bad_duration", message, path=path, hint=hint)
    return found


def _named(word: str, targets: Collection[str], path: str) -> str:
    """The key of the target that is meant."""
    kind, dot, name = word.rpartition(".")
    known = {fold(target): target for target in targets}
    prefixes = {fold(each): each for each in _KINDS}
    found = known.get(fold(name.strip()))
    if found is None or (dot and fold(kind) not in prefixes):
        hint = near(name.strip() if found is None else kind, targets if found is None else _KINDS)
        raise PolicyError.one("unknown_target", f"no target is called {shown(word)}", path=path, hint=hint)
    return f"{prefixes[fold(kind)]}.{found}" if dot else found


_Read = Callable[["re.Match[str]", Collection[str], str], Trigger]


def _share(match: re.Match[str], targets: Collection[str], path: str) -> Trigger:
    target = _named(match[2], targets, path)
    try:
        return ShareOfTarget(float(match[1]) / 100, target)
    except PolicyError:
        hint = "100% is the due instant"
        message = f"expected more than no share at all, and at most 10000%, got {match[1]}%"
        raise PolicyError.one("bad_share", message, path=path, hint=hint) from None


def _beside(match: re.Match[str], targets: Collection[str], path: str) -> Trigger:
    length = _duration(match[1], path, match[0])
    return BesideDue(-length if match[2].casefold() == "before" else length, _named(match[3], targets, path))


def _since_opened(match: re.Match[str], _: Collection[str], path: str) -> Trigger:
    return SinceOpened(delay(match[1], path=path))


def _idle(match: re.Match[str], _: Collection[str], path: str) -> Trigger:
    return Idle(delay(match[1], path=path))


def _opened(_match: re.Match[str], _: Collection[str], _path: str) -> Trigger:
    return SinceOpened()


def _reopened(match: re.Match[str], _: Collection[str], _path: str) -> Trigger:
    return ReopenedTimes(int(match[1] or 1))


def _reached(match: re.Match[str], _: Collection[str], _path: str) -> Trigger:
    return PriorityReached(int(match[1]))


def _raised(_match: re.Match[str], _: Collection[str], _path: str) -> Trigger:
    return PriorityRaised()


# The first form that fits; "after opened" stands before "after <target>".
_FORMS: Mapping[str, _Read] = {
    r"([0-9]{1,5}(?:\.[0-9]{1,6})?) ?% of (.+)": _share,
    r"opened": _opened,
    r"(.+) after opened": _since_opened,
    r"(.+?) (before|after) (.+)": _beside,
    r"idle for (.+)": _idle,
    r"reopened(?: ([1-9][0-9]{0,3}) times?)?": _reopened,
    r"priority P?([1-9][0-9]?)": _reached,
    r"priority raised": _raised,
}
