"""One level of a folder, page by page.

Drive cannot begin behind a name in the order of keys, so each page asks for the whole folder anew. The tokens hold the
name that a page ended with.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias

from app.errors import AccessDenied, FileChanged, ObjectMissing, StorageFailure
from app.storages.base import Entry, Folder, Level
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.folders import Folders
from app.storages.gdrive.paths import name_of, segments_of
from app.storages.gdrive.resources import DriveFile
from app.storages.gdrive.standing import Entries
from app.storages.http_api.threads import Threads
from app.storages.tokens import last_of, refusal, token_of

EXPORTS = 16
"""A page ends before it would need more documents to be exported for their sizes, or it would take too long."""

_Found: TypeAlias = "tuple[str, DriveFile | None]"
"""A key and its file; of a folder, whose key ends with ``/``, None."""


class Browser:
    """Shows the levels of one storage. Thread-safe.

    Args:
        files: asks Drive, with little patience.
        folders: finds folders.
        entries: tells what stands in them.
        threads: have several documents exported at once.
    """

    def __init__(self, files: DriveFiles, folders: Folders, entries: Entries, threads: Threads) -> None:
        self._files, self._folders, self._entries, self._threads = files, folders, entries, threads

    def level(self, prefix: str, limit: int, token: str | None) -> Level:
        """Return one page of what lies directly below ``prefix``.

        Raises:
            InvalidInput: the token was not made here for this prefix.
            StorageMissing: the folder of the storage is not there.
        """
        last = "" if token is None else last_of(token)
        if last and not last.startswith(prefix):
            raise refusal()
        rest = sorted(((key, file) for key, file in self._below(prefix) if key > last), key=lambda found: found[0])
        page = rest[: self._reach(rest[:limit])]
        return Level(list(self._shown(page)), token_of(page[-1][0]) if len(page) < len(rest) else None)

    def _below(self, prefix: str) -> Iterator[_Found]:
        """Yield the keys of the level with their files, in no order."""
        folder, slash, _ = prefix.rpartition("/")
        for segment, standing in self._entries.by_segment(self._children(folder, slash)).items():
            key = f"{folder}{slash}{segment}"
            if standing.file is not None and key.startswith(prefix):
                yield key, standing.file
            if standing.folder is not None and f"{key}/".startswith(prefix):
                yield f"{key}/", None

    def _children(self, folder: str, slash: str) -> Iterable[DriveFile]:
        self._folders.forget()
        root_id = self._folders.root()
        segments = segments_of(folder) if slash else ()
        if segments is None:
            return ()
        folder_id = self._folders.found(tuple(map(name_of, segments))) if segments else root_id
        try:
            return list(self._files.children(folder_id)) if folder_id else ()
        except ObjectMissing:
            return ()

    def _reach(self, found: Sequence[_Found]) -> int:
        """Return how many of these can be shown within seconds."""
        exports = 0
        for count, (_, file) in enumerate(found):
            exports += file is not None and not self._entries.knows_size(file)
            if exports > EXPORTS:
                return count
        return len(found)

    def _shown(self, page: Sequence[_Found]) -> Iterator[Entry | Folder]:
        """Yield what is shown, several documents exported at once; one that cannot be is left out."""
        coming = {
            key: self._threads.submit(partial(self._entries.entry, key, file))
            for key, file in page
            if file is not None and not self._entries.knows_size(file)
        }
        for key, file in page:
            if file is None:
                yield Folder(key)
                continue
            with suppress(AccessDenied, FileChanged, ObjectMissing, StorageFailure):
                yield coming[key].result() if key in coming else self._entries.entry(key, file)
