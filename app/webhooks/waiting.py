"""What waits to be sent, with all that decides whether it still may be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, literal_column, or_, select
from sqlalchemy.orm import Session

from app.accounts.caller import Role
from app.accounts.model import UserRow
from app.jobs.model import JobRow
from app.webhooks.contract import DeliveryState
from app.webhooks.model import DeliveryRow, WebhookRow

Now: TypeAlias = Callable[[Session], float]
"""Returns POSIX seconds of the clock that all machines share."""

# In the words of the partial index, or SQLite does not use it.
WAITING: ColumnElement[bool] = DeliveryRow.state == literal_column("'waiting'")
"""What of all deliveries is in the index of those that wait."""

# The sum keeps databases from the index by webhook, in which is all that was ever sent.
waits_for: ColumnElement[int] = DeliveryRow.webhook_number + literal_column("0")
"""The number of a delivery's webhook, for queries that the index of what waits is to answer."""

_DISABLED = "Given up: the webhook was disabled."
_NOBODY = "Given up: the owner of the webhook is disabled."
_NOT_HIS = "Given up: this webhook may not be told of other users' jobs."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits and that nobody sends just now.

    Attributes:
        job_owner_id: whose job it tells of; None: nobody's, or the job is forgotten.
    """

    delivery: DeliveryRow
    webhook: WebhookRow
    owner: UserRow
    job_owner_id: int | None

    @property
    def refusal(self) -> str:
        """Why it may not be sent, in a sentence; empty when it may."""
        if not (self.webhook.enabled or self.delivery.is_asked_for):
            return _DISABLED
        return refusal(self.delivery, self.webhook, self.owner, self.job_owner_id)


def refusal(delivery: DeliveryRow, webhook: WebhookRow, owner: UserRow, job_owner_id: int | None) -> str:
    """Return why a message may not go to a webhook even if a person asks for it, in a sentence; empty when it may."""
    if owner.disabled_at is not None:
        return _NOBODY
    is_his = delivery.job_id is None or job_owner_id == owner.id
    return "" if is_his or (webhook.every_owner and owner.role is Role.ADMIN) else _NOT_HIS


def waiting(session: Session, numbers: Sequence[int], now: float) -> Sequence[Waiting]:
    """Return those of these deliveries that wait and that nobody sends, oldest first."""
    found = (
        select(DeliveryRow, WebhookRow, UserRow, JobRow.owner_id)
        .join(WebhookRow, WebhookRow.number == DeliveryRow.webhook_number)
        .join(UserRow, UserRow.id == WebhookRow.owner_id)
        .outerjoin(JobRow, JobRow.id == DeliveryRow.job_id)
        .where(DeliveryRow.number.in_(numbers), WAITING)
        .where(or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now))
    )
    return [Waiting(*row) for row in session.execute(found.order_by(DeliveryRow.number))]


def finish(delivery: DeliveryRow, state: DeliveryState, now: float) -> None:
    """Have a delivery end; nobody holds it any more."""
    delivery.state, delivery.finished_at, delivery.leased_until = state.value, now, None
