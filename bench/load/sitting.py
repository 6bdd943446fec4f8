"""One sitting: a storage, a Sluice, users, jobs that run, and a crowd for some time."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.accounts.caller import Role
from app.accounts.service import AccountService
from app.db import open_database
from app.settings import Settings
from bench.load.crowd import PATIENCE, Answers, Person, crowd
from bench.load.jobs import Jobs, jobs_running
from bench.load.report import Report
from bench.load.routes import ROUTES, SIGN_IN
from bench.measure import cpu_seconds, resident_bytes, with_descendants
from bench.servers import S3Server, end, s3_server
from bench.service import Service, environ_of, start_sluice


@dataclass(frozen=True)
class Crowd:
    """How large it is.

    Attributes:
        seconds: how long it stays.
        clients: how many ask at a time.
        jobs: how many run meanwhile, each of another person; as many are the clients' owners.
        pause: seconds that each client waits on the average before it asks again.
        wait: seconds that each job waits between two files.
    """

    seconds: float = 180.0
    clients: int = 200
    jobs: int = 20
    pause: float = 5.0
    wait: float = 0.5


def measured(size: Crowd, folder: Path) -> Report:
    """Let the crowd in and return what came of it; ``folder`` is empty and becomes the service's."""
    uploads, data = folder / "uploads", folder / "data"
    uploads.mkdir()
    data.mkdir(exist_ok=True)
    with s3_server(folder) as server, _service(server, uploads, data, size) as service:
        people = _people(environ_of(server, uploads, data), size.jobs)
        with jobs_running(service.port, people, uploads, size.jobs, size.wait) as jobs:
            return _watched(size, service, people, jobs)


def _watched(size: Crowd, service: Service, people: list[Person], jobs: Jobs) -> Report:
    answers = {name: Answers() for name in [*(route.path for route in ROUTES), SIGN_IN]}
    pids = with_descendants(service.process.pid)
    cpu, resident = cpu_seconds(pids), [resident_bytes(pids)]
    never = threading.Event()
    with crowd(service.port, people, answers, size.clients, size.pause):
        for _ in range(2):
            never.wait(size.seconds / 2)
            resident.append(resident_bytes(pids))
    jobs.has_one_ended.wait(PATIENCE)
    return Report(answers, resident, cpu_seconds(pids) - cpu, jobs.finished, jobs.wrong)


@contextmanager
def _service(server: S3Server, uploads: Path, data: Path, size: Crowd) -> Iterator[Service]:
    settings = {"SYNC_AUTH": "required", "JOBS_RUNNING_LIMIT": str(size.jobs), "SHUTDOWN_SECONDS": "5"}
    service = start_sluice(server, uploads, data, **settings)
    try:
        yield service
    finally:
        service.hang_up()
        end(service.process)


def _people(environ: Mapping[str, str], number: int) -> list[Person]:
    settings = Settings.load(environ, Path(environ["DATA_DIR"]) / "no.env")
    with closing(open_database(settings)) as database:
        accounts = AccountService(database)
        return [_person(accounts, each) for each in range(number)]


def _person(accounts: AccountService, number: int) -> Person:
    name, password = f"person{number}", secrets.token_hex(8)
    accounts.create_user(name, Role.USER if number else Role.ADMIN, password)
    return Person(name, password, accounts.create_key(name).key, [])
