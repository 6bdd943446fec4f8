"""What a prefix does to listings, and how a storage is opened by the name of its kind."""

from pathlib import Path

import pytest

from app.errors import InvalidInput, KeyRefused, ObjectMissing, SourceUnreadable, StorageMissing, StorageNotEmpty
from app.storages.base import Omission
from app.storages.local import LocalStorage
from app.storages.measured import MeasuredStorage
from app.storages.memory import MemoryStorage
from app.storages.prefixed import PrefixedStorage
from app.storages.registry import open_storage
from app.storages.s3 import S3Address
from tests.conformance.contents import content


@pytest.fixture
def inner():
    storage = MemoryStorage(exists=True)
    for key in ("a", "p", "p/", "p/a", "p/b/c", "p0", "z"):
        storage.write(key, content(key.encode()))
    return storage


@pytest.fixture
def tree(tmp_path):
    for name in ("root/p/a", "root/p/b/c", "root/q/x", "elsewhere/file"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root" / "p" / "link").symlink_to(tmp_path / "elsewhere")
    return tmp_path / "root"


@pytest.mark.fault("I9")
def test_only_what_is_below_the_prefix_is_seen_and_never_its_marker(inner):
    below = PrefixedStorage(inner, "p/")
    assert [entry.key for entry in below.list()] == ["a", "b/c"]
    assert [entry.key for entry in below.list(prefix="b", after="a")] == ["b/c"]
    assert below.delete(["a", "b/c", "", "absent"]) == {}
    assert [entry.key for entry in inner.list()] == ["a", "p", "p/", "p0", "z"]


def test_the_prefix_itself_is_no_key(inner):
    below = PrefixedStorage(inner, "p/")
    with pytest.raises(ObjectMissing):
        below.read("")
    with pytest.raises(KeyRefused):
        below.write("", content())


def test_a_prefix_is_never_dropped(inner):
    with pytest.raises(StorageNotEmpty, match="never dropped"):
        PrefixedStorage(inner, "nothing/here/").drop()
    inner.check()


def test_omissions_and_pruning_are_told_below_the_prefix(tree):
    asked = []
    below = PrefixedStorage(LocalStorage(tree), "p/")
    listed = list(below.list(prune=lambda folder: bool(asked.append(folder))))
    assert [item.key for item in listed] == ["a", "b/c", "link"]
    assert isinstance(listed[-1], Omission)
    assert set(asked) == {"b/", "link/"}


def test_a_prefix_that_was_left_out_is_never_taken_for_empty(tree):
    with pytest.raises(SourceUnreadable):
        list(PrefixedStorage(LocalStorage(tree), "link/below/").list())


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        ("memory", {"exists": True}, MemoryStorage),
        ("local", {"root": Path("uploads")}, LocalStorage),
        ("s3", {"address": S3Address("http://localhost:9000", "bucket", "key", "secret")}, MeasuredStorage),
    ],
)
def test_a_storage_is_opened_by_the_name_of_its_kind(kind, details, expected):
    assert isinstance(open_storage(kind, **details), expected)


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match="local, memory, s3"):
        open_storage("floppy")


def test_what_is_measured_answers_as_the_storage_itself_does_and_raises_what_it_raises():
    inner = MemoryStorage(exists=True)
    storage = MeasuredStorage(inner, "memory", "")
    stored = storage.write("a/b", content(b"content"))

    assert list(storage.list()) == list(inner.list()) == [stored]
    assert storage.stat("a/b") == stored
    assert storage.browse() == inner.browse()
    with storage.read("a/b") as read:
        assert read.read() == b"content"
    with pytest.raises(ObjectMissing):
        storage.stat("missing")
    assert storage.delete(["a/b"]) == {}
    assert list(storage.list()) == []
    with pytest.raises(StorageMissing):
        list(MeasuredStorage(MemoryStorage(exists=False), "memory", "").list())
