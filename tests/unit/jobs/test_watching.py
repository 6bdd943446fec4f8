"""Following the list of jobs."""

import threading
import time

import pytest

from app.cancellation import INTERRUPTED
from app.jobs.choice import Seeker
from app.jobs.contract import JobState, Outcome
from app.jobs.finding import JobFinder
from app.jobs.queue import Batch, JobQueue
from app.jobs.watching import CHANGED, changes_of_list
from tests.support.databases import SQLITE_ONLY
from tests.support.jobs import SUCCEEDED, request, step

pytestmark = pytest.mark.usefixtures("each_database")

INTERRUPTION = Outcome(JobState.CANCELLED, INTERRUPTED, "")


class Pace(threading.Event):
    """A wish to stop that comes after ``until`` seconds; for who waits for it, these pass at once."""

    def __init__(self, until=600.0):
        super().__init__()
        self.now, self._until = 0.0, until

    def wait(self, timeout=None):
        self.now += timeout
        if self.now >= self._until:
            self.set()
        return self.is_set()

    def clock(self):
        return self.now


class Scene:
    """What happens to the newest job of user 1."""

    def __init__(self, registry):
        self._service, self._queue = registry.service, JobQueue(registry.database)
        self._finder = JobFinder(registry.database)

    def watching(self, pace, owner_id=None):
        return changes_of_list(self._finder, owner_id, pace, pace.clock)

    def do(self, deeds):
        for deed in deeds.split():
            getattr(self, deed)()

    def submit(self, owner_id=1):
        self._job = self._service.submit(request(owner_id=owner_id))

    def cancel(self):
        self._service.request_cancel(self._job.id)

    def start(self):
        self._fence = self._queue.claim(self._seeker(100)).fence

    def tell(self):
        """Have the job told that it must wait."""
        self._queue.claim(self._seeker(0))

    def progress(self):
        self._queue.save(self._fence, Batch({"n": 1}, "", (), 1))

    def step(self):
        self._queue.save(self._fence, Batch(None, "", (step("a"),), 1))

    def beat(self):
        self._queue.beat([self._fence])

    def finish(self):
        self._queue.finish(self._fence, SUCCEEDED, Batch(None, "", (), 1), time.time())

    def give_back(self):
        self._queue.finish(self._fence, INTERRUPTION, Batch(None, "", (), 1), time.time())

    def rescue(self):
        assert self._queue.rescue(["me"], 0.0, lambda _: True, ()) == [self._job.id]

    def _seeker(self, limit):
        return Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=limit)


@pytest.fixture
def scene(registry):
    return Scene(registry)


@pytest.mark.parametrize("owner_id", [None, 1], ids=["everybody", "its owner"])
@pytest.mark.parametrize(
    ("before", "change"),
    [
        ("", "submit"),
        ("submit", "start"),
        ("submit", "cancel"),
        ("submit", "tell"),
        ("submit start", "progress"),
        ("submit start", "cancel"),
        ("submit start", "finish"),
        ("submit start", "give_back"),
        ("submit start", "rescue"),
        pytest.param("submit start", "finish submit", id="as many as before"),
        pytest.param("submit start progress", "finish submit start progress", id="as many, and as busy, as before"),
        pytest.param("submit start submit", "finish start progress", id="as busy as before, with one fewer"),
        pytest.param("submit", "submit cancel", id="come and gone"),
    ],
)
def test_a_word_comes_after_each_change_of_a_job(scene, before, change, owner_id):
    scene.do(before)
    watching = scene.watching(Pace(), owner_id)
    assert next(watching) == CHANGED

    scene.do(change)

    assert [next(watching), next(watching)] == [CHANGED, None]


@pytest.mark.parametrize("nothing", ["step", "beat"])
def test_what_no_list_shows_is_no_change(scene, nothing):
    scene.do("submit start")
    watching = scene.watching(Pace())
    next(watching)

    scene.do(nothing)

    assert next(watching) is None


def test_jobs_of_others_are_no_change(scene):
    scene.submit(owner_id=2)
    watching = scene.watching(Pace(), owner_id=1)
    assert next(watching) == CHANGED

    scene.do("start progress finish")
    scene.submit(owner_id=None)

    assert next(watching) is None


def test_words_come_at_most_once_a_second_and_the_first_at_once(scene):
    scene.do("submit start")
    pace = Pace()
    watching, times = scene.watching(pace), []
    for _ in range(4):
        assert next(watching) == CHANGED
        times.append(pace.now)
        scene.progress()

    assert times == [0.0, 1.0, 2.0, 3.0]


def test_a_sign_of_life_comes_every_ten_seconds_in_which_nothing_changes(scene):
    pace = Pace()
    watching, times = scene.watching(pace), []
    for _ in range(3):
        next(watching)
        times.append(pace.now)

    assert times == [0.0, 10.0, 20.0]


def test_it_ends_when_it_is_told_to(scene):
    assert list(scene.watching(Pace(until=25.0))) == [CHANGED, None, None]


def test_the_service_follows_real_time(registry):
    stop = threading.Event()
    watching = registry.service.changes(stop)
    assert next(watching) == CHANGED
    registry.service.submit(request())
    assert next(watching) == CHANGED

    stop.set()

    assert list(watching) == []


@SQLITE_ONLY
def test_while_the_database_is_away_there_are_signs_of_life_and_a_change_is_told_afterwards(scene, registry):
    path = registry.database.path
    pace = Pace()
    watching = scene.watching(pace)
    assert next(watching) == CHANGED
    registry.database.close()  # so that the file is opened anew
    path.rename(path.with_name("away.db"))

    assert [next(watching), next(watching)] == [None, None]
    registry.database.close()
    path.unlink(missing_ok=True)  # SQLite has made an empty one
    path.with_name("away.db").rename(path)
    scene.submit()

    assert [next(watching), next(watching)] == [CHANGED, None]
