"""The one place where what Google's API or urllib3 says becomes a product error with a sentence of ours.

The server's own words are not passed on: they may quote what was sent with the token.
"""

import re

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
from app.storages.http_api.google_words import words_of
from app.storages.http_api.meanings import ANYTHING_ELSE, OF_ANY_SERVER, Meaning

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
NOT_GCS = Meaning(
    StorageUnreachable, "{host} answers, but not as Google Cloud Storage. Check the address and the port."
)
ORDER = Meaning(ListingBroken, "{host} lists {bucket!r} in a way that nothing can be concluded from ({code}).")
REFUSED = Meaning(StorageFailure, "{host} refuses what was asked of {place} ({code}).")

BY_REASON: dict[tuple[int, str], Meaning] = {
    (400, "userProjectMissing"): PAID_BY_WHO_ASKS,
    (400, "keyInvalid"): UNKNOWN,
    (403, "rateLimitExceeded"): TOO_BUSY,
    (403, "userRateLimitExceeded"): TOO_BUSY,
    (403, "quotaExceeded"): TOO_BUSY,
}
"""What a status means with a word of Google's beside it (reference of the JSON API, "HTTP status and error codes")."""

BY_STATUS: dict[int, Meaning] = {
    **OF_ANY_SERVER,
    400: REFUSED,
    401: UNKNOWN,
    403: DENIED,
    404: NO_BUCKET,
    405: NOT_GCS,
    429: TOO_BUSY,
    501: NOT_GCS,
    507: FULL,
}
"""What a status means by itself."""

FOREIGN = (400, 404, 405, 500, 501)
"""Where a body that is no error of Google's makes it an answer of some other server."""

PASSING = (408, 429, 500, 502, 503, 504)
"""Answers that another attempt may turn into good ones, as Google has it ("Retry strategy")."""


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


def said(meaning: Meaning, address: GcsAddress, key: str = "", code: str = "") -> StorageError:
    """Return the error with its sentence."""
    place = f"{address.bucket}/{key}" if key else address.bucket
    host = re.sub(r"//[^/]*@", "//", address.endpoint)
    shown = repr(place) if place else "the list of buckets"
    return meaning.kind(meaning.sentence.format(place=shown, host=host, bucket=address.bucket, code=code))


def _reason_of(body: bytes) -> str | None:
    """Return Google's word for what is wrong, empty where there is none, None for a body of another kind."""
    words = words_of(body)
    return None if words is None else next(iter(words), "")
