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
WAITING = 20_000_000
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
    patience["waiting_bytes"] = WAITING
    with impatient_service(tmp_path_factory.mktemp("patient"), patience) as service:
        yield service


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A service that gives up after a moment."""
    patience = {"head_seconds": 0.5, "body_seconds": 0.5, "answer_seconds": 1.0}
    with impatient_service(tmp_path_factory.mktemp("hasty"), patience) as service:
        yield service


def answers(service):
    """Return whether somebody else is answered; it has less time than any of these services waits for anybody."""
    return requests.get(f"{service.url}/healthz", timeout=90).status_code == 200


def in_time(ask):
    """Return the first true answer: this process may itself be too slow for a hasty service, and asks again then."""

    def once():
        with suppress(OSError):
            return ask()

    return eventually(once, what="an answer")


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
        ("half a line", b"HTTP/1.1 408"),
        ("half a head", b"HTTP/1.1 408"),
        ("a body", b"HTTP/1.1 408"),
        ("a last chunk", b"HTTP/1.1 408"),
        ("a body after 100 Continue", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408"),
        ("a large body that nobody wants", b"HTTP/1.1 413"),
    ],
)
def test_what_does_not_come_in_time_is_told_so_and_hung_up_on(hasty, sent, status):
    def told():
        with Client(hasty) as client:
            return client.say(SLOW[sent]).hear().startswith(status)

    assert in_time(told)


def test_who_says_nothing_in_time_is_told_nothing_and_hung_up_on(hasty):
    with Client(hasty) as client:
        assert client.hear() == b""


def test_an_answer_that_nobody_reads_is_given_up(patient, hasty):
    whole = len(requests.get(patient.url + LARGE, timeout=90).content)
    ended = hasty.log.read_text().count(LARGE)

    def heard():
        with Client(hasty, window=4096) as client:
            began = client.say(ASKED).hear(b"HTTP/1.1 200")
            if not began:
                return None  # asked too late
            eventually(lambda: hasty.log.read_text().count(LARGE) > ended)
            return began + client.hear()

    assert len(in_time(heard)) < whole


def test_who_reads_slowly_gets_his_answer(patient, hasty):
    whole = len(requests.get(patient.url + LARGE, timeout=90).content)

    def has_all():
        with Client(hasty, window=65536) as client:
            client.say(ASKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            return len(client.hear()) > whole

    assert in_time(has_all)


def outlast(service):
    """Wait until the service has lost patience with somebody who came just now."""

    def is_lost():
        with Client(service) as other:
            return other.say(SLOW["a body"]).hear().startswith(b"HTTP/1.1 408")

    in_time(is_lost)


def test_a_large_body_may_pause_for_longer_than_a_small_one(hasty):
    headers = {**hasty.person("ann").headers, "Tus-Resumable": "1.0.0", "Upload-Length": "2000000"}
    lines = {**headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    def is_stored():
        made = requests.post(f"{hasty.url}/api/upload/resumable_upload", headers=headers, timeout=90)
        path = f"/api/upload/{made.headers['Location']}" if made.ok else "/"
        head = f"PATCH {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n{fields}\r\n".encode()
        with Client(hasty) as client:
            client.say(head + bytes(1_500_000))
            outlast(hasty)
            return client.say(bytes(500_000)).hear(b"\r\n").startswith(b"HTTP/1.1 204")

    assert in_time(is_stored)


def test_a_stream_that_says_nothing_for_long_stays(hasty):
    def stays():
        with Client(hasty) as client:
            if not client.ask("/live/jobs").hear(b": sluice").startswith(b"HTTP/1.1 200"):
                return False  # asked too late
            outlast(hasty)
            outlast(hasty)
            client.socket.setblocking(False)
            with suppress(BlockingIOError):
                assert client.socket.recv(1) != b""
            return True

    assert in_time(stays)


def test_bodies_on_their_way_are_bounded_together_and_the_oldest_go(patient):
    body = SLOW["the end of a body"]
    with clients(patient, WAITING // len(body) + 3, body) as held:
        assert held[0].hear(b"\r\n").startswith(b"HTTP/1.1 503")
    assert answers(patient)


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
