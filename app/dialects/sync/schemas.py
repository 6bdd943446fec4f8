"""The wire shapes of the sync dialect: parameters in, jobs, steps and errors out."""

import marshmallow as ma
from marshmallow import fields, validate

from app.copies.contract import Conflict, CopyKind
from app.mirrors.direction import Direction
from app.web.answers import Answer


class _Parameters(ma.Schema):
    class Meta:
        unknown = ma.RAISE


def _described(text: str) -> dict[str, str]:
    return {"description": text}


class SyncParameters(_Parameters):
    """What ``/sync`` takes; what is left out stands for the configured value."""

    direction = fields.String(
        validate=validate.OneOf([direction.value for direction in Direction]),
        metadata=_described("download: bring the bucket's objects into the folder; upload, the default: the reverse."),
    )
    source = fields.String(metadata=_described("Folder, relative to the uploads folder; all of it when left out."))
    dest = fields.String(metadata=_described("Bucket, mybucket when left out; an upload creates it when missing."))
    storage_url = fields.String(
        metadata=_described(
            "Endpoint, such as http://minio:9000; the configured one by default. Another one needs keys of its own."
        )
    )
    connection = fields.UUID(
        metadata=_described("The id of a connection, in the place of dest, storage_url and keys; needs a caller.")
    )
    access_key = fields.String(metadata=_described("Access key, together with secret_key."))
    secret_key = fields.String(load_only=True, metadata=_described("Secret key, together with access_key."))
    wait = fields.Float(
        validate=validate.Range(min=0, max=86_400),
        metadata=_described("Seconds to sleep between two file operations, which then run one at a time."),
    )
    prefix = fields.String(metadata=_described("Mirror this folder of the bucket only."))
    delete = fields.Boolean(
        metadata=_described("1: delete what the other side has not, 0: never delete. 1 for uploads, 0 for downloads.")
    )
    dry_run = fields.Boolean(metadata=_described("1: plan, count and list the steps, change nothing."))
    include = fields.List(
        fields.String(), metadata=_described("gitignore-like pattern; the last rule that matches wins.")
    )
    exclude = fields.List(  # type: ignore[assignment]  # marshmallow takes fields out of the class: its own stays
        fields.String(), metadata=_described("gitignore-like pattern; neither brought over nor deleted.")
    )
    max_delete = fields.String(metadata=_described("Most that may be deleted: a number such as 500, or 10%."))
    check = fields.String(
        validate=validate.OneOf(["exact", "size", "always"]), metadata=_described("What counts as changed.")
    )


class CopyParameters(_Parameters):
    """What ``/copy`` takes."""

    source = fields.UUID(required=True, metadata=_described("The id of the connection that has the objects."))
    target = fields.UUID(required=True, metadata=_described("The id of the connection that gets them."))
    objects = fields.List(fields.String(), required=True, metadata=_described("Keys, 1 to 1,000 of them."))
    prefix = fields.String(load_default="", metadata=_described("Comes before each key in the target, as it is."))
    conflict = fields.String(
        load_default=Conflict.FAIL.value,
        validate=validate.OneOf([conflict.value for conflict in Conflict]),
        metadata=_described("What is done where an object has that name already; rename puts the time behind it."),
    )


class RunningsParameters(_Parameters):
    """What ``/runnings`` takes."""

    all = fields.Boolean(load_default=False, metadata=_described("1: also the finished jobs, newest first."))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))


class JobParameters(_Parameters):
    """What names one job."""

    id = fields.UUID(required=True, metadata=_described("The job's id, as /sync answered it."))


class StepsParameters(JobParameters):
    """What ``/steps`` takes."""

    status = fields.String(validate=validate.OneOf(["done", "failed", "skipped", "planned"]))
    after = fields.Integer(
        load_default=0, validate=validate.Range(min=0), metadata=_described("Only steps with a larger number.")
    )
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))


class Planned(Answer):
    """What the plan holds so far."""

    uploads = fields.Integer(metadata=_described("Files to bring over; of a download, those to download."))
    deletes = fields.Integer()
    bytes = fields.Integer()
    complete = fields.Boolean(metadata=_described("Whether the plan is known to its end."))


class Done(Answer):
    """What has been done of the plan."""

    uploads = fields.Integer(metadata=_described("Files brought over; of a download, those downloaded."))
    deletes = fields.Integer()
    bytes = fields.Integer()


class UnchangedBy(Answer):
    """How it is known of how many files that both sides are equal."""

    index = fields.Integer(metadata=_described("As they were when last seen equal."))
    size = fields.Integer(metadata=_described("Both are empty, or only sizes count."))
    content = fields.Integer(metadata=_described("Their contents were compared."))


class Job(Answer):
    """One synchronisation."""

    id = fields.UUID()
    status = fields.String(
        validate=validate.OneOf(["queued", "running", "succeeded", "partial", "failed", "cancelled"])
    )
    reason = fields.String(allow_none=True)
    message = fields.String()
    kind = fields.String(
        validate=validate.OneOf(["mirror", "synchronisation", "copy"]),
        metadata=_described("synchronisation: keeps a local mirror of a connection's bucket. copy: named objects."),
    )
    connection = fields.UUID(allow_none=True, metadata=_described("The connection that it uses, null without one."))
    source = fields.String(metadata=_described("Of a copy the bucket, library, or empty for uploads and the web."))
    dest = fields.String(metadata=_described("Of a copy the bucket, or library."))
    prefix = fields.String()
    direction = fields.String(
        validate=validate.OneOf([each.value for each in (*Direction, *CopyKind)]),
        metadata=_described("Of a copy get, send, import, or direct: from a bucket into a bucket."),
    )
    storage_url = fields.String(metadata=_described("Of a copy empty where an authorization says it."))
    wait = fields.Float()
    dry_run = fields.Boolean()
    planned = fields.Nested(Planned)
    done = fields.Nested(Done)
    unchanged = fields.Integer()
    unchanged_by = fields.Nested(UnchangedBy)
    skipped = fields.Integer()
    failed = fields.Integer()
    bytes_per_second = fields.Integer()
    eta_seconds = fields.Integer(allow_none=True, metadata=_described("null until planned.complete."))
    cancel_requested = fields.Boolean()
    created_at = fields.String(metadata={"format": "date-time"})
    started_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    finished_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class Step(Answer):
    """One finished file operation."""

    number = fields.Integer(metadata=_described("Ascends in the order in which steps finished."))
    action = fields.String(
        validate=validate.OneOf(["upload", "download", "copy", "delete", "create", "drop", "skip", "check"])
    )
    key = fields.String()
    status = fields.String(validate=validate.OneOf(["done", "failed", "skipped", "planned"]))
    bytes = fields.Integer()
    reason = fields.String()
    message = fields.String()
    finished_at = fields.String(metadata={"format": "date-time"})
