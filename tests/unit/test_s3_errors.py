"""The table that turns what S3 servers and botocore say into product errors."""

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
    UnknownServiceError,
)
from botocore.parsers import ResponseParserError

from app.cancellation import Cancelled
from app.errors import (
    AccessDenied,
    FileChanged,
    InvalidCredentials,
    KeyRefused,
    ObjectMissing,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageNotEmpty,
    StorageUnreachable,
    Throttled,
)
from app.storages.s3 import S3Address
from app.storages.s3.errors import ArrivedDamaged, StorageBusy, translated

ADDRESS = S3Address("http://user:word@storage:9000", "mybucket", "AKIAACCESSKEY", "the-secret-key")
URL = {"endpoint_url": "http://storage:9000"}


def answered(code, status=400):
    response = {
        "Error": {"Code": code, "Message": "AKIAACCESSKEY and the-secret-key were sent"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Something")


def told(error, key=""):
    with pytest.raises(StorageError) as raised, translated(ADDRESS, key):
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidAccessKeyId", InvalidCredentials),
        ("SignatureDoesNotMatch", InvalidCredentials),
        ("ExpiredToken", InvalidCredentials),
        ("RequestTimeTooSkewed", InvalidCredentials),
        ("AccessDenied", AccessDenied),
        ("NoSuchBucket", StorageMissing),
        ("NoSuchKey", ObjectMissing),
        ("KeyTooLongError", KeyRefused),
        ("InvalidArgument", KeyRefused),
        ("XMinioParentIsObject", KeyRefused),
        ("BucketNotEmpty", StorageNotEmpty),
        ("InvalidBucketName", StorageFailure),
        ("XMinioStorageFull", StorageFull),
        ("InsufficientCapacity", StorageFull),
        ("ServiceUnavailable", StorageUnreachable),
        ("SlowDown", Throttled),
        ("TooManyRequests", Throttled),
        ("InvalidObjectState", StorageFailure),
        ("OperationAborted", StorageBusy),
        ("BadDigest", ArrivedDamaged),
        ("InternalError", StorageFailure),
        ("NeverHeardOf", StorageFailure),
    ],
)
@pytest.mark.fault(14)
def test_a_code_means_one_thing(code, kind):
    error = told(answered(code), key="some/key")
    assert type(error) is kind


@pytest.mark.parametrize(
    ("status", "key", "kind"),
    [
        pytest.param(403, "", AccessDenied, id="403 of a bucket"),
        pytest.param(404, "", StorageUnreachable, id="404 of a bucket: no S3 server leaves out its code"),
        pytest.param(404, "key", ObjectMissing, id="404 of an object"),
        pytest.param(405, "", StorageUnreachable, id="405 of a bucket"),
        pytest.param(400, "key", StorageFailure, id="400 of an object"),
        pytest.param(500, "key", StorageFailure, id="500 of an object"),
        pytest.param(500, "", StorageUnreachable, id="500 of a bucket"),
        pytest.param(503, "", StorageUnreachable, id="503"),
        pytest.param(429, "key", Throttled, id="429"),
        pytest.param(507, "key", StorageFull, id="507"),
    ],
)
@pytest.mark.parametrize("shape", ["the status", "nothing"])
def test_a_status_counts_where_there_is_no_code(status, key, kind, shape):
    error = told(answered(str(status) if shape == "the status" else "", status), key)
    assert type(error) is kind


def test_an_invalid_argument_without_a_key_is_not_about_a_key():
    assert type(told(answered("InvalidArgument"))) is StorageFailure


def test_an_archived_object_is_called_that():
    assert "Restore it" in str(told(answered("InvalidObjectState", 403), key="key"))


def test_a_wrong_clock_is_called_that():
    assert "clock" in str(told(answered("RequestTimeTooSkewed")))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (EndpointConnectionError(**URL), StorageUnreachable),
        (ConnectTimeoutError(**URL), StorageUnreachable),
        (ReadTimeoutError(**URL), StorageUnreachable),
        (ConnectionClosedError(**URL), StorageUnreachable),
        (SSLError(**URL, error=ValueError("bad certificate")), StorageUnreachable),
        (ProxyConnectionError(proxy_url="http://proxy"), StorageUnreachable),
        (HTTPClientError(error="anything"), StorageUnreachable),
        (ResponseParserError("not XML"), StorageUnreachable),
        (KeyError("UploadId"), StorageUnreachable),
        (ParamValidationError(report="Invalid bucket name"), StorageFailure),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), StorageFailure),
        (ResponseStreamingError(error="cut"), StorageFailure),
        (UnknownServiceError(service_name="s3", known_service_names=""), StorageFailure),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_an_exception_means_one_thing(error, kind):
    assert type(told(error, key="key")) is kind


@pytest.mark.parametrize(
    "error",
    [Cancelled("cancelled_by_user"), FileChanged("changed"), KeyRefused("refused"), KeyboardInterrupt()],
    ids=repr,
)
def test_what_is_ours_passes_unchanged(error):
    with pytest.raises(type(error)) as raised, translated(ADDRESS, "key"):
        raise error
    assert raised.value is error


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied", "Odd", ""])
def test_no_message_holds_a_secret_or_more_than_four_characters_of_the_access_key(code):
    for key in ("", "key"):
        message = str(told(answered(code, 403), key))
        assert "AKIAA" not in message
        assert "were sent" not in message
        assert "word" not in message
        assert "the-secret-key" not in message


def test_a_message_names_the_bucket_and_the_key():
    assert "'mybucket/some/key'" in str(told(answered("AccessDenied"), "some/key"))


def test_a_code_that_is_no_word_is_not_repeated():
    assert "<script>" not in str(told(answered("<script>", 500)))
