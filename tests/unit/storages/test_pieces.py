"""Pieces that are asked for ahead of a reader, and pieces that wait to be sent."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from app.errors import StorageFailure
from app.storages.pieces import TOGETHER, Outgoing, in_order


class Asked:
    """Keeps what was asked for; each piece has arrived if ``arrives``."""

    def __init__(self, arrives=True):
        self.arrives = arrives
        self.spans = []
        self.futures = []

    def __call__(self, begin, end):
        future = Future()
        self.spans.append((begin, end))
        self.futures.append(future)
        if self.arrives:
            future.set_result(b"%d-%d" % (begin, end))
        return future


@pytest.mark.parametrize("ahead", [1, 2, 100])
@pytest.mark.parametrize(
    ("begin", "size", "expected"),
    [
        pytest.param(0, 0, [], id="nothing"),
        pytest.param(25, 25, [], id="nothing behind a start"),
        pytest.param(0, 10, [b"0-10"], id="one"),
        pytest.param(3, 25, [b"3-13", b"13-23", b"23-25"], id="the last one shorter"),
    ],
)
def test_the_pieces_are_the_span(ahead, begin, size, expected):
    assert list(in_order(Asked(), range(begin, size, 10), lambda: ahead)) == expected


def test_as_many_are_asked_for_as_may_be_ahead_at_that_moment():
    asked, ahead = Asked(), 1
    pieces = in_order(asked, range(0, 100, 10), lambda: ahead)
    next(pieces)
    assert len(asked.spans) == 1
    ahead = 3
    next(pieces)
    assert len(asked.spans) == 4
    pieces.close()


def test_closing_takes_back_what_no_thread_has_begun():
    asked = Asked()
    pieces = in_order(asked, range(0, 100, 10), lambda: 3)
    next(pieces)
    asked.arrives = False
    next(pieces)
    pieces.close()
    assert [future.cancelled() for future in asked.futures] == [False, False, False, True]


def test_a_failure_is_raised_in_its_turn_and_takes_the_others_back():
    asked = Asked(arrives=False)

    def ask(begin, end):
        future = asked(begin, end)
        if begin == 0:
            future.set_exception(StorageFailure("broken"))
        return future

    with pytest.raises(StorageFailure):
        next(in_order(ask, range(0, 100, 10), lambda: 3))
    assert [future.cancelled() for future in asked.futures] == [False, True, True]


class Held:
    """Counts the pieces that were read and are not sent yet."""

    def __init__(self):
        self.now = self.most = 0
        self._lock = threading.Lock()

    def read(self):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        return b"piece"

    def sent(self, _):
        with self._lock:
            self.now -= 1


class TestSending:
    @pytest.mark.parametrize(
        ("connections", "most"), [(1, 1), (3, 3), (100, TOGETHER)], ids=["one", "a few", "as many as ever"]
    )
    def test_by_many_holds_few_pieces_and_sends_all(self, connections, most):
        outgoing, held = Outgoing(connections), Held()
        with ThreadPoolExecutor(2) as senders, ThreadPoolExecutor(16) as transfers:

            def send(data):
                return senders.submit(held.sent, data)

            sending = [transfers.submit(outgoing.submit, held.read, send) for _ in range(500)]
            for one in sending:
                one.result().result()
        assert held.most <= most
        assert held.now == 0

    @pytest.mark.parametrize("place", ["reading", "sending", "sent", "taken back"])
    def test_that_fails_makes_room_for_the_next_piece(self, place):
        outgoing, flying = Outgoing(1), Future()

        def fail(*_):
            raise StorageFailure("broken")

        if place in ("reading", "sending"):
            with pytest.raises(StorageFailure):
                outgoing.submit(fail if place == "reading" else lambda: b"", fail)
        else:
            outgoing.submit(lambda: b"", lambda _: flying)
            assert flying.cancel() if place == "taken back" else not flying.set_exception(StorageFailure("broken"))
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(outgoing.submit, lambda: b"", lambda _: flying).result(timeout=10) is flying
