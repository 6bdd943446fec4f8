"""The queries of the picker's sessions. Each function works in a write transaction that its caller has opened."""

import hashlib
import math
import secrets

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.accounts.model import UserRow
from app.connections.model import ConnectionRow
from app.errors import NotAllowed, PickerSessionEnded, TooBusy
from app.grants.model import GrantRow, PickerSessionRow

AT_ONCE = 20
"""How many sessions a user has for one connection at most; of more, those that have asked for nothing longest end."""

CALLS, SECONDS = 120, 60.0
"""How often a session may ask within how long."""

_ENDED = "This session of the picker has ended. Open another one."


def new_id() -> str:
    """Return a new session's id: ``picker_sess_`` and 256 random bits."""
    return f"picker_sess_{secrets.token_urlsafe(32)}"


def add(session: Session, session_id: str, user_id: int, connection_id: str, expires_at: float, now: float) -> None:
    """Keep a session's digest; its user's for this connection that asked longest ago make room for it.

    Raises:
        NotAllowed: he is no user any more.
    """
    if session.get(UserRow, user_id) is None:
        raise NotAllowed("You are no user any more.")
    prune(session, now)
    row = PickerSessionRow.__table__.c
    whose = (row.user_id == user_id, row.connection_id == connection_id)
    newest = select(row.digest).where(*whose).order_by(row.counted_from.desc()).limit(AT_ONCE - 1)
    session.execute(delete(PickerSessionRow).where(*whose, row.digest.not_in(newest)))
    session.add(
        PickerSessionRow(
            digest=_digest(session_id),
            user_id=user_id,
            connection_id=connection_id,
            expires_at=expires_at,
            counted_from=now,
            calls=0,
        )
    )


def counted(session: Session, session_id: str, user_id: int, now: float) -> str:
    """Count one call of a session; return the id of its connection.

    Raises:
        PickerSessionEnded: it is unknown, too old, of another user, or its grant is not active; which is not told.
        TooBusy: it asked too often; this call does not count.
    """
    row = session.scalar(_living(now).where(PickerSessionRow.digest == _digest(session_id), UserRow.id == user_id))
    if row is None:
        raise PickerSessionEnded(_ENDED)
    if not 0 <= now - row.counted_from < SECONDS:
        row.counted_from, row.calls = now, 0
    if row.calls >= CALLS:
        raise TooBusy(math.ceil(row.counted_from + SECONDS - now))
    row.calls += 1
    return row.connection_id


def prune(session: Session, now: float) -> None:
    """Remove the sessions whose time is over."""
    session.execute(delete(PickerSessionRow).where(PickerSessionRow.expires_at <= now))


def _living(now: float) -> Select[PickerSessionRow]:
    # A grant's row outlives its connection until its tokens are revoked; its sessions must not.
    return (
        select(PickerSessionRow)
        .join(UserRow, UserRow.id == PickerSessionRow.user_id)
        .join(ConnectionRow, ConnectionRow.id == PickerSessionRow.connection_id)
        .join(GrantRow, GrantRow.connection_id == PickerSessionRow.connection_id)
        .where(PickerSessionRow.expires_at > now, UserRow.disabled_at.is_(None))
        .where(GrantRow.is_active, GrantRow.owner_id == UserRow.id)
    )


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
