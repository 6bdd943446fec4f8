"""What the local driver writes, deletes and drops."""

import pytest

from app.errors import (
    FileChanged,
    FileMissing,
    KeyRefused,
    StorageNotEmpty,
)
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent
from tests.support.files import make, names_in


def test_a_written_file_bears_the_time_of_its_content(uploads, storage):
    entry = storage.write("a/file", MemoryContent(b"data", 1_600_000_000_500_000_000))
    assert entry == next(iter(storage.list()))
    assert entry[:3] == ("a/file", 4, 1_600_000_000.5)
    assert (uploads / "a" / "file").stat().st_mtime == 1_600_000_000.5


def test_a_deletion_removes_folders_that_it_leaves_empty_but_not_the_root(uploads, storage):
    make(uploads, "a/b/c/file", "a/other")
    storage.delete(["a/b/c/file"])
    assert names_in(uploads / "a") == ["other"]
    storage.delete(["a/other"])
    assert names_in(uploads) == []


def test_unfinished_files_are_never_listed_read_or_written(uploads, storage):
    make(uploads, "folder/.sluice-part-0123")
    assert list(storage.list()) == []
    with pytest.raises(FileMissing):
        storage.read("folder/.sluice-part-0123")
    with pytest.raises(KeyRefused):
        storage.write(".sluice-part-x", MemoryContent(b"", 0))


def test_dropping_removes_folders_and_unfinished_files_only(uploads, storage):
    make(uploads, "a/file", "a/b/.sluice-part-0123")
    with pytest.raises(StorageNotEmpty):
        storage.drop()
    assert (uploads / "a" / "b" / ".sluice-part-0123").exists()
    (uploads / "a" / "file").unlink()
    storage.drop()
    assert not uploads.exists()


def test_creating_outside_is_refused(uploads, outside):
    (uploads / "link").symlink_to(outside)
    with pytest.raises(KeyRefused):
        LocalStorage(uploads / "link" / "new", confine=uploads).create()
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_a_content_that_never_ends_does_not_fill_the_disk(uploads, storage):
    class Endless(MemoryContent):
        def read(self, n=-1, /):
            return b"x" * n

    with pytest.raises(FileChanged, match="longer"):
        storage.write("file", Endless(b"12345", 0))
    assert list(uploads.iterdir()) == []
