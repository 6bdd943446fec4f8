"""The bucket itself, is it there, make it, remove it; and which others there are."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from app.errors import AccessDenied, ListingBroken, StorageError, StorageMissing, StorageNotEmpty
from app.storages.s3.address import S3Address
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import StorageBusy, code_of, not_s3, translated
from app.storages.s3.health import nap

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MADE_UP_NAME = ".sluice-nothing"
HOLLOW_FOLDERS_LIMIT = 1000
BUCKET_PAGES_LIMIT = 100

WINDOW = 60.0
"""Seconds for which a name that was deleted just now, or a bucket that was made just now, is waited for."""

_PAUSE, _LONGEST_PAUSE = 0.5, 8.0


def check_bucket(client: "S3Client", address: S3Address) -> None:
    """Return when the bucket answers a listing as S3 does.

    A listing is asked for and not a HEAD, since the answer to a HEAD has no body to tell a wrong key from a
    missing permission, or an S3 server from any other web server. It is one of nothing, since a server may read
    each object that it lists (measured with rclone 1.75, which hashes them: 1.5 GB take 2 s).
    """
    with translated(address):
        page = client.list_objects_v2(Bucket=address.bucket, Prefix=MADE_UP_NAME, MaxKeys=1)
    if "IsTruncated" not in page:
        raise not_s3(address)


def create_bucket(client: "S3Client", address: S3Address, window: float = WINDOW) -> None:
    """Make the bucket, and return when it can be used; harmless when it is there and ours.

    Amazon gives a name that was deleted away again only after a while, and a new bucket is not known everywhere at
    once. Both are waited for.

    Args:
        window: seconds for each at most.

    Raises:
        AccessDenied: it belongs to someone else.
    """
    _waiting(address, window, lambda: _create(client, address), StorageBusy)
    _waiting(address, window, lambda: check_bucket(client, address), StorageMissing)


def _waiting(address: S3Address, window: float, ask: Callable[[], None], passing: type[StorageError]) -> None:
    attempts = Retrying(
        retry=retry_if_exception_type(passing),
        wait=wait_exponential(_PAUSE, max=_LONGEST_PAUSE),
        stop=stop_after_delay(window),
        sleep=lambda seconds: nap(address, seconds),
        reraise=True,
    )
    attempts(ask)


def _create(client: "S3Client", address: S3Address) -> None:
    request: dict[str, Any] = {"Bucket": address.bucket}
    if address.location:
        request["CreateBucketConfiguration"] = {"LocationConstraint": address.location}
    with translated(address):
        try:
            client.create_bucket(**request)
        except ClientError as error:
            if code_of(error) not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise
            _require_ours(client, address)


def list_buckets(address: S3Address) -> Sequence[str]:
    """Return the names of all buckets that the keys may list, ascending; answers or raises within some ten seconds.

    Args:
        address: its bucket is of no account, and may be empty.

    Raises:
        ListingBroken: the pages lead nowhere.
        StorageError: the keys may not list them, or the server failed.
    """
    address = replace(address, bucket="")  # or messages would tell of it
    clients = S3Clients(address, connections=1)
    try:
        with translated(address):
            return sorted(_bucket_names(clients.asking, address))
    finally:
        clients.close()


def _bucket_names(client: "S3Client", address: S3Address) -> Iterator[str]:
    request: dict[str, Any] = {}  # without a limit Amazon gives all, up to 10,000
    for _ in range(BUCKET_PAGES_LIMIT):
        page = client.list_buckets(**request)
        if "Buckets" not in page:
            raise not_s3(address)
        yield from (bucket["Name"] for bucket in page["Buckets"])
        if not page.get("ContinuationToken"):
            return
        request = {"ContinuationToken": page["ContinuationToken"]}
    raise ListingBroken(f"The list of buckets of {address.host} does not end.")


def _require_ours(client: "S3Client", address: S3Address) -> None:
    # Several servers say BucketAlreadyExists of our own buckets too, rclone among them.
    try:
        client.head_bucket(Bucket=address.bucket)
    except ClientError:
        raise AccessDenied(f"The bucket {address.bucket!r} belongs to someone else. Choose another name.") from None


def drop_bucket(client: "S3Client", address: S3Address) -> None:
    """Remove the empty bucket; harmless when it is absent.

    Raises:
        StorageNotEmpty: it still holds something.
    """
    try:
        _delete(client, address)
    except StorageNotEmpty:
        if _holds_objects(client, address):
            raise
        _clear_what_is_no_object(client, address)
        _delete(client, address)


def _delete(client: "S3Client", address: S3Address) -> None:
    with suppress(StorageMissing), translated(address):
        client.delete_bucket(Bucket=address.bucket)


def _holds_objects(client: "S3Client", address: S3Address) -> bool:
    with translated(address):
        return bool(client.list_objects_v2(Bucket=address.bucket, MaxKeys=1).get("Contents"))


def _clear_what_is_no_object(client: "S3Client", address: S3Address) -> None:
    """Remove what keeps a bucket without objects from being dropped, as far as S3 has words for it."""
    with suppress(StorageError), translated(address):
        for upload in client.list_multipart_uploads(Bucket=address.bucket).get("Uploads", ()):
            client.abort_multipart_upload(Bucket=address.bucket, Key=upload["Key"], UploadId=upload["UploadId"])
    with translated(address):
        _clear_hollow_folders(client, address)


def _clear_hollow_folders(client: "S3Client", address: S3Address) -> None:
    """Remove folders without objects, the innermost first.

    Only servers that keep objects as files have such folders. Measured with rclone 1.75: an aborted upload of
    ``a/b`` leaves an empty ``a`` that refuses the bucket's deletion.
    """
    folders = [""]
    for _ in range(HOLLOW_FOLDERS_LIMIT):
        if not folders:
            return
        folder = folders.pop()
        page = client.list_objects_v2(Bucket=address.bucket, Prefix=folder, Delimiter="/")
        below = [found["Prefix"] for found in page.get("CommonPrefixes", ())]
        folders += below
        if folder and not below:
            _remove_hollow_folder(client, address, folder + MADE_UP_NAME)


def _remove_hollow_folder(client: "S3Client", address: S3Address, key: str) -> None:
    """Begin an upload below the folder, abort it, and delete its key.

    Measured with rclone 1.75: when the first uploads into a folder come at the same moment, rclone can go on to count
    files there that have been deleted. Deleting a made-up key then does not remove the folder (47 times in 199
    buckets of seven folders, uploaded by 16 threads), and neither does a real object that comes and goes.
    """
    upload = client.create_multipart_upload(Bucket=address.bucket, Key=key)
    client.abort_multipart_upload(Bucket=address.bucket, Key=key, UploadId=upload["UploadId"])
    client.delete_object(Bucket=address.bucket, Key=key)
