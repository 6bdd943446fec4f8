import itertools

import pytest

from app.jobs.contract import JobState
from app.jobs.model import JobRow
from app.jobs.states import IllegalTransitionError, transition

QUEUED, RUNNING, CANCELLED = JobState.QUEUED, JobState.RUNNING, JobState.CANCELLED
FINAL = [state for state in JobState if state.is_final]
LEGAL = [(QUEUED, RUNNING), (QUEUED, CANCELLED), (RUNNING, QUEUED), *((RUNNING, state) for state in FINAL)]
ILLEGAL = [pair for pair in itertools.product(JobState, JobState) if pair not in LEGAL]


def row(state):
    return JobRow(
        id="some id", state=state, message="before", secrets="sealed", attempt=1, version=7, runner_id="me",
        reserved_for="me", heartbeat_at=1.0,
    )  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [pytest.param(*pair, id="-".join(pair)) for pair in LEGAL])
def test_a_legal_move_sets_state_reason_and_message_and_a_new_version(before, after):
    job = row(before)

    transition(job, after, 5.0, "why", "what")

    assert (job.state, job.reason, job.message, job.version) == (after, "why", "what", 8)


@pytest.mark.parametrize(("before", "after"), [pytest.param(*pair, id="-".join(pair)) for pair in ILLEGAL])
@pytest.mark.fault("I5")
def test_an_illegal_move_is_refused_and_changes_nothing(before, after):
    job = row(before)

    with pytest.raises(IllegalTransitionError):
        transition(job, after, 5.0, "why", "what")

    assert (job.state, job.message, job.version, job.finished_at) == (before, "before", 7, None)


@pytest.mark.parametrize("state", FINAL)
def test_the_end_of_a_job_wipes_its_secrets_and_says_when(state):
    job = row(RUNNING)

    transition(job, state, 5.0, None, "")

    assert (job.secrets, job.finished_at, job.runner_id) == (None, 5.0, None)


def test_a_job_that_starts_again_keeps_its_first_start_and_counts_attempts():
    job = row(QUEUED)
    job.started_at = 2.0

    transition(job, RUNNING, 5.0, None, "")

    assert (job.started_at, job.attempt, job.secrets) == (2.0, 2, "sealed")


def test_a_job_that_goes_back_to_the_queue_belongs_to_nobody():
    job = row(RUNNING)

    transition(job, QUEUED, 5.0, "interrupted", "")

    assert (job.runner_id, job.reserved_for, job.heartbeat_at, job.secrets) == (None, None, None, "sealed")
