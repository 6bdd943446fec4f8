"""gcp-storage-emulator as a server for tests, in a process of its own."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import READY_SECONDS, end, free_port, missing

# Measured with gcp-storage-emulator 2026.7.19. Three of its faults are mended in its own process, since Google has neither:
# contents are kept under a path made of the key, so that `a/../b` ends the connection without an answer, and `a//b` and
# `a/b` share their bytes; and it writes all that it knows as JSON at each change, in memory too (4,000 objects: minutes);
# and of several clients that connect at once, all but five wait a second.
# What stays: it makes no pages and knows neither startOffset, maxResults nor generations, so the driver cuts what it
# gets; it keeps no HTTP connection; it cannot cancel an upload (501). The fake proves what it cannot.
PROGRAM = """
import hashlib
import http.server
import sys
from gcp_storage_emulator import storage
from gcp_storage_emulator.__main__ import main

def object_path(self, bucket, name):
    return bucket + "/" + hashlib.sha256(name.encode()).hexdigest()

http.server.HTTPServer.request_queue_size = 128
storage.Storage._object_path = object_path
storage.Storage._write_config_to_file = lambda self: None
main(sys.argv[1:])
"""


@contextmanager
def gcs_emulator(folder: Path) -> Iterator[str]:
    """Run the emulator, which keeps objects in memory and asks nobody who he is; its log goes to ``folder``."""
    if importlib.util.find_spec("gcp_storage_emulator") is None:
        missing("gcp-storage-emulator is not installed; `make setup` does that.")
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", PROGRAM, "start", "--host", "127.0.0.1", "--port", str(port), "-M", "-q"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=dict(os.environ))
    try:
        _wait_until_listening(process, port, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)  # between two looks at a condition that has a deadline
        else:
            return
    pytest.fail(f"gcp-storage-emulator does not listen: {log.read_text(errors='replace')[-2000:]}")
