"""Laws of plans and progress, over random graphs of steps and random histories."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from itilkit.incident_models import (
    IncidentModel,
    Progress,
    attach,
    digest,
    from_data,
    model_of,
    plan,
    progress,
    to_data,
)
from itilkit.lifecycle import PERMISSIVE, replay
from itilkit.vocabulary import Status

from .draws import MONDAY, OFFICE, follows, histories, models, opened, paths, walked


@given(models())
def test_a_plan_respects_what_comes_before(model: IncidentModel) -> None:
    """No step begins before the start, nor before one that it waits for ends; none ends before it begins."""
    laid = plan(model, MONDAY, OFFICE)
    for planned in laid.steps:
        assert MONDAY <= planned.starts_at <= planned.ends_at <= laid.ends_at
        assert all(laid.step(name).ends_at <= planned.starts_at for name in planned.step.after)


@given(models())
def test_the_critical_path_is_the_longest_way_through(model: IncidentModel) -> None:
    """Of all ways through the model, each walked by hand, the critical path is one that ends last."""
    laid = plan(model, MONDAY, OFFICE)
    assert laid.ends_at == max(walked(way, MONDAY) for way in paths(model))
    assert follows(laid.critical_path, model)
    assert walked([model.step(name) for name in laid.critical_path], MONDAY) == laid.ends_at
    assert {planned.step.id for planned in laid.steps if planned.critical} == set(laid.critical_path)


@given(models(), st.integers(0, 10_000))
def test_a_plan_that_begins_later_ends_no_earlier(model: IncidentModel, minutes: int) -> None:
    """Beginning later brings no step forward."""
    early, late = (plan(model, MONDAY + timedelta(minutes=each), OFFICE) for each in (0, minutes))
    assert all(
        one.starts_at <= two.starts_at and one.ends_at <= two.ends_at
        for one, two in zip(early.steps, late.steps, strict=True)
    )


def _after_each(model: IncidentModel, data: st.DataObject) -> list[tuple[Progress, bool]]:
    """The progress after each event and long after the last one, and whether the incident is cancelled then."""
    events = data.draw(histories(model))
    clocks = [MONDAY, *(event.at for event in events)]
    clocks.append(clocks[-1] + timedelta(days=data.draw(st.integers(0, 60))))
    incident, laid = opened(*events), plan(model, MONDAY, OFFICE)
    timelines = [replay(incident, PERMISSIVE, as_of=clock, strict=False) for clock in clocks]
    return [(progress(laid, timeline), timeline.status is Status.CANCELLED) for timeline in timelines]


@given(models(), st.data())
def test_progress_never_goes_back_and_never_goes_too_far(model: IncidentModel, data: st.DataObject) -> None:
    """No event makes the share smaller, undoes a step or moves when it became free; the share lies from 0 to 1.

    Only one that takes a cancellation back brings back what was skipped by it.
    """
    seen = _after_each(model, data)
    done: set[str] = set()
    free: dict[str, datetime] = {}
    share, cancelled = 0.0, False
    for found, is_cancelled in seen:
        if cancelled and not is_cancelled:
            free, share = {}, 0.0
        cancelled = is_cancelled
        begun = {each.step.id: each.free_at for each in found.steps if each.free_at is not None}
        assert free.items() <= begun.items()
        free = begun
        now = {each.step.id for each in found.steps if each.state == "done"}
        assert done <= now
        assert share <= found.share <= 1
        done, share = now, found.share


@given(models(), st.data())
def test_a_step_is_late_if_and_only_if_it_is_past_due_and_undone(
    model: IncidentModel, data: st.DataObject
) -> None:
    """Late is what is past its planned due instant and neither done nor skipped; optional steps are never late."""
    for found, _ in _after_each(model, data):
        for each in found.steps:
            past = each.due_at is not None and found.as_of > each.due_at
            assert (each.state == "late") == (past and each.state not in ("done", "skipped"))
            assert not (each.state == "late" and each.step.optional)


@given(models(plain=True), st.data())
def test_a_step_waits_until_all_before_it_are_done(model: IncidentModel, data: st.DataObject) -> None:
    """Where steps are done by hand and all are needed, one may begin exactly if all before it are done."""
    for found, _ in _after_each(model, data):
        states = {each.step.id: each.state for each in found.steps}
        cancelled = any(each.why == "the incident was cancelled" for each in found.steps)
        for each in found.steps:
            before = {name for name in each.step.after if states[name] not in ("done", "skipped")}
            if each.is_open and not cancelled:
                assert set(each.waits_for) == before
                assert (each.free_at is None) == bool(before)
        owed = [state for state in states.values() if state != "skipped"]
        assert found.share == (owed.count("done") / len(owed) if owed else 1)


@given(models(), st.data())
def test_what_was_attached_stays_as_it_was(model: IncidentModel, data: st.DataObject) -> None:
    """The model is found as long as it is kept, and no later edition takes its place."""
    incident = opened()
    incident = incident.appended(*attach(incident, model, MONDAY))
    edition = IncidentModel(model.id, model.name, model.steps, version=data.draw(st.sampled_from(["2", "3"])))
    kept = model_of(incident, [edition, model])
    gone = model_of(incident, [edition])
    assert kept is not None
    assert gone is not None
    assert kept.model == model
    assert gone.model is None
    assert attach(incident, model, MONDAY) == ()


@given(models())
def test_data_gives_the_model_back(model: IncidentModel) -> None:
    """A model that is written and read again is the same one, and has the same digest."""
    again = from_data(to_data(model))
    assert again == model
    assert digest(again) == digest(model)
