"""P005 to P009: can it be kept, and does one promise agree with another?

Promises on one clock are compared as amounts. On different clocks the worst opening of the period decides, exactly:
see `itilkit.sla.chain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from itilkit.calendars import Calendar
from itilkit.errors import Fault
from itilkit.policy.agreement import Agreement, Promise, Target
from itilkit.policy.lint.look import Look, Row
from itilkit.sla import Goal, Link, Rule, WorkingDays, chain
from itilkit.sla.explain import duration
from itilkit.sla.measure import Threshold
from itilkit.vocabulary import HoldReason, Status

__all__ = ["behind", "never_met", "pauses", "turned_round", "warned_late", "why_never"]

# Of two promises made for one priority, which one must be kept first.
_ORDER = (
    ("acknowledge", "response"),
    ("acknowledge", "resolution"),
    ("response", "resolution"),
    ("workaround", "resolution"),
    ("resolution", "closure"),
)


def _told(name: str) -> str:
    return name.replace("_", " ")


def _amount(target: timedelta | WorkingDays) -> str:
    return str(target) if isinstance(target, WorkingDays) else duration(target)


def _on(calendar: Calendar) -> str:
    return f" on {calendar.name}" if calendar.name else ""


def never_met(look: Look) -> Iterator[Fault]:
    """P005: a target for which its calendar does not open long enough."""
    for row in look.rows:
        for index, target in enumerate(row.agreement.targets):
            calendar = target.calendar or row.agreement.calendar
            for name, promise in target.promises.items():
                why = why_never(look, promise, calendar)
                if why:
                    message = f"{row.agreement.name}: the {_told(name)} target can never be met: {why}"
                    path = f"{row.path}.targets[{index}].{name}"
                    yield Fault("P005", message, path=path, hint='take another calendar, or write "none"')


def why_never(look: Look, promise: Promise, calendar: Calendar) -> str:
    """Why a calendar leaves no time for a promise in the period; empty where it does, or where that cannot be told."""
    if promise is None or not look.usable(calendar):
        return ""
    over = look.over
    if isinstance(promise, WorkingDays):
        days = calendar.working_days_between(over.start.date(), over.end.date())
        return f"{over} has {days or 'no'} working days{_on(calendar)}" if days < promise.days else ""
    if not promise:
        return "it allows no time"
    opens = calendar.open_time(over)
    if not opens:
        return f"its calendar ({calendar.name or calendar.zone}) never opens in {over}"
    return f"{over} has {duration(opens)} of open time{_on(calendar)}" if opens < promise else ""


def warned_late(look: Look) -> Iterator[Fault]:
    """P006: a warning that comes at the breach or at the start, and a promise that leaves no time for the next one."""
    for row in look.rows:
        promised = [each for target in row.agreement.targets for each in target.promises.values() if each]
        for index, (text, point) in enumerate(row.agreement.warn.items()):
            why = _why_useless(point, promised)
            if why:
                path, hint = look.warning(row, index, text), 'write a share below 100%, or an amount "before"'
                yield Fault("P006", f"{row.agreement.name}: the warning {text!r} {why}", path=path, hint=hint)
        for index, target in enumerate(row.agreement.targets):
            yield from _out_of_order(look, row, index, target)


def _why_useless(point: Threshold, promised: Sequence[timedelta | WorkingDays]) -> str:
    if not isinstance(point, timedelta):
        return "comes when the target is breached, or later" if point >= 1 else ""
    if point >= timedelta(0):
        return "comes when the target is breached, or later"
    amounts = [each for each in promised if isinstance(each, timedelta)]
    at_start = len(amounts) == len(promised) > 0 and all(each <= -point for each in amounts)
    return "comes when the clock starts: no target is longer" if at_start else ""


def _goal(agreement: Agreement, name: str, target: Target) -> Goal | None:
    term = agreement.terms(name, target.priorities)[0] if name in agreement.rules else None
    return None if term is None else term.goal


def _out_of_order(look: Look, row: Row, index: int, target: Target) -> Iterator[Fault]:
    for first, then in _ORDER:
        short, long = _goal(row.agreement, first, target), _goal(row.agreement, then, target)
        if short is not None and long is not None and not look.fits(short, long):
            message = (
                f"{row.agreement.name}: the {_told(first)} target ({_amount(short.target)}) may be due after the"
                f" {_told(then)} target ({_amount(long.target)})"
            )
            path = f"{row.path}.targets[{index}].{first}"
            yield Fault("P006", message, path=path, hint=f"promise the {_told(first)} sooner")


def behind(look: Look) -> Iterator[Fault]:
    """P007: an OLA or UC, or one after the other, that takes longer than the SLA it stands behind."""
    told: set[tuple[object, ...]] = set()
    for promised in look.kinds.get("SLA", ()):
        for supporting in _supporting(look, promised):
            for level, cases in look.levels.items():
                for name in promised.agreement.rules:
                    supported = promised.agreement.link(name, level)
                    links = [(each, each.agreement.link(name, level)) for each in supporting]
                    having = [(each, link) for each, link in links if link is not None]
                    shared = promised.first & cases
                    for each in supporting:
                        shared &= each.first
                    key = (promised.number, tuple(each.number for each, _ in having), level, name)
                    if supported is None or not having or not shared or key in told:
                        continue
                    told.add(key)
                    yield from _too_long(look, name, level, supported, having)


def _supporting(look: Look, promised: Row) -> Iterator[tuple[Row, ...]]:
    """The OLA and UC that stand behind an SLA together in some case."""
    olas = [row for row in look.kinds.get("OLA", ()) if row.first & promised.first]
    contracts = [row for row in look.kinds.get("UC", ()) if row.first & promised.first]
    left = promised.first
    for ola in olas:
        shared = promised.first & ola.first
        left &= ~ola.first
        alone = shared
        for contract in contracts:
            if contract.first & shared:
                yield ola, contract
                alone &= ~contract.first
        if alone:
            yield (ola,)
    yield from ((contract,) for contract in contracts if contract.first & left)


def _too_long(
    look: Look, name: str, level: int, supported: Link, having: Sequence[tuple[Row, Link]]
) -> Iterator[Fault]:
    links = [link for _, link in having]
    if look.chained(links, supported):
        return
    finding = chain(name, level, supported, links, over=look.over)
    if finding is not None:
        row = having[0][0]
        yield Fault("P007", str(finding), path=_place(row, level, name), hint="tighten it, or promise less")


def _place(row: Row, level: int, name: str) -> str:
    index = next(i for i, target in enumerate(row.agreement.targets) if level in target.priorities)
    return f"{row.path}.targets[{index}].{name}"


def turned_round(look: Look) -> Iterator[Fault]:
    """P008: a priority that may wait longer than the one below it."""
    for row in look.rows:
        levels = sorted(level for target in row.agreement.targets for level in target.priorities)
        for name in row.agreement.rules:
            stated = [
                level
                for level in levels
                if any(
                    level in target.priorities and name in target.promises for target in row.agreement.targets
                )
            ]
            terms = row.agreement.terms(name, stated)
            for (high, above), (low, below) in pairwise(zip(stated, terms, strict=False)):
                if not look.fits(above.goal, below.goal):
                    message = (
                        f"{row.agreement.name}: P{high} may wait longer for the {_told(name)} than P{low}:"
                        f" {_goals(look, above.goal, below.goal)}"
                    )
                    hint = "give the higher priority the shorter target"
                    yield Fault("P008", message, path=_place(row, high, name), hint=hint)


def _goals(look: Look, above: Goal | None, below: Goal | None) -> str:
    if above is None or below is None:
        return f"no target against {'none' if below is None else _amount(below.target)}"
    one, other = (f"{_amount(goal.target)}{_on(goal.calendar)}" for goal in (above, below))
    clocks = "" if above.calendar == below.calendar else f", at the worst opening of {look.over}"
    return f"{one} against {other}{clocks}"


def pauses(look: Look) -> Iterator[Fault]:
    """P009: pauses that the lifecycle cannot give, and clocks that never run or never stop in it."""
    states = look.policy.lifecycle.states
    for row in look.rows:
        yield from _idle_pauses(look, row, {state.status for state in states})
        yield from _endless(row, {state.status for state in states})


def _idle_pauses(look: Look, row: Row, known: set[Status]) -> Iterator[Fault]:
    agreement, path = row.agreement, f"{row.path}.pause_while"
    pausing = [rule for rule in agreement.rules.values() if rule.pauses is not None]
    usual = agreement.pause_while == frozenset({Status.ON_HOLD}) and look.written(row, "pause_while") is None
    for status in _sorted(agreement.pause_while):
        if status not in known and not usual:
            message = f"{agreement.name} pauses while {status}, and the lifecycle has no such state"
            yield Fault("P009", message, path=path, hint="drop it, or add a state of that status")
        elif pausing and all(status in rule.ends_in for rule in pausing):
            message = f"{agreement.name} pauses while {status}, in which its clocks have stopped"
            yield Fault("P009", message, path=path, hint="drop it")
    open_ones = {status for status in known if status.is_open}
    if pausing and open_ones <= agreement.pause_while:
        message = f"{agreement.name} pauses in every open state: its clocks never run"
        yield Fault("P009", message, path=path, hint="leave out the states in which somebody works")
    if agreement.but_not_while and Status.ON_HOLD not in agreement.pause_while:
        reasons = ", ".join(sorted(reason.value for reason in agreement.but_not_while))
        message = f"{agreement.name} runs on while {reasons}, and does not pause on hold anyway"
        yield Fault("P009", message, path=f"{row.path}.but_not_while", hint="drop it, or pause while on_hold")
    elif agreement.but_not_while >= frozenset(HoldReason):
        message = f"{agreement.name} pauses on hold for no reason at all"
        yield Fault("P009", message, path=f"{row.path}.but_not_while", hint="drop on_hold from pause_while")


def _sorted(statuses: Iterable[Status]) -> list[Status]:
    return sorted(statuses, key=lambda status: status.value)


def _endless(row: Row, known: set[Status]) -> Iterator[Fault]:
    """Clocks of the house's own that run on in a record that is closed."""
    own: dict[str, Rule] = {rule.name: rule for rule in row.agreement.clocks}
    for index, rule in enumerate(own.values()):
        if Status.CLOSED in known and Status.CLOSED not in rule.ends_in and not rule.stops_on:
            message = f"{row.agreement.name}: closing does not stop the clock {rule.name!r}"
            yield Fault("P009", message, path=f"{row.path}.clocks[{index}]", hint="name closed in ends_in")
