"""Asking a storage something, and waiting for the answer for seconds only, whatever answers there."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.connections.contract import Checked, Status
from app.connections.shares import Shares
from app.errors import AccessDenied, InvalidCredentials, StorageError, StorageUnreachable, TooBusy

T = TypeVar("T")

PATIENCE_SECONDS = 10.0
AT_ONCE = 32
_WAIT_FOR_A_PLACE = 1.0

_GONE_QUIET = "The storage gives no complete answer in time. Check the address, and that it runs."
_BUSY_SECONDS = 5


class Checker:
    """Asks on threads of their own, and waits for them no longer than it says. Thread-safe.

    A resolver that is silent, or a server that sends a byte now and then, would hold a caller for minutes: no time-out
    of a socket ends that. Such a thread is left to itself until its sockets give up.

    Args:
        seconds: how long a caller waits, where nothing else is said.
        at_once: how many questions may be under way, those included that nobody waits for any more.
        each: how many of them may be one person's: who asks storages that never answer keeps nobody else waiting.
    """

    def __init__(self, seconds: float = PATIENCE_SECONDS, at_once: int = AT_ONCE, each: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._places = Shares(at_once, each)

    def answer(self, question: Callable[[], T], seconds: float | None = None, who: int = 0) -> T:
        """Return what ``question`` returns, or raise what it raises.

        Args:
            question: what to find out.
            seconds: how long to wait; None: as the class says.
            who: the id of the person who asks.

        Raises:
            StorageUnreachable: it takes longer than ``seconds``.
            TooBusy: too many are under way, so that nothing is known of the storage.
        """
        if not self._places.take(who, _WAIT_FOR_A_PLACE):
            raise TooBusy(_BUSY_SECONDS)
        attempt = _begun(question, lambda: self._places.give_back(who))
        attempt.join(self._seconds if seconds is None else seconds)
        if attempt.is_alive():
            raise StorageUnreachable(_GONE_QUIET)
        return attempt.answer()

    def checked(self, look: Callable[[], None], who: int = 0) -> Checked:
        """Return how it stands.

        Args:
            look: returns when the storage is there, and raises `StorageError` otherwise.
            who: the id of the person who asks.

        Raises:
            TooBusy: too many questions are under way.
        """
        try:
            self.answer(look, who=who)
        except StorageError as found:
            refused = isinstance(found, (AccessDenied, InvalidCredentials))
            return Checked(Status.FORBIDDEN if refused else Status.NOT_FOUND, found.reason, str(found))
        return Checked(Status.AVAILABLE, None, "The storage is there and takes the credentials.")


class _Attempt(threading.Thread, Generic[T]):
    """One question; gives its place back when it has ended."""

    def __init__(self, question: Callable[[], T], give_back: Callable[[], None]) -> None:
        super().__init__(name="connection-question", daemon=True)
        self._question = question
        self._give_back = give_back
        self._found: list[T] = []
        self._broke: Exception | None = None

    def run(self) -> None:
        try:
            self._found.append(self._question())
        except Exception as error:  # noqa: BLE001  # raised again where the answer is waited for
            self._broke = error
        finally:
            self._give_back()

    def answer(self) -> T:
        """Return or raise what the question has ended with; only once it has."""
        if self._broke is not None:
            raise self._broke
        return self._found[0]


def _begun(question: Callable[[], T], give_back: Callable[[], None]) -> _Attempt[T]:
    attempt = _Attempt(question, give_back)
    try:
        attempt.start()
    except RuntimeError:  # this machine has no room for another thread
        give_back()
        raise
    return attempt
