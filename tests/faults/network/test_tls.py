"""TLS that cannot be trusted, names that move, and what speaks no TLS: told within seconds, and no request gets there."""

import socket
import socketserver
import ssl
import threading
from contextlib import closing
from datetime import timedelta

import pytest

from app.errors import StorageUnreachable
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.contents import content
from tests.support.hostile_s3 import answered, at, page, raw_server
from tests.support.places import resolver
from tests.support.proxies import make_certificate

pytestmark = [pytest.mark.fault(10)]

ASKED = [
    pytest.param(lambda storage: storage.check(), id="check"),
    pytest.param(lambda storage: list(storage.list()), id="list"),
    pytest.param(lambda storage: storage.write("key", content(b"x")), id="write"),
    pytest.param(lambda storage: storage.read("key"), id="read"),
]


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """Return what makes a certificate that is trusted but for what is said of it."""

    def make(**details):
        pair = tmp_path / "certificate", tmp_path / "key"
        make_certificate(*pair, **details)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(pair[0]))
        return pair

    return make


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize(
    "details",
    [
        pytest.param({"until": timedelta(hours=-1)}, id="expired"),
        pytest.param({"name": "elsewhere.test"}, id="another name"),
    ],
)
def test_a_certificate_that_is_not_the_servers_is_refused(trusted, details, ask):
    asked = []
    with (
        raw_server(lambda head: asked.append(head) or [answered(page("a"))], trusted(**details)) as endpoint,
        at(endpoint) as storage,
        pytest.raises(StorageUnreachable, match="secure"),
    ):
        ask(storage)
    assert not any(asked)


@pytest.mark.parametrize("ask", ASKED)
def test_a_certificate_that_is_changed_for_a_bad_one_in_the_middle_is_refused(trusted, ask):
    good = trusted(name="localhost")
    with raw_server(lambda _: [answered(page("a"))], good) as endpoint, at(endpoint) as storage:
        storage.check()
        trusted(name="localhost")  # another key; the server uses it for its next connection, and it is trusted
        make_certificate(*good, name="elsewhere.test")
        with pytest.raises(StorageUnreachable, match="secure"):
            ask(storage)


class Plain(socketserver.BaseRequestHandler):
    """Answers anything as a web server does that speaks no TLS."""

    def handle(self):
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad request\r\n\r\n")


@pytest.mark.parametrize("ask", ASKED)
def test_what_speaks_no_tls_is_told_of(ask):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Plain) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            with at(f"https://localhost:{server.server_address[1]}") as storage, pytest.raises(StorageUnreachable):
                ask(storage)
        finally:
            server.shutdown()
            serving.join()


def test_tls_of_the_last_century_is_refused(trusted, monkeypatch):
    pair = trusted(name="localhost")
    real = ssl.create_default_context

    def old(*arguments, **options):
        context = real(*arguments, **options)
        if arguments and arguments[0] is ssl.Purpose.CLIENT_AUTH:
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context

    monkeypatch.setattr(ssl, "create_default_context", old)
    with (
        raw_server(lambda _: [answered(page("a"))], pair) as endpoint,
        at(endpoint) as storage,
        pytest.raises(StorageUnreachable, match=r"secure|cannot be reached"),
    ):
        storage.check()


def test_a_name_that_moves_is_followed_in_the_middle_of_a_listing(monkeypatch):
    """The first address is gone; whoever connects again asks for the name again."""
    first = answered(page("a", following="2"), headers=b"Connection: close\r\n")
    second = answered(page("b"), headers=b"Connection: close\r\n")
    places = ["127.0.0.1"]
    with raw_server(lambda head: [second if "continuation" in head else first]) as endpoint:
        port = endpoint.rpartition(":")[2]
        monkeypatch.setattr(socket, "getaddrinfo", resolver("moves.test", lambda: places))
        address = S3Address(f"http://moves.test:{port}", "mybucket", "access", "secret", forbids=lambda _: False)
        with closing(S3Storage(address)) as storage:
            entries = storage.list()
            assert next(entries).key == "a"
            places[:] = ["127.0.0.9", "127.0.0.1"]  # nobody listens at the first one
            assert [entry.key for entry in entries] == ["b"]
            assert [entry.key for entry in storage.list()] == ["a", "b"]
