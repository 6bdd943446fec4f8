"""A storage whose credentials end is opened anew in time, also while many use it."""

import threading

import pytest

from app.authorizations.opening import Opened
from app.authorizations.renewing import RenewingStorage
from app.errors import AuthorizationUnusable, InvalidCredentials, StorageUnreachable
from app.storages.base import Entry
from app.storages.memory import MemoryStorage
from tests.support.browsing import put
from tests.support.jobs import eventually
from tests.support.storages import GatedStorage, WrappedStorage

LASTS = 900


class Opening(WrappedStorage):
    """A storage that takes its credentials until they are over, and nothing once it is closed."""

    def __init__(self, inner, account):
        super().__init__(inner)
        self.account = account
        self.ends_at = account.now + LASTS
        self.closed = 0
        self.calls = []

    def __getattribute__(self, name):
        if name in {
            "check",
            "list",
            "browse",
            "stat",
            "rights",
            "read",
            "write",
            "copy",
            "delete",
            "create",
            "drop",
            "tidy",
        }:
            if self.closed:
                raise RuntimeError("closed")
            if self.account.now >= self.ends_at:
                raise InvalidCredentials("over")
            self.calls.append(name)
        return super().__getattribute__(name)

    def close(self):
        self.closed += 1


class Account:
    """Opens a storage again and again, at a time that a test sets."""

    def __init__(self, inner):
        self.inner = inner
        self.now = 0.0
        self.opened = []
        self.fault = None

    def open(self):
        if self.fault:
            raise self.fault
        opening = Opening(self.inner, self)
        self.opened.append(opening)
        return Opened(opening, "s3://bucket", self.now + LASTS / 2, self.now + LASTS)


@pytest.fixture
def memory():
    memory = MemoryStorage()
    memory.create()
    for number in range(6):
        put(memory, f"k{number}", b"x" * number)
    return memory


@pytest.fixture
def account(memory):
    return Account(memory)


@pytest.fixture
def storage(account):
    return RenewingStorage(account.open(), account.open, lambda: account.now)


OPERATIONS = {
    "check": lambda storage, _: storage.check(),
    "list": lambda storage, _: list(storage.list("k", "k1")),
    "browse": lambda storage, _: storage.browse("k", 2),
    "stat": lambda storage, _: storage.stat("k3"),
    "rights": lambda storage, _: storage.rights(),
    "read": lambda storage, _: storage.read("k3").read(),
    "write": lambda storage, content: storage.write("new", content),
    "copy": lambda storage, _: storage.copy("k3", "copied"),
    "delete": lambda storage, _: storage.delete(["k3"]),
    "create": lambda storage, _: storage.create(),
    "tidy": lambda storage, _: storage.tidy(),
}


def plain(answer):
    """Return an answer without the time of the entry in it."""
    return answer._replace(modified=0, etag=None, stamp=None) if isinstance(answer, Entry) else answer


@pytest.mark.parametrize("name", [*OPERATIONS, "drop"])
def test_every_operation_is_passed_on_and_begins_with_credentials_that_last(memory, account, storage, name):
    if name == "drop":
        memory.delete([f"k{number}" for number in range(6)])
        account.now = LASTS / 2
        storage.drop()
    else:
        with memory.read("k2") as content:
            account.now = LASTS / 2
            answer = OPERATIONS[name](storage, content)
        with memory.read("k2") as content:
            assert plain(answer) == plain(OPERATIONS[name](memory, content))
    assert [each.calls for each in account.opened] == [[], [name]]


def test_what_is_new_is_used_until_half_of_its_time_is_over(account, storage):
    for account.now in (0, 449, 450, 899, 900, 10_000):
        storage.check()

    assert [len(each.calls) for each in account.opened] == [2, 2, 1, 1]
    assert [each.closed for each in account.opened] == [1, 1, 1, 0]


def test_a_listing_goes_on_with_new_credentials_and_names_each_key_once(account, storage):
    keys = []
    for entry in storage.list():
        keys.append(entry.key)
        account.now += 300

    assert keys == [f"k{number}" for number in range(6)]
    assert len(account.opened) > 2


