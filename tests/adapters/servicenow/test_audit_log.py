"""Reading a ServiceNow audit log: what a row becomes, and what cannot be read."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from itilkit.adapters.servicenow import AuditLog, audit_log
from itilkit.adapters.servicenow.audit_log import StandIn
from itilkit.errors import InstantError, PayloadError
from itilkit.events import (
    Acknowledged,
    Assigned,
    Cancelled,
    Classified,
    Closed,
    Event,
    Held,
    Linked,
    Logged,
    Noted,
    Person,
    PrioritySet,
    Reopened,
    Resolved,
    Resumed,
    Started,
)
from itilkit.lifecycle import SERVICENOW, replay
from itilkit.vocabulary import Channel, HoldReason, Status

HEADER = (
    "number", "incident_state", "active", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla",
    "caller_id", "opened_by", "opened_at", "sys_created_by", "sys_created_at", "sys_updated_by", "sys_updated_at",
    "contact_type", "location", "category", "subcategory", "u_symptom", "cmdb_ci", "impact", "urgency", "priority",
    "assignment_group", "assigned_to", "knowledge", "u_priority_confirmation", "notify", "problem_id", "rfc", "vendor",
    "caused_by", "closed_code", "resolved_by", "resolved_at", "closed_at",
)  # fmt: skip
FAR = datetime(2100, 1, 1, tzinfo=UTC)


def row(at: str = "2/3/2016 10:00", state: str = "New", **cells: str) -> dict[str, str]:
    """A row of the full log; what is not named is missing."""
    known = {"number": "INC1", "opened_at": "2/3/2016 09:00", "sys_updated_at": at, "incident_state": state}
    return dict.fromkeys(HEADER, "?") | known | cells


def text(*rows: dict[str, str], columns: Sequence[str] = HEADER) -> str:
    """Rows as CSV, header first."""
    return "\n".join(
        [",".join(columns), *(",".join(each[column] for column in columns) for each in rows), ""]
    )


def read(*rows: dict[str, str], zone: str = "UTC", acknowledged: StandIn | None = None) -> AuditLog:
    """The log of these rows."""
    return audit_log(text(*rows), zone=zone, acknowledged=acknowledged)


def at(hour: int, minute: int = 0) -> datetime:
    """A time on 2 March 2016, UTC."""
    return datetime(2016, 3, 2, hour, minute, tzinfo=UTC)


def told(caught: pytest.ExceptionInfo[PayloadError]) -> list[str]:
    """Every fault in words."""
    return str(caught.value).splitlines()


# What a row becomes


def test_each_change_becomes_an_event() -> None:
    """A row becomes one event per thing that changed, by its author at its stamp; one without a change is Noted."""
    log = read(
        row(
            caller_id="Caller 7",
            opened_by="Opened by  8",
            contact_type="Phone",
            sys_updated_by="Updated by 21",
            category="Category 5",
            impact="2 - Medium",
            urgency="3 - Low",
            priority="4 - Low",
            knowledge="false",
            reassignment_count="0",
        ),
        row(
            "2/3/2016 10:05",
            caller_id="Caller 7",
            opened_by="Opened by  8",
            contact_type="Phone",
            sys_updated_by="Updated by 21",
            category="Category 5",
            impact="2 - Medium",
            urgency="3 - Low",
            priority="4 - Low",
            knowledge="false",
            reassignment_count="0",
        ),
        row(
            "2/3/2016 11:00",
            "Active",
            caller_id="Caller 7",
            contact_type="Phone",
            sys_updated_by="Updated by 22",
            category="?",
            impact="2 - Medium",
            urgency="2 - Medium",
            priority="3 - Moderate",
            knowledge="true",
            assignment_group="Group 5",
            assigned_to="Resolver 6",
            reassignment_count="1",
            problem_id="Problem ID  2",
            rfc="CHG1",
            caused_by="CHG2",
        ),
    )
    (incident,) = log.incidents
    first, second = Person("Updated by 21"), Person("Updated by 22")
    assert incident.events == (
        Logged(at(9), Person("Opened by 8"), reporter=Person("Caller 7"), channel=Channel.PHONE),
        Classified(
            at(10), first, impact=2, urgency=3,
            fields={"category": "Category 5", "reporter": "Caller 7", "contact_type": "Phone",
                    "knowledge_used": False, "reassignment_count": 0},
        ),
        PrioritySet(at(10), first, priority=4),
        Noted(at(10, 5), first),
        Classified(
            at(11), second, urgency=2,
            fields={"category": None, "knowledge_used": True, "reassignment_count": 1, "problem": "Problem ID 2",
                    "change": "CHG1", "caused_by_change": "CHG2"},
        ),
        Linked(at(11), second, kind="problem", to="Problem ID 2"),
        Linked(at(11), second, kind="change", to="CHG1"),
        Linked(at(11), second, kind="caused_by_change", to="CHG2"),
        PrioritySet(at(11), second, priority=3),
        Assigned(at(11), second, group="Group 5", assignee="Resolver 6"),
        Started(at(11), second, state="Active"),
    )  # fmt: skip
    assert log.counts["doubled_spaces"] == 3


@pytest.mark.parametrize(
    ("states", "events"),
    [
        (["New", "Active"], [Started(at(11), state="Active")]),
        (["New", "Awaiting Vendor"], [Held(at(11), state="Awaiting Vendor")]),
        (["New", "Resolved", "Closed"], [Resolved(at(11), state="Resolved"), Closed(at(12), state="Closed")]),
        (["New", "Canceled"], [Cancelled(at(11), state="Canceled")]),
        (["New", "On Hold", "In Progress"], [Held(at(11), state="On Hold"), Resumed(at(12), state="In Progress")]),
        (["New", "Resolved", "Active"], [Resolved(at(11), state="Resolved"), Reopened(at(12), state="Active")]),
        (["New", "Resolved", "On Hold"], [Resolved(at(11), state="Resolved"), Reopened(at(12), state="On Hold")]),
        (["New", "Closed", "New"], [Closed(at(11), state="Closed"), Reopened(at(12), state="New")]),
        (["New", "Active", "New"], [Started(at(11), state="Active"), Noted(at(12), state="New")]),
        (["New", "Active", "In Progress"], [Started(at(11), state="Active"), Started(at(12), state="In Progress")]),
        (["New", "New", "New"], [Noted(at(11)), Noted(at(12))]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value[0], str) else "",
)  # fmt: skip
def test_a_change_of_state_becomes_the_event_it_stands_for(states: list[str], events: list[Event]) -> None:
    """Where the incident came from and where it went say what happened."""
    rows = [row(f"2/3/2016 {10 + hour}:00", state) for hour, state in enumerate(states)]
    (incident,) = read(*rows).incidents
    assert list(incident.events[2:]) == events
    assert replay(incident, SERVICENOW, as_of=FAR, strict=False).state == states[-1]


def test_a_hold_waits_for_what_its_state_says() -> None:
    """The older model's states carry the hold reason."""
    (incident,) = read(row(), row("2/3/2016 11:00", "Awaiting Problem")).incidents
    assert replay(incident, SERVICENOW, as_of=FAR).hold_reason is HoldReason.AWAITING_PROBLEM


