"""A real service with few connections and little memory for what is on its way: who has to go, and who stays."""

from contextlib import ExitStack

import pytest

from tests.support.slow_clients import THREADS, Client, clients, impatient_service

pytestmark = pytest.mark.slow

IDLE = 2 * THREADS
HALF = b"POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
REST = b"Host: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A service that waits for ever, but not for many."""
    patience = {"head_seconds": 600, "body_seconds": 600, "answer_seconds": 600}
    few = {"connections": IDLE + THREADS, "waiting_bytes": 3_000_000}
    with impatient_service(tmp_path_factory.mktemp("crowded"), patience | few) as service:
        yield service


def test_who_has_had_his_answer_makes_room_before_who_came_later(crowded):
    with ExitStack() as held:
        for _ in range(IDLE):
            idle = held.enter_context(Client(crowded)).ask("/healthz")
            assert idle.hear(b"}").startswith(b"HTTP/1.1 200")
        late = held.enter_context(Client(crowded)).say(b"GET /healthz HTTP/1.1\r\n")
        for _ in range(IDLE):  # each comes when the one before it was let in
            assert held.enter_context(Client(crowded)).say(HALF[:-2] + b"Expect: 100-continue\r\n\r\n").hear(b"\r\n")
        assert late.say(REST).hear(b"\r\n").startswith(b"HTTP/1.1 200")


def test_who_has_said_nothing_yet_does_not_go_for_the_bodies_of_others(crowded):
    with Client(crowded) as silent, clients(crowded, 4, HALF + b" " * 990_000) as held:
        assert held[0].hear(b"\r\n").startswith(b"HTTP/1.1 503")
        assert silent.ask("/healthz").hear(b"\r\n").startswith(b"HTTP/1.1 200")
