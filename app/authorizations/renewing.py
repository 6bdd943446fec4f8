"""A storage whose credentials end: it is opened anew before they do, between two operations."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from app.authorizations.opening import Opened
from app.errors import StorageError
from app.storages.base import LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights, Storage

_TRIED_AGAIN_AFTER = 30.0


class _Lease:
    """One opening; guarded by the lock of the storage that it belongs to.

    Attributes:
        users: how many operations are under way with it.
        retired: another one has taken its place, or all is over: who ends last closes it.
        closing: somebody closes it, or has.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.users = 0
        self.retired = False
        self.closing = False

    def is_over(self, now: float) -> bool:
        return now >= self.opened.ends_at


class RenewingStorage:
    """Passes everything on to a storage that is replaced in time; see `app.storages.base.Storage`. Thread-safe.

    Each operation begins with credentials that last for half of their time at least, unless no new ones can be had. A
    listing goes on with new ones in the middle. What was opened earlier is closed once nobody uses it.

    A method may also raise what ``again`` raises: a `StorageError` only once the credentials are over, since all goes
    on with them until then; anything else at once.

    Args:
        first: the storage as it is open now; closed with this.
        again: opens it anew.
        clock: POSIX seconds.
    """

    def __init__(self, first: Opened, again: Callable[[], Opened], clock: Callable[[], float] = time.time) -> None:
        self._again = again
        self._clock = clock
        self._turn = threading.Condition()
        self._lease = _Lease(first)
        self._renewing = False
        self._closed = False
        self._not_before = 0.0

    def check(self) -> None:
        """See the protocol."""
        with self._storage() as storage:
            storage.check()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        """See the protocol; where credentials are renewed, the listing goes on after the last key."""
        while True:
            with self._storage() as storage:
                for listed in storage.list(prefix, after, prune):
                    yield listed
                    after = listed.key
                    if self._is_due():
                        break
                else:
                    return

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        """See the protocol."""
        with self._storage() as storage:
            return storage.browse(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        """See the protocol."""
        with self._storage() as storage:
            return storage.stat(key)

    def rights(self) -> Rights:
        """See the protocol."""
        with self._storage() as storage:
            return storage.rights()

    def read(self, key: str) -> Content:
        """See the protocol; the content keeps the credentials that it was opened with."""
        lease = self._taken()
        try:
            return _LeasedContent(lease.opened.storage.read(key), lambda: self._give_back(lease))
        except BaseException:
            self._give_back(lease)
            raise

    def write(self, key: str, content: Content) -> Entry:
        """See the protocol."""
        with self._storage() as storage:
            return storage.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        """See the protocol."""
        with self._storage() as storage:
            return storage.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        """See the protocol."""
        with self._storage() as storage:
            return storage.delete(keys)

    def create(self) -> None:
        """See the protocol."""
        with self._storage() as storage:
            storage.create()

    def drop(self) -> None:
        """See the protocol."""
        with self._storage() as storage:
            storage.drop()

    def tidy(self) -> None:
        """See the protocol."""
        with self._storage() as storage:
            storage.tidy()

    def close(self) -> None:
        """Close what is open, once nobody uses it; nothing is opened anew from now on."""
        with self._turn:
            self._closed = self._lease.retired = True
            ended = _ended(self._lease)
        _close(ended)

    @contextmanager
    def _storage(self) -> Iterator[Storage]:
        lease = self._taken()
        try:
            yield lease.opened.storage
        finally:
            self._give_back(lease)

    def _taken(self) -> _Lease:
        if self._is_mine_to_renew():
            self._renew()
        with self._turn:
            self._lease.users += 1
            return self._lease

    def _give_back(self, lease: _Lease) -> None:
        with self._turn:
            lease.users -= 1
            ended = _ended(lease)
        _close(ended)

    def _is_mine_to_renew(self) -> bool:
        """Return whether this thread is to renew; waits for another one that does where there is no going on before."""
        with self._turn:
            while self._renewing and self._lease.is_over(self._clock()):
                self._turn.wait()
            if not self._due():
                return False
            self._renewing = True
            return True

    def _is_due(self) -> bool:
        with self._turn:
            return self._due()

    def _due(self) -> bool:
        now = self._clock()
        wanted = now >= self._lease.opened.renew_at and (now >= self._not_before or self._lease.is_over(now))
        return wanted and not self._renewing and not self._closed

    def _renew(self) -> None:
        """Open anew, without the lock; what is open stays where that fails and it is still good."""
        found: Opened | None = None
        not_before = 0.0
        try:
            found = self._again()
        except StorageError:
            not_before = self._clock() + _TRIED_AGAIN_AFTER
            if self._lease.is_over(self._clock()):
                raise
        finally:
            _close(self._renewed(found, not_before))

    def _renewed(self, found: Opened | None, not_before: float) -> _Lease | None:
        """End a renewal, and return what is to be closed."""
        with self._turn:
            self._renewing, self._not_before = False, not_before
            self._turn.notify_all()
            if found is None:
                return None
            if self._closed:
                return _Lease(found)
            before, self._lease = self._lease, _Lease(found)
            before.retired = True
            return _ended(before)


class _LeasedContent:
    """A content that holds the opening that it is read from; see `app.storages.base.Content`."""

    def __init__(self, inner: Content, give_back: Callable[[], None]) -> None:
        self._inner = inner
        self._give_back: Callable[[], None] | None = give_back
        self.size = inner.size
        self.modified_ns = inner.modified_ns
        self.mark = inner.mark

    def read(self, n: int = -1, /) -> bytes:
        """See the protocol."""
        return self._inner.read(n)

    def skip(self, n: int, /) -> None:
        """See the protocol."""
        self._inner.skip(n)

    def verify(self) -> None:
        """See the protocol."""
        self._inner.verify()

    def close(self) -> None:
        """See the protocol."""
        give_back, self._give_back = self._give_back, None
        try:
            self._inner.close()
        finally:
            if give_back is not None:
                give_back()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _ended(lease: _Lease) -> _Lease | None:
    """Return a lease to whoever is to close it; once, and under the lock."""
    if lease.users or lease.closing or not lease.retired:
        return None
    lease.closing = True
    return lease


def _close(lease: _Lease | None) -> None:
    if lease is not None:
        lease.opened.storage.close()