def test_a_record_that_enters_in_mid_life() -> None:
    """Where the first row is not New, the opening is inferred and the first state is reported as mid-life."""
    (incident,) = read(row(state="Resolved")).incidents
    assert incident.events == (Logged(at(9), inferred=True), Resolved(at(10), state="Resolved"))
    timeline = replay(incident, SERVICENOW, as_of=FAR)
    assert [defect.code for defect in timeline.defects] == ["starts_mid_life"]


def test_a_raw_code_is_believed_and_keeps_the_status() -> None:
    """A state that is a bare number is no fault: it is counted, warned of and judged by nobody."""
    log = read(row(), row("2/3/2016 11:00", "Awaiting Vendor"), row("2/3/2016 12:00", "-100"),
               row("2/3/2016 13:00", "7"), row("2/3/2016 14:00", "Resolved"))  # fmt: skip
    timeline = replay(log.incidents[0], SERVICENOW, as_of=FAR, strict=False)
    assert timeline.states[-4:] == ("Awaiting Vendor", "-100", "7", "Resolved")
    assert timeline.statuses[-4:] == (Status.ON_HOLD, Status.ON_HOLD, Status.ON_HOLD, Status.RESOLVED)
    assert (log.counts["raw_state_rows"], log.counts["raw_state_incidents"]) == (2, 1)
    assert "2 rows carry a state code without a label; the status stays as it was" in map(str, log.faults)
    assert [defect.code for defect in timeline.defects] == ["unknown_state", "unknown_state"]


