"""The tables of webhooks and their deliveries. No queries here."""

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base
from app.webhooks.contract import TEST_EVENT, Delivery, DeliveryState, Webhook

_WAITING = text("state = 'waiting'")


class WebhookRow(Base):
    """One webhook; see `Webhook` for what is not said here.

    Attributes:
        states: the final states of jobs that it is told of.
        sealed: its secret, sealed for this row's id.
        failures: how many deliveries in a row were given up.
    """

    __tablename__ = "webhooks"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    every_owner: Mapped[bool]
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    states: Mapped[list[str]] = mapped_column(JSON)
    sealed: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool]
    failures: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[float]
    updated_at: Mapped[float]

    __table_args__ = ({"sqlite_autoincrement": True},)

    def snapshot(self) -> Webhook:
        """Return what the rest of the product sees of this row."""
        values = {name: getattr(self, name) for name in Webhook.__slots__}
        return Webhook(**values | {"states": tuple(self.states)})


class DeliveryRow(Base):
    """One message to one webhook; see `Delivery` for what is not said here.

    Attributes:
        due_at: POSIX seconds of the database's clock; not tried before.
        leased_until: somebody sends it until then; None: nobody does.
        finished_at: when it ended; set while it waits: it had ended then, and a person has it sent again.
    """

    __tablename__ = "deliveries"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), unique=True)
    webhook_number: Mapped[int] = mapped_column(ForeignKey("webhooks.number", ondelete="CASCADE"), index=True)
    job_id: Mapped[str | None] = mapped_column(String(36))
    event: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    due_at: Mapped[float]
    leased_until: Mapped[float | None]
    status: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float | None]
    created_at: Mapped[float]
    finished_at: Mapped[float | None]

    __table_args__ = (
        # Each second it is asked for those that are due, among all that were delivered long ago.
        Index("ix_deliveries_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        {"sqlite_autoincrement": True},
    )

    @property
    def is_asked_for(self) -> bool:
        """Whether it waits because of a person, not because a job has ended."""
        return self.event == TEST_EVENT or self.finished_at is not None

    def snapshot(self) -> Delivery:
        """Return what the rest of the product sees of this row."""
        values = {name: getattr(self, name) for name in Delivery.__slots__}
        state = DeliveryState(self.state)
        finished_at = None if state is DeliveryState.WAITING else self.finished_at
        return Delivery(**values | {"state": state, "finished_at": finished_at})
