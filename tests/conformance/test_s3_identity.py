"""Keys that are lent for a role: from moto's STS they open a bucket, and every refusal is told, short and translated."""

import json
import threading
import traceback
import uuid
from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from app.errors import IdentityRefused, StorageUnreachable
from app.storages.s3 import S3Storage
from app.storages.s3.identity import ANSWER_BYTES, EXCHANGE, REASONS, assume_role
from tests.conformance.contents import MIB, content
from tests.support import sts
from tests.support.answers import answering
from tests.support.places import place
from tests.support.servers import black_hole, free_port, scripted

ROLE = "arn:aws:iam::123456789012:role/sluice-tests"
TOKEN = "head.claims-of-somebody.signature"
IMPATIENT = (0.3, 0.3, 1)
OFFERED = 64 * MIB
SPILLED = 32 * MIB
"""What the two systems hold of a connection that nobody reads from."""


def keys_from(url, role=ROLE, name="sluice", token=TOKEN, seconds=900, **other):
    return assume_role(url, role, name, token, seconds, **other)


@pytest.mark.slow
def test_the_keys_that_are_lent_open_a_bucket(moto):
    name = "b" + uuid.uuid4().hex
    with closing(S3Storage(moto.bucket(name))) as storage:
        storage.create()
        storage.write("key", content(b"data"))
    keys = keys_from(moto.endpoint, seconds=900)
    lent = replace(
        moto.bucket(name), access_key=keys.access_key, secret_key=keys.secret_key, session_token=keys.session_token
    )
    with closing(S3Storage(lent)) as storage:
        assert storage.read("key").read() == b"data"


def test_all_that_is_lent_arrives():
    with scripted(lambda *_: (200, sts.lent()), "text/xml") as url:
        keys = keys_from(url)
    assert (keys.access_key, keys.secret_key, keys.session_token) == ("ASIAEXAMPLE", "lent-secret", "lent-token")
    assert keys.expires_at == sts.EXPIRES_AT
    assert "lent-" not in repr(keys)


def test_the_request_is_amazons_and_takes_nothing_from_the_surroundings(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ambient")
    monkeypatch.setenv("AWS_PROFILE", "none-such")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    asked = []

    def answer(connection, request):
        asked.append(request)
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(sts.lent())}\r\n\r\n{sts.lent()}".encode())

    with answering(answer) as url:
        keys_from(url, seconds=1234)
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST / HTTP/1.1")
    assert b"authorization" not in head.lower()
    assert b"AKIAAMBIENT" not in asked[0]
    assert parse_qs(body.decode()) == {
        "Action": ["AssumeRoleWithWebIdentity"],
        "Version": ["2011-06-15"],
        "RoleArn": [ROLE],
        "RoleSessionName": ["sluice"],
        "WebIdentityToken": [TOKEN],
        "DurationSeconds": ["1234"],
    }


@pytest.mark.parametrize("code", REASONS)
def test_a_refusal_is_told_in_words_of_ours(code):
    body = sts.refused(code, f"the token {TOKEN} is bad")
    status = 403 if code == "AccessDenied" else 400
    with scripted(lambda *_: (status, body), "text/xml") as url, pytest.raises(IdentityRefused) as refused:
        keys_from(url)
    assert code in str(refused.value)
    assert REASONS[code] in str(refused.value)
    assert TOKEN not in "".join(traceback.format_exception(refused.value))
    assert refused.value.reason == "identity_refused"


