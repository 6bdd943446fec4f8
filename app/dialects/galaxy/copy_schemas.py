"""What get, send and the routes of jobs answer, for the OpenAPI document of the dialect."""

import marshmallow as ma
from marshmallow import fields

from app.dialects.galaxy.schemas import ID, TIME
from app.dialects.galaxy.translate_jobs import STATES

LABEL = '{"object": "rep1.bed", "job_id": "3f5830403180d620"}'


def _id() -> fields.String:
    return fields.String(metadata=ID)


def _time() -> fields.String:
    return fields.String(metadata=TIME)


class GottenDataset(ma.Schema):
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


class SentDatasets(ma.Schema):
    """What a send has begun. The labels are texts, each of which is JSON."""

    sent_dataset_labels = fields.List(fields.String(metadata={"example": LABEL}))
    bucket_name = fields.String()
    failed_dataset_labels = fields.List(fields.String(), metadata={"description": "Of object and error."})


class Job(ma.Schema):
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


class NamedDataset(ma.Schema):
    """A dataset, by its id."""

    id = _id()
    src = fields.String()


class LinkedDataset(NamedDataset):
    """A dataset that a job reads or fills."""

    uuid = fields.UUID()


class FullJob(Job):
    """A job by itself; from ``stdout`` on only in full."""

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


class Association(ma.Schema):
    """A dataset under the name that it has for a job."""

    name = fields.String()
    dataset = fields.Nested(NamedDataset)
