"""Pieces are fetched ahead, given out in order, and given up when nobody wants them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from app.errors import StorageFailure
from app.storages.pieces import AHEAD, TOGETHER
from app.storages.s3.ranges import PIECE, PiecePool, pieces_of

SIZE = 6 * PIECE + 1


class Server:
    """Gives each piece as its number; piece 0 comes only once the gate is open."""

    def __init__(self):
        self.gate = threading.Event()
        self.asked = []
        self.given_up = []
        self.broken = set()

    def piece(self, begin, end, given_up):
        self.asked.append((begin, end))
        self.given_up.append(given_up)
        if begin == 0:
            assert self.gate.wait(30)
        if begin // PIECE in self.broken:
            raise StorageFailure("broken")
        return b"%d" % (begin // PIECE)


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def pool():
    with closing(PiecePool(8)) as pool:
        yield pool


def test_pieces_come_in_order_though_the_first_arrives_last(server, pool):
    with closing(pieces_of(server, pool, 0, SIZE)) as pieces, ThreadPoolExecutor(1) as reader:
        first = reader.submit(next, pieces)
        server.gate.set()
        assert [first.result(30), *pieces] == [b"0", b"1", b"2", b"3", b"4", b"5", b"6"]
    assert sorted(server.asked) == [(begin, min(begin + PIECE, SIZE)) for begin in range(0, SIZE, PIECE)]


def test_no_more_are_asked_for_than_may_be_in_memory(server, pool):
    server.gate.set()
    with closing(pieces_of(server, pool, 0, SIZE)) as pieces:
        next(pieces)
        assert len(server.asked) <= AHEAD
        next(pieces)
        assert len(server.asked) <= AHEAD + 1


@pytest.mark.parametrize("read", [1, 3])
def test_what_nobody_wants_any_more_is_given_up(server, pool, read):
    server.gate.set()
    pieces = pieces_of(server, pool, 0, SIZE)
    for _ in range(read):
        next(pieces)
    assert not any(given_up.is_set() for given_up in server.given_up)
    pieces.close()
    pool.close()
    assert all(given_up.is_set() for given_up in server.given_up)


def test_a_piece_that_fails_fails_the_reader_at_its_place(server, pool):
    server.gate.set()
    server.broken = {2}
    pieces = pieces_of(server, pool, 0, SIZE)
    assert [next(pieces), next(pieces)] == [b"0", b"1"]
    with pytest.raises(StorageFailure):
        next(pieces)
    assert all(given_up.is_set() for given_up in server.given_up)


@pytest.mark.parametrize(("connections", "ahead"), [(1, 1), (2, 2), (4, 4), (64, 4)])
def test_few_connections_mean_few_pieces_ahead(connections, ahead):
    assert PiecePool(connections).ahead == ahead


@pytest.mark.parametrize(("readers", "each"), [(0, 4), (1, 4), (2, 4), (3, 2), (4, 2), (8, 1), (20, 1)])
def test_many_readers_have_fewer_pieces_each(pool, readers, each):
    with ExitStack() as stack:
        for _ in range(readers):
            stack.enter_context(pool.reading())
        assert pool.ahead == each
        assert readers * each <= max(readers, TOGETHER)
    assert pool.ahead == AHEAD
