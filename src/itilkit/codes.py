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
        "missing_fact": (
            "the step asks for a fact that neither the event nor the record knows",
            "give it in the event or record it first",
        ),
        "not_permitted": (
            "the lifecycle has no such step from there",
            "take one of the steps that the message lists",
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
        "unmapped_state": (
            "live records stand in a state, and nothing says where it goes",
            "map it to a state of the new lifecycle",
        ),
        "unreachable": ("no step leads to a state", "add one, or drop the state"),
        "window_not_settled": (
            "a window counts from an instant that is not known in the state the step leads from",
            "leave that state out, or count from another instant",
        ),
        # Faults of a definition's data.
        "not_a_duration": ("an amount of time cannot be read", "write 4h, 1h 30m or 45m"),
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
        "shadowed": ("narrower transitions come first for each step of this one", "drop it, or one of them"),
        "unused_role": ("a role is declared, and no step asks for it", "drop it, or give it a step"),
        "unused_stimulus": ("a stimulus is declared, and draws no step", "drop it, or add a step"),
    },
    "adapters": {
        "absent_columns": ("columns that the log may have are not there", "nothing, or export them too"),
        "bad_cell": ("a cell holds a value of another kind", "mend the cell"),
        "empty": ("the log is empty", "export it with its header"),
        "missing_cell": ("a cell that every row needs is empty", "fill it in"),
        "missing_column": ("a column that is needed is not there", "export it too, or mend its name"),
        "more_faults": (
            "there are more faults than are told one by one",
            "mend those that are told, and read again",
        ),
        "no_rows": ("the log has a header and no rows", "export its updates, one row each"),
        "not_csv": ("the text is no CSV", "export the log again"),
        "ragged_row": (
            "a row has more or fewer cells than the header",
            "put a text that holds a comma in double quotes",
        ),
        "raw_state_rows": ("rows carry a state code without a label", "export the labels"),
        "stamps_in_fold": ("stamps fall into an hour that the clocks showed twice", "export in UTC"),
        "stamps_in_gap": ("stamps fall into an hour that the clocks skipped", "check the zone"),
        "twin_column": ("two columns have one name", "drop one of them"),
        "unknown_stand_in": ("no stand-in is called so", "take one of those that are listed"),
        "unread_column": ("a column is not read", "nothing, or mend its name"),
        "wrong_separator": ("the cells are not separated by commas", "separate them by commas"),
    },
    "calendars": {
        "backward_period": ("a period ends before it begins", "swap the two"),
        "bad_calendar": ("a calendar is no table", "write a table"),
        "bad_columns": (
            "columns of instants or amounts are of another kind",
            "give datetime64, timedelta64 or integers",
        ),
        "bad_count": ("fewer than one working day is asked for", "ask for one or more"),
        "bad_dates": ("expected entries by date", "write a table with a date for each key"),
        "bad_first_day": ("no such way to count the first day", "write next or opening_day"),
        "bad_holidays": ("public holidays are not given by a country", "give a country code"),
        "bad_line": ("a line of iCalendar text cannot be read", "write NAME:value, a property a line"),
        "bad_names": ("expected names of calendars", "write a list of names"),
        "bad_period": ("there is no such day, week, month, quarter or year", "mend its number"),
        "bad_reason": ("the reason of an exception is no text", "write a text"),
        "bad_recurring": ("expected a list of recurrences", "write [{ rule = ..., at = ..., lasts = ... }]"),
        "bad_rule": ("a recurrence rule is not understood", "write FREQ=MONTHLY;BYDAY=2SU"),
        "bad_text": ("the text is no iCalendar text", "give the whole file"),
        "bad_time": ("there is no such time, or it cannot stand here", "write 09:00"),
        "bad_week": ("expected opening hours by weekday", "write a table with weekdays for keys"),
        "bad_weekday": ("expected a weekday or a range of them", "write mon-fri"),
        "bad_whole_days": (
            "openings of whole days do not begin at midnight or do not last whole days",
            "give both, or none",
        ),
        "bad_window": ("expected opening hours", "write 09:00-17:30"),
        "beyond_holidays": (
            "the public holidays of that year are not known",
            "ask within the years that are told",
        ),
        "beyond_years": (
            "an instant lies beyond the years that calendars reach",
            "ask for a year within them",
        ),
        "calendar_cycle": (
            "calendars are built from each other in a circle",
            "let one of them have hours of its own",
        ),
        "calendar_twice": ("two calendars have one name", "rename one"),
        "date_twice": ("a date stands in a list twice", "keep one of them"),
        "day_twice": ("a weekday is given hours twice", "name each weekday once"),
        "empty_window": ("opening hours open and close at one time", "write 00:00-24:00 for a whole day"),
        "finer_than_unit": ("an amount is finer than the unit it is to be counted in", "count in us"),
        "holiday_warning": ("the source of public holidays warns of its own data", "look at the message"),
        "lengths_differ": (
            "two columns that belong together have different lengths",
            "give one value for each instant",
        ),
        "never_open": (
            "the calendar never opens or closes from there on",
            "ask another calendar, or catch it",
        ),
        "no_calendars": ("there is no calendar to join", "name at least one"),
        "no_hours": ("a calendar has no opening hours", "give weekly hours, or name calendars"),
        "no_start": ("a recurrence or an event has no beginning to count from", "give its start"),
        "no_table": ("no table can express this calendar", "give its parts calendars of their own"),
        "no_unit": ("integers stand for no instants without a unit", "pass unit="),
        "not_enough_open_time": ("there is not so much open time", "ask for less, or look at the calendar"),
        "not_enough_working_days": (
            "there are not so many working days",
            "ask for fewer, or look at the calendar",
        ),
        "not_understood": (
            "a property changes what an event means and is not understood",
            "spell the event out",
        ),
        "too_dense": ("a recurrence opens more than once a day", "give each opening a recurrence of its own"),
        "too_many_years": ("a span is too long for the unit it is counted in", "count in us"),
        "twice": ("a property is given more than once", "give it once"),
        "two_kinds": ("a table is of two kinds at once", "put each into a calendar of its own"),
        "unknown_category": (
            "the country has no such category of public holidays",
            "take one of those that are told",
        ),
        "unknown_country": ("there are no public holidays of that country", "give a two-letter country code"),
        "unknown_language": (
            "the country's public holidays have no names in that language",
            "take one that is told",
        ),
        "unknown_subdivision": ("the country has no such subdivision", "take one of those that are told"),
        "unknown_unit": ("no period is called so", "write day, week, month, quarter or year"),
        "unknown_weekday": ("no weekday is called so", "write mon, tue, wed, thu, fri, sat or sun"),
        "zone_changes": ("the parts of a calendar lie in different zones", "keep to one zone"),
    },
    "calendars, kpi": {
        "no_zone": ("a zone is needed, and none is given", "name an IANA zone"),
    },
    "calendars, policy": {
        "unknown_calendar": ("no calendar is called so", "mend the name, or add the calendar"),
    },
    "calendars, matching, plots, policy, report": {
        "missing_extra": ("an optional package is not installed", "install the extra that the message names"),
    },
    "calendars, spans": {
        "unknown_zone": ("no IANA zone is called so", "take one of the near names"),
    },
    "cli": {
        "as_of_before_log": ("the instant to look from lies before the log begins", "take a later one"),
        "broken_gzip": ("the gzip data is broken", "get the file again"),
        "empty_file": ("a file has nothing in it", "check that it is the right file"),
        "long_line": ("a line is longer than any log has", "check that it is the right file"),
        "not_gzip": ("a file with the ending .gz is no gzip file", "rename or pack it"),
        "not_utf8": ("the text is not UTF-8", "save it as UTF-8"),
        "nul": ("the text holds a NUL byte", "save it as UTF-8, not as UTF-16"),
        "same_path": ("two options name one file, or an input is to be overwritten", "name another file"),
        "unreadable": ("a file cannot be read", "check its name and its rights"),
        "unwritable": ("a file cannot be written", "name another file"),
        "usage": ("the command line is not understood", "see --help"),
    },
    "cli, spans": {
        "naive_instant": ("an instant has no zone", "give it one"),
    },
    "conditions": {
        "bad_name": ("a word cannot be the name of a field", "give it another name"),
        "empty_condition": ("a condition asks nothing", "write always = true"),
        "empty_list": ("a list of values is empty", "name at least one"),
        "empty_text": ("a value is an empty text", "ask for known = false"),
        "other_kind": ("a field is declared twice, of two kinds", "give the house's own field another name"),
        "other_regions": (
            "a condition was not among those that the regions were made for",
            "give it to regions() too",
        ),
        "too_long": ("a text or a list is longer than is compared", "shorten or split it"),
        "too_many_clauses": ("a condition multiplies out to too many cases", "split it into several"),
        "too_many_regions": ("conditions cut each other into too many regions", "look at fewer at once"),
        "two_types": ("conditions disagree about the type of a field", "declare it once"),
        "unknown_operator": ("no operator is called so", "take one of those that are told"),
        "unknown_type": (
            "a field is given a type that is none",
            "give str, int, float, bool or a list of words",
        ),
        "wrong_kind": ("a value is of another kind than its field", "give one of the field's kind"),
        "wrong_operator": ("a field cannot be asked in that way", "take an operator of the field's kind"),
    },
    "conditions, policy": {
        "too_deep": ("tables or conditions lie in each other too deep", "flatten them"),
    },
    "conditions, incident_models, priority, vocabulary": {
        "unknown_level": ("a scale has no such level", "take a level of the scale"),
    },
    "escalation": {
        "bad_share": ("a share of a target is none", "give 0.75 for three quarters, in a file 75%"),
        "no_trigger": ("the words name no trigger of a rung", "write them as one of the examples"),
        "nobody": ("a rung calls nobody", "name a role, a group or a person"),
        "not_a_rung": ("what stands where a rung must is none", "give a Rung"),
        "not_a_repeat": ("what repeats a rung is no repeat", "give a Repeat"),
        "twin_rung": ("two rungs of a ladder cannot be told apart", "give each a name of its own"),
    },
    "calendars, escalation, matching, sla": {
        "bad_duration": ("expected an amount of time that can be counted", "give a duration such as 4h"),
    },
    "escalation, matching, records": {
        "not_a_count": ("a count is no whole number in its range", "give one"),
    },
    "escalation, policy": {
        "bad_priority": ("a priority is no whole number", "write a whole number from 1"),
    },
    "conditions, escalation, incident_models, lifecycle, major_incidents, policy": {
        "missing_key": ("a key is missing", "write it"),
    },
    "calendars, escalation, events, incident_models, major_incidents, matching, reviews": {
        "no_name": ("a name is needed, and there is none", "give one"),
    },
    "conditions, escalation, incident_models, major_incidents, priority": {
        "not_a_condition": ("what stands where a condition must is none", "give a condition"),
    },
    "escalation, incident_models, lifecycle": {
        "not_a_delay": (
            "an amount of time is of no kind that is known",
            "give a whole number of working days, or a timedelta",
        ),
    },
    "conditions, escalation, incident_models, major_incidents, policy": {
        "too_large": ("a text or a condition is too large to be read", "split it"),
    },
    "calendars, conditions, escalation, incident_models, lifecycle, major_incidents, policy": {
        "unknown_key": ("a table has a key that nobody reads", "mend or drop it"),
    },
    "escalation, kpi, policy": {
        "unknown_target": ("no clock is called so", "take one of those that are told"),
    },
    "conditions, escalation, events, incident_models, lifecycle, major_incidents, policy, priority, reviews": {
        "unknown_word": ("a word is none of those that may stand here", "take one of them"),
    },
    "events": {
        "not_a_person": ("expected a person or an id", "give a Person, or an id as text"),
        "not_a_scalar": (
            "a field cannot hold such a value",
            "give a text, a number, a truth value, an instant or None",
        ),
        "not_a_scale": ("a scale of answers is no pair of numbers", "give the lowest and the highest answer"),
        "not_held_yet": ("a review is on record before it was held", "record it once it was held"),
        "not_on_scale": ("an answer lies off its scale", "give a number on the scale"),
        "unknown_channel": ("no channel is called so", "take a channel of the vocabulary"),
    },
    "events, records, spans": {
        "backward_span": ("a span ends before it starts", "swap the two"),
    },
    "events, lifecycle": {
        "unknown_hold_reason": ("no hold reason is called so", "take a hold reason of the vocabulary"),
        "unknown_role": ("no role is called so", "take one that is declared, or declare it"),
    },
    "incident_models": {
        "beyond_target": (
            "a step, or the longest way through a model, takes longer than the target allows",
            "shorten a budget, or let steps run side by side",
        ),
        "never_over": (
            "the calendar never gets to the end of a budget",
            "look at its opening hours, or count on another calendar",
        ),
        "no_owner": ("nobody answers for a step", "name a role"),
        "no_steps": ("a model has no step", "name at least one"),
        "orphan_step": (
            "a step waits for nothing and nothing waits for it",
            "name what comes before it, or write depends_on = []",
        ),
        "step_cycle": ("steps wait for each other", "let one of them begin without the next"),
        "tied_models": ("two models match the same incidents, and only their ids decide", "give one a rank"),
        "twin_model": ("two models have one id and one version", "give one of them another"),
        "twin_step": ("two steps of a model have one id", "rename one"),
        "unknown_model": ("no shipped model is called so", "take one of the near names"),
        "unknown_step": ("a model has no step of that id", "mend the name, or add the step"),
        "unreachable_step": ("a step is never needed", "mend its condition, or drop the step"),
    },
    "conditions, incident_models": {
        "backward_range": ("a range ends before it begins", "swap the two"),
    },
    "incident_models, lifecycle, reviews": {
        "not_a_flag": ("expected true or false", "write true or false"),
    },
    "incident_models, policy": {
        "not_attached": (
            "the model, as it is, was not attached to the incident",
            "attach it, or keep the one that was",
        ),
    },
    "events, incident_models": {
        "not_a_level": ("a level is no whole number from 1", "give one; 1 is the highest"),
    },
    "conditions, incident_models, matching, policy": {
        "unknown_field": ("no field is called so", "take one of the near names, or declare it"),
    },
    "kpi, plots": {
        "bad_option": (
            "an option of a KPI or a picture has a value that cannot be",
            "give one of the kind that is told",
        ),
    },
    "kpi": {
        "negative_duration": (
            "a duration ends before it starts",
            "mend the log, or say negative='leave_out'",
        ),
        "negative_quiet": ("a quiet time is less than nothing", "give more"),
        "no_kpi": ("there is nothing to measure, or what is given is no KPI", "pass KPIs one by one"),
        "not_one": ("none or several figures fit what is asked for", "say more, or less"),
        "unknown_clock": ("no clock is of that kind", 'write "wall", or give a Calendar'),
        "unknown_cohort": ("no cohort is called so", "take one of those that are told"),
        "unknown_counting": ("no way of counting is called so", "take one of those that are told"),
        "unknown_dimension": ("no incident has such a field to group by", "take one of those that are told"),
        "unknown_end": ("no end of the measure is called so", "take one of those that are told"),
        "unknown_negative": ("negative durations cannot be treated so", "take one of those that are told"),
        "unknown_option": ("an option of a KPI knows no such word", "take one of those that are told"),
        "unknown_resolution": ("no resolution is called so", "write first or last"),
        "unknown_side": ("no side of an incident's life is called so", "take one of those that are told"),
        "unknown_source": ("no source of the figure is called so", "take one of those that are told"),
        "unknown_statistic": (
            "no statistic is called so",
            "write mean, median, a percentile such as p90, or km_median",
        ),
    },
    "kpi, matching": {
        "mixed_as_of": ("assessments look from different instants", "assess all incidents at one as_of"),
    },
    "matching": {
        "corpus_knows_later": (
            "the corpus knows of more than the instant that is asked for",
            "make it as of that instant or before",
        ),
        "not_a_score": ("a least likeness is out of range", "give a number above 0 and up to 1"),
        "not_a_weight": ("a weight is no number above 0", "give one, or leave the field out"),
        "nothing_to_match": (
            "a corpus has nothing to compare by, or changes have nothing to be related by",
            "name fields or texts",
        ),
        "twin_number": ("an incident is given twice", "give each incident once"),
    },
    "lifecycle, adapters": {
        "unknown_state": (
            "the lifecycle has no state of that name",
            "mend the name, or add the state to the lifecycle",
        ),
    },
    "lifecycle, major_incidents": {
        "final_record": ("the record is at its end", "log a new incident linked as related"),
        "out_of_order": (
            "an event is earlier than the one it follows",
            "append events in the order in which they happened",
        ),
    },
    "incident_models, major_incidents": {
        "never_first": ("others take all that a route or a rule is for", "move it up, or drop it"),
        "never_matches": (
            "the condition of a model, a route or a rule can never hold",
            "mend it, or drop it",
        ),
    },
    "conditions, escalation, incident_models, lifecycle, major_incidents": {
        "not_a_list": ("expected a list", "write a list"),
    },
    "conditions, escalation, incident_models, lifecycle, major_incidents, records": {
        "not_a_table": ("expected a table of named values", "write a table"),
    },
    "escalation, incident_models, lifecycle, major_incidents, records, reviews": {
        "not_a_text": ("expected a text", "write a text"),
    },
    "major_incidents": {
        # Refusals of the doors.
        "already_major": ("it is a major incident already", "hand the lead over, or stand it down first"),
        "already_proposed": ("it has been proposed, and nobody has decided", "declare or reject it"),
        "has_no_role": ("a person leaves a role that they do not have", "name who has it"),
        "has_role": ("a person is given a role that they have already", "name somebody else"),
        "must_hand_over": (
            "the incident manager of a major incident cannot just leave",
            "hand the lead over, or stand the incident down",
        ),
        "not_major": ("it is no major incident", "declare it first"),
        "not_proposed": ("nobody proposed what is rejected", "propose it first"),
        # What a history lacks or contradicts.
        "declared_twice": (
            "a major incident is declared again before it was stood down",
            "drop one of the declarations",
        ),
        "ended_while_major": (
            "the record was closed or cancelled while it was a major incident",
            "stand it down first",
        ),
        "no_incident_manager": (
            "nobody was incident manager for a time of a major incident",
            "record who led it then",
        ),
        "nothing_proposed": ("a proposal is rejected that nobody made", "record the proposal"),
        "nothing_to_stand_down": ("what is stood down was no major incident", "record its declaration"),
        "undeclared_major": (
            "a field of the tool makes it a major incident, and nobody declared it",
            "record the declaration",
        ),
        # Faults of a text.
        "past_update": ("the next update would come before this one", "name a later instant"),
    },
    "calendars, reviews": {
        "bad_date": ("there is no such date", "write 2026-12-31"),
    },
    "cli, reviews, spans": {
        "not_an_instant": ("a value is no instant", "give a datetime with a zone, or ISO 8601 text"),
    },
    "reviews": {
        "other_incident": ("a review is of another incident", "give the incident that it is of"),
    },
    "incident_models, matching, policy, reviews": {
        "bad_value": ("a value is of another kind", "see what the message expects"),
    },
    "policy": {
        # Findings of lint.
        "P000": (
            "the conditions tell more cases apart than can be gone through: a sample was looked at",
            "split the policy, or ask fewer fields in one condition",
        ),
        "P001": (
            "there are cases in which no SLA holds",
            'end with an SLA without condition; write "none" where no target is meant',
        ),
        "P002": (
            "two agreements both hold in some case, promise different things, and neither is the narrower one",
            "narrow one of the conditions, or let one take in the other",
        ),
        "P003": (
            "an agreement never holds: others come first, or its condition cannot hold",
            "put the narrower condition first, or drop it",
        ),
        "P004": (
            "an agreement without condition, such as a default, comes before others of its kind",
            "move it behind them, or give it a condition",
        ),
        "P005": ("a target can never be met", 'take another calendar, or write "none"'),
        "P006": (
            "a warning comes with the breach or with the start, or a promise may be due after one that it leads to",
            "warn earlier, or promise sooner what comes first",
        ),
        "P007": (
            "what stands behind an SLA (OLA, UC, or one after the other) may take longer than it allows",
            "tighten it, or promise less",
        ),
        "P008": (
            "a priority may wait longer than the one below it",
            "give the higher priority the shorter target",
        ),
        "P009": (
            "a pause cannot happen in the lifecycle or changes nothing, or a clock never runs or never stops in it",
            "name statuses that the lifecycle has and in which nobody works",
        ),
        "P010": (
            "a priority that can occur has no target, or one that cannot occur has one",
            'write "none" where no target is meant; drop the line that nobody reaches',
        ),
        "P011": (
            "holidays end before the policy does, the clocks change within a shift, or windows overlap",
            "look at the dates that are told",
        ),
        "P012": (
            "nobody is called in before a target is breached, for one that is promised, or in the order of the levels",
            "escalate at a share below 100% of a promised target, the lower level first",
        ),
        "P013": (
            "a model, a step, a route or a major rule is never meant, two models tie, or steps have too little time",
            "mend the condition, rank one of the models, move the route up, or shorten a budget",
        ),
        "bad_promise": ("a target is no amount of time", "give a timedelta or working days"),
        "contradictory_targets": ("a priority is promised two things", "write one line for each priority"),
        "known_target": ("a clock of the house has the name of another one", "give it a name of its own"),
        "newer_format": ("the file was written for a newer version", "read it with that version"),
        "no_priority": ("a target names no priority", "name one"),
        "no_promise": ("a target promises nothing", "name a clock and an amount of time"),
        "no_targets": ("an agreement promises nothing", "add a target"),
        "no_text": ("expected text", "decode it as UTF-8"),
        "not_in_force": ("no version of the policy is in force then", "add the version before the first one"),
        "no_words": ("a policy file has no words for a value", "take an amount that the file can say"),
        "not_a_ladder": ("what stands where a ladder must is none", "give a Ladder"),
        "not_toml": ("the text is no TOML", "mend the line that is told"),
        "unknown_format": (
            "the file does not say what it is written for, or says it wrongly",
            "write itilkit = 1",
        ),
        "unknown_lifecycle": ("no lifecycle is called so", "take a shipped one, or write its table"),
        "unknown_priority": ("the matrix knows no such priority", "take a priority of the matrix"),
    },
    "priority": {
        "circular_rule": ("a rule asks for the priority that it decides", "ask for another fact"),
        "raises_nothing": ("a rule raises nothing", "say what is raised, and how far"),
        "not_descending": (
            "the sums from which priorities begin do not descend",
            "order them, the largest first",
        ),
        "not_monotone": (
            "a higher impact or urgency gives a lower priority",
            "look at the cells that are told",
        ),
        "not_total": ("a matrix has no priority for some impact and urgency", "fill every cell"),
        "unknown_matrix": ("no matrix is called so", "take one of the near names"),
        "wrong_count": ("there are more or fewer weights than levels", "give one for each level"),
    },
    "records": {
        "logged_twice": ("an incident is logged a second time", "use Reopened, or log another incident"),
        "no_events": ("an incident has no history", "begin with Logged(at)"),
        "no_instant": ("a message does not say when it happened", "give occurred_at or started_at"),
        "no_number": ("a record has no number", "give it one"),
        "not_a_support_level": ("a support level is no whole number from 1", "1 is the service desk"),
        "not_logged": ("a history does not begin with Logged", "begin with Logged(at)"),
        "own_reference": ("a record refers to itself", "name another one, or None"),
    },
    "report": {
        "as_of": (
            "incidents seen from different instants cannot make one report",
            "assess them all at one as_of",
        ),
    },
    "sla": {
        "empty_period": ("a period holds no instant to compare by", "give a longer one"),
        "negative_target": ("a target is less than nothing", "give more"),
    },
    "spans": {
        "beyond_time": ("an instant lies outside the years 1 to 9999", "give one within them"),
    },
    "vocabulary": {
        "empty_scale": ("a scale has no level", "name at least one"),
        "twin_labels": ("a scale names a level twice", "rename one"),
    },
}

CODES: Mapping[str, Code] = {
    name: Code(name, meaning, remedy, tuple(rooms.split(", ")))
    for rooms, codes in _TABLE.items()
    for name, (meaning, remedy) in sorted(codes.items())
}
"""Each code by its name."""
