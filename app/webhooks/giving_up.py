"""Gives up what may not be sent any more and what is too much, in portions: others can write in between."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import func, select, update

from app.db import Database
from app.errors import DatabaseUnavailable
from app.webhooks.contract import DeliveryState
from app.webhooks.model import DeliveryRow
from app.webhooks.waiting import WAITING, Now, Waiting, waiting, waits_for

WAITING_MAX = 10_000
"""So many messages may wait for one webhook."""

_AT_ONCE = 500
_TOO_MANY = f"Given up: more than {WAITING_MAX} messages waited for this webhook, and this was one of the oldest."


def clear(database: Database, now: Now, webhook_number: int) -> None:
    """Give up what waits for a webhook and may not be sent; what is being sent just now is let be.

    Where the database fails, the rest is given up when its turn to be sent comes: no error is raised.
    """
    found = select(DeliveryRow.number).where(WAITING, waits_for == webhook_number).order_by(DeliveryRow.number)
    with suppress(DatabaseUnavailable):
        with database.reading() as session:
            numbers = session.scalars(found).all()
        _give_up(database, now, numbers, lambda one: one.refusal)


def cut(database: Database, now: Now) -> None:
    """Give up the oldest messages of each webhook for which more than `WAITING_MAX` wait.

    Raises:
        DatabaseUnavailable: the rest is given up at the next call.
    """
    count = func.count()
    crowded = select(waits_for, count).where(WAITING).group_by(waits_for)
    oldest = select(DeliveryRow.number).where(WAITING).order_by(DeliveryRow.number)
    surplus: list[int] = []
    with database.reading() as session:
        for webhook_number, many in session.execute(crowded.having(count > WAITING_MAX)).all():
            surplus += session.scalars(oldest.where(waits_for == webhook_number).limit(many - WAITING_MAX))
    _give_up(database, now, surplus, lambda _: _TOO_MANY)


def _give_up(database: Database, now: Now, numbers: Sequence[int], why: Callable[[Waiting], str]) -> None:
    """Give up those of these deliveries for which there is a reason in the transaction that writes it."""
    for start in range(0, len(numbers), _AT_ONCE):
        with database.writing() as session:
            moment = now(session)
            some = waiting(session, numbers[start : start + _AT_ONCE], moment)
            reasons = [(why(one), one.delivery.number) for one in some]
            for sentence in {reason for reason, _ in reasons if reason}:
                alike = [number for reason, number in reasons if reason == sentence]
                ended = {"state": DeliveryState.FAILED.value, "finished_at": moment, "leased_until": None}
                session.execute(
                    update(DeliveryRow).where(DeliveryRow.number.in_(alike)).values(message=sentence, **ended),
                    execution_options={"synchronize_session": False},
                )
