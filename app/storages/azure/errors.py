"""The one place where what Azure or its package says becomes a product error with a sentence of ours.

Their own words are not passed on: they quote URLs, and a SAS token is part of each.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import requests
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    IncompleteReadError,
    ServiceRequestError,
    ServiceRequestTimeoutError,
    ServiceResponseError,
    ServiceResponseTimeoutError,
)

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
)
from app.storages.azure.address import AzureAddress


class Meaning(NamedTuple):
    """What an answer means.

    Attributes:
        kind: the class of `app.errors`.
        sentence: may hold ``{place}``, ``{host}``, ``{container}``, ``{code}``.
    """

    kind: type[StorageError]
    sentence: str


class NotPermitted(AccessDenied):
    """The caller is known, and his SAS token leaves this operation out."""


WRONG_KEY = Meaning(
    InvalidCredentials,
    "{host} does not take these credentials ({code}): the key or the SAS token is wrong, expired or not valid yet.",
)
DENIED = Meaning(
    AccessDenied, "{host} refuses access to {place} ({code}). Check the credentials and its network rules."
)
LEFT_OUT = Meaning(NotPermitted, "The SAS token does not allow this with {place} ({code}).")
NOT_PUBLIC = Meaning(AccessDenied, "{place} is not open to everyone ({code}): it needs credentials.")
HELD = Meaning(AccessDenied, "{place} is under a hold, a lease or a policy that forbids this ({code}).")
NO_CONTAINER = Meaning(StorageMissing, "There is no container {container!r} at {host}, or it is not shown to everyone.")
LEAVING = Meaning(StorageMissing, "The container {container!r} at {host} is just being deleted.")
BAD_CONTAINER = Meaning(StorageMissing, "No container can be named {container!r}.")
NO_OBJECT = Meaning(ObjectMissing, "There is no object {place}.")
BAD_KEY = Meaning(KeyRefused, "{host} cannot hold {place} ({code}).")
NOT_EMPTY = Meaning(StorageNotEmpty, "The container {container!r} still holds something.")
FULL = Meaning(StorageFull, "{host} has no room left ({code}).")
DAMAGED = Meaning(StorageFailure, "{place} arrived damaged and was not stored ({code}). Try again.")
TOO_BUSY = Meaning(StorageFailure, "{host} asks for fewer requests ({code}). Try again later.")
HAS_SNAPSHOTS = Meaning(StorageFailure, "{place} has snapshots, which would go with it. Delete them first.")
OTHER_TYPE = Meaning(StorageFailure, "{place} is no block blob ({code}). Delete it first.")
ARCHIVED = Meaning(StorageFailure, "{place} is archived. Have Azure bring it back first.")
NOT_AZURE = Meaning(StorageUnreachable, "{host} answered, but not as Azure Blob Storage does. Check the address.")
ELSEWHERE = Meaning(StorageUnreachable, "{host} redirects to another address. Give that one.")
DOWN = Meaning(StorageUnreachable, "{host} is not ready ({code}). Try again later.")
NO_ANSWER = Meaning(StorageUnreachable, "{host} does not answer in time. Check the address, and whether it is running.")
NO_WAY = Meaning(StorageUnreachable, "{host} cannot be reached. Check the address, and whether it is running.")
NO_TLS = Meaning(StorageUnreachable, "No secure connection to {host}: its certificate or TLS was refused.")
BROKEN_OFF = Meaning(StorageFailure, "{host} broke off in the middle of {place}.")
ANYTHING_ELSE = Meaning(StorageFailure, "{host} failed with {code} at {place}.")

BY_CODE: dict[str, Meaning] = {
    "AuthenticationFailed": WRONG_KEY,
    "InvalidAuthenticationInfo": WRONG_KEY,
    "AuthorizationFailure": DENIED,
    "AccountIsDisabled": DENIED,
    "AuthorizationSourceIPMismatch": DENIED,
    "KeyBasedAuthenticationNotPermitted": DENIED,
    "InsufficientAccountPermissions": LEFT_OUT,
    "AuthorizationPermissionMismatch": LEFT_OUT,
    "AuthorizationProtocolMismatch": LEFT_OUT,
    "AuthorizationResourceTypeMismatch": LEFT_OUT,
    "AuthorizationServiceMismatch": LEFT_OUT,
    "UnauthorizedBlobOverwrite": LEFT_OUT,
    "NoAuthenticationInformation": NOT_PUBLIC,
    "PublicAccessNotPermitted": NOT_PUBLIC,
    "BlobImmutableDueToPolicy": HELD,
    "BlobImmutableDueToLegalHold": HELD,
    "ContainerImmutableDueToPolicy": HELD,
    "LeaseIdMissing": HELD,
    "ContainerNotFound": NO_CONTAINER,
    "ResourceNotFound": NO_CONTAINER,
    "ContainerBeingDeleted": LEAVING,
    "BlobNotFound": NO_OBJECT,
    "SnapshotsPresent": HAS_SNAPSHOTS,
    "InvalidBlobType": OTHER_TYPE,
    "BlobArchived": ARCHIVED,
    "Md5Mismatch": DAMAGED,
    "ServerBusy": TOO_BUSY,
    "OperationTimedOut": TOO_BUSY,
}
"""What an error code of Azure's means, whatever was asked."""

