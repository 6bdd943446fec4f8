"""The one place where what an S3 server or botocore says becomes a product error with a sentence of ours.

The server's own words are not passed on: they may quote the access key or what was signed with the secret.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.parsers import ResponseParserError

from app.errors import (
    AccessDenied,
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
from app.storages.s3.address import S3Address


class ArrivedDamaged(StorageFailure):
    """What was sent is not what arrived; sent again, it may."""


class StorageBusy(StorageFailure):
    """The storage still does what was asked of the bucket before, such as deleting it; that passes."""


class NothingSaid(Exception):
    """A good answer without a body, where one belongs; it never leaves the driver."""


class Meaning(NamedTuple):
    """A product error and its sentence, in which ``{place}``, ``{host}``, ``{bucket}``, ``{hint}`` are filled in."""

    kind: type[StorageError]
    sentence: str


UNKNOWN_KEYS = Meaning(InvalidCredentials, "{host} does not know the access key {hint} ({code}). Check the access key.")
WRONG_SECRET = Meaning(InvalidCredentials, "{host} refuses the secret key of {hint} ({code}). Check the secret key.")
EXPIRED = Meaning(InvalidCredentials, "The credentials {hint} for {host} are no longer valid ({code}). Renew them.")
WRONG_CLOCK = Meaning(
    InvalidCredentials, "{host} and this machine disagree about the time ({code}). Set the clocks right."
)
DENIED = Meaning(AccessDenied, "The access key {hint} is not allowed to do this with {place} ({code}).")
NO_BUCKET = Meaning(StorageMissing, "There is no bucket {bucket!r} at {host}.")
NO_OBJECT = Meaning(ObjectMissing, "There is no object {place}.")
BAD_KEY = Meaning(KeyRefused, "{host} cannot hold the key of {place} ({code}).")
IN_THE_WAY = Meaning(KeyRefused, "{place} cannot be stored: an object and a folder would have one name ({code}).")
NOT_EMPTY = Meaning(StorageNotEmpty, "The bucket {bucket!r} still holds something, old versions or uploads perhaps.")
BAD_BUCKET = Meaning(
    StorageFailure,
    "{host} does not accept {bucket!r} as a bucket's name. Use 3 to 63 lower-case letters, digits, dots and hyphens.",
)
FULL = Meaning(StorageFull, "{host} has no room left for {place} ({code}).")
DOWN = Meaning(StorageUnreachable, "{host} is not ready to answer ({code}). Try again later.")
NOT_S3 = Meaning(StorageUnreachable, "{host} answers, but not as S3. Check the address and the port.")
ELSEWHERE = Meaning(
    StorageUnreachable, "{host} sends requests elsewhere ({code}), which are not followed. Is it https, or moved?"
)
OTHER_REGION = Meaning(StorageFailure, "The bucket {bucket!r} belongs to another region or endpoint ({code}).")
DAMAGED = Meaning(ArrivedDamaged, "{place} arrived damaged and was not stored ({code}). Try again.")
TOO_BUSY = Meaning(Throttled, "{host} asks for fewer requests ({code}). Try again later.")
BROKEN_OFF = Meaning(StorageFailure, "{host} broke off while {place} was read.")
NOT_FOR_ANYBODY = Meaning(
    AccessDenied, "{host} does not allow anonymous access to do this with {place} ({code}). Say who you are, with keys."
)
ARCHIVED = Meaning(StorageFailure, "{place} is archived ({code}). Restore it in the storage first.")
CHANGING = Meaning(
    StorageBusy, "{host} has not finished with what was asked of {bucket!r} before ({code}). Try again later."
)
ANYTHING_ELSE = Meaning(StorageFailure, "{host} failed with {code} at {place}.")

THROTTLING = ("SlowDown", "TooManyRequests", "RequestLimitExceeded", "Throttling", "ThrottlingException")
"""Codes that ask for fewer requests; the second is Cloudflare's."""

PASSING = (429, 500, 502, 503, 504)
"""Statuses of answers that another attempt may turn into good ones."""

BY_CODE: dict[str, Meaning] = {
    "InvalidAccessKeyId": UNKNOWN_KEYS,
    "UnrecognizedClientException": UNKNOWN_KEYS,
    "SignatureDoesNotMatch": WRONG_SECRET,
    "InvalidToken": EXPIRED,
    "ExpiredToken": EXPIRED,
    "TokenRefreshRequired": EXPIRED,
    "RequestTimeTooSkewed": WRONG_CLOCK,
    "RequestExpired": WRONG_CLOCK,
    "AccessDenied": DENIED,
    "AccountProblem": DENIED,
    "AllAccessDisabled": DENIED,
    "NotSignedUp": DENIED,
    "NoSuchBucket": NO_BUCKET,
    "NoSuchKey": NO_OBJECT,
    "KeyTooLongError": BAD_KEY,
    "InvalidURI": BAD_KEY,
    "XMinioInvalidObjectName": BAD_KEY,
    "XMinioParentIsObject": IN_THE_WAY,
    "XMinioObjectExistsAsDirectory": IN_THE_WAY,
    "BucketNotEmpty": NOT_EMPTY,
    "InvalidBucketName": BAD_BUCKET,
    "XMinioStorageFull": FULL,
    "XMinioAdminBucketQuotaExceeded": FULL,
    "InsufficientCapacity": FULL,
    "InsufficientStorage": FULL,
    "QuotaExceeded": FULL,
    "ServiceUnavailable": DOWN,
    "XMinioServerNotInitialized": DOWN,
    **dict.fromkeys(THROTTLING, TOO_BUSY),
    "InvalidObjectState": ARCHIVED,
    "OperationAborted": CHANGING,
    "PermanentRedirect": OTHER_REGION,
    "TemporaryRedirect": OTHER_REGION,
    "AuthorizationHeaderMalformed": OTHER_REGION,
    "IllegalLocationConstraintException": OTHER_REGION,
    "BadDigest": DAMAGED,
    "IncompleteBody": DAMAGED,
    "XAmzContentSHA256Mismatch": DAMAGED,
}
"""What an S3 error code means, whatever was asked."""

