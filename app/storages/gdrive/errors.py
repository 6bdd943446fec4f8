"""The one place where what Google Drive says becomes a product error with a sentence of ours.

The server's own words are not passed on: they may quote what was sent with the token.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.errors import (
    AccessDenied,
    ConsentRequired,
    ListingBroken,
    ObjectExists,
    ObjectMissing,
    RequestRefused,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageUnreachable,
    Throttled,
)
from app.storages.gdrive.address import DriveAddress
from app.storages.http_api.exchange import Answer
from app.storages.http_api.google_words import oauth_word_of, words_of
from app.storages.http_api.meanings import ANYTHING_ELSE, OF_ANY_SERVER, Meaning

REFUSED = Meaning(RequestRefused, "Google Drive does not take what was asked of {place} ({code}).")
UNKNOWN = Meaning(
    ConsentRequired, "Google does not accept this connection any more ({code}). Connect the account anew."
)
TOO_LITTLE = Meaning(ConsentRequired, "What was granted is not enough for this ({code}). Connect the account anew.")
DENIED = Meaning(AccessDenied, "The account is not allowed to do this with {place} ({code}).")
NOT_PICKED = Meaning(
    AccessDenied, "{place} was not opened to this application ({code}). Choose it in the picker, or make it from here."
)
POLICY = Meaning(AccessDenied, "The rules of the account's organisation forbid this with {place} ({code}).")
NO_DOWNLOAD = Meaning(AccessDenied, "{place} may not be downloaded ({code}). Ask its owner to allow that.")
ABUSIVE = Meaning(AccessDenied, "Google takes {place} for malware or spam ({code}), so it is not downloaded.")
NO_BYTES = Meaning(AccessDenied, "{place} has no bytes to be downloaded ({code}).")
NO_EXPORT = Meaning(
    AccessDenied, "Google cannot export {place} ({code}). Download it from Drive in a form of your own."
)
TOO_LARGE = Meaning(
    AccessDenied,
    "{place} is larger than the 10 MB that Google exports ({code}). Store it in Drive as a PDF first.",
)
FULL = Meaning(StorageFull, "The Google Drive of this account has no room left for {place} ({code}).")
FULL_DRIVE = Meaning(StorageFull, "The shared drive holds as many files as it may ({code}); {place} was not stored.")
FULL_FOLDER = Meaning(StorageFull, "The folder holds as many files as it may ({code}); {place} was not stored.")
TOO_BUSY = Meaning(Throttled, "Google Drive asks for fewer requests ({code}). Try again later.")
USED_UP = Meaning(Throttled, "What Google Drive allows in a day is used up ({code}). Try again tomorrow.")
NOT_ENABLED = Meaning(
    StorageUnreachable,
    "The Google Drive API is not enabled for the project of this service ({code}). "
    "Its operator enables it in the Google Cloud console.",
)
MISSING = Meaning(ObjectMissing, "There is no {place} that this account could see.")
EXISTS = Meaning(ObjectExists, "{place} is there already, with other bytes.")
NOT_DRIVE = Meaning(StorageUnreachable, "{host} answers, but not as Google Drive. Check GOOGLE_DRIVE_URL.")
LISTING = Meaning(ListingBroken, "{host} lists {place} in a way that nothing can be concluded from ({code}).")
LOST = Meaning(StorageFailure, "Google Drive has forgotten the upload of {place} half-way. Try again.")
DAMAGED_THERE = Meaning(StorageFailure, "{place} arrived damaged, and holds other bytes until it is uploaded again.")

BY_WORD: dict[tuple[int, str], Meaning] = {
    (403, "userRateLimitExceeded"): TOO_BUSY,
    (403, "rateLimitExceeded"): TOO_BUSY,
    (403, "sharingRateLimitExceeded"): USED_UP,
    (403, "dailyLimitExceeded"): USED_UP,
    (403, "storageQuotaExceeded"): FULL,
    (403, "teamDriveFileLimitExceeded"): FULL_DRIVE,
    (403, "numChildrenInNonRootLimitExceeded"): FULL_FOLDER,
    (403, "insufficientFilePermissions"): DENIED,
    (403, "appNotAuthorizedToFile"): NOT_PICKED,
    (403, "domainPolicy"): POLICY,
    (403, "cannotDownloadFile"): NO_DOWNLOAD,
    (403, "cannotDownloadAbusiveFile"): ABUSIVE,
    (403, "fileNotDownloadable"): NO_BYTES,
    (403, "fileNotExportable"): NO_EXPORT,
    (403, "exportSizeLimitExceeded"): TOO_LARGE,
    (403, "insufficientPermissions"): TOO_LITTLE,
    (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"): TOO_LITTLE,
    (403, "insufficient_scope"): TOO_LITTLE,
    (403, "accessNotConfigured"): NOT_ENABLED,
    (403, "SERVICE_DISABLED"): NOT_ENABLED,
}
"""What a status means with a word of Google's beside it; 403 with any other word is for good."""

