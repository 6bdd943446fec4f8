"""Large bodies, read from real sockets as gunicorn hands them over."""

import socket
import threading
from contextlib import ExitStack, contextmanager, suppress

import pytest
from flask import Flask

from app.errors import TooBusy
from app.web.bodies import PATIENCE_KEY, BodyBroken, allow_large_bodies, large_body

SIZE = 1_000_000


@pytest.fixture
def app():
    app = Flask("test")
    app.config.update({PATIENCE_KEY: 30, "MAX_CONTENT_LENGTH": 1000})
    allow_large_bodies(app, 2)
    return app


@contextmanager
def sending(app, size=SIZE):
    """Open a request whose body is what the socket that this gives is sent."""
    ours, theirs = socket.socketpair()
    with ours, theirs, theirs.makefile("rb") as stream:
        environ = {"wsgi.input": stream, "wsgi.input_terminated": True, "gunicorn.socket": theirs}
        with app.test_request_context(method="PATCH", environ_overrides=environ | {"CONTENT_LENGTH": str(size)}):
            yield ours


def all_of(body):
    content = bytearray()
    while piece := body.read(100_000):
        content += piece
    return bytes(content)


def test_a_body_may_be_larger_than_others_may(app):
    with sending(app) as client, large_body() as body:
        sender = threading.Thread(target=lambda: (client.sendall(b"x" * SIZE), client.shutdown(socket.SHUT_WR)))
        sender.start()
        assert all_of(body) == b"x" * SIZE
        sender.join()
        assert not body.is_broken


def test_a_body_that_ends_too_early_is_broken(app):
    with sending(app) as client, large_body() as body:
        client.sendall(b"x" * 1000)
        client.shutdown(socket.SHUT_WR)
        assert all_of(body) == b"x" * 1000
        assert (body.is_broken, body.came_too_slowly) == (True, False)


@pytest.mark.parametrize("first", [b"", b"x" * 1000], ids=["nothing at all", "nothing more"])
def test_who_sends_nothing_is_hung_up_on(app, first):
    app.config[PATIENCE_KEY] = 0.3
    with sending(app) as client:
        client.sendall(first)
        with large_body() as body:
            assert all_of(body) == first
            assert (body.is_broken, body.came_too_slowly) == (True, True)


@pytest.mark.fault(36)
def test_who_only_drips_is_hung_up_on(app):
    app.config[PATIENCE_KEY] = 0.3
    over = threading.Event()

    def drip(client):
        with suppress(OSError):  # it is hung up on
            while not over.wait(0.02):
                client.sendall(b"x")

    with sending(app) as client, large_body() as body:
        dripping = threading.Thread(target=drip, args=(client,))
        dripping.start()
        assert len(all_of(body)) < 1000
        over.set()
        dripping.join()
        assert body.came_too_slowly


def test_what_breaks_in_the_middle_of_a_read_is_told(app):
    class Reset:
        def read(self, _):
            raise ConnectionResetError

        readinto = read

    environ = {"wsgi.input": Reset(), "wsgi.input_terminated": True, "CONTENT_LENGTH": "10"}
    with app.test_request_context(method="PATCH", environ_overrides=environ), large_body() as body:
        with pytest.raises(BodyBroken):
            body.read(10)
        assert body.read_on(10) == b""
        assert body.is_broken


@pytest.mark.fault(36)
def test_so_many_bodies_are_read_at_once_and_no_more(app):
    with sending(app), large_body(), sending(app), large_body(), sending(app), pytest.raises(TooBusy), large_body():
        pass
    with sending(app), large_body(), sending(app), large_body():
        pass


@pytest.mark.fault(36)
def test_one_caller_leaves_a_quarter_of_the_places_to_others(app):
    allow_large_bodies(app, 4)
    with ExitStack() as open_bodies:
        for _ in range(3):
            open_bodies.enter_context(sending(app))
            open_bodies.enter_context(large_body())
        with sending(app), pytest.raises(TooBusy), large_body():
            pass


def refused_after_reading(size):
    with suppress(ZeroDivisionError), large_body() as body:
        body.read(size)
        raise ZeroDivisionError
    return body


def test_what_is_left_of_a_refused_body_is_read(app):
    """A server that closes a connection with unread bytes takes back its answer."""
    with sending(app) as client:
        sender = threading.Thread(target=lambda: (client.sendall(b"x" * SIZE), client.shutdown(socket.SHUT_WR)))
        sender.start()
        body = refused_after_reading(10)
        sender.join()
        assert body.read_on(1) == b""
        assert not body.is_broken
