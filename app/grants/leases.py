"""Who may renew the tokens of a grant: one thread of one process, for as long as Google may take to answer.

A lease is the value of a column: it needs no transaction that lasts, and ends by itself when its holder has died.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, update

from app.connections.secrets import SecretBox
from app.db import Database
from app.grants.answers import Issued
from app.grants.model import GrantRow
from app.grants.store import Kept, sealed_tokens

LEASE_SECONDS = 30.0


class Lease(NamedTuple):
    """The right to renew; ``until`` (POSIX seconds) tells it from any other one for the same connection."""

    connection_id: str
    until: float


class Leases:
    """Gives them. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, database: Database, box: SecretBox, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._box = box
        self._clock = clock

    def claim(self, kept: Kept) -> Lease | None:
        """Return the lease of a grant; None: somebody else has it, or the grant is another than when it was read."""
        now = self._clock()
        lease = Lease(kept.grant.connection_id, now + LEASE_SECONDS)
        free = (
            GrantRow.connection_id == lease.connection_id,
            GrantRow.sealed == kept.sealed,
            GrantRow.is_active,
            # The clock may have been set back: no lease ends later than one that begins now.
            (GrantRow.renewing_until <= now) | (GrantRow.renewing_until > lease.until),
        )
        with self._database.writing() as session:
            claimed: Any = session.execute(update(GrantRow).where(*free).values(renewing_until=lease.until))
            return lease if claimed.rowcount else None

    def give_back(self, lease: Lease) -> None:
        """End a lease; the tokens are those of before."""
        self._end(lease)

    def deactivate(self, lease: Lease) -> bool:
        """End a lease because the provider takes the grant no more; return whether it was still held."""
        return self._end(lease, is_active=False)

    def renew(self, lease: Lease, new: Issued, refresh_token: str | None) -> bool:
        """End a lease with new tokens; return whether it was still held. If not, nothing is kept.

        Args:
            lease: whose end this is.
            new: what was issued.
            refresh_token: is kept if no other one was issued.
        """
        expires_at = self._clock() + new.seconds
        with self._database.writing() as session:
            sealed = sealed_tokens(self._box, lease.connection_id, new.access_token, new.refresh_token or refresh_token)
            ended = _ending(lease).values(renewing_until=0.0, sealed=sealed, expires_at=expires_at)
            done: CursorResult[Any] = session.execute(ended)  # type: ignore[assignment]  # so it is for an update
            return bool(done.rowcount)

    def _end(self, lease: Lease, **values: Any) -> bool:
        with self._database.writing() as session:
            done: CursorResult[Any] = session.execute(_ending(lease).values(renewing_until=0.0, **values))  # type: ignore[assignment]  # so it is for an update
            return bool(done.rowcount)


def _ending(lease: Lease) -> Any:
    held = (GrantRow.connection_id == lease.connection_id, GrantRow.renewing_until == lease.until)
    return update(GrantRow).where(*held)
