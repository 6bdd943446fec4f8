import threading
import time
import uuid
from contextlib import suppress

import pytest
from sqlalchemy import text

from app.errors import JobAlreadyFinished, JobNotFound, TooManyJobs
from app.jobs.choice import Seeker
from app.jobs.contract import JobState, Outcome, StepStatus
from app.jobs.queue import Batch, JobQueue
from app.jobs.store import JobStore
from app.jobs.watching import changes_of_job
from tests.support.databases import SQLITE_ONLY, kept
from tests.support.jobs import SUCCEEDED, Hold, eventually, request, step

pytestmark = pytest.mark.usefixtures("each_database")

UNKNOWN = "0192f0c1-7c1e-7f3a-9b2e-3f1a5d0c8e11"


@pytest.fixture
def service(registry):
    return registry.service


@pytest.fixture
def queue(registry):
    return JobQueue(registry.database)


@pytest.fixture
def finished(service, queue):
    """Make a job that has ended with these steps."""

    def make(steps=(), now=None):
        job = service.submit(request())
        claim = start(queue)
        assert claim.job_id == job.id
        queue.finish(claim.fence, SUCCEEDED, Batch({"n": 1}, "", tuple(steps), 1), now or time.time())
        return service.get(job.id)

    return make


def start(queue):
    return queue.claim(Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=100))


def test_a_new_job_is_queued_with_what_was_asked_for(service):
    job = service.submit(request("mirror", "s3://here/bucket", "photos/", arguments={"source": "ä\udcff"}))

    assert service.get(job.id) == job
    assert (job.kind, job.state, job.target, job.target_prefix) == ("mirror", "queued", "s3://here/bucket", "photos/")
    assert (job.arguments, job.progress, job.attempt, job.version) == ({"source": "ä\udcff"}, {}, 0, 1)
    assert (job.reason, job.message, job.cancel_requested, job.started_at, job.finished_at) == (
        None,
        "waiting to start",
        False,
        None,
        None,
    )
    assert abs(job.created_at - time.time()) < 60


