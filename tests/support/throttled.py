"""A proxy before an S3 server that makes each request wait, and notes what was asked for, when and by which process.

It changes no byte of what passes, so that signatures stay right. A test may have it hold requests, or break some.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

from tests.support.servers import Server, free_port
from tests.support.wires import Loop

_LONGEST_HEAD = 1 << 18
_LOOK_SECONDS = 0.01
_WAITS = b"expect: 100-continue"
_PIECE = 1 << 16
_CLOSES = b"connection: close"

CUT = "cut"
"""A `Fault`: the connection ends before the request is passed on."""

LOST = "lost"
"""A `Fault`: the connection ends when the server has answered, and the client never sees the answer."""

Fault = int | str
"""What is done to a request in the place of passing it on and its answer back: `CUT`, `LOST`, or a status answered for it."""


@dataclass
class Exchange:
    """One request and its answer.

    Attributes:
        began: POSIX seconds when the whole head of the request had come.
        ended: when the server had answered; None: it never did.
        process: the id of the process that asked; None: it was not to be told.
        status: of the answer; 0 without one.
        body: of a deletion of several objects; of any other request it is not kept.
    """

    method: str
    path: str
    began: float
    process: int | None
    ended: float | None = None
    status: int = 0
    body: bytes = b""

    @property
    def bucket(self) -> str:
        """The bucket that it is about."""
        return self._parts[0]

    @property
    def keys(self) -> Sequence[str]:
        """The keys that it writes, deletes or reads; none of a request about the bucket."""
        if "delete" in self.query:
            return [key.text or "" for key in ET.fromstring(self.body).iter() if key.tag.endswith("Key")]
        return [self._parts[1]] if self._parts[1] else []

    @cached_property
    def query(self) -> Mapping[str, Sequence[str]]:
        """The words after the question mark."""
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    @cached_property
    def writes(self) -> bool:
        """Whether it stores an object."""
        is_write = self.method == "PUT" or (self.method == "POST" and "uploadId" in self.query)
        return is_write and bool(self._parts[1]) and "partNumber" not in self.query

    @cached_property
    def deletes(self) -> bool:
        """Whether it deletes objects."""
        if self.method == "DELETE":
            return bool(self._parts[1]) and "uploadId" not in self.query
        return self.method == "POST" and "delete" in self.query

    @cached_property
    def _parts(self) -> tuple[str, str]:
        path = urlsplit(self.path).path.lstrip("/")
        bucket, _, key = path.partition("/")
        return unquote(bucket), unquote(key)


@dataclass
class ThrottledServer:
    """The proxy.

    Attributes:
        server: its own address, with the keys of the server behind it.
        latency: seconds that each request waits before it is passed on.
        clients: gives the ids of the processes that may ask; none: who asks is not looked up, which costs something.
        holds: tells of a request whose head has come whether it must wait; asked until it may pass.
        fault: tells of a request that passes what happens to it; None: nothing.
        exchanges: all so far, in the order in which they came.
    """

    behind: Server
    loop: Loop
    latency: float = 0.0
    clients: Callable[[], Iterable[int]] = lambda: ()
    holds: Callable[[Exchange], bool] = lambda _: False
    fault: Callable[[Exchange], Fault | None] = lambda _: None
    exchanges: list[Exchange] = field(default_factory=list)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(f"http://127.0.0.1:{free_port()}", self.behind.secret_key)
        self.loop.serve(self._serve, urlsplit(self.server.endpoint).port or 0, _LONGEST_HEAD)

    def of(self, bucket: str) -> list[Exchange]:
        """Return what was asked about one bucket so far."""
        return [exchange for exchange in tuple(self.exchanges) if exchange.bucket == bucket]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port, ends = urlsplit(self.behind.endpoint).port, [writer]
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


@dataclass
class _Talk:
    """One connection of a client, and the one to the server that belongs to it.

    Attributes:
        reader, writer: the client's.
        there, back: the server's.
    """

    proxy: ThrottledServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    there: asyncio.StreamReader
    back: asyncio.StreamWriter
    process: int | None = None

    async def exchange(self) -> bool:
        """Pass one request and its answer on; return whether another may follow on these connections."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        exchange = self._begun(head)
        keeps = exchange.method == "POST" and "delete" in exchange.query
        kept = bytearray() if keeps else None
        if not keeps:
            self.proxy.exchanges.append(exchange)
        if self.proxy.latency:
            await asyncio.sleep(self.proxy.latency)
        while self.proxy.holds(exchange):  # noqa: ASYNC110  # answered by the test's thread, which has no event of ours
            await asyncio.sleep(_LOOK_SECONDS)
        fault = self.proxy.fault(exchange)
        if fault == CUT:
            return False
        if isinstance(fault, int):
            return await self._refuse(head, exchange, fault)
        self.back.write(head)
        sending = asyncio.ensure_future(_pass_body(head, self.reader, self.back, kept))
        try:
            if kept is not None:
                await sending  # its keys are known only now
                exchange.body = bytes(kept)
                self.proxy.exchanges.append(exchange)
            return await self._answer(exchange, is_lost=fault == LOST)
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                await sending

    def _begun(self, head: bytes) -> Exchange:
        method, path, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        path = "/" + path.removeprefix(self.proxy.server.endpoint).lstrip("/")  # obstore sends the whole URL
        clients = () if self.process else tuple(self.proxy.clients())
        if clients:
            self.process = process_of(self.writer.get_extra_info("peername")[1], clients)
        return Exchange(method, path, time.time(), self.process)

    async def _refuse(self, head: bytes, exchange: Exchange, status: int) -> bool:
        """Answer for the server; the request never comes there."""
        if _WAITS not in head.lower():
            await _pass_body(head, self.reader, None)
        exchange.status, exchange.ended = status, time.time()
        words = f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _write(self.writer, words.encode())
        await self.writer.drain()
        self.writer.write_eof()
        return False

    async def _answer(self, exchange: Exchange, *, is_lost: bool) -> bool:
        status = 100
        while status < 200:  # 100 (Continue) comes before the answer
            head = await self.there.readuntil(b"\r\n\r\n")
            status = int(head.split(b" ", 2)[1])
            if is_lost and status >= 200:
                exchange.status, exchange.ended = status, time.time()
                return False
            _write(self.writer, head)
        if exchange.method != "HEAD" and status not in (204, 304):
            await _pass_body(head, self.there, self.writer)
        # Noted before the client has it: what a test sees done is in the notes.
        exchange.status, exchange.ended = status, time.time()
        await self.writer.drain()
        return _CLOSES not in head.lower()


