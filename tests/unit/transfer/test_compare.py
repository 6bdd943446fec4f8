"""Telling contents apart by etags of every form that S3 servers give."""

import hashlib

import pytest

from app.cancellation import Cancelled, CancelToken
from app.storages.base import Entry
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.compare import MIB, is_same_content
from tests.support.storages import WrappedStorage


def multipart_etag(data, part_size):
    parts = [hashlib.md5(data[i : i + part_size]).digest() for i in range(0, len(data), part_size)]
    return f"{hashlib.md5(b''.join(parts)).hexdigest()}-{len(parts)}"


DATA = bytes(range(256)) * 4096 * 17  # 17 MiB


@pytest.fixture(scope="module")
def source():
    storage = MemoryStorage(exists=True)
    storage.write("k", MemoryContent(DATA, 0))
    return storage


@pytest.mark.parametrize(
    ("etag", "same"),
    [
        pytest.param(hashlib.md5(DATA).hexdigest(), True, id="md5 of the whole"),
        pytest.param(hashlib.md5(b"other").hexdigest(), False, id="md5 of something else"),
        pytest.param(multipart_etag(DATA, 8 * MIB), True, id="parts of 8 MiB"),
        pytest.param(multipart_etag(DATA, 5 * MIB), True, id="parts of 5 MiB"),
        pytest.param(multipart_etag(DATA, 16 * MIB), True, id="parts of 16 MiB"),
        pytest.param(multipart_etag(DATA, 64 * MIB), True, id="one part"),
        pytest.param(multipart_etag(DATA[::-1], 8 * MIB), False, id="parts of something else"),
        pytest.param(multipart_etag(DATA, 7 * MIB), False, id="parts of an unusual size count as different"),
        pytest.param("opaque", False, id="an etag of no known form counts as different"),
        pytest.param("0" * 32 + "-0", False, id="no parts"),
    ],
)
def test_an_etag_tells_whether_the_content_is_the_same(source, etag, same):
    entry = Entry("k", len(DATA), 0.0, etag)

    assert is_same_content(source, MemoryStorage(exists=True), entry, CancelToken()) is same


@pytest.mark.parametrize(
    ("theirs", "same"), [pytest.param(b"abc", True, id="same"), pytest.param(b"abd", False, id="other")]
)
def test_without_an_etag_both_sides_are_read(theirs, same):
    ours, target = MemoryStorage(exists=True), MemoryStorage(exists=True)
    ours.write("k", MemoryContent(b"abc", 0))
    target.write("k", MemoryContent(theirs, 0))

    assert is_same_content(ours, target, Entry("k", 3, 0.0, None), CancelToken()) is same


def test_short_reads_do_not_shift_the_parts(source):
    class Dripping(WrappedStorage):
        def read(self, key):
            content = super().read(key)
            whole = content.read

            def read(n=-1, /):
                return whole(min(n, 777_777))

            content.read = read
            return content

    entry = Entry("k", len(DATA), 0.0, multipart_etag(DATA, 8 * MIB))
    assert is_same_content(Dripping(source), MemoryStorage(exists=True), entry, CancelToken())


def test_a_cancel_ends_a_comparison(source):
    token = CancelToken()
    token.cancel("cancelled_by_user")

    with pytest.raises(Cancelled):
        is_same_content(source, MemoryStorage(exists=True), Entry("k", len(DATA), 0.0, "0" * 32), token)
