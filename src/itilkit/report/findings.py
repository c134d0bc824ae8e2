"""What a reader should know about the log before trusting a figure, in plain words.

The names of the counts are the adapter's; a count without words of its own here is told under its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Literal, TypeVar

import attrs

from itilkit.errors import Fault
from itilkit.kpi import Measure, Measures
from itilkit.lifecycle import Conformance
from itilkit.lifecycle.timeline import DefectCode
from itilkit.report.words import duration

__all__ = ["ABOUT", "About", "Finding", "commonest", "of_lifecycle", "of_log", "of_readings"]

About = Literal["lifecycle", "time", "gaps", "counters", "resolution", "states", "facts", "more"]

ABOUT: Mapping[About, str] = {
    "lifecycle": "Steps against the lifecycle",
    "time": "Time stamps",
    "resolution": "Resolution and closure",
    "states": "States and changes",
    "counters": "The tool's own counters and flags",
    "gaps": "What is not filled in",
    "facts": "What is filled in",
    "more": "More",
}


@attrs.frozen
class Finding:
    """One thing about the log.

    Attributes:
        about: What it belongs to.
        code: A stable word for programs.
        count: How often.
        text: In words, without the count; it begins with what is counted, in the plural, unless it is a part.
        part: It is a part of the finding before it.
        examples: Some of the incidents, by number.
    """

    about: About
    code: str
    count: int
    text: str
    part: bool = attrs.field(default=False, kw_only=True)
    examples: tuple[str, ...] = attrs.field(default=(), kw_only=True)

    @property
    def told(self) -> str:
        """The text after its count: of one thing in the singular, with the examples.

        >>> Finding("time", "rows_out_of_order", 1, "rows out of order", examples=("INC7",)).told
        'row out of order (INC7)'
        """
        if self.part:
            return f"of these: {self.text}"
        noun, blank, rest = self.text.partition(" ")
        noun = noun.removesuffix("s") if self.count == 1 else noun
        examples = f" ({', '.join(self.examples)})" if self.examples else ""
        return f"{noun}{blank}{rest}{examples}"


_WORDS: Mapping[str, tuple[About, str]] = {
    "stamps_in_gap": ("time", "stamps in an hour that the clocks of this zone skipped: is it the right zone?"),
    "stamps_in_fold": ("time", "stamps in an hour that the clocks of this zone showed twice; the first is taken"),
    "rows_in_same_minute": ("time", "rows in the same minute as the row before; the order of the file decides"),
    "rows_out_of_order": ("time", "rows with a stamp before that of the row above; the order of the file decides"),
    "first_row_before_opened": ("time", "incidents with a first row stamped before their opening"),
    "created_before_opened": ("time", "incidents created in the tool before their opening"),
    "resolved_at_missing": ("resolution", "incidents without resolved_at"),
    "resolved_at_missing_though_resolved": ("resolution", "incidents without resolved_at that entered Resolved"),
    "never_resolved": ("resolution", "incidents without any entry into Resolved"),
    "resolved_at_after_first_resolution": ("resolution", "incidents with a first resolution earlier than resolved_at"),
    "resolved_before_opened": ("resolution", "incidents with resolved_at before opened_at"),
    "resolved_at_opening": ("resolution", "incidents with resolved_at equal to opened_at"),
    "closed_before_resolved": ("resolution", "incidents with closed_at before resolved_at"),
    "closed_at_resolution": ("resolution", "incidents with closed_at equal to resolved_at"),
    "closed_automatically": ("resolution", "incidents closed 5.0 to 5.1 days after resolution: by the tool itself"),
    "closed_later_than_automatically": ("resolution", "incidents closed later than that after resolution"),
    "closed_earlier_than_automatically": ("resolution", "incidents closed earlier than that after resolution"),
    "closed_more_than_once_in_file": ("resolution", "incidents with more than one row in state Closed"),
    "reopened_incidents": ("states", "incidents reopened by the tool's counter"),
    "reopenings": ("states", "reopenings by the tool's counter"),
    "row_pairs": ("states", "rows after another row of their incident"),
    "rows_keeping_state": ("states", "rows with the state of the row before"),
    "raw_state_rows": ("states", "rows with a state code without a label; the status stays as it was"),
    "raw_state_incidents": ("states", "incidents with such a row"),
    "inactive_before_closure": ("states", "rows marked inactive before closure"),
    "priority_changed": ("states", "incidents with a change of priority"),
    "impact_changed": ("states", "incidents with a change of impact"),
    "urgency_changed": ("states", "incidents with a change of urgency"),
    "mod_count_jumping_rows": ("counters", "rows after a jump of the update counter: updates not in the log"),
    "mod_count_jumping_incidents": ("counters", "incidents with such a row"),
    "mod_count_decreasing": ("counters", "rows with a lower update counter than the row before"),
    "reassignments_above_visible": ("counters", "incidents with more reassignments counted than visible"),
    "reassignments_below_visible": ("counters", "incidents with fewer reassignments counted than visible"),
    "made_sla_turned_false": ("counters", "incidents with made_sla turned false"),
    "made_sla_turned_false_on_closure": ("counters", "incidents with made_sla turned false on closure: no use before"),
    "made_sla_false_from_first_row": ("counters", "incidents with made_sla false from their first row on"),
    "made_sla_false_at_priority_1_or_2": ("counters", "incidents with priority 1 or 2 and made_sla false at their end"),
    "created_at_missing": ("gaps", "incidents without sys_created_at"),
    "without_group_at_end": ("gaps", "incidents without a group at their end"),
    "without_assignee_at_end": ("gaps", "incidents without an assignee at their end"),
    "doubled_spaces": ("gaps", "cells with two spaces in a row; they are read as one"),
    "cmdb_ci_known_at_end": ("facts", "incidents with a configuration item"),
    "caused_by_known_at_end": ("facts", "incidents with the change that caused them"),
    "rfc_known_at_end": ("facts", "incidents with a change request"),
    "problem_id_known_at_end": ("facts", "incidents with a problem"),
    "vendor_known_at_end": ("facts", "incidents with a supplier"),
    "assignment_group_known_at_end": ("facts", "incidents with a group at their end"),
    "assigned_to_known_at_end": ("facts", "incidents with an assignee at their end"),
}  # fmt: skip
ZERO = timedelta(0)
_TOTALS = ("rows", "incidents")


def of_readings(history: Measures, reported: Measures) -> Iterator[Finding]:
    """How far the tool's own column departs from the history: the statistics of time to resolve under both.

    One finding, or none where nothing was resolved; its count is how many incidents the column lacks.
    """
    known = [(one, other) for one, other in zip(history, reported, strict=True) if one.value is not None]
    if not known:
        return
    lacking = known[0][0].n - known[0][1].n
    told = "; ".join(filter(None, (_differ(one, other) for one, other in known)))
    fewer = f"{'fewer' if lacking >= 0 else 'more'} {'has' if abs(lacking) == 1 else 'have'}"
    words = f"incidents {fewer} a time to resolve by the resolved_at column than by history"
    yield Finding("resolution", "reported_differs", abs(lacking), f"{words}: {told}" if told else words)


def _differ(history: Measure, reported: Measure) -> str:
    if not isinstance(history.value, timedelta) or not isinstance(reported.value, timedelta):
        return ""
    more = reported.value - history.value
    if not more:
        return f"the same {history.statistic}"
    return f"its {history.statistic} is {duration(abs(more))} {'longer' if more > ZERO else 'shorter'}"


_DEFECTS: Mapping[DefectCode, str] = {
    "starts_mid_life": "incidents first seen in mid-life; reported, not illegal",
    "before_opened": "incidents with a row stamped before their opening",
    "out_of_order": "incidents with rows out of the order of time",
}
_EXAMPLES = 3


def of_log(counts: Mapping[str, int], faults: Iterable[Fault]) -> Iterator[Finding]:
    """The quirks of a log, zeros included, in the order in which a reader looks for them."""
    for name, (about, words) in _WORDS.items():
        if name in counts:
            yield Finding(about, name, counts[name], words)
    for name, number in counts.items():
        if name not in _WORDS and name not in _TOTALS:
            yield Finding("more", name, number, name.replace("_", " "))
    for fault in faults:
        if fault.code not in counts:
            yield Finding("more", fault.code, 1, fault.message)


def of_lifecycle(conformance: Conformance, lifecycle: str) -> Iterator[Finding]:
    """How far a log departs from its lifecycle, the commonest kind of each first."""
    yield from _steps(
        conformance.illegal, "illegal_step", f"steps that the lifecycle {lifecycle} does not permit"
    )
    yield from _steps(conformance.unknown, "unknown_step", "steps from or to a state that it does not know")
    for code, words in _DEFECTS.items():
        numbers = conformance.affected.get(code, ())
        examples = numbers if len(numbers) <= _EXAMPLES else ()
        yield Finding("lifecycle", code, len(numbers), words, examples=examples)
        if code == "starts_mid_life":
            for state, number in commonest(conformance.mid_life):
                yield Finding("lifecycle", "mid_life_state", number, f"first seen in {state}", part=True)


def _steps(moves: Mapping[tuple[str, str], int], code: str, words: str) -> Iterator[Finding]:
    yield Finding("lifecycle", f"{code}s", sum(moves.values()), words)
    for (source, target), number in commonest(moves):
        yield Finding("lifecycle", code, number, f"{source} -> {target}", part=True)


T = TypeVar("T", str, tuple[str, str])


def commonest(counts: Mapping[T, int]) -> list[tuple[T, int]]:
    """The counts, the largest first, equal ones by name.

    >>> commonest({"b": 1, "a": 1, "c": 2})
    [('c', 2), ('a', 1), ('b', 1)]
    """
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