async def _pass_body(
    head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None, kept: bytearray | None = None
) -> None:
    headers = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
    if b"chunked" in headers.get(b"transfer-encoding", b""):
        await _pass_chunks(reader, writer)
        return
    left = int(headers.get(b"content-length", b"0"))
    while left:
        data = await reader.read(min(left, _PIECE))
        if not data:
            raise asyncio.IncompleteReadError(b"", left)
        left -= len(data)
        if kept is not None:
            kept += data
        await _write_all(writer, data)


async def _pass_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter | None) -> None:
    size = -1
    while size:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        await _write_all(writer, line + await reader.readexactly(size + 2))


async def _write_all(writer: asyncio.StreamWriter | None, data: bytes) -> None:
    if writer is not None:
        _write(writer, data)
        await writer.drain()


def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write unless the other end has gone: a server finishes what a client that died has sent."""
    if not writer.transport.is_closing():
        writer.write(data)


def process_of(port: int, among: Iterable[int]) -> int | None:
    """Return which of these processes has the end with this port of a connection to this machine; None: none, as it seems."""
    inode = _inode_of(port)
    if inode is None:
        return None
    return next((process for process in among if _has_socket(process, inode)), None)


def _has_socket(process: int, inode: str) -> bool:
    with suppress(OSError):
        return any(_is_socket(descriptor, inode) for descriptor in Path(f"/proc/{process}/fd").iterdir())
    return False


def _is_socket(descriptor: Path, inode: str) -> bool:
    try:
        return str(descriptor.readlink()) == f"socket:[{inode}]"
    except OSError:
        return False


def _inode_of(port: int) -> str | None:
    local = f":{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        columns = line.split()
        if columns[1].endswith(local):
            return columns[9]
    return None


def most_at_once(exchanges: Iterable[Exchange]) -> int:
    """Return how many of these were under way at the same time, at most."""
    ends = [(moment, change) for one in exchanges if one.ended for moment, change in ((one.began, 1), (one.ended, -1))]
    most = now = 0
    for _, change in sorted(ends):
        now += change
        most = max(most, now)
    return most
