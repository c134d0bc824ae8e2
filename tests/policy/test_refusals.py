"""A policy file with a fault is refused: what is wrong, on which line, and how to mend it."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import Fault, PolicyError
from itilkit.lifecycle import ITIL4_DEFAULT
from itilkit.policy import Policy
from itilkit.policy.file.document import _Reader
from itilkit.priority import ITIL_3X3

from .texts import EXAMPLE, SMALL, changed, faults, told

# What is changed in the small policy, and what is said about it.
TYPES = [
    ("itilkit = 1", "itilkit = 1.9", "line 1: itilkit: expected a whole number, got 1.9"),
    ("itilkit = 1", 'itilkit = "1"', "line 1: itilkit: expected a whole number, got '1'"),
    ("itilkit = 1", "itilkit = true", "line 1: itilkit: expected a whole number, got True"),
    ("itilkit = 1", "itilkit = [1]", "line 1: itilkit: expected a whole number, got [1]"),
    ('name = "Desk"', "name = 5", "line 2: name: expected a text, got 5 (write it in quotes)"),
    ('name = "Desk"', "name = true", "line 2: name: expected a text, got True (write it in quotes)"),
    ('name = "Desk"', 'name = ["Desk"]', "line 2: name: expected a text, got ['Desk']"),
    ('zone = "Europe/London"', "zone = 5", "line 3: zone: expected a text, got 5 (write it in quotes)"),
    ('matrix = "ITIL 3x3"', "matrix = false",
     "line 9: priority.matrix: expected a text, got False (write it in quotes)"),
    ('matrix = "ITIL 3x3"', "rows = 5",
     "line 9: priority.rows: expected a list of lists of whole numbers, got 5 (write [5])"),
    ('matrix = "ITIL 3x3"', "rows = [[1, 2, 3], 4, [3, 4, 5]]",
     "line 9: priority.rows[1]: expected a list of whole numbers, got 4 (write [4])"),
    ('matrix = "ITIL 3x3"', "rows = [[1.0, 2, 3], [2, 3, 4], [3, 4, 5]]",
     "line 9: priority.rows[0][0]: expected a whole number, got 1.0"),
    ('matrix = "ITIL 3x3"', "rows = [[true, 2, 3], [2, 3, 4], [3, 4, 5]]",
     "line 9: priority.rows[0][0]: expected a whole number, got True"),
    ('like = "ITIL 4 default"', "like = 4",
     "line 12: lifecycle.like: expected a text, got 4 (write it in quotes)"),
    ('calendar = "office"', 'calendar = ["office"]',
     "line 16: agreements[0].calendar: expected a text, got ['office']"),
    ('calendar = "office"', 'calendar = "office"\nwarn = "75%"',
     "line 17: agreements[0].warn: expected a list of texts, got '75%' (write [\"75%\"])"),
    ('calendar = "office"', 'calendar = "office"\nwarn = [75]',
     "line 17: agreements[0].warn[0]: expected a text, got 75 (write it in quotes)"),
    ('calendar = "office"', 'calendar = "office"\npause_while = "on_hold"',
     "line 17: agreements[0].pause_while: expected a list of texts, got 'on_hold' (write [\"on_hold\"])"),
    ('calendar = "office"', 'calendar = "office"\npausing = { a = 1 }',
     "line 17: agreements[0].pausing: expected a list of texts, got {'a': 1}"),
    ('calendar = "office"', 'calendar = "office"\nkind = 1',
     "line 17: agreements[0].kind: 1 is no word (known: SLA, OLA, UC)"),
    ('response = "15m"', "response = 15",
     "line 18: agreements[0].targets[0].response: expected a text, got 15 (write it in quotes)"),
    ('response = "15m"', 'response = ["15m"]',
     "line 18: agreements[0].targets[0].response: expected a text, got ['15m']"),
    ('"P1"', "true", "line 18: agreements[0].targets[0].priority: expected a priority, P1 to P5, got True"),
    ('"P1"', "1.0", "line 18: agreements[0].targets[0].priority: expected a priority, P1 to P5, got 1.0"),
    ('"P1"', '[["P1"]]',
     "line 18: agreements[0].targets[0].priority: expected a priority, P1 to P5, got ['P1']"),
    ('"P1"', "[]",
     'line 18: agreements[0].targets[0].priority: names no priority (write "P1" or ["P1", "P2"])'),
    ('{ priority = "P1", response = "15m", resolution = "4h" }', '"P1"',
     "line 18: agreements[0].targets[0]: expected a table, got 'P1'"),
]  # fmt: skip
MEANINGS = [
    ("itilkit = 1", "itilkit = 2", "line 1: itilkit: format 2 is newer than 1 (a newer itilkit reads it)"),
    ("itilkit = 1", "itilkit = 0", "line 1: itilkit: there is no format 0 (write itilkit = 1)"),
    ('"Europe/London"', '"Europe/Lodnon"',
     "line 3: zone: 'Europe/Lodnon' is no IANA time zone (did you mean Europe/London"),
    ("mon-fri", "mon_fry", "line 6: calendars.office.weekly.mon_fry: "),
    ('matrix = "ITIL 3x3"', 'matrix = "ITIL 3x4"',
     "line 9: priority.matrix: no matrix is called 'ITIL 3x4' (did you mean ITIL 3x3"),
    ('matrix = "ITIL 3x3"', "", 'line 8: priority: give either matrix or rows (matrix = "ITIL 3x3")'),
    ('matrix = "ITIL 3x3"', 'matrix = "ITIL 3x3"\nrows = [[1]]',
     "line 8: priority: give either matrix or rows"),
    ('matrix = "ITIL 3x3"', 'matrix = "ITIL 3x3"\nlabels = ["A", "B"]',
     "line 10: priority.labels: goes with rows"),
    ('matrix = "ITIL 3x3"', "rows = [[1, 2, 3], [2, 3], [3, 4, 5]]",
     "line 9: priority.rows[1]: 2 cells for the 3 levels of urgency"),
    ('matrix = "ITIL 3x3"', "rows = [[1]]\nimpact_labels = []",
     "line 10: priority.impact_labels: scale 'impact' has no level"),
    ('"ITIL 4 default"', '"ITIL 5"',
     "line 12: lifecycle.like: no lifecycle is called 'ITIL 5' ("),
    ('calendar = "office"', 'calendar = "ofice"',
     "line 16: agreements[0].calendar: no calendar is called 'ofice' (did you mean office?)"),
    ('calendar = "office"', 'calendar = "office"\nkind = "SLO"',
     "line 17: agreements[0].kind: 'SLO' is none of the words that may stand here (did you mean SLA"),
    ('calendar = "office"', 'calendar = "office"\npause_while = ["onhold", "on hlod"]',
     "line 17: agreements[0].pause_while[1]: 'on hlod' is none of the words that may stand here (did "
     "you mean on_hold?)"),
    ('calendar = "office"', 'calendar = "office"\nbut_not_while = ["awaiting_suplier"]',
     "line 17: agreements[0].but_not_while[0]: 'awaiting_suplier' is none of the words that may "
     "stand here (did you mean awaiting_supplier"),
    ('calendar = "office"', 'calendar = "office"\nwhen_reopened = "stop"',
     "line 17: agreements[0].when_reopened: 'stop' is none of the words that may stand here (known: continue"),
    ('calendar = "office"', 'calendar = "office"\npausing = [\n  "resolution",\n  "respnse",\n]',
     "line 19: agreements[0].pausing[1]: no clock is called 'respnse' (did you mean response or next_response?)"),
    ('calendar = "office"', 'calendar = "office"\nwarn = ["75%", "soon"]',
     "line 17: agreements[0].warn[1]: expected a threshold such as"),
    ('"15m"', '"3d"',
     "line 18: agreements[0].targets[0].response: '3d' is ambiguous: write \"3 working days\", or hours"),
    ('"15m"', '"15 min"',
     'line 18: agreements[0].targets[0].response: expected a target such as "4h", "10 working days" '
     "or \"none\", got '15 min'"),
    ('"15m"', '"0m"',
     "line 18: agreements[0].targets[0].response: expected more than no time at all, got '0m'"),
    ('"P1"', '"P6"', "line 18: agreements[0].targets[0].priority: expected a priority, P1 to P5, got 'P6'"),
    ('["P2", "P3"]', '"P1"',
     "line 19: agreements[0].targets[1].priority: P1 has a target in targets[0] already (one line per priority)"),
    ('["P2", "P3"]', '["P2", "P2"]',
     "line 19: agreements[0].targets[1].priority: P2 stands here twice (one line per priority)"),
    ('resolution = "4h" }', 'resolution = "4h", calendar = "nights" }',
     "line 18: agreements[0].targets[0].calendar: no calendar is called 'nights' (known: office, "
     "round_the_clock)"),
    (', response = "15m", resolution = "4h"', "",
     'line 18: agreements[0].targets[0]: promises nothing (write resolution = "none" where no target is meant)'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "message"), TYPES + MEANINGS, ids=[f"{new!r}" for _, new, _ in TYPES + MEANINGS]
)
def test_a_fault_is_told(old: str, new: str, message: str) -> None:
    """One fault gives one line, which names the line, the key and the way to mend it."""
    (line,) = told(changed(old, new))
    assert line.startswith(message)


def test_a_truth_value_in_quotes_is_no_truth_value() -> None:
    """Text stands for nothing but text, inside a calendar as well."""
    (line,) = told(changed('weekly = { mon-fri = "09:00-17:00" }', 'weekly = "false"'))
    assert line.startswith("line 6: calendars.office.weekly: ")


@pytest.mark.parametrize(
    ("place", "key", "message"),
    [
        ("itilkit = 1", "Nmae", "line 2: Nmae: unknown key 'Nmae' (did you mean name?)"),
        ("[priority]", "matrx", "line 9: priority.matrx: unknown key 'matrx' (did you mean matrix?)"),
        ("[lifecycle]", "liek", "line 12: lifecycle.liek: unknown key 'liek' (did you mean like?)"),
        ("[calendars.office]", "week", "line 6: calendars.office.week: unknown key 'week' (did you mean weekly?)"),
        ("[[agreements]]", "calender",
         "line 15: agreements[0].calender: unknown key 'calender' (did you mean calendar?)"),
    ],
)  # fmt: skip
def test_unknown_keys_at_every_level(place: str, key: str, message: str) -> None:
    """A key that nobody reads is refused with the near ones."""
    assert told(changed(place, f"{place}\n{key} = 5")) == [message]


def test_an_unknown_key_in_a_row() -> None:
    """In an inline table too."""
    assert told(changed("{ priority", '{ respnse = "1h", priority')) == [
        "line 18: agreements[0].targets[0].respnse: unknown key 'respnse' (did you mean response or next_response?)"
    ]


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("itilkit = 1\n", "itilkit: is missing (write itilkit = 1)"),
        ('name = "Desk"\n', 'name: is missing (write name = "Service desk")'),
        ('[priority]\nmatrix = "ITIL 3x3"\n',
         'priority: is missing (write [priority] and under it matrix = "ITIL 3x3")'),
        ('[lifecycle]\nlike = "ITIL 4 default"\n', "lifecycle: is missing (write [lifecycle]"),
        ('like = "ITIL 4 default"\n', 'line 11: lifecycle.like: is missing (write like = "ITIL 4 default")'),
        ('name = "Gold"\n', 'line 14: agreements[0].name: is missing (write name = "Gold")'),
        ('calendar = "office"\n', 'line 14: agreements[0].calendar: is missing (write calendar = "round_the_clock")'),
        ('priority = "P1", ', 'line 18: agreements[0].targets[0].priority: is missing (write priority = "P1")'),
        ('weekly = { mon-fri = "09:00-17:00" }\n', "line 5: calendars.office.weekly: "),
    ],
)  # fmt: skip
def test_missing_keys(gone: str, message: str) -> None:
    """What must be there and is not is told with how to write it, on the line of its table."""
    (line,) = told(changed(gone, ""))
    assert line.startswith(message)


def test_no_targets() -> None:
    """An agreement needs targets; an empty list is none."""
    start = SMALL.index("targets = [")
    assert told(SMALL[:start]) == [
        'line 14: agreements[0].targets: is missing (write targets = [{ priority = "P1", resolution = "4h" }])'
    ]
    assert told(SMALL[:start] + "targets = []") == [
        "line 17: agreements[0].targets: agreement 'Gold' promises nothing"
    ]
    assert told(SMALL[:start] + "targets = 5") == [
        'line 17: agreements[0].targets: expected a list of tables, got 5 (write [{ priority = "P1", ... }])'
    ]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("calendars = 5", "line 3: calendars: expected a table, got 5 (write [calendars.office])"),
        ('priority = "ITIL 3x3"', "line 3: priority: expected a table, got 'ITIL 3x3'"),
        ('lifecycle = "ITIL"', "line 3: lifecycle: expected a table, got 'ITIL'"),
        ("agreements = 5", "line 3: agreements: expected a list of tables, got 5 (write [[agreements]])"),
        ("agreements = [5]", "line 3: agreements[0]: expected a table, got 5"),
        ("agreements = { name = 5 }",
         "line 3: agreements: expected a list of tables, got {'name': 5} (write [[agreements]])"),
        ("calendars.office = 5", "line 3: calendars.office: expected a table, got 5"),
    ],
)  # fmt: skip
def test_a_part_that_is_no_table(part: str, message: str) -> None:
    """Whatever stands in place of a part is told, and the others are read."""
    key = part.partition(" ")[0].partition(".")[0]
    rest = {"priority": 'priority.matrix = "ITIL 3x3"\n', "lifecycle": 'lifecycle.like = "ITIL 4 default"\n'}
    text = f'itilkit = 1\nname = "Desk"\n{part}\n' + "".join(
        line for name, line in rest.items() if name != key
    )
    assert told(text) == [message]


def test_several_faults_at_once() -> None:
    """Faults of every part and every kind are told together, in the order of the text, each on its line."""
    text = SMALL
    for old, new in (
        ('name = "Desk"', "name = 5"),
        ("Europe/London", "Europe/Lodnon"),
        ("mon-fri", "mon-fry"),
        ("ITIL 3x3", "ITIL 9x9"),
        ("ITIL 4 default", "ITIL 4 defualt"),
        ('calendar = "office"', 'calendar = "ofice"\nwarn = "75%"'),
        ('"15m"', '"15 min"'),
        ('["P2", "P3"]', '["P1", "P7"]'),
        ('response = "1h"', "respnse = 1"),
    ):
        text = changed(old, new, text)
    text += (
        '[[agreements]]\nname = "Silver"\ncalendar = "office"\ntargets = [\n  5,\n  { priority = "P1" },\n]\n'
    )
    assert [(fault.line, fault.path) for fault in faults(text)] == [
        (2, "name"),
        (3, "zone"),
        (6, "calendars.office.weekly.mon-fry"),
        (9, "priority.matrix"),
        (12, "lifecycle.like"),
        (16, "agreements[0].calendar"),
        (17, "agreements[0].warn"),
        (19, "agreements[0].targets[0].response"),
        (20, "agreements[0].targets[1].respnse"),
        (26, "agreements[1].targets[0]"),
        (27, "agreements[1].targets[1]"),
    ]


def test_lines_in_windows_text_and_dotted_and_quoted_keys() -> None:
    """However the keys are written and the lines end, the fault stands on its line."""
    text = '\ufeffitilkit = 1\n"name" = "Desk"\npriority.matrix = "ITIL 3x3"\nlifecycle."like" = "ITIL 4 defualt"\n'
    for lines in (text, text.replace("\n", "\r\n")):
        (fault,) = faults(lines, source="desk.toml")
        assert (fault.line, fault.path, fault.source) == (4, "lifecycle.like", "desk.toml")
        assert str(fault).startswith("desk.toml, line 4: lifecycle.like: ")


def test_what_is_no_toml() -> None:
    """A slip in the syntax is told with its line."""
    assert told("itilkit = 1\nname = \n")[0].startswith("line 2: is not TOML: Invalid value")
    assert told("itilkit = 1\nitilkit = 1\n")[0].startswith("line 2: is not TOML: Cannot overwrite a value")
    assert told("x = [")[0].startswith("is not TOML: ")
    assert told(f"itilkit = {'9' * 5000}")[0].startswith("is not TOML: ")
    assert told("")[0].startswith("itilkit: is missing")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 500 + "]" * 500,
        "x = " + "{a=" * 500 + "1" + "}" * 500,
        "x = [\n" * 40 + "]" * 40,
        "a" + ".a" * 5000 + " = 1",
        "[" + ".".join("a" * 400) + "]",
    ],
    ids=["lists", "tables", "lines", "dotted", "header"],
)
def test_what_nests_too_deep(text: str) -> None:
    """More than 32 levels are refused, however they are written."""
    (fault,) = faults(text)
    assert (fault.code, fault.message) == ("too_deep", "the text nests more than 32 levels deep")


@pytest.mark.parametrize("text", ["# " + "x" * (2 << 20), "# " + "\u00e9" * (700 << 10)])
def test_what_is_too_large(text: str) -> None:
    """More than 1 MiB, in bytes, is refused before it is parsed."""
    (fault,) = faults(text)
    assert fault.code == "too_large"


def test_what_is_no_text() -> None:
    """Bytes are not guessed at; a text that no encoding can write is no TOML."""
    with pytest.raises(PolicyError, match="expected text, got bytes"):
        Policy.from_toml(EXAMPLE.encode())  # type: ignore[arg-type]
    assert faults("name = '\ud800'")


def test_a_calendar_named_twice() -> None:
    """A calendar of the file does not replace one that was given or built in."""
    for name in ("office", "round_the_clock"):
        text = changed("[calendars.office]", f"[calendars.{name}]").replace('"office"', f'"{name}"')
        office = Policy.from_toml(SMALL).calendars["office"]
        with pytest.raises(PolicyError, match=f"calendar '{name}' is given already"):
            Policy.from_toml(text, calendars={"office": office})


def test_huge_numbers_are_told_short() -> None:
    """A number of thousands of digits cannot even be shown."""
    assert told(changed('name = "Desk"', f"name = 0x{'f' * 5000}")) == [
        "line 2: name: expected a text, got a number too long to show (write it in quotes)"
    ]
    assert told(changed("itilkit = 1", f"itilkit = 0x{'f' * 5000}"))[0].startswith(
        "line 1: itilkit: format a number too long to show is newer"
    )


ROWS = EXAMPLE.splitlines()
PIECES = [
    "", "=", "[", "]", "{", "}", '"', "'", '"""', ",", ".", "#", "\n", "\\", "true", "1.9", "-1", "0x" + "f" * 5000,
    "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "inf", "nan", '""', '"x"', "[]", "{}", '["x", 1]', "{a = 1}",
    '"mon-fri"', '"24:00-25:00"', '"09:00-17:00"', '"Europe/Berlin"', '"round_the_clock"', '"P1"', '"none"', '"75%"',
    "weekly", "targets", "priority", "[calendars.x]", "[[agreements]]", "[priority]", "open_when_any = ['office']",
    "changes = {}", "recurring = [{}]", "public_holidays = ['XX']", "working_days = 5", "zone = ''", "zone = '../etc'",
    "special_hours = {x = []}", "closed = [1]",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The shipped policy with lines dropped, doubled, moved or replaced, and values put in place of others."""
    rows = list(ROWS)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(rows) - 1))
        how = draw(st.sampled_from(["drop", "double", "move", "value", "value", "value", "insert", "cut"]))
        piece = draw(st.sampled_from(PIECES))
        if how == "drop":
            rows[place] = ""
        elif how == "double":
            rows.insert(place, rows[place])
        elif how == "move":
            rows.insert(draw(st.integers(0, len(rows) - 1)), rows[place])
        elif how == "insert":
            rows.insert(place, piece)
        elif how == "cut":
            rows[place] = rows[place][: draw(st.integers(0, 40))] + piece
        else:
            key, equals, _ = rows[place].partition("=")
            rows[place] = f"{key}{equals} {piece}" if equals else piece
    return "\n".join(rows)


@given(broken())
def test_no_other_error_escapes(text: str) -> None:
    """Whatever is done to a policy, it is read or refused in words; no other error comes out."""
    found = _read(text)
    if isinstance(found, Policy):
        return
    assert found
    for fault in found:
        assert str(fault).startswith("desk.toml")
        assert fault.message
        assert fault.line is None or 1 <= fault.line <= text.count("\n") + 1


def _read(text: str) -> Policy | tuple[Fault, ...]:
    try:
        return Policy.from_toml(text, source="desk.toml")
    except PolicyError as error:
        return error.faults


scalars = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=5),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.none(),
)
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3)
)


@given(st.data())
def test_any_value_anywhere(data: st.DataObject) -> None:
    """Any value in place of any other one is read or refused with its path."""
    whole = tomllib.loads(EXAMPLE)
    here: object = whole
    while True:
        keys = (
            list(here) if isinstance(here, dict) else list(range(len(here))) if isinstance(here, list) else []
        )
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        inner = here[key]  # type: ignore[index]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            here[key] = data.draw(values)  # type: ignore[index]
            break
        here = inner
    reader = _Reader(whole, {})
    assert (reader.file() is None) == bool(reader.faults)


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("agreements", 5, "agreements[0]"),
        ("agreements", ["Gold"], "agreements[0]"),
        ("priority_rules", ["vip"], "priority.rules[0]"),
        ("timers", 5, "lifecycle.timers[0]"),
        ("cadences", 5, "cadences[0]"),
        ("incident_models", ["locked_account"], "incident_models[0]"),
        ("routes", 5, "routing[0]"),
        ("calendar", "office", "calendar"),
        ("when_facts_change", "follow", "priority.when_facts_change"),
    ],
)
def test_what_stands_in_a_policy_is_of_its_kind(key: str, value: Any, path: str) -> None:
    """A policy that is built in code refuses it at once, not at the first incident."""
    with pytest.raises(PolicyError) as caught:
        Policy("Desk", lifecycle=ITIL4_DEFAULT, matrix=ITIL_3X3, **{key: value})
    assert [fault.path for fault in caught.value.faults] == [path]
