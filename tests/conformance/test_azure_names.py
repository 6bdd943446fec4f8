"""A service that takes ``a.`` for ``a``, as Microsoft's is said to do: no object is ever taken for another one."""

import http.client
import re
import threading
import uuid
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from app.errors import KeyRefused, ObjectMissing
from app.storages.azure.storage import AzureStorage
from tests.conformance.contents import MIB, bytes_of, content

DROPPED = ("connection", "transfer-encoding", "content-length", "host")


@contextmanager
def losing_dots(url):
    """Pass requests on without the dots at the ends of names; a SAS token of a container is good for every name."""
    target = urlsplit(url).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self):
            path, mark, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in DROPPED}
            with closing(http.client.HTTPConnection(target, timeout=30)) as connection:
                connection.request(self.command, re.sub(r"\.+(?=/|$)", "", path) + mark + query, body, headers)
                answer = connection.getresponse()
                data = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            length = answer.getheader("Content-Length", "0") if self.command == "HEAD" else str(len(data))
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_HEAD = do_PUT = do_DELETE = _answer  # noqa: N815 - the names are http.server's

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{urlsplit(url).path}"
        finally:
            server.shutdown()
            serving.join()


@pytest.fixture
def storage(azurite):
    name = "c" + uuid.uuid4().hex
    with closing(AzureStorage(azurite.container(name))) as direct:
        direct.create()
    with losing_dots(azurite.url) as url, ExitStack() as opened:
        address = replace(azurite.shared(name, "racwdl"), url=url)
        yield opened.enter_context(closing(AzureStorage(address, connections=4)))


def keys_of(storage):
    return [entry.key for entry in storage.list()]


@pytest.mark.parametrize("size", [10, 17 * MIB])
def test_an_object_is_not_replaced_by_one_whose_name_would_lose_its_dot(storage, size):
    storage.write("name", content(b"precious"))
    with pytest.raises(KeyRefused):
        storage.write("name.", content(bytes_of(size)))
    assert keys_of(storage) == ["name"]
    assert storage.read("name").read() == b"precious"


@pytest.mark.parametrize("size", [10, 17 * MIB])
def test_an_object_under_another_name_than_its_own_is_taken_back(storage, size):
    with pytest.raises(KeyRefused):
        storage.write("folder./name", content(bytes_of(size)))
    assert keys_of(storage) == []


def test_an_object_is_not_read_or_deleted_under_another_name(storage):
    storage.write("name", content(b"precious"))
    for look in (storage.stat, storage.read):
        with pytest.raises(ObjectMissing):
            look("name.")
    assert storage.delete(["name."]) == {}
    assert keys_of(storage) == ["name"]


def test_a_name_that_loses_nothing_is_stored_as_ever(storage):
    for key in ("a.b", ".hidden", "trail/", "a//b", "/lead"):
        storage.write(key, content(key.encode()))
    assert sorted(keys_of(storage)) == sorted(["a.b", ".hidden", "trail/", "a//b", "/lead"])
    storage.write("trail/", content(b"again"))
    assert storage.read("trail/").read() == b"again"
