"""The life of a job: the one place where its state changes."""

from collections.abc import Mapping

from app.jobs.contract import JobState
from app.jobs.model import JobRow

CANCELLED_BY_USER = "cancelled_by_user"

_NEXT: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    # Back to queued: given back at a shutdown, or after its runner died.
    JobState.RUNNING: frozenset(JobState) - {JobState.RUNNING},
}


class IllegalTransitionError(Exception):
    """A bug: someone tried to move a job to a state that cannot follow its own."""


def transition(row: JobRow, to: JobState, now: float, reason: str | None, message: str) -> None:
    """Move a job to another state, with all that belongs to it; the caller holds the row in a write transaction.

    Args:
        row: changed in place; left alone when the move is illegal.
        to: the new state.
        now: POSIX seconds.
        reason: the machine-readable reason, None for none.
        message: the sentence for people.

    Raises:
        IllegalTransitionError: ``to`` cannot follow; in particular nothing follows a final state.
    """
    if to not in _NEXT.get(row.state, frozenset()):
        raise IllegalTransitionError(f"job {row.id} cannot go from {row.state} to {to}")
    row.state, row.reason, row.message = to, reason, message
    row.version += 1
    row.reserved_for = None
    if to is JobState.RUNNING:
        row.attempt += 1
        row.started_at = row.started_at or now
        row.heartbeat_at = now
    else:
        row.runner_id = row.heartbeat_at = None
    if to.is_final:
        row.finished_at = now
        row.secrets = None
