"""What the file can say beyond the small policy: fields, weights, rules, the house's own flow, tiers, objectives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from attrs import evolve

from itilkit.conditions import AllOf, Always, Eq, Field, Ge, In, Number, Text
from itilkit.errors import PolicyError
from itilkit.escalation import Ladder, Rung
from itilkit.events import Logged, Reopened, RequesterWrote, Resolved
from itilkit.lifecycle import ITIL4_DEFAULT, RT_DEFAULT, Accepted, Delay, Refused, Timer, Window
from itilkit.policy import Objective, Policy, SmallNumbers
from itilkit.priority import BMC_4X4, BMC_WEIGHTED
from itilkit.records import Incident
from itilkit.sla import WorkingDays
from itilkit.vocabulary import Status

from .texts import SMALL, changed, told

FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)
_OUT = '{ trigger = "resume", sources = "at supplier", target = "in_progress" }'
LARGE = """\
#:schema policy.schema.json
itilkit = 1
name = "House"
zone = "Europe/London"
valid_from = 2026-04-01

[calendars.office]
weekly = { mon-fri = "09:00-17:00" }
[calendars.acme]
weekly = { mon-sun = "06:00-22:00" }

[fields]
region = ["EU", "US"]
cost = { type = "whole number", least = 0 }
tier = { levels = ["Gold", "Silver"], letter = "T" }
urgent = "true or false"

[priority]
matrix = "BMC 4x4"
when_facts_change = "pinned"

[[priority.rules]]
when.reporter.vip = true
urgency_at_least = "high"
because = "VIP caller"

[[priority.rules]]
when.affected_users.at_least = 100
when.region = ["eu"]
impact_at_least = 1
priority_at_least = "P2"

[lifecycle]
like = "ITIL 4 default"
name = "House flow"
states = [{ name = "at supplier", status = "on_hold" }]
transitions = [
  { trigger = "hold", sources = "in_progress", target = "at supplier", when_named = true, requires = "reference" }, OUT,
]
reopen_within = "5 working days"
close_after = "72h of wall time"
calendar = "office"

[[lifecycle.timers]]
name = "Still there?"
fires = "remind"
after = "2 working days"
status = "on_hold"
cancel_on = ["requester_wrote"]

[[agreements]]
name = "Gold"
when.tier = "Gold"
when.service = ["mail", "payments"]
calendar = { from = "customer", otherwise = "office" }
warn = { soon = "75%", late = "1h after" }
objective = { share = "99.5%", per = "quarter", small_n = { below = 40, allow = 2 } }
escalate = [{ at = "75% of resolution", to = ["incident_manager"], kind = "hierarchical", when = { tier = "T1" } }]
targets = [
  { priority = ["P1", "High"], resolution = "4h" },
  { priority = "P3", resolution = "2 working days, the opening day counts, cutoff 15:00" },
]

