"""A wire to a server that a test can cut, and one that swallows everything: TCP proxies on a thread of their own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.support.servers import free_port

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_PIECE = 1 << 16


class Loop:
    """An event loop on a thread, for the proxies of one test or several."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies")
        self._thread.start()
        self._servers: list[asyncio.Server] = []

    def serve(self, serve: Serve, port: int, limit: int = 1 << 16) -> None:
        """Have connections to this port served, until `close`; ``limit``: of a line, in bytes."""

        async def listen() -> None:
            self._servers.append(await asyncio.start_server(serve, "127.0.0.1", port, limit=limit))

        self.run(listen())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do it on the loop and return what it returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(90)

    def close(self) -> None:
        """Cancel all that is left, and end the thread."""
        self.run(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end_all(self) -> None:
        for server in self._servers:
            server.close()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:  # also of who was accepted just now
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def loop_of_proxies() -> Iterator[Loop]:
    """Run a loop until the block ends."""
    loop = Loop()
    try:
        yield loop
    finally:
        loop.close()


class Wire:
    """Passes everything on between its port and another one of this machine.

    Attributes:
        port: where to connect.
    """

    def __init__(self, loop: Loop, to_port: int) -> None:
        self.port = free_port()
        self._loop = loop
        self._to_port = to_port
        self._is_cut = False
        self._passes = asyncio.Event()
        self._passes.set()
        self._ends: set[asyncio.StreamWriter] = set()
        loop.serve(self._serve, self.port)

    def cut(self) -> None:
        """Reset all connections, and each new one, until `mend`."""
        self._loop.run(self._cut())

    def swallow(self) -> None:
        """From now on nothing arrives any more, and nobody is told, until `mend`; then all of it arrives."""
        self._loop.run(self._hold())

    def mend(self) -> None:
        """Pass everything on again."""
        self._loop.run(self._mend())

    async def _cut(self) -> None:
        self._is_cut = True
        for end in tuple(self._ends):
            end.transport.abort()

    async def _hold(self) -> None:
        self._passes.clear()

    async def _mend(self) -> None:
        self._is_cut = False
        self._passes.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, back}
        self._ends |= ends
        try:
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(_PIECE):
                await self._passes.wait()
                writer.write(data)
                await writer.drain()
            await self._passes.wait()
        writer.close()
