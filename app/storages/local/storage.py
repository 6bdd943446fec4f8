"""The driver for a folder of this machine."""

import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from app.errors import (
    FileMissing,
    KeyRefused,
    ObjectMissing,
    SourceUnreadable,
    StorageError,
    StorageMissing,
    StorageNotEmpty,
)
from app.storages.base import KEEP_HOURS, LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights
from app.storages.local.confinement import ELSEWHERE, is_inside, open_descriptor, place_of
from app.storages.local.content import open_file
from app.storages.local.dropping import remove_tree_without_files
from app.storages.local.errors import translated
from app.storages.local.looking import rights_in, shown_below, stat_file
from app.storages.local.tidying import remove_old_parts
from app.storages.local.walk import PART_PREFIX, Folder, Walk, Wanted
from app.storages.local.writing import Folders, copy_file, delete_file, open_folder, write_file
from app.storages.names import name_of
from app.storages.tokens import last_of, token_behind

MAX_PATH_BYTES = 4095


class LocalStorage:
    """The files below one folder. Thread-safe.

    Links that lead inside ``confine`` are followed; others, and pipes, sockets and devices, are omissions.

    Args:
        root: the storage's folder.
        confine: the folder that is never left, which must exist; ``root`` itself when not given.
        keep_hours: how old an unfinished file must be for `tidy` to remove it.
    """

    def __init__(self, root: Path, confine: Path | None = None, keep_hours: float = KEEP_HOURS) -> None:
        self._root = root.absolute()
        self._root_path = str(self._root)
        self._given_confine = confine
        self._keep_hours = keep_hours
        self._real_confine: str | None = None
        self._folders = Folders()
        self._last_folder = ("", self._root_path)

    def check(self) -> None:
        """Return when the folder is there and can be listed.

        Raises:
            SourceUnreadable: it cannot be listed, or ``confine`` is missing.
        """
        os.close(self._open_root(self._resolve_confine()))

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """Yield the files, and omissions for what cannot be offered, keys strictly ascending by their UTF-8 bytes.

        An omission of a folder is told when keys below it are asked for, even if its own key is not.

        Raises:
            SourceUnreadable: the folder itself cannot be listed, or was replaced or removed meanwhile.
        """
        confine = self._resolve_confine()
        # Held open until the end, so that no other folder can be given its number meanwhile.
        descriptor = self._open_root(confine)
        try:
            walk = Walk(confine, Wanted(prefix, after, prune))
            yield from walk.below(self._read_root(walk, descriptor))
            self._require_same(descriptor)
        finally:
            os.close(descriptor)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """Return one page of a level; one folder is read for it, and folders are shown that hold no file.

        Raises:
            SourceUnreadable: the storage's own folder cannot be listed.
        """
        last = "" if token is None else last_of(token)
        confine = self._resolve_confine()
        descriptor = self._open_root(confine)
        try:
            walk = Walk(confine, Wanted(prefix, last))
            way = self._way_to(prefix)
            found = list(islice(shown_below(descriptor, way, walk, prefix), limit + 1)) if way else []
        finally:
            os.close(descriptor)
        return Level(found[:limit], token_behind(found, limit))

    def stat(self, key: str) -> Entry:
        """Return the entry of a regular file that lies inside ``confine``.

        Raises:
            SourceUnreadable: the storage's own folder cannot be reached.
        """
        try:
            return stat_file(self._path(key), key, self._confine())
        except KeyRefused:
            raise ObjectMissing(f"No file can have the key {key!r}.") from None
        except ObjectMissing:
            self.check()
            raise

    def rights(self) -> Rights:
        """Find out what this process may do in the folder itself; folders in it may have other permissions.

        Raises:
            SourceUnreadable: it lies outside ``confine``, or cannot be reached.
        """
        confine = self._resolve_confine()
        if not self._root.is_dir() or not is_inside(os.path.realpath(self._root), confine):
            self.check()
        return rights_in(self._root_path)

    def read(self, key: str) -> Content:
        """Open the file for reading; it must be a regular file that lies inside ``confine``.

        Raises:
            FileMissing, FileUnreadable: it is not there, or cannot be read.
            FileChanged: it is being written just now.
        """
        try:
            path = self._path(key)
        except KeyRefused:
            raise FileMissing(f"No file can have the key {key!r}.") from None
        return open_file(path, key, self._confine())

    def write(self, key: str, content: Content) -> Entry:
        """Store ``content`` by way of a hidden file beside its place, with its own time of modification."""
        names = self._names(key)
        self._require_root()
        with translated(key):
            return write_file(self._root, names, key, content, self._confine(), self._folders)

    def copy(self, source: str, key: str) -> Entry | None:
        """Store the file of ``source`` under ``key`` too; where the file system can, they share what is on the disk."""
        names = self._names(key)
        found = self.stat(source)
        if source == key:
            return found
        try:
            opened = open_file(self._path(source), source, self._confine())
        except FileMissing:
            raise ObjectMissing(f"There is no file {source!r}.") from None
        with opened, translated(key):
            return copy_file(self._root, names, key, opened, self._confine(), self._folders)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """Remove these files, and the folders that this leaves empty."""
        kept: dict[str, StorageError] = {}
        for key in keys:
            try:
                self._delete(key)
            except StorageError as error:
                kept[key] = error
        return kept

    def create(self) -> None:
        """Make the folder."""
        confine, place = self._confine(), os.path.realpath(self._root)
        if not is_inside(place, confine):
            raise KeyRefused(f"{self._root} is not made: {ELSEWHERE}.")
        with translated(str(self._root)):
            if self._given_confine is None:
                self._root.mkdir(parents=True, exist_ok=True)
                return
            names = Path(place).relative_to(confine).parts
            os.close(open_folder(Path(confine), names, str(self._root), confine, create=True))

    def drop(self) -> None:
        """Remove the folder, which must hold no file; empty folders in it go with it."""
        with translated(str(self._root)):
            try:
                emptied = remove_tree_without_files(self._root, self._confine())
            except FileNotFoundError:
                return
        if not emptied:
            raise StorageNotEmpty(f"{self._root} still holds files.")

    def tidy(self) -> None:
        """Remove unfinished files that are old enough; such files in use grow, and so are not."""
        with suppress(StorageMissing, SourceUnreadable):
            confine = self._resolve_confine()
            os.close(self._open_root(confine))
            remove_old_parts(str(self._root), confine, time.time() - self._keep_hours * 3600)

    def close(self) -> None:
        """Hold nothing, so release nothing."""

    def _delete(self, key: str) -> None:
        try:
            names = self._names(key)
        except KeyRefused:
            return  # no file can have this key
        with translated(key):
            delete_file(self._root, names, key, self._confine())

    def _names(self, key: str) -> Sequence[str]:
        names = [name_of(segment) for segment in key.split("/")]
        if names[-1].startswith(PART_PREFIX):
            raise KeyRefused(f"{key!r} is a name for unfinished files, which begin with {PART_PREFIX!r}.")
        if len(os.fsencode(self._root.joinpath(*names))) > MAX_PATH_BYTES:
            raise KeyRefused(f"The path of {key[:60]!r}... is too long for the file system.")
        return names

    def _way_to(self, prefix: str) -> Sequence[str]:
        """Return the root and the folders that ``prefix`` names, empty where no folder can have one of these names."""
        try:
            return [self._root_path, *(name_of(segment) for segment in prefix.split("/")[:-1])]
        except KeyRefused:
            return []

    def _path(self, key: str) -> str:
        """Return where the file of this key is; of the last key's folder that is known."""
        folder, slash, segment = key.rpartition("/")
        last, path = self._last_folder
        if folder + slash != last:
            names = [name_of(part) for part in folder.split("/")] if slash else []
            path = os.path.join(self._root_path, *names)  # noqa: PTH118 - as below
            self._last_folder = (folder + slash, path)
        name = name_of(segment)
        if name.startswith(PART_PREFIX):
            raise KeyRefused(f"{key!r} is a name for unfinished files, which begin with {PART_PREFIX!r}.")
        return os.path.join(path, name)  # noqa: PTH118 - for each file of a tree

    def _confine(self) -> str:
        """Return the folder that is never left, as last resolved: if it is replaced later, nothing lies inside."""
        return self._real_confine or self._resolve_confine()

    def _resolve_confine(self) -> str:
        self._real_confine = self._find_confine()
        return self._real_confine

    def _find_confine(self) -> str:
        if self._given_confine is None:
            return os.path.realpath(self._root)
        try:
            is_folder = stat.S_ISDIR(self._given_confine.stat().st_mode)
        except OSError as error:
            raise SourceUnreadable(f"{self._given_confine} cannot be reached: {error.strerror}.") from None
        if not is_folder:
            raise SourceUnreadable(f"{self._given_confine} is no folder.")
        return os.path.realpath(self._given_confine)

    def _open_root(self, confine: str) -> int:
        try:
            descriptor = open_descriptor(self._root, os.O_DIRECTORY)
        except FileNotFoundError:
            self._require_truly_missing(confine)
            raise StorageMissing(f"There is no folder {self._root}.") from None
        except OSError as error:
            raise SourceUnreadable(f"{self._root} cannot be read: {error.strerror}.") from None
        if not is_inside(place_of(descriptor, self._root), confine):
            os.close(descriptor)
            raise SourceUnreadable(f"{self._root} is not read: {ELSEWHERE}.")
        return descriptor

    def _read_root(self, walk: Walk, descriptor: int) -> Folder:
        try:
            return walk.read(descriptor, str(self._root), "")
        except OSError as error:
            raise SourceUnreadable(f"{self._root} cannot be read: {error.strerror}.") from None

    def _require_same(self, descriptor: int) -> None:
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), self._root.stat()):
                return
        raise SourceUnreadable(f"{self._root} was replaced or removed while it was listed.")

    def _require_truly_missing(self, confine: str) -> None:
        """Raise when the folder only seems to be missing, since a link on the way leads nowhere or outside."""
        there = next(path for path in (self._root, *self._root.parents) if os.path.lexists(path))
        if not there.is_dir():
            raise SourceUnreadable(f"{self._root} cannot be reached: {there} leads nowhere.")
        if self._given_confine is not None and not is_inside(os.path.realpath(there), confine):
            raise SourceUnreadable(f"{self._root} is not read: {ELSEWHERE}.")

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise StorageMissing(f"There is no folder {self._root}.")
