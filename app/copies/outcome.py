"""How a copy job ended, in a state, a reason and a sentence. Pure."""

from app.copies.contract import CopyState
from app.copies.ledger import Standing
from app.jobs.contract import JobState, Outcome
from app.jobs.states import CANCELLED_BY_USER

FAILED = "copy_failed"
"""The reason where objects failed for different ones."""


def outcome_of(standing: Standing) -> Outcome:
    """Judge a job whose copies have all ended."""
    states = standing.states
    fine = states.get(CopyState.DONE, 0) + states.get(CopyState.SKIPPED, 0)
    failed, cancelled = states.get(CopyState.FAILED, 0), states.get(CopyState.CANCELLED, 0)
    said = sentence(standing)
    if failed:
        reason = next(iter(standing.reasons)) if len(standing.reasons) == 1 else FAILED
        return Outcome(
            JobState.PARTIAL if fine else JobState.FAILED, reason, f"{said}. What failed is listed by /steps."
        )
    if cancelled:
        return Outcome(JobState.PARTIAL if fine else JobState.CANCELLED, CANCELLED_BY_USER, f"{said}.")
    return Outcome(JobState.SUCCEEDED, None, f"{said}.")


def sentence(standing: Standing) -> str:
    """Return what has been done so far, for people."""
    words = {CopyState.SKIPPED: "skipped", CopyState.FAILED: "failed", CopyState.CANCELLED: "cancelled"}
    counts = [(standing.states.get(state, 0), word) for state, word in words.items()]
    parts = [
        f"{standing.states.get(CopyState.DONE, 0)} copied",
        *(f"{count} {word}" for count, word in counts if count),
    ]
    return ", ".join(parts)
