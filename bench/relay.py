"""A relay before the server that counts what clients send: bytes, and parts of large objects. It changes nothing."""

import re
import socket
import socketserver
import threading
from contextlib import suppress
from typing import Self

from bench.servers import HOST

CHUNK = 256 * 1024
_LINE_END = b" HTTP/1.1\r\n"
_LONGEST_LINE = 8192
_PART = re.compile(rb"PUT [^ ]*[?&]partNumber=(\d+)[^ ]*$")
_ANSWER = re.compile(rb"HTTP/1\.1 (?!100)\d{3} ")
_ANSWER_LENGTH = len(b"HTTP/1.1 200 ")


class Talk:
    """What one connection asked for and got answers to, in order."""

    def __init__(self) -> None:
        self.asked: list[int] = []  #: part numbers; 0 for any other request
        self.answers = 0
        self._end_up = self._end_down = b""

    def up(self, data: bytes) -> None:
        """Note the requests whose first line ends in ``data``."""
        text = self._end_up + data
        at = text.find(_LINE_END, max(0, len(self._end_up) - len(_LINE_END) + 1))
        while at >= 0:
            part = _PART.search(text[max(0, at - _LONGEST_LINE) : at])
            self.asked.append(int(part[1]) if part else 0)
            at = text.find(_LINE_END, at + 1)
        self._end_up = text[-_LONGEST_LINE:]

    def down(self, data: bytes) -> None:
        """Note the answers that begin in ``data``; a 100 (Continue) is none."""
        text = self._end_down + data
        self.answers += len(_ANSWER.findall(text))
        self._end_down = text[1 - _ANSWER_LENGTH :]

    @property
    def unanswered(self) -> list[int]:
        """The parts that were asked for and not answered."""
        return [part for part in self.asked[self.answers :] if part]


class Relay(socketserver.ThreadingTCPServer):
    """Listens on a port of its own and passes everything on to a server's; as a block, it runs.

    Attributes:
        port: where clients find it.
        sent: bytes that clients have sent, requests and all.
        talks: one for each connection there was.
    """

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, server_port: int) -> None:
        super().__init__((HOST, 0), _Connection)
        self.port = int(self.server_address[1])
        self.server_port = server_port
        self.sent = 0
        self.talks: list[Talk] = []
        self.lock = threading.Lock()

    def parts(self) -> list[int]:
        """Return the number of every part that was sent; one that was sent twice is there twice."""
        return [part for talk in self.talks for part in talk.asked if part]

    def in_flight(self) -> set[int]:
        """Return the parts that were sent, in full or not, and have no answer yet."""
        return {part for talk in self.talks for part in talk.unanswered}

    def __enter__(self) -> Self:
        self._serving = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._serving.join()
        self.server_close()  # waits for the connections, which end with their clients


class _Connection(socketserver.BaseRequestHandler):
    server: Relay

    def handle(self) -> None:
        talk = Talk()
        with self.server.lock:
            self.server.talks.append(talk)
        with socket.create_connection((HOST, self.server.server_port)) as upstream:
            back = threading.Thread(target=self._answers, args=(upstream, talk))
            back.start()
            self._requests(upstream, talk)
            back.join()

    def _requests(self, upstream: socket.socket, talk: Talk) -> None:
        with suppress(OSError):
            while data := self.request.recv(CHUNK):
                with self.server.lock:
                    self.server.sent += len(data)
                talk.up(data)
                upstream.sendall(data)
        # A client that died leaves an answer that nobody waits for.
        with suppress(OSError):
            upstream.shutdown(socket.SHUT_RDWR)

    def _answers(self, upstream: socket.socket, talk: Talk) -> None:
        with suppress(OSError):
            while data := upstream.recv(CHUNK):
                talk.down(data)
                self.request.sendall(data)
        with suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)
