"""The row of one job: how it is found, and for whom."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.errors import JobNotFound
from app.jobs.model import JobRow


def of_owner(owner_id: int | None) -> list[ColumnElement[bool]]:
    """Return the condition that jobs are this user's; None: whoever's."""
    return [] if owner_id is None else [JobRow.owner_id == owner_id]


def job_row(session: Session, job_id: str, owner_id: int | None = None) -> JobRow:
    """Return the row of a job.

    Raises:
        JobNotFound: no such job has this id.
    """
    row = session.scalar(select(JobRow).where(JobRow.id == job_id, *of_owner(owner_id)))
    if row is None:
        raise job_not_found(job_id)
    return row


def job_number(session: Session, job_id: str, owner_id: int | None = None) -> int:
    """Return the number of a job.

    Raises:
        JobNotFound: no such job has this id.
    """
    number = session.scalar(select(JobRow.number).where(JobRow.id == job_id, *of_owner(owner_id)))
    if number is None:
        raise job_not_found(job_id)
    return number


def job_not_found(job_id: str) -> JobNotFound:
    """Return the error that says so."""
    return JobNotFound(f"No job has the id {job_id}. Finished jobs are forgotten after HISTORY_DAYS.")
