"""A proxy before an S3 server that does, byte by byte, what networks and servers do: delay, cut, flip, slow down, lose."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.servers import Server, free_port
from tests.support.throttled import Exchange
from tests.support.wires import Loop

_LONGEST_HEAD = 1 << 18
_PIECE = 1 << 14


@dataclass(frozen=True)
class Trouble:
    """What happens to one request; without any of it, it passes.

    Attributes:
        delay: seconds before it is passed on.
        status: of an answer that is made up; then the server never hears of the request.
        headers: of that answer.
        body: of that answer.
        replaced: headers of the request, by their names in small letters, that get another value.
        cut_request: so many bytes of its body are passed on; then both connections end.
        flip_request: the byte of its body of which a bit is flipped.
        lost: the server does it, and the connection ends without an answer.
        cut_answer: so many bytes of the answer's body are passed on; then the connection ends.
        flip_answer: the byte of the answer's body of which a bit is flipped.
        rate: bytes per second of both bodies; 0: as fast as they come.
    """

    delay: float = 0.0
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)
    cut_request: int | None = None
    flip_request: int | None = None
    lost: bool = False
    cut_answer: int | None = None
    flip_answer: int | None = None
    rate: float = 0.0


NONE = Trouble()


@dataclass
class FaultyProxy:
    """The proxy.

    Attributes:
        server: its own address, with the keys of the server behind it.
        trouble: tells what happens to a request; called once for each, from another thread.
        exchanges: all so far, in the order in which they came.
    """

    behind: Server
    loop: Loop
    trouble: Callable[[Exchange], Trouble] = lambda _: NONE
    exchanges: list[Exchange] = field(default_factory=list)
    server: Server = field(init=False)
    _talks: set[object] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self.server = Server(f"http://127.0.0.1:{free_port()}", self.behind.secret_key)
        self.loop.serve(self._serve, urlsplit(self.server.endpoint).port or 0, _LONGEST_HEAD)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port, ends = urlsplit(self.behind.endpoint).port, [writer]
        self._talks.add(asyncio.current_task())  # or nobody would hold it but what it waits for
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                there, back = await asyncio.open_connection("127.0.0.1", port, limit=_LONGEST_HEAD)
                ends.append(back)
                talk = _Talk(self, reader, writer, there, back)
                while await talk.exchange():
                    pass
        finally:
            for end in ends:
                end.transport.abort()


def once(meant: Callable[[Exchange], bool], trouble: Trouble, times: int = 1) -> Callable[[Exchange], Trouble]:
    """Return what gives the first such requests trouble."""
    left = [times]

    def answer(exchange: Exchange) -> Trouble:
        if not left[0] or not meant(exchange):
            return NONE
        left[0] -= 1
        return trouble

    return answer


@dataclass
class _Talk:
    """One connection of a client (reader, writer), and the one to the server that belongs to it (there, back)."""

    proxy: FaultyProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    there: asyncio.StreamReader
    back: asyncio.StreamWriter

    async def exchange(self) -> bool:
        """Pass one request and its answer on, or not; return whether another may follow on these connections."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        method, path, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        path = "/" + path.removeprefix(self.proxy.server.endpoint).lstrip("/")  # obstore sends the whole URL
        exchange = Exchange(method, path, time.time(), None)
        self.proxy.exchanges.append(exchange)
        trouble = self.proxy.trouble(exchange)
        await asyncio.sleep(trouble.delay)
        if trouble.status:
            return await self._make_up(head, trouble)
        self.back.write(_replaced(head, trouble.replaced))
        sending, answering = map(asyncio.ensure_future, (self._send(head, trouble), self._answer(exchange, trouble)))
        try:
            done, _ = await asyncio.wait({sending, answering}, return_when=asyncio.FIRST_COMPLETED)
            is_cut = sending in done and not sending.result()
            return not is_cut and await answering
        finally:
            for each in (sending, answering):
                each.cancel()
            await asyncio.gather(sending, answering, return_exceptions=True)

    async def _make_up(self, head: bytes, trouble: Trouble) -> bool:
        if b"expect: 100-continue" in head.lower():
            self.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        async for _ in _body(head, self.reader):
            pass
        body = trouble.body.encode()
        lines = [f"HTTP/1.1 {trouble.status} Made up", f"Content-Length: {len(body)}", "Content-Type: application/xml"]
        lines += [f"{name}: {value}" for name, value in trouble.headers.items()]
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self.writer.drain()
        return True

    async def _send(self, head: bytes, trouble: Trouble) -> bool:
        return await _pass(_body(head, self.reader), self.back, trouble.cut_request, trouble.flip_request, trouble.rate)

    async def _answer(self, exchange: Exchange, trouble: Trouble) -> bool:
        status = 100
        while status < 200:  # 100 (Continue) comes before the answer
            head = await self.there.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            if trouble.lost and status >= 200:
                return False
            self.writer.write(head)
        exchange.status, exchange.ended = status, time.time()
        if exchange.method != "HEAD" and exchange.status not in (204, 304):
            body = _body(head, self.there)
            if not await _pass(body, self.writer, trouble.cut_answer, trouble.flip_answer, trouble.rate):
                return False
        await self.writer.drain()
        return b"connection: close" not in head.lower()


async def _pass(
    body: AsyncGenerator[bytes, None], writer: asyncio.StreamWriter, cut: int | None, flip: int | None, rate: float
) -> bool:
    """Pass a body on; return whether all of it was."""
    done = 0
    async with aclosing(body):
        async for data in body:
            piece = bytearray(data)
            if flip is not None and done <= flip < done + len(piece):
                piece[flip - done] ^= 1
            left = len(piece) if cut is None else cut - done
            done += len(piece)
            writer.write(piece[:left])
            await writer.drain()
            if left < len(piece):
                return False
            await asyncio.sleep(len(piece) / rate if rate else 0)
    return cut is None


async def _body(head: bytes, reader: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    """Yield the pieces of a body; one in chunks comes with what is around them."""
    headers = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"chunked" in headers.get(b"transfer-encoding", b""):
        size = -1
        while size:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            yield line + await reader.readexactly(size + 2)
        return
    left = int(headers.get(b"content-length", b"0"))
    while left:
        data = await reader.read(min(left, _PIECE))
        if not data:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(data)
        yield data


def _replaced(head: bytes, values: Mapping[str, str]) -> bytes:
    lines = head.decode("latin-1").split("\r\n")
    for at, line in enumerate(lines):
        name = line.partition(":")[0]
        if name.lower() in values:
            lines[at] = f"{name}: {values[name.lower()]}"
    return "\r\n".join(lines).encode("latin-1")