[[agreements]]
name = "Team"
kind = "OLA"
calendar = "office"
targets = [{ priority = "P1", resolution = "2h" }]
""".replace("OUT", _OUT)
HOUSE = Policy.from_toml(LARGE)


def test_the_head() -> None:
    """Zone and first date; a line for editors is a comment."""
    assert (HOUSE.zone, HOUSE.valid_from) == ("Europe/London", date(2026, 4, 1))
    assert set(HOUSE.calendars) == {"round_the_clock", "office", "acme"}


def test_fields() -> None:
    """A closed list of words, a number with a bound, levels with a letter, a truth value."""
    assert set(HOUSE.fields) == {"region", "cost", "tier", "urgent"}
    assert HOUSE.fields["cost"] == Number(whole=True, least=0)
    assert HOUSE.fields["tier"].read("T2") == HOUSE.fields["tier"].read("silver") == 2
    assert HOUSE.fields["region"].read("us") == "US"


def test_rules() -> None:
    """Levels by label or number; several keys of a condition mean and."""
    vip, many = HOUSE.priority_rules
    assert (str(vip.when), vip.floors, vip.because) == (
        "reporter.vip is true",
        (("urgency", 2),),
        "VIP caller",
    )
    assert str(many.when) == "affected_users is at least 100 and region is one of EU"
    assert many.floors == (("impact", 1), ("priority", 2))
    assert (HOUSE.matrix, HOUSE.when_facts_change) == (BMC_4X4, "pinned")


def test_a_matrix_of_weights() -> None:
    """The weights of BMC in the file are those that are shipped."""
    text = changed(
        'matrix = "ITIL 3x3"',
        'name = "BMC 4x4"\nimpact_weights = [9, 5, 3, 0]\nurgency_weights = [20, 15, 10, 0]\n'
        "at_least = [24, 18, 10, 0]\n"
        'impact_labels = ["Extensive/Widespread", "Significant/Large", "Moderate/Limited", "Minor/Localized"]\n'
        'urgency_labels = ["Critical", "High", "Medium", "Low"]\nlabels = ["Critical", "High", "Medium", "Low"]\n'
        'scale_names = { impact = "BMC impact", urgency = "Critical to Low", priority = "Critical to Low" }',
    )
    policy = Policy.from_toml(text)
    assert policy.matrix == BMC_WEIGHTED
    assert Policy.from_toml(policy.to_toml()) == policy


def test_rows_of_the_house_are_appended() -> None:
    """The shipped rows stay; the window is on every step that reopens what was resolved."""
    flow = HOUSE.lifecycle
    assert flow.name == "House flow"
    assert flow.states[:-1] == ITIL4_DEFAULT.states
    assert flow.status("at supplier") is Status.ON_HOLD
    assert len(flow.transitions) == len(ITIL4_DEFAULT.transitions) + 2
    windows = {row.within for row in flow.transitions if row.trigger == "reopen"}
    assert windows == {Window(Delay(working_days=5), since="resolved_at")}
    assert {row.within for row in flow.transitions if row.trigger != "reopen"} == {None}


def test_rows_of_the_house_are_written_beside_the_shipped_name() -> None:
    """What was appended is written, not the whole lifecycle."""
    table = HOUSE.to_data()["lifecycle"]
    assert list(table) == [
        "like", "name", "states", "transitions", "reopen_within", "close_after", "calendar", "timers",
    ]  # fmt: skip
    assert [row["name"] for row in table["states"]] == ["at supplier"]
    assert len(table["transitions"]) == 2
    assert (table["like"], table["reopen_within"]) == ("ITIL 4 default", "5 working days")


def test_timers() -> None:
    """Closing by itself comes first; others as tables, with their delay in words."""
    assert HOUSE.timers == (
        Timer("Auto-close", "close", after=Delay(wall_time=timedelta(hours=72)), status=Status.RESOLVED),
        Timer(
            "Still there?",
            "remind",
            after=Delay(working_days=2),
            status="on_hold",
            cancel_on={RequesterWrote},
        ),
    )


def test_windows_and_timers_are_counted() -> None:
    """Resolved on Friday at noon: reopened until the close of the next Friday, closed by itself on Monday at noon."""
    solved = Incident("INC1", [Logged(FRIDAY), Resolved(FRIDAY, "ann", code="x", notes="y")])
    text = changed(
        'like = "ITIL 4 default"',
        'like = "ITIL 4 default"\nreopen_within = "5 working days"\n'
        'close_after = "72h of wall time"\ncalendar = "office"',
    )
    policy = Policy.from_toml(text)
    friday = datetime(2026, 3, 13, 17, tzinfo=UTC)
    assert isinstance(policy.decide(solved, Reopened(friday, "ann", reason="no")), Accepted)
    late = policy.decide(solved, Reopened(friday + timedelta(seconds=1), "ann", reason="no"))
    assert isinstance(late, Refused)
    monday = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert policy.due_timers(solved, as_of=monday - timedelta(seconds=1)) == ()
    assert [due.due_at for due in policy.due_timers(solved, as_of=monday)] == [monday]


def test_a_window_only_where_a_resolution_is_known() -> None:
    """Of a step from resolved and cancelled states only that from the resolved ones gets the window."""
    policy = Policy.from_toml(changed('"ITIL 4 default"', '"RT default"\nreopen_within = "24h"'))
    rows = [row for row in policy.lifecycle.transitions if row.trigger == "reopen"]
    assert [(row.sources, row.target, row.within is not None) for row in rows] == [
        (("resolved",), "open", True),
        (("rejected", "deleted"), "open", False),
        (("resolved",), "new", True),
        (("rejected", "deleted"), "new", False),
        (("open", "stalled"), "new", False),
    ]
    assert policy.lifecycle.ways.keys() == RT_DEFAULT.ways.keys()


def test_a_whole_lifecycle_of_the_house() -> None:
    """Without like the rows are the lifecycle."""
    text = changed(
        'like = "ITIL 4 default"',
        'name = "Two"\nstates = [{ name = "open", status = "new" }, { name = "done", status = "resolved" }]\n'
        'transitions = [{ trigger = "resolve", sources = "open", target = "done" }]',
    )
    policy = Policy.from_toml(text)
    assert repr(policy.lifecycle) == "<Lifecycle Two: 2 states, 1 transitions>"
    assert Policy.from_toml(policy.to_toml()) == policy


def test_agreements() -> None:
    """A condition, a calendar from the customer, named warnings, an objective, cutoffs, kinds."""
    gold, team = HOUSE.agreements
    assert str(gold.when) == "tier is 1 and service is one of mail, payments"
    assert (gold.calendar_from, gold.calendar) == ("customer", HOUSE.calendars["office"])
    assert gold.warn == {"soon": 0.75, "late": timedelta(hours=1)}
    assert gold.objective == Objective(0.995, "quarter", small_n=SmallNumbers(below=40, allow=2))
    assert gold.targets[0].priorities == (1, 2)
    assert str(gold.targets[1].promises["resolution"]) == "2 working days"
    assert isinstance(gold.targets[1].promises["resolution"], WorkingDays)
    assert (team.kind, team.when, team.objective, team.escalate) == ("OLA", Always(), None, None)


def test_a_ladder() -> None:
    """It has the name of its agreement, and its conditions know the fields of the file."""
    ladder = HOUSE.agreements[0].escalate
    assert ladder is not None
    (rung,) = ladder.rungs
    assert (ladder.name, str(rung.at), rung.to, rung.kind) == (
        "Gold", "75% of resolution", ("incident_manager",), "hierarchical",
    )  # fmt: skip
    assert rung.when == Eq(HOUSE._known.field("tier"), 1)


def test_conditions_have_the_fields_of_the_file() -> None:
    """Equal to those built in code with the policy's own fields."""
    tier = HOUSE._known.field("tier")
    assert HOUSE.agreements[0].when == AllOf([Eq(tier, 1), In("service", ["mail", "payments"])])
    assert isinstance(HOUSE.priority_rules[1].when, AllOf)
    assert HOUSE.priority_rules[1].when.parts[0] == Ge("affected_users", 100)


