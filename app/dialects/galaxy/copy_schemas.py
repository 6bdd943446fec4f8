"""What get, send and the routes of jobs answer, for the OpenAPI document of the dialect."""

from marshmallow import fields

from app.dialects.galaxy.schemas import ID, TIME, Dataset
from app.dialects.galaxy.translate_jobs import STATES
from app.web.answers import Answer

LABEL = '{"object": "rep1.bed", "job_id": "3f5830403180d620"}'


def _id() -> fields.String:
    return fields.String(metadata=ID)


def _time() -> fields.String:
    return fields.String(metadata=TIME)


class GottenDataset(Answer):
    """A dataset that a get makes; ``purgable`` is Galaxy's word."""

    id = _id()
    create_time = _time()
    update_time = _time()
    state = fields.String()
    deleted = fields.Boolean()
    purged = fields.Boolean()
    purgable = fields.Boolean()
    file_size = fields.Integer(metadata={"description": "Bytes; 0 until it is there."})
    total_size = fields.Integer()
    uuid = fields.UUID()


class SentDatasets(Answer):
    """What a send has begun. The labels are texts, each of which is JSON."""

    sent_dataset_labels = fields.List(fields.String(metadata={"example": LABEL}))
    bucket_name = fields.String()
    failed_dataset_labels = fields.List(fields.String(), metadata={"description": "Of object and error."})


class Job(Answer):
    """A job as lists have it: one object of a get, a send or an upload."""

    model_class = fields.String()
    id = _id()
    history_id = fields.String(allow_none=True, metadata=ID)
    tool_id = fields.String()
    tool_version = fields.String()
    state = fields.String(metadata={"description": f"{', '.join(sorted(set(STATES.values())))} or deleting."})
    exit_code = fields.Integer(allow_none=True, metadata={"description": "0: ok, 1: error, null: neither."})
    create_time = _time()
    update_time = _time()


class NamedDataset(Answer):
    """A dataset, by its id."""

    id = _id()
    src = fields.String()


class LinkedDataset(NamedDataset):
    """A dataset that a job reads or fills."""

    uuid = fields.UUID()


class FullJob(Job):
    """A job by itself; what it has said only in full."""

    optional = (
        "stdout", "stderr", "tool_stdout", "tool_stderr", "job_stdout", "job_stderr", "command_line", "job_messages",
        "job_metrics", "dependencies", "traceback",
    )  # fmt: skip

    params = fields.Dict(metadata={"description": "Of a send also stored_as, the name that the object got."})
    inputs = fields.Dict(values=fields.Nested(LinkedDataset))
    outputs = fields.Dict(values=fields.Nested(LinkedDataset))
    output_collections = fields.Dict()
    copied_from_job_id = fields.String(allow_none=True)
    stdout = fields.String(metadata={"description": "What was stored, and under which name."})
    stderr = fields.String(metadata={"description": "Why nothing was."})
    tool_stdout = fields.String()
    tool_stderr = fields.String()
    job_stdout = fields.String()
    job_stderr = fields.String()
    command_line = fields.String()
    job_messages = fields.List(fields.Dict())
    job_metrics = fields.List(fields.Dict())
    dependencies = fields.List(fields.Dict())
    traceback = fields.String(allow_none=True)


class Association(Answer):
    """A dataset under the name that it has for a job."""

    name = fields.String()
    dataset = fields.Nested(NamedDataset)


class BroughtDataset(Dataset):
    """A dataset that an upload fills."""

    output_name = fields.String()


class Brought(Answer):
    """What an upload has begun: a dataset and a job for each file."""

    outputs = fields.List(fields.Nested(BroughtDataset))
    output_collections = fields.List(fields.Dict())
    jobs = fields.List(fields.Nested(Job))
    implicit_collections = fields.List(fields.Dict())
    produces_entry_points = fields.Boolean()


class BucketName(Answer):
    """A bucket."""

    name = fields.String()


class BucketObject(BucketName):
    """An object of a bucket."""

    size = fields.Integer()
    update_time = _time()


class Look(Answer):
    """A page of buckets; or of what is in one, directly below a prefix."""

    optional = ("buckets", "bucket", "prefix", "folders", "objects")

    buckets = fields.List(fields.Nested(BucketName), metadata={"description": "Only where no bucket was named."})
    bucket = fields.String()
    prefix = fields.String()
    folders = fields.List(fields.String())
    objects = fields.List(fields.Nested(BucketObject))
    next_token = fields.String(allow_none=True, metadata={"description": "The token of the next page."})
