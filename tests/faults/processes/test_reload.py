"""gunicorn replaces its workers, and then itself, while one of them runs a job: it goes on, and requests are answered."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import groupby
from pathlib import Path

import pytest

from tests.support import service as services
from tests.support.service import ROOT, Service, eventually, running_service
from tests.support.throttled import ThrottledServer
from tests.support.trees import bucket_objects
from tests.support.wires import loop_of_proxies

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.fault(8)]

FILES = {f"f{number:03}": b"content %d" % number for number in range(300)}
"""At ten in a second and thread they last for longer than anything here may be late."""


class Installed(Service):
    """Started as a service manager does it: so gunicorn can start itself anew."""

    def start(self):
        program = str(Path(sys.executable).with_name("gunicorn"))
        command = [program, "-c", f"python:{self.configuration}", "app:create_app()"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        eventually(self.is_up, what=f"the service at {self.url}")

    def processes(self):
        """Return the process ids of all that was ever started here and lives: masters and workers."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(status.read_text().rpartition(")")[2].split()[2]) == self.process.pid:
                    found.append(int(status.parent.name))
        return found


@pytest.fixture
def storage(rclone):
    with loop_of_proxies() as loop:
        yield ThrottledServer(rclone, loop, latency=0.1)


@pytest.fixture
def service(tmp_path, storage, monkeypatch):
    monkeypatch.setattr(services, "Service", Installed)
    with running_service(tmp_path, storage.server, WEB_WORKERS=1, TRANSFERS_PER_JOB=2, SHUTDOWN_SECONDS=60) as running:
        for name, data in FILES.items():
            (running.uploads / name).write_bytes(data)
        yield running
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)


class Visitor:
    """Asks again and again whether the service lives, over a connection of its own each time."""

    def __init__(self, service):
        self._port = int(service.environ["API_PORT"])
        self.answers = []
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._visit)

    def _visit(self):
        while not self._enough.wait(0.05):
            with closing(HTTPConnection("127.0.0.1", self._port, timeout=90)) as connection:
                self._ask(connection)

    def _ask(self, connection):
        began, needed = time.monotonic(), 0.0
        try:
            connection.request("GET", "/health")
            needed = time.monotonic() - began
            self.answers.append(connection.getresponse().status)
        except (OSError, HTTPException) as error:
            if (
                needed or time.monotonic() - began
            ) < 1:  # a worker that stops need not wait for who is slower than that
                self.answers.append(repr(error))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        self._thread.join()


def reloaded(service):
    before = set(service.workers())
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: len(service.workers()) == 1 and not before & set(service.workers()), what="another worker")


def added_and_taken_away(service):
    for number, count in ((signal.SIGTTIN, 2), (signal.SIGTTOU, 1)):
        service.process.send_signal(number)
        eventually(lambda wanted=count: len(service.workers()) == wanted, what=f"{count} workers")


def replaced(service):
    service.process.send_signal(signal.SIGUSR2)  # another master, with a worker
    eventually(lambda: len(service.processes()) >= 4, what="another master")
    service.process.terminate()
    assert service.process.wait(90) == 0


def test_a_job_goes_on_once_while_gunicorn_replaces_its_workers_and_itself(service, storage):
    bucket = f"reload-{os.getpid()}"
    storage.clients = service.processes

    def writes():
        return [one for one in storage.of(bucket) if one.writes and one.status == 200]

    job = service.sync(dest=bucket)["id"]
    with Visitor(service) as visitor:
        for count, change in ((4, reloaded), (12, added_and_taken_away), (20, replaced)):
            eventually(lambda least=count: len(writes()) >= least, what=f"{count} objects in {bucket}")
            change(service)
        storage.latency = 0.0
        ended = service.finished(job)

    assert (ended["status"], bucket_objects(storage.behind, bucket)) == ("succeeded", FILES)
    assert set(visitor.answers) == {200}
    with closing(sqlite3.connect(Path(service.environ["DATA_DIR"], "sluice.db"))) as database:
        [(attempts, crashes)] = database.execute("SELECT attempt, crashes FROM jobs")
    assert crashes == 0
    turns = [process for process, _ in groupby(one.process for one in writes() if one.process)]
    assert 2 <= len(turns) == len(set(turns)) <= attempts
