"""What has to be known of one kind of storage, so that connections can lead to it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from app.cancellation import CancelToken
from app.connections.contract import CredentialsForm
from app.storages.base import KEEP_HOURS, Storage


class Room(NamedTuple):
    """What an opened storage may use of this machine.

    Attributes:
        requests: how many requests may be under way at once.
        notes: a folder for notes of large uploads, so that they can be resumed; None: they cannot.
        keep_hours: after how long `Storage.tidy` removes what nobody has resumed.
        token: asks those who wait for the storage to stop; None: nobody does.
    """

    requests: int
    notes: Path | None = None
    keep_hours: float = KEEP_HOURS
    token: CancelToken | None = None


class StorageKind(Protocol):
    """One kind of storage. Thread-safe; ``InvalidInput.field`` is the name of the parameter that is wrong."""

    @property
    def exposed(self) -> frozenset[str]:
        """The credentials that reach the endpoint as they are, or as something that whoever runs it could use.

        A signature is nothing of that sort. Who may change a connection and not read its credentials must not get
        them by leading it to an endpoint of his own.
        """
        ...

    def credentials(self, form: CredentialsForm, given: Mapping[str, str]) -> dict[str, str]:
        """Return the credentials of this form, all of them; optional ones only if they are not empty.

        Raises:
            InvalidInput: this kind does not take the form (``form``), or one is missing, unknown or unusable.
        """
        ...

    def address(self, given: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:
        """Return the address in its normal form, all of it; a normal address comes back as it is.

        Args:
            given: what users name.
            credentials: as `credentials` returned them; where they hold an address, that wins.

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

    def buckets(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> Sequence[str]:
        """Return the names of all buckets that the credentials may list, ascending.

        It answers or raises within some ten seconds; no connection goes where the policy allows none.

        Args:
            address: in its normal form; the bucket and the prefix in it are of no account.
            credentials: as `credentials` returned them; without any, the request is anonymous.

        Raises:
            AccessDenied: who may use a bucket need not be allowed to list them all.
            StorageError: anything else that stands in the way.
        """
        ...

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the storage; nothing is connected yet. Without credentials, requests are anonymous."""
        ...
