"""gunicorn's threaded worker, with no thread for clients that keep it waiting.

A thread gets a request when all of it is here, a large body excepted; connections that say nothing, heads and small
bodies on their way, and those that have had their answer wait in the one loop that gunicorn has for idle ones. That
waits for nobody. An answer that nobody reads is given up. `tests/unit/serving/test_worker.py` names what of gunicorn's
inside is leant on.
"""

import errno
import resource
import selectors
import time
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from app.serving.connections import Connection
from app.serving.patient_socket import PatientSocket

_PIECE = 64 * 1024
_LOOK_SECONDS = 0.5
_DRAIN_BYTES = 64 * 1024
_EMPTY = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
_BROKEN = (  # Linux tells the listener what happened to a connection that nobody has taken yet; see accept(2)
    errno.EPERM,
    errno.EPROTO,
    errno.ENETDOWN,
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENOPROTOOPT,
    errno.EOPNOTSUPP,
    errno.ETIMEDOUT,
)
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_TOO_LATE = (408, "Request Timeout", "The request did not come in time.")
_TOO_LONG = (431, "Request Header Fields Too Large", "The head of the request is too long.")
_TOO_LARGE = (413, "Content Too Large", "The chunks of the body are too small.")
_TOO_MUCH = (503, "Service Unavailable", "Too many requests are on their way here; send it again.")
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships without types
    """A `ThreadWorker` whose threads wait for nobody who has not taken one of the places for slow requests.

    Attributes:
        socket_class: what says how patient it is with bodies and answers that a thread is at.
        head_seconds: how long the head of a request may take, and a new connection may say nothing.
        body_seconds: how long a small body may take from then on.
        goodbye_seconds: how long a client may take to close after its last answer.
        crowded_seconds: how long a request may wait for a thread before slow clients lose theirs.
        waiting_bytes: so many bytes of requests wait for their rest, or for a thread.
    """

    socket_class = PatientSocket
    head_seconds = 10.0
    body_seconds = 30.0
    goodbye_seconds = 2.0
    crowded_seconds = 2.0
    waiting_bytes = 64 * 1024 * 1024

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._leave_files()
        self._arriving: dict[Connection, None] = {}  # in the order in which they began
        self._leaving: dict[Connection, None] = {}
        self._queued: dict[Connection, float] = {}
        self._at_work: set[Connection] = set()
        self._held = 0
        self._looked = 0.0

    def _leave_files(self) -> None:
        """Leave half of the files that this process may open to its databases, storages and jobs."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if most != resource.RLIM_INFINITY:
            self.worker_connections = min(int(self.cfg.worker_connections), max(self.cfg.threads + 16, most // 2))
            self.max_keepalived = self.worker_connections - self.cfg.threads

    def accept(self, listener: Any) -> None:
        """Take a connection, and wait for its request; where there is no room, the one that has waited longest goes."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _EXHAUSTED:
                self._make_room()
                time.sleep(0.01)  # or this loop would spin while the threads have all that there is
            elif error.errno not in (*_EMPTY, *_BROKEN):
                raise
            return
        self.nr_conns += 1
        self._expect(Connection(self.cfg, self.socket_class(client), address, listener.getsockname()))
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """Read the next request of a connection that was kept, unless it had to go a moment ago."""
        if conn in self.keepalived_conns:
            self.poller.unregister(client)
            self.keepalived_conns.remove(conn)
            self._expect(conn)
            self._hear(conn, client)

    def handle(self, conn: Connection) -> Any:
        """Answer a request, in a thread."""
        self._queued.pop(conn, None)
        self._at_work.add(conn)
        conn.begin()
        return super().handle(conn)

    def finish_request(self, conn: Connection, fs: "Future[Any]") -> None:
        """Keep the connection for its next request, or let its client read the answer and go; never wait for that."""
        self._at_work.discard(conn)
        self._held -= conn.held
        conn.held = 0
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._say_goodbye(conn)
        elif left := conn.parser.unreader.take_buffered():
            self._expect(conn)
            self._take(conn, left)
        else:
            conn.since = time.monotonic()
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Give up what has not come in time; gunicorn calls this at least each second."""
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        for conn in [conn for conn in self._arriving if conn.deadline <= now]:
            self._refuse(conn, *_TOO_LATE)
        for conn in [conn for conn in self._leaving if conn.deadline <= now]:
            self._drop(conn)
        self._relieve(now)

    def _relieve(self, now: float) -> None:
        """Where requests have waited for a thread for long, end those that keep one waiting for their client."""
        longest = now - next(iter(list(self._queued.values())), now)  # threads take them out meanwhile
        if longest >= self.crowded_seconds:
            for conn in list(self._at_work):
                if conn.sock.is_slow(now):
                    conn.sock.hang_up()

    def _cap_keepalive(self, deadline: float) -> None:
        """Wait no longer than that for connections that say nothing: this worker is about to stop."""
        super()._cap_keepalive(deadline)
        for conn in self._arriving:
            if not conn.request:
                conn.deadline = min(conn.deadline, deadline)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Keep a connection unless a body is still on its way that nobody wanted."""
        if not keepalive:
            return False
        conn.sock.setblocking(False)
        with suppress(BlockingIOError):
            return bool(conn.parser.finish_body(max_bytes=_DRAIN_BYTES))
        return False

    def _expect(self, conn: Connection) -> None:
        conn.expect(self.head_seconds)
        self._arriving[conn] = None
        self._watch(conn, self._hear)

    def _hear(self, conn: Connection, client: Any) -> None:
        if conn in self._arriving and (piece := _received(client)) is not None:
            self._take(conn, piece) if piece else self._drop(conn)

    def _take(self, conn: Connection, piece: bytes) -> None:
        had_head = conn.request.has_head
        conn.request.add(piece)
        self._held += len(conn.request) - conn.held
        conn.held = len(conn.request)
        if conn.request.is_complete:
            self._forget(conn)
            self._queued[conn] = time.monotonic()
            self.enqueue_req(conn)
        elif conn.request.is_too_long:
            self._refuse(conn, *(_TOO_LARGE if conn.request.has_head else _TOO_LONG))
        else:
            self._wait_for_rest(conn, is_new=conn.request.has_head and not had_head)

    def _wait_for_rest(self, conn: Connection, *, is_new: bool) -> None:
        if is_new:
            conn.deadline = time.monotonic() + self.body_seconds
            if conn.request.wants_word:
                with suppress(OSError):
                    conn.sock.send(_GO_ON)
        if self._held > self.waiting_bytes:
            self._refuse(next(each for each in self._arriving if each.held), *_TOO_MUCH)

    def _make_room(self) -> None:
        """Let go of one that leaves, or of the one whose request is waited for longest; those with threads stay."""
        longest = [next(iter(waiting), None) for waiting in (self._arriving, self.keepalived_conns)]
        by_age = sorted(filter(None, longest), key=lambda conn: conn.since)
        oldest = next(iter([*islice(self._leaving, 1), *by_age]), None)
        if oldest is not None:
            with suppress(ValueError):
                self.keepalived_conns.remove(oldest)
            self._drop(oldest)

    def _refuse(self, conn: Connection, status: int, reason: str, sentence: str) -> None:
        """Answer what is not complete, and let it go; who said nothing gets no answer."""
        if not conn.request:
            self._drop(conn)
            return
        self._forget(conn)
        self._held -= conn.held
        conn.held = 0
        with suppress(OSError):
            util.write_error(conn.sock, status, reason, sentence)
        self._say_goodbye(conn)

    def _say_goodbye(self, conn: Connection) -> None:
        """Say that nothing more is sent, and close when the client has: else the end of its answer could be lost."""
        conn.deadline = time.monotonic() + self.goodbye_seconds
        try:
            conn.end_answers()
        except OSError:
            self._drop(conn)
            return
        self._leaving[conn] = None
        self._watch(conn, self._ignore)

    def _ignore(self, conn: Connection, client: Any) -> None:
        if conn in self._leaving and _received(client) == b"":
            self._drop(conn)

    def _watch(self, conn: Connection, callback: Any) -> None:
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(callback, conn))

    def _forget(self, conn: Connection) -> None:
        """Wait for nothing from it here."""
        self._arriving.pop(conn, None)
        self._leaving.pop(conn, None)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection) -> None:
        self._forget(conn)
        self._held -= conn.held
        conn.held = 0
        self.nr_conns -= 1
        conn.close()


def _received(client: Any) -> bytes | None:
    """Return what has come; nothing at its end, None where no more is here just now."""
    try:
        return bytes(client.recv(_PIECE))
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""
