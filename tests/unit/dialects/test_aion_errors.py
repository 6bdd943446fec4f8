"""How the Aionvision dialect spells every error of the product, and of HTTP."""

import re

import pytest
from flask import Flask
from werkzeug.exceptions import Forbidden, InternalServerError, MethodNotAllowed, NotFound, SecurityError

from app import errors
from app.dialects.aion.errors import AionErrorForm

SECRET = "what the log may tell and a stranger may not"


def _classes(cls):
    return [cls, *(found for child in cls.__subclasses__() for found in _classes(child))]


INVALID, AUTH, DENIED = (400, "VALIDATION_ERROR"), (401, "AUTH_ERROR"), (403, "PERMISSION_DENIED")
MISSING, CONFLICT, RATE = (404, "NOT_FOUND"), (409, "CONFLICT"), (429, "RATE_LIMITED")
FULL = (507, "STORAGE_QUOTA_EXCEEDED")

EXPECTED = {
    "InvalidInput": INVALID, "ConsentRefused": INVALID, "CheckFailed": INVALID, "AuthorizationUnusable": INVALID,
    "KeysMissing": INVALID, "ProviderUnsupported": INVALID, "ManifestUnusable": INVALID, "ImageUnusable": INVALID,
    "RequestRefused": INVALID, "KeyRefused": INVALID,
    "CallerUnknown": AUTH, "InvalidLogin": AUTH, "UserDisabled": AUTH, "PickerSessionEnded": AUTH,
    "ConsentRequired": (401, "REAUTH_REQUIRED"),
    "NotAllowed": DENIED, "RequestForged": DENIED, "AddressRefused": DENIED, "AccessDenied": DENIED,
    "NotFound": MISSING, "JobNotFound": MISSING, "NoManifest": MISSING, "NoImages": MISSING, "ObjectMissing": MISSING,
    "StorageMissing": MISSING,
    "AlreadyExists": CONFLICT, "ConnectionUnusable": CONFLICT, "JobAlreadyFinished": CONFLICT, "NotReady": CONFLICT,
    "UploadRefused": CONFLICT, "ObjectExists": CONFLICT, "StorageNotEmpty": CONFLICT,
    "TooManyAttempts": RATE, "TooManyJobs": RATE, "TooBusy": RATE, "Throttled": RATE,
    "QuotaExceeded": FULL, "StorageFull": FULL,
    "NotConfigured": (503, "NOT_CONFIGURED"), "DatabaseUnavailable": (503, "SERVER_ERROR"),
}  # fmt: skip
"""The status and code of each error; of a storage's others 502 and UPSTREAM_ERROR, and 500 of all that no route lets through."""

ARGUMENTS = {
    errors.InvalidInput: ("files", "Name one."),
    errors.TooManyAttempts: (7,),
    errors.TooManyJobs: (100, 7),
    errors.JobAlreadyFinished: ("1",),
    errors.TooBusy: (7,),
    errors.KeysMissing: (["access_key"],),
    errors.CheckFailed: (errors.StorageMissing(SECRET),),
}


@pytest.fixture
def said():
    """A function that returns the status, the body and the headers of an error."""
    app, form = Flask(__name__), AionErrorForm()

    def answer(error, **headers):
        with app.test_request_context("/api/v2/cloud-storage/connections", headers=headers):
            found = form.product_error(error) if isinstance(error, errors.SluiceError) else form.http_error(error)
            return found.status_code, found.json, found.headers

    return answer


PRODUCT_ERRORS = [cls for cls in _classes(errors.SluiceError) if cls.__module__.startswith("app.errors")]


@pytest.mark.parametrize("cls", PRODUCT_ERRORS, ids=lambda cls: cls.__name__)
def test_each_product_error_has_its_status_its_code_and_its_sentence(said, cls):
    error = cls(*ARGUMENTS.get(cls, (SECRET,)))
    status, body, headers = said(error)
    usual = (502, "UPSTREAM_ERROR") if issubclass(cls, errors.StorageError) else (500, "SERVER_ERROR")

    assert (status, body["error"]["code"]) == EXPECTED.get(cls.__name__, usual)
    assert body["error"]["message"] == (
        str(error) if status != 500 else "Something went wrong in here; the log has the details."
    )
    assert body["error"]["details"]["reason"] == error.reason
    assert set(body) - {"requires_reauth"} == {"error", "request_id"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert (headers.get("WWW-Authenticate") is not None) is (body["error"]["code"] == "AUTH_ERROR")
    assert (headers.get("Retry-After") is not None) is (status == 429 or cls is errors.DatabaseUnavailable)


def test_who_must_consent_anew_is_told_where_the_vendors_page_has_it(said):
    _, body, _ = said(errors.ConsentRequired("Connect the account anew."))

    assert body["requires_reauth"] is True
    assert body["error"]["details"]["requires_reauth"] is True


def test_no_other_401_asks_for_consent(said):
    assert "requires_reauth" not in said(errors.PickerSessionEnded("Open the picker again."))[1]


def test_an_input_that_is_refused_is_named(said):
    assert said(errors.InvalidInput("files", "Name one."))[1]["error"]["details"]["field"] == "files"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(NotFound(), (404, "NOT_FOUND"), id="no such route"),
        pytest.param(MethodNotAllowed(), (405, "REQUEST_REFUSED"), id="no such method"),
        pytest.param(Forbidden("Refused."), (403, "PERMISSION_DENIED"), id="refused"),
        pytest.param(InternalServerError(), (500, "SERVER_ERROR"), id="a fault"),
    ],
)
def test_errors_of_http_have_the_form_too(said, error, expected):
    status, body, _ = said(error)

    assert (status, body["error"]["code"]) == expected
    assert body["error"]["message"]


@pytest.mark.fault("traces")
def test_a_fault_of_ours_tells_nothing_of_itself(said):
    status, body, _ = said(InternalServerError(original_exception=ValueError(SECRET)))

    assert status == 500
    assert SECRET not in str(body)


def test_a_host_that_is_not_ours_is_told_what_would_help(said):
    assert "TRUSTED_HOSTS" in said(SecurityError("Host is not trusted."))[1]["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        pytest.param("a-b_c.1", True, id="plain"),
        pytest.param("x" * 128, True, id="the longest"),
        pytest.param("x" * 129, False, id="too long"),
        pytest.param("a b", False, id="a space"),
        pytest.param("<b>", False, id="markup"),
        pytest.param("é", False, id="not ASCII"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_request_keeps_the_id_that_its_sender_gave_it_where_that_is_harmless(said, sent, kept):
    _, body, headers = said(errors.NotFound("There is none."), **{"X-Request-ID": sent})

    assert headers["X-Request-ID"] == body["request_id"]
    assert (body["request_id"] == sent) is kept
    assert kept or re.fullmatch("req_[0-9a-f]{32}", body["request_id"])
