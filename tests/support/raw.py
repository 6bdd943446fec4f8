"""Requests as bytes, for what no client would send."""

import socket


def raw_answer(port: int, request: bytes) -> tuple[int, bytes]:
    """Send these bytes to a server at this machine; return the status of its first answer, and all that came.

    The server is told that nothing more comes, so that it hangs up once it has answered.
    """
    came = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            came += piece
    return int(came.split(b" ", 2)[1]), came