def test_rows_of_an_incident_need_not_stand_together() -> None:
    """Incidents come in the order in which the file first names them; each keeps its rows in file order."""
    log = read(
        row(number="INC2"), row(number="INC1"), row("2/3/2016 11:00", "Active", number="INC2"),
        row("2/3/2016 12:00", "Resolved", number="INC1"), row("2/3/2016 13:00", "Resolved", number="INC2"),
    )  # fmt: skip
    assert [incident.number for incident in log.incidents] == ["INC2", "INC1"]
    assert [replay(each, SERVICENOW, as_of=FAR).states for each in log.incidents] == [
        ("New", "New", "Active", "Resolved"),
        ("New", "New", "Resolved"),
    ]
    assert (log.rows, log.counts["row_pairs"]) == (5, 3)


def test_columns_filled_in_afterwards_are_reported_and_no_history() -> None:
    """What the tool derived stands beside the history; who resolved it is a fact of the last resolution."""
    late = {
        "resolved_at": "2/3/2016 13:00", "closed_at": "7/3/2016 13:00", "closed_code": "code 6",
        "resolved_by": "Resolved by 149", "notify": "Do Not Notify", "made_sla": "true",
    }  # fmt: skip
    log = read(row(**late), row("2/3/2016 11:00", "Resolved", **late), row("2/3/2016 12:00", "Active", **late),
               row("2/3/2016 13:00", "Resolved", **late))  # fmt: skip
    (incident,) = log.incidents
    assert incident.reported == {
        "resolved_at": at(13), "closed_at": datetime(2016, 3, 7, 13, tzinfo=UTC), "closed_code": "code 6",
        "resolved_by": "Resolved by 149", "notify": "Do Not Notify", "made_sla": True,
    }  # fmt: skip
    resolvers = [event.resolver for event in incident.events if isinstance(event, Resolved)]
    assert resolvers == [None, Person("Resolved by 149")]
    unresolved = read(row(resolved_by="Resolved by 149")).incidents[0]
    assert unresolved.events == (Logged(at(9)), Noted(at(10)))


@pytest.mark.parametrize(
    ("contact", "channel"),
    [
        ("Phone", Channel.PHONE), ("IVR", Channel.PHONE), ("Self service", Channel.PORTAL),
        ("self-service", Channel.PORTAL), ("Email", Channel.EMAIL), ("Chat", Channel.CHAT),
        ("Virtual Agent", Channel.CHAT), ("Walk-in", Channel.WALK_IN), ("Event", Channel.MONITORING),
        ("Direct opening", Channel.OTHER), ("Carrier pigeon", Channel.OTHER), ("?", None),
    ],
)  # fmt: skip
def test_channels(contact: str, channel: Channel | None) -> None:
    """The tool's contact type becomes a channel, whatever its spelling; an unknown one is other, a missing one none."""
    (logged, *_) = read(row(contact_type=contact)).incidents[0].events
    assert isinstance(logged, Logged)
    assert logged.channel is channel


def test_an_emptied_cell_is_a_change() -> None:
    """A group taken away is an assignment to nobody; a priority taken away leaves the last one recorded."""
    log = read(row(assignment_group="Group 5", priority="2 - High"), row("2/3/2016 11:00"))
    assert log.incidents[0].events[-1] == Assigned(at(11))
    assert replay(log.incidents[0], SERVICENOW, as_of=FAR).priority == 2


# Stand-ins


@pytest.mark.parametrize(
    ("acknowledged", "stamp", "words"),
    [
        ("first_assignee", at(12), "the first assignee stands in for acknowledgement"),
        ("first_move", at(11), "the first state other than new stands in for acknowledgement"),
    ],
)
def test_a_stand_in_for_acknowledgement_is_named(acknowledged: StandIn, stamp: datetime, words: str) -> None:
    """A stand-in marks one acknowledgement as inferred, and the source says what was taken."""
    rows = [
        row(assignment_group="Group 5"),
        row("2/3/2016 11:00", "Active", assignment_group="Group 5"),
        row("2/3/2016 12:00", "Active", assignment_group="Group 5", assigned_to="Resolver 6"),
        row("2/3/2016 13:00", "Resolved", assignment_group="Group 6", assigned_to="Resolver 7"),
    ]
    log = read(*rows, acknowledged=acknowledged)
    (incident,) = log.incidents
    found = [event for event in incident.events if isinstance(event, Acknowledged)]
    assert [(event.at, event.inferred) for event in found] == [(stamp, True)]
    assert incident.source.stand_ins == {"acknowledged": words}
    assert incident.source.lacks == {"agent_reply", "requester_message", "notes"}
    kinds = [mark.kind for mark in replay(incident, SERVICENOW, as_of=FAR).marks]
    assert kinds == ["opened", "acknowledged"]


