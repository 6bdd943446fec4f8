"""Between Galaxy's get and send and what the copy service takes: their bodies, their answers, their refusals.

Pure, but that ids are written with the settings' secret.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo

from app.copies.contract import Conflict, Conversion, Copy, KeyUnavailable, Wanted
from app.dialects.galaxy.bodies import EncodedId
from app.dialects.galaxy.errors import NOT_FOUND, UNKNOWN
from app.dialects.galaxy.translate_authorizations import refusal_to_look
from app.dialects.galaxy.translate_datasets import DBKEY, NO_DBKEY, STATES
from app.dialects.galaxy.wire import encoded, iso_time
from app.errors import AccessDenied, AuthorizationUnusable, KeyRefused, ObjectMissing, StorageError
from app.library.contract import Item

NO_OBJECT = (
    "Could not get the object `{}`. Please check if the object exists, and credentials are valid and authorized to "
    "read the bucket and object. "  # the space at the end is Galaxy's
)
UNREADABLE_OBJECT = "The following error occurred while getting the object {}: {}"

_FLAGS = {"true": True, "yes": True, "false": False, "no": False, "": False}


def _flag(value: object, info: ValidationInfo) -> bool:
    """Take what any version of Galaxy took: booleans, and their words in any case."""
    if isinstance(value, bool) or value is None:
        return bool(value)
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    raise ValueError(f"The valid values for `{info.field_name}` argument are `true` and `false`; received {value}")


Flag = Annotated[bool, BeforeValidator(_flag)]


class InputArgs(BaseModel):
    """What happens to the files on their way; what else stands there is ignored."""

    dbkey: str | None = Field(default=None, max_length=255)
    file_type: str | None = Field(default=None, max_length=64)
    to_posix_lines: Flag = False
    space_to_tab: Flag = False


class GetBody(BaseModel):
    """What `POST /api/cloud/storage/get` takes."""

    history_id: EncodedId
    bucket: str
    objects: list[str]
    authz_id: EncodedId
    input_args: InputArgs | None = None


class SendBody(BaseModel):
    """What `POST /api/cloud/storage/send` takes; ``dataset_ids`` null: all, empty: none."""

    history_id: EncodedId
    bucket: str
    authz_id: EncodedId
    dataset_ids: list[EncodedId] | None = None
    overwrite_existing: bool | None = False

    @property
    def conflict(self) -> Conflict:
        """What is done where the bucket has an object of that name."""
        return Conflict.OVERWRITE if self.overwrite_existing else Conflict.RENAME


def conversion(given: InputArgs | None) -> Conversion:
    """Return what is done to the files.

    Without a word nothing: Galaxy 24.1 announced ``to_posix_lines`` as its default, which would change them.
    """
    given = given or InputArgs()
    return Conversion(file_type=given.file_type or "auto", posix_lines=given.to_posix_lines, tabs=given.space_to_tab)


def item_attributes(given: InputArgs | None) -> dict[str, str]:
    """Return what the items keep of it for this dialect."""
    return {DBKEY: (given.dbkey if given else None) or NO_DBKEY}


def dataset_summary(item: Item) -> dict[str, Any]:
    """Return an item as get answers it; ``purgable`` is Galaxy's word."""
    return {
        "id": encoded(item.number),
        "create_time": iso_time(item.created_at),
        "update_time": iso_time(item.updated_at),
        "state": STATES[item.state],
        "deleted": item.deleted,
        "purged": item.purged,
        "purgable": True,
        "file_size": item.size,
        "total_size": item.size,
        "uuid": item.id,
    }


def refusal_to_get(error: StorageError | AuthorizationUnusable, bucket: str) -> tuple[int, int, str]:
    """Return the status, the code and the sentence for why objects of a bucket cannot be had.

    As in Galaxy an object that may not be read, or whose name no object can have, is told as one that is not there.
    """
    if not isinstance(error, KeyUnavailable):
        return refusal_to_look(error, bucket)
    if isinstance(error.found, ObjectMissing | AccessDenied | KeyRefused):
        return 404, NOT_FOUND, NO_OBJECT.format(error.key)
    return 400, UNKNOWN, UNREADABLE_OBJECT.format(error.key, error.found)


def sent_document(bucket: str, copies: Sequence[Copy]) -> dict[str, Any]:
    """Return what send answers: a list of texts, each of which is JSON."""
    return _send_document(bucket, [{"object": copy.key, "job_id": encoded(copy.number)} for copy in copies], [])


def unsent_document(bucket: str, wanted: Iterable[Wanted], why: str) -> dict[str, Any]:
    """Return what send answers when nothing can be sent with this authorization."""
    said = f"maybe invalid or unauthorized credentials. {why}"
    return _send_document(bucket, [], [{"object": one.key, "error": said} for one in wanted])


def _send_document(bucket: str, sent: list[dict[str, str]], failed: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "sent_dataset_labels": [json.dumps(one) for one in sent],
        "bucket_name": bucket,
        "failed_dataset_labels": [json.dumps(one) for one in failed],
    }
