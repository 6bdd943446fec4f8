"""The table of schedules. No queries here."""

from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, rows_where


class ScheduleRow(Base):
    """Something that is done again and again.

    Attributes:
        subject: what it is about, such as ``connection:<id>``; one schedule each.
        kind: names the function that starts its jobs.
        arguments: JSON, for that function; never a secret.
        interval: seconds from one start to the next.
        enabled: False: it starts nothing by itself.
        due_at: POSIX seconds when it is started next, not before its last job has finished.
        job_id: the last job that it started.
        message: what became of the last start, for people.
    """

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(128), unique=True)
    kind: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    interval: Mapped[int]
    enabled: Mapped[bool]
    due_at: Mapped[float]
    job_id: Mapped[str | None] = mapped_column(String(36))
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[float]

    __table_args__ = (
        # The scheduler asks every second for those that are due.
        Index("ix_schedules_due", "due_at", **rows_where("enabled")),
        {"sqlite_autoincrement": True},
    )