def test_ids_are_uuids_of_version_7_in_the_order_of_the_jobs(service):
    made = []
    threads = [threading.Thread(target=lambda: made.append(service.submit(request()))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    listed = [job.id for job in service.list(include_finished=False, limit=100)]

    assert {uuid.UUID(job.id).version for job in made} == {7}
    assert listed == sorted(job.id for job in made)


def test_unfinished_jobs_come_oldest_first_and_with_the_finished_ones_newest_first(service):
    first, second, third = (service.submit(request()).id for _ in range(3))
    service.request_cancel(second)

    assert [job.id for job in service.list(include_finished=False, limit=10)] == [first, third]
    assert [job.id for job in service.list(include_finished=True, limit=10)] == [third, second, first]
    assert [job.id for job in service.list(include_finished=False, limit=1)] == [first]
    assert [job.id for job in service.list(include_finished=True, limit=1)] == [third]


def test_a_full_queue_refuses_and_has_room_again_when_a_job_leaves_it(new_registry):
    service = new_registry(jobs_queued_limit=2).service
    first, _ = service.submit(request()), service.submit(request())

    with pytest.raises(TooManyJobs, match="2 jobs are already waiting") as caught:
        service.submit(request())
    service.request_cancel(first.id)

    assert caught.value.retry_after > 0
    assert service.submit(request()).state is JobState.QUEUED


def test_no_owner_can_fill_the_queue_for_all_others(new_registry):
    service = new_registry(jobs_queued_limit=8).service

    def queued(owner):
        before = len(service.list(include_finished=True, limit=100))
        with suppress(TooManyJobs):
            while True:
                service.submit(request(owner_id=owner))
        return len(service.list(include_finished=True, limit=100)) - before

    assert [queued(owner) for owner in (1, 2, 3, 1)] == [4, 2, 1, 0]
    with pytest.raises(TooManyJobs, match="4 of your jobs are already waiting, and the places left are for others"):
        service.submit(request(owner_id=1))
    assert queued(None) == 1
    with pytest.raises(TooManyJobs, match="8 jobs are already waiting"):
        service.submit(request(owner_id=4))


def test_many_submitting_at_once_never_pass_the_limit(new_registry):
    service = new_registry(jobs_queued_limit=5).service
    refused = []

    def submit():
        try:
            service.submit(request())
        except TooManyJobs as error:
            refused.append(error)

    threads = [threading.Thread(target=submit) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(service.list(include_finished=True, limit=100)), len(refused)) == (5, 7)


@pytest.mark.parametrize("ask", ["get", "steps", "version", "request_cancel", "watch"])
def test_an_unknown_id_is_not_found(service, ask):
    with pytest.raises(JobNotFound, match=UNKNOWN):
        getattr(service, ask)(UNKNOWN)


def test_a_queued_job_is_cancelled_at_once_and_never_starts(service, queue):
    job = service.submit(request())

    cancelled = service.request_cancel(job.id)

    assert (cancelled.state, cancelled.reason, cancelled.cancel_requested) == ("cancelled", "cancelled_by_user", True)
    assert cancelled.finished_at is not None
    assert cancelled == service.get(job.id)
    assert start(queue) is None


@pytest.mark.fault(34)
def test_cancelling_a_running_job_is_a_flag_and_asking_twice_changes_nothing(service, queue):
    job = service.submit(request())
    start(queue)

    first = service.request_cancel(job.id)

    assert (first.state, first.cancel_requested) == ("running", True)
    assert service.request_cancel(job.id) == first


def test_a_finished_job_cannot_be_cancelled(service, finished):
    job = finished()

    with pytest.raises(JobAlreadyFinished) as caught:
        service.request_cancel(job.id)

    assert caught.value.job_id == job.id
    assert service.get(job.id) == job


def test_steps_come_in_pages_in_the_order_in_which_they_finished(service, finished):
    job = finished([step(f"key {number}") for number in range(1, 8)])

    pages = [service.steps(job.id, after=after, limit=3) for after in (0, 3, 6, 7)]

    assert [[found.number for found in page] for page in pages] == [[1, 2, 3], [4, 5, 6], [7], []]
    assert pages[1][0].record.key == "key 4"


def test_steps_can_be_chosen_by_how_they_ended(service, finished):
    states = [StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED, StepStatus.PLANNED]
    job = finished([step("key", status) for status in states])

    found = {status: [one.number for one in service.steps(job.id, status)] for status in StepStatus}

    assert found == {StepStatus.DONE: [1], StepStatus.FAILED: [2, 4], StepStatus.SKIPPED: [3], StepStatus.PLANNED: [5]}
    assert [one.number for one in service.steps(job.id, StepStatus.FAILED, after=2)] == [4]


def test_a_step_is_read_as_it_was_written_but_for_what_is_no_text(service, finished, each_database):
    odd = step("näme\n\x00🙂", StepStatus.FAILED, "could not read caf\udce9")
    job = finished([odd])

    record = service.steps(job.id)[0].record

    assert (record.key, record.message, record.finished_at) == (
        kept(odd.key, each_database),
        "could not read caf?",
        odd.finished_at,
    )


def test_old_finished_jobs_are_forgotten_with_their_steps_and_others_stay(service, finished, registry):
    old = [finished([step("a")] * 3, now=100.0) for _ in range(60)]
    new, waiting = finished([step("b")], now=300.0), service.submit(request())

    assert service.prune(older_than=200.0) == 60

    assert [job.id for job in service.list(include_finished=True, limit=100)] == [waiting.id, new.id]
    with registry.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM steps")) == 1
    with pytest.raises(JobNotFound):
        service.get(old[0].id)
    assert service.prune(older_than=200.0) == 0


def test_a_job_with_a_long_history_is_forgotten_piece_by_piece(service, finished, registry):
    finished([step("a")] * 25_000, now=100.0)

    assert service.prune(older_than=200.0) == 1

    with registry.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM steps")) == 0


@pytest.mark.parametrize(
    ("query", "index"),
    [
        pytest.param(
            "SELECT * FROM jobs WHERE finished_at IS NULL ORDER BY number", "ix_jobs_unfinished", id="unfinished jobs"
        ),
        pytest.param(
            "SELECT number FROM jobs WHERE finished_at < 5 ORDER BY finished_at", "ix_jobs_finished_at", id="old jobs"
        ),
        pytest.param(
            "SELECT * FROM steps WHERE job_number = 1 AND number > 2 AND status = 'failed' ORDER BY number",
            "ix_steps_failed",
            id="failed steps",
        ),
    ],
)
@SQLITE_ONLY
def test_a_question_asked_often_reads_only_what_it_needs(registry, query, index):
    with registry.database.reading() as session:
        plan = " ".join(row[-1] for row in session.execute(text(f"EXPLAIN QUERY PLAN {query}")))

    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_watching_yields_each_change_until_the_end(service, registry):
    hold = Hold()
    job = service.submit(request())
    watching = service.watch(job.id)
    states = [next(watching).state]

    registry.runner({"hold": hold})
    states.append(next(watching).state)
    hold.let_go()
    versions = [(seen.state, seen.version) for seen in watching]

    assert states == ["queued", "running"]
    assert versions[-1] == ("succeeded", service.version(job.id))
    assert versions == sorted(versions, key=lambda pair: pair[1])


def test_watching_comes_at_most_four_times_a_second(service, queue):
    job = service.submit(request())
    fence = start(queue).fence
    enough = threading.Event()

    def change():
        while not enough.is_set():
            queue.save(fence, Batch({"at": time.time()}, "", (), 1))

    changing = threading.Thread(target=change)
    changing.start()
    watching = service.watch(job.id)
    began = time.monotonic()
    for _ in range(5):
        next(watching)
    took = time.monotonic() - began
    enough.set()
    changing.join()

    assert took >= 1.0


def test_watching_does_not_repeat_what_was_seen(service, queue):
    job = service.submit(request())
    watching = service.watch(job.id, after_version=job.version)
    start(queue)

    assert next(watching).state is JobState.RUNNING


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        pytest.param(0, [], id="the end was seen"),
        pytest.param(1, ["succeeded"], id="the end was not seen"),
        pytest.param(-100, ["succeeded"], id="a version that never was"),
    ],
)
def test_watching_a_finished_job_ends_at_once(service, finished, behind, expected):
    job = finished()

    assert [seen.state for seen in service.watch(job.id, job.version - behind)] == expected


