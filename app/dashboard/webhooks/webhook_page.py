"""The page of one webhook: what is known of it, its deliveries, a test, changing it and deleting it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, redirect, request

from app.accounts.permissions import require_user
from app.dashboard.blueprint import blueprint
from app.dashboard.rendering import page
from app.dashboard.webhooks.webhook_forms import STATE_WORDS, Refusal, draft, ends, refusal, shown, typed
from app.errors import InvalidInput
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services
from app.webhooks.contract import DeliveryState, Webhook

_SHOWN = 50
_PATH = "/account/webhooks/<uuid:webhook_id>"

_DONE = {
    "changed": "The changes were kept.",
    "tested": "A test is on its way. Load this page again to see what became of it.",
    "again": "The message is on its way again. Load this page again to see what became of it.",
}
_TONES = {DeliveryState.WAITING: "busy", DeliveryState.DELIVERED: "good", DeliveryState.FAILED: "bad"}
_WORDS = {DeliveryState.WAITING: "Waiting", DeliveryState.DELIVERED: "Delivered", DeliveryState.FAILED: "Given up"}


@blueprint.get(_PATH)
def show_webhook(webhook_id: UUID) -> Response:
    """Show one webhook, and a page of its deliveries."""
    services, caller, name = current_services(), required_caller(), str(webhook_id)
    webhook = services.webhooks.get(caller, name)
    before = request.args.get("before") or None
    found = services.webhooks.deliveries(caller, name, before, _SHOWN + 1)
    return page(
        "webhook.html",
        webhook=webhook,
        owner=services.accounts.users_named([webhook.owner_id]).get(webhook.owner_id),
        deliveries=found[:_SHOWN],
        older=found[_SHOWN - 1].id if len(found) > _SHOWN else None,
        tones=_TONES,
        delivery_words=_WORDS,
        ends=ends,
        done=_DONE.get(request.args.get("done", "")),
    )


@blueprint.get(f"{_PATH}/edit")
def show_edit_of_webhook(webhook_id: UUID) -> Response:
    """Show the form with which a webhook is changed."""
    caller = required_caller()
    require_user(caller, "change webhooks")
    webhook = current_services().webhooks.get(caller, str(webhook_id))
    return _form(webhook, shown(webhook))


@blueprint.post(f"{_PATH}/edit")
@changes_something
def change_webhook(webhook_id: UUID) -> Response:
    """Change a webhook, all that was filled in or nothing."""
    caller, webhooks = required_caller(), current_services().webhooks
    try:
        webhooks.change(caller, str(webhook_id), draft(request.form, is_admin=caller.is_admin))
    except InvalidInput as error:
        return _form(webhooks.get(caller, str(webhook_id)), typed(request.form), refusal(error))
    return _to(webhook_id, "changed")


@blueprint.post(f"{_PATH}/secret")
@changes_something
def renew_secret(webhook_id: UUID) -> Response:
    """Give a webhook another secret, and show it this once."""
    made = current_services().webhooks.renew_secret(required_caller(), str(webhook_id))
    return page("webhook_secret.html", webhook=made.webhook, secret=made.secret, is_new=False)


@blueprint.post(f"{_PATH}/test")
@changes_something
def send_test(webhook_id: UUID) -> Response:
    """Send a message that tells of no job."""
    current_services().webhooks.test(required_caller(), str(webhook_id))
    return _to(webhook_id, "tested")


@blueprint.post(f"{_PATH}/deliveries/<uuid:delivery_id>/redeliver")
@changes_something
def redeliver(webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send a message again."""
    current_services().webhooks.redeliver(required_caller(), str(webhook_id), str(delivery_id))
    return _to(webhook_id, "again")


@blueprint.post(f"{_PATH}/delete")
@changes_something
def delete_webhook(webhook_id: UUID) -> Response:
    """Delete a webhook."""
    current_services().webhooks.delete(required_caller(), str(webhook_id))
    return redirect("/account/webhooks?done=deleted", 303)  # type: ignore[return-value]  # werkzeug's class for Flask's


def _form(webhook: Webhook, values: Mapping[str, Any], refused: Refusal | None = None) -> Response:
    status = refused.status if refused else 200
    return page("webhook_form.html", status, webhook=webhook, values=values, refused=refused, state_words=STATE_WORDS)


def _to(webhook_id: UUID, done: str) -> Response:
    return redirect(f"/account/webhooks/{webhook_id}?done={done}", 303)  # type: ignore[return-value]  # as above
