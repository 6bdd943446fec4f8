"""What the rest of the product sees of connections. Pure data; nothing secret but what `NewConnection` hides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from app.accounts.caller import Caller, Role

OPERATOR = Caller(0, "the command line", Role.ADMIN)
"""Whoever may run commands on this machine: he can read DATA_DIR anyhow, and is no user."""


def owner_of(caller: Caller | None) -> int | None:
    """Return the user id to keep as the owner of what this caller makes; None for the command line and for nobody."""
    return (caller.user_id or None) if caller else None


class CredentialsForm(StrEnum):
    """What the credentials of a connection are made of; a kind of storage takes some of these."""

    KEYS = "keys"  #: an access key and its secret
    ACCOUNT_TOKEN = "account_token"  # noqa: S105  #: a shared access signature, or the key, of an account that the address names
    CONNECTION_STRING = "connection_string"  #: address and credentials of an account in one text
    KEY_FILE = "key_file"  #: the key file of a service account
    OAUTH = "oauth"  #: what the account's owner has granted: see `app.grants`; a connection itself keeps nothing of it
    ANONYMOUS = "anonymous"  #: nothing


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection as it stood when it was read, without its credentials.

    Attributes:
        number: the order in which they were made.
        id: a UUID4.
        kind: a kind of storage, such as ``s3``.
        address: what finds the storage, and nothing secret. Of every kind ``endpoint`` and ``bucket`` (a container is
            called so too) and, where there is one, ``prefix``, where looking around begins; of ``s3`` besides
            ``region``, of ``azure`` ``account`` and, if the endpoint's host does not name it, ``path``, of ``gcs``
            ``project`` and ``location`` where they are given; of ``gdrive`` the bucket is the path of a folder,
            ``account`` and ``path`` are the account, and ``drive`` is the shared drive that the folder is in, if any.
        form: what its credentials are made of.
        description: what people say of it; any text.
        attributes: the address as its maker wrote it, for whoever wants his own words back; None: no words are kept,
            or the address is another one since.
        manifests: the keys of objects that list the images of the storage.
        owner_id: None: the command line made it, or its owner was removed.
        organisation_id: None: it is its owner's alone.
        created_at, updated_at: POSIX seconds, UTC.
    """

    number: int
    id: str
    kind: str
    name: str
    address: Mapping[str, Any]
    owner_id: int | None
    organisation_id: int | None
    created_at: float
    updated_at: float
    form: CredentialsForm = CredentialsForm.KEYS
    description: str = ""
    attributes: str | None = None
    manifests: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The endpoint, with the path that the bucket lies below if there is one; with the bucket it is the place."""
        return f"{self.address['endpoint']}{self.address.get('path', '')}"

    @property
    def bucket(self) -> str:
        """What the storage is called where it is."""
        return str(self.address["bucket"])


@dataclass(frozen=True, slots=True)
class NewConnection:
    """A connection to be made.

    Attributes:
        name: what people call it; an empty one stands for the bucket's name.
        address: see `Connection`; what can be known otherwise may be left out.
        credentials: by form; ``keys``: ``access_key``, ``secret_key`` and perhaps ``session_token``;
            ``account_token``: ``token``; ``connection_string`` and ``key_file``: the text under that name.
        form, description, attributes, manifests: see `Connection`.
    """

    kind: str
    name: str
    address: Mapping[str, Any]
    credentials: Mapping[str, str] = field(repr=False)
    organisation_id: int | None = None
    form: CredentialsForm = CredentialsForm.KEYS
    description: str = ""
    attributes: str | None = None
    manifests: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What of a connection shall be another; None: as it was.

    Attributes:
        address: replaces the address as a whole, and with it ``attributes``, which are None then unless given.
        form: what belongs to another form is forgotten.
        credentials: laid over those that are kept, as far as the form stays; an empty text replaces too.
        manifests: replace those that are kept.
    """

    name: str | None = None
    address: Mapping[str, Any] | None = None
    form: CredentialsForm | None = None
    credentials: Mapping[str, str] | None = field(default=None, repr=False)
    description: str | None = None
    attributes: str | None = None
    manifests: Sequence[str] | None = None


class Summary(NamedTuple):
    """What connections are found and ordered by."""

    number: int
    name: str
    owner: str | None
    kind: str
    form: CredentialsForm
    bucket: str
    description: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Which connections are looked through, among those that the caller may see.

    Attributes:
        named: False: all of an admin's installation, else the caller's own, of whatever organisation.
        organisation_id: if ``named``: those of this organisation; None: those of no organisation.
        shared: if not ``named``: also what others own in the caller's organisations.
    """

    named: bool = False
    organisation_id: int | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of them are wanted, and in which order; pure functions.

    Attributes:
        wanted: answers for each.
        ordered: returns what is wanted, in order.
    """

    wanted: Callable[[Summary], bool]
    ordered: Callable[[Sequence[Summary]], Sequence[Summary]]


class Found(NamedTuple):
    """A part of what was found.

    Attributes:
        total: how many there are in all.
        connections: those of the part that was asked for.
    """

    total: int
    connections: Sequence[Connection]


class Status(StrEnum):
    """What a check has found; CVAT's three words."""

    AVAILABLE = "available"  #: the storage is there and takes the credentials
    FORBIDDEN = "forbidden"  #: it is there and refuses them
    NOT_FOUND = "not_found"  #: it is not there, or nothing that answers as a storage


@dataclass(frozen=True, slots=True)
class Checked:
    """How a check ended; ``reason`` is one of ``docs/reasons.md``, or None when all is well."""

    status: Status
    reason: str | None
    message: str


class Listener(Protocol):
    """Is told after a change is in the database. What it raises is logged, and the change stays."""

    def connection_deleted(self, connection_id: str) -> None:
        """The connection is gone."""
        ...

    def connection_changed(self, connection_id: str) -> None:
        """Its address, its credentials, their form or its manifests are others now."""
        ...
