"""The parts of copy jobs by themselves: names, outcomes, arguments, stops, hashes, and waiting for the database."""

import hashlib
from datetime import UTC, datetime

import pytest

from app.cancellation import INTERRUPTED, Cancelled, CancelToken
from app.copies.contract import BucketPlace, Conflict, CopyKind, CopyState
from app.copies.hashing import Hashed
from app.copies.ledger import Standing
from app.copies.looking import question
from app.copies.naming import LeftOutError, Names
from app.copies.outcome import outcome_of
from app.copies.persisting import persisting
from app.copies.stopping import CopyToken, Flags
from app.copies.work import End, Work, work_of
from app.errors import AccessDenied, DatabaseUnavailable, ObjectExists, StorageMissing
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.storages import WrappedStorage

THEN = datetime(2024, 1, 31, 23, 59, 59, tzinfo=UTC)


def names(*taken):
    storage = MemoryStorage(exists=True)
    for key in taken:
        storage.write(key, MemoryContent(b"", 0))
    return Names(storage, lambda: THEN)


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        pytest.param([], "rep1.bed", id="free"),
        pytest.param(["rep1.bed"], "rep1.bed_240131_235959", id="taken"),
        pytest.param(["rep1.bed", "rep1.bed_240131_235959"], "rep1.bed_240131_235959_2", id="taken in this second too"),
        pytest.param(["rep1.bed", "rep1.bed_240131_235959", "rep1.bed_240131_235959_2"], "rep1.bed_240131_235959_3", id="twice"),
    ],
)  # fmt: skip
def test_a_new_name_has_the_time_and_then_a_number_behind_it(taken, name):
    assert names(*taken).choose("rep1.bed", Conflict.RENAME) == name


def test_no_two_of_one_job_choose_the_same_name_and_one_that_was_given_back_is_free():
    chosen = names()
    assert chosen.choose("a", Conflict.RENAME) == "a"
    assert chosen.choose("a", Conflict.RENAME) == "a_240131_235959"
    with pytest.raises(ObjectExists):
        chosen.choose("a", Conflict.FAIL)
    with pytest.raises(LeftOutError):
        chosen.choose("a", Conflict.SKIP)
    assert chosen.choose("a", Conflict.OVERWRITE) == "a"
    chosen.give_back("a")
    assert chosen.choose("a", Conflict.FAIL) == "a"


def test_a_storage_of_which_every_name_is_taken_is_not_asked_for_ever():
    class Full(WrappedStorage):
        asked = 0

        def stat(self, key):  # noqa: ARG002
            self.asked += 1

    full = Full(MemoryStorage())
    with pytest.raises(ObjectExists):
        Names(full, lambda: THEN).choose("a", Conflict.RENAME)
    assert full.asked == 100


@pytest.mark.parametrize(
    ("states", "reasons", "state", "reason", "message"),
    [
        pytest.param({"done": 2}, [], "succeeded", None, "2 copied.", id="all done"),
        pytest.param({"done": 1, "skipped": 1}, [], "succeeded", None, "1 copied, 1 skipped.", id="some left out"),
        pytest.param({"done": 1, "failed": 2}, ["a"], "partial", "a", "1 copied, 2 failed. What failed is listed by /steps.", id="some failed"),
        pytest.param({"skipped": 1, "failed": 2}, ["a", "b"], "partial", "copy_failed", "0 copied, 1 skipped, 2 failed. What failed is listed by /steps.", id="for different reasons"),
        pytest.param({"failed": 2}, ["a"], "failed", "a", "0 copied, 2 failed. What failed is listed by /steps.", id="all failed"),
        pytest.param({"failed": 1, "cancelled": 1}, ["a"], "failed", "a", "0 copied, 1 failed, 1 cancelled. What failed is listed by /steps.", id="the rest cancelled"),
        pytest.param({"cancelled": 2}, [], "cancelled", "cancelled_by_user", "0 copied, 2 cancelled.", id="all cancelled"),
        pytest.param({"done": 1, "cancelled": 2}, [], "partial", "cancelled_by_user", "1 copied, 2 cancelled.", id="some cancelled"),
        pytest.param({}, [], "succeeded", None, "0 copied.", id="nothing"),
    ],
)  # fmt: skip
def test_the_end_of_a_job_is_that_of_its_copies(states, reasons, state, reason, message):
    standing = Standing({CopyState(word): count for word, count in states.items()}, frozenset(reasons))
    outcome = outcome_of(standing)

    assert (outcome.state, outcome.reason, outcome.message) == (state, reason, message)


HERE = End(BucketPlace(bucket="photos", connection="c1"), "s3://127.0.0.1:9000/photos", "http://127.0.0.1:9000")
THERE = End(BucketPlace(bucket="other", authorization=3), "s3://s3.amazonaws.com:443/other")


