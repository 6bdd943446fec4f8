import contextlib
import gzip
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.cancellation import Cancelled, CancelToken
from app.connections.fetch_policy import FetchPolicy
from app.copies.fetching import REDIRECTS_MAX, Fetcher
from app.errors import AddressRefused, FetchFailed, QuotaExceeded
from tests.support.places import resolver
from tests.support.servers import black_hole, free_port

HERE = FetchPolicy(["127.0.0.1"])


class Web(ThreadingHTTPServer):
    """A web server whose answers are bytes that a test gives for each path, status line and all."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def says(self, path, status=200, body=b"", length=None, **headers):
        """Answer at ``path``, announcing ``length`` bytes (None: as many as come)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"Content-Length": str(len(body) if length is None else length)}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self.answers[path] = f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + body


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers[self.path]
        with contextlib.suppress(OSError):
            self.wfile.write(answer) if isinstance(answer, bytes) else answer(self)
        self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    with Web() as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def fetch(tmp_path):
    def run(url, policy=HERE, room=None, seconds=60.0, token=None):
        path = tmp_path / "fetched"
        size = Fetcher(policy, seconds).fetch(url, path, room, token or CancelToken())
        content = path.read_bytes()
        assert len(content) == size
        return content

    return run


@pytest.mark.parametrize("size", [0, 1, 3 * 1024 * 1024 + 1])
def test_the_file_arrives_byte_for_byte(web, fetch, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    web.says("/a?b=c", body=content)
    assert fetch(web.url + "/a?b=c#d") == content
    [(path, headers)] = web.asked
    assert path == "/a?b=c"
    assert headers["Accept-Encoding"] == "identity"
    assert {"Authorization", "Cookie", "Referer"}.isdisjoint(headers)


def test_what_is_packed_on_its_way_stays_packed(web, fetch):
    packed = gzip.compress(b"text" * 1000)
    web.says("/a", body=packed, Content_Encoding="gzip")
    assert fetch(web.url + "/a") == packed


def test_an_answer_of_unknown_length_ends_with_the_connection(web, fetch):
    web.answers["/a"] = b"HTTP/1.0 200 OK\r\n\r\nhello"
    assert fetch(web.url + "/a") == b"hello"


def test_an_answer_in_chunks_arrives_whole(web, fetch):
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (b"hello", b" world" * 50_000, b""))
    web.answers["/a"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    assert fetch(web.url + "/a") == b"hello" + b" world" * 50_000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web, fetch, status):
    web.says("/a/b", status, Location="../c")
    web.says("/c", body=b"here")
    assert fetch(web.url + "/a/b") == b"here"


def test_redirects_are_followed_so_far_and_no_farther(web, fetch):
    for at in range(REDIRECTS_MAX + 2):
        web.says(f"/{at}", 302, Location=f"/{at + 1}")
    web.says(f"/{REDIRECTS_MAX + 1}", body=b"here")
    assert fetch(web.url + "/1") == b"here"
    with pytest.raises(FetchFailed, match="redirects again"):
        fetch(web.url + "/0")


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.2:1/", "http://localhost:1/", "http://[::1]:1/", "http://169.254.169.254/", "http://0x7f.2/"],
)
@pytest.mark.fault(33)
def test_a_redirect_inside_is_not_followed(web, fetch, target):
    web.says("/a", 302, Location=target)
    with pytest.raises(AddressRefused):
        fetch(web.url + "/a")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "http://a:b@example.org/"])
def test_a_redirect_to_what_is_not_fetched_is_refused(web, fetch, target):
    web.says("/a", 302, Location=target)
    with pytest.raises(AddressRefused):
        fetch(web.url + "/a")


def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(web, fetch, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("files.example.org", lambda: ["127.0.0.1"]))
    web.says("/a", body=b"secret")
    with pytest.raises(AddressRefused):
        fetch(web.url.replace("127.0.0.1", "files.example.org") + "/a", FetchPolicy())
    assert web.asked == []


@pytest.mark.fault(33)
def test_a_name_that_moves_inside_after_it_was_looked_at_is_refused(web, fetch, monkeypatch):
    places = iter([["8.8.8.8"], ["127.0.0.1"]])
    monkeypatch.setattr(socket, "getaddrinfo", resolver("files.example.org", lambda: next(places)))
    policy = FetchPolicy()
    url = web.url.replace("127.0.0.1", "files.example.org") + "/a"
    policy.refuse_resolution(policy.read(url))
    with pytest.raises(AddressRefused):
        fetch(url, policy)
    assert web.asked == []


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 429, 500, 503])
def test_anything_but_a_file_fails(web, fetch, status):
    web.says("/a", status, body=b"" if status in (204, 304) else b"sorry")
    with pytest.raises(FetchFailed, match=str(status)):
        fetch(web.url + "/a")


