"""Copies that are asked to stop: before they begin, while they run, and with their job."""

from dataclasses import replace

import pytest

from app.copies.contract import CopyQuery, CopyState
from app.errors import NotAllowed, NotFound
from app.library.contract import ItemState
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.jobs import eventually
from tests.support.storages import GatedStorage, WrappedStorage

MIB = 1024 * 1024


class DrippingContent(MemoryContent):
    """Gives a byte at a time, and after the first waits until it is let go."""

    def __init__(self, size, gate):
        super().__init__(b"x" * size, 0)
        self._gate = gate

    def read(self, n=-1, /):
        self._gate.began()
        return super().read(min(n, 1) if n > 0 else n)


class EndlessStorage(WrappedStorage):
    """Gives a content that does not end before it is cancelled; tells when it is being read."""

    def __init__(self, inner, size=2 * MIB):
        super().__init__(inner)
        self.size = size
        self.reads = 0

    def read(self, key):  # noqa: ARG002
        return DrippingContent(self.size, self)

    def began(self):
        self.reads += 1


@pytest.fixture
def target():
    return MemoryStorage(exists=True)


def sent(here, *names):
    items = here.filled(*((name, b"1") for name in names))
    return here.copies.send(here.anna, here.nowhere(), here.history, here.wanted(items))


def test_one_that_waits_is_cancelled_at_once_and_the_others_are_not(waiting, target):
    first, second = sent(waiting, "a", "b")

    assert waiting.copies.cancel(waiting.anna, first.number) is True
    now = waiting.copies.show(waiting.anna, first.number)
    assert (now.state, now.reason, now.cancelling) == (CopyState.CANCELLED, "cancelled_by_user", False)
    assert waiting.copies.cancel(waiting.anna, first.number) is False

    waiting.run_on(photos=target)
    (done,) = waiting.ended([second])
    assert done.state is CopyState.DONE
    assert [entry.key for entry in target.list()] == ["b"]
    job = waiting.job_of(done)
    assert (job.state, job.reason, job.message) == ("partial", "cancelled_by_user", "1 copied, 1 cancelled.")


def test_when_all_that_waited_is_cancelled_so_is_the_job(waiting):
    copies = sent(waiting, "a", "b")
    for copy in copies:
        waiting.copies.cancel(waiting.anna, copy.number)

    assert waiting.jobs.get(copies[0].job_id).state == "cancelled"


def test_the_item_of_one_that_waited_is_discarded(waiting):
    ((item, copy),) = waiting.imported(("a", b"1"))
    waiting.copies.cancel(waiting.anna, copy.number)

    assert waiting.library.item(waiting.anna, item.number).state is ItemState.DISCARDED


def test_one_that_runs_stops_between_two_pieces_and_leaves_nothing(waiting, new_bucket):
    storage = EndlessStorage(MemoryStorage(exists=True))
    items = waiting.copies.get(waiting.anna, waiting.place(new_bucket({"a": b"1"})), waiting.history, ["a"])
    copy = waiting.made_by(items[0])
    bucket = waiting.jobs.get(copy.job_id).arguments["source"]
    waiting.run_on(**{bucket: storage})
    eventually(lambda: storage.reads > 3)

    assert waiting.copies.cancel(waiting.anna, copy.number) is True
    (ended,) = waiting.ended([copy])
    assert (ended.state, ended.cancelling, ended.size) == (CopyState.CANCELLED, False, 0)
    assert waiting.library.item(waiting.anna, items[0].number).state is ItemState.DISCARDED
    assert waiting.leftovers() == []
    job = waiting.job_of(ended)
    assert (job.state, job.reason) == ("cancelled", "cancelled_by_user")
    assert job.progress["done"]["bytes"] == 0


def test_cancelling_the_job_ends_all_that_is_left(waiting, new_bucket):
    storage = EndlessStorage(MemoryStorage(exists=True))
    bucket = new_bucket({"a": b"1", "b": b"2"})
    items = waiting.copies.get(waiting.anna, waiting.place(bucket), waiting.history, ["a", "b"])
    waiting.run_on(**{bucket.name: storage})
    eventually(lambda: storage.reads > 3)
    copies = [waiting.made_by(item) for item in items]
    waiting.jobs.request_cancel(copies[0].job_id)

    assert [(copy.state, copy.reason) for copy in waiting.ended(copies)] == [
        (CopyState.CANCELLED, "cancelled_by_user")
    ] * 2
    assert {waiting.library.item(waiting.anna, item.number).state for item in items} == {ItemState.DISCARDED}
    assert waiting.jobs.get(copies[0].job_id).state == "cancelled"
    assert waiting.leftovers() == []


def test_cancelling_a_job_that_waits_ends_its_copies_with_it(waiting):
    ((item, copy),) = waiting.imported(("a", b"1"))
    waiting.jobs.request_cancel(copy.job_id)

    assert waiting.library.item(waiting.anna, item.number).state is ItemState.DISCARDED  # nobody has asked for the copy
    assert waiting.copies.show(waiting.anna, copy.number).state is CopyState.CANCELLED
    assert waiting.leftovers() == []


def test_what_was_stored_before_it_could_be_stopped_is_done(waiting, target):
    gated = GatedStorage(target)
    (copy,) = sent(waiting, "a")
    waiting.run_on(photos=gated)
    assert gated.arrived.wait(30)
    waiting.copies.cancel(waiting.anna, copy.number)

    assert waiting.copies.show(waiting.anna, copy.number).cancelling is True
    gated.gate.set()
    (ended,) = waiting.ended([copy])
    assert (ended.state, ended.cancelling) == (CopyState.DONE, False)
    assert [entry.key for entry in target.list()] == ["a"]


def test_nobody_cancels_or_sees_the_copies_of_somebody_else(waiting):
    bert, admin = waiting.people.user("bert"), waiting.people.user("eve", "admin")
    (copy,) = sent(waiting, "a")

    for ask in (waiting.copies.show, waiting.copies.cancel):
        with pytest.raises(NotAllowed):
            ask(bert, copy.number)
        with pytest.raises(NotFound):
            ask(bert, copy.number + 1000)
    with pytest.raises(NotAllowed):
        waiting.copies.cancel(replace(waiting.anna, read_only=True), copy.number)
    assert waiting.copies.find(bert, CopyQuery(owner_id=waiting.anna.user_id)) == []
    assert [found.number for found in waiting.copies.find(admin, CopyQuery())] == [copy.number]
    assert waiting.copies.cancel(admin, copy.number) is True


@pytest.mark.parametrize("number", [0, -1, 2**63, 2**70])
def test_a_number_that_no_copy_can_have_is_not_found(waiting, number):
    with pytest.raises(NotFound):
        waiting.copies.show(waiting.anna, number)
