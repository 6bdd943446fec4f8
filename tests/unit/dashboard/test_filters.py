"""What is typed into a filter, and what it asks for."""

import pytest

from app.dashboard.jobs.filters import JobQuery, StepQuery, job_selection, read_filters, step_selection, wanted_states
from app.jobs.contract import JobSelection, JobState, StepSelection, StepStatus

SOME = "01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc"


@pytest.mark.parametrize(
    ("query", "states"),
    [
        pytest.param({}, set(JobState), id="nothing"),
        pytest.param({"state": ""}, set(JobState), id="an empty field"),
        pytest.param({"state": "unfinished"}, {JobState.QUEUED, JobState.RUNNING}, id="unfinished"),
        pytest.param({"state": "failed"}, {JobState.FAILED}, id="one state"),
    ],
)
def test_a_state_is_one_or_all_unfinished_or_any(query, states):
    assert wanted_states(read_filters(JobQuery, query).values) == states


def test_a_selection_holds_all_that_was_typed():
    filters = read_filters(JobQuery, {"storage": "Bucket", "who": "7", "before": SOME, "state": "failed", "odd": "x"})

    assert filters.errors == {}
    assert job_selection(filters.values, {JobState.FAILED}) == JobSelection(
        states={JobState.FAILED}, storage="Bucket", owner_id=7, before=SOME
    )
    assert filters.without_place() == {"storage": "Bucket", "who": "7", "state": "failed"}


@pytest.mark.parametrize(
    ("schema", "query", "field"),
    [
        pytest.param(JobQuery, {"state": "lost"}, "state", id="state"),
        pytest.param(JobQuery, {"who": "ann"}, "who", id="who"),
        pytest.param(JobQuery, {"who": "-1"}, "who", id="negative"),
        pytest.param(JobQuery, {"who": str(2**64)}, "who", id="more than the database holds"),
        pytest.param(JobQuery, {"before": "7"}, "before", id="before"),
        pytest.param(StepQuery, {"status": "lost"}, "status", id="status"),
        pytest.param(StepQuery, {"action": "lost"}, "action", id="action"),
        pytest.param(StepQuery, {"text": "x" * 1200}, "text", id="text"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field_and_kept_as_it_was_typed(schema, query, field):
    filters = read_filters(schema, query)

    assert set(filters.errors) == {field}
    assert filters.errors[field]
    assert filters.typed == query
    assert field not in filters.values


def test_steps_are_chosen_by_outcome_action_and_a_part_of_the_key():
    query = {"status": "failed", "action": "upload", "text": "a/", "after": "f3"}
    filters = read_filters(StepQuery, query)

    assert step_selection(filters.values) == StepSelection(status=StepStatus.FAILED, action="upload", text="a/")
    assert step_selection(read_filters(StepQuery, {}).values) == StepSelection()
    assert filters.without_place() == {"status": "failed", "action": "upload", "text": "a/"}
