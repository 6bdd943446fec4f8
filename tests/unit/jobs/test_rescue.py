"""Who is taken for dead by his heartbeat, under a clock that jumps and machines that pause; the clock is the test's."""

import pytest

from app.jobs.choice import Seeker
from app.jobs.queue import JobQueue
from app.jobs.rescue import Rescuer
from tests.support.jobs import request

pytestmark = [pytest.mark.fault(7), pytest.mark.fault("I7")]

STALE = 15
HOUR = 3600.0
RUNNING, QUEUED = "running", "queued"


class World:
    """A runner with a job, another one that looks for the dead each second, and the clock of both."""

    def __init__(self, registry, monkeypatch):
        self.now = 1_790_000_000.0
        monkeypatch.setattr(registry.database, "now", lambda _session: self.now)
        self._jobs = registry.service
        self._queue = JobQueue(registry.database)
        self._rescuer = Rescuer(self._queue, registry.data_dir / "runners", STALE)
        self._job = registry.service.submit(request())
        seeker = Seeker(runner_id="other", kinds=frozenset({"hold"}), running_limit=4)
        self._fence = self._queue.claim(seeker).fence

    @property
    def state(self):
        return self._jobs.get(self._job.id).state

    def both_live(self, seconds):
        for second in range(seconds):
            self.now += 1
            if second % 2:
                self._queue.beat([self._fence])
            self._rescuer.rescue([])

    def the_other_hangs(self, seconds):
        for _ in range(seconds):
            self.now += 1
            self._rescuer.rescue([])

    def the_database_is_away(self, seconds):
        for _ in range(seconds):
            self.now += 1
            self._rescuer.distrust()

    def all_pauses(self, seconds):
        self.now += seconds
        self._rescuer.rescue([])

    def the_clock_is_set(self, seconds):
        self.all_pauses(seconds)


@pytest.fixture
def world(registry, monkeypatch):
    return World(registry, monkeypatch)


@pytest.mark.parametrize(
    ("story", "state"),
    [
        pytest.param([("both_live", 60)], RUNNING, id="both live"),
        pytest.param([("the_clock_is_set", HOUR)], RUNNING, id="set an hour on, and nobody has beaten since"),
        pytest.param([("the_clock_is_set", HOUR), ("both_live", 60)], RUNNING, id="an hour on"),
        pytest.param([("the_clock_is_set", -HOUR), ("both_live", 60)], RUNNING, id="an hour back"),
        pytest.param(
            [(how, value) for sign in (1, -1) * 5 for how, value in (("the_clock_is_set", sign * 7), ("both_live", 2))],
            RUNNING,
            id="to and fro",
        ),
        pytest.param([("all_pauses", 11), ("the_other_hangs", 5)], RUNNING, id="a pause, and the other wakes later"),
        pytest.param([("all_pauses", HOUR), ("the_other_hangs", STALE - 1)], RUNNING, id="a night, and much later"),
        pytest.param([("all_pauses", 9), ("both_live", 60)], RUNNING, id="a pause too short to be noticed"),
        pytest.param([("the_database_is_away", 60), ("the_other_hangs", STALE - 1)], RUNNING, id="no database"),
        pytest.param([("the_other_hangs", STALE - 1)], RUNNING, id="it hangs for a moment"),
        pytest.param([("the_other_hangs", STALE + 2)], QUEUED, id="it hangs"),
        pytest.param([("the_clock_is_set", HOUR), ("the_other_hangs", STALE + 2)], QUEUED, id="on, and it hangs"),
        pytest.param([("the_clock_is_set", -HOUR), ("the_other_hangs", STALE + 2)], QUEUED, id="back, and it hangs"),
        pytest.param([("all_pauses", HOUR), ("the_other_hangs", STALE + 2)], QUEUED, id="a night, and it hangs"),
        pytest.param(
            [("the_database_is_away", 60), ("the_other_hangs", STALE + 2)], QUEUED, id="no database, it hangs"
        ),
    ],
)
def test_the_job_of_a_runner_is_taken_when_it_hangs_and_not_when_the_clock_does(world, story, state):
    world.both_live(30)

    for event, seconds in story:
        getattr(world, event)(seconds)

    assert world.state == state
