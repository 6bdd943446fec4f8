"""Servers that drip, or fall silent: each operation ends in bounded time, and a cancel ends what waits for them."""

import contextlib
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from botocore.awsrequest import AWSRequest

from app.cancellation import INTERRUPTED, Cancelled, CancelToken
from app.errors import StorageError, StorageUnreachable
from app.storages import sockets
from app.storages.s3 import S3Address, client, small
from app.storages.s3.pages import read_page
from app.storages.s3.peers import session_of
from app.storages.s3.requests import PageRequests
from tests.conformance.contents import content
from tests.support.hostile_s3 import OBJECT, OK, answered, at, page, raw_server
from tests.support.service import eventually

pytestmark = [pytest.mark.fault(12)]

MIB = 1024 * 1024
STEP = 0.02
LONG = 120
SHORT = LONG, 0.2, 2
"""A `Patience` that ends by what does not come, and by nothing else: while something is sent, the first number counts."""

BEGUN = "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
MADE = "<CompleteMultipartUploadResult><ETag>abc</ETag></CompleteMultipartUploadResult>"


@pytest.fixture(autouse=True)
def _is_in_a_hurry(monkeypatch):
    monkeypatch.setattr(sockets, "GRACE", 0.1)
    monkeypatch.setattr(sockets, "SLICE", 0.05)
    monkeypatch.setattr(small, "WHOLE_SECONDS", 0.2)


def well(head):
    """Answer as a server that is well."""
    if head.startswith("POST") and "?uploads" in head:
        return answered(BEGUN)
    if head.startswith("POST") and "uploadId" in head:
        return answered(MADE)
    if head.startswith("POST"):
        return answered("<DeleteResult/>")
    if "list-type" in head:
        return answered(page("a"))
    return answered("", headers=OBJECT)


class Stalling:
    """Answers well until a request that is meant; of that answer it sends the start, and then it stalls.

    Args:
        meant: whether a head is of such a request.
        start: what is sent at once.
        drip: bytes that follow, now and then; none: silence.
    """

    def __init__(self, meant, start, drip):
        self._meant, self._start, self._drip = meant, start, drip
        self.stalls, self.ends = threading.Event(), threading.Event()

    def __call__(self, head):
        if not self._meant(head):
            yield well(head)
            return
        yield self._start
        self.stalls.set()
        while not self.ends.wait(STEP):
            yield self._drip


@contextlib.contextmanager
def stalling(meant, start, drip):
    answer = Stalling(meant, start, drip)
    with raw_server(answer) as endpoint:
        try:
            yield answer, endpoint
        finally:
            answer.ends.set()


def read_all(storage):
    with storage.read("key") as found:
        while found.read(MIB):
            pass


def is_listing(head):
    return "list-type" in head


def is_get(head):
    return head.startswith("GET") and "list-type" not in head


def is_piece(head):
    return is_get(head) and "range:" in head.lower()


def is_put(head):
    return head.startswith("PUT")


LENGTH = b"Content-Length: 10000\r\n\r\n"
PIECES = OK + OBJECT + b"Content-Length: 20000000\r\n\r\n"

WAITS = [
    pytest.param(is_listing, b"", lambda s: list(s.list()), id="the head of a page"),
    pytest.param(is_listing, OK + LENGTH + b"<ListBucketResult>", lambda s: list(s.list()), id="a page"),
    pytest.param(is_get, OK + OBJECT, read_all, id="the head of an object"),
    pytest.param(is_get, OK + OBJECT + LENGTH, read_all, id="a small object"),
    pytest.param(is_get, PIECES, read_all, id="a piece"),
    pytest.param(is_put, OK + b"ETag: ", lambda s: s.write("k", content(b"x")), id="the answer to an upload"),
    pytest.param(is_put, OK + b"ETag: ", lambda s: s.write("k", content(b"x" * 17 * MIB)), id="the answer to a part"),
    pytest.param(lambda head: "POST" in head and "uploadId" in head, OK + LENGTH,
                 lambda s: s.write("k", content(b"x" * 17 * MIB)), id="the answer to the last request of an upload"),
    pytest.param(lambda head: "POST" in head, OK + LENGTH, lambda s: s.delete(["a", "b"]), id="a deletion"),
    pytest.param(is_put, b"HTTP/1.1 200", lambda s: s.create(), id="the making of a bucket"),
]  # fmt: skip


@pytest.mark.parametrize("drip", [pytest.param(b" ", id="drips"), pytest.param(b"", id="is silent")])
@pytest.mark.parametrize(("meant", "start", "ask"), WAITS)
def test_a_cancel_ends_the_wait(meant, start, ask, drip):
    token = CancelToken()
    with (
        stalling(meant, start, drip) as (answer, endpoint),
        at(endpoint, token, by_boto3=True) as storage,
        ThreadPoolExecutor(1) as thread,
    ):
        asked = thread.submit(ask, storage)
        assert answer.stalls.wait(LONG)
        token.cancel("cancelled_by_user")
        with pytest.raises(Cancelled, match="cancelled_by_user"):
            asked.result(LONG)


@pytest.mark.fault(3)
def test_what_is_in_hand_is_finished_when_the_process_ends():
    token, goes_on = CancelToken(), threading.Event()

    def answer(head):
        token.cancel(INTERRUPTED)
        assert goes_on.wait(LONG)
        yield well(head)

    with raw_server(answer) as endpoint, at(endpoint, token, by_boto3=True) as storage, ThreadPoolExecutor(1) as thread:
        asked = thread.submit(storage.delete, ["a"])
        eventually(lambda: token.is_cancelled)
        with pytest.raises(TimeoutError):
            asked.result(5 * sockets.GRACE)
        goes_on.set()
        assert asked.result(LONG) == {}


