"""Keeps a number of jobs running: where one has ended, the next one starts."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from bench.load.crowd import AGAIN, PATIENCE, Person
from bench.servers import HOST
from bench.service import FINAL, JobFailed
from bench.trees import make_small_files

FILES = 20
FILE_SIZE = 2048
POLL_SECONDS = 1.0


class Jobs:
    """So many mirrors at once, each of a folder of its own, which it uploads as a whole again and again.

    Attributes:
        finished: how many have succeeded.
        wrong: what was said of those that ended otherwise.
        has_one_ended: whether one has, or none will.
    """

    def __init__(self, port: int, people: Sequence[Person], uploads: Path, number: int, wait: float) -> None:
        self._pool = HTTPConnectionPool(HOST, port, maxsize=1, timeout=PATIENCE, retries=AGAIN)
        self._people = people
        self._wait = wait
        self._running: dict[int, str] = {}
        self.finished = 0
        self.wrong: list[str] = []
        self.has_one_ended = threading.Event()
        for slot in range(number):
            make_small_files(uploads / f"folder{slot}", FILES, FILE_SIZE)
            self._person(slot).jobs.append(self._start(slot))

    def keep(self, stopped: threading.Event) -> None:
        """Go on until stopped."""
        try:
            while not stopped.wait(POLL_SECONDS):
                for slot in list(self._running):
                    self._look_at(slot)
        except (HTTPError, JobFailed) as error:
            self.wrong.append(repr(error))
        finally:
            self.has_one_ended.set()
            self._pool.close()

    def _look_at(self, slot: int) -> None:
        person, job_id = self._person(slot), self._running[slot]
        job = self._ask(person, f"/get?id={job_id}")
        if job["status"] not in FINAL:
            return
        if job["status"] == "succeeded":
            self.finished += 1
        else:
            self.wrong.append(f"{job['status']}: {job['message']}")
        self.has_one_ended.set()
        person.jobs[person.jobs.index(job_id)] = self._start(slot)  # never one less: others choose among them

    def _start(self, slot: int) -> str:
        person, name = self._person(slot), f"folder{slot}"
        wanted = {"source": name, "dest": name, "wait": self._wait, "check": "always"}
        self._running[slot] = str(self._ask(person, "/sync", wanted)["id"])
        return self._running[slot]

    def _person(self, slot: int) -> Person:
        return self._people[slot % len(self._people)]

    def _ask(self, person: Person, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {person.key}", "Content-Type": "application/json"}
        method, sent = ("GET", None) if body is None else ("POST", json.dumps(body))
        answer = self._pool.urlopen(method, path, sent, headers)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise JobFailed(f"{path}: {answer.status} {answer.data.decode()}")
        return answer.json()


@contextmanager
def jobs_running(port: int, people: Sequence[Person], uploads: Path, number: int, wait: float) -> Iterator[Jobs]:
    """Keep so many jobs running for as long as the block lasts."""
    jobs, stopped = Jobs(port, people, uploads, number, wait), threading.Event()
    keeper = threading.Thread(target=jobs.keep, args=(stopped,))
    keeper.start()
    try:
        yield jobs
    finally:
        stopped.set()
        keeper.join()
