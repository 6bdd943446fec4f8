"""Finding out whether a connection's storage answers, within seconds, whatever answers there."""

import threading
from collections.abc import Callable

from app.connections.contract import Checked, Status
from app.errors import AccessDenied, InvalidCredentials, StorageError, StorageUnreachable

PATIENCE_SECONDS = 10.0
AT_ONCE = 32
_WAIT_FOR_A_PLACE = 1.0

_GONE_QUIET = StorageUnreachable("The storage gives no complete answer in time. Check the address, and that it runs.")
_BUSY = StorageUnreachable("Too many storages are being checked just now. Try again in a few seconds.")


class Checker:
    """Runs checks on threads of their own, and waits for them no longer than it says. Thread-safe.

    A resolver that is silent, or a server that sends a byte now and then, would hold a caller for minutes: no time-out
    of a socket ends that. Such a thread is left to itself until its sockets give up.

    Args:
        seconds: how long a caller waits.
        at_once: how many checks may be under way.
    """

    def __init__(self, seconds: float = PATIENCE_SECONDS, at_once: int = AT_ONCE) -> None:
        self._seconds = seconds
        self._places = threading.BoundedSemaphore(at_once)

    def checked(self, look: Callable[[], None]) -> Checked:
        """Return how it stands.

        Args:
            look: returns when the storage is there, and raises `StorageError` otherwise.
        """
        found = self._found(look)
        if found is None:
            return Checked(Status.AVAILABLE, None, "The storage is there and takes the credentials.")
        refused = isinstance(found, (AccessDenied, InvalidCredentials))
        return Checked(Status.FORBIDDEN if refused else Status.NOT_FOUND, found.reason, str(found))

    def _found(self, look: Callable[[], None]) -> StorageError | None:
        if not self._places.acquire(timeout=_WAIT_FOR_A_PLACE):
            return _BUSY
        attempt = _Attempt(look, self._places)
        attempt.start()
        attempt.join(self._seconds)
        if attempt.is_alive():
            return _GONE_QUIET
        if attempt.broke is not None:
            raise attempt.broke
        return attempt.found


class _Attempt(threading.Thread):
    """One check; gives its place back when it has ended."""

    def __init__(self, look: Callable[[], None], places: threading.BoundedSemaphore) -> None:
        super().__init__(name="connection-check", daemon=True)
        self._look = look
        self._places = places
        self.found: StorageError | None = None
        self.broke: Exception | None = None

    def run(self) -> None:
        try:
            self._look()
        except StorageError as error:
            self.found = error
        except Exception as error:  # noqa: BLE001  # raised again where the answer is waited for
            self.broke = error
        finally:
            self._places.release()
