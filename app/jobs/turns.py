"""Whose turn it was last, as far back as matters for whose it is next."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.model import JobRow

REMEMBERED = 100
"""Of how many jobs that have ended it is known whose they were."""


def served(session: Session) -> dict[int | None, float]:
    """Return when the last job of each owner started, of the jobs that ended last."""
    query = select(JobRow.owner_id, JobRow.started_at).where(JobRow.finished_at.is_not(None))
    last = session.execute(query.order_by(JobRow.finished_at.desc()).limit(REMEMBERED))
    turns: dict[int | None, float] = {}
    for owner_id, started_at in last:
        turns[owner_id] = max(turns.get(owner_id, 0.0), started_at or 0.0)
    return turns
