"""Sockets whose every wait ends: a peer that sends or takes next to nothing is left, and so is each one after a cancel.

The time-out of a plain socket begins anew with each byte, so that a byte now and then holds whoever waits for ever.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, Self

from app.cancellation import Cancelled, CancelToken
from app.errors import StorageUnreachable

LEAST_BYTES_PER_SECOND = 4 * 1024
"""Who has waited for a peer for as long as `Watch.seconds`, and moved fewer bytes than this for each, gives it up.

Those who wait at the same time share it: sixteen of them on a line of 512 kbit/s get no more than 4 KiB/s each."""

GRACE = 4.0
"""Seconds that a request may still take after a cancel, and one that begins after it; then it is given up."""

SLICE = 0.5
"""Seconds after which a wait is looked at."""


class Watch:
    """What the waits of some connections look at. Thread-safe.

    Args:
        host: for messages.
        seconds: for so long a peer may send and take next to nothing.
        token: asks for a stop; None: nobody does.
    """

    def __init__(self, host: str, seconds: float, token: CancelToken | None = None) -> None:
        self._host, self.seconds, self._token = host, seconds, token
        self.least = LEAST_BYTES_PER_SECOND * seconds
        self._seen: float | None = None  #: when the cancel was first noticed
        self._lock = threading.Lock()
        self._waiting = 0

    def require_wanted(self, began: float, now: float) -> None:
        """Raise `Cancelled` if a stop was asked for, and a request that ``began`` then has had its time."""
        token = self._token
        if token is None or not token.is_cancelled:
            return
        if self._seen is None:
            self._seen = now
        stop = Cancelled(token.reason or "cancelled")
        # What is in hand when a process ends is worth finishing; for how long, who ends it decides.
        if now > max(self._seen, began) + GRACE and not stop.is_pause:
            raise stop

    def waits(self, more: int) -> None:
        """Note that one more waits for the peer, or one less."""
        with self._lock:
            self._waiting += more

    def is_enough(self, moved: int) -> bool:
        """Return whether one of those who wait has moved his share of bytes."""
        return moved * max(1, self._waiting) >= self.least

    def too_slow(self) -> StorageUnreachable:
        """Return the error for a peer that is given up."""
        return StorageUnreachable(
            f"{self._host} sends or takes next to nothing. Check the network, and whether it is well."
        )


class WatchedSocket(socket.socket):
    """A connected socket; `watched` begins the watch, and again for each request."""

    _watch: Watch | None = None
    _limit: float | None = None  #: seconds that one call may wait, as it was set
    _began = _waited = 0.0
    _moved = 0

    @classmethod
    def of(cls, plain: socket.socket) -> Self:
        """Take a socket over, which is no more to be used."""
        limit = plain.gettimeout()
        taken = cls(plain.family, plain.type, plain.proto, plain.detach())
        taken.settimeout(limit)
        return taken

    def watched(self, watch: Watch) -> None:
        """Begin anew: from now on the waits count, and the bytes."""
        self._watch, self._began, self._waited, self._moved = watch, time.monotonic(), 0.0, 0
        watch.require_wanted(self._began, self._began)
        self.settimeout(self._limit)

    def settimeout(self, value: float | None) -> None:
        """Set for how long one call may wait without a byte; while it is watched, it wakes in between."""
        self._limit = value
        super().settimeout(value if self._watch is None else min(SLICE, SLICE if value is None else value))

    def gettimeout(self) -> float | None:
        """Return what was set."""
        return self._limit

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """As a socket does."""
        return self._moving(super().recv_into, buffer, nbytes or len(buffer), flags)

    def send(self, data: Any, flags: int = 0) -> int:
        """As a socket does."""
        return self._moving(super().send, data, flags)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As a socket does, but for its time-out, which is for each piece that the peer takes."""
        with memoryview(data) as whole, whole.cast("B") as left:
            at = 0
            while at < len(left):
                at += self.send(left[at:], flags)

    def _moving(self, call: Callable[..., int], *args: Any) -> int:
        """Do what a socket does, and look up now and then while it waits."""
        watch = self._watch
        if watch is None:
            return call(*args)
        watch.waits(+1)
        try:
            return self._watched_move(watch, call, *args)
        finally:
            watch.waits(-1)

    def _watched_move(self, watch: Watch, call: Callable[..., int], *args: Any) -> int:
        waited = 0.0
        while True:
            began, count, is_late = time.monotonic(), 0, False
            try:
                count = call(*args)
            except TimeoutError:
                is_late = True
            now = time.monotonic()
            # Whatever is longer than a slice is no wait for the peer: this process was stopped, or had no processor.
            slept = min(now - began, SLICE)
            self._count(watch, count, slept, now)
            if not is_late:
                return count
            waited += slept
            if self._limit is not None and waited >= self._limit:
                raise TimeoutError("timed out")

    def _count(self, watch: Watch, count: int, waited: float, now: float) -> None:
        watch.require_wanted(self._began, now)
        self._moved += count
        self._waited += waited
        if watch.is_enough(self._moved):
            self._moved, self._waited = 0, 0.0
        elif self._waited > watch.seconds:
            raise watch.too_slow()


class WatchedTlsSocket(WatchedSocket, ssl.SSLSocket):
    """The same within TLS; made by an `ssl.SSLContext` that has it for its ``sslsocket_class``."""


def watched_pools(watch: Watch, plain: type[Any], secure: type[Any]) -> dict[str, type]:
    """Return urllib3's pool classes by scheme, whose connections are watched.

    Those of ``secure`` want an `ssl.SSLContext` that makes `WatchedTlsSocket`.
    """
    return {"http": _pool_of(plain, watch), "https": _pool_of(secure, watch)}


def _pool_of(pool: type[Any], watch: Watch) -> type:
    class Connection(pool.ConnectionCls):  # type: ignore[misc, name-defined]  # a class that is given
        def _new_conn(self) -> WatchedSocket:
            return WatchedSocket.of(super()._new_conn())

        def connect(self) -> None:
            super().connect()
            self.sock.watched(watch)

        def request(self, *args: Any, **kwargs: Any) -> Any:
            if self.sock is not None:
                self.sock.watched(watch)
            return super().request(*args, **kwargs)

    class Pool(pool):  # type: ignore[misc]  # a class that is given
        ConnectionCls = Connection

    return Pool