BY_CODE_OF_A_CONTAINER = {"InvalidResourceName": BAD_CONTAINER, "OutOfRangeInput": BAD_CONTAINER}
BY_CODE_OF_AN_OBJECT = {
    "InvalidResourceName": BAD_KEY,
    "OutOfRangeInput": BAD_KEY,
    "InvalidUri": BAD_KEY,
    "InvalidInput": BAD_KEY,
    "ResourceTypeMismatch": BAD_KEY,
}
"""What a code means only without, or only with, a key."""

BY_STATUS: dict[int, Meaning] = {
    301: ELSEWHERE,
    302: ELSEWHERE,
    303: ELSEWHERE,
    307: ELSEWHERE,
    308: ELSEWHERE,
    400: NOT_AZURE,
    401: WRONG_KEY,
    403: DENIED,
    404: NOT_AZURE,
    405: NOT_AZURE,
    500: NOT_AZURE,
    502: DOWN,
    503: DOWN,
    504: DOWN,
    507: FULL,
}
"""What a status means that came without a code of Azure's (a proxy, a web server)."""

BY_STATUS_OF_AN_OBJECT: dict[int, Meaning] = {400: ANYTHING_ELSE, 405: ANYTHING_ELSE, 500: ANYTHING_ELSE}
"""The same, where it was about an object."""

ExceptionTypes = tuple[type[Exception], ...]

MISREAD = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError)
"""What Microsoft's package raises by mistake: the last two for a refusal in JSON, as other services have them, the
others for headers that are not as Azure has them."""

BY_EXCEPTION: tuple[tuple[ExceptionTypes, Meaning], ...] = (
    ((IncompleteReadError,), BROKEN_OFF),
    ((ServiceRequestTimeoutError, ServiceResponseTimeoutError), NO_ANSWER),
    ((ServiceRequestError,), NO_WAY),
    ((ServiceResponseError, requests.RequestException), BROKEN_OFF),
    # Microsoft's package raises these where an answer leaves out, or misspells, what Azure always tells.
    ((AzureError, *MISREAD), NOT_AZURE),
)
"""What an exception without a status means; the first match counts."""


@contextmanager
def translated(address: AzureAddress, key: str = "") -> Iterator[None]:
    """Turn every vendor exception inside into a product error; everything else passes unchanged.

    Only requests and what their answers hold belong inside: errors of reading a content would be misread here.

    Args:
        address: the container that was asked.
        key: the object that it was about, if any.
    """
    try:
        yield
    except (AzureError, requests.RequestException, *MISREAD) as error:
        told = error_of(address, key, error)
    else:
        return
    # Where this generator is left by an exception, that one would be the context of any other, and be logged with it.
    raise told from None


def error_of(address: AzureAddress, key: str, error: Exception) -> StorageError:
    """Return the product error for a vendor exception."""
    code, status = code_of(error), status_of(error)
    if code:
        special = BY_CODE_OF_AN_OBJECT if key else BY_CODE_OF_A_CONTAINER
        meaning = BY_CODE.get(code) or special.get(code) or ANYTHING_ELSE
    elif status:
        meaning = (key and BY_STATUS_OF_AN_OBJECT.get(status)) or BY_STATUS.get(status) or ANYTHING_ELSE
    elif "SSLError" in repr(error) or "SSLCert" in repr(error):
        meaning = NO_TLS
    else:
        meaning = next(meaning for kinds, meaning in BY_EXCEPTION if isinstance(error, kinds))
    return _said(meaning, address, key, code or (f"HTTP status {status}" if status else type(error).__name__))


def not_azure(address: AzureAddress) -> StorageUnreachable:
    """Return the error for an endpoint that answers something else than Azure Blob Storage."""
    return StorageUnreachable(NOT_AZURE.sentence.format(host=address.host))


def too_slow(address: AzureAddress) -> StorageUnreachable:
    """Return the error for an answer that does not end."""
    return StorageUnreachable(NO_ANSWER.sentence.format(host=address.host))


def damaged(address: AzureAddress, key: str) -> StorageError:
    """Return the error for bytes that did not arrive as they were sent."""
    return _said(DAMAGED, address, key, "Md5Mismatch")


def code_of(error: Exception) -> str:
    """Return Azure's error code, empty where the answer held none."""
    told: Any = getattr(error, "error_code", None)
    code = str(getattr(told, "value", told) or "")
    return code if re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", code) else ""


def status_of(error: Exception) -> int:
    """Return the HTTP status of the answer, 0 when there was none that ended."""
    status = getattr(error, "status_code", None) if isinstance(error, HttpResponseError) else None
    return status if isinstance(status, int) and status >= 300 else 0


def _said(meaning: Meaning, address: AzureAddress, key: str, code: str) -> StorageError:
    place = f"{address.container}/{key}" if key else address.container
    words = {
        "place": repr(place) if place else "the list of containers",
        "host": address.host,
        "container": address.container,
    }
    return meaning.kind(meaning.sentence.format(**words, code=code))
