"""Servers that send more than they tell of, or less: nothing above what was told of is taken, and none of it for whole."""

import pytest

from app.errors import FileChanged, StorageFailure
from tests.support.hostile_s3 import OBJECT, OK, at, raw_server

pytestmark = [pytest.mark.fault(18), pytest.mark.fault(19)]

MIB = 1024 * 1024
SMALL, LARGE = 10, 20 * MIB
CHUNK = b"10000\r\n" + b"x" * 65536 + b"\r\n"
ENDLESS = 400 * MIB
"""Far more than is told of, than all sockets hold between them, and than the driver reads ahead."""


def swelling(told, sent, limit, *, ranges=True):
    """Answer with an object of ``told`` bytes, and go on to ``limit``; note what went out."""

    def answer(head):
        span = next((line.split("=")[1] for line in head.split("\r\n") if line.lower().startswith("range:")), "")
        is_part = span and ranges
        headers = b"Content-Range: bytes %b/%d\r\n" % (span.encode(), told) if is_part else b""
        yield (b"HTTP/1.1 206 Part\r\n" if is_part else OK) + OBJECT + headers
        yield b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % told
        while sum(sent) < limit:
            sent.append(65536)
            yield CHUNK
        yield b"0\r\n\r\n"

    return answer


def read_all(storage):
    with storage.read("key") as content:
        read = 0
        while chunk := content.read(MIB):
            read += len(chunk)
            assert read <= content.size
        content.verify()


@pytest.mark.parametrize("by_boto3", [pytest.param(False, id="obstore"), pytest.param(True, id="boto3")])
@pytest.mark.parametrize(
    ("told", "ranges"),
    [
        pytest.param(SMALL, True, id="a small object"),
        pytest.param(LARGE, True, id="pieces"),
        pytest.param(LARGE, False, id="a server without ranges"),
    ],
)
def test_of_an_object_that_swells_no_more_is_read_than_was_told_of(told, ranges, by_boto3):
    sent = []
    with (
        raw_server(swelling(told, sent, ENDLESS, ranges=ranges)) as endpoint,
        at(endpoint, by_boto3=by_boto3) as storage,
        pytest.raises((StorageFailure, FileChanged), match="length"),
    ):
        read_all(storage)
    assert sum(sent) < ENDLESS / 2


@pytest.mark.parametrize("by_boto3", [pytest.param(False, id="obstore"), pytest.param(True, id="boto3")])
def test_an_object_that_ends_early_is_not_taken_for_whole(by_boto3):
    def answer(_):
        yield OK + OBJECT + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n"

    with (
        raw_server(answer) as endpoint,
        at(endpoint, by_boto3=by_boto3) as storage,
        pytest.raises(StorageFailure, match="broke off"),
    ):
        read_all(storage)


def test_a_piece_that_is_shorter_than_it_tells_is_not_taken():
    def answer(head):
        span = head.lower().partition("range: bytes=")[2].partition("\r\n")[0]
        yield (b"HTTP/1.1 206 Part\r\n" if span else OK) + OBJECT
        yield b"Content-Range: bytes %b/%d\r\n" % (span.encode(), LARGE) if span else b""
        yield b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n" % LARGE

    with raw_server(answer) as endpoint, at(endpoint) as storage, pytest.raises(StorageFailure, match="broke off"):
        read_all(storage)
