"""S3 servers that lie, stall and swell: what they send is said byte by byte."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.cancellation import CancelToken
from app.storages.s3 import S3Address, S3Storage

SECRET = "secret-that-nobody-may-see"
OK = b"HTTP/1.1 200 OK\r\n"
OBJECT = b'ETag: "abc"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\nContent-Type: text/plain\r\n'
ENDLESS = 270 * 1024 * 1024

Answer = Callable[[str], Iterable[bytes]]
"""Gives the pieces of an answer to a request with this head."""


def always(answer: bytes) -> Answer:
    """Return what `raw_server` needs to send the same each time."""
    return lambda _: iter([answer])


@contextmanager
def raw_server(answer: Answer, secured_by: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Give the address of a server that sends what ``answer`` yields for a request's head, then closes.

    A body is read first. With ``secured_by``, a certificate and its key, it speaks TLS.
    """

    class Handler(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            if secured_by:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(*secured_by)
                self.request = context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
            super().setup()

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # whoever asked has left
                lines = iter(lambda: self.rfile.readline().rstrip(b"\r\n"), b"")
                head = b"".join(line + b"\r\n" for line in lines).decode()
                self._read_body(head.lower())
                pieces = iter(answer(head))
                self.wfile.write(_told_to_be_last(next(pieces, b"")))
                for piece in pieces:
                    self.wfile.write(piece)

        def _read_body(self, head: str) -> None:
            if "100-continue" in head:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            _, is_told, rest = head.partition("content-length:")
            self.rfile.read(int(rest.partition("\r\n")[0]) if is_told else 0)

        def finish(self) -> None:
            super().finish()
            self.request.close()

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 128  # who comes while nobody accepts is not turned away

    with Listener(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"{'https' if secured_by else 'http'}://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()


def _told_to_be_last(piece: bytes) -> bytes:
    """Say with an answer that the connection ends: else somebody who is quick asks again on one that is about to."""
    is_head = piece.startswith(b"HTTP/1.1 ")
    return piece.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) if is_head else piece


def at(
    endpoint: str, token: CancelToken | None = None, *, by_boto3: bool = False
) -> contextlib.closing[S3Storage]:  # fmt: skip
    """Return a bucket there; ``by_boto3``: as where obstore cannot serve."""
    forbids = (lambda _: False) if by_boto3 else None
    return closing(S3Storage(S3Address(endpoint, "mybucket", "access-key", SECRET, forbids=forbids, token=token)))


def answered(body: str | bytes, status: str = "200 OK", headers: bytes = b"") -> bytes:
    """Return a whole answer with its length."""
    data = body.encode() if isinstance(body, str) else body
    return b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n%b" % (status.encode(), headers, len(data), data)


def page(*names: str, following: str | None = None, truncated: bool | None = None) -> str:
    """Return a page; names that end in ``/`` are folders."""
    cut = bool(following) if truncated is None else truncated
    token = f"<NextContinuationToken>{following}</NextContinuationToken>" if following else ""
    found = "".join(
        f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"
        if name.endswith("/")
        else f"<Contents><Key>{name}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
        for name in names
    )
    return (
        f"<ListBucketResult><IsTruncated>{str(cut).lower()}</IsTruncated><EncodingType>url</EncodingType>"
        f"{token}{found}</ListBucketResult>"
    )


def error(code: str) -> str:
    """Return an error document, which quotes what nobody may see."""
    return f"<Error><Code>{code}</Code><Message>access-key {SECRET}</Message></Error>"


def much(filling: bytes) -> Iterator[bytes]:
    """Yield the start of a page and then 270 MB of ``filling``."""
    yield b"<ListBucketResult><IsTruncated>false</IsTruncated>"
    for _ in range(ENDLESS // len(filling)):
        yield filling


def memory(name: str) -> int:
    """Return a value of this process's status in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":"))
