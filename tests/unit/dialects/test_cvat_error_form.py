"""How the CVAT dialect spells every error of the product."""

import pytest
from flask import Flask
from werkzeug.exceptions import InternalServerError, SecurityError

from app import errors
from app.dialects.cvat.errors import CvatErrorForm

SECRET = "what the log may tell and a stranger may not"
FORBIDDEN = "You do not have permission to perform this action."


def _classes(cls):
    return [cls, *(found for child in cls.__subclasses__() for found in _classes(child))]


EXPECTED = {
    **dict.fromkeys(("InvalidInput", "CheckFailed", "ConnectionUnusable", "ManifestUnusable", "ImageUnusable"), 400),
    **dict.fromkeys(("ConsentRefused", "RequestRefused", "StorageError", "ListingBroken", "StorageNotEmpty", "StorageFull", "KeyRefused", "StorageFailure"), 400),
    **dict.fromkeys(("CallerUnknown", "InvalidLogin", "UserDisabled", "PickerSessionEnded"), 401),
    **dict.fromkeys(("NotAllowed", "RequestForged", "AddressRefused", "AccessDenied", "InvalidCredentials", "IdentityRefused", "ConsentRequired"), 403),
    **dict.fromkeys(("NotFound", "JobNotFound", "NoManifest", "NoImages", "StorageUnreachable", "StorageMissing", "ObjectMissing"), 404),
    **dict.fromkeys(("AlreadyExists", "JobAlreadyFinished", "NotReady", "UploadRefused", "ObjectExists", "PlanUnusable", "NotRepeatable"), 409),
    **dict.fromkeys(("TooManyAttempts", "TooManyJobs", "TooBusy", "Throttled"), 429),
    **dict.fromkeys(("AuthorizationUnusable", "KeysMissing", "ProviderUnsupported"), 422),
    "QuotaExceeded": 413,
    "DatabaseUnavailable": 503, "NotConfigured": 503,
}  # fmt: skip
"""The status of each error; 500 is that of all others, which no route lets through."""

SENTENCES = {
    "InvalidLogin": "Invalid token.",
    "UserDisabled": "User inactive or deleted.",
    "CallerUnknown": "Authentication credentials were not provided.",
    "NotAllowed": FORBIDDEN,
    "RequestForged": f"CSRF Failed: {SECRET}",
    **dict.fromkeys(("NotFound", "JobNotFound", "NoManifest", "NoImages"), "No CloudStorage matches the given query."),
    **dict.fromkeys(("TooManyAttempts", "TooBusy"), "Request was throttled. Expected available in 7 seconds."),
}
"""What is said in other words than the error's own."""

WAITING = (errors.DatabaseUnavailable, errors.Throttled)
"""Those that say when to ask again, whatever their status."""

ARGUMENTS = {
    errors.InvalidInput: ("endpoint", "Use http."),
    errors.TooManyAttempts: (7,),
    errors.TooManyJobs: (100, 7),
    errors.TooBusy: (7,),
    errors.JobAlreadyFinished: ("1",),
    errors.CheckFailed: (errors.StorageMissing("gone"),),
    errors.KeysMissing: (["access_key"],),
}


@pytest.fixture
def said():
    """A function that returns the status, the body and the headers of an error of a request."""
    app, form = Flask(__name__), CvatErrorForm()

    def answer(error, path="/api/cloudstorages/1", **request):
        with app.test_request_context(path, **request):
            found = form.product_error(error) if isinstance(error, errors.SluiceError) else form.http_error(error)
            assert found.mimetype == "application/vnd.cvat+json"
            return found.status_code, found.json, found.headers

    return answer


PRODUCT_ERRORS = [cls for cls in _classes(errors.SluiceError) if cls.__module__.startswith("app.errors")]


@pytest.mark.parametrize("cls", PRODUCT_ERRORS, ids=lambda cls: cls.__name__)
def test_each_product_error_has_its_status_and_its_sentence(said, cls):
    error = cls(*ARGUMENTS.get(cls, (SECRET,)))
    status, body, headers = said(error)

    assert status == EXPECTED.get(cls.__name__, 500)
    usual = str(error) if status != 500 else "Something went wrong in here; the log has the details."
    assert body == {"detail": SENTENCES.get(cls.__name__, usual)}
    assert headers.get("WWW-Authenticate") == ("Token" if status == 401 else None)
    assert (headers.get("Retry-After") is not None) is (status == 429 or cls in WAITING)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        pytest.param("/api/cloudstorages/1", "No CloudStorage matches the given query.", id="a storage"),
        pytest.param("/api/users/1", "No User matches the given query.", id="a user"),
        pytest.param("/api/cloudstorages", "Not found.", id="a list"),
        pytest.param("/api/auth/login", "Not found.", id="anything else"),
    ],
)
def test_what_is_not_there_is_called_as_the_original_calls_it(said, path, detail):
    assert said(errors.NotFound(SECRET), path)[1] == {"detail": detail}


@pytest.mark.fault("traces")
def test_a_fault_of_ours_tells_nothing_of_itself(said):
    status, body, _ = said(InternalServerError(original_exception=ValueError(SECRET)))

    assert status == 500
    assert SECRET not in str(body)


def test_a_host_that_is_not_ours_is_told_what_would_help(said):
    assert "TRUSTED_HOSTS" in said(SecurityError("Host is not trusted."))[1]["detail"]
