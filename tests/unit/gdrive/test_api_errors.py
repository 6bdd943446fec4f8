"""Every error that Drive may answer: what becomes of it, and how often it was asked."""

import math
from contextlib import closing

import pytest

from app.errors import (
    AccessDenied,
    ConsentRequired,
    ObjectExists,
    ObjectMissing,
    RequestRefused,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageUnreachable,
    Throttled,
)
from app.storages.gdrive.errors import retry_after_of
from tests.support.drive import drive_files
from tests.support.places import place

FIND = "^GET /drive/v3/files/"

ROWS = [
    (400, "badRequest", RequestRefused, 1),
    (400, "invalidParameter", RequestRefused, 1),
    (400, "invalid", RequestRefused, 1),
    (401, "authError", ConsentRequired, 2),
    (403, "userRateLimitExceeded", Throttled, 6),
    (403, "rateLimitExceeded", Throttled, 6),
    (403, "sharingRateLimitExceeded", Throttled, 1),
    (403, "dailyLimitExceeded", Throttled, 1),
    (403, "storageQuotaExceeded", StorageFull, 1),
    (403, "teamDriveFileLimitExceeded", StorageFull, 1),
    (403, "numChildrenInNonRootLimitExceeded", StorageFull, 1),
    (403, "insufficientFilePermissions", AccessDenied, 1),
    (403, "appNotAuthorizedToFile", AccessDenied, 1),
    (403, "domainPolicy", AccessDenied, 1),
    (403, "cannotDownloadFile", AccessDenied, 1),
    (403, "cannotDownloadAbusiveFile", AccessDenied, 1),
    (403, "fileNotDownloadable", AccessDenied, 1),
    (403, "fileNotExportable", AccessDenied, 1),
    (403, "exportSizeLimitExceeded", AccessDenied, 1),
    (403, "somethingNew", AccessDenied, 1),
    (403, "insufficientPermissions", ConsentRequired, 1),
    (403, "accessNotConfigured", StorageUnreachable, 1),
    (404, "notFound", ObjectMissing, 1),
    (409, "fileIdInUse", ObjectExists, 1),
    (410, "deleted", ObjectMissing, 1),
    (412, "conditionNotMet", StorageFailure, 1),
    (429, "rateLimitExceeded", Throttled, 6),
    (429, "somethingNew", Throttled, 6),
    (500, "backendError", StorageFailure, 6),
    (500, "internalError", StorageFailure, 6),
    (502, "backendError", StorageUnreachable, 6),
    (503, "backendError", StorageUnreachable, 6),
    (504, "backendError", StorageUnreachable, 6),
]


@pytest.mark.parametrize(
    ("status", "reason", "expected", "requests"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in ROWS]
)
def test_an_error_becomes_ours_after_so_many_requests(fake, files, status, reason, expected, requests):
    fake.fail(FIND, status, reason, times=100)
    with pytest.raises(StorageError) as raised:
        files.find("1x")
    assert type(raised.value) is expected
    assert len(fake.asked(FIND)) == requests


@pytest.mark.parametrize(
    ("status", "reason"), [pytest.param(row[0], row[1], id=f"{row[0]} {row[1]}") for row in ROWS if row[3] == 6]
)
def test_what_passes_is_not_noticed(fake, files, waits, status, reason):
    file_id = fake.drive.add("a")
    fake.fail(FIND, status, reason, times=5)
    assert files.find(file_id).name == "a"
    assert waits.slept == [1.5, 2.5, 4.5, 8.5, 16.5]


@pytest.mark.parametrize("after", [False, True], ids=["no answer", "a lost answer"])
def test_a_connection_that_breaks_is_tried_again(fake, files, waits, after):
    file_id = fake.drive.add("a")
    fake.drop(FIND, times=2, after=after)
    assert files.find(file_id).name == "a"
    assert waits.slept == [1.5, 2.5]


def told(code, **error):
    return {"error": {"code": code, "message": "ya29.secret", **error}}