def test_a_refusal_of_another_kind_is_one_too():
    body = sts.refused("SomethingNew", "?")
    with scripted(lambda *_: (400, body), "text/xml") as url, pytest.raises(IdentityRefused, match="SomethingNew"):
        keys_from(url)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"role": "short"}, id="no role"),
        pytest.param({"role": ""}, id="an empty role"),
        pytest.param({"name": "x"}, id="a short name"),
        pytest.param({"token": ""}, id="no token"),
        pytest.param({"seconds": 5}, id="too short a time"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(given):
    with place() as nobody:
        with pytest.raises(IdentityRefused):
            keys_from(f"http://127.0.0.1:{nobody.port}", **given)
        assert nobody.arrivals() == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(200, "<html>Hello</html>", id="a page"),
        pytest.param(200, "<html><p>Hello", id="half a page"),
        pytest.param(200, "", id="nothing"),
        pytest.param(200, sts.lent(expires="1e300"), id="keys that end beyond all time"),
        pytest.param(200, sts.lent(expires="inf"), id="keys that never end"),
        pytest.param(200, "garbage \x00 \U0001f600", id="garbage"),
        pytest.param(200, json.dumps({"keys": []}), id="JSON"),
        pytest.param(200, sts.lent(expires="some day"), id="keys until some day"),
        pytest.param(200, sts.lent().replace("SessionToken", "Other"), id="keys without a token"),
        pytest.param(301, "", id="a redirect"),
        pytest.param(404, "<html>Missing</html>", id="no such page"),
        pytest.param(403, "Forbidden", id="a firewall"),
        pytest.param(500, "<html>Broken</html>", id="broken"),
        pytest.param(503, sts.refused("ServiceUnavailable", ""), id="not available"),
        pytest.param(400, sts.refused("IDPCommunicationError", ""), id="it could not ask who issued the token"),
        pytest.param(400, sts.refused("Throttling", ""), id="too many requests"),
    ],
)
def test_what_lends_nothing_and_refuses_nothing_is_not_reachable(status, body):
    with scripted(lambda *_: (status, body), "text/xml") as url, pytest.raises(StorageUnreachable) as told:
        keys_from(url, patience=(5, 20, 1))
    assert TOKEN not in str(told.value)
    assert url in str(told.value)


@pytest.mark.parametrize("status", [500, 503])
def test_what_may_pass_is_asked_twice_and_no_more(status):
    asked = []
    with scripted(lambda *_: asked.append(1) or (status, ""), "text/xml") as url, pytest.raises(StorageUnreachable):
        keys_from(url)
    assert len(asked) == EXCHANGE[2] == 2


def test_a_refusal_is_asked_for_once():
    asked = []
    body = sts.refused("ExpiredTokenException", "")
    with scripted(lambda *_: asked.append(1) or (400, body), "text/xml") as url, pytest.raises(IdentityRefused):
        keys_from(url)
    assert len(asked) == 1


def test_no_redirect_is_followed():
    with place() as elsewhere:

        def answer(connection, _):
            head = f"HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:{elsewhere.port}/\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(head.encode())

        with answering(answer) as url, pytest.raises(StorageUnreachable):
            keys_from(url)
        assert elsewhere.arrivals() == []


def test_nobody_is_asked_at_a_forbidden_address():
    with place() as forbidden:
        with pytest.raises(StorageUnreachable, match="refused here"):
            keys_from(f"http://127.0.0.1:{forbidden.port}", forbids=lambda ip: ip == "127.0.0.1")
        assert forbidden.arrivals() == []


def test_an_answer_that_does_not_end_is_not_read_for_ever():
    sent = []

    def answer(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<Answer>")
        done = 0
        try:
            while done < OFFERED:
                done += connection.send(b"x" * MIB)
        finally:
            sent.append(done)

    with answering(answer) as url, pytest.raises(StorageUnreachable, match="not as a service"):
        keys_from(url)
    assert max(sent) <= ANSWER_BYTES + SPILLED


def test_an_answer_that_drips_is_not_waited_for():
    left = threading.Event()

    def answer(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not left.wait(0.05):  # the next byte, until nobody reads any more
                connection.sendall(b"x")
        finally:
            left.set()

    with answering(answer) as url, pytest.raises(StorageUnreachable):
        keys_from(url, patience=IMPATIENT)
    assert left.wait(30)


def test_a_place_that_never_answers_or_where_nobody_listens_is_told():
    with black_hole() as url, pytest.raises(StorageUnreachable, match="in time"):
        keys_from(url, patience=IMPATIENT)
    with pytest.raises(StorageUnreachable, match="cannot be reached"):
        keys_from(f"http://127.0.0.1:{free_port()}", patience=IMPATIENT)
    assert EXCHANGE == (5, 20, 2)
