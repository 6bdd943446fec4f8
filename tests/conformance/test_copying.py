"""What every storage promises of copying an object within itself: the same object again, whole or not at all."""

import pytest

from app.errors import KeyRefused, ObjectMissing, StorageError, StorageFailure, StorageMissing
from tests.conformance.contents import MIB, bytes_of, content, digest

KEYS = [
    pytest.param("folder/a b", id="a space"),
    pytest.param("a+b=c&d", id="plus and ampersand"),
    pytest.param("100%/a%2Fb", id="percent signs"),
    pytest.param("q?x=1#y", id="question mark and hash"),
    pytest.param("é/ü/😀.txt", id="not ASCII"),
    pytest.param("semi;colon,comma'\"quotes", id="punctuation"),
    pytest.param("~tilde:at@", id="tilde, colon and at"),
]


def stored(storage, key):
    with storage.read(key) as opened:
        data = opened.read()
        opened.verify()
        return data, opened.modified_ns


def copied(storage, source, key):
    """Copy as who uses a storage does, and return what is stored then; the storage itself must be able to."""
    entry = storage.copy(source, key)
    assert entry is not None
    assert (entry.key, entry.size) == (key, storage.stat(source).size)
    assert entry == storage.stat(key)
    return stored(storage, key)


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize(
    "size",
    [pytest.param(0, id="empty"), pytest.param(1, id="one byte"), pytest.param(MIB, id="1 MiB")],
)
def test_a_copy_has_the_bytes_and_the_time_of_its_source(subject, storage, size):
    storage.write("source", content(bytes_of(size)))
    data, modified_ns = copied(storage, "source", "folder/copy")
    assert digest(data) == digest(bytes_of(size))
    assert modified_ns == stored(storage, "source")[1] == 1_700_000_000_250_000_000
    assert stored(storage, "source")[0] == data
    assert subject.remains() == []


@pytest.mark.usefixtures("copies")
def test_a_copy_of_a_large_object_is_one(subject, storage):
    data = bytes_of(17 * MIB + 5)
    storage.write("source", content(data))
    assert digest(copied(storage, "source", "copy")[0]) == digest(data)
    assert subject.remains() == []


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("key", KEYS)
def test_keys_are_kept_exactly_as_they_are_from_and_to(storage, key):
    storage.write(key, content(b"odd"))
    assert copied(storage, key, "plain")[0] == b"odd"
    assert copied(storage, "plain", f"to {key}")[0] == b"odd"
    assert copied(storage, key, f"both/{key}")[0] == b"odd"
    assert [entry.key for entry in storage.list()] == sorted(["plain", key, f"to {key}", f"both/{key}"])


@pytest.mark.usefixtures("copies")
def test_a_copy_replaces_what_was_there(storage):
    storage.write("source", content(b"new"))
    storage.write("key", content(b"a longer old one"))
    before = storage.stat("key").mark
    assert copied(storage, "source", "key")[0] == b"new"
    assert storage.stat("key").mark != before
    assert [entry.size for entry in storage.list()] == [3, 3]


def test_an_object_that_is_copied_onto_itself_stays_as_it_is(storage):
    storage.write("key", content(b"data"))
    before = storage.stat("key")
    assert storage.copy("key", "key") == before
    assert storage.stat("key") == before
    assert stored(storage, "key") == (b"data", 1_700_000_000_250_000_000)


@pytest.mark.usefixtures("copies")
def test_a_copy_stays_when_its_source_is_replaced_or_deleted(storage):
    storage.write("source", content(b"first"))
    storage.copy("source", "one")
    storage.write("source", content(b"second"))
    storage.copy("source", "two")
    storage.delete(["source"])
    assert [stored(storage, key)[0] for key in ("one", "two")] == [b"first", b"second"]


@pytest.mark.parametrize("key", ["none", "a", "a/b/c", "a/", "", "\udcff", "é" * 513])
def test_what_is_not_there_cannot_be_copied(subject, storage, key):
    storage.write("a/b", content(b"data"))
    storage.write("old", content(b"old"))
    for target in ("new", "old"):
        with pytest.raises(ObjectMissing):
            storage.copy(key, target)
    assert stored(storage, "old")[0] == b"old"
    assert [entry.key for entry in storage.list()] == ["a/b", "old"]
    assert subject.remains() == []


@pytest.mark.parametrize("key", ["", "\udcff", "é" * 513])
def test_a_key_that_cannot_be_gets_no_copy(subject, storage, key):
    storage.write("source", content(b"data"))
    with pytest.raises(KeyRefused):
        storage.copy("source", key)
    assert [entry.key for entry in storage.list()] == ["source"]
    assert subject.remains() == []


@pytest.mark.parametrize(
    "key", ["/lead", "a//b", ".", "..", "a/../source", "../../up", "y" * 256, "bell\x07", "non\uffff"]
)
def test_a_copy_stands_under_just_its_key_or_nowhere(subject, storage, key):
    storage.write("source", content(b"data"))
    try:
        entry = storage.copy("source", key)
    except (KeyRefused, StorageFailure):
        made = set()
    else:
        made = {key} if entry else set()
    if made:
        assert stored(storage, key)[0] == b"data"
    assert {entry.key for entry in storage.list()} - subject.quirks.phantom_keys == {"source", *made}
    assert stored(storage, "source")[0] == b"data"


@pytest.mark.usefixtures("copies")
def test_a_copy_below_an_object_of_its_folders_name_stands_there_or_is_refused(subject, storage):
    storage.write("name", content(b"data"))
    if subject.quirks.keeps_folders:
        with pytest.raises((KeyRefused, StorageFailure)):
            storage.copy("name", "name/below")
        assert [entry.key for entry in storage.list()] == ["name"]
    else:
        assert copied(storage, "name", "name/below")[0] == b"data"
    assert stored(storage, "name")[0] == b"data"


def test_nothing_is_copied_in_a_storage_that_is_not_there(absent):
    with pytest.raises((StorageMissing, ObjectMissing)):
        absent.copy("source", "key")


def test_a_stranger_copies_nothing(subject, storage):
    if subject.stranger is None:
        pytest.skip("Everybody is known there.")
    storage.write("source", content(b"data"))
    stranger = subject.stranger()
    try:
        with pytest.raises(StorageError) as refused:
            stranger.copy("source", "key")
    finally:
        stranger.close()
    assert refused.value.reason == subject.quirks.refusal
    assert [entry.key for entry in storage.list()] == ["source"]
