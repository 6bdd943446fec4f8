"""How a file and an object of the same key are told apart: by size, by content, or not at all."""

import hashlib
import re
from collections.abc import Iterator
from enum import StrEnum

from app.cancellation import CancelToken
from app.storages.base import Content, Entry, Storage
from app.transfer.plan import Compare, Decide, Same, Upload

MIB = 1024 * 1024
CHUNK = 1 * MIB

PART_SIZES = tuple(n * MIB for n in (8, 5, 16, 10, 15, 20, 25, 32, 50, 64, 100, 128, 256, 512, 1024))
"""Part sizes that S3 clients use for multipart uploads (ours first), tried to recompute an etag."""


class Check(StrEnum):
    """What makes a key that both sides have count as changed."""

    EXACT = "exact"  #: another size, or other content
    SIZE = "size"  #: another size
    ALWAYS = "always"  #: being there


def decider(check: Check) -> Decide:
    """Return the function that the planner asks about keys that both sides have."""
    return {Check.EXACT: _decide_exact, Check.SIZE: _decide_by_size, Check.ALWAYS: _decide_always}[check]


def _decide_always(source: Entry, _target: Entry) -> Upload:
    return Upload(source, "always")


def _decide_by_size(source: Entry, target: Entry) -> Upload | Same:
    return Same(source) if source.size == target.size else Upload(source, "size")


def _decide_exact(source: Entry, target: Entry) -> Upload | Compare | Same:
    if source.size != target.size:
        return Upload(source, "size")
    return Compare(source, target) if source.size else Same(source)


def is_same_content(source: Storage, target: Storage, entry: Entry, token: CancelToken) -> bool:
    """Return whether the source's bytes under ``entry.key`` are those of the target's ``entry``.

    The etag tells when it is an MD5 of the whole or of parts of a usual size (S3's documented forms);
    a target without etags is read. An etag that cannot be recomputed (SSE-KMS) counts as different,
    which costs an upload and never misses a change.

    Raises:
        FileError, StorageError: one of the two cannot be read.
        Cancelled: the token was set while reading.
    """
    if entry.etag is None:
        with source.read(entry.key) as ours, target.read(entry.key) as theirs:
            return _digest(ours, token) == _digest(theirs, token)
    whole = re.fullmatch(r"[0-9a-f]{32}", entry.etag)
    if whole:
        with source.read(entry.key) as ours:
            return _digest(ours, token) == entry.etag
    return any(_multipart_etag(source, entry.key, size, token) == entry.etag for size in _part_sizes(entry))


def _digest(content: Content, token: CancelToken) -> str:
    md5 = hashlib.md5(usedforsecurity=False)
    while chunk := content.read(CHUNK):
        token.raise_if_cancelled()
        md5.update(chunk)
    content.verify()
    return md5.hexdigest()


def _part_sizes(entry: Entry) -> Iterator[int]:
    """Yield the usual part sizes that give as many parts as the etag's suffix says."""
    match = re.fullmatch(r"[0-9a-f]{32}-(\d{1,5})", entry.etag or "")
    for size in PART_SIZES if match else ():
        if match and -(-entry.size // size) == int(match[1]):
            yield size


def _multipart_etag(source: Storage, key: str, part_size: int, token: CancelToken) -> str:
    """Return the etag that S3 gives to parts of ``part_size`` bytes: the MD5 of their MD5s, a dash, their number."""
    digests, md5, missing = [], hashlib.md5(usedforsecurity=False), part_size
    with source.read(key) as content:
        while chunk := content.read(min(CHUNK, missing)):
            token.raise_if_cancelled()
            md5.update(chunk)
            missing -= len(chunk)
            if not missing:
                digests.append(md5.digest())
                md5, missing = hashlib.md5(usedforsecurity=False), part_size
        content.verify()
    if missing < part_size:
        digests.append(md5.digest())
    return f"{hashlib.md5(b''.join(digests), usedforsecurity=False).hexdigest()}-{len(digests)}"