def test_without_a_stand_in_nothing_is_acknowledged() -> None:
    """The log records no acknowledgement and says so; a stand-in that never occurs adds nothing."""
    log = read(row(), row("2/3/2016 11:00", "Active", assigned_to="Resolver 6"))
    assert not any(isinstance(event, Acknowledged) for event in log.incidents[0].events)
    assert log.source.lacks == {"acknowledged", "agent_reply", "requester_message", "notes"}
    assert log.incidents[0].source is log.source
    for stand_in in ("first_assignee", "first_move"):
        idle = audit_log(text(row()), zone="UTC", acknowledged=stand_in).incidents[0].events
        assert not any(isinstance(event, Acknowledged) for event in idle)


def test_an_unknown_stand_in_is_refused() -> None:
    """The stand-ins there are, are named."""
    with pytest.raises(
        PayloadError, match=r"acknowledged: no stand-in is called 'first_move_in'.*first_move"
    ):
        read(row(), acknowledged="first_move_in")  # type: ignore[arg-type]  # the mistake under test


# Zones


def test_stamps_are_read_in_their_zone() -> None:
    """The same clock time is another instant in another zone; seconds and ISO stamps are read too."""
    rows = [row("2/3/2016 10:00"), row("2/7/2016 10:00"), row("2016-07-02 10:00:30")]
    stamps = {
        zone: [event.at for event in read(*rows, zone=zone).incidents[0].events[1:]]
        for zone in ("UTC", "Europe/Berlin")
    }
    assert [f"{stamp:%m-%d %H:%M:%S}" for stamp in stamps["UTC"]] == [
        "03-02 10:00:00",
        "07-02 10:00:00",
        "07-02 10:00:30",
    ]
    assert [f"{stamp:%m-%d %H:%M:%S}" for stamp in stamps["Europe/Berlin"]] == [
        "03-02 09:00:00", "07-02 08:00:00", "07-02 08:00:30",
    ]  # fmt: skip


def test_stamps_that_no_clock_showed_and_those_shown_twice() -> None:
    """Berlin skipped 02:30 on 27 March 2016 and showed it twice on 30 October: counted, warned of and read."""
    log = read(row("27/3/2016 02:30"), row("30/10/2016 02:30"), row("30/10/2016 02:30"), zone="Europe/Berlin")
    assert (log.counts["stamps_in_gap"], log.counts["stamps_in_fold"]) == (1, 2)
    assert [event.at for event in log.incidents[0].events[1:]] == [
        datetime(2016, 3, 27, 1, 30, tzinfo=UTC),
        datetime(2016, 10, 30, 0, 30, tzinfo=UTC),
        datetime(2016, 10, 30, 0, 30, tzinfo=UTC),
    ]
    assert [str(fault) for fault in log.faults] == [
        "1 stamps fall into an hour that the clocks of this zone skipped: is it the right zone?",
        "2 stamps fall into an hour that the clocks of this zone showed twice; the first is taken",
    ]


