"""Requests as bytes, for what no client would send."""

import socket
from contextlib import suppress

from tests.support.service import eventually


def raw_answer(port: int, request: bytes) -> tuple[int, bytes]:
    """Send these bytes to a server at this machine; return the status of its first answer, and all that came.

    The server is told that nothing more comes, so that it hangs up once it has answered. It waits for seconds only for
    who sends what it has refused already, so that a busy machine may lose an answer: then it is asked again.
    """
    came: bytes = eventually(lambda: _sent(port, request), what="an answer")
    return int(came.split(b" ", 2)[1]), came


def _sent(port: int, request: bytes) -> bytes:
    came = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            came += piece
    return came
