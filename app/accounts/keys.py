"""The queries of API keys. Each function works in a session that its caller has opened."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import tokens, users
from app.accounts.model import ApiKeyRow, UserRow
from app.accounts.records import ApiKey, NewKey
from app.accounts.scopes import Scope, changes_nothing, kept_scopes
from app.errors import InvalidLogin, NotAllowed, NotFound, UserDisabled

_NOTED_EVERY = 60.0
_ID_MAX = 2**63 - 1


def add(
    session: Session,
    user: UserRow,
    label: str,
    expires_at: float | None,
    now: float,
    *,
    read_only: bool = False,
    scopes: Collection[Scope] | None = None,
) -> NewKey:
    """Make a key of a user.

    Args:
        session: in a write transaction.
        user: whose key.
        label: as `names.line` returns it.
        expires_at: POSIX seconds; None: never.
        now: POSIX seconds.
        read_only: it must not change anything.
        scopes: what it is held to; None: whatever its user may do.

    Raises:
        NotAllowed: the user is disabled.
    """
    if user.disabled_at is not None:
        raise NotAllowed(f"{user.name} is disabled, so no key would work. Enable the user first.")
    key = tokens.new_key()
    row = ApiKeyRow(
        user_id=user.id,
        label=label,
        digest=tokens.digest(key),
        hint=tokens.hint(key),
        read_only=read_only,
        created_at=now,
        expires_at=expires_at,
        scopes=None if scopes is None else sorted(scopes),
    )
    session.add(row)
    session.flush()
    return NewKey(key, _snapshot(row, user.name))


def all_of(session: Session, user_name: str | None) -> list[ApiKey]:
    """Return the keys of a user, or of all; oldest first.

    Raises:
        NotFound: there is no such user.
    """
    query = select(ApiKeyRow, UserRow.name).join(UserRow, UserRow.id == ApiKeyRow.user_id).order_by(ApiKeyRow.id)
    if user_name is not None:
        query = query.where(ApiKeyRow.user_id == users.by_name(session, user_name).id)
    return [_snapshot(row, name) for row, name in session.execute(query)]


def revoke(session: Session, key_id: int, now: float) -> None:
    """Have a key prove nothing any more; its row stays. Twice changes nothing.

    Raises:
        NotFound: no key has this id.
    """
    row = _by_id(session, key_id)
    row.revoked_at = row.revoked_at or now


def remove(session: Session, key_id: int) -> None:
    """Remove a key.

    Raises:
        NotFound: no key has this id.
    """
    session.delete(_by_id(session, key_id))


def proved(session: Session, key: str, now: float) -> tuple[ApiKeyRow, UserRow]:
    """Return the row of a key that is valid now, and its user.

    Raises:
        InvalidLogin: it is not. Only who has a real key learns what became of it.
        UserDisabled: its user is.
    """
    query = select(ApiKeyRow, UserRow).join(UserRow, UserRow.id == ApiKeyRow.user_id)
    found = session.execute(query.where(ApiKeyRow.digest == tokens.digest(key))).one_or_none()
    if found is None:
        raise unknown()
    row, user = found
    if row.revoked_at is not None:
        raise InvalidLogin("This key was revoked. Use another one.")
    if row.expires_at is not None and row.expires_at <= now:
        raise InvalidLogin(
            f"This key expired on {datetime.fromtimestamp(row.expires_at, UTC):%Y-%m-%d}. Use a new one."
        )
    if user.disabled_at is not None:
        raise UserDisabled("The user of this key is disabled.")
    return row, user


def is_valid(row: ApiKeyRow, now: float) -> bool:
    """Return whether a key proves something at this time (POSIX seconds), as far as it is up to the key."""
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def limits(row: ApiKeyRow) -> dict[str, Any]:
    """Return what holds back a caller who came with this key, as fields of a `Caller`."""
    scopes = kept_scopes(row.scopes)
    return {"read_only": row.read_only or changes_nothing(scopes), "scopes": scopes}


def unknown() -> InvalidLogin:
    """Return the error for what is no key of anybody."""
    return InvalidLogin("This key is unknown.")


def is_use_to_be_noted(row: ApiKeyRow, now: float) -> bool:
    """Return whether the last use that is known is over a minute old, so that reading writes little."""
    return row.last_used_at is None or not 0 <= now - row.last_used_at < _NOTED_EVERY


def note_use(session: Session, key_id: int, now: float) -> None:
    """Keep when a key was used last."""
    row = session.get(ApiKeyRow, key_id)
    if row is not None:
        row.last_used_at = now


def _snapshot(row: ApiKeyRow, user_name: str) -> ApiKey:
    return ApiKey(
        row.id,
        row.user_id,
        user_name,
        row.label,
        row.hint,
        row.read_only,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        kept_scopes(row.scopes),
    )


def _by_id(session: Session, key_id: int) -> ApiKeyRow:
    # SQLite raises an error for a number that no column of it can hold.
    row = session.get(ApiKeyRow, key_id) if 0 < key_id <= _ID_MAX else None
    if row is None:
        raise NotFound(f"There is no key {key_id}.")
    return row
