"""What every storage promises of writing, reading and deleting."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.cancellation import Cancelled
from app.errors import (
    FileChanged,
    FileMissing,
    FileUnreadable,
    KeyRefused,
    ObjectMissing,
    StorageFailure,
)
from tests.conformance.contents import MIB, FailingContent, bytes_of, content, digest

REFUSED_BY_ALL = [
    pytest.param("", id="empty"),
    pytest.param("é" * 513, id="too long a name and a key"),
    pytest.param("\udcff", id="a lone surrogate"),
]

# Some servers take these, some do not; none may break over them.
DOUBTFUL = [
    pytest.param("/lead", id="leading slash"),
    pytest.param("trail/", id="trailing slash"),
    pytest.param("a//b", id="double slash"),
    pytest.param(".", id="dot"),
    pytest.param("..", id="two dots"),
    pytest.param("a/../b", id="two dots inside"),
    pytest.param("../../etc/passwd", id="upwards"),
    pytest.param("new\nline", id="newline"),
    pytest.param("carriage\rreturn", id="carriage return"),
    pytest.param("tab\tulator", id="tab"),
    pytest.param("bell\x07", id="bell"),
    pytest.param("nul\x00", id="NUL"),
    pytest.param("del\x7f", id="delete"),
    pytest.param("non\uffff", id="not a character"),
    pytest.param("y" * 256, id="too long a name"),
    pytest.param("⧵41", id="a spelling of nothing"),
    pytest.param("caf‛E9", id="the spelling of version 0.1.0"),
]


def cancelled():
    return Cancelled("cancelled_by_user")


FAILED_WRITES = [
    pytest.param(0, 0, cancelled, id="empty, cancelled at the end"),
    pytest.param(100_000, 0, cancelled, id="small, cancelled at the start"),
    pytest.param(MIB, MIB // 2, cancelled, id="small, cancelled midway"),
    pytest.param(MIB, MIB // 2, lambda: FileChanged("changed"), id="small, changed midway"),
    pytest.param(MIB, MIB // 2, lambda: FileUnreadable("unreadable"), id="small, unreadable midway"),
    pytest.param(MIB, MIB // 2, KeyboardInterrupt, id="small, interrupted midway"),
    pytest.param(17 * MIB, 9 * MIB, lambda: FileUnreadable("unreadable"), id="large, unreadable midway"),
    pytest.param(17 * MIB, 9 * MIB, KeyboardInterrupt, id="large, interrupted midway"),
    pytest.param(17 * MIB, 17 * MIB, lambda: FileChanged("changed"), id="large, changed at the end"),
]
"""Size, what of it can be read, and what its content raises then, made anew for each test: its traceback would keep all that was read."""


def stored(storage, key):
    with storage.read(key) as opened:
        data = opened.read()
        opened.verify()
        assert opened.size == len(data)
        return data


def keys_of(listing):
    return [listed.key for listed in listing]


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(0, id="empty"),
        pytest.param(1, id="one byte"),
        pytest.param(16 * MIB, id="the largest small one"),
        pytest.param(16 * MIB + 1, id="the smallest large one"),
        pytest.param(20 * MIB + 12345, id="with a part that is not full"),
    ],
)
@pytest.mark.fault(29)
def test_an_object_is_read_as_it_was_written(storage, size):
    data = bytes_of(size)
    written = storage.write("folder/file", content(data))
    assert (written.key, written.size) == ("folder/file", size)
    assert digest(stored(storage, "folder/file")) == digest(data)


def test_an_object_can_be_read_bit_by_bit(storage):
    storage.write("key", content(b"0123456789"))
    with storage.read("key") as opened:
        assert [opened.read(4), opened.read(0), opened.read(100), opened.read(4), opened.read()] == [
            b"0123",
            b"",
            b"456789",
            b"",
            b"",
        ]
        opened.close()
        opened.close()


def test_reading_may_be_given_up(storage):
    storage.write("key", content(bytes_of(3 * MIB)))
    with storage.read("key") as opened:
        assert len(opened.read(10)) == 10
        with pytest.raises(FileChanged):
            opened.verify()
    assert len(stored(storage, "key")) == 3 * MIB


def test_writing_again_replaces(storage):
    storage.write("key", content(b"a longer first"))
    storage.write("key", content(b"second"))
    assert stored(storage, "key") == b"second"
    assert [entry.size for entry in storage.list()] == [6]


def test_what_is_not_there_cannot_be_read(storage):
    storage.write("a/b", content())
    for key in ("other", "a", "a/b/c", "a/"):
        with pytest.raises((ObjectMissing, FileMissing, FileUnreadable)):
            storage.read(key)


def test_deleting_twice_is_harmless(storage):
    storage.write("folder/key", content())
    storage.write("folder/other", content())
    assert storage.delete(["folder/key"]) == {}
    assert storage.delete(["folder/key", "never/there"]) == {}
    assert storage.delete([]) == {}
    assert keys_of(storage.list()) == ["folder/other"]


def test_a_key_given_twice_is_deleted_once(storage):
    storage.write("key", content())
    assert storage.delete(["key", "key"]) == {}


def test_a_folder_may_take_the_place_of_a_file_once_that_is_deleted(storage):
    storage.write("name", content(b"file"))
    assert storage.delete(["name"]) == {}
    storage.write("name/below", content(b"below"))
    assert storage.delete(["name/below"]) == {}
    storage.write("name", content(b"file again"))
    assert keys_of(storage.list()) == ["name"]


def test_a_file_and_a_folder_of_one_name_stand_side_by_side_or_are_refused(subject, storage):
    storage.write("name", content(b"file"))
    if subject.quirks.keeps_folders:
        with pytest.raises((KeyRefused, StorageFailure)):
            storage.write("name/below", content(b"below"))
        assert keys_of(storage.list()) == ["name"]
    else:
        storage.write("name/below", content(b"below"))
        assert keys_of(storage.list()) == ["name", "name/below"]
    assert stored(storage, "name") == b"file"


@pytest.mark.parametrize(("size", "good", "make_error"), FAILED_WRITES)
def test_a_write_that_fails_leaves_nothing_behind(subject, storage, size, good, make_error):
    error = make_error()
    storage.write("folder/old", content(b"old"))
    for key in ("folder/old", "folder/new", "another/new"):
        with pytest.raises(type(error)) as raised:
            storage.write(key, FailingContent(size, good, error))
        assert raised.value is error
    error.__traceback__ = None  # a circle otherwise, with this frame in it
    assert keys_of(storage.list()) == ["folder/old"]
    assert stored(storage, "folder/old") == b"old"
    assert subject.remains() == []


def test_a_content_that_ends_early_is_not_stored(storage):
    for size in (1000, 17 * MIB):
        short = content(bytes_of(size))
        short.size += 1
        with pytest.raises(FileChanged):
            storage.write("key", short)
    assert keys_of(storage.list()) == []


def test_eight_threads_write_at_once(storage):
    data = {f"folder {number % 5}/{number}": bytes_of(1000 + number) for number in range(80)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: storage.write(key, content(data[key])), data))
    assert {key: stored(storage, key) for key in keys_of(storage.list())} == data


def test_threads_may_write_one_key_at_once_and_one_of_them_wins(storage):
    candidates = [bytes_of(50_000 + number) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: storage.write("deep/key", content(data)), candidates))
    assert stored(storage, "deep/key") in candidates


def test_writes_and_deletions_in_one_folder_do_not_hinder_each_other(storage):
    def write_and_delete(number):
        for _ in range(5):
            storage.write(f"shared/folder/{number}", content(b"x"))
            assert storage.delete([f"shared/folder/{number}"]) == {}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write_and_delete, range(8)))
    assert keys_of(storage.list()) == []


@pytest.mark.parametrize("key", REFUSED_BY_ALL)
def test_a_key_that_none_can_hold_is_refused_and_its_deletion_is_harmless(storage, key):
    with pytest.raises(KeyRefused):
        storage.write(key, content())
    assert storage.delete([key]) == {}
    assert keys_of(storage.list()) == []


@pytest.mark.parametrize("key", DOUBTFUL)
def test_a_doubtful_key_is_stored_or_refused(subject, storage, key):
    storage.write("other", content(b"other"))
    try:
        storage.write(key, content(b"doubtful"))
    except (KeyRefused, StorageFailure):
        assert key in subject.quirks.phantom_keys or keys_of(storage.list()) == ["other"]
    else:
        if key not in subject.quirks.altered_keys:
            assert sorted(keys_of(storage.list())) == sorted([key, "other"])
            assert stored(storage, key) == b"doubtful"
            assert storage.delete([key]) == {}
            assert keys_of(storage.list()) == ["other"]
    assert stored(storage, "other") == b"other"
