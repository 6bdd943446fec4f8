"""Clients that send, read or close slowly, or not at all: others are served meanwhile, and they are given up in time."""

from contextlib import suppress

import pytest
import requests

from tests.support.service import eventually
from tests.support.slow_clients import THREADS, Client, clients, impatient_service

pytestmark = [pytest.mark.slow, pytest.mark.fault(36)]

BODY = b"POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LARGE = "/docs/swagger-ui-bundle.js"
ASKED = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % LARGE.encode()

SLOW = {
    "nothing at all": b"",
    "half a line": b"GET / HT",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ",
    "a head after another request": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /hea",
    "a body": BODY + b"Content-Length: 100\r\n\r\n{",
    "the end of a body": BODY + b"Content-Length: 1000000\r\n\r\n" + b" " * 999_999,
    "chunks": BODY + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a last chunk": BODY + b'Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n0\r\n',
    "what looks like a last chunk": BODY + b"Transfer-Encoding: chunked\r\n\r\n9\r\n\r\n0\r\n\r\n",
    "a body after 100 Continue": BODY + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
    "a large body that nobody wants": BODY + b"Content-Length: 5000000\r\n\r\n{",
    "a body that no route takes": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    "its end of a finished connection": b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n",
}
"""What a client sends before it falls silent."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory):
    """A service that waits for ever as far as these tests go, except for whom it does not wait at all."""
    patience = {"head_seconds": 600, "body_seconds": 600, "answer_seconds": 600, "goodbye_seconds": 600}
    with impatient_service(tmp_path_factory.mktemp("patient"), patience) as service:
        yield service


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A service that gives up after a moment."""
    patience = {"head_seconds": 0.5, "body_seconds": 0.5, "answer_seconds": 1.0, "waiting_bytes": 3_000_000}
    with impatient_service(tmp_path_factory.mktemp("hasty"), patience) as service:
        yield service


def answers(service):
    """Return whether somebody else is answered; it has less time than any of these services waits for anybody."""
    return requests.get(f"{service.url}/healthz", timeout=90).status_code == 200


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_who_does_not_send_holds_no_thread(patient, sent):
    with clients(patient, 3 * THREADS, sent):
        assert answers(patient)


def test_who_does_not_read_his_answer_holds_no_thread_while_others_wait_for_one(patient):
    with clients(patient, 3 * THREADS, ASKED, window=4096):
        assert answers(patient)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("nothing at all", b""),
        ("half a line", b"HTTP/1.1 408"),
        ("half a head", b"HTTP/1.1 408"),
        ("a body", b"HTTP/1.1 408"),
        ("a last chunk", b"HTTP/1.1 408"),
        ("a body after 100 Continue", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408"),
        ("a large body that nobody wants", b"HTTP/1.1 413"),
    ],
)
def test_what_does_not_come_in_time_is_told_so_and_hung_up_on(hasty, sent, status):
    with Client(hasty) as client:
        assert client.say(SLOW[sent]).hear().startswith(status)


def test_an_answer_that_nobody_reads_is_given_up(hasty):
    whole = len(requests.get(hasty.url + LARGE, timeout=60).content)
    eventually(lambda: f"GET {LARGE} 200" in hasty.log.read_text())
    ended = hasty.log.read_text().count(LARGE)
    with Client(hasty, window=4096) as client:
        client.say(ASKED)
        eventually(lambda: hasty.log.read_text().count(LARGE) > ended)
        assert len(client.hear()) < whole


def test_who_reads_slowly_gets_his_answer(hasty):
    whole = len(requests.get(hasty.url + LARGE, timeout=60).content)
    with Client(hasty, window=65536) as client:
        client.say(ASKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert len(client.hear()) > whole


def outlast(service):
    """Wait until the service has lost patience with somebody who came just now."""
    with Client(service) as other:
        assert other.say(SLOW["a body"]).hear().startswith(b"HTTP/1.1 408")


def test_a_large_body_may_pause_for_longer_than_a_small_one(hasty):
    headers = {**hasty.person("ann").headers, "Tus-Resumable": "1.0.0", "Upload-Length": "2000000"}
    made = requests.post(f"{hasty.url}/api/upload/resumable_upload", headers=headers, timeout=60)
    path = f"/api/upload/{made.headers['Location']}"
    lines = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    with Client(hasty) as client:
        client.say(f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n".encode())
        client.say("".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n")
        client.say(bytes(1_500_000))
        outlast(hasty)
        client.say(bytes(500_000))
        assert client.hear(b"\r\n").startswith(b"HTTP/1.1 204")


def test_a_stream_that_says_nothing_for_long_stays(hasty):
    with Client(hasty) as client:
        assert client.ask("/live/jobs").hear(b": sluice").startswith(b"HTTP/1.1 200")
        outlast(hasty)
        outlast(hasty)
        client.socket.setblocking(False)
        with suppress(BlockingIOError):
            assert client.socket.recv(1) != b""


def test_bodies_on_their_way_are_bounded_together_and_the_oldest_go(hasty):
    with clients(hasty, 4, SLOW["the end of a body"]) as held:
        assert held[0].hear()[:12] in (b"HTTP/1.1 503", b"HTTP/1.1 408")
    assert answers(hasty)


def test_a_body_that_comes_bit_by_bit_is_read(patient):
    body = b'{"username": "nobody", "password": "wrong"}'
    with Client(patient) as client:
        for piece in (BODY[:10], BODY[10:], b"Content-Length: %d\r\n\r\n" % len(body), body[:1], body[1:]):
            client.say(piece)
        assert client.hear(b"}").startswith(b"HTTP/1.1 401")


def test_requests_that_came_together_are_answered_one_after_the_other(patient):
    with Client(patient) as client:
        client.say(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
        client.ask("/healthz", "Connection: close")
        assert client.hear().count(b"HTTP/1.1 200 OK") == 4


HEADS = {
    "101 fields": (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: 1\r\n" * 100 + b"\r\n", b"431"),
    "a long field": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 9_000 + b"\r\n\r\n", b"431"),
    "a long line": (b"GET /?" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
    "a head without an end": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000, b"431"),
    "fields without an end": (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: 1\r\n" * 20_000, b"431"),
    "line feeds": (b"GET / HTTP/1.1\nHost: localhost\n\n", b"400"),
    "both lengths": (BODY + b"Content-Length: 3\r\n" + CHUNKED + b"0\r\n\r\n", b"400"),
    "two lengths": (BODY + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
    "a coding that is none": (BODY + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b"501"),
    "chunks without an end": (BODY + CHUNKED + b"10000\r\n%s\r\n" % bytes(65536) * 20, b"400"),
    "tiny chunks without an end": (BODY + CHUNKED + b"1\r\nx\r\n" * 200_000, b"413"),
}
"""Requests that are refused by their form alone, and with which status."""


@pytest.mark.fault("headers")
@pytest.mark.parametrize(("sent", "status"), HEADS.values(), ids=HEADS)
def test_heads_and_chunks_are_bounded(patient, sent, status):
    with Client(patient) as client:
        client.say(sent)
        assert client.hear(b"\r\n")[9:12] == status
    assert answers(patient)
