"""Telling contents apart by etags of every form that S3 servers give, in either direction, or by reading both sides."""

import hashlib

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import FileChanged
from app.storages.base import Entry
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.compare import MIB, Verdict, compare_contents
from tests.support.storages import WrappedStorage


def md5(data):
    return hashlib.md5(data).hexdigest()


def multipart_etag(data, part_size):
    parts = [hashlib.md5(data[i : i + part_size]).digest() for i in range(0, len(data), part_size)]
    return f"{hashlib.md5(b''.join(parts)).hexdigest()}-{len(parts)}"


DATA = bytes(range(256)) * 4096 * 17  # 17 MiB


class Counting(WrappedStorage):
    """Holds one object under ``k`` and counts what is read of it; each read gives at most ``drip`` bytes."""

    def __init__(self, data, mark=None, drip=None):
        super().__init__(MemoryStorage(exists=True))
        self.inner.write("k", MemoryContent(data, 0))
        self.mark, self.drip, self.done = mark, drip, 0

    def read(self, key):
        content = super().read(key)
        whole = content.read

        def read(n=-1, /):
            chunk = whole(min(n, self.drip) if self.drip else n)
            self.done += len(chunk)
            return chunk

        content.read, content.mark = read, self.mark
        return content


def entry(data, etag=None, stamp=None):
    return Entry("k", len(data), 0.0, etag, stamp)


ETAGS = [
    pytest.param(md5(DATA), True, id="md5 of the whole"),
    pytest.param(md5(b"other"), False, id="md5 of something else"),
    pytest.param(multipart_etag(DATA, 8 * MIB), True, id="parts of 8 MiB"),
    pytest.param(multipart_etag(DATA, 5 * MIB), True, id="parts of 5 MiB"),
    pytest.param(multipart_etag(DATA, 16 * MIB), True, id="parts of 16 MiB"),
    pytest.param(multipart_etag(DATA, 6 * MIB), True, id="the least number of whole MiB for so many parts"),
    pytest.param(multipart_etag(DATA, 64 * MIB), True, id="one part"),
    pytest.param(multipart_etag(DATA, 17 * MIB), True, id="one part that is full"),
    pytest.param(multipart_etag(DATA[::-1], 8 * MIB), False, id="parts of something else"),
    pytest.param(multipart_etag(DATA[::-1], 64 * MIB), False, id="one part of something else"),
    pytest.param(
        multipart_etag(DATA, 7 * MIB), False, id="an unusual size where a usual one is possible counts as different"
    ),
]


@pytest.mark.parametrize(("etag", "same"), ETAGS)
def test_the_targets_etag_tells_by_reading_the_source_once(etag, same):
    source, target = Counting(DATA, "lasting"), Counting(DATA)

    verdict = compare_contents(source, target, entry(DATA, None, "listed"), entry(DATA, etag), CancelToken())

    assert verdict == Verdict(same, "lasting", etag)
    assert (source.done, target.done) == (len(DATA), 0)


@pytest.mark.parametrize(("etag", "same"), ETAGS)
def test_the_sources_etag_tells_by_reading_the_target_once(etag, same):
    source, target = Counting(DATA), Counting(DATA, "lasting")

    verdict = compare_contents(source, target, entry(DATA, etag), entry(DATA, None, "listed"), CancelToken())

    assert verdict == Verdict(same, etag, "lasting")
    assert (source.done, target.done) == (0, len(DATA))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(None, None, id="no etags"),
        pytest.param(None, "opaque", id="an etag of no known form"),
        pytest.param(None, "0" * 32 + "-0", id="no parts"),
        pytest.param(None, "0" * 32 + "-18", id="as many parts as no whole MiB give"),
        pytest.param("W/1", "W/1", id="equal tags of no known form"),
        pytest.param("0" * 32 + "-40", "0" * 32 + "-40", id="equal tags that cannot be recomputed"),
    ],
)
@pytest.mark.parametrize(
    ("end", "same"), [pytest.param(DATA[-1:], True, id="same"), pytest.param(b"!", False, id="other")]
)
def test_without_a_usable_etag_both_sides_are_read(ours, theirs, end, same):
    data = DATA[:-1] + end
    source, target = Counting(DATA, "s"), Counting(data, "t", drip=333_333)

    verdict = compare_contents(source, target, entry(DATA, ours), entry(data, theirs), CancelToken())

    assert verdict == Verdict(same, "s", "t")
    assert (source.done, target.done) == (len(DATA), len(DATA))