def test_watching_stops_when_it_is_told_to(service):
    job, stop = service.submit(request()), threading.Event()
    watching = service.watch(job.id, stop=stop)
    next(watching)

    stop.set()

    assert list(watching) == []


def test_watching_ends_when_the_job_is_forgotten(service, registry):
    job = service.submit(request())
    watching = service.watch(job.id)
    next(watching)
    with registry.database.writing() as session:
        session.execute(text("DELETE FROM jobs"))

    assert list(watching) == []


def test_watching_shows_that_it_is_alive_when_nothing_happens(service, registry):
    job = service.submit(request())
    watching = changes_of_job(JobStore(registry.database), job, 0, threading.Event(), keep_alive_seconds=0.3)

    assert [next(watching) for _ in range(3)] == [job, None, None]


def test_a_listener_hears_of_jobs_and_cancels(service):
    heard = []

    class Listener:
        def job_submitted(self):
            heard.append("submitted")

        def cancel_requested(self, job_id):
            heard.append(job_id)

    service.tell(Listener())
    job = service.submit(request())
    service.request_cancel(job.id)

    assert heard == ["submitted", job.id]


def test_what_is_old_is_forgotten_by_the_runner_itself(new_registry):
    registry = new_registry(history_days=1)
    hold = Hold()
    hold.let_go()
    job = registry.service.submit(request())
    claim = start(JobQueue(registry.database))
    done = Outcome(JobState.FAILED, "interrupted", "")
    JobQueue(registry.database).finish(claim.fence, done, Batch(None, "", (), 1), time.time() - 2 * 86_400)

    registry.runner({"hold": hold})

    eventually(lambda: job.id not in [one.id for one in registry.service.list(include_finished=True, limit=9)])


def test_with_an_owner_there_are_only_his_jobs(service):
    mine, other, _nobodys = (service.submit(request(owner_id=owner)) for owner in (1, 2, None))

    assert [job.id for job in service.list(include_finished=False, limit=9, owner_id=1)] == [mine.id]
    assert [job.id for job in service.list(include_finished=True, limit=9, owner_id=2)] == [other.id]
    assert len(service.list(include_finished=True, limit=9)) == 3
    assert service.get(mine.id, owner_id=1).owner_id == 1


