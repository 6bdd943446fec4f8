"""Steps put aside until later, in a file once they are many, so that memory does not grow with their number."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self, TypeAlias

from app.errors import ScratchUnusable, StorageFull
from app.library.disk import require_space
from app.storages.base import Entry
from app.transfer.steps import Compare, Delete, Upload

MEMORY_BYTES = 4 * 1024 * 1024
READ_BYTES = 64 * 1024
LOOK_BYTES = 1024 * 1024
"""How much is written between two looks at what the disk has left."""

Step: TypeAlias = Upload | Compare | Delete


class Spool:
    """A first-in first-out queue of steps, in memory up to 4 MiB and in a temporary file beyond. Used by one thread.

    Args:
        folder: where the file goes; it has no name there and vanishes with the process.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES, dir=str(folder))  # noqa: SIM115  # see close()
        self._written = self._read = self._count = 0
        self._look_at = MEMORY_BYTES
        self._lines: list[bytes] = []

    def __len__(self) -> int:
        return self._count

    def put(self, step: Step) -> None:
        """Put one step at the end.

        Raises:
            ScratchUnusable: the disk is broken, or full but for `app.library.disk.RESERVE`.
        """
        line = json.dumps([type(step).__name__, *step], separators=(",", ":")).encode() + b"\n"
        with _disk_errors():
            self._file.seek(self._written)
            self._written += self._file.write(line)
            if self._written >= self._look_at:
                self._require_space()
        self._count += 1

    def _require_space(self) -> None:
        """Look whether the disk still has what others need, and say when to look again."""
        self._look_at = self._written + LOOK_BYTES
        try:
            require_space(self._file.fileno(), LOOK_BYTES)
        except StorageFull:
            raise ScratchUnusable(
                "There are too many steps to put aside: the disk of DATA_DIR is full, but for what the database needs. "
                "Free space there, and see that the storage lists what it holds."
            ) from None

    def pop(self) -> Step | None:
        """Take the oldest step; None when there is none."""
        if not self._count:
            return None
        if not self._lines:
            self._lines = self._next_lines()
        self._count -= 1
        return _step(self._lines.pop())

    def __iter__(self) -> Iterator[Step]:
        """Take all steps, oldest first."""
        while (step := self.pop()) is not None:
            yield step

    def close(self) -> None:
        """Forget all."""
        with suppress(OSError):  # it would still write what is about to be forgotten
            self._file.close()

    def _next_lines(self) -> list[bytes]:
        """Return the next few whole lines, the oldest last."""
        with _disk_errors():
            self._file.seek(self._read)
            lines: list[bytes] = self._file.readlines(READ_BYTES)
            self._read = self._file.tell()
        return lines[::-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ScratchUnusable(
            f"Steps cannot be put aside on the disk of DATA_DIR: {error.strerror}. Free space there and start again."
        ) from None


def _step(line: bytes) -> Step:
    kind, entry, *rest = json.loads(line)
    if kind == "Upload":
        return Upload(Entry(*entry), *rest)
    if kind == "Delete":
        return Delete(Entry(*entry), *rest)
    return Compare(Entry(*entry), Entry(*rest[0]), *rest[1:])
