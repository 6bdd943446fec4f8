"""The queries of connections. Rows and sessions end here; snapshots and sealed values go out."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.caller import Caller
from app.accounts.model import MembershipRow, OrganisationRow, UserRow
from app.connections.contract import Connection
from app.connections.model import ConnectionRow
from app.db import Database
from app.errors import NotFound

_RESEALED = 100

Seal = Callable[[Mapping[str, str], str], str]
"""Seals credentials for the row of this id."""


class Kept(NamedTuple):
    """A connection and its credentials as they are kept: sealed for its id; None when it has none."""

    connection: Connection
    sealed: str | None


class ConnectionStore:
    """The connections of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Args:
        seal: called inside the write transaction that keeps what it returns.
    """

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    def add(
        self,
        new: Mapping[str, Any],
        credentials: Mapping[str, str],
        owner_id: int | None,
        organisation_id: int | None,
    ) -> Connection:
        """Keep a new connection under a new id; ``new`` is its kind, name and address.

        Raises:
            NotFound: there is no such organisation.
        """
        with self._database.writing() as session:
            if organisation_id is not None and session.get(OrganisationRow, organisation_id) is None:
                raise NotFound(f"There is no organisation {organisation_id}.")
            connection_id, now = str(uuid4()), time.time()
            row = ConnectionRow(**new, id=connection_id, sealed=self._seal(credentials, connection_id))
            row.owner_id, row.organisation_id, row.created_at, row.updated_at = owner_id, organisation_id, now, now
            session.add(row)
            session.flush()
            return _snapshot(row)

    def get(self, connection_id: str) -> Kept:
        """Return a connection.

        Raises:
            NotFound: none has this id.
        """
        with self._database.reading() as session:
            row = _row(session, connection_id)
            return Kept(_snapshot(row), row.sealed)

    def with_user(self, connection_id: str, user_id: int) -> tuple[Kept, Caller | None]:
        """Return a connection and a user as both are at one moment; None: he was removed or disabled.

        Raises:
            NotFound: no connection has this id.
        """
        with self._database.reading() as session:
            row, user = _row(session, connection_id), session.get(UserRow, user_id)
            kept = Kept(_snapshot(row), row.sealed)
            if user is None or user.disabled_at is not None:
                return kept, None
            return kept, users.caller(session, user)

    def all(self, owner_id: int | None) -> Sequence[Connection]:
        """Return what this user owns, or everything for None; oldest first."""
        query = select(ConnectionRow).order_by(ConnectionRow.number)
        if owner_id is not None:
            query = query.where(ConnectionRow.owner_id == owner_id)
        with self._database.reading() as session:
            return [_snapshot(row) for row in session.scalars(query)]

    @contextmanager
    def changing(self, connection_id: str) -> Iterator["Change"]:
        """Give a connection to be changed or removed in one write transaction.

        Raises:
            NotFound: none has this id.
        """
        with self._database.writing() as session:
            yield Change(session, _row(session, connection_id), self._seal)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Replace each sealed value by what ``again`` makes of it; return how many became others.

        Every transaction holds the database for a moment only.
        """
        changed, after = 0, 0
        while True:
            # A write even if nothing is found: it waits for whoever writes now, and may have sealed with an old key.
            with self._database.writing() as session:
                rows = _sealed(session, after)
                for row in rows:
                    before, row.sealed = row.sealed, again(row.sealed or "")
                    changed += row.sealed != before
            if not rows:
                return changed
            after = rows[-1].number


class Change:
    """One connection inside of a write transaction; belongs to one thread.

    Attributes:
        before: as it was found.
    """

    def __init__(self, session: Session, row: ConnectionRow, seal: Seal) -> None:
        self.before = _snapshot(row)
        self._session = session
        self._row = row
        self._seal = seal

    def apply(self, name: str | None, address: Mapping[str, Any] | None, credentials: Mapping[str, str] | None) -> None:
        """Replace what is given; None: as it was."""
        row = self._row
        row.name = name if name is not None else row.name
        row.address = dict(address) if address is not None else row.address
        row.sealed = self._seal(credentials, row.id) if credentials is not None else row.sealed
        row.updated_at = time.time()

    def remove(self) -> None:
        """Remove the connection."""
        self._session.delete(self._row)

    def after(self) -> Connection:
        """Return it as it stands now."""
        return _snapshot(self._row)


def take_from_former_members(session: Session, organisation_id: int) -> None:
    """Make nobody's what this organisation holds of owners who have left it.

    To be done before the organisation is removed: what they lost by leaving would be theirs alone again.
    """
    members = select(MembershipRow.user_id).where(MembershipRow.organisation_id == organisation_id)
    theirs = (ConnectionRow.organisation_id == organisation_id, ConnectionRow.owner_id.not_in(members))
    session.execute(update(ConnectionRow).where(*theirs).values(owner_id=None))


def _row(session: Session, connection_id: str) -> ConnectionRow:
    known = connection_id.isascii()  # JSON can carry lone surrogates, which SQLite refuses to look for
    row = session.scalar(select(ConnectionRow).where(ConnectionRow.id == connection_id)) if known else None
    if row is None:
        raise no_such(connection_id)
    return row


def no_such(connection_id: str) -> NotFound:
    """Return the error for an id that is none, and for one that the caller may not know of: the same words."""
    return NotFound(f"There is no connection {connection_id[:64]!r}.")


def _snapshot(row: ConnectionRow) -> Connection:
    values = {name: getattr(row, name) for name in Connection.__slots__}
    return Connection(**(values | {"manifests": tuple(row.manifests)}))


def _sealed(session: Session, after: int) -> Sequence[ConnectionRow]:
    sealed = select(ConnectionRow).where(ConnectionRow.sealed.is_not(None), ConnectionRow.number > after)
    return session.scalars(sealed.order_by(ConnectionRow.number).limit(_RESEALED)).all()
