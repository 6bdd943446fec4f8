"""Deleting objects: one request for each, several at once.

Google has no request that deletes several objects; a batch is as many requests in one envelope, of a hundred at most.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import can_exist
from app.storages.gcs.requests import object_path
from app.storages.gcs.resources import FIELDS
from app.storages.http_api.deleting import Kept, delete_each
from app.storages.http_api.exchange import Request
from app.storages.http_api.threads import Threads


def delete_all(api: Api, address: GcsAddress, threads: Threads, keys: Sequence[str]) -> Kept:
    """Delete the objects as `delete_each` does."""

    def delete(key: str) -> None:
        asked = Request("DELETE", object_path(address.bucket, key), key=key, accepted=(200, 204))
        if api.ask(asked).status == 200:  # gcp-storage-emulator's answer, and that of many a web server
            api.told(replace(asked, method="GET", query={"fields": FIELDS}, accepted=(200,)))
            raise said(NOT_GCS, address, key)  # it is there yet

    return delete_each(threads, filter(can_exist, keys), delete)
