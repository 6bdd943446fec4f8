"""The single file operations of a run: upload, compare and upload, delete. Each reports itself; none decides order."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

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
    Throttled,
)
from app.storages.base import Entry, Storage
from app.transfer.compare import Verdict, compare_contents
from app.transfer.events import Finished, Listener, Scheduled, Started, Unchanged
from app.transfer.index import Notes, Seen
from app.transfer.metering import UNMETERED, Metered
from app.transfer.steps import Compare, Upload

A = TypeVar("A")
T = TypeVar("T")

STOPS_THE_JOB = (StorageUnreachable, InvalidCredentials, StorageMissing, StorageFull, ListingBroken, Throttled)
"""Errors that the next file would meet too."""

CHANGED_ATTEMPTS = 3
CHANGED_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Operations:
    """What every operation needs. Thread-safe as far as its parts are.

    Attributes:
        listener: takes the events.
        index: notes what is equal.
        dry_run: report what would be done, and do nothing.
        asks_for_each_key: a set token stops a deletion between two keys too, where the driver deletes one by one; then
            nothing is told of any of them.
    """

    source: Storage
    target: Storage
    token: CancelToken
    listener: Listener
    index: Notes
    dry_run: bool = False
    asks_for_each_key: bool = False

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
            copied = self._retrying(self._copy, entry)
        except STOPS_THE_JOB:
            raise
        except (FileError, StorageError) as error:
            self.fail("upload", entry.key, error)
        else:
            self.listener(Finished("upload", entry.key, "done", copied.size, why, "", time.time(), copied.untold))

    def compare(self, step: Compare) -> Upload | None:
        """Compare contents; report an equal key as unchanged, else schedule its upload.

        Returns:
            The upload that must follow, None when there is none.

        Raises:
            StorageError: of `STOPS_THE_JOB`.
            Cancelled: the token was set meanwhile.
        """
        source = step.source
        try:
            verdict = self._retrying(self._verdict, step)
        except STOPS_THE_JOB:
            raise
        except (FileError, StorageError) as error:
            self.listener(Scheduled("upload", source.size))
            self.fail("upload", source.key, error)
            return None
        if verdict.same:
            self._note(source.key, source.size, verdict.source, verdict.target)
            self.listener(Unchanged())
            return None
        self.listener(Scheduled("upload", source.size))
        return Upload(source, step.why_different)

    def _verdict(self, step: Compare) -> Verdict:
        return compare_contents(self.source, self.target, step.source, step.target, self.token)

    def delete(self, keys: Sequence[str]) -> None:
        """Delete these keys with as few requests as the driver needs.

        Raises:
            StorageError: of `STOPS_THE_JOB`; other failures are reported per key.
            Cancelled: the token was set; nothing was begun.
        """
        if self.dry_run:
            for key in keys:
                self._finish("delete", key, "planned", 0, "extra")
            return
        self.token.raise_if_cancelled()
        self.listener(Started("delete", keys[0]))
        try:
            left = self.target.delete(_Watched(keys, self.token) if self.asks_for_each_key else keys)
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
        """Return whether the file can be opened; report its failure when not.

        Raises:
            StorageError: of `STOPS_THE_JOB`.
        """
        try:
            self.source.read(entry.key).close()
        except STOPS_THE_JOB:
            raise
        except (FileError, StorageError) as error:
            self.fail("upload", entry.key, error)
            return False
        return True

    def create(self, name: str) -> None:
        """Make the target itself; ``name`` is for the history.

        Raises:
            StorageError: it cannot be made; nothing else of the job can work then.
            Cancelled: the token was set; nothing was begun.
        """
        if not self.dry_run:
            self.token.raise_if_cancelled()
            self.listener(Started("create", name))
            self.target.create()
        self._finish("create", name, self._done_or_planned, 0, "missing")

    def drop(self, name: str) -> None:
        """Remove the empty target itself; a refusal is reported as a failure.

        Raises:
            Cancelled: the token was set; nothing was begun.
        """
        try:
            if not self.dry_run:
                self.token.raise_if_cancelled()
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

    def _copy(self, entry: Entry) -> "_Copied":
        with self.source.read(entry.key) as content:
            if content.size <= UNMETERED:
                stored = self.target.write(entry.key, content)
                untold = content.size
            else:
                with Metered(content, self.listener, self.token) as metered:
                    stored = self.target.write(entry.key, metered)
                    metered.keep()
                untold = 0
            self._note(entry.key, content.size, content.mark, stored.mark)
            return _Copied(content.size, untold)

    def _note(self, key: str, size: int, source: str | None, target: str | None) -> None:
        """Have the index remember two versions that are known to be equal."""
        if source and target and not self.dry_run:
            self.index.note(Seen(key, size, source, target))

    def _retrying(self, function: Callable[[A], T], argument: A) -> T:
        """Call ``function(argument)`` again while the file changes under it, with a pause that a cancel cuts short."""
        try:
            return function(argument)
        except FileChanged:
            if self.token.wait(CHANGED_PAUSE):
                raise
        # The first attempt is made without tenacity, which takes 10 microseconds to begin: for each file that is much.
        attempts = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, FileChanged) and not self.token.is_cancelled),
            stop=stop_after_attempt(CHANGED_ATTEMPTS - 1),
            wait=wait_fixed(CHANGED_PAUSE),
            sleep=self._sleep,
            reraise=True,
        )
        return attempts(function, argument)

    def _sleep(self, seconds: float) -> None:
        self.token.wait(seconds)

    def _finish(self, action: str, key: str, status: str, size: int, reason: str, message: str = "") -> None:
        self.listener(Finished(action, key, status, size, reason, message, time.time()))


class _Watched(list[str]):
    """Keys that ask a token whenever somebody goes on to the next one."""

    def __init__(self, keys: Sequence[str], token: CancelToken) -> None:
        super().__init__(keys)
        self._token = token

    def __iter__(self) -> Iterator[str]:
        for key in super().__iter__():
            self._token.raise_if_cancelled()
            yield key


class _Copied(NamedTuple):
    """What a copy moved: ``size`` bytes, of which no event has told ``untold``."""

    size: int
    untold: int
