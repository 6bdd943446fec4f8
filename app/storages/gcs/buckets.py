"""The bucket itself: make it, remove it."""

import json
from contextlib import suppress

from app.errors import AccessDenied, StorageMissing, StorageNotEmpty
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.listing import check_bucket
from app.storages.gcs.requests import Request, bucket_path, with_body


def create_bucket(api: Api, address: GcsAddress) -> None:
    """Make the bucket; harmless when it is there and ours.

    Raises:
        AccessDenied: it belongs to someone else.
        StorageUnreachable: what answers is no storage of Google's kind.
    """
    project = address.project or (address.key_file or {}).get("project_id")
    request = Request("POST", "/storage/v1/b", {"project": project} if project else {}, accepted=(200, 409))
    wanted = {"name": address.bucket} | ({"location": address.location} if address.location else {})
    answer = api.ask(with_body(request, [json.dumps(wanted).encode()], "application/json"))
    if answer.status == 409:
        _require_ours(api, address)
    elif api.parsed(answer.data).get("name") != address.bucket:
        raise said(NOT_GCS, address)


def _require_ours(api: Api, address: GcsAddress) -> None:
    try:
        check_bucket(api, address)
    except (AccessDenied, StorageMissing):
        raise AccessDenied(f"The bucket {address.bucket!r} belongs to someone else. Choose another name.") from None


def drop_bucket(api: Api, address: GcsAddress) -> None:
    """Remove the empty bucket; harmless when it is absent.

    Raises:
        StorageNotEmpty: it still holds something.
        StorageUnreachable: what answers is no storage of Google's kind.
    """
    with suppress(StorageMissing):
        answer = api.ask(Request("DELETE", bucket_path(address.bucket), accepted=(200, 204, 409)))
        if answer.status == 409:
            raise StorageNotEmpty(f"The bucket {address.bucket!r} still holds something, old versions perhaps.")
        if answer.status == 200:  # gcp-storage-emulator's answer, and that of many a web server which removed nothing
            check_bucket(api, address)
            raise said(NOT_GCS, address)
