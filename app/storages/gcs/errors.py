"""The one place where what Google's API or urllib3 says becomes a product error with a sentence of ours.

The server's own words are not passed on: they may quote what was sent with the token.
"""

import json
import re
from typing import Any, NamedTuple

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    LocationParseError,
    LocationValueError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    ListingBroken,
    ObjectMissing,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.gcs.address import GcsAddress


class Meaning(NamedTuple):
    """A product error and its sentence, in which ``{place}``, ``{host}``, ``{bucket}`` and ``{code}`` are filled in."""

    kind: type[StorageError]
    sentence: str


UNKNOWN = Meaning(
    InvalidCredentials,
    "{host} does not accept the service account ({code}). Check its key file, and the clock of this machine.",
)
DENIED = Meaning(AccessDenied, "The service account is not allowed to do this with {place} ({code}).")
DENIED_TO_ALL = Meaning(AccessDenied, "Not everybody is allowed to do this with {place} ({code}). Give a key file.")
NO_BUCKET = Meaning(StorageMissing, "There is no bucket {bucket!r} at {host}.")
NO_OBJECT = Meaning(ObjectMissing, "There is no object {place}.")
PAID_BY_WHO_ASKS = Meaning(
    AccessDenied, "The bucket {bucket!r} lets pay who asks ({code}). Name the project that pays for requests."
)
FULL = Meaning(StorageFull, "{host} has no room left for {place} ({code}).")
TOO_BUSY = Meaning(StorageFailure, "{host} asks for fewer requests ({code}). Try again later.")
DOWN = Meaning(StorageUnreachable, "{host} is not ready to answer ({code}). Try again later.")
ELSEWHERE = Meaning(
    StorageUnreachable, "{host} sends requests elsewhere ({code}), which are not followed. Is it https, or moved?"
)
UNREACHABLE = Meaning(StorageUnreachable, "{host} cannot be reached. Check the address, and whether it is running.")
NOT_GCS = Meaning(
    StorageUnreachable, "{host} answers, but not as Google Cloud Storage. Check the address and the port."
)
ORDER = Meaning(ListingBroken, "{host} lists {bucket!r} in a way that nothing can be concluded from ({code}).")
DAMAGED = Meaning(StorageFailure, "{place} arrived damaged and was not kept. Try again.")
BROKEN_OFF = Meaning(StorageFailure, "{host} broke off while {place} was read.")
REFUSED = Meaning(StorageFailure, "{host} refuses what was asked of {place} ({code}).")
ANYTHING_ELSE = Meaning(StorageFailure, "{host} failed with {code} at {place}.")

BY_REASON: dict[tuple[int, str], Meaning] = {
    (400, "userProjectMissing"): PAID_BY_WHO_ASKS,
    (400, "keyInvalid"): UNKNOWN,
    (403, "rateLimitExceeded"): TOO_BUSY,
    (403, "userRateLimitExceeded"): TOO_BUSY,
    (403, "quotaExceeded"): TOO_BUSY,
}
"""What a status means with a word of Google's beside it (reference of the JSON API, "HTTP status and error codes")."""

BY_STATUS: dict[int, Meaning] = {
    301: ELSEWHERE,
    302: ELSEWHERE,
    303: ELSEWHERE,
    307: ELSEWHERE,
    308: ELSEWHERE,
    400: REFUSED,
    401: UNKNOWN,
    403: DENIED,
    404: NO_BUCKET,
    405: NOT_GCS,
    408: DOWN,
    429: TOO_BUSY,
    501: NOT_GCS,
    502: DOWN,
    503: DOWN,
    504: DOWN,
    507: FULL,
}
"""What a status means by itself."""

FOREIGN = (400, 404, 405, 500, 501)
"""Where a body that is no error of Google's makes it an answer of some other server."""

PASSING = (408, 429, 500, 502, 503, 504)
"""Answers that another attempt may turn into good ones, as Google has it ("Retry strategy")."""

BY_EXCEPTION: tuple[tuple[tuple[type[HTTPError], ...], Meaning], ...] = (
    (
        (LocationParseError, LocationValueError),
        Meaning(StorageUnreachable, "{host} is no address. Check the endpoint."),
    ),
    ((SSLError,), Meaning(StorageUnreachable, "No secure connection to {host}: its certificate or TLS was refused.")),
    ((IncompleteRead,), BROKEN_OFF),
    ((NewConnectionError,), UNREACHABLE),  # before its parent, ConnectTimeoutError
    (
        (ConnectTimeoutError, ReadTimeoutError),
        Meaning(StorageUnreachable, "{host} does not answer in time. Check the address, and whether it is running."),
    ),
    ((HTTPError,), UNREACHABLE),
)
"""What an exception of urllib3 means; the first match counts."""


class Passing(Exception):
    """What another attempt may mend; it never leaves the driver.

    Attributes:
        told: the error that it is, if no attempt does.
    """

    def __init__(self, told: StorageError) -> None:
        super().__init__()
        self.told = told


def refusal(address: GcsAddress, key: str, status: int, body: bytes) -> StorageError:
    """Return the product error for an answer that is none of the good ones.

    Args:
        address: the bucket that was asked.
        key: the object that it was about, if any.
        status: of the answer.
        body: of the answer; only one word of it is used.
    """
    reason = _reason_of(body)
    if reason is None and status in FOREIGN:
        return said(NOT_GCS, address)
    meaning = BY_REASON.get((status, reason or "")) or BY_STATUS.get(status, ANYTHING_ELSE)
    if status == 404 and key:
        meaning = NO_OBJECT
    if status in (401, 403) and meaning in (UNKNOWN, DENIED) and address.key_file is None:
        meaning = DENIED_TO_ALL  # Google says 401 to the anonymous, and who somebody is was never asked
    return said(meaning, address, key, f"{status} {reason}" if reason else f"HTTP status {status}")


def may_pass(status: int, body: bytes) -> bool:
    """Return whether the same request may be answered otherwise in a moment."""
    return status in PASSING or BY_REASON.get((status, _reason_of(body) or "")) is TOO_BUSY


def broken(error: HTTPError, address: GcsAddress, key: str) -> StorageError:
    """Return the product error for an exception of urllib3."""
    meaning = next(meaning for kinds, meaning in BY_EXCEPTION if isinstance(error, kinds))
    return said(meaning, address, key, type(error).__name__)


def said(meaning: Meaning, address: GcsAddress, key: str = "", code: str = "") -> StorageError:
    """Return the error with its sentence."""
    place = f"{address.bucket}/{key}" if key else address.bucket
    host = re.sub(r"//[^/]*@", "//", address.endpoint)
    shown = repr(place) if place else "the list of buckets"
    return meaning.kind(meaning.sentence.format(place=shown, host=host, bucket=address.bucket, code=code))


def _reason_of(body: bytes) -> str | None:
    """Return Google's word for what is wrong, empty where there is none, None for a body of another kind."""
    if not body:
        return ""  # the answer to a HEAD, or one of gcp-storage-emulator
    try:
        told: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    error = told.get("error") if isinstance(told, dict) else None
    if not isinstance(error, dict):
        return None
    reasons = error.get("errors")
    first = reasons[0] if isinstance(reasons, list) and reasons else None
    reason = first.get("reason") if isinstance(first, dict) else None
    return reason if isinstance(reason, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", reason) else ""
