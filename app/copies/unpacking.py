"""Unpacks gzip, bzip2 and xz piece by piece, and stops at what would fill a disk."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from app.copies.sniffing import BZIP2, GZIP, XZ
from app.errors import FileUnreadable, QuotaExceeded
from app.library.disk import disk_in_words, write_leaving_space

PIECE = 1024 * 1024
READ = 64 * 1024
"""So much is read at once: behind each member the rest of it is copied, and there can be a member every 20 bytes."""

HARMLESS_SIZE = 2**30
HARMLESS_RATIO = 250
"""A file that becomes larger than `HARMLESS_SIZE` and so many times as large as it was is taken for an attack."""

_MEMORY_MAX = 256 * 1024 * 1024
"""What xz may ask for as a dictionary; its own highest preset wants a quarter of it."""


class _Unpacker(Protocol):
    """One member of a packed file, as the modules for bzip2 and xz have it."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    """One member of a gzip file, in the same form."""

    def __init__(self) -> None:
        self._inside = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._inside.eof

    @property
    def needs_input(self) -> bool:
        return not self._inside.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inside.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inside.decompress(self._inside.unconsumed_tail + data, max_length)


_UNPACKERS: tuple[tuple[bytes, Callable[[], _Unpacker]], ...] = (
    (GZIP, _Gzip),
    (BZIP2, bz2.BZ2Decompressor),
    (XZ, lambda: lzma.LZMADecompressor(memlimit=_MEMORY_MAX)),
)


def unpack(path: Path, scratch: Callable[[], Path], room: int | None, check: Callable[[], None]) -> Path:
    """Return a new file with what is in a packed one, of all its members; the packed file stays.

    Args:
        path: begins as gzip, bzip2 or xz.
        scratch: gives the path of a new file.
        room: how many bytes it may have; None: any number.
        check: called between two pieces; what it raises ends the work.

    Raises:
        FileUnreadable: it is damaged, or an attack.
        QuotaExceeded: there is no room for it.
        StorageFull: the disk is full.
    """
    target, size, packed = scratch(), 0, path.stat().st_size
    with disk_in_words("A packed file cannot be unpacked"), target.open("wb") as file:
        for piece in _pieces(path):
            check()
            size += len(piece)
            _require_room(size, packed, room)
            if piece:
                write_leaving_space(file, piece)
    return target


def _require_room(size: int, packed: int, room: int | None) -> None:
    if room is not None and size > room:
        raise QuotaExceeded(f"What is in the packed file is more than the {room} bytes that are left.")
    if size > HARMLESS_SIZE and size > packed * HARMLESS_RATIO:
        raise FileUnreadable(
            f"The packed file is not unpacked: it holds more than {HARMLESS_RATIO} times as much as it has bytes."
        )


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        yield from _unpacked(path)
    except (zlib.error, EOFError, ValueError, lzma.LZMAError) as error:
        raise FileUnreadable(f"The packed file is damaged: {error}.") from None


def _unpacked(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        data = file.read(READ)
        signature, make = next(known for known in _UNPACKERS if data.startswith(known[0]))
        unpacker = make()
        while data or not unpacker.eof:
            yield from _of_member(unpacker, data)
            if unpacker.eof:
                data = unpacker.unused_data or file.read(READ)
                data = _next_member(data, file.read, signature)
                unpacker = make() if data else unpacker
            elif not (data := file.read(READ)):
                raise EOFError("it ends too early")


def _of_member(unpacker: _Unpacker, data: bytes) -> Iterator[bytes]:
    """Yield what these bytes of one member unpack to, in pieces of bounded size; an empty one when that is nothing.

    So there is a moment to stop at also between members that hold nothing, of which a file can have a great many.
    """
    piece = _decompressed(unpacker, data)
    yield piece
    while piece and not unpacker.eof and not unpacker.needs_input:
        piece = _decompressed(unpacker, b"")
        yield piece


def _decompressed(unpacker: _Unpacker, data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, PIECE)
    except OSError as error:  # what bzip2 says of damage; elsewhere it is the disk that speaks so
        raise ValueError(str(error)) from None


def _next_member(data: bytes, read: Callable[[int], bytes], signature: bytes) -> bytes:
    """Return the bytes from the next member on; none where only padding follows.

    Raises:
        ValueError: something else follows.
    """
    while data and len(data := data.lstrip(b"\0")) < len(signature):
        more = read(READ)
        data += more
        if not more:
            break
    if data and not data.startswith(signature):
        raise ValueError("something else follows its end")
    return data
