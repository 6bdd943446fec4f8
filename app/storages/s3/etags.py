"""What an etag tells of an object's bytes."""

import hashlib
import re
from collections.abc import Mapping

_SHORT = 32 * 1024
_BITE = 2047
_MD5 = re.compile(r"[0-9a-f]{32}")


def etag_of(answer: Mapping[str, object]) -> str | None:
    """Return the ETag of an answer or a listed object without its quotes, None where there is none."""
    return str(answer.get("ETag") or "").strip('"') or None


def md5_of(data: bytes) -> str:
    """Return the MD5 of these bytes in hexadecimal: S3's etag of an object that was stored in one request.

    hashlib lets other threads run while it hashes 2,048 bytes or more, and then waits for its turn. With many small
    objects at once that takes longer than the hashing (measured, 16 threads, 4 KiB: a fifth of all CPU), so those
    are hashed in smaller bites.
    """
    if len(data) > _SHORT:
        return hashlib.md5(data, usedforsecurity=False).hexdigest()
    digest, view = hashlib.md5(usedforsecurity=False), memoryview(data)
    for start in range(0, len(data), _BITE):
        digest.update(view[start : start + _BITE])
    return digest.hexdigest()


def is_md5(etag: str | None) -> bool:
    """Return whether an etag has the form of an MD5; of an encrypted object it may have that and be none."""
    return etag is not None and _MD5.fullmatch(etag) is not None


def parts_in(etag: str | None) -> int:
    """Return of how many parts an etag tells, 0 when it is not the etag of a multipart upload."""
    match = re.fullmatch(r"[0-9a-f]{32}-([0-9]{1,5})", etag or "")
    return int(match[1]) if match else 0


def may_be_digest(answer: Mapping[str, object]) -> bool:
    """Return whether the etag of this answer can be made of MD5s: not with a key of KMS or of the customer's own."""
    encryption = str(answer.get("ServerSideEncryption") or "")
    return not encryption.startswith("aws:kms") and not answer.get("SSECustomerAlgorithm")


class Recomputed:
    """The etag of bytes as they pass. Used by one thread.

    Args:
        part_size: the bytes per part of a multipart upload; 0 for an object stored in one request.
    """

    def __init__(self, part_size: int = 0) -> None:
        self._part_size = part_size
        self._parts: list[bytes] = []
        self._current = hashlib.md5(usedforsecurity=False)
        self._missing = part_size

    def update(self, data: bytes) -> None:
        """Take the next bytes."""
        view = memoryview(data)
        while self._part_size and len(view) >= self._missing:
            self._current.update(view[: self._missing])
            view = view[self._missing :]
            self._end_part()
        self._current.update(view)
        self._missing -= len(view)

    @property
    def etag(self) -> str:
        """The etag of all bytes so far."""
        if not self._part_size:
            return self._current.hexdigest()
        parts = [*self._parts, *([self._current.digest()] if self._missing < self._part_size else [])]
        return f"{md5_of(b''.join(parts))}-{len(parts)}"

    def _end_part(self) -> None:
        self._parts.append(self._current.digest())
        self._current = hashlib.md5(usedforsecurity=False)
        self._missing = self._part_size
