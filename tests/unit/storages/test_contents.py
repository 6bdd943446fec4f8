"""Contents as they are read: to their end, past what is skipped, and compared with what their storage told."""

import hashlib

import pytest

from app.errors import FileChanged, StorageFailure
from app.storages.contents import PiecedContent, Proof, Version, WholeContent, read_exactly
from app.storages.memory import MemoryContent

DATA = bytes(range(100))
VERSION = Version("key", len(DATA), 5, "mark")


class Source:
    """Gives pieces of seven bytes and knows which were asked for."""

    def __init__(self, data=DATA):
        self.data = data
        self.begun = []
        self.is_closed = False

    def pieces(self, begin, size):
        try:
            for at in range(begin, min(size, len(self.data)), 7):
                self.begun.append(at)
                yield self.data[at : min(at + 7, size)]
        finally:
            self.is_closed = True


def proof_of(data):
    digest = hashlib.sha256()
    return Proof("its digest", digest.update, lambda: digest.digest() == hashlib.sha256(data).digest())


CONTENTS = [
    pytest.param(lambda: WholeContent(VERSION, DATA), id="whole"),
    pytest.param(lambda: PiecedContent(VERSION, Source().pieces, proof_of(DATA)), id="in pieces"),
    pytest.param(lambda: PiecedContent(VERSION, Source().pieces, proof_of(DATA), DATA[:20]), id="with a start"),
    pytest.param(lambda: PiecedContent(VERSION, Source().pieces, proof_of(DATA), DATA), id="all of it the start"),
]


@pytest.mark.parametrize("opened", CONTENTS)
@pytest.mark.parametrize("n", [1, 7, 10, 1000, -1])
def test_all_is_read_and_verified(opened, n):
    with opened() as content:
        assert (content.size, content.modified_ns, content.mark) == (100, 5, "mark")
        assert b"".join(iter(lambda: content.read(n), b"")) == DATA
        content.verify()


@pytest.mark.parametrize("opened", CONTENTS)
def test_what_was_not_read_to_its_end_is_not_verified(opened):
    with opened() as content:
        content.read(99)
        with pytest.raises(FileChanged, match="'key' was not read to its end"):
            content.verify()


@pytest.mark.parametrize("opened", CONTENTS)
@pytest.mark.parametrize("skipped", [0, 1, 6, 7, 30, 99, 100])
def test_what_is_skipped_is_passed_over(opened, skipped):
    with opened() as content:
        first = content.read(min(1, skipped))
        content.skip(skipped - len(first))
        assert content.read() == DATA[skipped:]
        content.verify()


def test_what_is_skipped_is_not_asked_for():
    source = Source()
    with PiecedContent(VERSION, source.pieces, None) as content:
        content.read(1)
        content.skip(89)
        assert content.read() == DATA[90:]
    assert source.begun == [0, 90, 97]


def test_other_bytes_than_the_storage_told_of_are_found_at_the_end():
    with PiecedContent(VERSION, Source().pieces, proof_of(b"other")) as content:
        content.read()
        with pytest.raises(FileChanged, match="'key' arrived with other bytes than its digest tells of"):
            content.verify()


def test_some_of_the_bytes_prove_nothing():
    with PiecedContent(VERSION, Source().pieces, proof_of(b"other")) as content:
        content.skip(1)
        content.read()
        content.verify()


def test_an_early_end_is_a_failure():
    with (
        PiecedContent(VERSION, Source(DATA[:50]).pieces, None) as content,
        pytest.raises(StorageFailure, match="'key' ended after 50 of 100 bytes"),
    ):
        content.read()


def test_closing_ends_what_is_under_way():
    source = Source()
    content = PiecedContent(VERSION, source.pieces, None)
    content.read(1)
    assert not source.is_closed
    content.close()
    assert source.is_closed


class Dripping(MemoryContent):
    """Gives at most three bytes at a time."""

    def read(self, n=-1, /):
        """Return some."""
        return super().read(min(n, 3))


def test_exactly_so_many_bytes_are_read():
    content = Dripping(DATA, 0)
    assert [read_exactly(content, n) for n in (10, 0, 2)] == [DATA[:10], b"", DATA[10:12]]


def test_fewer_bytes_than_were_told_are_a_change():
    with pytest.raises(FileChanged):
        read_exactly(Dripping(DATA, 0), 101)
