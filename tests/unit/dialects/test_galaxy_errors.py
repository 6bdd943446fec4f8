"""How the Galaxy dialect spells every error of the product."""

import pytest
from flask import Flask
from werkzeug.exceptions import Forbidden, InternalServerError, MethodNotAllowed, NotFound, SecurityError

from app import errors
from app.dialects.galaxy.errors import ANSWERS, GalaxyErrorForm

SECRET = "what the log may tell and a stranger may not"


def _classes(cls):
    return [cls, *(found for child in cls.__subclasses__() for found in _classes(child))]


EXPECTED = {
    "InvalidInput": (400, 400008), "CallerUnknown": (403, 403008), "InvalidLogin": (401, 401001), "UserDisabled": (401, 401001),
    "NotAllowed": (403, 403002), "RequestForged": (403, 403002), "NotFound": (404, 404001), "JobNotFound": (404, 404001),
    "NoManifest": (404, 404001), "NoImages": (404, 404001), "AlreadyExists": (409, 409001), "ConnectionUnusable": (409, 409001),
    "JobAlreadyFinished": (409, 409001), "NotReady": (409, 409001), "UploadRefused": (409, 409001), "TooManyAttempts": (429, 0),
    "TooManyJobs": (429, 0), "TooBusy": (429, 0), "AddressRefused": (403, 403004), "AuthorizationUnusable": (400, 400008),
    "KeysMissing": (400, 400007), "ProviderUnsupported": (400, 400008), "CheckFailed": (400, 400008), "ManifestUnusable": (400, 400008),
    "ImageUnusable": (400, 400008), "InvalidCredentials": (401, 401001), "IdentityRefused": (401, 401001), "ConsentRequired": (401, 401001), "QuotaExceeded": (413, 0), "StorageFull": (507, 0),
    "ObjectExists": (409, 409001), "ObjectMissing": (404, 404001), "Throttled": (429, 0), "DatabaseUnavailable": (503, 0),
}  # fmt: skip
"""The status and code of each error; of a storage's others 400 and 0, and 500 and 500001 of all that no route lets through."""

WAITING = (errors.DatabaseUnavailable, errors.Throttled)
"""Those that say when to ask again, whatever their status."""

ARGUMENTS = {
    errors.InvalidInput: ("endpoint", "Use http."),
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
    app, form = Flask(__name__), GalaxyErrorForm()

    def answer(error, path="/api/histories", **headers):
        with app.test_request_context(path, headers=headers):
            found = form.product_error(error) if isinstance(error, errors.SluiceError) else form.http_error(error)
            return found.status_code, found.json, found.headers

    return answer


PRODUCT_ERRORS = [cls for cls in _classes(errors.SluiceError) if cls.__module__.startswith("app.errors")]
LOGINS = (errors.InvalidLogin, errors.CallerUnknown)


@pytest.mark.parametrize("cls", PRODUCT_ERRORS, ids=lambda cls: cls.__name__)
def test_each_product_error_has_its_status_its_code_and_its_sentence(said, cls):
    error = cls(*ARGUMENTS.get(cls, (SECRET,)))
    status, body, headers = said(error)
    usual = (400, 0) if issubclass(cls, errors.StorageError) else (500, 500001)

    assert (status, body["err_code"]) == EXPECTED.get(cls.__name__, usual)
    if not issubclass(cls, LOGINS):
        assert body["err_msg"] == (
            str(error) if status != 500 else "Something went wrong in here; the log has the details."
        )
    assert list(body) == ["err_msg", "err_code"]
    assert (headers.get("WWW-Authenticate") is not None) is (status == 401 and issubclass(cls, LOGINS))
    assert (headers.get("Retry-After") is not None) is (status == 429 or cls in WAITING)


def test_the_table_names_every_error_that_has_an_answer_of_its_own():
    assert {cls.__name__ for cls in ANSWERS} - {"StorageError", "SluiceError"} <= set(EXPECTED)


UNREADABLE = errors.CallerUnknown("Authorization cannot be read.")


@pytest.mark.parametrize(
    ("path", "error", "headers", "expected"),
    [
        pytest.param("/api/histories", errors.CallerUnknown("x"), {}, (403, 403008, "Action requires user authentication."), id="nobody"),
        pytest.param("/api/histories", errors.InvalidLogin("x"), {}, (401, 401001, "Provided API key is not valid."), id="a wrong key"),
        pytest.param("/api/histories", UNREADABLE, {"Authorization": "?"}, (403, 403008, "Authorization cannot be read."), id="what cannot be read"),
        pytest.param("/api/histories?key=a&key=b", errors.CallerUnknown("Twice."), {}, (403, 403008, "Twice."), id="two keys"),
        pytest.param("/api/cloud/authz", errors.CallerUnknown("x"), {}, (403, 403001, "API authentication required for this request"), id="nobody, old routes"),
        pytest.param("/api/cloud/authz/1", errors.InvalidLogin("x"), {}, (403, 403001, "Provided API key is not valid."), id="a wrong key, old routes"),
        pytest.param("/api/cloud/authzz", errors.InvalidLogin("x"), {}, (401, 401001, "Provided API key is not valid."), id="beside the old routes"),
    ],
)  # fmt: skip
def test_who_is_nobody_is_told_in_galaxys_words(said, path, error, headers, expected):
    status, body, _ = said(error, path, **headers)

    assert (status, body["err_code"], body["err_msg"]) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(NotFound(), (404, 404001), id="no such route"),
        pytest.param(MethodNotAllowed(), (405, 0), id="no such method"),
        pytest.param(Forbidden("Refused."), (403, 403002), id="refused"),
        pytest.param(InternalServerError(), (500, 500001), id="a fault"),
    ],
)
def test_errors_of_http_have_the_form_too(said, error, expected):
    status, body, _ = said(error)

    assert (status, body["err_code"]) == expected
    assert body["err_msg"]


@pytest.mark.fault("traces")
def test_a_fault_of_ours_tells_nothing_of_itself(said):
    status, body, _ = said(InternalServerError(original_exception=ValueError(SECRET)))

    assert status == 500
    assert SECRET not in str(body)


def test_a_host_that_is_not_ours_is_told_what_would_help(said):
    assert "TRUSTED_HOSTS" in said(SecurityError("Host is not trusted."))[1]["err_msg"]
