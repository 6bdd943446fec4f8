"""Files that change while they are read are never taken for whole."""

import os
import time

import pytest

from app.errors import (
    FileChanged,
)
from app.storages.local.content import TICK
from tests.support.files import make


def rewrite(path):
    path.write_bytes(b"x" * path.stat().st_size)


def rewrite_and_hide_it(path):
    before = path.stat()
    rewrite(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def truncate(path):
    os.truncate(path, 100)


def replace(path):
    make(path.parent, "other", data=b"y" * path.stat().st_size)
    (path.parent / "other").replace(path)


@pytest.mark.parametrize("change", [rewrite, rewrite_and_hide_it, append, truncate, replace])
@pytest.mark.parametrize("amount", [-1, 1000])
@pytest.mark.parametrize("when", [0, 1000, 5000])
@pytest.mark.fault(23, "I2")
def test_a_file_that_changes_while_it_is_read_is_never_taken_for_whole(uploads, storage, change, amount, when):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        done = len(opened.read(when)) if when else 0
        assert done == when
        change(uploads / "file")
        with pytest.raises(FileChanged):
            read_and_verify(opened, amount)


def read_and_verify(opened, amount):
    while opened.read(amount):
        pass
    opened.verify()


def test_a_file_that_became_shorter_is_noticed_at_once(uploads, storage):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        truncate(uploads / "file")
        opened.read(100)
        with pytest.raises(FileChanged, match="shorter"):
            opened.read(1)


def test_a_file_that_became_longer_is_noticed_at_its_end(uploads, storage):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        append(uploads / "file")
        assert len(opened.read()) == 5000
        with pytest.raises(FileChanged, match="longer"):
            opened.read()


def test_two_changes_within_one_tick_of_the_clock_do_not_go_unseen(uploads, storage):
    path = uploads / "file"
    for _ in range(20):
        path.write_bytes(b"first")
        with storage.read("file") as opened:
            assert time.time() - path.stat().st_ctime >= TICK / 2
            path.write_bytes(b"other")
            opened.read()
            with pytest.raises(FileChanged):
                opened.verify()


def test_a_file_left_alone_is_whole(uploads, storage):
    make(uploads, "file", "empty", data=b"")
    make(uploads, "file", data=b"o" * 5000)
    for key, size in (("file", 5000), ("empty", 0)):
        with storage.read(key) as opened:
            assert len(opened.read()) == opened.size == size
            assert opened.read() == b""
            opened.verify()


def test_a_file_that_is_not_read_to_its_end_is_not_verified(uploads, storage):
    make(uploads, "file")
    with storage.read("file") as opened, pytest.raises(FileChanged):
        opened.verify()
