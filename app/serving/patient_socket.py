"""A client's connection that makes no thread wait for long: neither for bytes that do not come, nor for its reader."""

import errno
import fcntl
import socket
import struct
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

_LOOK_SECONDS = 0.5
_SLOW_BYTES_PER_SECOND = 16 * 1024


class PatientSocket(socket.socket):
    """A socket that blocks, as gunicorn's threads want it, but not for ever.

    One thread uses it at a time; `is_slow` and `hang_up` are for another one.

    Attributes:
        body_seconds: how long the whole of a body may take to come.
        answer_seconds: how long an answer may wait without any byte of it getting through.
        goodbye_seconds: how long more may come after the last answer.
        slow_seconds: how long a thread may wait for it before it can be called slow.
    """

    body_seconds = 30.0
    answer_seconds = 30.0
    goodbye_seconds = 2.0
    slow_seconds = 3.0

    def __init__(self, accepted: socket.socket) -> None:
        super().__init__(accepted.family, accepted.type, accepted.proto, accepted.detach())
        self.begin()

    def begin(self) -> None:
        """Begin another request."""
        self._read_until: float | None = time.monotonic() + self.body_seconds
        self._has_place = False
        self._waits_since: float | None = None
        self._waited = 0.0
        self._moved = 0

    def has_place(self) -> None:
        """Wait for this request's body without a limit, and never call it slow: elsewhere it has one of few places."""
        self._has_place, self._read_until = True, None

    def is_slow(self, now: float) -> bool:
        """Return whether a thread waits for it, has done so for seconds, and hardly anything was sent or taken."""
        since = self._waits_since
        waited = self._waited + (now - since if since is not None else 0)
        if since is None or self._has_place or waited < self.slow_seconds:
            return False
        return (self._moved - self._unsent()) / waited < _SLOW_BYTES_PER_SECOND

    def hang_up(self) -> None:
        """End what a thread waits for here."""
        with suppress(OSError):  # it has ended already
            self.shutdown(socket.SHUT_RDWR)

    def shutdown(self, how: int) -> None:
        """Shut down as a socket does; after the last answer nothing is waited for that somebody could still want."""
        super().shutdown(how)
        if how == socket.SHUT_WR:
            self._read_until = time.monotonic() + self.goodbye_seconds

    def recv(self, *arguments: Any) -> bytes:
        """Receive as a socket does.

        Raises:
            TimeoutError: the time for this request's body is over.
        """
        if self.gettimeout() == 0:
            return super().recv(*arguments)
        left = None if self._read_until is None else max(0.001, self._read_until - time.monotonic())
        with self._waiting(left):
            came = super().recv(*arguments)
        self._moved += len(came)
        return came

    def sendall(self, data: Any, *flags: int) -> None:
        """Send all of it.

        Raises:
            ConnectionResetError: nothing of it gets through any more.
        """
        if self.gettimeout() == 0:
            super().sendall(data, *flags)
            return
        rest = memoryview(data).cast("B")
        while rest:
            with self._waiting(min(_LOOK_SECONDS, self.answer_seconds)):
                sent = self._send_some(rest)
            self._moved += sent
            rest = rest[sent:]

    def _send_some(self, rest: memoryview) -> int:
        since, unsent = time.monotonic(), -1
        while True:
            with suppress(TimeoutError):
                return super().send(rest)
            now, before, unsent = time.monotonic(), unsent, self._unsent()
            since = now if unsent < before else since
            if now - since >= self.answer_seconds:
                raise ConnectionResetError(errno.ECONNRESET, "nobody reads the answer")

    @contextmanager
    def _waiting(self, seconds: float | None) -> Iterator[None]:
        if self.gettimeout() != seconds:  # setting it asks the system
            self.settimeout(seconds)
        self._waits_since = began = time.monotonic()
        try:
            yield
        finally:
            self._waits_since = None
            self._waited += time.monotonic() - began

    def _unsent(self) -> int:
        """Return how many bytes the system, which takes megabytes at once, still has for the other side."""
        try:
            return int(struct.unpack("i", fcntl.ioctl(self.fileno(), termios.TIOCOUTQ, bytes(4)))[0])
        except (OSError, ValueError):  # closed meanwhile
            return 0
