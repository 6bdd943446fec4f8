"""Sending parts of large objects: a few threads for all of them, bounded memory, and each part checked by its MD5."""

import base64
import hashlib
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from app.errors import StorageError, StorageFailure
from app.storages.s3.address import S3Address
from app.storages.s3.bodies import lighten_parts
from app.storages.s3.client import S3Clients
from app.storages.s3.errors import code_of, error_of, translated
from app.storages.s3.etags import is_md5
from app.storages.s3.parts import PART
from app.storages.s3.room import Room

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

AT_ONCE = 4
"""Measured on loopback, 1 GiB: 1, 2, 3, 4, 6 at once take 4.8, 4.3, 4.2, 4.9, 4.7 s; a network wants some more."""

_DAMAGED = ("BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch")


class Target(NamedTuple):
    """The upload that a part belongs to."""

    key: str
    upload_id: str


class Sent(NamedTuple):
    """A part that is stored.

    Attributes:
        number: counted from 1.
        etag: as the storage told it.
        md5: of its bytes, in hexadecimal.
    """

    number: int
    etag: str
    md5: str


class PartTags:
    """Whether a server's etags of parts are their MD5s: with some kinds of encryption they only look like that.

    One for each upload. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._some_were = False
        self._some_were_not = False

    def fit(self, etag: str, md5: str) -> bool:
        """Return whether the etag tells nothing against the part, having arrived as it was."""
        if not is_md5(etag.strip('"')):
            return True
        with self._lock:
            is_equal = etag.strip('"') == md5
            self._some_were = self._some_were or is_equal
            return is_equal or (self._some_were_not and not self._some_were)

    def are_no_md5s(self) -> bool:
        """Take it that they are none; return False when that cannot be, since some were."""
        with self._lock:
            self._some_were_not = True
            return not self._some_were

    @property
    def are_md5s(self) -> bool:
        """Whether that is known."""
        return self._some_were and not self._some_were_not

    @property
    def contradict(self) -> bool:
        """Whether some were MD5s and some were not, which can only mean damage."""
        return self._some_were and self._some_were_not


def is_guarded(address: S3Address) -> bool:
    """Return whether nobody between us and the server can change what is sent, with or without a signature."""
    parts = urlsplit(address.endpoint)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


class PartSender:
    """The threads that send the parts of all large objects of one storage, started when first used. Thread-safe.

    Args:
        address: the bucket's address.
        connections: how many requests may be under way at once; parts take `AT_ONCE` of them at most.
    """

    def __init__(self, address: S3Address, connections: int) -> None:
        self._address = address
        self._at_once = min(AT_ONCE, connections)
        self._is_guarded = is_guarded(address)
        self._room = Room((self._at_once + 1) * PART)
        self._clients = S3Clients(address, self._at_once)
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._client: S3Client | None = None

    def submit(self, length: int, read: Callable[[], bytes], send: Callable[[bytes], T]) -> "Future[T]":
        """Read a part as soon as there is room for it, in this thread, and have it sent by another one.

        Args:
            length: bytes of the part.
            read: returns the part; what it raises is raised here.
            send: sends it.
        """
        weight = self._room.take(length)
        try:
            future = self._started().submit(send, read())
        except BaseException:
            self._room.give_back(weight)
            raise
        future.add_done_callback(lambda _: self._room.give_back(weight))
        return future

    def send(self, target: Target, number: int, data: bytes, tags: PartTags) -> Sent:
        """Send a part; once more if it was damaged on the way.

        The server is told the MD5 and refuses what does not fit; of one that does not look, the etag tells. An etag
        that differs twice is not taken for an MD5, unless others of this upload were. Where they are known to be MD5s,
        and nobody can change what is under way, the etag alone does: rclone 1.75 hashes each part a second time when
        it is told the MD5 (measured: 6.2 instead of 4.8 s of the server's CPU for 1 GiB).

        Raises:
            StorageFailure: it arrived damaged twice.
        """
        digest = hashlib.md5(data, usedforsecurity=False)
        md5, told = digest.hexdigest(), {"ContentMD5": base64.b64encode(digest.digest()).decode()}
        etag = self._send(target, number, data, {} if tags.are_md5s and self._is_guarded else told)
        if etag is None or not tags.fit(etag, md5):
            etag = self._send_again(target, number, data, told)
            if etag is None or not (tags.fit(etag, md5) or tags.are_no_md5s()):
                raise self.damaged(target)
        return Sent(number, etag, md5)

    def damaged(self, target: Target) -> StorageError:
        """Return the error for a part that did not arrive as it was sent."""
        return error_of(self._address, target.key, "BadDigest")

    def close(self) -> None:
        """Return when no thread is left; a sender that is used again starts again."""
        with self._lock:
            threads, self._threads = self._threads, None
        if threads is not None:
            threads.shutdown()
        self._clients.close()

    def _send(self, target: Target, number: int, data: bytes, told: Mapping[str, Any]) -> str | None:
        """Send a part once; return its etag, None when the server says that something else arrived."""
        with translated(self._address, target.key):
            try:
                answer = self._client_of_ours().upload_part(
                    Bucket=self._address.bucket,
                    Key=target.key,
                    UploadId=target.upload_id,
                    PartNumber=number,
                    Body=data,
                    **told,
                )
            except ClientError as error:
                if code_of(error) in _DAMAGED:
                    return None
                raise
            return answer["ETag"]

    def _send_again(self, target: Target, number: int, data: bytes, told: Mapping[str, Any]) -> str | None:
        """As `_send`; a server may refuse the second attempt.

        Measured with rclone 1.75, which passes parts on while they arrive: of one that was not the next to be passed
        on it takes another attempt, else it ends the whole upload (NoSuchUpload), or keeps the part (NotImplemented).
        """
        try:
            return self._send(target, number, data, told)
        except StorageFailure:
            return None

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="parts")
            return self._threads

    def _client_of_ours(self) -> "S3Client":
        """Return a client that serves nobody else."""
        with self._lock:
            if self._client is None:
                self._client = self._clients.working
                lighten_parts(self._client)
            return self._client
