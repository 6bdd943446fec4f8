"""The single file operations of a run: upload, compare and upload, delete. Each reports itself; none decides order."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from app.cancellation import CancelToken
from app.errors import (
    FileChanged,
    FileError,
    InvalidCredentials,
    ListingBroken,
    StorageError,
    StorageFull,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.base import Content, Entry, Storage
from app.transfer.compare import is_same_content
from app.transfer.events import Finished, Listener, Moved, Scheduled, Started, Unchanged

T = TypeVar("T")

STOPS_THE_JOB = (StorageUnreachable, InvalidCredentials, StorageMissing, StorageFull, ListingBroken)
"""Errors that the next file would meet too."""

CHANGED_ATTEMPTS = 3
CHANGED_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Operations:
    """What every operation needs. Thread-safe as far as its parts are.

    Attributes:
        listener: takes the events.
        dry_run: report what would be done, and do nothing.
    """

    source: Storage
    target: Storage
    token: CancelToken
    listener: Listener
    dry_run: bool = False

    def upload(self, entry: Entry, why: str) -> None:
        """Bring one file to the target. A file that changes while it is read is tried again, three times in all.

        Raises:
            StorageError: of `STOPS_THE_JOB`; other failures are reported as this file's.
        """
        if self.dry_run:
            self._finish("upload", entry.key, "planned", entry.size, why)
            return
        self.listener(Started("upload", entry.key))
        try:
            size = self._retrying(self._copy, entry)
        except STOPS_THE_JOB:
            raise
        except (FileError, StorageError) as error:
            self.fail("upload", entry.key, error)
        else:
            self._finish("upload", entry.key, "done", size, why)

    def upload_if_different(self, source: Entry, target: Entry) -> bool:
        """Compare contents; report an equal key as unchanged, else schedule its upload.

        Returns:
            Whether it must be uploaded.

        Raises:
            StorageError: of `STOPS_THE_JOB`.
            Cancelled: the token was set meanwhile.
        """
        try:
            same = self._retrying(lambda entry: is_same_content(self.source, self.target, entry, self.token), target)
        except STOPS_THE_JOB:
            raise
        except (FileError, StorageError) as error:
            self.listener(Scheduled("upload", source.size))
            self.fail("upload", source.key, error)
            return False
        self.listener(Unchanged() if same else Scheduled("upload", source.size))
        return not same

    def delete(self, keys: Sequence[str]) -> None:
        """Delete these keys with as few requests as the driver needs.

        Raises:
            StorageError: of `STOPS_THE_JOB`; other failures are reported per key.
        """
        if self.dry_run:
            for key in keys:
                self._finish("delete", key, "planned", 0, "extra")
            return
        self.listener(Started("delete", keys[0]))
        try:
            left = self.target.delete(keys)
        except STOPS_THE_JOB:
            raise
        except StorageError as error:
            left = dict.fromkeys(keys, error)
        for key in keys:
            if key in left:
                self.fail("delete", key, left[key])
            else:
                self._finish("delete", key, "done", 0, "extra")

    def probe(self, entry: Entry) -> bool:
        """Return whether the file can be opened; report its failure when not."""
        try:
            self.source.read(entry.key).close()
        except FileError as error:
            self.fail("upload", entry.key, error)
            return False
        return True

    def create(self, name: str) -> None:
        """Make the target itself; ``name`` is for the history.

        Raises:
            StorageError: it cannot be made; nothing else of the job can work then.
        """
        if not self.dry_run:
            self.listener(Started("create", name))
            self.target.create()
        self._finish("create", name, self._done_or_planned, 0, "missing")

    def drop(self, name: str) -> None:
        """Remove the empty target itself; a refusal is reported as a failure."""
        try:
            if not self.dry_run:
                self.listener(Started("drop", name))
                self.target.drop()
        except STOPS_THE_JOB:
            raise
        except StorageError as error:
            self.fail("drop", name, error)
        else:
            self._finish("drop", name, self._done_or_planned, 0, "source_empty")

    def fail(self, action: str, key: str, error: FileError | StorageError) -> None:
        """Report a failure."""
        self._finish(action, key, "failed", 0, error.reason, str(error))

    def leave_out(self, key: str, status: str, reason: str, message: str) -> None:
        """Report something of the source that cannot be mirrored."""
        self._finish("skip", key, status, 0, reason, message)

    @property
    def _done_or_planned(self) -> str:
        return "planned" if self.dry_run else "done"

    def _copy(self, entry: Entry) -> int:
        with _Metered(self.source.read(entry.key), self.listener) as content:
            self.target.write(entry.key, content)
            content.keep()
            return content.size

    def _retrying(self, function: Callable[[Entry], T], entry: Entry) -> T:
        """Call ``function(entry)`` again while the file changes under it, with a pause that a cancel cuts short."""
        attempts = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, FileChanged) and not self.token.is_cancelled),
            stop=stop_after_attempt(CHANGED_ATTEMPTS),
            wait=wait_fixed(CHANGED_PAUSE),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(function, entry)

    def _sleep(self, seconds: float) -> None:
        self.token.wait(seconds)

    def _finish(self, action: str, key: str, status: str, size: int, reason: str, message: str = "") -> None:
        self.listener(Finished(action, key, status, size, reason, message, time.time()))


class _Metered:
    """A `Content` that tells the listener of each byte read, and takes them back unless they are kept."""

    def __init__(self, content: Content, listener: Listener) -> None:
        self._content, self._listener, self._counted = content, listener, 0
        self.size, self.modified_ns, self.mark = content.size, content.modified_ns, content.mark

    def read(self, n: int = -1, /) -> bytes:
        chunk = self._content.read(n)
        if chunk:
            self._counted += len(chunk)
            self._listener(Moved(len(chunk)))
        return chunk

    def skip(self, n: int, /) -> None:
        self._content.skip(n)
        self._counted += n
        self._listener(Moved(n))

    def verify(self) -> None:
        self._content.verify()

    def keep(self) -> None:
        """The object was stored: its bytes count."""
        self._counted = 0

    def close(self) -> None:
        self._content.close()
        if self._counted:
            self._listener(Moved(-self._counted))
            self._counted = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
