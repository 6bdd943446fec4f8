"""Counters, speed and time left."""

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