BY_CODE_OF_ANYBODY: dict[str, Meaning] = {"UnsupportedAlgorithm": NOT_FOR_ANYBODY}
"""What a code means only where the request was not signed. Measured: rclone 1.75 says that of all such ones."""

BY_CODE_OF_AN_OBJECT: dict[str, Meaning] = {"InvalidArgument": BAD_KEY}
"""What a code means only where a key was sent."""

BY_STATUS: dict[int, Meaning] = {
    301: ELSEWHERE,
    302: ELSEWHERE,
    303: ELSEWHERE,
    307: ELSEWHERE,
    308: ELSEWHERE,
    429: TOO_BUSY,
    401: WRONG_SECRET,
    403: DENIED,
    404: NOT_S3,
    405: NOT_S3,
    400: NOT_S3,
    500: NOT_S3,  # also what botocore makes of a 200 whose body is no XML
    502: DOWN,
    503: DOWN,
    504: DOWN,
    507: FULL,
}
"""What a status means that came without an S3 error code (a HEAD, a proxy, a web server)."""

BY_STATUS_OF_AN_OBJECT: dict[int, Meaning] = {
    404: NO_OBJECT,
    400: ANYTHING_ELSE,
    405: ANYTHING_ELSE,
    500: ANYTHING_ELSE,
}
"""The same, where it was about an object."""

ExceptionTypes: TypeAlias = tuple[type[Exception], ...]

_MISREAD = (ResponseParserError, LookupError, TypeError, ValueError)
"""What botocore raises where an answer is not as it expects; TypeError: an error with a body of encoded keys."""

BY_EXCEPTION: tuple[tuple[ExceptionTypes, Meaning], ...] = (
    ((ParamValidationError,), BAD_BUCKET),
    ((IncompleteReadError, ResponseStreamingError), BROKEN_OFF),
    (_MISREAD, NOT_S3),
    ((SSLError,), Meaning(StorageUnreachable, "No secure connection to {host}: its certificate or TLS was refused.")),
    (
        (ConnectTimeoutError, ReadTimeoutError),
        Meaning(StorageUnreachable, "{host} does not answer in time. Check the address, and whether it is running."),
    ),
    ((ProxyConnectionError,), Meaning(StorageUnreachable, "The proxy before {host} cannot be reached.")),
    (
        (NoConnection, HTTPClientError),
        Meaning(StorageUnreachable, "{host} cannot be reached. Check the address, and whether it is running."),
    ),
    ((BotoCoreError,), ANYTHING_ELSE),
)
"""What an exception means; the first match counts."""


@contextmanager
def translated(address: S3Address, key: str = "") -> Iterator[None]:
    """Turn every vendor exception inside into a product error; everything else passes unchanged.

    Args:
        address: the bucket that was asked.
        key: the object that it was about, if any.
    """
    try:
        yield
    except ClientError as error:
        told = error_of(address, key, code_of(error), status_of(error))
    except (BotoCoreError, *_MISREAD) as error:
        meaning = next(meaning for kinds, meaning in BY_EXCEPTION if isinstance(error, kinds))
        told = _said(meaning, address, key, type(error).__name__)
    else:
        return
    raise told


def error_of(address: S3Address, key: str, code: str, status: int = 0) -> StorageError:
    """Return the product error for an S3 error code, or for the bare status where ``code`` is empty."""
    if code and address.is_anonymous and code in BY_CODE_OF_ANYBODY:
        meaning = BY_CODE_OF_ANYBODY[code]
    elif code:
        meaning = BY_CODE.get(code) or (key and BY_CODE_OF_AN_OBJECT.get(code)) or ANYTHING_ELSE
    else:
        meaning = (key and BY_STATUS_OF_AN_OBJECT.get(status)) or BY_STATUS.get(status) or ANYTHING_ELSE
    if address.is_anonymous and meaning.kind in (AccessDenied, InvalidCredentials):
        meaning = NOT_FOR_ANYBODY  # there are no keys that could be wrong
    return _said(meaning, address, key, code or f"HTTP status {status}")


def not_s3(address: S3Address) -> StorageError:
    """Return the error for an endpoint that answers something else than S3."""
    return _said(NOT_S3, address, "", "")


def code_of(error: ClientError) -> str:
    """Return the S3 error code, empty where the answer held none (botocore then gives the status)."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code if re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,63}", code) else ""


def status_of(error: ClientError) -> int:
    """Return the HTTP status of the answer, 0 when unknown."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _said(meaning: Meaning, address: S3Address, key: str, code: str) -> StorageError:
    place = f"{address.bucket}/{key}" if key else address.bucket
    words = {
        "place": repr(place) if place else "the list of buckets",
        "host": address.host,
        "bucket": address.bucket,
        "hint": address.key_hint,
    }
    return meaning.kind(meaning.sentence.format(**words, code=code))
