"""Real servers for tests, each on a port of its own, and endpoints that are none.

A program that is not installed skips a test on a laptop and fails it where ``CI`` is set.
"""

import importlib.util
import itertools
import os
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest

from app.errors import SettingsError
from app.storages.embedded.server import find_rclone
from app.storages.s3 import S3Address

READY_SECONDS = 90
"""How long a server may take to start: several interpreters may start at once on a busy machine."""

_AT_ONCE = 8
_PORTS = range(20_000 + int("0" + os.environ.get("PYTEST_XDIST_WORKER", "")[2:]) % _AT_ONCE, 32_000, _AT_ONCE)
"""Not those that the system gives to whoever asks for any port: it could give one away before its server has it.

Each of pytest's processes has its own, or two could find one free before either uses it.
"""

_OWN_PORTS = itertools.cycle(random.SystemRandom().sample(_PORTS, len(_PORTS)))
ACCESS_KEY = "sluicetests"


@dataclass(frozen=True)
class Server:
    """A running S3 server.

    Attributes:
        endpoint: its address.
        secret_key: goes with `ACCESS_KEY`.
    """

    endpoint: str
    secret_key: str

    def bucket(self, name: str, access_key: str = ACCESS_KEY, secret_key: str = "") -> S3Address:
        """Return the address of a bucket there; ``secret_key`` is the right one unless given."""
        return S3Address(self.endpoint, name, access_key, secret_key or self.secret_key)


@contextmanager
def rclone_server(folder: Path, again: Server | None = None) -> Iterator[Server]:
    """Run ``rclone serve s3`` with its objects in ``folder``; ``again``: at the place of a server that has ended."""
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    server = again or Server(f"http://127.0.0.1:{free_port()}", secrets.token_hex(16))
    host, _, port = server.endpoint.removeprefix("http://").partition(":")
    environment = os.environ | {"RCLONE_AUTH_KEY": f'"{ACCESS_KEY},{server.secret_key}"'}
    (folder / "objects").mkdir(parents=True, exist_ok=True)
    command = [program, "serve", "s3", str(folder / "objects"), "--addr", f"{host}:{port}", "--config", ""]
    with _running(command, int(port), folder / "server.log", environment):
        yield server


@contextmanager
def restartable_rclone_server(folder: Path) -> Iterator[tuple[Server, Callable[[], None]]]:
    """Run ``rclone serve s3`` and give what restarts it: then it lists what is on its disk, not what it remembers."""
    with ExitStack() as running:
        server = running.enter_context(rclone_server(folder))

        def restart() -> None:
            running.close()
            running.enter_context(rclone_server(folder, server))

        yield server, restart


@contextmanager
def moto_server(folder: Path) -> Iterator[Server]:
    """Run moto's server, which keeps objects in memory and takes any credentials; its log goes to ``folder``."""
    with _moto(folder) as port:
        yield Server(f"http://127.0.0.1:{port}", secrets.token_hex(16))


@contextmanager
def moto_tls_server(folder: Path, certificate: Path, key: Path) -> Iterator[str]:
    """Run moto's server with a certificate and its key, and give its https address."""
    with _moto(folder, "-c", str(certificate), "-k", str(key)) as port:
        yield f"https://127.0.0.1:{port}"


@contextmanager
def _moto(folder: Path, *options: str) -> Iterator[int]:
    if importlib.util.find_spec("moto") is None:
        missing("moto is not installed; `make setup` does that.")
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port), *options]
    folder.mkdir(parents=True, exist_ok=True)
    with _running(command, port, folder / "server.log", dict(os.environ)):
        yield port


def missing(what: str) -> NoReturn:
    """Skip the test for want of something, or fail it where nothing may be wanting."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def free_port() -> int:
    """Return a port on which nothing listens."""
    for port in _OWN_PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("unreachable: the ports are cycled through")


@contextmanager
def black_hole() -> Iterator[str]:
    """Give the address of something that accepts connections and never answers."""
    held: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))
    accepting = threading.Thread(target=_accept_all, args=(listener, held))
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for one in (listener, *held):
            one.close()


Answer = tuple[int, str]
"""A status and a body."""


@contextmanager
def scripted(
    answer: Callable[[str, str], Answer], content_type: str = "application/xml", short_by: int = 0
) -> Iterator[str]:
    """Give the address of a web server that answers what a test says.

    Args:
        answer: called with the method and the path (query included) of each request.
        content_type: of every answer.
        short_by: how many bytes more than it sends each answer promises.
    """

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answer(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body.encode()) + short_by))
            self.send_header("Last-Modified", self.date_time_string(0))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body.encode())

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _answer  # noqa: N815 - the names are http.server's

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()


def _accept_all(listener: socket.socket, held: list[socket.socket]) -> None:
    while True:
        try:
            held.append(listener.accept()[0])
        except OSError:
            return


@contextmanager
def _running(command: Sequence[str], port: int, log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait_until_listening(process, port, log)
        yield
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and make it after ten seconds."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)  # between two looks at a condition that has a deadline
        else:
            return
    pytest.fail(f"{process.args!r} does not listen: {log.read_text(errors='replace')[-2000:]}")
