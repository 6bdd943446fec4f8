"""The queries of authorizations. Rows and sessions end here; snapshots and sealed values go out."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.caller import Caller
from app.accounts.model import UserRow
from app.authorizations.contract import Authorization
from app.authorizations.drafts import Draft
from app.authorizations.model import AuthorizationRow
from app.connections.secrets import SecretBox
from app.db import Database
from app.db.resealing import seal_again
from app.errors import AlreadyExists, InvalidInput, NotAllowed, NotFound

EACH_AT_MOST = 1000
"""Authorizations of one user."""

_LARGEST_NUMBER = 2**63 - 1
_USE_KEPT_EVERY = 60.0
_KEPT = ("provider", "config", "authn_id", "description")


class Kept(NamedTuple):
    """An authorization and the secrets of its config as they are kept: sealed for its id; None when it has none."""

    authorization: Authorization
    sealed: str | None


class AuthorizationStore:
    """The authorizations of all users. Thread-safe; any method may raise `DatabaseUnavailable`, having changed nothing.

    Args:
        box: seals inside the write transaction that keeps what it returns.
    """

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box

    def add(self, draft: Draft, owner_id: int, is_same: Callable[[Kept], bool]) -> Authorization:
        """Keep a new authorization under a new number.

        Args:
            draft: what to keep.
            owner_id: whose it is.
            is_same: tells of one of the owner's, with the same third-party login, whether it is the same otherwise;
                asked where there is such a login.

        Raises:
            AlreadyExists: it is.
            InvalidInput: for ``config``: the owner has as many as one can have.
            NotAllowed: its owner is no user any more.
        """
        with self._database.writing() as session:
            if session.get(UserRow, owner_id) is None:
                raise NotAllowed("You are no user any more.")
            _require_room(session, owner_id)
            _require_new(session, draft, owner_id, is_same)
            now = time.time()
            row = AuthorizationRow(id=str(uuid4()), owner_id=owner_id, created_at=now, updated_at=now, used_at=now)
            _take(row, draft, self._box)
            session.add(row)
            session.flush()
            return _snapshot(row)

    def get(self, number: int) -> Kept:
        """Return an authorization.

        Raises:
            NotFound: none has this number.
        """
        with self._database.reading() as session:
            return _kept(_row(session, number))

    def with_users(self, number: int, user_id: int) -> tuple[Kept, Caller | None, Caller | None]:
        """Return an authorization, its owner and another user as all are at one moment; None: removed or disabled.

        Raises:
            NotFound: no authorization has this number.
        """
        with self._database.reading() as session:
            row = _row(session, number)
            return _kept(row), _user(session, row.owner_id), _user(session, user_id)

    def of(self, owner_id: int) -> Sequence[Authorization]:
        """Return what this user owns, oldest first."""
        query = select(AuthorizationRow).where(AuthorizationRow.owner_id == owner_id).order_by(AuthorizationRow.number)
        with self._database.reading() as session:
            return [_snapshot(row) for row in session.scalars(query)]

    @contextmanager
    def changing(self, number: int) -> Iterator["Change"]:
        """Give an authorization to be changed or removed in one write transaction.

        Raises:
            NotFound: none has this number.
        """
        with self._database.writing() as session:
            yield Change(session, _row(session, number), self._box)

    def note_use(self, number: int) -> None:
        """Keep that credentials were made of it now; once a minute is enough."""
        now = time.time()
        used = (AuthorizationRow.number == number, AuthorizationRow.used_at < now - _USE_KEPT_EVERY)
        with self._database.reading() as session:
            if session.scalar(select(AuthorizationRow.number).where(*used)) is None:
                return
        with self._database.writing() as session:
            session.execute(update(AuthorizationRow).where(*used).values(used_at=now))

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have each sealed value replaced; see `app.db.resealing.seal_again`."""
        return seal_again(self._database, AuthorizationRow.number, AuthorizationRow.sealed, again)


class Change:
    """One authorization inside of a write transaction; belongs to one thread.

    Attributes:
        kept: as it was found.
    """

    def __init__(self, session: Session, row: AuthorizationRow, box: SecretBox) -> None:
        self.kept = _kept(row)
        self._session = session
        self._row = row
        self._box = box

    def apply(self, draft: Draft) -> Authorization:
        """Make it what the draft says, and return it so; two changes never have the same ``updated_at``."""
        _take(self._row, draft, self._box)
        self._row.updated_at = max(time.time(), self.kept.authorization.updated_at + 0.000_001)
        return _snapshot(self._row)

    def remove(self) -> None:
        """Remove the authorization."""
        self._session.delete(self._row)


def no_such() -> NotFound:
    """Return the error for a number that is none; the words are Galaxy's, whose clients alone get to see them."""
    return NotFound("An authorization configuration with given ID not found.")


def _row(session: Session, number: int) -> AuthorizationRow:
    # SQLite raises an error for a number that no column of it can hold.
    row = session.get(AuthorizationRow, number) if 0 < number <= _LARGEST_NUMBER else None
    if row is None:
        raise no_such()
    return row


def _user(session: Session, user_id: int) -> Caller | None:
    row = session.get(UserRow, user_id)
    return users.caller(session, row) if row is not None and row.disabled_at is None else None


def _require_room(session: Session, owner_id: int) -> None:
    owned = select(func.count()).where(AuthorizationRow.owner_id == owner_id)
    if (session.scalar(owned) or 0) >= EACH_AT_MOST:
        raise InvalidInput("config", f"You have {EACH_AT_MOST:,} authorizations, which is the most. Delete some.")


def _require_new(session: Session, draft: Draft, owner_id: int, is_same: Callable[[Kept], bool]) -> None:
    """Galaxy looks for the same only where a third-party login is given; so does this."""
    if draft.authn_id is None:
        return
    with_login = (AuthorizationRow.owner_id == owner_id, AuthorizationRow.authn_id == draft.authn_id)
    if any(is_same(_kept(row)) for row in session.scalars(select(AuthorizationRow).where(*with_login))):
        raise AlreadyExists("A similar cloud authorization configuration is already defined.")


def _take(row: AuthorizationRow, draft: Draft, box: SecretBox) -> None:
    for name in _KEPT:
        setattr(row, name, getattr(draft, name))
    if draft.secrets is not None:
        row.sealed = box.seal(draft.secrets, row.id) if draft.secrets else None


def _kept(row: AuthorizationRow) -> Kept:
    return Kept(_snapshot(row), row.sealed)


def _snapshot(row: AuthorizationRow) -> Authorization:
    return Authorization(**{name: getattr(row, name) for name in Authorization.__slots__})
