"""The trees of files that are synchronised, what is changed in them, and whether a copy is equal to one.

Bytes and names depend on nothing but the numbers given, so that each run on each machine moves the same.
"""

import hashlib
import os
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

MIB = 1024 * 1024
PER_FOLDER = 100

Manifest = dict[str, tuple[int, bytes]]
"""Size and digest of each file by its key (its path with ``/``)."""


def make_small_files(root: Path, count: int, size: int) -> None:
    """Write ``count`` files of ``size`` random bytes, a hundred to a folder, a minute old."""
    source = random.Random(count)
    for number in range(count):
        path = root / f"folder-{number // PER_FOLDER:04}" / f"file-{number % PER_FOLDER:02}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.randbytes(size))
    _age(root)


def make_large_files(root: Path, count: int, size: int) -> None:
    """Write ``count`` files of ``size`` random bytes, a minute old; ``size`` is a multiple of a mebibyte."""
    root.mkdir(parents=True)
    source = random.Random(size)
    for number in range(count):
        with (root / f"large-{number}.bin").open("wb") as file:
            for _ in range(size // MIB):
                file.write(source.randbytes(MIB))
    _age(root)


def _age(root: Path) -> None:
    """Set whole trees back by a minute: tools that compare times must be able to tell old from new."""
    for path in files(root):
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 60 * 10**9))


def files(root: Path) -> Iterator[Path]:
    """Yield every file below ``root``."""
    for folder, _, names in os.walk(root):
        for name in names:
            yield Path(folder, name)


def manifest(root: Path) -> Manifest:
    """Read all files below ``root``."""
    return {path.relative_to(root).as_posix(): _digest(path) for path in files(root)}


def _digest(path: Path) -> tuple[int, bytes]:
    with path.open("rb", buffering=0) as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha1").digest()


def differing(wanted: Manifest, found: Manifest) -> list[str]:
    """Return the keys that only one of the two has, or that differ in size or bytes."""
    return sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))


def change(root: Path, count: int, seed: int) -> list[str]:
    """Give ``count`` files new bytes and times, every other one a new size too; return their keys."""
    source = random.Random(seed)
    chosen = source.sample(sorted(files(root)), count)
    for number, path in enumerate(chosen):
        path.write_bytes(source.randbytes(path.stat().st_size + number % 2))
    return _keys(root, chosen)


def hide_edit(root: Path, seed: int) -> str:
    """Give one file other bytes of the same length and its old modification time back; return its key."""
    source = random.Random(seed)
    path = source.choice(sorted(files(root)))
    before = path.stat()
    path.write_bytes(source.randbytes(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return _keys(root, [path])[0]


def _keys(root: Path, paths: Iterable[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]
