"""Notes of downloads that have not brought everything: an upload from there would delete the rest from the bucket.

The lock on the bucket keeps an upload waiting while a download runs. These notes keep it from running after one that
failed, was cancelled, or left files out.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.connections.address import target_of
from app.errors import SourceUnreadable

NOTES = "unfinished-downloads"


class Pair(NamedTuple):
    """A part of a bucket and the folder that it is mirrored with.

    Attributes:
        target: the bucket's identity, see `target_of`.
        prefix: empty, or ending with ``/``.
        folder: in the uploads folder; empty, or ending with ``/``.
    """

    target: str
    prefix: str
    folder: str

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> "Pair":
        """Return the pair of a mirror job."""
        source = str(arguments["source"])
        target = target_of(str(arguments["storage_url"]), str(arguments["dest"]))
        return cls(target, str(arguments["prefix"]), source and source + "/")

    def meets(self, other: "Pair") -> bool:
        """Return whether some file and its object belong to both."""
        return self.target == other.target and _nested(self.prefix, other.prefix) and _nested(self.folder, other.folder)


def is_unfinished(data_dir: Path, pair: Pair) -> bool:
    """Return whether there is a note of just this download."""
    return _place(data_dir, pair).is_file()


def note_unfinished(data_dir: Path, pair: Pair) -> None:
    """Write the note, whole or not at all."""
    note = _place(data_dir, pair)
    with suppress(OSError):  # a full disk is no reason not to restore
        note.parent.mkdir(exist_ok=True)
        part = note.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(pair))
        part.replace(note)


def forget_unfinished(data_dir: Path, pair: Pair) -> None:
    """Remove the note; harmless when there is none."""
    with suppress(OSError):
        _place(data_dir, pair).unlink(missing_ok=True)


def require_finished_downloads(data_dir: Path, pair: Pair) -> None:
    """Return unless an upload of ``pair`` would delete what a download has not brought yet.

    Raises:
        SourceUnreadable: it would.
    """
    for note, unfinished in _notes(data_dir):
        if pair.meets(unfinished):
            where = f"the folder {unfinished.folder}" if unfinished.folder else "the uploads folder"
            raise SourceUnreadable(
                f"A download of {unfinished.target}/{unfinished.prefix} into {where} has not brought everything, and "
                "this upload would delete the rest. Download again until all is there, or upload with delete=0; "
                f"or, if the rest shall be deleted, remove {note}."
            )


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _place(data_dir: Path, pair: Pair) -> Path:
    return data_dir / NOTES / f"{hashlib.sha256(json.dumps(pair).encode()).hexdigest()[:24]}.json"


def _notes(data_dir: Path) -> Iterator[tuple[Path, Pair]]:
    for note in sorted((data_dir / NOTES).glob("*.json")):
        try:
            pair = Pair(*json.loads(note.read_text()))
        except (OSError, ValueError, TypeError):
            continue  # what cannot be read is no note
        yield note, pair
