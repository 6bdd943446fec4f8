"""The bucket itself, make it, remove it; and which others there are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

from app.errors import AccessDenied, StorageFailure, StorageMissing, StorageNotEmpty
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import ASKING, Api
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.errors import NOT_GCS, ORDER, said
from app.storages.gcs.listing import check_bucket
from app.storages.gcs.requests import bucket_path
from app.storages.gcs.resources import text_of
from app.storages.http_api.exchange import Request, with_body

PAGES_LIMIT = 100
_PATH = "/storage/v1/b"


def create_bucket(api: Api, address: GcsAddress) -> None:
    """Make the bucket; harmless when it is there and ours.

    Raises:
        AccessDenied: it belongs to someone else.
        StorageUnreachable: what answers is no storage of Google's kind.
    """
    request = Request("POST", _PATH, _project(address), accepted=(200, 409))
    wanted = {"name": address.bucket} | ({"location": address.location} if address.location else {})
    answer = api.ask(with_body(request, [json.dumps(wanted).encode()], "application/json"))
    if answer.status == 409:
        _require_ours(api, address)
    elif api.parsed(answer.data).get("name") != address.bucket:
        raise said(NOT_GCS, address)


def list_buckets(address: GcsAddress) -> Sequence[str]:
    """Return the names of a project's buckets, ascending; answers or raises within some ten seconds.

    Args:
        address: its bucket is of no account, and may be empty. The project is its own, else the key file's.

    Raises:
        StorageFailure: there is no such project, or none is named.
        ListingBroken: the pages lead nowhere.
        StorageError: the service account may not list them, or the server failed.
    """
    address = replace(address, bucket="")  # or messages would tell of it
    with closing(Api(address, Authorisation(address), 1, ASKING)) as api:
        try:
            return sorted(_bucket_names(api, address))
        except StorageMissing:
            raise StorageFailure("There is no such project whose buckets could be listed.") from None


def _bucket_names(api: Api, address: GcsAddress) -> Iterator[str]:
    query = {**_project(address), "maxResults": "1000", "fields": "kind,nextPageToken,items(name)"}
    for _ in range(PAGES_LIMIT):
        told = api.told(Request("GET", _PATH, query))
        if told.get("kind") != "storage#buckets":
            raise said(NOT_GCS, address)
        yield from _names_in(told, address)
        if not (token := _text(told.get("nextPageToken") or "", address)):
            return
        query = {**query, "pageToken": token}
    raise said(ORDER, address, code="the list of its buckets does not end")


def _names_in(told: Mapping[str, Any], address: GcsAddress) -> Sequence[str]:
    try:
        names = [item["name"] for item in told.get("items") or ()]
    except (TypeError, KeyError, AttributeError):
        raise said(NOT_GCS, address) from None
    return [_text(name, address) for name in names]


def _text(told: object, address: GcsAddress) -> str:
    try:
        return text_of(told)
    except (TypeError, ValueError):
        raise said(NOT_GCS, address) from None


def _project(address: GcsAddress) -> Mapping[str, str]:
    project = address.project or (address.key_file or {}).get("project_id")
    return {"project": project} if project else {}


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
