"""What every storage promises of itself: being there, being missing, being made and dropped."""

import pytest

from app.errors import FileMissing, StorageMissing, StorageNotEmpty
from tests.conformance.contents import MIB, content


def test_a_missing_storage_says_so(absent, subject):
    missing = (StorageMissing, FileMissing) if subject.quirks.reads_missing else StorageMissing
    with pytest.raises(StorageMissing):
        absent.check()
    with pytest.raises(StorageMissing):
        list(absent.list())
    with pytest.raises(missing):
        absent.read("key")
    for data in (b"small", bytes(17 * MIB)):
        with pytest.raises(StorageMissing):
            absent.write("folder/key", content(data))


def test_deleting_from_a_missing_storage_is_harmless(absent):
    assert absent.delete(["key", "contr\x01l"]) == {}


def test_creating_twice_is_harmless(storage):
    storage.write("key", content())
    storage.create()
    storage.check()
    assert [entry.key for entry in storage.list()] == ["key"]


def test_dropping_refuses_what_is_not_empty_and_twice_is_harmless(subject, storage):
    storage.write("folder/key", content())
    with pytest.raises(StorageNotEmpty):
        storage.drop()
    assert [entry.key for entry in storage.list()] == ["folder/key"]
    if subject.quirks.drops:
        storage.delete(["folder/key"])
        storage.drop()
        storage.drop()
        with pytest.raises(StorageMissing):
            storage.check()
        storage.create()
        assert list(storage.list()) == []


def test_closing_twice_is_harmless(storage):
    storage.check()
    storage.close()
    storage.close()
