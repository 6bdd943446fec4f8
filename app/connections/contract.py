"""What the rest of the product sees of connections. Pure data; nothing secret but what `NewConnection` hides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from app.accounts.caller import Caller, Role

OPERATOR = Caller(0, "the command line", Role.ADMIN)
"""Whoever may run commands on this machine: he can read DATA_DIR anyhow, and is no user."""


def owner_of(caller: Caller | None) -> int | None:
    """Return the user id to keep as the owner of what this caller makes; None for the command line and for nobody."""
    return (caller.user_id or None) if caller else None


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection as it stood when it was read, without its credentials.

    Attributes:
        number: the order in which they were made.
        id: a UUID4.
        kind: a kind of storage, such as ``s3``.
        address: what finds the storage; of ``s3``: ``endpoint``, ``bucket`` and ``region``.
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


@dataclass(frozen=True, slots=True)
class NewConnection:
    """A connection to be made.

    Attributes:
        name: what people call it; an empty one stands for the bucket's name.
        address: see `Connection`; ``region`` may be left out.
        credentials: of ``s3``: ``access_key`` and ``secret_key``.
    """

    kind: str
    name: str
    address: Mapping[str, Any]
    credentials: Mapping[str, str] = field(repr=False)
    organisation_id: int | None = None


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
        """Its address or its credentials are others now."""
        ...
