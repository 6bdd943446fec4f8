"""What is asked of a bucket without changing it: the entry of one object, and what its credentials allow."""

from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from app.errors import AccessDenied, ObjectMissing, StorageError, StorageFailure
from app.storages.base import Entry, Rights
from app.storages.s3.address import S3Address
from app.storages.s3.browsing import Browser
from app.storages.s3.buckets import MADE_UP_NAME, check_bucket
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import code_of, status_of, translated
from app.storages.s3.etags import etag_of
from app.storages.s3.keys import can_exist
from app.storages.s3.metadata import MTIME, parsed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef


class _NotTaken(StorageFailure):
    """The server does not take such a request: the key cannot be, or nobody may ask so (expired keys, no signature).

    Measured with rclone 1.75, of `../a` and `/a`, and of any key where requests are not signed.
    """


def stat_object(clients: S3Clients, browser: Browser, address: S3Address, key: str) -> Entry:
    """Return the entry of one object.

    Raises:
        ObjectMissing: there is none.
    """
    if not can_exist(key):
        raise ObjectMissing(f"There is no object {key!r}, nor can there be one.")
    if key.endswith("/"):
        return _listed(browser, key)
    try:
        return _told(clients.looking, address, key)
    except ObjectMissing:
        # The answer to a HEAD has no body to tell a missing object from a missing bucket, or from a wrong key.
        with suppress(AccessDenied):
            check_bucket(clients.asking, address)
        raise
    except _NotTaken:
        check_bucket(clients.asking, address)
        raise ObjectMissing(f"There is no object {key!r}, nor can there be one.") from None
    except (AccessDenied, StorageFailure):
        check_bucket(clients.asking, address)
        raise


def _told(client: "S3Client", address: S3Address, key: str) -> Entry:
    with translated(address, key):
        answer = _head(client, address, key)
        return Entry(key, answer["ContentLength"], _modified(answer), etag_of(answer))


def _head(client: "S3Client", address: S3Address, key: str) -> "HeadObjectOutputTypeDef":
    try:
        return client.head_object(Bucket=address.bucket, Key=key)
    except ClientError as error:
        if status_of(error) != 400:
            raise
    raise _NotTaken(f"{address.host} refuses to look for {key!r} (HTTP status 400).")


def _modified(answer: "HeadObjectOutputTypeDef") -> float:
    """Return the time that a listing would tell.

    Measured with rclone 1.75: it lists the time that came with an object, and tells when that was stored in
    ``Last-Modified``, but beside it the other one, in a header that no other server has.
    """
    told = parsed(answer["ResponseMetadata"]["HTTPHeaders"].get(MTIME, ""))
    return answer["LastModified"].timestamp() if told is None else told / 1e9


def _listed(browser: Browser, key: str) -> Entry:
    """Return the entry of a marker, from a listing, where it comes first.

    Measured with rclone 1.75: a HEAD of ``a/`` is answered with the object ``a``.
    """
    for found in browser.level(key, 1, None).found:
        if isinstance(found, Entry) and found.key == key:
            return found
    raise ObjectMissing(f"There is no object {key!r}.")


def find_rights(client: "S3Client", address: S3Address) -> Rights:
    """Find out what the credentials allow with the bucket's objects.

    It reads when it may list, or is told of an object that is not there that it is not there. It writes when it may
    begin a multipart upload, which is aborted at once and was never an object. What is known to be told wrongly:
    rclone begins uploads with ``--read-only`` too, and a bucket's policy can treat other keys in another way.
    """
    return Rights(reads=_reads(client, address), writes=_writes(client, address))


def _reads(client: "S3Client", address: S3Address) -> bool:
    try:
        check_bucket(client, address)
    except AccessDenied:
        return _may_look(client, address)
    return True


def _may_look(client: "S3Client", address: S3Address) -> bool:
    try:
        _told(client, address, MADE_UP_NAME)
    except (AccessDenied, StorageFailure):
        return False
    except ObjectMissing:
        return True
    return True


def _writes(client: "S3Client", address: S3Address) -> bool:
    try:
        upload_id = _begun(client, address)
    except AccessDenied:
        return False
    if upload_id is None:
        return not address.is_anonymous  # who has keys may mostly write, and nothing harmless would prove it
    with suppress(StorageError), translated(address, MADE_UP_NAME):
        client.abort_multipart_upload(Bucket=address.bucket, Key=MADE_UP_NAME, UploadId=upload_id)
    return True


def _begun(client: "S3Client", address: S3Address) -> str | None:
    """Begin an upload and return its id; None where the server knows no such uploads."""
    with translated(address, MADE_UP_NAME):
        try:
            # A key without "/", since rclone keeps the folder of an upload that is aborted.
            return client.create_multipart_upload(Bucket=address.bucket, Key=MADE_UP_NAME)["UploadId"]
        except ClientError as error:
            if code_of(error) == "NotImplemented" or status_of(error) == 501:
                return None
            raise
