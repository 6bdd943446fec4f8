"""Connections to addresses on the web: each is looked at before it begins, and another thread can end them all."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import certifi
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TimedOut

from app.storages.peers import Forbids, checked_pools


class Line:
    """The connections of one request, so that another thread can end whatever waits for their other end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[socket.socket] = []
        self._hung_up = False

    def keep(self, connection: socket.socket) -> None:
        """Note a new connection. TLS will take its descriptor away, so another one for the same is kept."""
        with self._lock:
            self._kept.append(connection.dup())
            if self._hung_up:
                _shut(connection)

    def hang_up(self) -> None:
        """End all of them, and all to come."""
        with self._lock:
            self._hung_up = True
            for connection in self._kept:
                _shut(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        with self._lock:
            for connection in self._kept:
                connection.close()
            self._kept.clear()


def pools_on(line: Line, forbids: Forbids, timeout: Timeout) -> PoolManager:
    """Return what makes requests, by no proxy of the environment. Clear it at the end.

    Its connections raise as those of `checked_pools` do.

    Args:
        line: notes each connection before anything is sent.
        forbids: asked with an IP address, before each connection.
        timeout: of each connection, and of each reading.
    """
    pools = PoolManager(1, timeout=timeout, ca_certs=os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where())
    pools.pool_classes_by_scheme = {scheme: _kept(pool, line.keep) for scheme, pool in checked_pools(forbids).items()}
    return pools


def reason_of(error: Exception) -> str:
    """Return in words why there is no answer, or no whole one: what libraries say quotes the whole address."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return "the connection broke off, or what came is no answer"


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (NameResolutionError, "the name of its host is unknown"),
    (NewConnectionError, "its host takes no connection"),
    (ConnectTimeoutError, "its host did not answer in time"),
    (TimedOut, "nothing came for too long"),
    (SSLError, "its certificate is not accepted, or there is no TLS"),
)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _kept(pool: Any, keep: Callable[[socket.socket], None]) -> type:
    """Return a class of pools whose new connections are noted before anything is sent."""
    checked: Any = pool.ConnectionCls

    class Connection(checked):  # type: ignore[misc]  # a class that is given
        def _new_conn(self) -> socket.socket:
            connection: socket.socket = super()._new_conn()
            keep(connection)
            return connection

    class Pool(pool):  # type: ignore[misc]  # a class that is given
        ConnectionCls = Connection

    return Pool
