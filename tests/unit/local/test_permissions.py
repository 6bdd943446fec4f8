"""What may not be read or written, and disks that fail."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from app.errors import (
    AccessDenied,
    FileUnreadable,
    KeyRefused,
    SourceUnreadable,
    StorageFailure,
    StorageFull,
)
from app.storages.local import confinement
from app.storages.local.errors import translated
from tests.support.files import keys_of, make, omissions_of

ROOT = Path(__file__).parents[3]


def as_nobody(program, folder):
    """Run Python code as a user whom permissions bind, with ``storage`` and ``folder`` at hand, and return its output."""
    start = f"""
        import os
        from pathlib import Path
        from app.errors import *
        from app.storages.local import LocalStorage
        from app.storages.memory import MemoryContent
        if os.geteuid() == 0:
            os.setgroups([])
            os.setegid(65534)
            os.seteuid(65534)
        folder = Path({str(folder)!r})
        storage = LocalStorage(folder)
    """
    code = textwrap.dedent(start) + textwrap.dedent(program)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.fixture
def open_to_all():
    """A folder that another user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.fault(24)
def test_an_unreadable_folder_is_an_omission_and_the_rest_is_listed(open_to_all):
    make(open_to_all, "a", "b/c", "b.txt", "d")
    (open_to_all / "b").chmod(0)
    lines = as_nobody("for listed in storage.list(): print(listed.key, listed[2:])", open_to_all)
    (open_to_all / "b").chmod(0o755)
    assert [line.split()[0] for line in lines] == ["a", "b", "b.txt", "d"]
    assert lines[1] == "b (True, True)"


def test_an_unreadable_file_is_listed_and_cannot_be_read(open_to_all):
    make(open_to_all, "file")
    (open_to_all / "file").chmod(0)
    lines = as_nobody(
        """
        print([entry.key for entry in storage.list()])
        try:
            storage.read("file")
        except FileUnreadable as error:
            print(error)
        """,
        open_to_all,
    )
    assert lines == ["['file']", "'file' cannot be opened: Permission denied."]


def test_files_of_a_folder_that_may_only_be_named_are_omissions(open_to_all):
    make(open_to_all, "folder/file")
    (open_to_all / "folder").chmod(0o444)
    lines = as_nobody("for listed in storage.list(): print(listed.key, listed[2:])", open_to_all)
    (open_to_all / "folder").chmod(0o755)
    assert lines == ["folder/file (True, False)"]


def test_an_unreadable_root_is_never_taken_for_empty(open_to_all):
    make(open_to_all, "file")
    open_to_all.chmod(0)
    lines = as_nobody(
        """
        for ask in (storage.check, lambda: list(storage.list())):
            try:
                ask()
            except SourceUnreadable:
                print("unreadable")
        """,
        open_to_all,
    )
    assert lines == ["unreadable", "unreadable"]


@pytest.mark.parametrize("confine", ["None", "folder / 'uploads'"], ids=["a storage", "a confined storage"])
def test_a_folder_that_cannot_even_be_reached_is_never_taken_for_missing(open_to_all, confine):
    """As uploads below /home are for a systemd unit with ProtectHome."""
    make(open_to_all, "uploads/photos/file")
    open_to_all.chmod(0)
    lines = as_nobody(
        f"""
        storage = LocalStorage(folder / "uploads" / "photos", confine={confine})
        for ask in (storage.check, lambda: list(storage.list())):
            try:
                ask()
            except SourceUnreadable as error:
                print(error)
        """,
        open_to_all,
    )
    assert len(lines) == 2
    assert all(line.endswith(": Permission denied.") for line in lines)


def test_a_write_that_is_not_allowed_leaves_what_was_there(open_to_all):
    make(open_to_all, "file")
    open_to_all.chmod(0o555)
    lines = as_nobody(
        """
        for key in ("file", "a/b"):
            try:
                storage.write(key, MemoryContent(b"new", 0))
            except AccessDenied:
                print("denied")
        print(list(storage.delete(["file"])))
        """,
        open_to_all,
    )
    assert lines == ["denied", "denied", "['file']"]
    assert (open_to_all / "file").read_bytes() == b"data"


@pytest.fixture
def failing_disk(monkeypatch):
    """Make the reading of one folder fail as a broken disk does."""
    read = os.scandir
    broken = set()

    def scandir(folder):
        if isinstance(folder, int) and os.fstat(folder).st_ino in broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    return lambda folder: broken.add(folder.stat().st_ino)


@pytest.mark.fault(24)
def test_a_folder_that_a_disk_cannot_read_is_an_omission(uploads, storage, failing_disk):
    make(uploads, "a/b", "a.txt", "c/d")
    failing_disk(uploads / "a")
    assert keys_of(storage.list()) == ["a", "a.txt", "c/d"]
    assert omissions_of(storage.list()) == {"a": (True, True)}
    assert keys_of(storage.list(prefix="a/b")) == ["a"]
    assert keys_of(storage.list(after="a/a")) == ["a", "c/d"]


def test_a_root_that_a_disk_cannot_read_is_never_taken_for_empty(uploads, storage, failing_disk):
    failing_disk(uploads)
    with pytest.raises(SourceUnreadable):
        list(storage.list())


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EROFS, AccessDenied),
        (errno.EACCES, AccessDenied),
        (errno.ENAMETOOLONG, KeyRefused),
        (errno.ENOTDIR, KeyRefused),
        (errno.EIO, StorageFailure),
    ],
    ids=lambda value: errno.errorcode[value] if isinstance(value, int) else value.__name__,
)
def test_what_the_file_system_refuses_means_one_thing(number, kind):
    with pytest.raises(kind, match="some/key"), translated("some/key"):
        raise OSError(number, os.strerror(number))


def test_links_are_judged_the_same_where_the_system_tells_no_places(uploads, storage, outside, monkeypatch):
    monkeypatch.setattr(confinement, "_HAS_DESCRIPTORS", False)
    make(uploads, "real/file")
    (uploads / "inside").symlink_to("real")
    (uploads / "outside").symlink_to(outside)
    assert keys_of(storage.list()) == ["inside/file", "outside", "real/file"]
    assert storage.read("inside/file").read() == b"data"
    with pytest.raises(FileUnreadable, match="outside"):
        storage.read("outside/secret")
