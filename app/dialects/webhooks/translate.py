"""Between the wire of webhooks and the domain. Pure functions."""

from typing import Any

from app.web.timestamps import timestamp
from app.webhooks.contract import Delivery, DeliveryState, Webhook


def webhook_document(webhook: Webhook, owner: str | None) -> dict[str, Any]:
    """Return a webhook as the wire has it."""
    return {
        "id": webhook.id,
        "owner": owner,
        "url": webhook.url,
        "states": [*webhook.states],
        "description": webhook.description,
        "enabled": webhook.enabled,
        "every_owner": webhook.every_owner,
        "failures": webhook.failures,
        "message": webhook.message,
        "created_at": timestamp(webhook.created_at),
        "updated_at": timestamp(webhook.updated_at),
    }


def delivery_document(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery as the wire has it."""
    return {
        "id": delivery.id,
        "job": delivery.job_id,
        "type": delivery.event,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "message": delivery.message,
        "seconds": delivery.seconds,
        "due_at": timestamp(delivery.due_at) if delivery.state is DeliveryState.WAITING else None,
        "created_at": timestamp(delivery.created_at),
        "finished_at": timestamp(delivery.finished_at),
    }
