"""The queries of deliveries: what a finished job makes due, who sends it, and what became of that."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.accounts.caller import Role
from app.accounts.model import UserRow
from app.db import Database
from app.jobs.contract import Job
from app.jobs.model import JobRow
from app.webhooks.contract import TEST_EVENT, Answer, DeliveryState, Parcel
from app.webhooks.due import due_webhooks, longest_due
from app.webhooks.giving_up import clear, cut
from app.webhooks.messages import event_of, job_body
from app.webhooks.model import DeliveryRow, WebhookRow
from app.webhooks.timing import pause_after
from app.webhooks.turns import Turns
from app.webhooks.waiting import Now, Waiting, finish, waiting

LEASE_SECONDS = 120.0
"""Longer than an attempt can take, also where a name is slow to resolve and leads to many addresses."""

GIVEN_UP_MAX = 10
"""So many deliveries in a row that were given up disable a webhook; each of them was tried for most of a day."""

_JOBS_AT_ONCE = 100
# In the words of the partial index, or SQLite does not use them; by number, or it takes that of all finished jobs.
_UNANNOUNCED = text("finished_at IS NOT NULL AND NOT announced")

_GONE = "It was disabled: the receiver answered 410, which means that it wants nothing more."
_FAILING = f"It was disabled: {GIVEN_UP_MAX} deliveries in a row were given up. Enable it once its receiver answers."


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
        self._turns = Turns()

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
        cut(self._database, self._now)
        return bool(jobs)

    def lease(self, places: int) -> Sequence[Parcel]:
        """Take deliveries that are due to send them now: one of each webhook, and a few of each owner.

        What may not be sent any more is given up instead.

        Args:
            places: at most so many.
        """
        numbers = self._choice(places)
        if not numbers:
            return []
        with self._database.writing() as session:
            now = self._now(session)
            found = [one for one in waiting(session, numbers, now) if one.delivery.due_at <= now]
            parcels = [_leased(one, now + LEASE_SECONDS) for one in found if not one.refusal]
            refused = [one.webhook.number for one in found if one.refusal]
        for parcel in parcels:
            self._turns.began(parcel.webhook_id)
        for number in refused:
            clear(self._database, self._now, number)
        return parcels

    def settle(self, parcel: Parcel, answer: Answer) -> str:
        """Write what became of an attempt; if the lease has run out meanwhile, what its next holder does counts.

        Returns:
            Why the webhook is disabled now, in a sentence; empty when it is not because of this.
        """
        self._turns.ended(parcel.webhook_id, answer.seconds)
        with self._database.writing() as session:
            row = session.get(DeliveryRow, parcel.number)
            if row is None or row.leased_until != parcel.lease:
                return ""
            webhook = session.get_one(WebhookRow, row.webhook_number)
            sentence = self._settled(row, webhook, answer, self._now(session))
            number = webhook.number
        if sentence:
            clear(self._database, self._now, number)
        return sentence

    def _choice(self, places: int) -> Sequence[int]:
        """Return the numbers of the deliveries to send now."""
        if places <= 0:
            return []
        with self._database.reading() as session:
            now = self._now(session)
            due, owners_busy = due_webhooks(session, now)
            return [longest_due(session, one) for one in self._turns.choose(due, owners_busy, places)]

    def _settled(self, row: DeliveryRow, webhook: WebhookRow, answer: Answer, now: float) -> str:
        row.attempts += 1
        row.status, row.message, row.seconds = answer.status, answer.message, answer.seconds
        row.leased_until = None
        if not answer.is_delivered:
            return self._put_off(row, webhook, answer, now)
        finish(row, DeliveryState.DELIVERED, now)
        webhook.failures = 0
        return ""

    def _put_off(self, row: DeliveryRow, webhook: WebhookRow, answer: Answer, now: float) -> str:
        """Have it sent again later, or give it up; return as `settle` does."""
        pause = pause_after(row.attempts, answer.retry_after, self._chance())
        is_test = row.event == TEST_EVENT
        if pause is not None and webhook.enabled and not is_test and not answer.is_gone:
            row.due_at = now + pause
            return ""
        counts = not row.is_asked_for
        finish(row, DeliveryState.FAILED, now)
        if is_test or not webhook.enabled:
            return ""
        webhook.failures += counts
        sentence = _GONE if answer.is_gone else _FAILING if counts and webhook.failures >= GIVEN_UP_MAX else ""
        if sentence:
            webhook.enabled, webhook.message, webhook.updated_at = False, sentence, now
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


def _is_for(webhook: WebhookRow, role: Role, job: Job) -> bool:
    everybodys = webhook.every_owner and role is Role.ADMIN
    return job.state.value in webhook.states and (everybodys or webhook.owner_id == job.owner_id)


def _owners(session: Session, jobs: Sequence[Job]) -> Mapping[int | None, str]:
    ids = {job.owner_id for job in jobs if job.owner_id is not None}
    return {row.id: row.name for row in session.scalars(select(UserRow).where(UserRow.id.in_(ids)))}


def _leased(one: Waiting, until: float) -> Parcel:
    delivery, webhook = one.delivery, one.webhook
    delivery.leased_until = until
    return Parcel(delivery.number, delivery.id, delivery.body, until, webhook.id, webhook.url, webhook.sealed)
