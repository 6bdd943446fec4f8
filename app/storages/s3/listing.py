"""Listing a bucket page by page, believing nothing: what the pages do not prove raises."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from app.errors import ListingBroken
from app.storages.base import Entry
from app.storages.s3.address import S3Address
from app.storages.s3.errors import translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, ObjectTypeDef

EMPTY_PAGES_TOLERATED = 100


def list_entries(client: "S3Client", address: S3Address, prefix: str, after: str) -> Iterator[Entry]:
    """Yield the entries of a bucket, keys strictly ascending.

    Raises:
        ListingBroken: keys out of order or outside ``prefix``, or pages that cannot be followed to the end.
    """
    previous = ""
    for page in _pages(client, address, prefix, after):
        for found in page.get("Contents", ()):
            entry = _entry(found, address)
            _require_place(entry.key, previous, prefix, address)
            previous = entry.key
            # A server may ignore StartAfter; its keys up to there are of no interest, but no fault either.
            if entry.key > after:
                yield entry


def etag_of(answer: Mapping[str, object]) -> str | None:
    """Return the ETag of an answer or a listed object without its quotes, None where there is none."""
    return str(answer.get("ETag") or "").strip('"') or None


def _pages(client: "S3Client", address: S3Address, prefix: str, after: str) -> Iterator["ListObjectsV2OutputTypeDef"]:
    # botocore asks for EncodingType=url on its own, and decodes keys only when the server says that it did so.
    request: dict[str, Any] = {"Bucket": address.bucket, "Prefix": prefix}
    if after:
        request["StartAfter"] = after
    empty = 0
    while True:
        with translated(address):
            page = client.list_objects_v2(**request)
        token = _next_token(page, request.get("ContinuationToken"), address)
        yield page
        if token is None:
            return
        request["ContinuationToken"] = token
        empty = 0 if page.get("Contents") else empty + 1
        if empty > EMPTY_PAGES_TOLERATED:
            raise ListingBroken(f"The listing of {address.bucket!r} goes on without listing anything.")


def _next_token(page: "ListObjectsV2OutputTypeDef", current: str | None, address: S3Address) -> str | None:
    if "IsTruncated" not in page:
        raise ListingBroken(f"{address.host} answered the listing of {address.bucket!r}, but not as S3 does.")
    if not page["IsTruncated"]:
        return None
    token = page.get("NextContinuationToken")
    if not token or token == current:
        raise ListingBroken(f"The listing of {address.bucket!r} is cut short: its next page has no address.")
    return token


def _entry(found: "ObjectTypeDef", address: S3Address) -> Entry:
    try:
        return Entry(found["Key"], found["Size"], found["LastModified"].timestamp(), etag_of(found))
    except KeyError as error:
        raise ListingBroken(f"The listing of {address.bucket!r} leaves out the {error} of an object.") from None


def _require_place(key: str, previous: str, prefix: str, address: S3Address) -> None:
    if key <= previous:
        raise ListingBroken(f"{address.bucket!r} lists {key!r} after {previous!r}, which is out of order.")
    if not key.startswith(prefix):
        raise ListingBroken(f"{address.bucket!r} lists {key!r}, which does not start with {prefix!r}.")
