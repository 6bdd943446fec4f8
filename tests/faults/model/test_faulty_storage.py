"""The wrapper that makes a storage fail: no method of the protocols can be forgotten in it."""

import inspect

import pytest

from app.errors import AccessDenied, StorageFailure
from app.storages.base import Content, Storage
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.faulty_storage import After, FaultyStorage
from tests.support.storages import WrappedStorage

CALLS = {
    "check": lambda storage: storage.check(),
    "list": lambda storage: list(storage.list()),
    "browse": lambda storage: storage.browse(),
    "stat": lambda storage: storage.stat("a"),
    "rights": lambda storage: storage.rights(),
    "read": lambda storage: storage.read("a").close(),
    "write": lambda storage: storage.write("a", MemoryContent(b"new", 0)),
    "copy": lambda storage: storage.copy("a", "b"),
    "delete": lambda storage: storage.delete(["a"]),
    "create": lambda storage: storage.create(),
    "drop": lambda storage: storage.drop(),
    "tidy": lambda storage: storage.tidy(),
    "close": lambda storage: storage.close(),
}
ON_CONTENT = {
    "read": lambda content: content.read(1),
    "skip": lambda content: content.skip(1),
    "verify": lambda content: content.read() and content.verify(),
    "close": lambda content: content.close(),
}


def methods_of(protocol):
    return {name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")}


@pytest.fixture
def storage():
    inner = MemoryStorage(exists=True)
    inner.write("a", MemoryContent(b"0123456789", 0))
    return FaultyStorage(inner)


def test_no_method_of_the_protocols_is_left_out():
    assert methods_of(Storage) == set(CALLS)
    assert methods_of(Content) == set(ON_CONTENT)
    assert set(CALLS) <= set(vars(WrappedStorage))
    assert set(CALLS) <= set(vars(FaultyStorage))


@pytest.mark.parametrize("when", ["", "after "])
@pytest.mark.parametrize("method", sorted(CALLS))
def test_each_method_fails_once_as_it_was_told_to(storage, method, when):
    if method == "drop":
        storage.delete(["a"])
    storage.faults[when + method].extend([None, StorageFailure("no")])
    CALLS[method](storage)
    storage.inner.create()
    storage.inner.write("a", MemoryContent(b"0123456789", 0))
    if method == "drop":
        storage.inner.delete(["a"])

    with pytest.raises(StorageFailure):
        CALLS[method](storage)

    assert storage.calls[method] == 2
    assert [queue for queue in storage.faults.values() if queue] == []


@pytest.mark.parametrize("method", sorted(ON_CONTENT))
def test_each_method_of_a_content_fails_once_as_it_was_told_to(storage, method):
    storage.faults[f"content.{method}"].append(StorageFailure("no"))
    with pytest.raises(StorageFailure):
        ON_CONTENT[method](storage.read("a"))
    ON_CONTENT[method](storage.read("a"))


@pytest.mark.parametrize("n", [1, 4, 100, -1])
@pytest.mark.parametrize("size", [0, 3, 10])
def test_a_content_breaks_off_after_so_many_bytes(storage, size, n):
    storage.faults["content a"].append(After(size, StorageFailure("no")))
    content, read = storage.read("a"), []
    with pytest.raises(StorageFailure):
        read.extend(iter(lambda: content.read(n), b""))
    assert n < 0 or b"".join(read) == b"0123456789"[:size]


def test_a_content_can_be_held_up_and_then_goes_on(storage):
    seen = []
    storage.faults["content"].append(After(3, lambda: seen.append(storage.inner.delete(["a"]))))
    assert storage.read("a").read() == b"0123456789"
    assert seen == [{}]


def test_what_happens_before_prevents_the_call_and_what_happens_after_does_not(storage):
    storage.faults["write b"].append(AccessDenied("no"))
    with pytest.raises(AccessDenied):
        storage.write("b", MemoryContent(b"", 0))
    assert [entry.key for entry in storage.list()] == ["a"]

    storage.faults["after write b"].append(StorageFailure("the answer is lost"))
    with pytest.raises(StorageFailure):
        storage.write("b", MemoryContent(b"", 0))
    assert [entry.key for entry in storage.list()] == ["a", "b"]


def test_one_object_of_many_can_refuse_to_be_deleted(storage):
    storage.inner.write("b", MemoryContent(b"", 0))
    storage.faults["delete a"].append(denied := AccessDenied("held"))
    assert storage.delete(["a", "b"]) == {"a": denied}
    assert [entry.key for entry in storage.list()] == ["a"]


def test_a_fault_can_be_something_that_is_done(storage):
    counted = []
    storage.faults["write"].extend([lambda: counted.append(1), None])
    storage.write("b", MemoryContent(b"", 0))
    storage.write("b", MemoryContent(b"", 0))
    assert counted == [1]
