"""Previews on the disk: at most one for each connection, found again only by exactly what it was made of."""

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

logger = logging.getLogger(__name__)

FOLDER = "previews"

_DIGITS = 32
_START, _END = b"\xff\xd8", b"\xff\xd9"  # a file that a power failure cut short lacks one of them


def fingerprint(made_of: Sequence[object]) -> str:
    """Return what stands for ``made_of``, numbers and texts, in the name of a file."""
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:_DIGITS]


class PreviewFiles:
    """The previews of all connections. Safe for several threads and processes; a disk that fails counts as empty.

    Args:
        data_dir: the folder for them is made in it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def get(self, connection_id: str, print_of_it: str) -> bytes | None:
        """Return the preview that was made of this, or None."""
        with suppress(OSError):
            kept = self._place(connection_id, print_of_it).read_bytes()
            if kept.startswith(_START) and kept.endswith(_END):
                return kept
        return None

    def keep(self, connection_id: str, print_of_it: str, jpeg: bytes) -> None:
        """Keep a preview in place of any other of the connection; it is there whole or not at all."""
        place = self._place(connection_id, print_of_it)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(place, jpeg)
        except OSError as error:
            logger.warning("A preview could not be kept: %s", error)
        for other in self._folder.glob(f"{connection_id}-*.jpg"):
            if other != place:
                _remove(other)

    def forget(self, connection_id: str) -> None:
        """Remove what is kept of a connection, and what an interrupted `keep` left behind."""
        for pattern in (f"{connection_id}-*.jpg", f".{connection_id}-*.part"):
            for kept in self._folder.glob(pattern):
                _remove(kept)

    def _place(self, connection_id: str, print_of_it: str) -> Path:
        return self._folder / f"{connection_id}-{print_of_it}.jpg"


def _write_whole(place: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.stem}.", suffix=".part")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        draft.replace(place)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
