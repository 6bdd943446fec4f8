"""The checksums of a file, in one pass."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

CHUNK = 1024 * 1024


class Digests(NamedTuple):
    """What was found out by reading a file: its length in bytes, and checksums in hexadecimal digits."""

    size: int
    md5: str
    sha256: str


def digests(path: Path) -> Digests:
    """Read a file; 1 MiB of it is in memory at a time.

    Raises:
        OSError: it cannot be read, or is a link.
    """
    md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            md5.update(chunk)
            sha256.update(chunk)
            size += len(chunk)
    return Digests(size, md5.hexdigest(), sha256.hexdigest())
