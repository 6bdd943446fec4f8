"""What people do with webhooks: make, change, try and delete them, and look into the log of their deliveries."""

from collections.abc import Callable, Sequence
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write, require_user
from app.connections.fetch_policy import FetchPolicy
from app.connections.secrets import SecretBox
from app.db import Database
from app.db.resealing import seal_again
from app.errors import InvalidInput, NotAllowed, NotFound, TooBusy
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
from app.webhooks.messages import trial_body
from app.webhooks.model import DeliveryRow, WebhookRow
from app.webhooks.outbox import Now, give_up, new_delivery
from app.webhooks.sealing import sealed
from app.webhooks.signing import new_secret

WEBHOOKS_MAX = 20
"""So many a user may have."""

_TESTS_WAITING_MAX = 5
_RETRY_AFTER_SECONDS = 15
_PRUNED_AT_ONCE = 1000
_DAY = 86_400.0


class WebhookService:
    """The webhooks of all processes that share one database. Thread-safe; snapshots go out.

    A user has his own, an admin everybody's too; to all others they are not there. Every method may raise
    `DatabaseUnavailable` and then has changed nothing.

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
            if not row.enabled:
                give_up(session, row.number, now)
            row.updated_at = now
            return row.snapshot()

    def delete(self, caller: Caller, webhook_id: str) -> None:
        """Delete a webhook with all its deliveries.

        Raises:
            NotFound: the caller sees none of this id.
            NotAllowed: his key may only read.
        """
        require_may_write(caller)
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
            if _tests_waiting(session, webhook.number) >= _TESTS_WAITING_MAX:
                raise TooBusy(_RETRY_AFTER_SECONDS)
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
            NotAllowed: the caller may not.
        """
        require_user(caller, "send messages of webhooks again")
        with self._database.writing() as session:
            row = _delivery(session, _row(session, caller, webhook_id), delivery_id)
            row.state, row.finished_at = DeliveryState.WAITING.value, None
            row.due_at = self._now(session)
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

    def _prune_some(self) -> bool:
        with self._database.reading() as session:
            old = DeliveryRow.finished_at < self._now(session) - self._history_seconds
            numbers = session.scalars(select(DeliveryRow.number).where(old).limit(_PRUNED_AT_ONCE)).all()
        if numbers:
            with self._database.writing() as session:
                session.execute(delete(DeliveryRow).where(DeliveryRow.number.in_(numbers), old))
        return len(numbers) == _PRUNED_AT_ONCE

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


def _tests_waiting(session: Session, webhook_number: int) -> int:
    tests = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.webhook_number == webhook_number)
    return session.scalar(tests.where(DeliveryRow.event == TEST_EVENT, DeliveryRow.finished_at.is_(None))) or 0