FAULTS = [
    ("when.reporter.vip = true", 'when.always = "false"',
     "line 23: priority.rules[0].when.always: expected true, got 'false'"),
    ("valid_from = 2026-04-01", 'valid_from = "2026-04-01"',
     "line 5: valid_from: expected a date, got '2026-04-01' (write 2026-04-01, without quotes)"),
    ("valid_from = 2026-04-01", "valid_from = 2026-04-01T00:00:00Z", "line 5: valid_from: expected a date, got "),
    ('["EU", "US"]', '["EU", 5]', "line 13: fields.region[1]: expected a text, got 5"),
    ('["EU", "US"]', "[]", "line 13: fields.region: expected words to choose from"),
    ('"true or false"', '"bool"', "line 16: fields.urgent: 'bool' is no type of a field ("),
    ('"true or false"', "true", "line 16: fields.urgent: expected a table, got True"),
    ('["Gold", "Silver"]', '["Gold", "gold"]', "line 15: fields.tier: scale 'tier' names a level twice"),
    ("least = 0", "most = 0", "line 14: fields.cost.most: unknown key 'most'"),
    ("urgent =", "all =", "line 16: fields.all: 'all' is a word of conditions"),
    ("[fields]\n", "[fields]\nimpact = true\n", "line 13: fields.impact: expected a table, got True"),
    ("when.reporter.vip = true", 'when.reporter.vip = "true"',
     "line 23: priority.rules[0].when.reporter.vip: expected true or false, got 'true'"),
    ("when.reporter.vip", "when.reporter.vpi",
     "line 23: priority.rules[0].when.reporter.vpi: reporter has no 'vpi' (did you mean vip?)"),
    ("when.reporter.vip = true", "", "line 22: priority.rules[0].when: is missing (write when.reporter.vip = true)"),
    ("when.reporter.vip = true", 'when.priority = "P1"',
     "line 23: priority.rules[0].when.priority: asks for the priority that it decides"),
    ('urgency_at_least = "high"', 'urgency_at_least = "hihg"',
     "line 24: priority.rules[0].urgency_at_least: there is no level 'hihg' (did you mean High"),
    ('urgency_at_least = "high"', "", "line 22: priority.rules[0]: the rule raises nothing"),
    ('"pinned"', '"pin"', "line 20: priority.when_facts_change: 'pin' is none of the words that may stand here"),
    ('matrix = "BMC 4x4"', "at_least = [1]\nurgency_weights = [1]",
     "line 18: priority.impact_weights: is missing (write impact_weights = [...])"),
    ('status = "on_hold" }]', 'status = "on_hlod" }]',
     "line 36: lifecycle.states[0].status: 'on_hlod' is no status (did you mean on_hold"),
    ('requires = "reference"', 'requires = "colour"', "line 38: lifecycle.transitions[0].requires[0]: nothing is"),
    ('sources = "in_progress"', 'sources = "at work"', "line 38: lifecycle.transitions[0]: no state is called"),
    ('"5 working days"', '"5d"', "line 40: lifecycle.reopen_within: '5d' is ambiguous"),
    ('"72h of wall time"', '"none"', "line 41: lifecycle.close_after: expected \"5 working days\""),
    ('calendar = "office"\n\n[[lifecycle', 'calendar = "offce"\n\n[[lifecycle',
     "line 42: lifecycle.calendar: no calendar is called 'offce' (did you mean office?)"),
    ('after = "2 working days"', "after = 2", "line 47: lifecycle.timers[0].after: expected 0 or a table, got 2"),
    ('after = "2 working days"', 'after = "2 days"', "line 47: lifecycle.timers[0].after: '2 days' is ambiguous"),
    ('fires = "remind"', 'fires = "close"', "line 46: lifecycle.timers[0].fires: timer 'Still there?':"),
    ('"requester_wrote"', '"replid"', "line 49: lifecycle.timers[0].cancel_on[0]: 'replid' is no event"),
    ('when.tier = "Gold"', 'when.teir = "Gold"', "line 53: agreements[0].when.teir: an incident has no field 'teir'"),
    ('when.tier = "Gold"', 'when.tier = "Bronze"', "line 53: agreements[0].when.tier: there is no level 'Bronze'"),
    ('from = "customer"', 'from = "custommer"',
     "line 55: agreements[0].calendar.from: an incident has no field 'custommer' (did you mean customer?)"),
    ('from = "customer", ', "", "line 55: agreements[0].calendar.from: is missing (write from = \"customer\")"),
    ('otherwise = "office"', "otherwise = 5", "line 55: agreements[0].calendar.otherwise: expected a text, got 5"),
    ('otherwise = "office"', 'otherwise = "offce"', "line 55: agreements[0].calendar.otherwise: no calendar is called"),
    ('from = "customer"', 'from = "customer", form = "x"', "line 55: agreements[0].calendar.form: unknown key 'form'"),
    ('soon = "75%"', "soon = 75", "line 56: agreements[0].warn.soon: expected a text, got 75"),
    ('soon = "75%"', 'soon = "75"', "line 56: agreements[0].warn.soon: expected a threshold such as"),
    ('share = "99.5%"', 'share = "half"', "line 57: agreements[0].objective.share: expected a share such as"),
    ('share = "99.5%"', 'share = "101%"', "line 57: agreements[0].objective.share: expected a share above 0 up to 1"),
    ('share = "99.5%", ', "", 'line 57: agreements[0].objective.share: is missing'),
    ('per = "quarter"', 'per = "quarterly"', "line 57: agreements[0].objective.per: 'quarterly' is none of"),
    ("allow = 2", "allow = -2", "line 57: agreements[0].objective.allow: expected a whole number from 0, got -2"),
    ('"75% of resolution"', '"75% of resoluton"', "line 58: agreements[0].escalate[0].at: "),
    ('when = { tier = "T1" }', 'when = { teir = "T1" }', "line 58: agreements[0].escalate[0].when.teir: "),
    ("cutoff 15:00", "cutoff 3pm", "line 61: agreements[0].targets[1].resolution: expected a target such as"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[f"{new!r}"[:50] for _, new, _ in FAULTS])
def test_a_fault_is_told(old: str, new: str, message: str) -> None:
    """One fault gives one line, which names the line, the key and the way to mend it."""
    (line,) = told(changed(old, new, LARGE))
    assert line.startswith(message)


@pytest.mark.parametrize("key", ["fields", "priority.rules", "lifecycle.timers"])
def test_a_part_that_is_no_table(key: str) -> None:
    """Whatever stands in place of tables is told."""
    table, _, name = key.rpartition(".")
    text = changed(f"[{table}]", f"[{table}]\n{name} = 5") if table else changed("zone", "fields = 5\nzone")
    (line,) = told(text)
    assert f"{key}: expected a" in line


def test_from_data() -> None:
    """The same tables without text; faults have no lines."""
    assert Policy.from_data(HOUSE.to_data()) == HOUSE
    with pytest.raises(PolicyError) as caught:
        Policy.from_data({**HOUSE.to_data(), "name": 5})
    assert str(caught.value) == "name: expected a text, got 5 (write it in quotes)"
    with pytest.raises(PolicyError, match="expected the tables of a policy, got 5"):
        Policy.from_data(5)  # type: ignore[arg-type]
    deep: dict[str, object] = {}
    for _ in range(40):
        deep = {"x": deep}
    with pytest.raises(PolicyError, match="more than 32 levels"):
        Policy.from_data(deep)


def test_calendars_given_from_elsewhere() -> None:
    """They are written into the file like its own."""
    office = Policy.from_toml(SMALL).calendars["office"]
    text = changed('[calendars.office]\nweekly = { mon-fri = "09:00-17:00" }\n', "")
    policy = Policy.from_toml(text, calendars={"office": office})
    assert Policy.from_toml(policy.to_toml()) == policy


def test_two_hundred_agreements() -> None:
    """A large file is read and written in well under two seconds: its cost grows with its lines, no faster."""
    head, _, last = SMALL.partition("[[agreements]]")
    head = head.replace("[priority]", '[fields]\nregion = "text"\n\n[priority]')
    rows = (f'[[agreements]]\nwhen.region = "r{number}"{last}' for number in range(200))
    text = head + "".join(rows)
    start = perf_counter()
    policy = Policy.from_toml(text)
    assert policy.to_data()["agreements"][199]["when"] == {"region": "r199"}
    assert perf_counter() - start < 2


def test_a_lifecycle_that_reopens_nothing() -> None:
    """There is no step for the window to stand on."""
    rows = (
        'states = [{ name = "open", status = "new" }, { name = "done", status = "closed" }]\n'
        'transitions = [{ trigger = "close", sources = "open", target = "done" }]\n'
    )
    text = changed('like = "ITIL 4 default"', f'name = "Two"\n{rows}reopen_within = "24h"')
    assert told(text) == [
        "line 15: lifecycle.reopen_within: Two reopens nothing that was resolved (leave it out, or add a transition)"
    ]


def test_a_fault_of_the_whole_graph() -> None:
    """What the house's rows do to the shipped ones is told at the part; single names may stand without a list."""
    text = changed('"ITIL 4 default"', '"ITIL 4 default"\nroles = "agent"\nstarts = ["nowhere"]')
    (line,) = told(text)
    assert line.startswith("line 14: lifecycle.starts")


def test_a_house_s_own_fields_in_code() -> None:
    """What is no type of a field, and a ladder that asks for a field that is not there, are told with their place."""
    with pytest.raises(PolicyError) as caught:
        evolve(HOUSE, fields={"region": 5})
    assert str(caught.value).startswith("fields.region: 5 is no type of a field")
    team = HOUSE.agreements[1]
    ladder = Ladder("Team", [Rung("idle for 4h", "desk", when=Eq(Field("floor", Text()), "3"))])
    with pytest.raises(PolicyError) as caught:
        evolve(HOUSE, agreements=[evolve(team, escalate=ladder)])
    assert str(caught.value).startswith(
        "agreements[0].escalate[0].when.floor: an incident has no field 'floor'"
    )


def test_nothing_is_no_value() -> None:
    """TOML has no word for nothing: a timer that leaves out what has no value is not written as something else."""
    timer = Timer("x", "remind", after=Delay(working_days=1), status="new", exclude={"site": None})
    with pytest.raises(PolicyError, match="a policy file has no words for None"):
        evolve(HOUSE, timers=[timer]).to_toml()
