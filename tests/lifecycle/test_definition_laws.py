"""What holds for any table of rows, sound or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itilkit.errors import PolicyError
from itilkit.lifecycle import Lifecycle, Right, State, Transition, lint
from itilkit.vocabulary import Status

NAMES = ("a", "b", "c", "d")
PLACES = st.sampled_from((*NAMES, "*", "new", "on_hold", "e"))
STATES = st.lists(
    st.builds(State, st.sampled_from(NAMES), st.sampled_from(list(Status))),
    max_size=4,
    unique_by=lambda s: s.name,
)
TRANSITIONS = st.lists(
    st.builds(
        Transition,
        st.sampled_from(("start", "hold", "resolve", "close", "strat")),
        st.lists(PLACES, min_size=1, max_size=3),
        PLACES,
        roles=st.frozensets(st.sampled_from(("agent", "user")), max_size=1),
        not_by=st.frozensets(st.sampled_from(("resolver", "reporter")), max_size=1),
        when_named=st.booleans(),
    ),
    max_size=8,
)


@st.composite
def lifecycles(draw: st.DrawFn) -> Lifecycle:
    """Sound ones: a chain to the end, and whatever else the table takes."""
    extra = draw(TRANSITIONS)
    states = [State("a", "new"), State("b", "in_progress"), State("c", "on_hold"), State("d", "closed")]
    rows = [Transition("start", "a", "b"), Transition("hold", "b", "c"), Transition("close", "c", "d")]
    for row in extra:
        try:
            Lifecycle("house", states, transitions=[*rows, row])
        except PolicyError:
            continue
        rows.append(row)
    return Lifecycle("house", states, transitions=rows, rights=[Right("*", "d", "lead")])


@given(STATES, TRANSITIONS)
def test_building_is_total(states: list[State], transitions: list[Transition]) -> None:
    """Any rows make a lifecycle or a list of faults that all have a code, a place and words."""
    try:
        Lifecycle("house", states, transitions=transitions)
    except PolicyError as error:
        told = [(fault.code, fault.path, fault.message) for fault in error.faults]
    else:
        told = []
    assert all(all(fault) for fault in told)


@given(lifecycles())
def test_a_built_lifecycle_is_all_that_it_says(house: Lifecycle) -> None:
    """Every state is reached; each move has one default; steps, moves, permitted and triggers tell the same."""
    assert Lifecycle.from_data(house.to_data()) == house
    reached = {"a"}
    for _ in house.states:
        reached |= {target for source, target, _ in house.steps if source in reached}
    assert reached == set(NAMES)
    for source, target, row in house.steps:
        moves = house.moves(source, row.trigger)
        default = next(iter(moves))
        assert any(house.default_of(each) == default for each in house.transitions)
        assert moves[target] is row
        assert target in house.permitted(source)
        assert row.trigger in house.triggers(source, target)
        assert house.roles_for(source, row.trigger, target) >= row.roles
    assert all(fault.severity == "warning" for fault in lint(house))


@given(lifecycles())
def test_dropping_a_shadowed_or_superfluous_row_changes_nothing(house: Lifecycle) -> None:
    """What lint calls shadowed or the same as a wider row can go: the same steps remain on the same terms."""
    for fault in lint(house):
        if fault.code in ("shadowed", "same_guard"):
            gone = int(fault.path.removeprefix("transitions[").removesuffix("]"))
            rows = [row for index, row in enumerate(house.transitions) if index != gone]
            left = Lifecycle("house", house.states, transitions=rows, rights=house.rights)
            assert _terms(left) == _terms(house)


def _terms(house: Lifecycle) -> set[tuple[object, ...]]:
    return {
        (
            source,
            target,
            row.trigger,
            row.requires,
            row.not_by,
            row.when_named,
            house.roles_for(source, row.trigger, target),
        )
        for source, target, row in house.steps
    }
