"""A wire between two programs of one machine, which a test can cut, or let swallow everything."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


class Wire:
    """Carries bytes both ways between who connects to ``port`` and what listens at ``target``."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._is_cut = False
        self._carries = threading.Event()
        self._carries.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        with self._lock:
            self._is_cut = True
            self._hang_up()

    def mend(self) -> None:
        """Carry again; what was swallowed is lost, and so are the connections that it belonged to."""
        with self._lock:
            self._is_cut = False
            self._hang_up()
        self._carries.set()

    def black_hole(self) -> None:
        """Take everything from now on and pass nothing on, while all connections stay open."""
        self._carries.clear()

    def close(self) -> None:
        """End it for good."""
        self._listening.close()
        self.mend()

    def _hang_up(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as server:
            with self._lock:
                if self._is_cut:
                    return
                self._ends += (client, server)
            self._exchange(client, server)

    def _exchange(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(_CHUNK)  # type: ignore[union-attr]  # a socket, as was registered
                    if not data:
                        return
                    if self._carries.is_set():
                        key.data.sendall(data)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """Give a wire to what listens at this port of this machine."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()
