"""The list of webhooks, and the form for a new one."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from app.accounts.permissions import require_user
from app.dashboard.blueprint import blueprint
from app.dashboard.rendering import page
from app.dashboard.webhooks.webhook_forms import NEW, STATE_WORDS, Refusal, draft, ends, refusal, typed
from app.errors import InvalidInput
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.services import current_services

_DONE = {"deleted": "The webhook was deleted, with the log of its deliveries."}


@blueprint.get("/account/webhooks")
def show_webhooks() -> Response:
    """Show the webhooks that the caller sees."""
    services = current_services()
    found = services.webhooks.list(required_caller())
    return page(
        "webhooks.html",
        webhooks=found,
        owners=services.accounts.users_named(webhook.owner_id for webhook in found),
        ends=ends,
        done=_DONE.get(request.args.get("done", "")),
    )


@blueprint.get("/account/webhooks/new")
def show_new_webhook() -> Response:
    """Show the form for a webhook."""
    require_user(required_caller(), "make webhooks")
    return _form(NEW)


@blueprint.post("/account/webhooks/new")
@changes_something
def make_webhook() -> Response:
    """Make a webhook and show its secret: this page is the only one that ever does."""
    caller = required_caller()
    try:
        made = current_services().webhooks.create(caller, draft(request.form, is_admin=caller.is_admin))
    except InvalidInput as error:
        return _form(typed(request.form), refusal(error))
    return page("webhook_secret.html", webhook=made.webhook, secret=made.secret, is_new=True)


def _form(values: Mapping[str, Any], refused: Refusal | None = None) -> Response:
    status = refused.status if refused else 200
    return page("webhook_form.html", status, webhook=None, values=values, refused=refused, state_words=STATE_WORDS)
