"""What people do with webhooks: make, change, try and delete them, and look into the log of their deliveries."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.accounts.model import UserRow
from app.accounts.permissions import require_may_write, require_user
from app.connections.fetch_policy import FetchPolicy
from app.connections.secrets import SecretBox
from app.db import Database
from app.db.resealing import seal_again
from app.errors import InvalidInput, NotAllowed, NotFound, TooBusy
from app.jobs.model import JobRow
from app.settings import Settings
from app.webhooks.contract import (
    FINAL_STATES,
    TEST_EVENT,
    Delivery,
    DeliveryState,
    Draft,
    NewWebhook,
    Webhook,
)
from app.webhooks.drafts import checked
from app.webhooks.giving_up import clear
from app.webhooks.messages import trial_body
from app.webhooks.model import DeliveryRow, WebhookRow
from app.webhooks.outbox import new_delivery
from app.webhooks.sealing import sealed
from app.webhooks.signing import new_secret
from app.webhooks.waiting import WAITING, Now, refusal, waits_for

WEBHOOKS_MAX = 20
"""So many a user may have."""

_TESTS_WAITING_MAX = 5
_REDELIVERIES_WAITING_MAX = 20
_RETRY_AFTER_SECONDS = 15
_FORGOTTEN_AT_ONCE = 1000
_DAY = 86_400.0


class WebhookService:
    """The webhooks of all processes that share one database. Thread-safe; snapshots go out.

    A user has his own, an admin everybody's too; to all others they are not there. Every method may raise
    `DatabaseUnavailable` and then has changed nothing, where it does not say otherwise.

    Args:
        database: upgraded.
        box: seals their secrets.
        settings: the address policy, and HISTORY_DAYS.
        now: the database's clock.
    """

    def __init__(self, database: Database, box: SecretBox, settings: Settings, now: Now) -> None:
        self._database, self._box, self._now = database, box, now
        self._policy = FetchPolicy.of_webhooks(settings)
        self._history_seconds = settings.history_days * _DAY
        self._listeners: list[Callable[[], None]] = []
        self.chores: Sequence[Callable[[], None]] = (self.prune,)

    def tell(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called whenever something was made due by a person. It must not block."""
        self._listeners.append(listener)

    def create(self, caller: Caller, draft: Draft) -> NewWebhook:
        """Make a webhook of the caller's.

        Raises:
            InvalidInput: it cannot be so; also where its address leads inside.
            NotAllowed: the caller may not, or has as many as he may.
        """
        require_user(caller, "make webhooks")
        if draft.url is None:
            raise InvalidInput("url", "Say where to send messages.")
        values = checked(caller, draft, self._policy)
        secret, webhook_id = new_secret(), str(uuid4())
        with self._database.writing() as session:
            _require_room(session, caller)
            now = self._now(session)
            row = WebhookRow(
                id=webhook_id,
                owner_id=caller.user_id,
                **{**_DEFAULTS, **values},
                sealed=sealed(self._box, secret, webhook_id),
                failures=0,
                message="",
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            return NewWebhook(row.snapshot(), secret)

    def list(self, caller: Caller) -> Sequence[Webhook]:
        """Return the webhooks that the caller sees, oldest first."""
        with self._database.reading() as session:
            found = session.scalars(select(WebhookRow).where(*_seen_by(caller)).order_by(WebhookRow.number))
            return [row.snapshot() for row in found]

    def get(self, caller: Caller, webhook_id: str) -> Webhook:
        """Return one webhook.

        Raises:
            NotFound: the caller sees none of this id.
        """
        with self._database.reading() as session:
            return _row(session, caller, webhook_id).snapshot()

    def change(self, caller: Caller, webhook_id: str, draft: Draft) -> Webhook:
        """Change what the draft says. Who disables it gives up what waits to be sent; who enables it begins anew.

        Raises:
            InvalidInput, NotAllowed: as `create`.
            NotFound: the caller sees none of this id.
        """
        require_user(caller, "change webhooks")
        values = checked(caller, draft, self._policy)
        with self._database.writing() as session:
            row, now = _row(session, caller, webhook_id), self._now(session)
            for name, value in values.items():
                setattr(row, name, value)
            if "enabled" in values:
                row.failures, row.message = 0, ""
            row.updated_at = now
            changed, number = row.snapshot(), row.number
        if not changed.enabled:
            clear(self._database, self._now, number)
        return changed

    def delete(self, caller: Caller, webhook_id: str) -> None:
        """Delete a webhook with all its deliveries.

        Raises:
            DatabaseUnavailable: some deliveries may be forgotten already, and the webhook is disabled.
            NotFound: the caller sees none of this id.
            NotAllowed: his key may only read.
        """
        require_may_write(caller)
        with self._database.writing() as session:
            row = _row(session, caller, webhook_id)
            row.enabled = False  # nothing is added while its deliveries are forgotten
            number = row.number
        while self._forget_some(DeliveryRow.webhook_number == number):
            pass
        with self._database.writing() as session:
            session.delete(_row(session, caller, webhook_id))

    def renew_secret(self, caller: Caller, webhook_id: str) -> NewWebhook:
        """Give a webhook another secret, which counts from the next attempt on.

        Raises:
            NotFound: the caller sees none of this id.
            NotAllowed: the caller may not.
        """
        require_user(caller, "change webhooks")
        secret = new_secret()
        with self._database.writing() as session:
            row = _row(session, caller, webhook_id)
            row.sealed, row.updated_at = sealed(self._box, secret, row.id), self._now(session)
            return NewWebhook(row.snapshot(), secret)

    def test(self, caller: Caller, webhook_id: str) -> Delivery:
        """Have a message sent once that tells of no job, also to a webhook that is disabled.

        Raises:
            NotFound: the caller sees none of this id.
            NotAllowed: the caller may not.
            TooBusy: several such messages wait already.
        """
        require_user(caller, "test webhooks")
        with self._database.writing() as session:
            webhook, now = _row(session, caller, webhook_id), self._now(session)
            _require_few(session, webhook, DeliveryRow.event == TEST_EVENT, _TESTS_WAITING_MAX)
            row = new_delivery(webhook, TEST_EVENT, trial_body(webhook.id, now), now)
            session.add(row)
            session.flush()
            made = row.snapshot()
        self._announce()
        return made

    def deliveries(
        self, caller: Caller, webhook_id: str, before: str | None = None, limit: int = 50
    ) -> Sequence[Delivery]:
        """Return a page of a webhook's deliveries, newest first.

        Args:
            caller: who asks.
            webhook_id: whose deliveries.
            before: the id of a delivery: only older ones.
            limit: at most so many.

        Raises:
            NotFound: the caller sees none of this id; or no delivery has the id that ``before`` names.
        """
        with self._database.reading() as session:
            webhook = _row(session, caller, webhook_id)
            where = [DeliveryRow.webhook_number == webhook.number]
            if before is not None:
                where.append(DeliveryRow.number < _delivery(session, webhook, before).number)
            found = select(DeliveryRow).where(*where).order_by(DeliveryRow.number.desc()).limit(limit)
            return [row.snapshot() for row in session.scalars(found)]

    def redeliver(self, caller: Caller, webhook_id: str, delivery_id: str) -> Delivery:
        """Have a delivery sent again now, whatever became of it, with the same id and body.

        Raises:
            NotFound: the caller sees no such webhook, or it has no such delivery.
            NotAllowed: the caller may not, or the webhook may not be told of it any more.
            TooBusy: many such messages wait already.
        """
        require_user(caller, "send messages of webhooks again")
        with self._database.writing() as session:
            webhook = _row(session, caller, webhook_id)
            row = _delivery(session, webhook, delivery_id)
            _require_right(session, webhook, row)
            self._make_due(session, webhook, row)
            again = row.snapshot()
        self._announce()
        return again

    def prune(self) -> None:
        """Forget the deliveries that ended HISTORY_DAYS ago."""
        while self._prune_some():
            pass

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have all secrets sealed again; see `app.connections.secrets.Reseal`."""
        return seal_again(self._database, WebhookRow.number, WebhookRow.sealed, again)

    def _make_due(self, session: Session, webhook: WebhookRow, row: DeliveryRow) -> None:
        now = self._now(session)
        is_over = row.state != DeliveryState.WAITING.value
        if is_over or not webhook.enabled:  # otherwise it is sent anyway, and only comes sooner
            _require_few(session, webhook, DeliveryRow.finished_at.is_not(None), _REDELIVERIES_WAITING_MAX)
            row.state, row.finished_at = DeliveryState.WAITING.value, row.finished_at or now
            row.attempts = 0
        row.due_at = now

    def _prune_some(self) -> bool:
        with self._database.reading() as session:
            old = DeliveryRow.finished_at < self._now(session) - self._history_seconds
        return self._forget_some(and_(old, DeliveryRow.state != DeliveryState.WAITING.value))

    def _forget_some(self, which: ColumnElement[bool]) -> bool:
        """Forget some deliveries; return whether there may be more."""
        with self._database.reading() as session:
            numbers = session.scalars(select(DeliveryRow.number).where(which).limit(_FORGOTTEN_AT_ONCE)).all()
        if numbers:
            with self._database.writing() as session:
                session.execute(delete(DeliveryRow).where(DeliveryRow.number.in_(numbers), which))
        return len(numbers) == _FORGOTTEN_AT_ONCE

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()


_DEFAULTS = {
    "states": [state.value for state in FINAL_STATES],
    "description": "",
    "enabled": True,
    "every_owner": False,
}


def _seen_by(caller: Caller) -> list[ColumnElement[bool]]:
    return [] if caller.is_admin else [WebhookRow.owner_id == caller.user_id]


def _row(session: Session, caller: Caller, webhook_id: str) -> WebhookRow:
    row = session.scalar(select(WebhookRow).where(WebhookRow.id == webhook_id, *_seen_by(caller)))
    if row is None:
        raise NotFound(f"No webhook of yours has the id {webhook_id}.")
    return row


def _delivery(session: Session, webhook: WebhookRow, delivery_id: str) -> DeliveryRow:
    found = select(DeliveryRow).where(DeliveryRow.id == delivery_id, DeliveryRow.webhook_number == webhook.number)
    row = session.scalar(found)
    if row is None:
        raise NotFound(f"This webhook has no delivery {delivery_id}. They are forgotten after HISTORY_DAYS.")
    return row


def _require_room(session: Session, caller: Caller) -> None:
    own = select(func.count()).select_from(WebhookRow).where(WebhookRow.owner_id == caller.user_id)
    if (session.scalar(own) or 0) >= WEBHOOKS_MAX:
        raise NotAllowed(f"You have {WEBHOOKS_MAX} webhooks, and that is the most. Delete one first.")


def _require_right(session: Session, webhook: WebhookRow, row: DeliveryRow) -> None:
    job_owner_id = session.scalar(select(JobRow.owner_id).where(JobRow.id == row.job_id))
    if sentence := refusal(row, webhook, session.get_one(UserRow, webhook.owner_id), job_owner_id):
        raise NotAllowed(sentence)


def _require_few(session: Session, webhook: WebhookRow, which: ColumnElement[bool], most: int) -> None:
    some = select(DeliveryRow.number).where(WAITING, waits_for == webhook.number, which).limit(most)
    if len(session.scalars(some).all()) >= most:
        raise TooBusy(_RETRY_AFTER_SECONDS)
