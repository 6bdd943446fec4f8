"""Files that are sent here in parts, each kept as soon as it is here, until a job makes an item of the whole."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias
from uuid import UUID, uuid4

from app.accounts.caller import Caller
from app.db import Database
from app.errors import InvalidInput, NotFound, QuotaExceeded, UploadRefused
from app.library.contract import Upload
from app.library.disk import disk_in_words
from app.library.texts import ITEM_NAME_MAX, kept
from app.library.upload_files import UploadBusy, UploadFile, UploadFiles, gone
from app.library.upload_store import UploadStore
from app.settings import Settings

MAX_SIZE = 5 * 2**40
"""Bytes that one upload may have: as many as an object of S3."""

ORPHAN_SECONDS = 3600.0
"""A file that is no upload's was left by a crash when nobody has written to it for so long."""

Read: TypeAlias = Callable[[int], bytes]
"""Returns up to so many bytes, none at the end."""


class UploadService:
    """Keeps uploads. One for all; thread-safe, and so are several processes with one DATA_DIR.

    How much of an upload has arrived is the length of its file, so nothing that arrived is lost when a connection
    breaks or this process is killed. An upload counts against its owner's quota with the size that was announced.
    """

    def __init__(self, database: Database, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._store = UploadStore(database, settings.library_quota)
        self._files = UploadFiles(settings.data_dir / "library" / "uploads")
        self._keep_seconds = settings.multipart_keep_hours * 3600.0
        self._clock = clock

    def create(self, caller: Caller, size: int, name: str = "") -> Upload:
        """Make an upload of which nothing has arrived.

        Args:
            caller: whose it is.
            size: how many bytes it will have.
            name: what it is called; may be empty.

        Raises:
            InvalidInput: the size is none, or too large.
            QuotaExceeded: it would not fit.
            UploadRefused: he has too many unfinished ones.
            StorageFull: not even an empty file can be made.
        """
        if not 0 <= size <= MAX_SIZE:
            raise InvalidInput("size", f"use a number of bytes from 0 to {MAX_SIZE}")
        upload = self._new(caller, size, name)
        with self._files.new(upload.id):
            self._store.add(upload)
        return upload

    @contextmanager
    def incoming(self, caller: Caller, name: str = "") -> Iterator["Incoming"]:
        """Give what takes the bytes of a file of unknown size; when the block ends, it is a complete upload.

        When the block raises, nothing stays. Raises as `create` does.
        """
        upload = self._new(caller, 0, name)
        with self._files.new(upload.id) as file:
            incoming = Incoming(upload, file, self._store.room(caller.user_id))
            yield incoming
            file.settle()
            self._store.add(incoming.upload)

    def find(self, caller: Caller, upload_id: str) -> Upload:
        """Return an upload as it is now.

        Raises:
            NotFound: none of the caller's has this id.
        """
        return self._found(caller.user_id, upload_id)

    def append(self, caller: Caller, upload_id: str, offset: int, read: Read) -> Upload:
        """Put what ``read`` gives behind what has arrived; it is on the disk when this returns.

        Args:
            caller: the owner.
            upload_id: the upload.
            offset: where these bytes begin: how many have arrived, as the caller believes.
            read: what it raises is raised here, and what it gave before that stays.

        Raises:
            NotFound: none of the caller's has this id.
            UploadBusy: somebody else is writing to it, in whichever process.
            UploadRefused: another number of bytes has arrived.
            UploadTooLong: more came than was announced; then nothing of it stays.
            StorageFull: what fitted stays.
        """
        upload = self.find(caller, upload_id)
        with self._files.locked(upload.id) as file:
            if file.length != offset:
                raise UploadRefused(f"{file.length} bytes have arrived, so the next part begins there.", file.length)
            file.append(read, upload.size - offset)
            return replace(upload, offset=file.length)

    def remove(self, caller: Caller, upload_id: str) -> None:
        """Forget an upload and what has arrived of it.

        Raises:
            NotFound: none of the caller's has this id.
            UploadBusy: somebody is writing to it.
        """
        upload = self.find(caller, upload_id)
        self._remove(upload.id)

    def taken(self, upload_id: str, owner_id: int) -> Path:
        """Take a complete upload over for a job, and return its file; from now on nobody else sees it.

        It does not count against the quota any more: what the job makes of it will. Link the file and do not move it: a
        job that is resumed after a crash asks for it again.

        Raises:
            NotFound: he has no such upload, and took over none.
            UploadRefused: not all of it has arrived.
            UploadBusy: somebody is writing to it.
        """
        _require_id(upload_id)
        path = self._files.taken_path(upload_id, owner_id)
        if path.exists():  # by an attempt that did not get to the end of it
            self._store.remove(upload_id)
            return path
        upload = self._found(owner_id, upload_id)
        with self._files.locked(upload.id), disk_in_words("An upload cannot be taken over"):
            if not upload.is_complete:
                raise UploadRefused(
                    f"{upload.offset} of {upload.size} bytes of the upload have arrived.", upload.offset
                )
            self._files.path(upload.id).rename(path)
            self._store.remove(upload.id)
        return path

    def forget(self, upload_id: str) -> None:
        """Remove what a job has taken over; harmless when it did not, or has before."""
        if _is_id(upload_id):
            self._files.forget(upload_id)

    def expires_at(self, upload: Upload) -> float:
        """Return when an upload is removed unless something is sent before, in POSIX seconds."""
        return self._files.changed_at(upload.id, upload.created_at) + self._keep_seconds

    def sweep(self) -> None:
        """Remove uploads that nobody went on with for MULTIPART_KEEP_HOURS, and files that are no upload's."""
        now = self._clock()
        before = now - self._keep_seconds
        for upload in self._store.all():
            if self._files.changed_at(upload.id, upload.created_at) < before:
                with suppress(UploadBusy):
                    self._expire(upload.id)
        self._files.sweep(self._store.has, before, now - ORPHAN_SECONDS)

    def _new(self, caller: Caller, size: int, name: str) -> Upload:
        return Upload(str(uuid4()), caller.user_id, kept("name", name, ITEM_NAME_MAX), size, 0, self._clock())

    def _expire(self, upload_id: str) -> None:
        try:
            self._remove(upload_id)
        except NotFound:  # its file is gone
            self._store.remove(upload_id)

    def _remove(self, upload_id: str) -> None:
        """Remove the file, let go of it, and then the row: it may be what leaves the database no room to write in."""
        with self._files.locked(upload_id):
            self._files.remove(upload_id)
        self._store.remove(upload_id)

    def _found(self, owner_id: int, upload_id: str) -> Upload:
        _require_id(upload_id)
        upload = self._store.find(upload_id)
        if upload is None or upload.owner_id != owner_id:
            raise NotFound(gone(upload_id))
        return replace(upload, offset=self._files.length(upload.id))


class Incoming:
    """A file that is being received whole, by one thread. Its `write` is that of a file."""

    def __init__(self, upload: Upload, file: UploadFile, room: int | None) -> None:
        self._upload = upload
        self._file = file
        self._room = room

    @property
    def upload(self) -> Upload:
        """The upload with all that has arrived, and no more to come."""
        return replace(self._upload, size=self._file.length, offset=self._file.length)

    def write(self, data: bytes, /) -> int:
        """Take the next bytes, which are not on the disk yet.

        Raises:
            QuotaExceeded: it became more than its owner may have.
            StorageFull: the disk has no room for them.
        """
        if self._room is not None and self._file.length + len(data) > self._room:
            raise QuotaExceeded(f"This is more than the {self._room} bytes that may still be yours.")
        self._file.write(data)
        return len(data)


def _require_id(text: str) -> None:
    if not _is_id(text):
        raise NotFound(gone(text[:100]))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