def test_reading_both_sides_ends_at_the_first_difference():
    source, target = Counting(DATA), Counting(b"!" + DATA[1:])

    assert not compare_contents(source, target, entry(DATA), entry(DATA), CancelToken()).same
    assert source.done == target.done == MIB


def test_two_equal_md5s_tell_without_reading():
    source, target = Counting(DATA), Counting(DATA)
    etag = md5(DATA)

    verdict = compare_contents(source, target, entry(DATA, etag), entry(DATA, etag), CancelToken())

    assert verdict == Verdict(True, etag, etag)
    assert (source.done, target.done) == (0, 0)


def test_the_same_content_in_one_and_in_many_parts_is_found_the_same():
    etags = md5(DATA), multipart_etag(DATA, 8 * MIB)

    assert compare_contents(
        Counting(DATA, "s"), Counting(DATA), *(entry(DATA, etag) for etag in etags), CancelToken()
    ).same


def test_other_sizes_are_different_without_reading():
    source = Counting(DATA)
    for listed in (entry(DATA[:-1], md5(DATA)), entry(DATA[:-1], None)):
        assert not compare_contents(source, source, entry(DATA), listed, CancelToken()).same
    assert source.done == 0


def test_a_file_that_has_another_size_by_now_is_different_without_reading():
    source = Counting(DATA)
    for listed in (entry(DATA[:-1], md5(DATA)), entry(DATA[:-1], None)):
        assert not compare_contents(source, Counting(DATA[:-1]), entry(DATA[:-1]), listed, CancelToken()).same
    assert source.done == 0


@pytest.mark.parametrize("etag", [md5(b""), "opaque", None])
def test_empty_contents_are_the_same(etag):
    empty = Counting(b"", "s")

    assert compare_contents(empty, empty, entry(b""), entry(b"", etag), CancelToken()).same


def test_an_upload_of_one_empty_part_is_recognised():
    etag = f"{md5(hashlib.md5(b'').digest())}-1"

    assert compare_contents(Counting(b""), Counting(b"other"), entry(b""), entry(b"", etag), CancelToken()).same


@pytest.mark.parametrize("drip", [1_000, 777_777, MIB + 1])
def test_short_reads_do_not_shift_the_parts(drip):
    source = Counting(DATA, drip=drip)
    listed = entry(DATA, multipart_etag(DATA, 5 * MIB))

    assert compare_contents(source, Counting(DATA), entry(DATA), listed, CancelToken()).same


@pytest.mark.parametrize("etag", [md5(DATA), None])
def test_a_file_that_changes_while_it_is_read_is_not_judged(etag):
    class Changing(Counting):
        def read(self, key):
            content = super().read(key)

            def verify():
                raise FileChanged("It changed.")

            content.verify = verify
            return content

    with pytest.raises(FileChanged):
        compare_contents(Changing(DATA), Counting(DATA), entry(DATA), entry(DATA, etag), CancelToken())


@pytest.mark.parametrize("etag", [md5(DATA), multipart_etag(DATA, 5 * MIB), None])
def test_a_cancel_ends_a_comparison_within_a_chunk(etag):
    token, source = CancelToken(), Counting(DATA)
    token.cancel("cancelled_by_user")

    with pytest.raises(Cancelled):
        compare_contents(source, Counting(DATA), entry(DATA), entry(DATA, etag), token)
    assert source.done <= MIB
