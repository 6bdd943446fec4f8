"""Clients that each ask, wait for the answer, look at it for a moment, and ask again."""

import json
import random
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import SimpleCookie

from urllib3 import HTTPConnectionPool, HTTPHeaderDict, Retry
from urllib3.exceptions import HTTPError

from bench.load.routes import ROUTES, SIGN_IN, By, Route, choice
from bench.servers import HOST

PATIENCE = 180
"""Seconds after which an answer that has not come is an error."""

ARRIVAL = 5
"""The crowd comes within so many pauses."""

AGAIN = Retry(100, connect=0, read=60, redirect=0, status=60, other=0, allowed_methods=None)
"""As clients do it: later where an answer says when, and at once where an idle connection was given up meanwhile."""


@dataclass(frozen=True)
class Person:
    """A user of the service.

    Attributes:
        jobs: ids of jobs of his that run; whoever starts others changes them.
    """

    name: str
    password: str = field(repr=False)
    key: str = field(repr=False)
    jobs: list[str]


@dataclass
class Answers:
    """What came of the requests for one route.

    Attributes:
        seconds: how long each took that was answered as it should be, the time included that it was told to wait.
        later: how often one was told to come again later, as signing in does when very many do it at once.
        errors: what was wrong with the others.
    """

    seconds: list[float] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, several: Iterable["Answers"]) -> "Answers":
        """Return all of these together."""
        every = cls()
        for each in several:
            every.seconds += each.seconds
            every.later += each.later
            every.errors += each.errors
        return every

    @property
    def number(self) -> int:
        """How many requests there were."""
        return len(self.seconds) + len(self.errors)


class Client:
    """One of the crowd, with one connection that is kept. Of one thread; ``answers`` are of all."""

    def __init__(self, port: int, person: Person, answers: Mapping[str, Answers], seed: int) -> None:
        self._person, self._answers = person, answers
        self._random = random.Random(seed)
        self._first = (*ROUTES, None)[seed % (len(ROUTES) + 1)]
        self._pool = HTTPConnectionPool(HOST, port, maxsize=1, timeout=PATIENCE, retries=AGAIN)
        self._cookies: Mapping[str, str] = {}

    def stay(self, stopped: threading.Event, pause: float) -> None:
        """Ask until it is stopped, at least once, with pauses of ``pause`` seconds on the average.

        What it asks for first depends on its seed alone, so that a crowd asks for everything.
        """
        stopped.wait(self._random.random() * ARRIVAL * pause)
        self._cookies = self._signed_in()
        self._ask_once(self._first)
        while not stopped.wait(self._random.expovariate(1 / max(pause, 0.001))):
            self._ask_once(choice(self._random))
        self._pool.close()

    def _ask_once(self, route: Route | None) -> None:
        if route is not None:
            path = route.path.format(job=self._random.choice(self._person.jobs))
            self._timed(route.path, "GET", path, self._headers(route.by))
        elif cookies := self._signed_in():
            self._timed(SIGN_IN, "DELETE", "/session", _sent(cookies) | {"X-CSRFToken": cookies["csrftoken"]})

    def _headers(self, by: By) -> dict[str, str]:
        if by is By.KEY:
            return {"Authorization": f"Bearer {self._person.key}"}
        return _sent(self._cookies) if by is By.SESSION else {}

    def _signed_in(self) -> Mapping[str, str]:
        """Sign in and return the cookies; none where that failed."""
        body = json.dumps({"username": self._person.name, "password": self._person.password})
        headers = self._timed(SIGN_IN, "POST", "/session", {"Content-Type": "application/json"}, body)
        lines = headers.getlist("Set-Cookie") if headers else []
        return {name: morsel.value for line in lines for name, morsel in SimpleCookie(line).items()}

    def _timed(
        self, name: str, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> HTTPHeaderDict | None:
        """Ask, read the answer to its end, and note how long that took; None where it is an error."""
        began = time.perf_counter()
        try:
            answer = self._pool.urlopen(method, path, body, headers, redirect=False)
        except HTTPError as error:
            self._answers[name].errors.append(f"{method} {path}: {error!r}")
            return None
        history = answer.retries.history if answer.retries else ()
        self._answers[name].later += [told.status for told in history if told.status]
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self._answers[name].errors.append(f"{method} {path}: {answer.status}")
            return None
        self._answers[name].seconds.append(time.perf_counter() - began)
        return answer.headers


@contextmanager
def crowd(
    port: int, people: Sequence[Person], answers: Mapping[str, Answers], clients: int, pause: float
) -> Iterator[None]:
    """Have so many clients ask for as long as the block lasts; each person is some of them."""
    stopped = threading.Event()
    each = [Client(port, people[number % len(people)], answers, number) for number in range(clients)]
    with ThreadPoolExecutor(clients) as threads:
        staying = [threads.submit(client.stay, stopped, pause) for client in each]
        try:
            yield
        finally:
            stopped.set()
    for one in staying:
        one.result()


def _sent(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
