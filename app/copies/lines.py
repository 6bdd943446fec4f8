"""Line ends and white space of text files, and all that a conversion does to a file, in bounded memory."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from app.copies.contract import Conversion
from app.copies.sniffing import is_text, stays_packed
from app.copies.unpacking import unpack
from app.library.disk import disk_in_words, write_leaving_space

PIECE = 1024 * 1024

_WHITE = re.compile(rb"[ \t\v\f]+")
_AROUND_LINE_END = re.compile(rb"\t?\n\t?")

Check = Callable[[], None]
"""Called now and then; what it raises ends the work."""


def no_check() -> None:
    """Let the work go on."""


def converted(
    path: Path,
    conversion: Conversion,
    scratch: Callable[[], Path],
    room: int | None = None,
    check: Check = no_check,
) -> Path:
    """Return the file that is to be kept in the place of ``path``: one of ``scratch``, or ``path`` as it is.

    Args:
        path: stays as it is.
        conversion: what is wanted; line ends and tabs of a file that is no text stay.
        scratch: gives the path of a new file; who called removes those that are not returned.
        room: how many bytes an unpacked file may have; None: any number.
        check: called between two pieces.

    Raises:
        FileUnreadable: what should be unpacked is damaged.
        QuotaExceeded: there is no room for what is in it.
        StorageFull: the disk is full.
    """
    if conversion.decompress and not stays_packed(path, conversion.file_type):
        path = unpack(path, scratch, room, check)
    if (conversion.posix_lines or conversion.tabs) and is_text(path):
        return _with_lines(path, scratch(), conversion, check)
    return path


def posix_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a text with LF in the place of CR and CR LF, and one at its end unless it is empty."""
    after_return, last = False, b"\n"
    for piece in pieces:
        text = piece[1:] if after_return and piece[:1] == b"\n" else piece
        after_return = piece[-1:] == b"\r"
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if text:
            last = text[-1:]
            yield text
    if last != b"\n":
        yield b"\n"


def tabbed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a text with a tab in the place of each run of white space in a line, and none at its start or end.

    Args:
        pieces: a text in which each line ends with LF.
    """
    held, at_start = b"", True
    for piece in pieces:
        text = _AROUND_LINE_END.sub(b"\n", _WHITE.sub(b"\t", held + piece))
        if at_start:
            text = text.removeprefix(b"\t")
        # White space at the end of a piece may belong to a run, or to the end of a line.
        held = b"\t" if text.endswith(b"\t") else b""
        text = text.removesuffix(b"\t")
        if text:
            at_start = text.endswith(b"\n")
            yield text


def _with_lines(path: Path, target: Path, conversion: Conversion, check: Check) -> Path:
    with disk_in_words("A text cannot be converted"), path.open("rb") as source, target.open("wb") as file:
        for piece in _changed(_read(source, check), conversion):
            if b"\0" in piece:
                return path  # it only looked like a text
            write_leaving_space(file, piece)
    return target


def _changed(pieces: Iterator[bytes], conversion: Conversion) -> Iterator[bytes]:
    if conversion.posix_lines:
        pieces = posix_lines(pieces)
    return tabbed(pieces) if conversion.tabs else pieces


def _read(source: BinaryIO, check: Check) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        check()
        yield piece
