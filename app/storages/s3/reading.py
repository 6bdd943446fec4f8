"""Reading objects: small ones whole, large ones in pieces ahead of the reader, and compared with their etags."""

from functools import partial
from typing import TYPE_CHECKING

from app.errors import KeyRefused, ObjectMissing, StorageError
from app.storages.base import Content
from app.storages.contents import PiecedContent, Proof, Version, WholeContent
from app.storages.s3.address import S3Address
from app.storages.s3.errors import translated
from app.storages.s3.etags import Recomputed, is_md5, may_be_digest, parts_in
from app.storages.s3.keys import require_possible
from app.storages.s3.lanes import Lanes
from app.storages.s3.ranges import PiecePool, PieceRequest, pieces_of
from app.storages.s3.small import Found

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def open_object(lanes: Lanes, client: "S3Client", address: S3Address, pool: PiecePool, key: str) -> Content:
    """Start to read an object.

    Raises:
        ObjectMissing: there is none.
        StorageFailure: a small one arrived damaged.
    """
    try:
        require_possible(key)
    except KeyRefused:
        raise ObjectMissing(f"There is no object {key!r}, nor can there be one.") from None
    found = lanes.get(key)
    version = Version(key, found.size, found.modified_ns, found.etag)
    if found.data is not None:
        return WholeContent(version, found.data)
    request = PieceRequest(client, address, key, found)
    proof = _proof(request, found, _recomputed(lanes, client, address, key, found))
    return PiecedContent(version, partial(pieces_of, request, pool), proof)


def _proof(request: PieceRequest, found: Found, recomputed: Recomputed | None) -> Proof | None:
    if recomputed is None:
        return None
    return Proof("its etag", recomputed.update, lambda: not request.has_digest or recomputed.etag == found.etag)


def _recomputed(lanes: Lanes, client: "S3Client", address: S3Address, key: str, found: Found) -> Recomputed | None:
    """Return what makes the etag again, None where it is made of something unknown.

    Then the length, and If-Match or the same etag on each piece, are all the proof there is.
    """
    if not lanes.etags_tell:
        return None
    if is_md5(found.etag):
        return Recomputed()
    part_size = _part_size(client, address, key, found)
    return Recomputed(part_size) if part_size else None


def _part_size(client: "S3Client", address: S3Address, key: str, found: Found) -> int:
    """Return the size of all parts but the last, 0 where that is not told.

    AWS and MinIO answer a HEAD for one part with its size. A first and a last part that leave just as much for the
    others as so many equal ones take mean equal parts; any other sum means parts of several sizes.
    """
    parts = parts_in(found.etag)
    try:
        sizes = [_size_of_part(client, address, key, number) for number in (1, parts)] if parts else []
    except StorageError:
        return 0
    return sizes[0] if parts and (parts - 1) * sizes[0] + sizes[1] == found.size else 0


def _size_of_part(client: "S3Client", address: S3Address, key: str, number: int) -> int:
    with translated(address, key):
        answer = client.head_object(Bucket=address.bucket, Key=key, PartNumber=number)
    return answer["ContentLength"] if may_be_digest(answer) else 0
