"""What has to be known of one kind of storage, so that connections can lead to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from app.storages.base import KEEP_HOURS, Storage


class Room(NamedTuple):
    """What an opened storage may use of this machine.

    Attributes:
        requests: how many requests may be under way at once.
        notes: a folder for notes of large uploads, so that they can be resumed; None: they cannot.
        keep_hours: after how long `Storage.tidy` removes what nobody has resumed.
    """

    requests: int
    notes: Path | None = None
    keep_hours: float = KEEP_HOURS


class StorageKind(Protocol):
    """One kind of storage. Thread-safe; ``InvalidInput.field`` is the name of the parameter that is wrong."""

    def address(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the address in its normal form, all of it.

        Raises:
            InvalidInput: something is missing, unknown or unusable.
        """
        ...

    def credentials(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the credentials, all of them.

        Raises:
            InvalidInput: something is missing, unknown or unusable.
        """
        ...

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return what a connection is called when nobody names it."""
        ...

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Return unless the address leads to where the policy allows no connection now; asks the resolver.

        Raises:
            StorageUnreachable: saying why.
        """
        ...

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the storage; nothing is connected yet."""
        ...
