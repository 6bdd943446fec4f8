"""Carries objects into a bucket: from the library, or from a bucket; by the storage itself where that can be."""

from app.cancellation import CancelToken
from app.copies.carrying import Carried
from app.copies.contract import Conflict, Copy, CopyState
from app.copies.ledger import Ledger
from app.copies.naming import LeftOutError, Names
from app.copies.sources import Source
from app.errors import ObjectExists, ObjectMissing, StorageFailure
from app.storages.base import Content, Entry, Storage
from app.transfer.events import Listener
from app.transfer.metering import UNMETERED, Metered
from app.transfer.operations import STOPS_THE_JOB


class IntoBucket:
    """The `Carrier` of copies whose target is a bucket.

    Args:
        source: where they are read.
        target: where they are stored.
        by_itself: the target holds the source's objects too, so that it may be able to copy them itself.
        ledger: notes names before objects are stored under them.
        listener: takes events about bytes.
    """

    stops_the_job = STOPS_THE_JOB

    def __init__(self, source: Source, target: Storage, ledger: Ledger, listener: Listener, *, by_itself: bool) -> None:
        self._source, self._target, self._by_itself = source, target, by_itself
        self._ledger, self._listener = ledger, listener
        self._names = Names(target)

    def turn_of(self, copy: Copy) -> str | None:
        """Have copies of one name follow each other: the first gets the name, and the last is what stays."""
        return copy.key

    def carry(self, copy: Copy, token: CancelToken) -> Carried:
        """Store one object under the name that is free for it; see `Carrier`."""
        if copy.stored_key is not None and (found := self._stored_before(copy, copy.stored_key, token)):
            return found
        try:
            key = self._names.choose(copy.key, Conflict(copy.options["conflict"]))
        except LeftOutError:
            taken = f"There is an object {copy.key!r} already, so this one was left out."
            return Carried(CopyState.SKIPPED, message=taken, reason=ObjectExists.reason)
        try:
            self._ledger.name(copy.number, key)
            return self._stored(copy, key, token)
        except BaseException:
            self._names.give_back(key)
            raise

    def _stored_before(self, copy: Copy, key: str, token: CancelToken) -> Carried | None:
        """Return what an attempt has stored that could not say so; an object of other bytes is somebody else's."""
        try:
            there = self._target.stat(key)
        except ObjectMissing:
            return None
        if not self._source.is_same(copy, self._target, there, token):
            return None
        return Carried(CopyState.DONE, there.size, key=key)

    def _stored(self, copy: Copy, key: str, token: CancelToken) -> Carried:
        if self._by_itself and (entry := self._target.copy(copy.source, key)) is not None:
            return Carried(CopyState.DONE, entry.size, key=key, untold=entry.size)
        opened = self._source.open(copy)
        with opened.content as content:
            untold = self._write(key, content, token)
            return Carried(CopyState.DONE, content.size, opened.sha256(), key, untold=untold)

    def _write(self, key: str, content: Content, token: CancelToken) -> int:
        """Store the content, and return how many of its bytes no event has told."""
        token.raise_if_cancelled()
        if content.size <= UNMETERED:
            _require_whole(self._target.write(key, content), content)
            return content.size
        with Metered(content, self._listener, token) as metered:
            _require_whole(self._target.write(key, metered), content)
            metered.keep()
        return 0


def _require_whole(stored: Entry, content: Content) -> None:
    if stored.size != content.size:
        raise StorageFailure(f"{stored.key!r} has {stored.size} bytes in the storage, and should have {content.size}.")