@pytest.mark.parametrize("drip", [pytest.param(b" ", id="drips"), pytest.param(b"", id="is silent")])
@pytest.mark.parametrize(
    ("meant", "start", "ask"),
    [
        pytest.param(is_get, OK + OBJECT + LENGTH, read_all, id="a small object"),
        pytest.param(is_get, b"HTTP/1.1 500 No\r\n" + LENGTH, read_all, id="an error"),
        pytest.param(is_put, OK + b"ETag: ", lambda s: s.write("k", content(b"x")), id="the answer to an upload"),
    ],
)
def test_after_a_cancel_nobody_does_again_what_obstore_has_given_up(meant, start, ask, drip):
    token = CancelToken()
    with (
        stalling(meant, start, drip) as (answer, endpoint),
        at(endpoint, token) as storage,
        ThreadPoolExecutor(1) as thread,
    ):
        waiting = thread.submit(ask, storage)
        assert answer.stalls.wait(LONG)
        token.cancel("cancelled_by_user")
        with pytest.raises(Cancelled):
            waiting.result(LONG)


@pytest.mark.parametrize(("meant", "start", "ask"), WAITS[2:])
def test_without_a_cancel_too_next_to_nothing_is_waited_for_in_bounded_time(meant, start, ask, monkeypatch):
    for patience in ("WORKING", "FINISHING"):
        monkeypatch.setattr(client, patience, SHORT)
    with (
        stalling(meant, start, b" ") as (_, endpoint),
        at(endpoint, by_boto3=True) as storage,
        pytest.raises(StorageError, match=r"next to nothing|in time"),
    ):
        ask(storage)


def test_a_page_is_waited_for_in_bounded_time():
    with stalling(is_listing, OK + LENGTH, b" ") as (_, endpoint):
        address = S3Address(endpoint, "mybucket", "a", "b")
        requests = PageRequests(address, 1, SHORT)
        with contextlib.closing(requests), pytest.raises(StorageUnreachable, match=r"next to nothing|in time"):
            requests.ask({"list-type": "2"}, partial(read_page, address), threading.Event())


@contextlib.contextmanager
def sipping(bytes_at_once, ends):
    """Run a server that takes so many bytes now and then, and never answers."""

    def serve():
        with contextlib.suppress(OSError), listener.accept()[0] as talk:
            while not ends.wait(STEP):
                talk.recv(bytes_at_once)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            ends.set()
            listener.shutdown(socket.SHUT_RDWR)  # or somebody who never came would be waited for
            thread.join()


@pytest.mark.parametrize(
    ("timeouts", "reason"),
    [
        pytest.param((LONG, LONG), Cancelled, id="cancelled"),
        pytest.param((LONG, 0.2), StorageUnreachable, id="not cancelled"),
    ],
)
def test_who_takes_next_to_nothing_is_left(timeouts, reason):
    token, ends = CancelToken(), threading.Event()
    with (
        sipping(16, ends) as endpoint,
        ThreadPoolExecutor(1) as thread,
        contextlib.closing(session_of(None, 1, timeouts, token=token)) as session,
    ):
        request = AWSRequest("PUT", f"{endpoint}/b/k", {}, b"x" * 64 * MIB).prepare()
        sent = thread.submit(session.send, request)
        if reason is Cancelled:
            token.cancel("cancelled_by_user")
        with pytest.raises(reason):
            sent.result(LONG)


@pytest.mark.parametrize("size", [0, 1, 5 * MIB])
def test_a_watched_socket_sends_and_receives_what_any_does(size):
    here, there = socket.socketpair()
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    with sockets.WatchedSocket.of(here) as watched, there, ThreadPoolExecutor(1) as thread:
        watched.settimeout(LONG)
        watched.watched(sockets.Watch("it", 60))
        sent = thread.submit(lambda: (watched.sendall(memoryview(data)), watched.shutdown(socket.SHUT_WR)))
        with there.makefile("rb") as file:
            assert file.read() == data
        sent.result(LONG)
        there.sendall(b"answer")
        there.shutdown(socket.SHUT_WR)
        with watched.makefile("rb") as file:
            assert file.read() == b"answer"
        assert watched.gettimeout() == LONG


@pytest.mark.parametrize("limit", [LONG, 1.0], ids=["a long time-out", "a short one"])
def test_a_process_that_was_stopped_does_not_blame_the_peer(limit):
    """While it waits, a signal comes whose handler takes longer than the peer may; then the peer sends on."""
    here, there = socket.socketpair()
    with sockets.WatchedSocket.of(here) as watched, there:
        watched.settimeout(limit)
        watched.watched(sockets.Watch("it", 0.7))

        def stopped(*_):
            time.sleep(1.5)
            there.sendall(b"on it goes")

        before = signal.signal(signal.SIGUSR1, stopped)
        alarm = threading.Timer(0.1, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1))
        alarm.start()
        try:
            assert watched.recv_into(bytearray(10)) == 10
        finally:
            alarm.join()
            signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize(
    ("others", "gives_up"),
    [pytest.param(0, True, id="alone"), pytest.param(15, False, id="with fifteen others")],
)
def test_those_who_wait_share_what_a_slow_line_carries(others, gives_up, monkeypatch):
    monkeypatch.setattr(sockets, "LEAST_BYTES_PER_SECOND", 4e9)
    watch = sockets.Watch("it", 1e-9)  # whoever waits at all must have moved four bytes
    watch.waits(others)
    here, there = socket.socketpair()
    with sockets.WatchedSocket.of(here) as watched, there:
        watched.settimeout(LONG)
        watched.watched(watch)
        there.sendall(b"x")
        with pytest.raises(StorageUnreachable) if gives_up else contextlib.nullcontext():
            assert watched.recv_into(bytearray(1)) == 1
