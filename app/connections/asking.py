"""Opening the storage of a connection for a short question: does it answer, does it have these objects."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol, TypeVar

from app.connections.checking import AT_ONCE, PATIENCE_SECONDS, Checker
from app.connections.contract import Checked
from app.connections.kind import Room, StorageKind
from app.connections.kinds import kind_named
from app.errors import CheckFailed, InvalidCredentials, StorageError, StorageMissing, StorageUnreachable
from app.storages.base import Storage

T = TypeVar("T")

_REQUESTS = 8
_OF_THE_STORAGE = (StorageUnreachable, InvalidCredentials, StorageMissing)


class Place(Protocol):
    """What leads to a storage, but for the credentials."""

    @property
    def kind(self) -> str:
        """The kind of storage."""
        ...

    @property
    def address(self) -> Mapping[str, Any]:
        """Where it is."""
        ...


class Asking:
    """Puts questions to storages. Thread-safe.

    Each method asks the resolver first, waits for ten seconds where nothing else is said, and raises
    `StorageUnreachable` (or says so) when that was not enough, and `TooBusy` when too much is being asked already. Of
    one person, whose id is ``who``, no more is asked at once than would keep a quarter of ``threads`` waiting.

    Args:
        kinds: the kinds of storages.
        threads: how many requests this process serves at once.

    Attributes:
        checker: whoever asks storages beside this does so with it, or one person could keep more of them waiting.
    """

    def __init__(self, kinds: Mapping[str, StorageKind], threads: int) -> None:
        self._kinds = kinds
        self.checker = Checker(each=max(1, min(AT_ONCE, threads) // 4))

    def answer(
        self,
        who: int,
        place: Place,
        credentials: Mapping[str, str],
        question: Callable[[Storage], T],
        seconds: float = PATIENCE_SECONDS,
    ) -> T:
        """Return what ``question`` returns, or raise what it raises; it runs on another thread."""
        return self.checker.answer(self._whole(place, credentials, question), seconds, who)

    def checked(self, who: int, place: Place, credentials: Mapping[str, str]) -> Checked:
        """Find out whether the storage is there and takes the credentials."""
        return self.checker.checked(self._whole(place, credentials, lambda storage: storage.check()), who)

    def require_there(self, who: int, place: Place, credentials: Mapping[str, str], manifests: Sequence[str]) -> None:
        """Return when the storage is there, takes the credentials and has these objects.

        Raises:
            CheckFailed: with the first object that cannot be had, or without one if it is for the storage itself.
        """

        def look(storage: Storage) -> None:
            storage.check()
            for key in manifests:
                _require_object(storage, key)

        try:
            self.answer(who, place, credentials, look)
        except StorageError as error:
            raise CheckFailed(error) from None

    def _whole(self, place: Place, credentials: Mapping[str, str], question: Callable[[Storage], T]) -> Callable[[], T]:
        """Return the question with all that goes before it and after it."""
        kind = kind_named(self._kinds, place.kind)

        def asked() -> T:
            kind.require_reachable(place.address)
            with closing(kind.opened(place.address, credentials, Room(_REQUESTS))) as storage:
                return question(storage)

        return asked


def _require_object(storage: Storage, key: str) -> None:
    try:
        storage.stat(key)
    except _OF_THE_STORAGE:
        raise
    except StorageError as error:
        raise CheckFailed(error, key) from None