def test_what_is_read_is_read_to_its_end_and_closed_then(account, storage):
    content = storage.read("k5")
    account.now = 500
    storage.check()
    old = account.opened[0]

    assert (content.size, content.read(2), old.closed) == (5, b"xx", 0)
    content.skip(1)
    assert content.read() == b"xx"
    content.verify()
    content.close()
    content.close()
    assert old.closed == 1


def test_a_content_that_cannot_be_opened_holds_nothing(account, storage):
    with pytest.raises(Exception, match="none"):
        storage.read("none")
    account.now = 500
    storage.check()

    assert account.opened[0].closed == 1


@pytest.mark.parametrize("fault", [StorageUnreachable("down"), InvalidCredentials("refused")])
def test_while_the_old_credentials_are_good_it_does_not_matter_that_there_are_no_new_ones(account, storage, fault):
    account.fault = fault
    account.now = 500
    storage.check()
    assert len(account.opened[0].calls) == 1

    account.fault = None
    account.now = 529
    storage.check()
    assert len(account.opened) == 1  # it is tried again after half a minute
    account.now = 530
    storage.check()
    assert len(account.opened) == 2


def test_once_they_are_over_it_is_told_and_tried_again_each_time(account, storage):
    account.fault = StorageUnreachable("down")
    account.now = 901
    for _ in range(2):
        with pytest.raises(StorageUnreachable, match="down"):
            storage.check()
    account.fault = None
    storage.check()

    assert [len(each.calls) for each in account.opened] == [0, 1]


def test_who_may_not_use_it_any_more_is_told_at_once_and_each_time(account, storage):
    account.fault = AuthorizationUnusable("disabled")
    account.now = 500
    for _ in range(2):
        with pytest.raises(AuthorizationUnusable):
            storage.check()
    assert account.opened[0].calls == []


def test_closing_closes_what_is_open_once_nobody_uses_it(account, storage):
    content = storage.read("k1")
    storage.close()
    assert account.opened[0].closed == 0
    content.close()
    assert account.opened[0].closed == 1
    account.now = 10_000
    storage.close()

    assert len(account.opened) == 1


def test_of_many_at_once_one_opens_anew_and_the_others_go_on(memory, account):
    """The one that opens anew stands still; the old credentials are good enough for all others meanwhile."""
    begun, go = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go.wait(30)
        return account.open()

    storage = RenewingStorage(account.open(), slow, lambda: account.now)
    account.now = 500
    first = threading.Thread(target=storage.check)
    first.start()
    assert begun.wait(30)
    for _ in range(5):
        storage.check()
    assert list(storage.list()) == list(memory.list())
    assert len(account.opened[0].calls) == 6
    go.set()
    first.join()

    assert len(account.opened) == 2
    assert account.opened[0].closed == 1


def test_when_the_old_credentials_are_over_all_wait_for_the_one_that_opens_anew(account):
    begun, go = threading.Event(), threading.Event()
    openings = []

    def slow():
        openings.append(1)
        begun.set()
        assert go.wait(30)
        return account.open()

    storage = RenewingStorage(account.open(), slow, lambda: account.now)
    account.now = 1000
    done = []
    threads = [threading.Thread(target=lambda: done.append(storage.check())) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert begun.wait(30)
    go.set()
    for thread in threads:
        thread.join()

    assert len(done) == 8
    assert len(openings) == 1


def test_an_operation_that_takes_long_keeps_what_it_began_with(account, memory):
    gated = GatedStorage(memory)
    account.inner = gated
    storage = RenewingStorage(account.open(), account.open, lambda: account.now)
    with memory.read("k4") as content:
        writing = threading.Thread(target=storage.write, args=("new", content))
        writing.start()
        assert gated.arrived.wait(30)
        account.now = 2000
        storage.check()
        assert account.opened[0].closed == 0
        gated.gate.set()
        writing.join()

    assert memory.stat("new").size == 4
    eventually(lambda: account.opened[0].closed == 1)


def test_what_is_opened_after_the_end_is_closed_again(account):
    begun, go = threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go.wait(30)
        return account.open()

    storage = RenewingStorage(account.open(), slow, lambda: account.now)
    account.now = 500

    def too_late():
        with pytest.raises(RuntimeError, match="closed"):
            storage.check()

    last = threading.Thread(target=too_late)
    last.start()
    assert begun.wait(30)
    storage.close()
    go.set()
    last.join()

    assert [each.closed for each in account.opened] == [1, 1]
