"""What whoever carries an object tells of it, and what may go wrong with one object while the others go on."""

from typing import NamedTuple, Protocol

from app.cancellation import CancelToken
from app.copies.contract import Copy, CopyState
from app.errors import AddressRefused, FileError, NotFound, NotReady, StorageError, UploadRefused

OF_ONE_OBJECT = (AddressRefused, FileError, NotFound, NotReady, StorageError, UploadRefused)
"""Errors of one object, unless its carrier says that they stop the job."""


class Carried(NamedTuple):
    """What became of an object that was carried.

    Attributes:
        state: `CopyState.DONE`; or it is skipped, or nobody wants it any more.
        size: bytes that are in the target now.
        sha256: of these, in hexadecimal digits; None where they did not come through here.
        key: under which it was stored, if that is in a bucket.
        message: why it is not done, for people.
        reason: the same as a word, as of a step.
        untold: how many bytes went to the target now of which no event has told.
    """

    state: CopyState
    size: int = 0
    sha256: str | None = None
    key: str | None = None
    message: str = ""
    reason: str | None = None
    untold: int = 0


class Carrier(Protocol):
    """Carries the objects of one job, several at once. Thread-safe."""

    @property
    def stops_the_job(self) -> tuple[type[Exception], ...]:
        """Errors that the next object would meet too."""
        ...

    def turn_of(self, copy: Copy) -> str | None:
        """Return a word; copies of the same word are carried one after another. None: whenever there is room."""
        ...

    def carry(self, copy: Copy, token: CancelToken) -> Carried:
        """Carry one object, whole or not at all; also when it was carried before, by a process that died of it.

        Raises:
            Cancelled: the token was set; nothing is left behind.
            SluiceError: of `OF_ONE_OBJECT`, or `DatabaseUnavailable`: to be carried anew.
        """
        ...
