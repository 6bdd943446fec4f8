import threading

import pytest

from app.jobs import context as context_module
from app.jobs.context import RunningJob
from app.jobs.queue import Batch, Claim, Fence
from app.jobs.throughput import Throughput
from tests.support.jobs import step


def new_job(steps_written=0):
    woken = threading.Event()
    claim = Claim(Fence(1, "me", 1), "id", "hold", {}, None, None, steps_written, 0.0, Throughput())
    return RunningJob(claim, woken.set), woken


def keys(batch):
    return [one.key for one in batch.steps]


def test_only_the_newest_report_is_written():
    job, _ = new_job()
    job.report({"done": 1}, "one")
    job.report({"done": 2}, "two")

    batch = job.take_due()

    assert (batch.progress, batch.message) == ({"done": 2}, "two")


def test_nothing_is_written_when_nothing_changed():
    job, _ = new_job()

    assert job.take_due() is None


def test_a_job_is_written_at_most_once_a_second():
    job, _ = new_job()
    job.report({"done": 1}, "")
    job.take_due()
    job.report({"done": 2}, "")
    job.record([step("a")])

    assert job.take_due() is None


def test_five_hundred_steps_are_written_at_once_without_the_counters():
    job, woken = new_job()
    job.report({"done": 1}, "")
    job.take_due()
    job.report({"done": 2}, "")
    job.record([step("a")] * 499)
    assert not woken.is_set()

    job.record([step("b")])

    assert woken.is_set()
    batch = job.take_due()
    assert (len(batch.steps), batch.progress) == (500, None)


def test_numbers_go_on_after_what_was_written_in_this_attempt_and_earlier_ones():
    job, _ = new_job(steps_written=7)
    job.record([step("a"), step("b")])
    first = job.take_all()
    job.written(first)
    job.record([step("c")])

    assert (first.first_number, job.take_all().first_number) == (8, 10)


def test_a_batch_that_could_not_be_written_comes_back_in_order():
    job, _ = new_job()
    job.report({"done": 1}, "one")
    job.record([step("a"), step("b")])
    failed = job.take_all()
    job.record([step("c")])
    job.put_back(failed)

    batch = job.take_all()

    assert (keys(batch), batch.progress, batch.first_number) == (["a", "b", "c"], {"done": 1}, 1)


def test_a_newer_report_wins_over_one_that_comes_back():
    job, _ = new_job()
    job.report({"done": 1}, "one")
    failed = job.take_all()
    job.report({"done": 2}, "two")
    job.put_back(failed)

    assert job.take_all().progress == {"done": 2}


@pytest.mark.parametrize("back", [False, True], ids=["recorded", "put back"])
def test_steps_that_wait_too_long_are_dropped_oldest_first_and_counted(monkeypatch, back):
    monkeypatch.setattr(context_module, "STEPS_KEPT", 3)
    job, _ = new_job()
    job.record([step("a"), step("b"), step("c")])
    job.put_back(Batch(None, "", (), 1))  # the database is down
    if back:
        failed = job.take_all()
        job.record([step("d")])
        job.put_back(failed)
    else:
        job.record([step("d")])

    assert keys(job.take_all()) == ["b", "c", "d"]
    assert (job.dropped(), job.dropped()) == (1, 0)


def test_a_handler_far_ahead_of_the_database_waits_for_it(monkeypatch):
    monkeypatch.setattr(context_module, "STEPS_KEPT", 4)
    job, _ = new_job()
    job.record([step("a"), step("b")])
    recording = threading.Thread(target=job.record, args=([step("c")],))
    recording.start()

    first = job.take_all()
    recording.join(30)

    assert (keys(first), keys(job.take_all()), job.dropped()) == (["a", "b"], ["c"], 0)


@pytest.mark.parametrize("trouble", ["put back", "lost"])
def test_a_handler_does_not_wait_for_a_database_that_is_down(monkeypatch, trouble):
    monkeypatch.setattr(context_module, "STEPS_KEPT", 4)
    monkeypatch.setattr(context_module, "_LONGEST_WAIT_SECONDS", 3600)
    job, _ = new_job()
    job.record([step("a"), step("b"), step("c")])
    if trouble == "lost":
        job.lose()
    else:
        job.put_back(job.take_all())

    job.record([step("d")])

    assert keys(job.take_all()) == ["a", "b", "c", "d"]


def test_what_a_handler_lets_be_looked_up_is_looked_up_when_it_is_written():
    job, _ = new_job()
    counters = {"done": 1}
    job.follow(lambda: (dict(counters), f"{counters['done']} done"))
    counters["done"] = 2

    batch = job.take_due()

    assert (batch.progress, batch.message) == ({"done": 2}, "2 done")


def test_counters_that_stand_still_are_not_written_again():
    job, _ = new_job()
    job.follow(lambda: ({"done": 1}, "waiting"))

    assert job.take_all().progress == {"done": 1}
    assert job.take_all().progress is None


def test_looked_up_counters_that_could_not_be_written_are_kept_for_the_next_time():
    job, _ = new_job()
    job.follow(lambda: ({"done": 1}, "waiting"))

    job.put_back(job.take_all())

    assert job.take_all().progress == {"done": 1}
