"""A real Sluice for tests: gunicorn in a process of its own, spoken to over HTTP."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from app.accounts.caller import Role
from app.accounts.service import AccountService
from app.db import open_database
from app.settings import Settings
from tests.support.children import is_stopped
from tests.support.empty_database import with_database
from tests.support.jobs import write_lock
from tests.support.passwords import PASSWORDS
from tests.support.programs import Program
from tests.support.servers import ACCESS_KEY, Server, free_port

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = "app.serving.gunicorn_conf"
FINAL = {"succeeded", "partial", "failed", "cancelled"}


def eventually(condition: Callable[[], Any], seconds: float = 90.0, what: str = "the condition") -> Any:
    """Return the first true value of ``condition``; fail after ``seconds``."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        value = condition()
        if value:
            return value
        time.sleep(min(0.02 + waited / 25, 0.1))  # many ask a service, which has better things to do after seconds
    raise AssertionError(f"{what} did not come true within {seconds} s")


@dataclass(frozen=True)
class Person:
    """A user of a running service, as a test knows him.

    Attributes:
        key: an API key of his.
        password: None: he has none.
    """

    name: str
    key: str
    password: str | None

    @property
    def headers(self) -> dict[str, str]:
        """What says in a request who he is."""
        return {"Authorization": f"Bearer {self.key}"}


class Service:
    """One running web server (its master and workers)."""

    def __init__(self, environ: dict[str, str], log: Path, configuration: str = CONFIGURATION) -> None:
        self.environ = environ
        self.configuration = configuration
        self.url = f"http://127.0.0.1:{environ['API_PORT']}"
        self.log = log
        self.uploads = Path(environ["UPLOADS_DIR"])
        self.process: Program | None = None
        self.session = requests.Session()

    def start(self) -> None:
        with self.log.open("ab") as log:
            words = ("-c", f"python:{self.configuration}", "app:create_app()")
            self.process = Program("gunicorn", *words, environ=self.environ, out=log, err=log)
        eventually(self.is_up, what=f"the service at {self.url}")

    def is_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            return requests.get(self.url + "/health", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def kill(self) -> None:
        """kill -9 of the master and all workers at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(90)
        self.session = requests.Session()

    def workers(self) -> list[int]:
        """Return the process ids of its workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def suspend(self) -> None:
        """SIGSTOP of the master and all workers, none of them in a transaction: that would lock all others out."""
        assert self.process is not None
        with write_lock(Path(self.environ["DATA_DIR"]) / "sluice.db"):
            os.killpg(self.process.pid, signal.SIGSTOP)
            eventually(lambda: all(is_stopped(pid) for pid in self.workers()))

    def stop(self) -> int:
        """Hang up, SIGTERM, and wait; a client that stayed connected would be given two seconds for one more request."""
        assert self.process is not None
        self.session.close()
        self.process.terminate()
        return self.process.wait(90)

    @contextmanager
    def accounts(self, clock: Callable[[], float] = time.time) -> Iterator[AccountService]:
        """Keep accounts in the database of the running service, as the command line does."""
        database = open_database(Settings.load(self.environ, Path(self.environ["DATA_DIR"]) / "no.env"))
        try:
            yield AccountService(database, PASSWORDS, clock)
        finally:
            database.close()

    def person(self, name: str, role: Role = Role.USER, password: str | None = None, **key: Any) -> Person:
        """Make a user with an API key; ``key`` is what `AccountService.create_key` takes."""
        with self.accounts() as accounts:
            accounts.create_user(name, role, password)
            return Person(name, accounts.create_key(name, **key).key, password)

    def get(self, path: str, **parameters: Any) -> Any:
        response = self.session.get(self.url + path, params=parameters, timeout=30)
        assert response.ok, response.text
        return response.json()

    def sync(self, **parameters: Any) -> Any:
        """Start a job and return it."""
        response = self.session.post(self.url + "/sync", json=parameters, timeout=30)
        assert response.status_code == 202, response.text
        return response.json()

    def finished(self, job_id: str, seconds: float = 120.0) -> Any:
        """Return the job once it has finished."""

        def job() -> Any:
            found = self.get("/get", id=job_id)
            return found if found["status"] in FINAL else None

        return eventually(job, seconds, f"the end of job {job_id}")

    def mirrored(self, **parameters: Any) -> Any:
        """Run a job to its end and return it."""
        return self.finished(self.sync(**parameters)["id"])


@contextmanager
def running_service(
    folder: Path, server: Server, configuration: str = CONFIGURATION, **settings: Any
) -> Iterator[Service]:
    """Start a service of ``server`` whose data and uploads are in ``folder``; kill it at the end, which takes no time."""
    uploads = folder / "uploads"
    uploads.mkdir(exist_ok=True)
    environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL", "CI")}
    environ |= {
        "API_PORT": str(free_port()),
        "DATA_DIR": str(with_database(folder / "var")),
        "UPLOADS_DIR": str(uploads),
        "SHUTDOWN_SECONDS": "10",
        "STORAGE_URL": server.endpoint,
        "MINIO_ACCESS_KEY": ACCESS_KEY,
        "MINIO_SECRET_KEY": server.secret_key,
    }
    environ |= {name: str(value) for name, value in settings.items()}
    service = Service(environ, folder / "service.log", configuration)
    try:
        service.start()
        yield service
    finally:
        if service.process is not None and service.process.poll() is None:
            service.kill()
