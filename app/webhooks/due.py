"""Asks for which webhooks something is due, and what. Asked each second: it goes through the index of what waits."""

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.webhooks.model import DeliveryRow, WebhookRow
from app.webhooks.turns import Due
from app.webhooks.waiting import WAITING, waits_for


def due_webhooks(session: Session, now: float) -> tuple[Sequence[Due], Sequence[int]]:
    """Return the webhooks for which something is due, and the owner of each to which something is being sent."""
    is_leased = func.max(case((DeliveryRow.leased_until > now, 1), else_=0)).label("is_leased")
    each = select(waits_for.label("number"), func.min(DeliveryRow.due_at).label("due_at"), is_leased)
    found = each.where(WAITING, DeliveryRow.due_at <= now).group_by(waits_for).subquery()
    told = select(WebhookRow.number, WebhookRow.id, WebhookRow.owner_id, found.c.due_at, WebhookRow.failures)
    rows = session.execute(told.add_columns(found.c.is_leased).join(found, found.c.number == WebhookRow.number)).all()
    return [Due(*row[:-1]) for row in rows if not row.is_leased], [row.owner_id for row in rows if row.is_leased]


def longest_due(session: Session, due: Due) -> int:
    """Return the number of the delivery that has been due longest, in the snapshot that ``due`` is from."""
    found = select(DeliveryRow.number).where(WAITING, DeliveryRow.due_at == due.due_at, waits_for == due.number)
    return session.scalars(found.order_by(DeliveryRow.number).limit(1)).one()