def test_a_redirect_to_nowhere_fails(web, fetch):
    web.says("/a", 302)
    with pytest.raises(FetchFailed, match="302"):
        fetch(web.url + "/a")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", id="less than was announced"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nhello", id="a length past reading"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", id="chunks without an end"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="chunks that are none"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="headers without an end"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: y\r\n", id="headers without the line that ends them"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, id="headers without measure"),
    ],
)
def test_a_broken_answer_fails(web, fetch, answer):
    web.answers["/a"] = answer
    with pytest.raises(FetchFailed) as failed:
        fetch(web.url + "/a?token=s3cr3t")
    assert "s3cr3t" not in str(failed.value)


def test_what_takes_no_connection_fails_and_no_query_is_told(fetch):
    with pytest.raises(FetchFailed, match="takes no connection") as failed:
        fetch(f"http://127.0.0.1:{free_port()}/a?token=s3cr3t")
    assert "s3cr3t" not in str(failed.value)


def test_a_name_that_nobody_knows_fails(fetch):
    with pytest.raises(FetchFailed, match="unknown"):
        fetch("http://nowhere.invalid/", FetchPolicy())


def test_no_tls_fails(web, fetch):
    web.says("/a", body=b"x")
    with pytest.raises(FetchFailed, match="TLS"):
        fetch(web.url.replace("http:", "https:") + "/a")


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        pytest.param(b"Content-Length: 5000000\r\n\r\n", 1, id="as it was announced"),
        pytest.param(b"\r\n", 1, id="as it came"),
    ],
)
def test_a_file_that_is_larger_than_the_room_is_left(web, fetch, headers, asked):
    web.answers["/a"] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + b"x" * 5_000_000
    with pytest.raises(QuotaExceeded):
        fetch(web.url + "/a", room=4_999_999)
    assert len(web.asked) == asked
    assert fetch(web.url + "/a", room=5_000_000) == b"x" * 5_000_000


def dripping(first):
    """Answer these bytes, and then one byte again and again until the other end is gone."""

    def answer(handler):
        handler.wfile.write(first)
        while not handler.server.over.wait(0.02):
            handler.wfile.write(b"x")

    return answer


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="before the status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", id="in the headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", id="in the body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", id="in the length of a chunk"),
    ],
)
def test_a_server_that_only_drips_is_hung_up_on(web, fetch, first):
    web.over = threading.Event()
    web.answers["/a"] = dripping(first)
    with pytest.raises(FetchFailed, match="hardly anything came"):
        fetch(web.url + "/a", seconds=0.3)
    web.over.set()


def test_a_server_that_says_nothing_is_hung_up_on(fetch):
    with black_hole() as url, pytest.raises(FetchFailed, match="hardly anything came"):
        fetch(url + "/a", seconds=0.3)


def test_tls_that_never_comes_about_is_hung_up_on(fetch):
    with black_hole() as url, pytest.raises(FetchFailed, match="hardly anything came"):
        fetch(url.replace("http:", "https:") + "/a", seconds=0.3)


def test_a_cancelled_fetch_ends(web, fetch):
    token, begun = CancelToken(), threading.Event()

    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 100_000)
            begun.set()

    web.answers["/a"] = answer
    cancelling = threading.Thread(target=lambda: begun.wait(30) and token.cancel("cancelled_by_user"))
    cancelling.start()
    with pytest.raises(Cancelled):
        fetch(web.url + "/a", token=token)
    cancelling.join()


def test_a_fetch_that_is_cancelled_before_it_begins_asks_nothing(web, fetch):
    token = CancelToken()
    token.cancel("cancelled_by_user")
    with pytest.raises(Cancelled):
        fetch(web.url + "/a", token=token)
    assert web.asked == []


def test_nobody_is_asked_through_a_proxy_of_the_environment(web, fetch, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    web.says("/a", body=b"x")
    assert fetch(web.url + "/a") == b"x"


def test_no_thread_and_no_connection_is_left(web, fetch):
    web.says("/a", body=b"x")
    before = threading.active_count()
    fetch(web.url + "/a")
    assert [one for one in threading.enumerate() if one.name == "patience"] == []
    assert threading.active_count() <= before + 1
