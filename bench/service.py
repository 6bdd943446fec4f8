"""Sluice as users run it: gunicorn with the product's configuration, its own data folder, spoken to over HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.measure import Usage, cpu_seconds, forget_peak, peak_bytes, with_descendants
from bench.servers import ACCESS_KEY, HOST, S3Server, end, free_port, wait_until_listening

ROOT = Path(__file__).parents[1]
POLL_SECONDS = 0.1
FINAL = {"succeeded", "partial", "failed", "cancelled"}


class JobFailed(Exception):
    """A job did not succeed, or the service refused it."""


class Service:
    """One running Sluice, with default settings but for addresses and folders."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """GET a path, or POST a JSON object to it, and return the JSON of the answer.

        Raises:
            JobFailed: it is refused.
        """
        method, data = ("GET", None) if body is None else ("POST", json.dumps(body))
        self._connection.request(method, path, data, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status not in (200, 202):
            raise JobFailed(f"{path}: {response.status} {text}")
        return json.loads(text)

    def start(self, **parameters: Any) -> str:
        """Start a job and return its id."""
        return str(self.ask("/sync", parameters)["id"])

    def finished(self, job_id: str) -> dict[str, Any]:
        """Return the job once it has succeeded.

        Raises:
            JobFailed: it ended in another way.
        """
        job: dict[str, Any] = self.ask(f"/get?id={job_id}")
        while job["status"] not in FINAL:
            time.sleep(POLL_SECONDS)
            job = self.ask(f"/get?id={job_id}")
        if job["status"] != "succeeded":
            tail = self._log.read_text(errors="replace")[-2000:]
            raise JobFailed(f"{job['status']}: {job['message']} The end of the service's log:\n{tail}")
        return job

    def measured(self, **parameters: Any) -> Usage:
        """Run a job to its end and return what arbiter and worker used, from the request to the job's final state."""
        pids = with_descendants(self.process.pid)
        forget_peak(pids)
        cpu, started = cpu_seconds(pids), time.time()
        job = self.finished(self.start(**parameters))
        used, peak = cpu_seconds(pids) - cpu, peak_bytes(pids)
        return Usage(datetime.fromisoformat(job["finished_at"]).timestamp() - started, used, peak)

    def kill(self) -> None:
        """Kill -9 of arbiter and workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def hang_up(self) -> None:
        """End the connection: gunicorn, when it stops, waits two seconds for one more request on an open one."""
        self._connection.close()


@contextmanager
def sluice(server: S3Server, uploads: Path, data: Path) -> Iterator[Service]:
    """Run Sluice for ``server``; it goes on with what an earlier one left in ``data``."""
    service = start_sluice(server, uploads, data)
    try:
        yield service
    finally:
        service.hang_up()
        if service.process.poll() is None:
            end(service.process)


def start_sluice(server: S3Server, uploads: Path, data: Path, **settings: str) -> Service:
    """Start Sluice, with these settings on top, and return once it answers.

    Its working directory is not the project's, where a developer's .env would change its settings.
    """
    port, log_path = free_port(), data / "service.log"
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:app.serving.gunicorn_conf", "app:create_app()"],
            cwd=data,
            env=environ_of(server, uploads, data) | {"API_PORT": str(port)} | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_listening(process, port)
        service = Service(process, port, log_path)
        service.ask("/health")
    except BaseException:
        end(process)
        raise
    return service


def environ_of(server: S3Server, uploads: Path, data: Path) -> dict[str, str]:
    """Return the settings that a Sluice is started with."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "STORAGE_URL": server.endpoint,
        "MINIO_ACCESS_KEY": ACCESS_KEY,
        "MINIO_SECRET_KEY": server.secret_key,
        "UPLOADS_DIR": str(uploads),
        "DATA_DIR": str(data),
    }