@pytest.mark.parametrize(
    ("work", "shown"),
    [
        pytest.param(Work(CopyKind.GET, HERE), ("photos", "library", "get", HERE.url, "c1"), id="get"),
        pytest.param(Work(CopyKind.SEND, target=THERE), ("library", "other", "send", "", None), id="send"),
        pytest.param(Work(CopyKind.IMPORT), ("", "library", "import", "", None), id="import"),
        pytest.param(Work(CopyKind.DIRECT, THERE, HERE, "to/"), ("other", "photos", "direct", HERE.url, "c1"), id="direct"),
    ],
)  # fmt: skip
def test_arguments_say_what_a_job_is_about(work, shown):
    arguments = work.arguments()

    assert work_of(arguments) == work
    assert tuple(arguments[name] for name in ("source", "dest", "direction", "storage_url", "connection")) == shown
    assert arguments["prefix"] == work.prefix


@pytest.mark.parametrize(
    ("source", "target", "is_one"),
    [
        pytest.param(HERE, HERE, True, id="one connection"),
        pytest.param(HERE, End(BucketPlace(bucket="photos", connection="c2"), HERE.target), False, id="two that lead to one bucket"),
        pytest.param(HERE, THERE, False, id="two buckets"),
        pytest.param(None, HERE, False, id="the library"),
    ],
)  # fmt: skip
def test_only_what_is_opened_by_the_same_thing_can_copy_by_itself(source, target, is_one):
    assert Work(CopyKind.DIRECT, source, target).in_one_place is is_one


def test_a_copy_stops_when_it_is_flagged_and_the_others_do_not():
    job, flagged = CancelToken(), set()
    flags = Flags(lambda: frozenset(flagged), seconds=0)
    first, second = CopyToken(job, 1, flags), CopyToken(job, 2, flags)
    first.raise_if_cancelled()
    flagged.add(1)

    with pytest.raises(Cancelled) as stop:
        first.raise_if_cancelled()
    assert (stop.value.reason, first.is_cancelled, second.is_cancelled, second.wait(0)) == (
        "cancelled_by_user",
        True,
        False,
        False,
    )


def test_a_copy_stops_with_its_job_and_for_its_reason():
    job = CancelToken()
    token = CopyToken(job, 1, Flags(frozenset))
    job.cancel(INTERRUPTED)

    with pytest.raises(Cancelled) as stop:
        token.raise_if_cancelled()
    assert stop.value.is_pause
    assert token.wait(60) is True


def test_flags_are_read_at_most_once_in_a_while_and_kept_while_the_database_is_down():
    answers = [frozenset({1}), DatabaseUnavailable("down")]

    def read():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    rare = Flags(read, seconds=3600)
    assert [rare.has(1), rare.has(1), rare.has(2)] == [True, True, False]
    assert len(answers) == 1
    always = Flags(read, seconds=0)
    assert always.has(1) is False


def test_a_content_is_hashed_as_it_is_read_unless_some_is_passed_over():
    whole, part = (Hashed(MemoryContent(b"0123456789", 5, "m")) for _ in range(2))
    while whole.read(3):
        pass
    whole.verify()
    part.skip(4)
    part.read()

    assert whole.sha256 == hashlib.sha256(b"0123456789").hexdigest()
    assert part.sha256 is None
    assert (whole.size, whole.modified_ns, whole.mark) == (10, 5, "m")


def test_what_the_database_cannot_do_now_is_asked_again_until_the_job_stops():
    token, answers = CancelToken(), [DatabaseUnavailable("down"), "done"]

    def ask():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert persisting(token, ask) == "done"
    token.cancel(INTERRUPTED)
    answers.append(DatabaseUnavailable("down"))
    with pytest.raises(Cancelled):
        persisting(token, ask)


class Counted(WrappedStorage):
    """Counts which objects it is asked for, and refuses to tell of one."""

    def __init__(self, inner):
        super().__init__(inner)
        self.asked = 0

    def stat(self, key):
        self.asked += 1
        if key == "secret":
            raise AccessDenied("No.")
        return super().stat(key)


def test_objects_are_looked_at_in_order_up_to_the_first_that_cannot_be_had():
    storage = MemoryStorage(exists=True)
    keys = [f"k{number}" for number in range(500)]
    for key in keys:
        storage.write(key, MemoryContent(b"x", 0))
    counted = Counted(storage)
    looked = question([*keys[:3], "secret", "missing", *keys])(counted)

    assert [entry.key for entry in looked.entries] == keys[:3]
    assert (looked.missing.key, type(looked.missing.found)) == ("secret", AccessDenied)
    assert [entry.key for entry in question(keys)(counted).entries] == keys


def test_a_storage_that_is_not_there_is_asked_for_no_object():
    counted = Counted(MemoryStorage())
    with pytest.raises(StorageMissing):
        question(["a"])(counted)
    assert counted.asked == 0