BY_STATUS: dict[int, Meaning] = {
    **OF_ANY_SERVER,
    400: REFUSED,
    401: UNKNOWN,
    403: DENIED,
    404: MISSING,
    405: NOT_DRIVE,
    409: EXISTS,
    410: MISSING,
    416: REFUSED,
    429: TOO_BUSY,
    501: NOT_DRIVE,
}
"""What a status means by itself."""

FOREIGN = (400, 404, 405, 409, 410, 501)
"""Where a body that is no error of Google's makes it an answer of some other server."""

PASSING = (408, 429, 500, 502, 503, 504)
"""Answers that another attempt may turn into good ones ("Resolve errors" in Google's guide)."""

A_DAY = 86_400


def refusal(address: DriveAddress, key: str, answer: Answer) -> StorageError:
    """Return the product error for an answer that is none of the good ones.

    Args:
        address: of the account.
        key: the id or name of the file that it was about, if any.
        answer: of its body, only words are used.
    """
    words = _words_in(answer)
    if words is None and answer.status in FOREIGN:
        return said(NOT_DRIVE, address)
    meaning = _meaning_of(answer)
    code = f"{answer.status} {words[0]}" if words else f"HTTP status {answer.status}"
    return said(meaning, address, key, code, retry_after_of(answer.headers))


def may_pass(answer: Answer) -> bool:
    """Return whether the same request may be answered otherwise in a moment."""
    return answer.status in PASSING or _meaning_of(answer) is TOO_BUSY


def said(
    meaning: Meaning, address: DriveAddress, key: str = "", code: str = "", retry_after: int | None = None
) -> StorageError:
    """Return the error with its sentence.

    Args:
        meaning: what it is.
        address: of the account.
        key: the id or name of the file that it is about, if any.
        code: what was answered.
        retry_after: seconds that the server asks to wait, if it does.
    """
    host = re.sub(r"//[^/]*@", "//", address.endpoint)
    sentence = meaning.sentence.format(place=repr(key) if key else "the account", host=host, code=code)
    if meaning.kind is Throttled:
        return Throttled(sentence, retry_after or (A_DAY if meaning is USED_UP else 60))
    return meaning.kind(sentence)


def retry_after_of(headers: Mapping[str, str]) -> int | None:
    """Return the seconds that a server asks to wait (RFC 9110, 10.2.3: a number or a date); None: it asks for none."""
    told = headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,9}", told):
        return int(told)
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, IndexError, OverflowError):
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, int((zoned - datetime.now(UTC)).total_seconds()))


def _meaning_of(answer: Answer) -> Meaning:
    known = (BY_WORD.get((answer.status, word)) for word in _words_in(answer) or ())
    return next((meaning for meaning in known if meaning), BY_STATUS.get(answer.status, ANYTHING_ELSE))


def _words_in(answer: Answer) -> list[str] | None:
    words = words_of(answer.data)
    if words is not None:
        return list(words)
    word = oauth_word_of(answer.data)
    return None if word is None else [word]