@pytest.mark.parametrize(
    ("status", "body", "expected", "requests"),
    [
        pytest.param(500, "<html>Error 500</html>", StorageFailure, 6, id="HTML, 500"),
        pytest.param(502, "<html>Error 502</html>", StorageUnreachable, 6, id="HTML, 502"),
        pytest.param(429, "<html>Sorry</html>", Throttled, 6, id="HTML, 429"),
        pytest.param(404, "<html>Not Found</html>", StorageUnreachable, 1, id="another server"),
        pytest.param(400, "<html>Bad</html>", StorageUnreachable, 1, id="another server, 400"),
        pytest.param(403, "<html>Forbidden</html>", AccessDenied, 1, id="a proxy that forbids"),
        pytest.param(
            403,
            told(
                403,
                errors=[{"reason": "forbidden"}],
                status="PERMISSION_DENIED",
                details=[{"reason": "SERVICE_DISABLED"}],
            ),
            StorageUnreachable,
            1,
            id="not enabled, by a detail",
        ),
        pytest.param(
            403,
            told(403, status="PERMISSION_DENIED", details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]),
            ConsentRequired,
            1,
            id="too few scopes, by a detail",
        ),
        pytest.param(403, told(403, status="PERMISSION_DENIED"), AccessDenied, 1, id="a status word alone"),
        pytest.param(403, {"error": "insufficient_scope"}, ConsentRequired, 1, id="OAuth's form"),
        pytest.param(401, {"error": "invalid_token"}, ConsentRequired, 2, id="OAuth's form, 401"),
        pytest.param(403, told(403, errors=[]), AccessDenied, 1, id="no reasons"),
        pytest.param(403, told(403, errors=["x"]), AccessDenied, 1, id="a reason that is none"),
        pytest.param(
            403,
            told(403, errors=[{"reason": "domainPolicy"}, {"reason": "rateLimitExceeded"}]),
            AccessDenied,
            1,
            id="the first reason counts",
        ),
        pytest.param(200, "<html>Sign in</html>", StorageUnreachable, 1, id="a page in the place of an answer"),
        pytest.param(200, {"id": "other"}, StorageUnreachable, 1, id="an answer that lacks much"),
    ],
)
def test_errors_of_other_forms(fake, files, status, body, expected, requests):
    fake.fail(FIND, status, body=body, times=100)
    with pytest.raises(StorageError) as raised:
        files.find("1x")
    assert type(raised.value) is expected
    assert len(fake.asked(FIND)) == requests
    assert "ya29" not in str(raised.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.fault(20)
def test_no_redirect_is_followed(fake, files, status):
    with place() as elsewhere:
        fake.fail(FIND, status, headers={"Location": f"http://127.0.0.1:{elsewhere.port}/"}, times=9)
        with pytest.raises(StorageUnreachable, match="not followed"):
            files.find("1x")
        assert elsewhere.arrivals() == []


def test_an_old_token_is_renewed_once_and_unnoticed(fake):
    file_id, tokens = fake.drive.add("a"), fake.tokens()
    with closing(drive_files(fake, tokens=tokens)) as files:
        fake.expire_tokens()
        assert files.find(file_id).name == "a"
        assert files.find(file_id).name == "a"
    sent = [seen.headers["Authorization"] for seen in fake.asked(FIND)]
    assert tokens.refused == [sent[0].removeprefix("Bearer ")]
    assert sent[1:] == [f"Bearer {tokens.current()}"] * 2


@pytest.mark.fault(14)
def test_a_grant_that_was_revoked_needs_a_new_consent(fake, files):
    fake.revoke()
    with pytest.raises(ConsentRequired):
        files.find("1x")
    assert len(fake.asked(FIND)) == 1


@pytest.mark.parametrize(
    ("asked", "slept", "told"),
    [
        pytest.param("7", [7, 7, 7, 8.5, 16.5], 7, id="longer than ours at first"),
        pytest.param("110", [110], 110, id="a long one"),
        pytest.param("3600", [], 3600, id="longer than anybody waits"),
        pytest.param("soon", [1.5, 2.5, 4.5, 8.5, 16.5], 60, id="no time"),
    ],
)
@pytest.mark.fault(9)
def test_a_server_that_asks_to_wait_is_heard(fake, files, waits, asked, slept, told):
    fake.fail(FIND, 429, "rateLimitExceeded", headers={"Retry-After": asked}, times=100)
    with pytest.raises(Throttled) as raised:
        files.find("1x")
    assert (waits.slept, raised.value.retry_after) == (slept, told)


def test_what_is_asked_briefly_is_given_up_soon(fake, files, waits):
    fake.fail(FIND, 503, times=100)
    with pytest.raises(StorageUnreachable):
        files.briefly.find("1x")
    assert (len(fake.asked(FIND)), waits.slept) == (2, [1.5])


def test_a_wait_ends_when_the_storage_is_closed(fake, files, waits):
    waits.interrupted = True
    fake.fail(FIND, 503, times=100)
    with pytest.raises(StorageUnreachable):
        files.find("1x")
    assert len(fake.asked(FIND)) == 1


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("Fri, 31 Dec 1999 23:59:59 GMT", 0),
        ("Fri, 31 Dec 1999 23:59:59 -0000", 0),
        ("Fri, 99 Dec 1999 23:59:59 GMT", None),
    ],
)
def test_how_long_to_wait_is_read_in_both_forms(told, seconds):
    assert retry_after_of({"Retry-After": told}) == seconds


def test_a_date_to_come_is_so_many_seconds_away():
    assert 0 < (retry_after_of({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}) or 0) < math.inf


def test_no_token_is_in_any_message_or_representation(fake, waits):
    tokens = fake.tokens()
    with closing(drive_files(fake, waits, tokens=tokens)) as files:
        assert tokens.current() not in repr(files._address)
        for status, reason, _, _ in ROWS:
            fake.fail(FIND, status, reason, message=f"Bearer {tokens.current()}", times=6)
            with pytest.raises(StorageError) as raised:
                files.find("1x")
            fake.lawful()
            assert tokens.current() not in f"{raised.value!r} {raised.value.__cause__!r}"
