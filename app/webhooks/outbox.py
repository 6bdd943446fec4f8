"""The queries of deliveries: what a finished job makes due, who sends it, and what became of that."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, literal_column, or_, select, text, update
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.accounts.caller import Role
from app.accounts.model import UserRow
from app.db import Database
from app.jobs.contract import Job
from app.jobs.model import JobRow
from app.webhooks.contract import TEST_EVENT, Answer, DeliveryState, Parcel
from app.webhooks.messages import event_of, job_body
from app.webhooks.model import DeliveryRow, WebhookRow
from app.webhooks.timing import pause_after

Now: TypeAlias = Callable[[Session], float]
"""Returns POSIX seconds of the clock that all machines share."""

LEASE_SECONDS = 120.0
"""Longer than an attempt can take, also where a name is slow to resolve and leads to many addresses."""

AT_ONCE_OF_ONE_OWNER = 4
GIVEN_UP_MAX = 10
"""So many deliveries in a row that were given up disable a webhook; each of them was tried for most of a day."""

_JOBS_AT_ONCE = 100
# In the words of the partial indexes, or SQLite does not use them; by number, or it takes that of all finished jobs.
_UNANNOUNCED = text("finished_at IS NOT NULL AND NOT announced")
_WAITING: ColumnElement[bool] = DeliveryRow.state == literal_column("'waiting'")

_GONE = "It was disabled: the receiver answered 410, which means that it wants nothing more."
_FAILING = f"It was disabled: {GIVEN_UP_MAX} deliveries in a row were given up. Enable it once its receiver answers."
_DISABLED = "Given up: the webhook was disabled."


class Outbox:
    """The deliveries of all processes that share one database. Thread-safe.

    Every method may raise `DatabaseUnavailable`; whatever is done twice because of that arrives with the same id.

    Args:
        database: upgraded.
        now: tells the time that leases are compared by.
        chance: from 0 to 1, for the jitter.
    """

    def __init__(self, database: Database, now: Now, chance: Callable[[], float]) -> None:
        self._database, self._now, self._chance = database, now, chance

    def announce(self) -> bool:
        """Make the deliveries of some jobs that have ended; return whether there were any.

        A job is announced once, whoever does it: its deliveries and its mark are one transaction.
        """
        with self._database.reading() as session:
            if session.scalar(select(JobRow.number).where(_UNANNOUNCED).order_by(JobRow.number).limit(1)) is None:
                return False
        with self._database.writing() as session:
            ended = session.scalars(select(JobRow).where(_UNANNOUNCED).order_by(JobRow.number).limit(_JOBS_AT_ONCE))
            jobs = {row.number: row.snapshot() for row in ended}
            self._add(session, list(jobs.values()))
            session.execute(update(JobRow).where(JobRow.number.in_(jobs)).values(announced=True))
        return bool(jobs)

    def lease(self, places: int) -> Sequence[Parcel]:
        """Take deliveries that are due to send them now: one of each webhook, and a few of each owner.

        Args:
            places: at most so many.
        """
        with self._database.reading() as session:
            if places <= 0 or not _choice(session, self._now(session), places):
                return []
        with self._database.writing() as session:
            now = self._now(session)
            chosen = select(DeliveryRow, WebhookRow).join(WebhookRow, WebhookRow.number == DeliveryRow.webhook_number)
            numbers = _choice(session, now, places)
            found = session.execute(chosen.where(DeliveryRow.number.in_(numbers))).all()
            return [_leased(delivery, webhook, now + LEASE_SECONDS) for delivery, webhook in found]

    def settle(self, parcel: Parcel, answer: Answer) -> str:
        """Write what became of an attempt; if the lease has run out meanwhile, what its next holder does counts.

        Returns:
            Why the webhook is disabled now, in a sentence; empty when it is not because of this.
        """
        with self._database.writing() as session:
            row = session.get(DeliveryRow, parcel.number)
            if row is None or row.leased_until != parcel.lease:
                return ""
            row.attempts += 1
            row.status, row.message, row.seconds = answer.status, answer.message, answer.seconds
            row.leased_until = None
            webhook = session.get_one(WebhookRow, row.webhook_number)
            now = self._now(session)
            if answer.is_delivered:
                _finish(row, DeliveryState.DELIVERED, now)
                webhook.failures = 0
                return ""
            return self._put_off(session, row, webhook, answer, now)

    def _put_off(self, session: Session, row: DeliveryRow, webhook: WebhookRow, answer: Answer, now: float) -> str:
        """Have it sent again later, or give it up; return as `settle` does."""
        pause = pause_after(row.attempts, answer.retry_after, self._chance())
        is_test = row.event == TEST_EVENT
        if pause is not None and webhook.enabled and not is_test and not answer.is_gone:
            row.due_at = now + pause
            return ""
        _finish(row, DeliveryState.FAILED, now)
        if is_test or not webhook.enabled:
            return ""
        webhook.failures += 1
        sentence = _GONE if answer.is_gone else _FAILING if webhook.failures >= GIVEN_UP_MAX else ""
        if sentence:
            webhook.enabled, webhook.message, webhook.updated_at = False, sentence, now
            give_up(session, webhook.number, now)
        return sentence

    def _add(self, session: Session, jobs: Sequence[Job]) -> None:
        now, owners = self._now(session), _owners(session, jobs)
        listening = select(WebhookRow, UserRow.role).join(UserRow, UserRow.id == WebhookRow.owner_id)
        webhooks = session.execute(listening.where(WebhookRow.enabled, UserRow.disabled_at.is_(None))).all()
        for job in jobs:
            told = [webhook for webhook, role in webhooks if _is_for(webhook, role, job)]
            body = job_body(job, owners.get(job.owner_id), now) if told else ""
            session.add_all(new_delivery(webhook, event_of(job), body, now, job.id) for webhook in told)


def new_delivery(webhook: WebhookRow, event: str, body: str, now: float, job_id: str | None = None) -> DeliveryRow:
    """Return the row of a message that is due now."""
    return DeliveryRow(
        id=str(UUID(int=uuid7().int)),
        webhook_number=webhook.number,
        job_id=job_id,
        event=event,
        body=body,
        state=DeliveryState.WAITING.value,
        attempts=0,
        due_at=now,
        message="",
        created_at=now,
    )


def give_up(session: Session, webhook_number: int, now: float) -> None:
    """Give up what a webhook that is disabled waits for; what is being sent is let be."""
    waits = [DeliveryRow.webhook_number == webhook_number, _WAITING, _is_free(now)]
    values: Mapping[str, Any] = {"state": DeliveryState.FAILED.value, "message": _DISABLED, "finished_at": now}
    session.execute(update(DeliveryRow).where(*waits).values(values))


def _finish(row: DeliveryRow, state: DeliveryState, now: float) -> None:
    row.state, row.finished_at = state.value, now


def _is_for(webhook: WebhookRow, role: Role, job: Job) -> bool:
    everybodys = webhook.every_owner and role is Role.ADMIN
    return job.state.value in webhook.states and (everybodys or webhook.owner_id == job.owner_id)


def _owners(session: Session, jobs: Sequence[Job]) -> Mapping[int | None, str]:
    ids = {job.owner_id for job in jobs if job.owner_id is not None}
    return {row.id: row.name for row in session.scalars(select(UserRow).where(UserRow.id.in_(ids)))}


def _is_free(now: float) -> ColumnElement[bool]:
    return or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now)


def _choice(session: Session, now: float, places: int) -> Sequence[int]:
    """Return the numbers of the deliveries to send now, the longest due first."""
    busy = session.execute(
        select(DeliveryRow.webhook_number, WebhookRow.owner_id)
        .join(WebhookRow, WebhookRow.number == DeliveryRow.webhook_number)
        .where(_WAITING, DeliveryRow.leased_until > now)
    ).all()
    return _fair(_first_of_each(session, now, {number for number, _ in busy}), [owner for _, owner in busy], places)


def _first_of_each(session: Session, now: float, busy: set[int]) -> Sequence[Row[int, int]]:
    """Return the longest due delivery of each webhook that is not busy, with the webhook's owner."""
    in_turn = func.row_number().over(
        partition_by=DeliveryRow.webhook_number, order_by=(DeliveryRow.due_at, DeliveryRow.number)
    )
    due = select(DeliveryRow.number, DeliveryRow.webhook_number, DeliveryRow.due_at, in_turn.label("place"))
    found = due.where(_WAITING, DeliveryRow.due_at <= now, _is_free(now)).subquery()
    first = select(found.c.number, WebhookRow.owner_id).join(WebhookRow, WebhookRow.number == found.c.webhook_number)
    first = first.where(found.c.place == 1, found.c.webhook_number.not_in(busy))
    return session.execute(first.order_by(found.c.due_at, found.c.number)).all()


def _fair(due: Sequence[Row[int, int]], owners_busy: Sequence[int], places: int) -> Sequence[int]:
    chosen: list[int] = []
    owners = list(owners_busy)
    for number, owner_id in due:
        if len(chosen) < places and owners.count(owner_id) < AT_ONCE_OF_ONE_OWNER:
            chosen.append(number)
            owners.append(owner_id)
    return chosen


def _leased(delivery: DeliveryRow, webhook: WebhookRow, until: float) -> Parcel:
    delivery.leased_until = until
    return Parcel(delivery.number, delivery.id, delivery.body, until, webhook.id, webhook.url, webhook.sealed)
