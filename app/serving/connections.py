"""One client's connection, as the worker's loop and its threads hand it to each other."""

import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn

from app.serving.arriving import Arriving
from app.serving.patient_socket import PatientSocket


class Connection(TConn):  # type: ignore[misc]  # gunicorn ships without types
    """A connection. The loop has it until a request is complete, then a thread, then the loop again.

    Attributes:
        request: what has come of the next request.
        since: when, by the monotonic clock, the loop began to wait for its next request.
        deadline: until when, by that clock, the loop waits for more.
        held: so many bytes of it were counted as waiting.
    """

    sock: PatientSocket
    parser: Any

    def __init__(self, cfg: Any, sock: PatientSocket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.data_ready = True  # gunicorn would wait for it in a thread
        self.request = Arriving()
        self.since = self.deadline = 0.0
        self.held = 0

    def expect(self, seconds: float) -> None:
        """Begin to wait, at most that long, for another request, in the loop."""
        self.sock.setblocking(False)
        self.request = Arriving()
        self.since = time.monotonic()
        self.deadline = self.since + seconds

    def begin(self) -> None:
        """Begin with the request that has come, in a thread."""
        self.sock.begin()
        self.init()
        self.parser.unreader.unread(self.request.taken())

    def end_answers(self) -> None:
        """Tell the client that no answer follows.

        Raises:
            OSError: it is gone.
        """
        self.sock.setblocking(False)
        self.sock.shutdown(socket.SHUT_WR)
