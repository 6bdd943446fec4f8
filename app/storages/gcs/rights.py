"""What the credentials allow: asked for, or tried out in a way that nobody sees."""

from app.errors import AccessDenied
from app.storages.base import Rights
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.listing import MADE_UP_NAME, check_bucket
from app.storages.gcs.requests import bucket_path
from app.storages.gcs.resumable import Session
from app.storages.http_api.exchange import Request

READING = ("storage.objects.get", "storage.objects.list")
WRITING = "storage.objects.create"
_NOT_ANSWERED = (400, 403, 404, 405, 501)


def find_rights(api: Api, address: GcsAddress) -> Rights:
    """Return what the credentials allow; nothing needs to be allowed to ask that (``buckets.testIamPermissions``).

    Raises:
        StorageMissing: there is no such bucket.
        InvalidCredentials: the key file is not known.
    """
    query = {"permissions": [*READING, WRITING]}
    path = f"{bucket_path(address.bucket)}/iam/testPermissions"
    try:
        answer = api.ask(Request("GET", path, query, accepted=(200, *_NOT_ANSWERED)))
    except AccessDenied:
        return _tried_out(api, address)
    if answer.status in _NOT_ANSWERED:
        return _tried_out(api, address)
    held = api.parsed(answer.data).get("permissions")
    held = held if isinstance(held, list) else []
    return Rights(reads=all(one in held for one in READING), writes=WRITING in held)


def _tried_out(api: Api, address: GcsAddress) -> Rights:
    """List nothing, and begin an upload that is cancelled before a byte of it is sent."""
    return Rights(reads=_is_allowed_to_list(api, address), writes=_is_allowed_to_write(api, address))


def _is_allowed_to_list(api: Api, address: GcsAddress) -> bool:
    try:
        check_bucket(api, address)
    except AccessDenied:
        return False
    return True


def _is_allowed_to_write(api: Api, address: GcsAddress) -> bool:
    try:
        Session.begun(api, address, {"name": MADE_UP_NAME}, 1).cancel()
    except AccessDenied:
        return False
    return True
