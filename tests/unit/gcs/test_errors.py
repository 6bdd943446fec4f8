"""The table that turns what Google and urllib3 say into product errors."""

import json

import pytest
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    IncompleteRead,
    LocationParseError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    ObjectMissing,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.errors import may_pass, refusal, said
from app.storages.http_api.meanings import meaning_of
from tests.support.gcs_keys import PRIVATE_KEY

SECRET = "ya29.token"
KNOWN = GcsAddress(
    "bucket", "https://user:password@storage.example", {"client_email": "a@b", "private_key": PRIVATE_KEY}
)
ANYBODY = GcsAddress("bucket", "https://storage.example")


def body(reason):
    return json.dumps(
        {"error": {"code": 0, "message": SECRET, "errors": [{"reason": reason, "message": SECRET}]}}
    ).encode()


ANSWERS = [
    pytest.param(400, "invalid", "", StorageFailure, False, id="refused"),
    pytest.param(400, "userProjectMissing", "", AccessDenied, False, id="who asks pays"),
    pytest.param(401, "authError", "", InvalidCredentials, False, id="an unknown account"),
    pytest.param(403, "forbidden", "key", AccessDenied, False, id="not allowed"),
    pytest.param(403, "rateLimitExceeded", "key", StorageFailure, True, id="too often, as a refusal"),
    pytest.param(404, "notFound", "", StorageMissing, False, id="no bucket"),
    pytest.param(404, "notFound", "key", ObjectMissing, False, id="no object"),
    pytest.param(409, "conflict", "", StorageFailure, False, id="a conflict"),
    pytest.param(412, "conditionNotMet", "key", StorageFailure, False, id="another version"),
    pytest.param(429, "rateLimitExceeded", "key", StorageFailure, True, id="too often"),
    pytest.param(500, "backendError", "key", StorageFailure, True, id="failed"),
    pytest.param(503, "backendError", "key", StorageUnreachable, True, id="not ready"),
    pytest.param(507, "", "key", StorageFull, False, id="full"),
    pytest.param(301, "", "", StorageUnreachable, False, id="elsewhere"),
]


@pytest.mark.parametrize(("status", "reason", "key", "kind", "passes"), ANSWERS)
def test_an_answer_becomes_a_product_error(status, reason, key, kind, passes):
    error = refusal(KNOWN, key, status, body(reason))
    assert type(error) is kind
    assert may_pass(status, body(reason)) == passes
    for secret in (SECRET, "password", "PRIVATE"):
        assert secret not in str(error)


def test_what_is_refused_to_the_anonymous_is_not_allowed_to_all():
    for status in (401, 403):
        error = refusal(ANYBODY, "", status, body("required"))
        assert type(error) is AccessDenied
        assert "key file" in str(error)


@pytest.mark.parametrize("status", [400, 404, 405, 500, 501])
@pytest.mark.parametrize(
    "said",
    [b"<html>", b"[]", b"{}", b'{"error": "x"}', b"[" * 100_000, b"\xff"],
    ids=["HTML", "a list", "an object", "a word", "deep", "no text"],
)
def test_what_google_does_not_say_is_said_by_another_server(status, said):
    error = refusal(KNOWN, "key", status, said)
    assert type(error) is StorageUnreachable
    assert "not as Google Cloud Storage" in str(error)


@pytest.mark.parametrize("errors", [None, [], [7], [{}], [{"reason": 7}], [{"reason": "<b>" * 9}], {}])
def test_an_error_of_google_needs_no_word(errors):
    told = json.dumps({"error": {"errors": errors}}).encode()
    assert type(refusal(KNOWN, "", 404, told)) is StorageMissing


@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (ConnectTimeoutError(SECRET), StorageUnreachable, "in time"),
        (ReadTimeoutError(HTTPConnectionPool("host"), "/", SECRET), StorageUnreachable, "in time"),
        (NewConnectionError(HTTPConnection("host"), SECRET), StorageUnreachable, "cannot be reached"),
        (ProtocolError(SECRET), StorageUnreachable, "cannot be reached"),
        (SSLError(SECRET), StorageUnreachable, "certificate"),
        (IncompleteRead(1, 2), StorageFailure, "broke off"),
        (LocationParseError(SECRET), StorageUnreachable, "no address"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_exception_becomes_a_product_error(error, kind, word):
    told = said(meaning_of(error), KNOWN, "key")
    assert type(told) is kind
    assert word in str(told)
    assert SECRET not in str(told)
