"""Copy jobs that were interrupted, or whose process died: nothing is done twice, nothing stays half, nothing waits for ever."""

import time
from contextlib import ExitStack

import pytest

from app.copies.contract import Conflict, CopyQuery, CopyState, Import
from app.copies.ledger import PAGE, Ending, Ledger
from app.copies.model import CopyRow
from app.copies.settling import Settling
from app.jobs.model import JobRow
from app.library.contract import ItemState
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.jobs import write_lock
from tests.support.storages import GatedStorage, RecordingStorage


@pytest.fixture
def target():
    return MemoryStorage(exists=True)


def put(storage, key, data):
    storage.write(key, MemoryContent(data, 0))


def data_of(storage, key):
    with storage.read(key) as content:
        return content.read()


def send(here, *files, conflict=Conflict.RENAME):
    items = here.filled(*files)
    return here.copies.send(here.anna, here.nowhere(), here.history, here.wanted(items), conflict)


def set_row(here, copy, **values):
    """As a process left it that died then."""
    with here.services.database.writing() as session:
        row = session.get(CopyRow, copy.number)
        for name, value in values.items():
            setattr(row, name, value)


def set_job(here, copy, **values):
    with here.services.database.writing() as session:
        row = session.query(JobRow).filter_by(id=copy.job_id).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_a_job_that_was_interrupted_goes_on_where_it_was(waiting, target):
    gated = GatedStorage(target)
    copies = send(waiting, *((f"f{number}", b"%d" % number) for number in range(30)))
    runner = waiting.run_on(photos=gated)
    assert gated.arrived.wait(30)
    runner.drain(0.0)
    gated.gate.set()
    assert runner.drain(30)

    assert waiting.jobs.get(copies[0].job_id).state == "queued"
    before = {copy.number for copy in waiting.copies.find(waiting.anna, CopyQuery()) if copy.state is CopyState.DONE}
    assert 0 < len(before) < 30
    again = RecordingStorage(target)
    waiting.run_on(photos=again)
    assert {copy.state for copy in waiting.ended(copies)} == {CopyState.DONE}
    assert len(again.changes) == 30 - len(before)
    assert waiting.job_of(copies[0]).progress["unchanged"] == len(before)
    assert len(list(target.list())) == 30


@pytest.mark.parametrize("conflict", list(Conflict))
def test_an_object_that_was_stored_before_the_crash_is_not_stored_again(waiting, target, conflict):
    (copy,) = send(waiting, ("a", b"data"), conflict=conflict)
    put(target, "a", b"data")
    set_row(waiting, copy, state=CopyState.RUNNING, stored_key="a")
    recording = RecordingStorage(target)
    waiting.run_on(photos=recording)

    (ended,) = waiting.ended([copy])
    assert (ended.state, ended.stored_key, ended.size) == (CopyState.DONE, "a", 4)
    assert recording.changes == []
    assert [entry.key for entry in target.list()] == ["a"]


def test_an_object_whose_name_was_chosen_and_that_was_not_stored_gets_that_name(waiting, target):
    (copy,) = send(waiting, ("a", b"data"))
    set_row(waiting, copy, state=CopyState.RUNNING, stored_key="a")
    waiting.run_on(photos=target)

    assert waiting.ended([copy])[0].stored_key == "a"


@pytest.mark.parametrize(
    ("conflict", "state", "after"),
    [
        pytest.param(Conflict.FAIL, CopyState.FAILED, b"else", id="fail"),
        pytest.param(Conflict.SKIP, CopyState.SKIPPED, b"else", id="skip"),
        pytest.param(Conflict.RENAME, CopyState.DONE, b"else", id="rename"),
        pytest.param(Conflict.OVERWRITE, CopyState.DONE, b"data", id="overwrite"),
    ],
)
def test_what_somebody_else_stored_under_the_chosen_name_meanwhile_is_treated_as_asked_for(
    waiting, target, conflict, state, after
):
    (copy,) = send(waiting, ("a", b"data"), conflict=conflict)
    put(target, "a", b"else")
    set_row(waiting, copy, state=CopyState.RUNNING, stored_key="a")
    waiting.run_on(photos=target)

    assert waiting.ended([copy])[0].state is state
    assert data_of(target, "a") == after


def test_an_item_that_had_arrived_before_the_crash_is_done(waiting):
    ((item, copy),) = waiting.imported(("a", b"data"))
    with waiting.library.filling.arriving(item.number) as path:
        path.write_bytes(b"data")
        waiting.library.filling.arrive(item.number, path)
    set_row(waiting, copy, state=CopyState.RUNNING)
    waiting.run()

    (ended,) = waiting.ended([copy])
    assert (ended.state, ended.size) == (CopyState.DONE, 4)
    assert waiting.job_of(ended).state == "succeeded"
    assert waiting.leftovers() == []


def test_an_upload_that_was_taken_over_before_the_crash_comes_all_the_same(waiting):
    ((item, copy),) = waiting.imported(("a", b"data"))
    waiting.library.uploads.taken(copy.source, waiting.anna.user_id)
    waiting.library.filling.begin(item.number)
    set_row(waiting, copy, state=CopyState.RUNNING)
    waiting.run()

    assert [waiting.data(each) for each in waiting.arrived([item])] == [b"data"]
    assert waiting.leftovers() == []


