"""Reading objects: small ones whole, large ones in pieces ahead of the reader, all of one version, and checked."""

from functools import partial

from app.errors import FileChanged, ObjectMissing
from app.storages.base import Content, Entry
from app.storages.contents import PiecedContent, Proof, Version, WholeContent
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.checksums import Checksum
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import can_exist
from app.storages.gcs.listing import check_bucket
from app.storages.gcs.pieces import PieceRequest
from app.storages.gcs.requests import object_path
from app.storages.gcs.resources import FIELDS, Resource, resource_of
from app.storages.gcs.single import LIMIT
from app.storages.http_api.exchange import Request
from app.storages.http_api.fetching import Pieces

REPLACED = 3
"""How often an object may be replaced between the two requests for it, before that is told."""


def find_object(api: Api, address: GcsAddress, key: str) -> Resource:
    """Return what is known of an object.

    Raises:
        ObjectMissing: there is none.
        StorageMissing: nor is there a bucket; Google answers both with the same word.
    """
    missing = ObjectMissing(f"There is no object {key!r}.")
    if not can_exist(key):
        check_bucket(api, address)
        raise missing
    try:
        told = api.told(Request("GET", object_path(address.bucket, key), {"fields": FIELDS}, key=key))
        found = resource_of(told)
    except ObjectMissing:
        check_bucket(api, address)
        raise missing from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise said(NOT_GCS, address, key) from None
    if found.entry.key != key:
        raise said(NOT_GCS, address, key)
    return found


def stat_object(api: Api, address: GcsAddress, key: str) -> Entry:
    """Return the entry of one object; raises as `find_object`."""
    return find_object(api, address, key).entry


def open_object(api: Api, address: GcsAddress, pieces: Pieces, key: str) -> Content:
    """Start to read an object.

    Its time is in no answer that has its bytes too (Google sends metadata with those in its XML API only), so there
    are two requests, the second one for the version that the first one told of.

    Raises:
        ObjectMissing: there is none.
        FileChanged: it was replaced again and again, or arrived with other bytes than its checksum tells of.
    """
    for _ in range(REPLACED):
        found = find_object(api, address, key)
        version = Version(key, found.entry.size, found.modified_ns, found.entry.mark)
        request = PieceRequest(api, address, found)
        if version.size > LIMIT:
            return PiecedContent(version, partial(pieces.of, request.piece), _proof(found))
        try:
            return _whole(version, found, request)
        except FileChanged as error:
            changed = error
    raise changed


def _whole(version: Version, found: Resource, request: PieceRequest) -> Content:
    data = request.piece(0, version.size) if version.size else b""
    proof = _proof(found)
    if proof is not None:
        proof.update(data)
        proof.require(version.key)
    return WholeContent(version, data)


def _proof(found: Resource) -> Proof | None:
    if found.crc32c is None:
        return None
    checksum = Checksum()
    return Proof("its checksum", checksum.update, lambda: checksum.spelt == found.crc32c)