@pytest.mark.parametrize("ask", ["get", "request_cancel", "steps", "watch"])
def test_a_job_of_another_owner_or_of_nobody_is_not_found(service, ask):
    for owner in (2, None):
        job = service.submit(request(owner_id=owner))

        with pytest.raises(JobNotFound):
            getattr(service, ask)(job.id, owner_id=1)
        assert not service.get(job.id).cancel_requested


def test_a_single_job_is_not_made_again_while_one_of_its_kind_and_target_is_unfinished(service, queue):
    def submit(kind="hold", target="here"):
        return service.submit(request(kind, target, single=True)).id

    first = submit()

    assert submit() == first
    assert submit(target="there") != first
    assert submit(kind="other") != first

    claim = start(queue)
    assert (claim.job_id, submit()) == (first, first)
    queue.finish(claim.fence, SUCCEEDED, Batch(None, "", (), 1), time.time())
    assert submit() != first


def test_a_single_job_is_made_beside_one_that_is_being_cancelled(service, queue):
    first = service.submit(request(target="here", single=True))
    assert start(queue).job_id == first.id
    service.request_cancel(first.id)

    assert service.submit(request(target="here", single=True)).id != first.id


def test_of_runs_that_did_nothing_the_newest_of_each_target_are_kept(service, queue):
    def run(target, done, kind="hold"):
        job = service.submit(request(kind, target))
        claim = queue.claim(Seeker(runner_id="me", kinds=frozenset({kind}), running_limit=100))
        progress = {"done": {"uploads": done}} if done is not None else {}
        queue.finish(claim.fence, SUCCEEDED, Batch(progress, "", (step("a"),), 1), time.time())
        return job.id

    eventful, idle = run("here", 3), [run("here", 0) for _ in range(4)]
    unknown, newest = run("here", None), run("here", 5)
    others = [run("there", 0), run("here", 0, kind="other")]
    unfinished = service.submit(request(target="here")).id

    assert service.prune_runs("hold", 3, [("done", "uploads"), ("done", "deletes")]) == 3
    kept = {job.id for job in service.list(include_finished=True, limit=99)}
    assert kept == {eventful, idle[3], unknown, newest, *others, unfinished}
    assert len(service.steps(idle[3])) == 1
    with pytest.raises(JobNotFound):
        service.steps(idle[0])


class _Kept(Exception):
    pass


def test_rows_beside_a_job_come_to_be_with_it_or_not_at_all(service, registry):
    def note(session, job_id):
        session.execute(text("CREATE TABLE IF NOT EXISTS notes (job_id TEXT)"))
        session.execute(text("INSERT INTO notes VALUES (:job)"), {"job": job_id})

    def note_and_break(session, job_id):
        note(session, job_id)
        raise _Kept

    job = service.submit(request(), beside=note)
    with pytest.raises(_Kept):
        service.submit(request(), beside=note_and_break)

    with registry.database.reading() as session:
        assert session.scalars(text("SELECT job_id FROM notes")).all() == [job.id]
    assert [found.id for found in service.list(include_finished=True, limit=9)] == [job.id]


def test_no_row_comes_beside_a_job_that_is_not_made(new_registry):
    full = new_registry(jobs_queued_limit=1)
    beside = []
    single = request(target="here", single=True)
    job = full.service.submit(single, beside=lambda _, job_id: beside.append(job_id))

    assert full.service.submit(single, beside=lambda _, job_id: beside.append(job_id)).id == job.id
    with pytest.raises(TooManyJobs):
        full.service.submit(request(), beside=lambda _, job_id: beside.append(job_id))
    assert beside == [job.id]


def test_at_a_single_place_owners_take_turns(service, queue):
    """Ann asks for many jobs before Bob asks for one; he waits for one of hers, and not for all."""
    owners = {service.submit(request(owner_id=owner)).id: owner for owner in (1, 1, 1, 2, 2)}
    order = []
    for _ in owners:
        claim = queue.claim(Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=1))
        order.append(owners[claim.job_id])
        queue.finish(claim.fence, SUCCEEDED, Batch({"n": 1}, "", (), 1))
    assert order == [1, 2, 1, 2, 1]
