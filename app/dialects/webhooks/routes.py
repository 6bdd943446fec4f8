"""The routes of webhooks: parse, call one service method, translate."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response, jsonify

from app.dialects.webhooks import schemas
from app.dialects.webhooks.translate import delivery_document, webhook_document
from app.web.callers import required_caller
from app.web.guard import changes_something
from app.web.parameters import ParameterBlueprint
from app.web.public import ask_who_calls
from app.web.services import current_services
from app.webhooks.contract import Draft, NewWebhook, Webhook

blueprint = ParameterBlueprint("webhooks", __name__, description="Have addresses told that jobs have ended.")
ask_who_calls(blueprint)

REFUSED = "Another web site caused the request, or the caller may not."
UNKNOWN = "The caller has no such webhook, or it has no such delivery."
WHO = "Nobody says who calls, or what says so is wrong."


@blueprint.route("/webhooks", methods=["GET"])
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Webhook(many=True))
def list_webhooks() -> Response:
    """List the caller's webhooks, oldest first; for an admin everybody's."""
    return jsonify(_documents(current_services().webhooks.list(required_caller())))


@blueprint.route("/webhooks", methods=["POST"])
@blueprint.arguments(schemas.NewWebhook)
@blueprint.alt_response(403, description=f"{REFUSED} He may have 20.")
@blueprint.alt_response(401, description=WHO)
@blueprint.response(201, schemas.WebhookWithSecret)
@changes_something
def make_webhook(given: dict[str, Any]) -> Response:
    """Make a webhook. Its secret is in this answer and in no other."""
    answer = _with_secret(current_services().webhooks.create(required_caller(), Draft(**given)))
    answer.status_code = 201
    return answer


@blueprint.route("/webhooks/<uuid:webhook_id>", methods=["GET"])
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Webhook)
def show_webhook(webhook_id: UUID) -> Response:
    """Show a webhook."""
    return jsonify(_document(current_services().webhooks.get(required_caller(), str(webhook_id))))


@blueprint.route("/webhooks/<uuid:webhook_id>", methods=["PATCH"])
@blueprint.arguments(schemas.Changes)
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Webhook)
@changes_something
def change_webhook(given: dict[str, Any], webhook_id: UUID) -> Response:
    """Change a webhook. Who disables it gives up what waits; who enables it forgets earlier failures."""
    return jsonify(_document(current_services().webhooks.change(required_caller(), str(webhook_id), Draft(**given))))


@blueprint.route("/webhooks/<uuid:webhook_id>", methods=["DELETE"])
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(204)
@changes_something
def delete_webhook(webhook_id: UUID) -> Response:
    """Delete a webhook with the log of its deliveries."""
    current_services().webhooks.delete(required_caller(), str(webhook_id))
    return Response(status=204)


@blueprint.route("/webhooks/<uuid:webhook_id>/secret", methods=["POST"])
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.WebhookWithSecret)
@changes_something
def renew_secret(webhook_id: UUID) -> Response:
    """Give a webhook another secret, which signs from the next attempt on."""
    return _with_secret(current_services().webhooks.renew_secret(required_caller(), str(webhook_id)))


@blueprint.route("/webhooks/<uuid:webhook_id>/test", methods=["POST"])
@blueprint.alt_response(429, description="Several tests wait already; see Retry-After.")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(202, schemas.Delivery)
@changes_something
def send_test(webhook_id: UUID) -> Response:
    """Send a message of type webhook.test, once; what becomes of it is in the log."""
    made = current_services().webhooks.test(required_caller(), str(webhook_id))
    answer = jsonify(delivery_document(made))
    answer.status_code = 202
    return answer


@blueprint.route("/webhooks/<uuid:webhook_id>/deliveries", methods=["GET"])
@blueprint.arguments(schemas.PageParameters, location="query")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(200, schemas.Delivery(many=True))
def list_deliveries(parameters: dict[str, Any], webhook_id: UUID) -> Response:
    """List the deliveries of a webhook, newest first."""
    before = str(parameters["before"]) if "before" in parameters else None
    webhooks = current_services().webhooks
    found = webhooks.deliveries(required_caller(), str(webhook_id), before, parameters["limit"])
    return jsonify([delivery_document(delivery) for delivery in found])


@blueprint.route("/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/redeliver", methods=["POST"])
@blueprint.alt_response(429, description="Many such messages wait already; see Retry-After.")
@blueprint.alt_response(404, description=UNKNOWN)
@blueprint.alt_response(403, description=REFUSED)
@blueprint.alt_response(401, description=WHO)
@blueprint.response(202, schemas.Delivery)
@changes_something
def redeliver(webhook_id: UUID, delivery_id: UUID) -> Response:
    """Send a message again, with the same webhook-id, whatever became of it."""
    again = current_services().webhooks.redeliver(required_caller(), str(webhook_id), str(delivery_id))
    answer = jsonify(delivery_document(again))
    answer.status_code = 202
    return answer


def _with_secret(made: NewWebhook) -> Response:
    answer = jsonify({**_document(made.webhook), "secret": made.secret})
    answer.headers["Location"] = f"/webhooks/{made.webhook.id}"
    return answer


def _document(webhook: Webhook) -> dict[str, Any]:
    return _documents([webhook])[0]


def _documents(webhooks: Sequence[Webhook]) -> list[dict[str, Any]]:
    owners = current_services().accounts.users_named(webhook.owner_id for webhook in webhooks)
    return [webhook_document(one, owners[one.owner_id].name if one.owner_id in owners else None) for one in webhooks]
