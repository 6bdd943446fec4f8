"""What tells one version of a file from another without reading it."""

import os
import time

import pytest

from app.storages.local.stamp import lasting_stamp, stamp_of
from app.storages.memory import MemoryContent
from tests.support.files import make

FINE_NS, COARSE_NS = 123_456_789, 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: path.write_bytes(b"54321"), id="written in place"),
        pytest.param(lambda path: path.chmod(0o600), id="its mode changed"),
        pytest.param(lambda path: path.with_name("other").replace(path), id="another file moved over it"),
    ],
)
def test_a_change_shows_even_when_size_and_time_are_set_back(tmp_path, change):
    make(tmp_path, "file", "other", data=b"12345")
    path = tmp_path / "file"
    before = path.stat()
    change(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert stamp_of(after) != stamp_of(before)


def status(nanoseconds, age):
    changed = int(time.time() - age) * 10**9 + nanoseconds
    fields = [0o100644, 7, 1, 1, 0, 0, 5, 0, 0, 0, 0.0, 0.0, changed / 1e9, 0, changed, changed]
    return os.stat_result(fields)


@pytest.mark.parametrize(
    ("nanoseconds", "age", "lasts"),
    [
        pytest.param(FINE_NS, 0, True, id="a fine clock"),
        pytest.param(COARSE_NS, 0, False, id="a coarse clock, just changed"),
        pytest.param(COARSE_NS, -60, False, id="a coarse clock, changed in the future"),
        pytest.param(COARSE_NS, 60, True, id="a coarse clock, left alone for a while"),
    ],
)
def test_a_stamp_that_a_later_change_could_bear_too_is_no_mark(nanoseconds, age, lasts):
    assert (lasting_stamp(status(nanoseconds, age)) is not None) == lasts


def test_the_entry_of_a_written_file_bears_the_stamp_that_the_listing_shows(storage):
    entry = storage.write("file", MemoryContent(b"data", 1_600_000_000_123_456_789))
    assert entry.stamp
    assert [entry] == list(storage.list())
