import socket
import ssl
import subprocess
import threading

import pytest
from standardwebhooks import Webhook

from app.connections.fetch_policy import FetchPolicy
from app.webhooks.sender import ADDRESSES_MAX, Sender
from app.webhooks.signing import new_secret
from tests.support.places import place, resolver
from tests.support.receivers import answer, dripping, endless, receiving
from tests.support.servers import black_hole, free_port

HERE = FetchPolicy(["127.0.0.1"])
SECRET = new_secret()


def send(url, policy=HERE, seconds=5.0):
    return Sender(policy, seconds=seconds).send(url, SECRET, "an-id", '{"a": "\u00fc"}')


def test_a_message_arrives_signed_and_as_json(receiver):
    taken = send(receiver.url + "/in?b=c")

    [message] = receiver.messages
    assert (taken.status, taken.message, taken.is_delivered) == (204, "", True)
    assert (message.method, message.path, message.headers["content-type"]) == ("POST", "/in?b=c", "application/json")
    assert Webhook(SECRET).verify(message.body, message.headers) == {"a": "\u00fc"}
    assert {"authorization", "cookie", "referer"}.isdisjoint(message.headers)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(receiver, status):
    receiver.usual = answer(status, b"" if status == 204 else b"thanks")

    assert send(receiver.url).is_delivered


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 409, 410, 429, 500, 503])
def test_anything_else_is_not(receiver, status):
    receiver.usual = answer(status, b"" if status == 304 else b"sorry")
    taken = send(receiver.url)

    assert (taken.status, taken.is_delivered, taken.is_gone) == (status, False, status == 410)
    assert str(status) in taken.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.fault(40)
def test_a_redirect_is_not_followed(receiver, status):
    receiver.usual = answer(status, Location=receiver.url + "/elsewhere")
    taken = send(receiver.url + "/in")

    assert (taken.status, taken.is_delivered) == (status, False)
    assert "not followed" in taken.message
    assert [message.path for message in receiver.messages] == ["/in"]


def test_the_beginning_of_a_refusal_is_kept_on_one_line(receiver):
    receiver.usual = answer(500, b"no\r\n such\x00 \xff thing" + b"!" * 5000)
    message = send(receiver.url).message

    assert message.startswith("It answered 500: no such \ufffd thing!!!")
    assert len(message) < 400


def test_an_answer_without_an_end_is_left_alone(receiver):
    receiver.usual = endless
    taken = send(receiver.url)

    assert taken.status == 500
    assert taken.seconds < 3


def test_what_a_receiver_asks_for_is_passed_on(receiver):
    receiver.usual = answer(503, Retry_After="77")

    assert send(receiver.url).retry_after == 77.0


@pytest.mark.parametrize(
    ("first", "status"),
    [
        pytest.param(b"", None, id="before the status"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: ", None, id="in the headers"),
        pytest.param(b"HTTP/1.1 500 X\r\nContent-Length: 100000\r\n\r\n", 500, id="in the body"),
    ],
)
@pytest.mark.fault(40)
def test_who_only_drips_is_hung_up_on(receiver, first, status):
    receiver.usual = dripping(first)
    taken = send(receiver.url, seconds=0.4 if status is None else 3.0)

    assert taken.status == status
    assert 0.3 < taken.seconds < 30


def test_a_body_that_drips_after_2xx_is_delivered(receiver):
    receiver.usual = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")

    assert send(receiver.url, seconds=3.0).is_delivered


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_who_says_nothing_is_hung_up_on(scheme):
    with black_hole() as url:
        taken = send(url.replace("http", scheme), seconds=0.4)

    assert (taken.status, taken.message) == (None, "No answer: it took more than 0.4 seconds.")


def test_who_takes_no_connection_is_told_of_without_the_address():
    taken = send(f"http://127.0.0.1:{free_port()}/a?token=s3cr3t")

    assert (taken.status, taken.message) == (None, "No answer: its host takes no connection.")


def test_a_name_that_nobody_knows_is_told_of():
    assert send("http://nowhere.invalid/").message == "No answer: the name of its host is unknown."


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000, id="headers without measure"),
        pytest.param(b"HTTP/1.1 99999 X\r\n\r\n", id="no status"),
    ],
)
def test_what_is_no_answer_is_told_of(receiver, said):
    receiver.usual = said
    taken = send(receiver.url)

    assert (taken.status, taken.is_delivered) == (None, False)
    assert taken.message.startswith("No answer: ")


def test_without_tls_nothing_is_sent(receiver):
    assert "TLS" in send(receiver.url.replace("http:", "https:")).message
    assert receiver.messages == []


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory):
    """A certificate that nobody has signed, with its key, in one file."""
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", file.with_suffix(".key"), "-out", file]
    subprocess.run(command, check=True, capture_output=True)
    return file


@pytest.fixture
def secure(own_certificate):
    with receiving() as receiver:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own_certificate, own_certificate.with_suffix(".key"))
        receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
        receiver.url = receiver.url.replace("http:", "https:")
        yield receiver


def test_a_certificate_that_nobody_signed_is_not_accepted(secure):
    taken = send(secure.url)

    assert (taken.status, taken.message) == (
        None,
        "No answer: its certificate is not accepted, or there is no TLS.",
    )
    assert secure.messages == []


def test_a_certificate_that_the_operator_trusts_is_accepted(secure, own_certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own_certificate))

    assert send(secure.url).is_delivered


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "169.254.169.254"]
)
def test_an_address_inside_is_not_called(host):
    with place() as inside:
        taken = send(f"http://{host}:{inside.port}/", FetchPolicy())
        arrived = inside.arrivals()

    assert taken.status is None
    assert "is not called" in taken.message or "is not fetched from" in taken.message
    assert arrived == []


@pytest.mark.fault(40)
@pytest.mark.fault(33)
def test_a_name_that_leads_inside_gets_no_byte(receiver, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolver("hooks.example.org", lambda: ["127.0.0.1"]))
    taken = send(receiver.url.replace("127.0.0.1", "hooks.example.org"), FetchPolicy())

    assert (taken.status, receiver.messages) == (None, [])
    assert "refused" in taken.message


def test_a_name_with_very_many_addresses_is_not_called(receiver, monkeypatch):
    places = ["127.0.0.1"] * (ADDRESSES_MAX + 1)
    monkeypatch.setattr(socket, "getaddrinfo", resolver("hooks.example.org", lambda: places))
    url = receiver.url.replace("127.0.0.1", "hooks.example.org")

    assert send(url, FetchPolicy(["hooks.example.org"])).status is None
    del places[0]
    assert send(url, FetchPolicy(["hooks.example.org"])).is_delivered


def test_nobody_is_called_through_a_proxy_of_the_environment(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")

    assert send(receiver.url).is_delivered


def test_no_thread_is_left(receiver):
    send(receiver.url)

    assert [one for one in threading.enumerate() if one.name == "patience"] == []


def test_the_time_of_a_signature_is_that_of_the_attempt(receiver):
    Sender(HERE, clock=lambda: 1_700_000_000.9).send(receiver.url, SECRET, "an-id", "{}")

    assert receiver.messages[0].headers["webhook-timestamp"] == "1700000000"
