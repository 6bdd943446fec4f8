"""Storing a large object in parts: an upload that was interrupted is taken up again where it stopped."""

import time
from collections.abc import Mapping
from contextlib import closing, nullcontext, suppress
from functools import partial
from pathlib import Path

from app.cancellation import Cancelled
from app.errors import InvalidCredentials, StorageError, StorageUnreachable
from app.storages.base import Content
from app.storages.s3.address import S3Address
from app.storages.s3.client import S3Clients
from app.storages.s3.metadata import headers_of
from app.storages.s3.notes import SUSPECT, Note, Notes, Opened
from app.storages.s3.parts import Division
from app.storages.s3.sending import PartSender, Target
from app.storages.s3.underway import Underway
from app.storages.s3.uploads import Arrived, UploadRequests

Found = tuple[str, Mapping[int, Arrived]]
"""An upload's id, and the parts of it that have arrived."""


class LargeObjects:
    """How large objects get into one bucket. Thread-safe.

    Args:
        address: the bucket's address.
        clients: its boto3 clients.
        connections: how many requests may be under way at once.
        notes: the folder for what is kept of uploads under way; None: they begin anew each time.
    """

    def __init__(self, address: S3Address, clients: S3Clients, connections: int, notes: Path | None) -> None:
        self._address, self._clients = address, clients
        self._sender = PartSender(address, connections)
        self._notes = Notes(notes) if notes else None

    def put(self, key: str, content: Content) -> str | None:
        """Store ``content``, at least one byte, whole or not at all; return the object's etag.

        What an earlier call for the same content has brought over is not sent again, if that was interrupted: by the
        end of its process, by a `Cancelled` that is a pause, or by a storage that could not be reached. After
        anything else that is raised, nothing is left behind.

        Raises:
            StorageFailure: S3 cannot hold so many bytes, or a part arrived damaged twice.
        """
        division = Division.of(content.size)
        note = self._notes.claim(self._address, key) if self._notes and content.mark else None
        with closing(note) if note else nullcontext():
            return self._bring(key, content, division, note)

    def tidy(self, before: float) -> None:
        """Abort the uploads that are noted and that nobody has gone on with since ``before`` (POSIX seconds)."""
        for note in self._notes.unused(self._address, before) if self._notes else ():
            try:
                if note.opened:
                    requests = self._requests(note.opened.key)
                    abort = requests.abort if note.opened.is_ours else requests.abort_empty
                    abort(note.opened.upload_id)
                note.remove()
            except StorageUnreachable:
                return  # each of the others would wait as long
            except StorageError:
                continue

    def close(self) -> None:
        """Return when no thread is left."""
        self._sender.close()

    def _requests(self, key: str) -> UploadRequests:
        return UploadRequests(self._clients, self._address, key)

    def _bring(self, key: str, content: Content, division: Division, note: Note | None) -> str | None:
        requests = self._requests(key)
        upload_id, arrived = _taken_up(requests, content, division, note) or self._begun(key, content, division, note)
        underway = Underway(self._sender, Target(key, upload_id), content, note, arrived)
        try:
            parts = underway.bring(division)
            content.verify()
            etag = requests.complete(upload_id, parts, division)
        except BaseException as error:
            underway.settle()
            if not (note and note.opened and _is_interruption(error)):
                _give_up(requests, upload_id, note)
            raise
        if note:
            note.remove()
        return etag

    def _begun(self, key: str, content: Content, division: Division, note: Note | None) -> Found:
        try:
            upload_id = self._requests(key).begin(headers_of(key, content).parameters, partial(self._suspect, key))
        except BaseException:
            if note and not note.opened:
                note.remove()
            raise
        if note:
            host, bucket = self._address.host, self._address.bucket
            size, part_size, mark = content.size, division.part_size, content.mark or ""
            note.begin(Opened(host, bucket, key, upload_id, size, part_size, mark, time.time()))
        return upload_id, {}

    def _suspect(self, key: str, upload_id: str) -> None:
        """Note an upload that may be left of us, for `tidy`."""
        if self._notes:
            opened = Opened(self._address.host, self._address.bucket, key, upload_id, 0, 0, SUSPECT, time.time())
            self._notes.leave(opened)


def _taken_up(requests: UploadRequests, content: Content, division: Division, note: Note | None) -> Found | None:
    """Return the upload that the note tells of, None when there is none to go on with; then nothing is left of it."""
    opened = note.opened if note else None
    if opened is None:
        return None
    try:
        if (opened.size, opened.part_size, opened.mark) == (content.size, division.part_size, content.mark):
            return opened.upload_id, requests.arrived(opened.upload_id)
    except (StorageUnreachable, InvalidCredentials):
        raise
    except StorageError:
        pass  # it is gone, or cannot be looked at
    with suppress(StorageError):
        requests.abort(opened.upload_id)
    return None


def _give_up(requests: UploadRequests, upload_id: str, note: Note | None) -> None:
    """Leave nothing behind; if that is not possible now, the note stays and tells `LargeObjects.tidy` what is left."""
    with suppress(StorageError):
        requests.abort(upload_id)
        if note:
            note.remove()


def _is_interruption(error: BaseException) -> bool:
    """Return whether the same upload will be wanted again: its process ends, or the storage was away."""
    if isinstance(error, Cancelled):
        return error.is_pause
    return isinstance(error, StorageUnreachable) or not isinstance(error, Exception)