class LockedAfterTheEnd(Ledger):
    """Somebody else begins to write to the database as soon as a copy has ended."""

    def __init__(self, here, copy, lock):
        super().__init__(here.services.database, copy.job_id)
        self._lock = lock

    def end(self, number, ending):
        super().end(number, ending)
        self._lock()


@pytest.mark.slow
def test_a_copy_has_ended_although_its_upload_cannot_be_removed_yet(waiting):
    ((_, copy),) = waiting.imported(("a", b"data"))
    settling = Settling(waiting.services.database, waiting.library)
    with ExitStack() as locked:
        database = write_lock(waiting.services.settings.data_dir / "sluice.db")
        ledger = LockedAfterTheEnd(waiting, copy, lambda: locked.enter_context(database))
        settling.end(ledger, copy, Ending(CopyState.FAILED, "file_unreadable", "It is damaged."))

    assert waiting.copies.show(waiting.anna, copy.number).state is CopyState.FAILED


def test_a_copy_that_was_asked_to_stop_before_the_crash_is_not_carried(waiting, target):
    first, second = send(waiting, ("a", b"1"), ("b", b"2"))
    set_row(waiting, first, state=CopyState.RUNNING, cancelling=True)
    waiting.run_on(photos=target)

    assert [copy.state for copy in waiting.ended([first, second])] == [CopyState.CANCELLED, CopyState.DONE]
    assert [entry.key for entry in target.list()] == ["b"]


ENDED_JOBS = [
    pytest.param({"state": "failed", "reason": "interrupted", "message": "given up"}, CopyState.FAILED, "interrupted", id="its runner died too often"),
    pytest.param({"state": "failed", "reason": "internal_error", "message": "broken"}, CopyState.FAILED, "internal_error", id="its handler broke"),
    pytest.param({"state": "cancelled", "reason": "cancelled_by_user", "message": "cancelled"}, CopyState.CANCELLED, "cancelled_by_user", id="it was cancelled"),
]  # fmt: skip


@pytest.mark.parametrize("look", ["show", "find", "chore"])
@pytest.mark.parametrize(("job", "state", "reason"), ENDED_JOBS)
def test_a_job_that_ended_without_its_handler_leaves_nothing_that_waits(waiting, job, state, reason, look):
    ((item, copy),) = waiting.imported(("a", b"data"))
    set_job(waiting, copy, finished_at=time.time(), **job)
    if look == "show":
        ended = waiting.copies.show(waiting.anna, copy.number)
    elif look == "find":
        (ended,) = waiting.copies.find(waiting.anna, CopyQuery(states=[(state, None)])) or waiting.copies.find(
            waiting.anna, CopyQuery()
        )
    else:
        for chore in waiting.copies.chores:
            chore()
        ended = waiting.copies._store.get(copy.number)

    assert (ended.state, ended.reason, ended.finished_at is not None) == (state, reason, True)
    is_failed = state is CopyState.FAILED
    now = waiting.library.item(waiting.anna, item.number)
    assert (now.state, now.message) == (ItemState.FAILED, job["message"]) if is_failed else (ItemState.DISCARDED, "")
    assert waiting.leftovers() == []


def test_what_had_arrived_of_a_job_that_ended_without_its_handler_is_done(waiting):
    ((item, copy),) = waiting.imported(("a", b"data"))
    with waiting.library.filling.arriving(item.number) as path:
        path.write_bytes(b"data")
        waiting.library.filling.arrive(item.number, path)
    set_job(waiting, copy, state="failed", reason="interrupted", message="given up", finished_at=time.time())

    assert waiting.copies.show(waiting.anna, copy.number).state is CopyState.DONE


def test_copies_of_forgotten_jobs_are_forgotten_but_for_those_that_made_an_item(waiting, target):
    (sent,) = send(waiting, ("a", b"1"))
    made = [waiting.copies.bring(waiting.anna, waiting.history, [each])[0] for each in imports(waiting)]
    waiting.run_on(photos=target)
    waiting.ended([sent, *(copy for _, copy in made)])
    with waiting.services.database.writing() as session:  # an item of a removed user, say
        session.connection().exec_driver_sql("DELETE FROM items WHERE number = ?", (made[1][0].number,))
    waiting.jobs.prune(time.time() + 60)
    for chore in waiting.copies.chores:
        chore()

    assert [copy.number for copy in waiting.copies.find(waiting.anna, CopyQuery())] == [made[0][1].number]
    assert waiting.copies.show(waiting.anna, made[0][1].number).state is CopyState.DONE


def imports(here):
    return [Import(name=name, upload=here.upload(b"data")) for name in ("one", "two")]


def test_copies_of_jobs_that_are_known_stay(waiting, target):
    (sent,) = send(waiting, ("a", b"1"))
    waiting.run_on(photos=target)
    waiting.ended([sent])
    for chore in waiting.copies.chores:
        chore()

    assert waiting.copies.show(waiting.anna, sent.number).state is CopyState.DONE


def test_a_ledger_gives_all_that_is_left_in_pages(waiting):
    items = waiting.filled(*((f"f{number}", b"") for number in range(3)))
    wanted = waiting.wanted(items) * 400
    copies = waiting.copies.send(waiting.anna, waiting.nowhere(), waiting.history, wanted)
    ledger, found = Ledger(waiting.services.database, copies[0].job_id), []
    while page := ledger.page(found[-1].number if found else 0):
        assert len(page) <= PAGE
        found += page

    assert found == copies
    assert len(copies) > 2 * PAGE
