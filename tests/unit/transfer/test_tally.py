"""Counters, speed and time left."""

import json

import pytest

from app.transfer.events import Finished, Moved, PlanCompleted, Scheduled, Started, Unchanged
from app.transfer.tally import Tally


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def finished(action, status, reason="new"):
    return Finished(action, "k", status, 0, reason, "", 0.0)


def test_counters_are_the_sum_of_events():
    tally = Tally()
    for event in [
        Scheduled("upload", 10),
        Scheduled("upload", 20),
        Scheduled("delete"),
        Unchanged(),
        Moved(10),
        finished("upload", "done"),
        Moved(15),
        Moved(-15),
        finished("upload", "failed", "file_changed"),
        finished("delete", "done"),
        finished("skip", "skipped"),
        finished("create", "done"),
    ]:
        tally(event)

    progress = tally.progress()
    assert progress["planned"] == {"uploads": 2, "deletes": 1, "bytes": 30, "complete": False}
    assert progress["done"] == {"uploads": 1, "deletes": 1, "bytes": 10}
    assert (progress["unchanged"], progress["skipped"], progress["failed"]) == (1, 1, 1)
    assert tally.reasons == {"file_changed"}
    assert tally.sentence() == "1 uploaded, 1 deleted, 1 unchanged, 1 skipped, 1 failed"


def test_a_tally_made_of_the_state_of_another_goes_on_with_its_sums():
    clock, wall = Clock(), Clock()
    first = Tally(clock, wall)
    for event in [
        Scheduled("upload", 10),
        Scheduled("upload", 20),
        Scheduled("delete"),
        Unchanged(3, "index"),
        Moved(10),
        finished("upload", "done"),
        finished("upload", "failed", "file_changed"),
        finished("skip", "skipped"),
        PlanCompleted(),
    ]:
        first(event)
    clock.now = wall.now = 50.0
    second = Tally(clock, wall, json.loads(json.dumps(first.state())))

    restarted = {"bytes_per_second": 0, "eta_seconds": None}
    assert second.progress() == first.progress() | restarted
    assert (second.reasons, second.failed_actions, second.sentence()) == (
        first.reasons,
        first.failed_actions,
        first.sentence(),
    )
    second(finished("delete", "done"))
    assert second.progress()["done"] == {"uploads": 1, "deletes": 1, "bytes": 10}


def test_bytes_that_no_event_has_told_show_in_the_counters_and_the_speed():
    clock = Clock()
    tally = Tally(clock)
    tally(Scheduled("upload", 3000))
    tally(PlanCompleted())
    clock.now = 1.0
    assert tally.progress(1000)["bytes_per_second"] == 1000
    clock.now = 2.0
    shown = tally.progress(2000)
    assert (shown["done"]["bytes"], shown["bytes_per_second"]) == (2000, 1000)
    assert tally.progress()["done"]["bytes"] == 0


def test_time_left_is_unknown_until_the_plan_is_complete():
    clock = Clock()
    tally = Tally(clock)
    for _ in range(4):
        tally(Scheduled("upload", 1000))
    tally(Moved(1000))
    tally(finished("upload", "done"))
    clock.now = 2.0

    assert tally.progress()["eta_seconds"] is None
    tally(PlanCompleted())
    assert tally.progress()["eta_seconds"] == 6
    assert tally.progress()["bytes_per_second"] == 500


def test_nothing_left_takes_no_time():
    tally = Tally()
    tally(PlanCompleted())

    assert tally.progress()["eta_seconds"] == 0


def test_the_speed_is_that_of_the_last_seconds():
    clock = Clock()
    tally = Tally(clock)
    tally(Moved(1_000_000))
    for second in range(1, 40):
        clock.now = float(second)
        tally.progress()
    tally(Moved(1000))

    assert tally.progress()["bytes_per_second"] <= 100


def test_the_message_says_what_is_being_done():
    tally = Tally()
    assert tally.message == "listing"
    tally(Started("upload", "photos/1.jpg"))
    assert tally.message == "uploading photos/1.jpg"


class Wall:
    """Another time of day at each event of a test, so that none is taken for another."""

    now = 1000.0

    def __call__(self):
        return self.now


def phases_of(*events):
    """Return the phases after these events, each of which comes a second after the one before; None is a look."""
    wall = Wall()
    tally = Tally(wall=wall)
    for event in events:
        wall.now += 1
        if event is None:
            tally.progress()
        else:
            tally(event._replace(finished_at=wall.now) if isinstance(event, Finished) else event)
    wall.now += 1
    found = tally.progress()["phases"]
    return [
        (phase["name"], phase["started_at"] - 1000, phase["ended_at"] and phase["ended_at"] - 1000) for phase in found
    ]


SCHEDULED, DONE, FAILED = Scheduled("upload", 1), finished("upload", "done"), finished("upload", "failed")
DELETED = [finished("delete", "done"), Started("drop", "b"), finished("drop", "done")]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], [("listing", 0, None)], id="only begun"),
        pytest.param([PlanCompleted()], [("listing", 0, 1)], id="nothing to do"),
        pytest.param(
            [SCHEDULED, finished("upload", "planned"), FAILED, PlanCompleted()], [("listing", 0, 4)], id="a dry run"
        ),
        pytest.param(
            [SCHEDULED, Started("upload", "k")],
            [("listing", 0, None), ("uploading", 3, None)],
            id="the first file is on its way: seen when somebody looks",
        ),
        pytest.param(
            [SCHEDULED, Started("upload", "k"), None, DONE],
            [("listing", 0, None), ("uploading", 3, None)],
            id="more may be planned",
        ),
        pytest.param(
            [SCHEDULED, SCHEDULED, DONE, DONE, PlanCompleted()],
            [("listing", 0, 5), ("uploading", 3, 4)],
            id="all was sent before the plan was known to its end",
        ),
        pytest.param(
            [SCHEDULED, SCHEDULED, PlanCompleted(), DONE], [("listing", 0, 3), ("uploading", 4, None)], id="one is left"
        ),
        pytest.param(
            [SCHEDULED, SCHEDULED, PlanCompleted(), DONE, FAILED],
            [("listing", 0, 3), ("uploading", 4, 5)],
            id="a failed file is settled",
        ),
        pytest.param(
            [SCHEDULED, PlanCompleted(), finished("upload", "skipped")], [("listing", 0, 2)], id="nothing was sent"
        ),
        pytest.param(
            [SCHEDULED, Scheduled("delete"), PlanCompleted(), DONE, Started("delete", "k"), None, *DELETED],
            [("listing", 0, 3), ("uploading", 4, 4), ("deleting", 6, 9)],
            id="deletions, and then the bucket",
        ),
        pytest.param(
            [PlanCompleted(), finished("create", "done")], [("listing", 0, 1)], id="making the bucket is no phase"
        ),
    ],
)
def test_phases_say_when_listing_uploading_and_deleting_began_and_ended(events, expected):
    assert phases_of(*events) == expected
