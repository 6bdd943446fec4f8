"""Several processes with a scheduler share one database, and some of them die."""

from collections import Counter

import pytest

from app.schedules.service import ScheduleService
from tests.support.jobs import eventually
from tests.support.schedules import KIND, SchedulerChild, starts

pytestmark = pytest.mark.slow


@pytest.fixture
def child(registry):
    """Start children on the registry's database; all are killed at the end."""
    started = []

    def start(lock_dir=None):
        started.append(SchedulerChild(registry.data_dir, lock_dir))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def schedules(registry):
    return ScheduleService(registry.database)


def started_by(registry, subjects, times):
    """Wait until each of these has been started so often; return all starts."""

    def all_started():
        counted = Counter(subject for _, subject, _ in starts(registry.data_dir))
        return starts(registry.data_dir) if all(counted[subject] >= times for subject in subjects) else None

    return eventually(all_started, 180)


def test_of_several_processes_one_is_active(registry, schedules, child):
    children = [child() for _ in range(3)]
    subjects = [f"s{number}" for number in range(5)]
    for subject in subjects:
        schedules.put(subject, KIND, {}, 1)

    lines = started_by(registry, subjects, 2)

    assert len({pid for pid, *_ in lines}) == 1
    assert [one.leave() for one in children] == [0, 0, 0]


@pytest.mark.fault(4)
def test_even_if_all_are_active_each_time_is_started_once(registry, schedules, child, tmp_path):
    for number in range(3):
        (tmp_path / f"lock{number}").mkdir()
    subjects = [f"s{number}" for number in range(100)]
    for subject in subjects:
        schedules.put(subject, KIND, {}, 1)
    children = [child(tmp_path / f"lock{number}") for number in range(3)]

    started_by(registry, subjects, 2)
    eventually(lambda: len({pid for pid, *_ in starts(registry.data_dir)}) > 1)  # or they did not race
    lines = starts(registry.data_dir)

    assert Counter((subject, due) for _, subject, due in lines).most_common(1)[0][1] == 1
    assert [one.leave() for one in children] == [0, 0, 0]


def test_when_the_active_one_is_killed_another_continues(registry, schedules, child):
    children = {str(one.pid): one for one in (child(), child())}
    schedules.put("it", KIND, {}, 1)
    [first] = {pid for pid, *_ in started_by(registry, ["it"], 1)}
    eventually(lambda: schedules.get("it").job_id)  # the last test kills one whose lease must run out

    children.pop(first).kill()

    [other] = children
    eventually(lambda: other in {pid for pid, *_ in starts(registry.data_dir)})


def test_when_the_active_one_stops_another_continues(registry, schedules, child):
    children = {str(one.pid): one for one in (child(), child())}
    schedules.put("it", KIND, {}, 1)
    [first] = {pid for pid, *_ in started_by(registry, ["it"], 1)}

    assert children.pop(first).leave() == 0

    [other] = children
    eventually(lambda: other in {pid for pid, *_ in starts(registry.data_dir)})


def test_one_that_comes_back_after_all_were_killed_starts_once_what_was_missed(registry, schedules, child):
    one = child()
    schedules.put("it", KIND, {}, 1)
    started_by(registry, ["it"], 1)
    one.kill()
    schedules.set_interval(KIND, 3600)
    due_at = schedules.get("it").due_at
    before = len(starts(registry.data_dir))
    other = child()

    eventually(lambda: schedules.get("it").due_at > due_at + 60)

    assert other.leave() == 0
    assert len(starts(registry.data_dir)) <= before + 1
