"""How the cval dialect spells every error of the product."""

import pytest
from flask import Flask
from werkzeug.exceptions import InternalServerError, SecurityError

from app import errors
from app.dialects.cval.errors import CvalErrorForm

SECRET = "what the log may tell and a stranger may not"


def _classes(cls):
    return [cls, *(found for child in cls.__subclasses__() for found in _classes(child))]


EXPECTED = {
    "InvalidInput": 422, "NotFound": 404, "JobNotFound": 404, "AlreadyExists": 409, "CallerUnknown": 401, "InvalidLogin": 403,
    "NotAllowed": 403, "TooManyAttempts": 429, "TooManyJobs": 429, "JobAlreadyFinished": 409, "ConnectionUnusable": 409,
    "PlanUnusable": 409, "NotRepeatable": 409,
    "DatabaseUnavailable": 503, "NoManifest": 404, "NoImages": 404, "UserDisabled": 403, "RequestForged": 403, "TooBusy": 429,
    "CheckFailed": 422, "ManifestUnusable": 422, "ImageUnusable": 422,
    "NotReady": 409, "UploadRefused": 409, "AddressRefused": 403, "AuthorizationUnusable": 422, "KeysMissing": 422,
    "ProviderUnsupported": 422, "QuotaExceeded": 413, "ObjectExists": 409,
    "ConsentRefused": 400, "PickerSessionEnded": 401, "Throttled": 429, "NotConfigured": 503,
}  # fmt: skip
"""The status of each error; 500 is that of all others, which no route lets through."""

WAITING = (errors.DatabaseUnavailable, errors.Throttled)
"""Those that say when to ask again, whatever their status."""

ARGUMENTS = {
    errors.InvalidInput: ("endpoint", "Use http."),
    errors.TooManyAttempts: (7,),
    errors.TooManyJobs: (100, 7),
    errors.JobAlreadyFinished: ("1",),
    errors.TooBusy: (7,),
    errors.CheckFailed: (errors.StorageMissing(SECRET),),
    errors.KeysMissing: (["access_key"],),
    errors.ProviderUnsupported: ("openstack",),
}


@pytest.fixture
def said():
    """A function that returns the status, the body and the headers of an error."""
    app, form = Flask(__name__), CvalErrorForm()

    def answer(error):
        with app.test_request_context("/api/cloud"):
            found = form.product_error(error) if isinstance(error, errors.SluiceError) else form.http_error(error)
            return found.status_code, found.json, found.headers

    return answer


PRODUCT_ERRORS = [cls for cls in _classes(errors.SluiceError) if cls.__module__.startswith("app.errors")]


@pytest.mark.parametrize("cls", PRODUCT_ERRORS, ids=lambda cls: cls.__name__)
def test_each_product_error_has_its_status_and_its_sentence(said, cls):
    error = cls(*ARGUMENTS.get(cls, (SECRET,)))
    status, body, headers = said(error)

    assert status == EXPECTED.get(cls.__name__, 500)
    assert body == {"detail": str(error) if status != 500 else "Something went wrong in here; the log has the details."}
    assert (headers.get("WWW-Authenticate") is not None) is (status == 401)
    assert (headers.get("Retry-After") is not None) is (status == 429 or cls in WAITING)


@pytest.mark.fault("traces")
def test_a_fault_of_ours_tells_nothing_of_itself(said):
    status, body, _ = said(InternalServerError(original_exception=ValueError(SECRET)))

    assert status == 500
    assert SECRET not in str(body)


def test_a_host_that_is_not_ours_is_told_what_would_help(said):
    assert "TRUSTED_HOSTS" in said(SecurityError("Host is not trusted."))[1]["detail"]
