"""Asking a storage something, and waiting for the answer for seconds only, whatever answers there."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.connections.contract import Checked, Status
from app.errors import AccessDenied, InvalidCredentials, StorageError, StorageUnreachable

T = TypeVar("T")

PATIENCE_SECONDS = 10.0
AT_ONCE = 32
_WAIT_FOR_A_PLACE = 1.0

_GONE_QUIET = "The storage gives no complete answer in time. Check the address, and that it runs."
_BUSY = "Too many storages are being asked just now. Try again in a few seconds."


class Checker:
    """Asks on threads of their own, and waits for them no longer than it says. Thread-safe.

    A resolver that is silent, or a server that sends a byte now and then, would hold a caller for minutes: no time-out
    of a socket ends that. Such a thread is left to itself until its sockets give up.

    Args:
        seconds: how long a caller waits, where nothing else is said.
        at_once: how many questions may be under way, those included that nobody waits for any more.
    """

    def __init__(self, seconds: float = PATIENCE_SECONDS, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def answer(self, question: Callable[[], T], seconds: float | None = None) -> T:
        """Return what ``question`` returns, or raise what it raises.

        Raises:
            StorageUnreachable: it takes longer than ``seconds``, or too many are under way.
        """
        if not self._places.acquire(timeout=_WAIT_FOR_A_PLACE):
            raise StorageUnreachable(_BUSY)
        attempt = _begun(question, self._places)
        attempt.join(self._seconds if seconds is None else seconds)
        if attempt.is_alive():
            raise StorageUnreachable(_GONE_QUIET)
        return attempt.answer()

    def checked(self, look: Callable[[], None]) -> Checked:
        """Return how it stands.

        Args:
            look: returns when the storage is there, and raises `StorageError` otherwise.
        """
        try:
            self.answer(look)
        except StorageError as found:
            refused = isinstance(found, (AccessDenied, InvalidCredentials))
            return Checked(Status.FORBIDDEN if refused else Status.NOT_FOUND, found.reason, str(found))
        return Checked(Status.AVAILABLE, None, "The storage is there and takes the credentials.")


class _Attempt(threading.Thread, Generic[T]):
    """One question; gives its place back when it has ended."""

    def __init__(self, question: Callable[[], T], places: threading.BoundedSemaphore) -> None:
        super().__init__(name="connection-question", daemon=True)
        self._question = question
        self._places = places
        self._found: list[T] = []
        self._broke: Exception | None = None

    def run(self) -> None:
        try:
            self._found.append(self._question())
        except Exception as error:  # noqa: BLE001  # raised again where the answer is waited for
            self._broke = error
        finally:
            self._places.release()

    def answer(self) -> T:
        """Return or raise what the question has ended with; only once it has."""
        if self._broke is not None:
            raise self._broke
        return self._found[0]


def _begun(question: Callable[[], T], places: threading.BoundedSemaphore) -> _Attempt[T]:
    attempt = _Attempt(question, places)
    try:
        attempt.start()
    except RuntimeError:  # this machine has no room for another thread
        places.release()
        raise
    return attempt
