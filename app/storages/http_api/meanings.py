"""What an answer or an exception means: a product error with a sentence of ours, and whether it may pass."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

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

from app.errors import ObjectMissing, StorageError, StorageFailure, StorageUnreachable


class Meaning(NamedTuple):
    """A product error and its sentence, in which a driver fills in ``{place}``, ``{host}``, ``{code}`` and its own."""

    kind: type[StorageError]
    sentence: str


Tell: TypeAlias = Callable[[Meaning, str, str], StorageError]
"""Makes the error of a meaning: of the object of this key (empty: of none), with this code."""

DOWN = Meaning(StorageUnreachable, "{host} is not ready to answer ({code}). Try again later.")
ELSEWHERE = Meaning(
    StorageUnreachable, "{host} sends requests elsewhere ({code}), which are not followed. Is it https, or moved?"
)
UNREACHABLE = Meaning(StorageUnreachable, "{host} cannot be reached. Check the address, and whether it is running.")
BROKEN_OFF = Meaning(StorageFailure, "{host} broke off while {place} was read.")
DAMAGED = Meaning(StorageFailure, "{place} arrived damaged and was not kept. Try again.")
FORGOTTEN = Meaning(ObjectMissing, "{host} has forgotten the upload of {place} half-way.")
ANYTHING_ELSE = Meaning(StorageFailure, "{host} failed with {code} at {place}.")

OF_ANY_SERVER = {
    **dict.fromkeys((301, 302, 303, 307, 308), ELSEWHERE),
    **dict.fromkeys((408, 502, 503, 504), DOWN),
}
"""What a status means whatever API it is; a driver's own table has the rest."""

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
        retry_after: seconds that the server asks to wait; 0: it asks for none.
    """

    def __init__(self, told: StorageError, retry_after: float = 0) -> None:
        super().__init__()
        self.told = told
        self.retry_after = retry_after


def meaning_of(error: HTTPError) -> Meaning:
    """Return what an exception of urllib3 means."""
    return next(meaning for kinds, meaning in BY_EXCEPTION if isinstance(error, kinds))
