"""A real folder and a bucket in memory, which people edit; what they hold, by an independent look."""

import os
import shutil
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.errors import StorageMissing
from app.storages.local.walk import PART_PREFIX
from app.storages.memory import MemoryContent, MemoryStorage
from app.storages.names import key_of
from tests.support.mirror_model import Found, Odd

KEPT = b"what lies outside"


class World:
    """The two places, in ``scratch``."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.uploads, self.outside = scratch / "uploads", scratch / "outside"
        self.root = self.uploads / "root"
        for made in (self.uploads, self.outside):
            made.mkdir()
        (self.outside / "b").write_bytes(KEPT)
        self.bucket = MemoryStorage()
        self._editing = threading.Lock()

    def folder(self) -> Found | None:
        """Return what the folder holds, None where there is none; an independent walk."""
        if not self.root.is_dir():
            return None
        found: dict[str, bytes | Odd] = {}
        for place, folders, names in os.walk(self.root):
            for path in (Path(place, name) for name in [*folders, *names] if not name.startswith(PART_PREFIX)):
                key = "/".join(key_of(part) for part in path.relative_to(self.root).parts)
                with suppress(FileNotFoundError):  # somebody removes it meanwhile
                    if path.is_symlink():
                        found[key] = Odd.LINK
                    elif path.is_fifo():
                        found[key] = Odd.PIPE
                    elif path.is_file():
                        found[key] = path.read_bytes()
        return found

    def paths(self) -> Sequence[str]:
        """Return the paths of all files in the folder."""
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()]

    def left_behind(self) -> Sequence[str]:
        """Return what should not be there after a mirror: unfinished files, and changes outside."""
        parts = [str(path) for path in self.uploads.rglob(f"{PART_PREFIX}*")]
        others = [str(path) for path in self.outside.iterdir() if path.name != "b" or path.read_bytes() != KEPT]
        return [*parts, *others, *(["nothing outside"] if not (self.outside / "b").exists() else [])]

    def objects(self) -> dict[str, bytes] | None:
        """Return what the bucket holds, None where there is none."""
        try:
            return {entry.key: self.bucket.read(entry.key).read() for entry in self.bucket.list()}
        except StorageMissing:
            return None

    def below(self, prefix: str) -> Found | None:
        """Return what the bucket holds below a prefix."""
        objects = self.objects()
        shown = {key: data for key, data in (objects or {}).items() if key.startswith(prefix)}
        return None if objects is None else {key.removeprefix(prefix): data for key, data in shown.items()}

    def edit(self, place: str, name: str, data: bytes | Odd | None) -> None:
        """Put something somewhere, or remove what is there, as a person would."""
        if place == "bucket":
            self._edit_bucket("/".join(key_of(part) for part in name.split("/")), data)
        else:
            self._edit_folder(self.root / name, data)

    def _edit_bucket(self, key: str, data: bytes | Odd | None) -> None:
        if isinstance(data, bytes):
            self.bucket.create()
            self.bucket.write(key, MemoryContent(data, 0))
        else:
            self.bucket.delete([key])

    def _edit_folder(self, path: Path, data: bytes | Odd | None) -> None:
        with self._editing:
            for parent in [*reversed(path.relative_to(self.root).parents)][1:]:
                if not (self.root / parent).is_dir() or (self.root / parent).is_symlink():
                    (self.root / parent).unlink(missing_ok=True)
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            if data is None:
                path.unlink(missing_ok=True)
                self._tidy(path.parent)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            new = self.scratch / "new"
            self._make(new, data)
            new.replace(path)

    def _tidy(self, folder: Path) -> None:
        """Remove empty folders: the model knows none, and they are in the way of files of their names."""
        with suppress(OSError):
            while folder != self.root:
                folder.rmdir()
                folder = folder.parent

    def _make(self, path: Path, data: bytes | Odd) -> None:
        if data is Odd.PIPE:
            os.mkfifo(path)
        elif data is Odd.LINK:
            path.symlink_to(self.outside)
        elif isinstance(data, bytes):
            path.write_bytes(data)

    def edit_unseen(self, place: str, name: str) -> None:
        """Change a file or an object, but neither its size nor, of a file, its time."""
        if place == "bucket":
            key = "/".join(key_of(part) for part in name.split("/"))
            if data := (self.objects() or {}).get(key):
                self._edit_bucket(key, _flipped(data))
            return
        path = self.root / name
        if path.is_file() and not path.is_symlink() and (data := path.read_bytes()):
            status = path.stat()
            with path.open("r+b") as file:
                file.write(_flipped(data))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def move(self, name: str, other: str) -> None:
        """Rename whatever has this name."""
        source, target = self.root / name, self.root / other
        if source.exists() and not target.is_relative_to(source) and not source.is_relative_to(target):
            self._edit_folder(target, None)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            self._tidy(source.parent)


def _flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])
