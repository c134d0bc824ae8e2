"""A lifecycle is drawn from its table: all of it, and whatever its names are."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itilkit.lifecycle import (
    ITIL4_DEFAULT,
    ITOP,
    SHIPPED,
    Delay,
    Lifecycle,
    Right,
    State,
    Transition,
    Window,
)

NASTY = 'a "b" <c> & \\d; #e -->\n[*] --> s9'


def _named(name: str) -> Lifecycle:
    return Lifecycle(
        name,
        [State(name, "new"), State("done", "closed")],
        transitions=[Transition("close", name, "done", stimuli=name)],
    )


class _Text(HTMLParser):
    """The cells of a table as text, and the tags that were used."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.tags.add(tag)
        if tag in ("td", "th", "caption"):
            self.cells.append("")
        elif tag == "br":
            self.cells[-1] += "\n"

    def handle_data(self, data: str) -> None:
        self.cells[-1] += data


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_mermaid_has_every_state_and_every_step(lifecycle: Lifecycle) -> None:
    """Read back, the text has the states, the starts, the ends and the steps of the table."""
    text = lifecycle.to_mermaid()
    names = {each: name for name, each in re.findall(r'^    state "([^"]*)" as (s\d+)$', text, re.MULTILINE)}
    assert list(names.values()) == [state.name for state in lifecycle.states]
    arrows = re.findall(r"^    (\S+) --> (\S+?)(?:: (.+))?$", text, re.MULTILINE)
    assert len(arrows) + len(names) + 1 == len(text.splitlines())
    drawn = {(names[a], names[b], word) for a, b, words in arrows if words for word in words.split(", ")}
    assert drawn == {
        (source, target, word)
        for source, target, transition in lifecycle.steps
        for word in transition.stimuli or (transition.trigger,)
    }
    assert tuple(names[b] for a, b, _ in arrows if a == "[*]") == lifecycle.starts
    ends = [names[a] for a, b, _ in arrows if b == "[*]"]
    assert ends == [state.name for state in lifecycle.states if not lifecycle.permitted(state.name)]


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_dot_has_every_state_and_every_step(lifecycle: Lifecycle) -> None:
    """Read back, the text has the states and the steps of the table, and final states have a double border."""
    text = lifecycle.to_dot()
    assert text.startswith(f'digraph "{lifecycle.name}" {{\n')
    nodes = re.findall(r'^    (s\d+) \[label="([^"]*)"(, peripheries=2)?\]$', text, re.MULTILINE)
    names = {each: name for each, name, _ in nodes}
    assert [(name, not double) for _, name, double in nodes] == [
        (state.name, bool(lifecycle.permitted(state.name))) for state in lifecycle.states
    ]
    arrows = re.findall(r'^    (s\d+) -> (s\d+) \[label="([^"]*)"\]$', text, re.MULTILINE)
    assert {(names[a], names[b]) for a, b, _ in arrows} == {(a, b) for a, b, _ in lifecycle.steps}
    starts = re.findall(r"^    start -> (s\d+)$", text, re.MULTILINE)
    assert tuple(names[each] for each in starts) == lifecycle.starts


@pytest.mark.parametrize("lifecycle", SHIPPED.values(), ids=str)
def test_the_notebook_table_has_every_state_and_every_step(lifecycle: Lifecycle) -> None:
    """One row for each state: its name, its status, and each step from it."""
    caption, *cells = _Text(lifecycle._repr_html_()).cells
    assert (caption, cells[:3]) == (lifecycle.name, ["state", "status", "steps"])
    rows = [cells[index : index + 3] for index in range(3, len(cells), 3)]
    assert [row[:2] for row in rows] == [[state.name, state.status] for state in lifecycle.states]
    for name, _, told in rows:
        targets = [line.split(" → ")[1].partition(" (")[0] for line in told.splitlines() if " → " in line]
        assert targets == [target for source, target, _ in lifecycle.steps if source == name]
        assert (told == "final") == (not targets)


def test_the_notebook_table_tells_the_terms_of_a_step() -> None:
    """Facts, roles, windows and the need to name a state stand beside the step."""
    house = Lifecycle(
        "house",
        [State("new", "new"), State("wait", "on_hold"), State("done", "resolved"), State("shut", "closed")],
        transitions=[
            Transition("resolve", ("new", "wait"), "done", requires=("code", "group or assignee")),
            Transition("reopen", "done", "new", within=Window(Delay(working_days=5))),
            Transition("reopen", "done", "wait", when_named=True),
            Transition("close", "done", "shut", roles={"user", "lead"}),
        ],
        rights=[Right("*", "done", "agent")],
    )
    cells = _Text(house._repr_html_()).cells
    assert cells[6] == "resolve → done (needs code; needs group or assignee; by agent)"
    assert cells[12].splitlines() == [
        "reopen → new (within 5 working days of resolved_at)",
        "reopen → wait (when the event names it)",
        "close → shut (by lead or user)",
    ]


def test_stimuli_are_the_words_on_the_arrows() -> None:
    """Where a tool has its own names for what draws a step, they are shown."""
    assert "s2 --> s5: ev_resolve, ev_autoresolve\n" in ITOP.to_mermaid()
    assert 's2 -> s5 [label="ev_resolve, ev_autoresolve"]\n' in ITOP.to_dot()
    assert "ev_resolve or ev_autoresolve → resolved" in ITOP._repr_html_()


def test_the_default_lifecycle_draws_two_ways_back() -> None:
    """A reopened incident may go back to work or to a group."""
    assert "s4 --> s2: reopen\n    s4 --> s1: reopen\n" in ITIL4_DEFAULT.to_mermaid()


def test_names_are_escaped() -> None:
    """A name with quotes, brackets and line breaks stays a name in each of the three languages."""
    house = _named(NASTY)
    mermaid = house.to_mermaid().splitlines()
    assert len(mermaid) == 1 + 2 + 1 + 1 + 1
    assert mermaid[1].startswith('    state "a #34;b#34; #60;c#62; #38; #92;d#59; #35;e --#62;#10;')
    assert house.to_dot().count("\n") == 9
    assert '[label="a \\"b\\" <c> & \\\\d; #e --> [*] --> s9"]' in house.to_dot()
    assert "a &quot;b&quot; &lt;c&gt; &amp; \\d; #e --&gt;" in house._repr_html_()


@given(st.text(min_size=1).filter(lambda name: name not in ("done", "*", "new", "closed")))
def test_no_name_breaks_out(name: str) -> None:
    """Whatever a state is called, the diagrams keep their lines and the table its tags."""
    house = _named(name)
    assert len(house.to_mermaid().splitlines()) == 6
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', house.to_dot())
    assert len(strings) == 5
    assert len(house.to_dot().split("\n")) == 10
    assert _Text(house._repr_html_()).tags == {
        "table", "caption", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
