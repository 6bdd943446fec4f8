"""What stands in one folder under each segment of keys: a file, a folder, both, or something that is no object."""

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.errors import AccessDenied, StorageFailure
from app.storages.base import Entry
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.paths import segment_of, stand_in
from app.storages.gdrive.resources import SHORTCUT, DriveFile

SIZES = 10_000
"""Sizes of exports that are remembered."""


class Left(NamedTuple):
    """Why something is no object; see `app.storages.base.Omission`."""

    why: str
    failed: bool
    subtree: bool = False


class Standing(NamedTuple):
    """What stands under one segment.

    Attributes:
        file: the object that it is, if any.
        folder: the folder that it is, if any; its objects' keys go on behind it.
        left: why there is no object, or not just one.
    """

    file: DriveFile | None = None
    folder: DriveFile | None = None
    left: Left | None = None


class Entries:
    """Tells files of Drive as entries of a storage. Thread-safe.

    Args:
        files: names and exports documents of Google's.
    """

    def __init__(self, files: DriveFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}

    def segment(self, found: DriveFile) -> str | None:
        """Return the last segment of a file's key; None: it has none, since it is no object or its name is none.

        Of a document of Google's it has the extension of what that is exported as.
        """
        if not found.is_native:
            return None if found.is_folder or found.mime_type == SHORTCUT else segment_of(found.name)
        try:
            return segment_of(self._files.stored_name(found))
        except AccessDenied:
            return None

    def entry(self, key: str, found: DriveFile) -> Entry:
        """Return the entry of a file; a document of Google's is exported for its size, once for each version.

        Raises:
            AccessDenied: it cannot be exported.
            StorageFailure: Drive does not tell the size of a file.
        """
        size = self._exported_size(found) if found.is_native else found.size
        if size is None:
            raise StorageFailure(f"Drive does not tell the size of {key!r}.")
        md5 = None if found.is_native else found.md5
        return Entry(key, size, found.modified_ns / 1e9, md5, None if md5 else version_of(found))

    def knows_size(self, found: DriveFile) -> bool:
        """Return whether `entry` needs no request."""
        with self._lock:
            return not found.is_native or version_of(found) in self._sizes

    def _exported_size(self, found: DriveFile) -> int:
        version = version_of(found)
        with self._lock:
            if version in self._sizes:
                return self._sizes[version]
        with self._files.read(found) as content:
            size = content.size
        with self._lock:
            if len(self._sizes) >= SIZES:
                self._sizes.clear()
            self._sizes[version] = size
        return size

    def by_segment(self, children: Iterable[DriveFile]) -> Mapping[str, Standing]:
        """Return what stands under each segment in a folder with these children, in no order."""
        unique = {child.id: child for child in children}  # one that moves between two pages can be on both
        together: dict[str, list[DriveFile]] = {}
        for child in unique.values():
            segment = segment_of(child.name) if child.is_folder else self.segment(child)
            together.setdefault(segment or stand_in(child.name), []).append(child)
        return {segment: self._standing(segment, found) for segment, found in together.items()}

    def _standing(self, segment: str, found: list[DriveFile]) -> Standing:
        folders = [one for one in found if one.is_folder]
        named = [one for one in found if self.segment(one) == segment]
        if any(segment_of(one.name) is None for one in found):
            return Standing(left=_left("No key can be made of its name in Drive. Rename it.", folders))
        if len(folders) > 1:
            return Standing(left=_left(_many(len(folders), "folders"), folders))
        folder = folders[0] if folders else None
        if len(named) > 1:
            return Standing(None, folder, _left(_many(len(named), "files")))
        if named or folder:
            return Standing(named[0] if named else None, folder)
        return Standing(left=_why_no_object(found[0]))


def version_of(found: DriveFile) -> str:
    """Return what tells this version of a file from any other, also of another file."""
    return f"{found.id}:{found.version}"


def _left(why: str, folders: Iterable[DriveFile] = ()) -> Left:
    return Left(why, failed=True, subtree=any(folders))


def _many(count: int, what: str) -> str:
    return f"{count} {what} have this name in Drive. Rename or remove all but one of them."


def _why_no_object(found: DriveFile) -> Left:
    if found.mime_type == SHORTCUT:
        return Left("It is a shortcut, and shortcuts are not followed.", failed=False)
    return Left("It is something of Google's that cannot be exported, such as a form or a site.", failed=False)