@pytest.mark.parametrize("zone", ["Europe/Lodnon", "", "../etc", "CET+9"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """No such zone: near names are offered."""
    with pytest.raises(InstantError, match="is no IANA time zone") as caught:
        read(row(), zone=zone)
    if zone == "Europe/Lodnon":
        assert "Europe/London" in str(caught.value)


# The form of the file

SHORT = ("number", "incident_state", "opened_at", "sys_updated_at")


def test_optional_columns_may_be_absent() -> None:
    """Four columns make a log; what the others hold is not recorded, and one warning names them."""
    log = audit_log(text(row(), row("2/3/2016 11:00", "Resolved"), columns=SHORT), zone="UTC")
    (incident,) = log.incidents
    assert incident.events == (Logged(at(9)), Noted(at(10)), Resolved(at(11), state="Resolved"))
    assert incident.reported == {}
    (warning,) = log.faults
    assert (warning.code, warning.severity, warning.line) == ("absent_columns", "warning", 1)
    assert set(warning.message.partition(";")[0].removeprefix("there is no column ").split(", ")) == {
        *HEADER
    } - {*SHORT}
    assert log.counts["rows_out_of_order"] == log.counts["closed_automatically"] == 0


def test_counts_are_told_also_where_they_are_zero() -> None:
    """A log of one row has the same counts as any other."""
    one, more = read(row()), read(row(state="-100"), row("2/3/2016 09:30", "Closed", active="false"))
    assert set(one.counts) == set(more.counts)
    assert (more.counts["rows_out_of_order"], one.counts["rows_out_of_order"]) == (1, 0)


def test_oddities_are_counted() -> None:
    """Each oddity of two short histories is counted once, and nothing else is."""
    first = {"opened_at": "2/3/2016 09:00", "sys_created_at": "2/3/2016 08:59", "reassignment_count": "3",
             "reopen_count": "2", "resolved_at": "2/3/2016 14:00", "closed_at": "7/3/2016 14:30"}  # fmt: skip
    log = read(
        row(
            "2/3/2016 08:00",
            sys_mod_count="1",
            made_sla="true",
            assignment_group="Group 1",
            priority="2 - High",
            impact="1 - High",
            urgency="2 - Medium",
            **first,
        ),
        row(
            "2/3/2016 10:00",
            "Active",
            sys_mod_count="5",
            made_sla="true",
            assignment_group="Group 2",
            priority="3 - Moderate",
            impact="2 - Medium",
            urgency="3 - Low",
            active="false",
            **first,
        ),
        row(
            "2/3/2016 12:00",
            "Resolved",
            sys_mod_count="4",
            made_sla="true",
            assignment_group="Group 2",
            priority="1 - Critical",
            impact="2 - Medium",
            urgency="3 - Low",
            **first,
        ),
        row(
            "2/3/2016 13:00",
            "Active",
            sys_mod_count="5",
            made_sla="true",
            assignment_group="Group 2",
            priority="1 - Critical",
            impact="2 - Medium",
            urgency="3 - Low",
            **first,
        ),
        row(
            "2/3/2016 14:00",
            "Resolved",
            sys_mod_count="6",
            made_sla="true",
            assignment_group="Group 2",
            priority="1 - Critical",
            impact="2 - Medium",
            urgency="3 - Low",
            **first,
        ),
        row(
            "7/3/2016 14:30",
            "Closed",
            sys_mod_count="7",
            made_sla="false",
            assignment_group="Group 2",
            priority="1 - Critical",
            impact="2 - Medium",
            urgency="3 - Low",
            active="false",
            **first,
        ),
        row(
            "7/3/2016 14:30",
            "Closed",
            sys_mod_count="8",
            made_sla="false",
            assignment_group="Group 2",
            priority="1 - Critical",
            impact="2 - Medium",
            urgency="3 - Low",
            active="false",
            **first,
        ),
        row(
            "2/3/2016 11:00",
            "Resolved",
            number="INC2",
            made_sla="false",
            resolved_at="2/3/2016 09:00",
            closed_at="2/3/2016 09:00",
            sys_created_at="2/3/2016 09:00",
            assigned_to="Resolver 1",
        ),
        row(
            "2/3/2016 10:00",
            "Closed",
            number="INC2",
            made_sla="false",
            resolved_at="2/3/2016 09:00",
            closed_at="2/3/2016 09:00",
            sys_created_at="2/3/2016 09:00",
            assigned_to="Resolver 1",
        ),
        row("2/3/2016 10:00", "Canceled", number="INC3"),
    )
    assert {name: count for name, count in log.counts.items() if count} == {
        "rows": 10, "incidents": 3, "row_pairs": 7, "rows_keeping_state": 1, "rows_in_same_minute": 1,
        "rows_out_of_order": 1, "first_row_before_opened": 1, "created_at_missing": 1, "created_before_opened": 1,
        "mod_count_decreasing": 1, "mod_count_jumping_rows": 1, "mod_count_jumping_incidents": 1,
        "inactive_before_closure": 1, "made_sla_false_from_first_row": 1, "made_sla_turned_false": 1,
        "made_sla_turned_false_on_closure": 1, "made_sla_false_at_priority_1_or_2": 1, "reopened_incidents": 1,
        "reopenings": 2, "reassignments_above_visible": 1, "without_group_at_end": 2, "without_assignee_at_end": 2,
        "assignment_group_known_at_end": 1, "assigned_to_known_at_end": 1, "never_resolved": 1,
        "resolved_at_missing": 1, "resolved_at_after_first_resolution": 1, "resolved_at_opening": 1,
        "closed_at_resolution": 1, "closed_automatically": 1, "closed_earlier_than_automatically": 1,
        "closed_more_than_once_in_file": 1, "impact_changed": 1, "urgency_changed": 1, "priority_changed": 1,
    }  # fmt: skip


def test_a_column_that_nobody_reads_is_told() -> None:
    """An unread column is a warning with its name, and nothing else changes."""
    columns = (*SHORT, "short_description")
    log = audit_log(text(row() | {"short_description": "Help!"}, columns=columns), zone="UTC")
    warnings = [str(fault) for fault in log.faults if fault.code == "unread_column"]
    assert warnings == ["line 1: header: column 'short_description' is not read"]
    assert log.incidents == audit_log(text(row(), columns=SHORT), zone="UTC").incidents


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("by_line", [True, False])
def test_the_forms_of_csv(end: str, mark: str, quote: str, by_line: bool) -> None:
    """A byte order mark, quotes, line ends and the way the text comes make no difference."""
    plain = text(row(), row("2/3/2016 11:00", "Resolved"), columns=SHORT)
    written = mark + end.join(
        ",".join(f"{quote}{cell}{quote}" for cell in line.split(",")) for line in plain.splitlines()
    )
    log = audit_log(written.splitlines(keepends=True) if by_line else written, zone="UTC")
    assert log.incidents == audit_log(plain, zone="UTC").incidents


def test_a_quoted_cell_may_hold_lines() -> None:
    """Faults name the row and the line on which it begins, also below a cell of several lines and a blank line."""
    header = ",".join((*SHORT, "description"))
    good = 'INC1,New,2/3/2016 09:00,2/3/2016 10:00,"Help,\nplease\u2028now"'
    bad = "INC1,New,2/3/2016 09:00,31/2/2016 10:00,?"
    log = audit_log(f"{header}\n{good}\n", zone="UTC")
    assert log.rows == 1
    with pytest.raises(PayloadError, match="line 5: row 3, sys_updated_at") as caught:
        audit_log(f"{header}\n{good}\n\n{bad}\n", zone="UTC")
    assert len(caught.value.faults) == 1


def test_progress_is_told() -> None:
    """The caller hears of the rows now and then."""
    heard: list[int] = []
    audit_log(text(*[row()] * 2_500, columns=SHORT), zone="UTC", progress=heard.append)
    assert heard == [1_000, 2_000]


def test_a_log_is_a_value() -> None:
    """It shows its size and survives pickling."""
    log = read(row())
    assert repr(log) == "<AuditLog: 1 rows, 1 incidents, zone UTC>"
    assert pickle.loads(pickle.dumps(log)) == log  # noqa: S301


# What cannot be read


@pytest.mark.parametrize(
    ("log", "message"),
    [
        ("", "line 1: the log is empty (the first line names the columns)"),
        ("\n", "line 1: the log is empty (the first line names the columns)"),
        (text(columns=SHORT), "line 1: the log has a header and no rows (export its updates, one row each)"),
        (
            "number,incident_state,opened_at,sys_updated\nINC1,New,?,?\n",
            "line 1: header: there is no column 'sys_updated_at' (did you mean sys_updated?)",
        ),
        (
            "number,number,incident_state,opened_at,sys_updated_at\n",
            "line 1: header: column 'number' stands in the header twice (drop one of them)",
        ),
        (
            "number;incident_state;opened_at;sys_updated_at\n",
            "line 1: header: the columns are separated by semicolons (separate them by commas)",
        ),
        (
            'number,"incident',
            "line 1: header: is not readable as CSV: unexpected end of data "
            "(export the log again, as CSV with a comma between cells)",
        ),
        (
            text(row(), columns=SHORT) + '"INC2,New',
            "line 3: row 2: is not readable as CSV: unexpected end of data "
            "(export the log again, as CSV with a comma between cells)",
        ),
        (
            text(row(), columns=SHORT) + "INC2,New,2/3/2016 09:00\n",
            "line 3: row 2: has 3 cells where the header has 4 (a text that holds a comma stands in double quotes)",
        ),
        (
            text(row("31/2/2016 10:00")),
            "line 2: row 1, sys_updated_at: '31/2/2016 10:00' is no date: day is out of range for month "
            "(mend the cell: every row needs it)",
        ),
        (
            text(row(resolved_at="soon")),
            "line 2: row 1, resolved_at: 'soon' is no date and time such as 29/2/2016 01:16 or 2016-02-29 01:16:00 "
            "(mend the cell, or write ? where it is not known)",
        ),
        (
            text(row(), row(state="Foo")),
            "line 3: row 2, incident_state: 'Foo' is no state of ServiceNow (known: Active, Awaiting Evidence, "
            "Awaiting Problem, Awaiting User Info, Awaiting Vendor, Canceled, Closed, In Progress, New, On Hold, "
            "Resolved)",
        ),
        (
            text(row(state="Resloved")),
            "line 2: row 1, incident_state: 'Resloved' is no state of ServiceNow (did you mean Resolved?)",
        ),
        (text(row(number="?")), "line 2: row 1, number: is missing (every row needs it)"),
        (text(row(number="   ")), "line 2: row 1, number: is missing (every row needs it)"),
        (
            text(row(sys_mod_count="many")),
            "line 2: row 1, sys_mod_count: 'many' is no count "
            "(mend the cell, or write ? where it is not known)",
        ),
        (
            text(row(reopen_count="-1")),
            "line 2: row 1, reopen_count: '-1' is no count (mend the cell, or write ? where it is not known)",
        ),
        (
            text(row(active="yes")),
            "line 2: row 1, active: 'yes' is neither true nor false "
            "(mend the cell, or write ? where it is not known)",
        ),
        (
            text(row(impact="High")),
            "line 2: row 1, impact: 'High' is no level such as '2 - Medium'; 1 is the highest "
            "(mend the cell, or write ? where it is not known)",
        ),
        (
            text(row(priority="0 - None")),
            "line 2: row 1, priority: '0 - None' is no level such as '2 - Medium'; 1 is the highest "
            "(mend the cell, or write ? where it is not known)",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(log: str, message: str) -> None:
    """Each fault says what, in which row and column, and how to mend it where that is known."""
    with pytest.raises(PayloadError, match=r"^line \d+: ") as caught:
        audit_log(log, zone="UTC")
    assert told(caught) == [message]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    """Bad cells, missing ones, ragged rows and unknown states, each state once."""
    log = text(
        row(state="Foo"),
        row("31/2/2016 10:00", active="maybe"),
        row(state="Foo", number="INC2"),
        row(opened_at="?", number="?"),
        row(state="Bar"),
    )
    with pytest.raises(PayloadError, match="Foo") as caught:
        audit_log(log + "INC9\n", zone="UTC")
    assert [(fault.code, fault.path, fault.line) for fault in caught.value.faults] == [
        ("unknown_state", "row 1, incident_state", 2),
        ("bad_cell", "row 2, active", 3),
        ("bad_cell", "row 2, sys_updated_at", 3),
        ("missing_cell", "row 4, number", 5),
        ("missing_cell", "row 4, opened_at", 5),
        ("unknown_state", "row 5, incident_state", 6),
        ("ragged_row", "row 6", 7),
    ]
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults  # noqa: S301


def test_all_missing_and_twin_columns_are_told_at_once() -> None:
    """The header is judged as a whole."""
    with pytest.raises(PayloadError, match="header") as caught:
        audit_log("Number,state,state,opened_at\n", zone="UTC")
    assert told(caught) == [
        "line 1: header: there is no column 'number' (did you mean Number?)",
        "line 1: header: there is no column 'incident_state' (known: Number, opened_at, state)",
        "line 1: header: there is no column 'sys_updated_at' (known: Number, opened_at, state)",
        "line 1: header: column 'state' stands in the header twice (drop one of them)",
    ]


def test_more_faults_than_anybody_reads_are_summed_up() -> None:
    """The first thousand are told, the others are counted."""
    with pytest.raises(PayloadError, match="and 500 more faults of these kinds") as caught:
        audit_log(text(*[row(active="maybe")] * 1_500), zone="UTC")
    assert len(caught.value.faults) == 1_001
