"""How a file and an object of the same key are told apart: by the index, by size, by content, or not at all."""

import hashlib
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.cancellation import CancelToken
from app.storages.base import Content, Entry, Storage
from app.transfer.index import Seen
from app.transfer.steps import Compare, Decide, Same, Upload

MIB = 1024 * 1024
CHUNK = 1 * MIB

PART_SIZES = tuple(n * MIB for n in (5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128, 256, 512, 1024))
"""Part sizes that S3 clients use for multipart uploads, tried to recompute an etag."""

_WHOLE = re.compile(r"[0-9a-f]{32}")
_IN_PARTS = re.compile(r"[0-9a-f]{32}-([1-9][0-9]{0,4})")

_SAME_BY_INDEX = Same(1, "index")
_SAME_BY_SIZE = Same(1, "size")


class Check(StrEnum):
    """What makes a key that both sides have count as changed."""

    EXACT = "exact"  #: another size, or other content
    SIZE = "size"  #: another size
    ALWAYS = "always"  #: being there


def decider(check: Check) -> Decide:
    """Return the function that the planner asks about keys that both sides have."""
    return {Check.EXACT: _decide_exact, Check.SIZE: _decide_by_size, Check.ALWAYS: _decide_always}[check]


def _decide_always(source: Entry, _target: Entry, _seen: Seen | None = None) -> Upload:
    return Upload(source, "always")


def _decide_by_size(source: Entry, target: Entry, _seen: Seen | None = None) -> Upload | Same:
    return _SAME_BY_SIZE if source.size == target.size else Upload(source, "size")


def _decide_exact(source: Entry, target: Entry, seen: Seen | None = None) -> Upload | Compare | Same:
    if source.size != target.size:
        return Upload(source, "size")
    # Spelled out instead of Entry.mark: this is done for each key of a tree in which nothing has changed.
    if (source.key, source.size, source.etag or source.stamp, target.etag or target.stamp) == seen:
        return _SAME_BY_INDEX
    # Empty ones too: /proc and some network file systems say 0 of files that hold something.
    return Compare(source, target, _why_unproved(source, target, seen))


def _why_unproved(source: Entry, target: Entry, seen: Seen | None) -> str:
    if seen is None:
        return "unknown"
    if source.mark == seen.source:
        return "replaced"
    return "edited" if target.mark == seen.target else "both"


class Verdict(NamedTuple):
    """What a comparison found.

    Attributes:
        same: whether the contents are equal.
        source: the mark of the source's version that this was found of; None where it has none that lasts.
        target: the same of the target's version.
    """

    same: bool
    source: str | None = None
    target: str | None = None


_DIFFERENT = Verdict(False)


def compare_contents(source: Storage, target: Storage, ours: Entry, theirs: Entry, token: CancelToken) -> Verdict:
    """Tell whether ``ours`` of the source and ``theirs`` of the target hold the same bytes.

    An etag stands for content when it can be recomputed: the MD5 of the whole, or of parts of a usual size (S3's
    documented forms). Two equal MD5s tell without reading; one etag tells by reading the other side, once; else both
    sides are read. A tag that only looks like an MD5 (SSE-KMS) counts as different, which costs an upload and never
    misses a change; so do parts of an unusual size where as many parts of a usual one are possible.

    Raises:
        FileError, StorageError: one of the two cannot be read.
        Cancelled: the token was set while reading.
    """
    if ours.size != theirs.size:
        return _DIFFERENT
    if ours.etag == theirs.etag and _WHOLE.fullmatch(ours.etag or ""):
        return Verdict(True, ours.mark, theirs.mark)
    if hashes := _hashes(theirs):
        with source.read(ours.key) as content:
            return Verdict(_has_etag(content, theirs, hashes, token), content.mark, theirs.mark)
    if hashes := _hashes(ours):
        with target.read(theirs.key) as content:
            return Verdict(_has_etag(content, ours, hashes, token), ours.mark, content.mark)
    with source.read(ours.key) as left, target.read(theirs.key) as right:
        return Verdict(_are_equal(left, right, token), left.mark, right.mark)


class _Hash(Protocol):
    """Something that turns bytes into an etag."""

    def update(self, data: memoryview, /) -> object: ...

    def hexdigest(self) -> str: ...


class _PartsHash:
    """The etag that S3 gives to parts of ``size`` bytes: the MD5 of their MD5s, a dash, their number."""

    def __init__(self, size: int) -> None:
        self._size = self._missing = size
        self._part, self._parts = _md5(), _md5()
        self._count = 0

    def update(self, data: memoryview, /) -> None:
        """Take more bytes, any number of them."""
        while len(data) >= self._missing:
            self._part.update(data[: self._missing])
            data = data[self._missing :]
            self._end_part()
        self._part.update(data)
        self._missing -= len(data)

    def hexdigest(self) -> str:
        """Return the etag; to be called once, at the end."""
        if self._missing < self._size or not self._count:
            self._end_part()
        return f"{self._parts.hexdigest()}-{self._count}"

    def _end_part(self) -> None:
        self._parts.update(self._part.digest())
        self._part, self._missing = _md5(), self._size
        self._count += 1


def _md5() -> "hashlib._Hash":
    return hashlib.md5(usedforsecurity=False)


def _hashes(entry: Entry) -> Sequence[_Hash]:
    """Return what would give this entry's etag if fed with its content; nothing when its etag has no known form."""
    etag = entry.etag or ""
    if _WHOLE.fullmatch(etag):
        return [_md5()]
    match = _IN_PARTS.fullmatch(etag)
    return [_PartsHash(size) for size in _part_sizes(entry.size, int(match[1]))] if match else []


def _part_sizes(size: int, count: int) -> Sequence[int]:
    """Return the part sizes worth a try that cut ``size`` bytes into ``count`` parts."""
    if count == 1:
        return [max(size, 1)]  # one part of any size that is large enough
    # Clients that adapt the part size to the limit of 10,000 parts take the least number of whole MiB.
    least = -(-size // count // MIB) * MIB
    return sorted({usual for usual in (*PART_SIZES, least) if -(-size // usual) == count})


def _has_etag(content: Content, entry: Entry, hashes: Sequence[_Hash], token: CancelToken) -> bool:
    """Read ``content`` once; return whether one of ``hashes`` of it is the entry's etag."""
    if content.size != entry.size:
        return False
    while chunk := content.read(CHUNK):
        token.raise_if_cancelled()
        for each in hashes:
            each.update(memoryview(chunk))
    content.verify()
    return any(each.hexdigest() == entry.etag for each in hashes)


def _are_equal(left: Content, right: Content, token: CancelToken) -> bool:
    """Read both up to the first difference."""
    if left.size != right.size:
        return False
    while ours := _read_chunk(left):
        token.raise_if_cancelled()
        if ours != _read_chunk(right):
            return False
    left.verify()
    right.verify()
    return True


def _read_chunk(content: Content) -> bytes:
    """Read a whole chunk, less only at the end; ``read`` may give fewer bytes at a time."""
    chunk = content.read(CHUNK)
    while chunk and len(chunk) < CHUNK and (more := content.read(CHUNK - len(chunk))):
        chunk += more
    return chunk
