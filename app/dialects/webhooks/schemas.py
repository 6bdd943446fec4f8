"""The wire shapes of webhooks and their deliveries."""

import marshmallow as ma
from marshmallow import fields, validate

from app.web.answers import Answer
from app.webhooks.contract import FINAL_STATES, DeliveryState


def _described(text: str) -> dict[str, str]:
    return {"description": text}


class _State(fields.String):
    """A final state of a job."""

    def __init__(self) -> None:
        super().__init__(validate=validate.OneOf([state.value for state in FINAL_STATES]))


class Changes(ma.Schema):
    """What can be said of a webhook; what is left out stays as it is."""

    class Meta:
        """Refuse what is misspelt."""

        unknown = ma.RAISE

    url = fields.String(metadata=_described("http or https; not of a private network, unless the operator allows it."))
    states = fields.List(
        _State(), validate=validate.Length(min=1), metadata=_described("The ends of jobs to tell of; all when new.")
    )
    description = fields.String(metadata=_described("Any text, 500 characters at most."))
    enabled = fields.Boolean(metadata=_described("false: nothing is sent but what a person asks for."))
    every_owner = fields.Boolean(metadata=_described("true: tell of everybody's jobs. Only an admin may say so."))


class NewWebhook(Changes):
    """A webhook to be made."""

    url = fields.String(required=True, metadata=_described("Where messages go, by POST."))


class Webhook(Answer):
    """One webhook."""

    id = fields.UUID()
    owner = fields.String(allow_none=True, metadata=_described("The name of its user."))
    url = fields.String()
    states = fields.List(_State())
    description = fields.String()
    enabled = fields.Boolean()
    every_owner = fields.Boolean()
    failures = fields.Integer(metadata=_described("How many deliveries in a row were given up."))
    message = fields.String(metadata=_described("Why this service disabled it; empty when it did not."))
    created_at = fields.String(metadata={"format": "date-time"})
    updated_at = fields.String(metadata={"format": "date-time"})


class WebhookWithSecret(Webhook):
    """A webhook and its secret, which is shown this once."""

    secret = fields.String(metadata=_described("whsec_ and Base64, as libraries of Standard Webhooks take it."))


class PageParameters(ma.Schema):
    """What page of the log is wanted."""

    class Meta:
        """Refuse what is misspelt."""

        unknown = ma.RAISE

    before = fields.UUID(metadata=_described("The id of a delivery: only older ones."))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=1000))


class Delivery(Answer):
    """One message to one webhook."""

    id = fields.UUID(metadata=_described("The receiver gets it as webhook-id, the same at each attempt."))
    job = fields.UUID(allow_none=True, metadata=_described("The job that it tells of; null for a test."))
    type = fields.String(metadata=_described("job.succeeded, job.partial, job.failed, job.cancelled or webhook.test."))
    state = fields.String(validate=validate.OneOf([state.value for state in DeliveryState]))
    attempts = fields.Integer()
    status = fields.Integer(allow_none=True, metadata=_described("Of the last answer; null without one."))
    message = fields.String(metadata=_described("What became of the last attempt; empty when all went well."))
    seconds = fields.Float(allow_none=True, metadata=_described("How long the last attempt took."))
    due_at = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "When it is sent next; null: not any more."}
    )
    created_at = fields.String(metadata={"format": "date-time"})
    finished_at = fields.String(allow_none=True, metadata={"format": "date-time"})
