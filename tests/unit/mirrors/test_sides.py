"""Storages that stay open between two batches of a job."""

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.errors import StorageUnreachable
from app.mirrors.opening import Sides
from app.mirrors.sides import OpenSides
from app.storages.memory import MemoryStorage
from tests.support.jobs import eventually


class Closing(MemoryStorage):
    closed = 0

    def close(self):
        self.closed += 1


@dataclass
class Asked:
    job_id: str = "1"
    arguments: dict[str, Any] = field(default_factory=lambda: {"dest": "bucket"})
    secrets: dict[str, str] = field(default_factory=dict)
    owner_id: int | None = None


class Opener:
    def __init__(self):
        self.opened = []
        self.error = None

    def __call__(self, _asked):
        if self.error:
            raise self.error
        sides = Sides(Closing(exists=True), Closing(exists=True))
        self.opened.append(sides)
        return sides

    @property
    def closed(self):
        return [(sides.source.closed, sides.target.closed) for sides in self.opened]


@pytest.fixture
def opener():
    return Opener()


@pytest.fixture
def sides(opener):
    made = OpenSides(opener)
    yield made
    made.close()


def test_the_next_batch_of_a_job_gets_what_is_open_and_so_does_one_beside_it(sides, opener):
    with sides.lent(Asked()) as first, sides.lent(Asked()) as second:
        assert first is second
    with sides.lent(Asked()) as third:
        assert third is first
    assert opener.closed == [(0, 0)]
    sides.close()
    sides.close()
    assert opener.closed == [(1, 1)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Asked(job_id="2"), id="another job"),
        pytest.param(Asked(arguments={"dest": "other"}), id="another bucket"),
        pytest.param(Asked(secrets={"access_key": "k"}), id="other credentials"),
        pytest.param(Asked(owner_id=7), id="another owner"),
    ],
)
def test_nobody_else_gets_it_and_it_is_closed_when_its_last_user_is_done(sides, opener, other):
    with sides.lent(Asked()) as mine:
        with sides.lent(other) as theirs:
            assert theirs is not mine
            assert opener.closed == [(0, 0), (0, 0)]
        assert opener.closed == [(0, 0), (0, 0)]
    assert opener.closed == [(1, 1), (0, 0)]


def test_it_is_closed_when_nobody_came_for_it(opener):
    sides = OpenSides(opener, seconds=0.01)
    with sides.lent(Asked()):
        pass
    eventually(lambda: opener.closed == [(1, 1)])
    with sides.lent(Asked()):
        assert opener.closed == [(1, 1), (0, 0)]
    eventually(lambda: opener.closed == [(1, 1), (1, 1)])


def test_what_cannot_be_opened_is_tried_again_by_the_next(sides, opener):
    opener.error = StorageUnreachable("down")
    with pytest.raises(StorageUnreachable), sides.lent(Asked()):
        pass
    opener.error = None
    with sides.lent(Asked()):
        assert opener.closed == [(0, 0)]


def test_many_at_once_open_it_once(sides, opener):
    barrier = threading.Barrier(8)

    def use():
        barrier.wait()
        for _ in range(50):
            with sides.lent(Asked()):
                pass

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opener.closed == [(0, 0)]
