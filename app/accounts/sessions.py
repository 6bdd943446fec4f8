"""The queries of sessions. Each function works in a session of the database that its caller has opened."""

from dataclasses import replace

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session as DatabaseSession

from app.accounts import keys, tokens, users
from app.accounts.caller import Caller
from app.accounts.model import ApiKeyRow, SessionRow, UserRow
from app.accounts.records import Session
from app.errors import InvalidLogin

_PER_USER = 100


def open_one(
    session: DatabaseSession, user_id: int, now: float, seconds: float, api_key_id: int | None = None
) -> Session:
    """Sign a user in; of more than a hundred sessions of his the oldest end.

    Args:
        session: in a write transaction.
        user_id: the user.
        now: POSIX seconds.
        seconds: how long it lasts.
        api_key_id: the key that he came with; the session ends with it and may do no more than it.

    Raises:
        InvalidLogin: there is no such user any more, or he is disabled.
    """
    user = session.get(UserRow, user_id)
    if user is None or user.disabled_at is not None:
        raise InvalidLogin("This user is disabled or removed.")
    token = tokens.new_session_token()
    key = tokens.session_key(token)
    session.add(
        SessionRow(
            digest=tokens.digest(token),
            user_id=user_id,
            created_at=now,
            expires_at=now + seconds,
            key_digest=tokens.digest(key),
            api_key_id=api_key_id,
        )
    )
    session.flush()
    newest_first = select(SessionRow.digest).where(SessionRow.user_id == user_id).order_by(SessionRow.created_at.desc())
    session.execute(delete(SessionRow).where(SessionRow.digest.in_(newest_first.offset(_PER_USER))))
    return Session(token, tokens.csrf(token), key, now + seconds)


def caller_of(session: DatabaseSession, token: str, now: float) -> Caller:
    """Return whose session this is, as he stands now.

    Raises:
        InvalidLogin: nobody's, not any more, or of a disabled user.
    """
    return _caller_where(session, SessionRow.digest == tokens.digest(token), now)


def caller_of_key(session: DatabaseSession, key: str, now: float) -> Caller:
    """Return whose session this is the key of, as he stands now.

    Raises:
        InvalidLogin: nobody's, not any more, or of a disabled user.
    """
    return _caller_where(session, SessionRow.key_digest == tokens.digest(key), now)


def ended() -> InvalidLogin:
    """Return the error for what is no session."""
    return InvalidLogin("This session has ended. Sign in again.")


def close(session: DatabaseSession, token: str) -> None:
    """End a session; harmless when it has ended."""
    session.execute(delete(SessionRow).where(SessionRow.digest == tokens.digest(token)))


def close_by_key(session: DatabaseSession, key: str) -> None:
    """End the session of a key; harmless when it has ended."""
    session.execute(delete(SessionRow).where(SessionRow.key_digest == tokens.digest(key)))


def prune(session: DatabaseSession, now: float) -> None:
    """Remove the sessions that have expired."""
    session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


def _caller_where(session: DatabaseSession, this: ColumnElement[bool], now: float) -> Caller:
    query = select(UserRow, ApiKeyRow).select_from(SessionRow).join(UserRow, SessionRow.user_id == UserRow.id)
    query = query.outerjoin(ApiKeyRow, SessionRow.api_key_id == ApiKeyRow.id)
    found = session.execute(query.where(this, SessionRow.expires_at > now, UserRow.disabled_at.is_(None))).one_or_none()
    if found is None:
        raise ended()
    user: UserRow = found[0]
    key: ApiKeyRow | None = found[1]
    if key is None:
        return users.caller(session, user)
    if not keys.is_valid(key, now):
        raise ended()
    return replace(users.caller(session, user), **keys.limits(key))
