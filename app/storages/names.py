"""The reversible spelling between file names, which are bytes, and the segments of keys, which are clean text.

A byte that is not UTF-8, a control character, U+FFFE and U+FFFF (XML 1.0 cannot carry the last three) are spelt
``⧵XX`` per byte: U+29F5 and two upper-case hexadecimal digits. U+29F5 itself is spelt the same way, so that no two
names share a spelling, and so is U+201B, which rclone quotes by. Everything else stays as it is; nothing is normalised.
"""

import os
import re

from app.errors import KeyRefused

MARK = "\u29f5"
FORMER_MARK = "\u201b"  # of version 0.1.0; decision 12 tells why it is no more

_TO_SPELL = re.compile(f"[\x00-\x1f\x7f{FORMER_MARK}{MARK}\ufffe\uffff\udc80-\udcff]")
_PLAIN = re.compile(r"(?!\.{1,2}$)[ -.0-~]+", re.ASCII)  # what most names are made of, and what needs no closer look
_SPELT = re.compile(MARK + "([0-9A-F]{2})")
_FORMERLY_SPELT = re.compile(FORMER_MARK + "([0-9A-F]{2})")


def key_of(name: str) -> str:
    """Return the segment of a key for a file name.

    Args:
        name: one name, without ``/``, as ``os.fsdecode`` gives it (a lone surrogate for each byte that is not UTF-8).

    Returns:
        The segment: no surrogate, no control character, different for each name.
    """
    return _TO_SPELL.sub(_spell, name) if _TO_SPELL.search(name) else name


def name_of(segment: str) -> str:
    """Return the file name for a segment of a key: the inverse of `key_of`.

    Version 0.1.0's spelling is refused: a bucket can hold one file under both, and the older one must not replace it.

    Raises:
        KeyRefused: no file can have this name (empty, ``.``, ``..``, a ``/`` or NUL in it), or the segment is not
            how its name is spelt.
    """
    if _PLAIN.fullmatch(segment):
        return segment
    name = _unspelt(segment) if _is_text(segment) else ""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise KeyRefused(f"No file can be named {segment!r}.")
    if key_of(name) != segment:
        raise KeyRefused(f"{segment!r} is not how a file name is spelt in a key.{_advice(segment)}")
    return name


def name_of_argument(segment: str) -> str:
    """Return the folder name for a segment of a path that a job was given, which may be in version 0.1.0's spelling.

    Raises:
        KeyRefused: as `name_of`.
    """
    return name_of(_FORMERLY_SPELT.sub(MARK + r"\1", segment))


def _spell(match: re.Match[str]) -> str:
    return "".join(f"{MARK}{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))


def _unspelt(segment: str) -> str:
    if MARK not in segment:
        return segment
    return os.fsdecode(_SPELT.sub(_unspell, segment).encode("utf-8", "surrogateescape"))


def _unspell(match: re.Match[str]) -> str:
    return bytes([int(match[1], 16)]).decode("utf-8", "surrogateescape")


def _is_text(segment: str) -> bool:
    try:
        segment.encode()
    except UnicodeEncodeError:
        return False
    return True


def _advice(segment: str) -> str:
    if not _FORMERLY_SPELT.search(segment):
        return ""
    return f" Version 0.1.0 spelt so: store the object under a key with {MARK} in the place of {FORMER_MARK}."
