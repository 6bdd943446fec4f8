"""Requests on their way: complete when gunicorn can read all of one without waiting, and not before."""

import io
import time

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser
from hypothesis import given
from hypothesis import strategies as st

from app.serving.arriving import BODY_BYTES, HEAD_BYTES, Arriving

HEAD = b"POST /sync HTTP/1.1\r\nHost: localhost\r\n"

bodies = st.binary(max_size=60) | st.sampled_from([b"\r\n0\r\n\r\n", b"0\r\n\r\n", b"\r\n\r\n", b'{"a": 1}'])
extensions = st.sampled_from([b"", b";a=b", b" ; a"])


@st.composite
def chunked(draw):
    """A body in chunks, with its head."""
    pieces = draw(st.lists(bodies.filter(len), max_size=4))
    chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(piece), draw(extensions), piece) for piece in pieces)
    trailers = draw(st.sampled_from([b"", b"X-Sum: 1\r\n"]))
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n" + trailers + b"\r\n"


sized = bodies.map(lambda body: HEAD + b"content-LENGTH:  %d \r\n\r\n" % len(body) + body)
headless = st.just(HEAD + b"\r\n")
requests = st.builds(bytes.__add__, st.sampled_from([b"", b"\r\n"]), chunked() | sized | headless)


class Waits(Exception):
    """gunicorn would wait for more."""


def arrived(*pieces):
    arriving = Arriving()
    for piece in pieces:
        arriving.add(piece)
    return arriving


def read(data):
    """Have gunicorn read a whole request from these bytes, as it does in a thread; raise `Waits` where they do not do."""

    def source():
        yield data
        raise Waits

    request = next(get_parser(Config(), source(), ("127.0.0.1", 1)))
    return request.body.read()


@given(requests, st.lists(st.integers(0, 400)))
def test_a_request_is_complete_when_gunicorn_can_read_all_of_it(request_bytes, cuts):
    arriving, before = Arriving(), 0
    for cut in sorted({min(cut, len(request_bytes)) for cut in cuts} | {len(request_bytes)}):
        assert not arriving.is_complete
        arriving.add(request_bytes[before:cut])
        before = cut
    assert arriving.is_complete
    read(arriving.taken())


@given(requests, st.data())
def test_a_part_of_it_is_not_complete(request_bytes, data):
    part = request_bytes[: data.draw(st.integers(0, len(request_bytes) - 1))]
    assert not arrived(part).is_complete
    with pytest.raises((Waits, StopIteration)):
        read(part)


@given(
    st.lists(
        st.binary(max_size=30) | st.sampled_from([b"\r\n", b"\n", b"\r\n\r\n", b"Content-Length: 3", HEAD]), max_size=8
    )
)
def test_whatever_comes_is_taken(pieces):
    assert arrived(*pieces).taken() == b"".join(pieces)


def chunks(head, body):
    return HEAD + b"Transfer-Encoding: chunked\r\n" + head + b"\r\n" + body


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b"GET / HTTP/1.1\n\n", id="line feeds alone"),
        pytest.param(chunks(b"", b"zz\r\n"), id="a chunk without a size"),
        pytest.param(chunks(b"", b"5" * 10_000), id="a size without an end"),
        pytest.param(chunks(b"", b"200000\r\n" + b"x" * 1_200_000), id="more chunks than wait here"),
        pytest.param(chunks(b"", b"10000\r\n%s\r\n" % bytes(65_536) * 20), id="many such chunks"),
        pytest.param(HEAD + b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1), id="a large body"),
        pytest.param(
            b"PATCH /x HTTP/1.1\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 9\r\n\r\n",
            id="a piece of an upload that can be resumed",
        ),
        pytest.param(HEAD + b"Content-Length: many\r\n\r\n", id="a length that is none"),
    ],
)
def test_a_thread_has_at_once_what_is_refused_or_read_bit_by_bit(odd):
    assert arrived(odd).is_complete


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(HEAD + b"Content-Length: %030d\r\n\r\nabcd" % 5, id="a length that begins with zeros"),
        pytest.param(chunks(b"", b"%030x\r\nabcd" % 5), id="a size that begins with zeros"),
        pytest.param(chunks(b"", b"%x\r\nabcd" % 2**80), id="a size beyond all machines"),
        pytest.param(chunks(b"", b"0" * 9_000 + b"5\r\n\r\n\r\n"), id="a size of very many digits"),
    ],
)
def test_no_spelling_of_a_length_lets_a_thread_wait_for_the_rest(part):
    assert not arrived(part).is_complete
    with pytest.raises(Waits):
        read(part)


@pytest.mark.parametrize("begin", [HEAD, chunks(b"", b"0\r\n")], ids=["a head", "what follows the last chunk"])
def test_who_sends_byte_by_byte_costs_no_more_for_each_than_others(begin):
    arriving = arrived(begin + b"X: " + b"x" * (HEAD_BYTES - 2_000))
    spent = time.process_time()
    for _ in range(1_000):
        arriving.add(b"x")
    assert time.process_time() - spent < 0.03


def test_chunks_that_are_hardly_more_than_their_sizes_are_too_long():
    arriving = arrived(chunks(b"", b"1\r\nx\r\n" * 200_000))
    assert arriving.is_too_long
    assert not arriving.is_complete


def test_a_head_that_never_ends_is_too_long():
    head = arrived(HEAD + b"X: " + b"x" * HEAD_BYTES)
    assert head.is_too_long
    assert not head.is_complete


def test_who_waits_for_a_word_is_given_it_once():
    arriving = arrived(HEAD + b"Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n")
    assert arriving.wants_word
    arriving.add(b"abc")
    assert arriving.is_complete
    whole = arriving.taken()
    assert b"Expect" not in whole
    assert read(whole) == b"abc"
    assert io.BytesIO(whole).readline() == b"POST /sync HTTP/1.1\r\n"


def test_who_speaks_http_1_0_knows_no_such_word():
    head = HEAD.replace(b"HTTP/1.1", b"HTTP/1.0")
    assert not arrived(head + b"Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n").wants_word
