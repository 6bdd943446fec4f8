"""The S3 server that every tool works against: ``rclone serve s3`` on loopback, storing to disk."""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.measure import cpu_seconds
from bench.programs import find_program
from bench.trees import Manifest, files, manifest

READY_SECONDS = 30
HOST = "127.0.0.1"
ACCESS_KEY = "sluicebench"
BUCKET = "bench"
UNFINISHED = ".rclone_temp_multipart_"
"""In the names of the files, beside the objects, where the server puts together what comes in parts."""


class NotStarted(Exception):
    """A program that should serve does not listen."""


@dataclass(frozen=True)
class S3Server:
    """One running server with one bucket, `BUCKET`.

    Attributes:
        port: where clients find it.
        secret_key: goes with `ACCESS_KEY`.
        objects: the folder that is the bucket.
        pid: its process.
    """

    port: int
    secret_key: str
    objects: Path
    pid: int

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    def cpu(self) -> float:
        """Return the seconds of processor time that it has used."""
        return cpu_seconds([self.pid])

    def stored(self) -> Manifest:
        """Read all objects from its disk."""
        found = manifest(self.objects)
        return {key: value for key, value in found.items() if UNFINISHED not in key}

    def unfinished_bytes(self) -> int:
        """Return how much of large uploads that were neither completed nor aborted lies on its disk."""
        return sum(path.stat().st_size for path in files(self.objects) if UNFINISHED in path.name)

    def behind(self, port: int) -> "S3Server":
        """Return the same server as one finds it through a relay."""
        return replace(self, port=port)


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Run a server whose objects are in ``folder``, kept from an earlier run or none yet."""
    objects = folder / "objects" / BUCKET
    objects.mkdir(parents=True, exist_ok=True)
    port, secret = free_port(), secrets.token_hex(16)
    # Nothing but these: what configures another rclone of this machine must not configure this one.
    environ = {"PATH": os.environ.get("PATH", ""), "RCLONE_AUTH_KEY": f'"{ACCESS_KEY},{secret}"'}
    command = [find_program("rclone"), "serve", "s3", str(objects.parent), "--addr", f"{HOST}:{port}", "--config", ""]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        wait_until_listening(process, port)
        yield S3Server(port, secret, objects, process.pid)
    finally:
        end(process)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with closing(socket.create_server((HOST, 0))) as listener:
        return int(listener.getsockname()[1])


def wait_until_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once something accepts connections on ``port``.

    Raises:
        NotStarted: the process ended, or half a minute went by.
    """
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise NotStarted(f"Nothing listens on port {port}; the program's status is {process.poll()}.")


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and make it after a minute."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
