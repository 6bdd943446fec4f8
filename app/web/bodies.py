"""Large bodies of requests: read piece by piece, and never so many at once that they take all threads of a process."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from flask import Flask, current_app, request
from werkzeug.exceptions import ClientDisconnected

from app.connections.shares import Shares
from app.errors import TooBusy
from app.library.patience import SECONDS, Patience
from app.web.callers import known_user
from app.web.places import has_place

PATIENCE_KEY = "LARGE_BODY_SECONDS"
"""The name in an application's configuration for how long, in seconds, hardly any byte of a body may come."""

RETRY_SECONDS = 5

_PLACES = "sluice_bodies"
_DRAINED_MAX = 16 * 1024 * 1024
_PIECE = 32 * 1024  # at the least rate that is let pass, so much comes before patience ends
_NO_LIMIT = 2**62  # None would mean the limit of all other requests


class BodyBroken(Exception):
    """The rest of a body does not come: its sender is gone, or hardly sends anything."""


def allow_large_bodies(app: Flask, limit: int) -> None:
    """Let ``app`` read at most ``limit`` large bodies at once, most of them of one caller; each holds a thread."""
    app.extensions[_PLACES] = Shares(limit, limit - limit // 4)


class LargeBody:
    """The body of this request, read once by one thread.

    Attributes:
        size: how many bytes it was announced to have; None: that is not known before its end.
    """

    def __init__(self, patience: Patience) -> None:
        self.size: int | None = request.content_length
        self._stream: Any = request.stream
        self._patience = patience
        self._read = 0

    def read(self, n: int = -1, /) -> bytes:
        """Return some bytes, at most ``n``, and none at the end of the body.

        Raises:
            BodyBroken: no more come, and it was to have more.
        """
        try:
            piece: bytes = self._stream.read(_PIECE if n < 0 else min(n, _PIECE))
        except (OSError, ClientDisconnected):
            raise BodyBroken from None
        self._read += len(piece)
        self._patience.came(len(piece))
        return piece

    def read_on(self, n: int, /) -> bytes:
        """Return bytes as `read` does, but none where no more come; see `is_broken`."""
        with suppress(BodyBroken):
            return self.read(n)
        return b""

    @property
    def is_broken(self) -> bool:
        """Whether it ended before all that was announced had come."""
        return self._patience.ran_out or (self.size is not None and self._read < self.size)

    @property
    def came_too_slowly(self) -> bool:
        """Whether its sender was hung up on."""
        return self._patience.ran_out

    def drain(self) -> None:
        """Read what is left of it, unless that is a lot.

        A server that closes a connection with unread bytes takes its own answer back, so the sender would not learn why
        it was refused.
        """
        left = _DRAINED_MAX if self.size is None else self.size - self._read
        while 0 < left <= _DRAINED_MAX and (piece := self.read_on(left)):
            left -= len(piece)


@contextmanager
def large_body() -> Iterator[LargeBody]:
    """Give the body of this request, whatever its length; what is left of it is drained when the block raises.

    Raises:
        TooBusy: as many of them as can be are being read by this process, or as many of this caller's.
    """
    places: Shares = current_app.extensions[_PLACES]
    who = known_user() or 0  # no user has this id: all strangers together are one
    if not places.take(who, 0):
        raise TooBusy(RETRY_SECONDS)
    has_place()
    request.max_content_length = _NO_LIMIT
    connection = request.environ.get("gunicorn.socket")
    try:
        with Patience(partial(_hang_up, connection), current_app.config.get(PATIENCE_KEY, SECONDS)) as patience:
            body = LargeBody(patience)
            try:
                yield body
            except BaseException:
                body.drain()
                raise
    finally:
        places.give_back(who)


def _hang_up(connection: socket.socket | None) -> None:
    """End a read that waits for the client; an answer still gets through."""
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
