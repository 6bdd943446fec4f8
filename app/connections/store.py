"""The queries of connections. Rows and sessions end here; snapshots and sealed values go out."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias
from uuid import uuid4

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, defer

from app.accounts import users
from app.accounts.caller import Caller
from app.accounts.model import MembershipRow, OrganisationRow, UserRow
from app.connections.contract import Connection, Summary
from app.connections.drafts import Draft
from app.connections.model import ConnectionRow
from app.db import Database
from app.db.resealing import seal_again
from app.errors import NotAllowed, NotFound

_LOADED_AT_ONCE = 500
_LARGEST_NUMBER = 2**63 - 1
_KEPT = ("name", "address", "form", "description", "attributes", "manifests")

_OUTLINE = (
    ConnectionRow.number,
    ConnectionRow.name,
    UserRow.name,
    ConnectionRow.kind,
    ConnectionRow.form,
    ConnectionRow.address["bucket"].as_string(),
    ConnectionRow.description,
    ConnectionRow.owner_id,
    ConnectionRow.organisation_id,
)

Seal = Callable[[Mapping[str, str], str], str]
"""Seals credentials for the row of this id."""

Beside: TypeAlias = Callable[[Session, Connection], None]
"""Adds what belongs to a new connection, inside of the transaction that makes it; what it raises undoes both."""


class Kept(NamedTuple):
    """A connection and its credentials as they are kept: sealed for its id; None when it has none."""

    connection: Connection
    sealed: str | None


class Outline(NamedTuple):
    """What connections are found by, and what says who may see them."""

    summary: Summary
    owner_id: int | None
    organisation_id: int | None


class ConnectionStore:
    """The connections of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Args:
        seal: called inside the write transaction that keeps what it returns.
    """

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    def add(
        self, draft: Draft, owner_id: int | None, organisation_id: int | None, beside: Beside | None = None
    ) -> Connection:
        """Keep a new connection under a new id, and ``beside`` what belongs to it.

        Raises:
            NotFound: there is no such organisation.
            NotAllowed: its owner is no user any more.
        """
        with self._database.writing() as session:
            _require_there(session, owner_id, organisation_id)
            now = time.time()
            row = ConnectionRow(id=str(uuid4()), kind=draft.kind, created_at=now, updated_at=now)
            row.owner_id, row.organisation_id = owner_id, organisation_id
            _take(row, draft, self._seal)
            session.add(row)
            session.flush()
            made = _snapshot(row)
            if beside is not None:
                beside(session, made)
            return made

    def get(self, connection_id: str) -> Kept:
        """Return a connection.

        Raises:
            NotFound: none has this id.
        """
        with self._database.reading() as session:
            row = _row(session, connection_id)
            return Kept(_snapshot(row), row.sealed)

    def numbered(self, number: int) -> Connection:
        """Return a connection by its number.

        Raises:
            NotFound: none has this number.
        """
        with self._database.reading() as session:
            row = session.get(ConnectionRow, number) if 0 < number <= _LARGEST_NUMBER else None
            if row is None:
                raise no_such(str(number))
            return _snapshot(row)

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

    def outlines(self, *conditions: ColumnElement[bool]) -> Sequence["Outline"]:
        """Return what is looked through of those that fulfil all conditions, in no order."""
        query = select(*_OUTLINE).outerjoin(UserRow, UserRow.id == ConnectionRow.owner_id).where(*conditions)
        with self._database.reading() as session:
            return [
                Outline(Summary(number, name, owner, kind, form, bucket, description), owner_id, organisation_id)
                for number, name, owner, kind, form, bucket, description, owner_id, organisation_id in session.execute(
                    query
                )
            ]

    def those(self, numbers: Sequence[int]) -> Sequence[Connection]:
        """Return the connections of these numbers, in their order; one that is gone is left out."""
        found: dict[int, Connection] = {}
        with self._database.reading() as session:
            for start in range(0, len(numbers), _LOADED_AT_ONCE):
                some = ConnectionRow.number.in_(numbers[start : start + _LOADED_AT_ONCE])
                rows = session.scalars(select(ConnectionRow).where(some).options(defer(ConnectionRow.sealed)))
                found |= {row.number: _snapshot(row) for row in rows}
        return [found[number] for number in numbers if number in found]

    @contextmanager
    def changing(self, connection_id: str) -> Iterator["Change"]:
        """Give a connection to be changed or removed in one write transaction.

        Raises:
            NotFound: none has this id.
        """
        with self._database.writing() as session:
            yield Change(session, _row(session, connection_id), self._seal)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have each sealed value replaced; see `app.db.resealing.seal_again`."""
        return seal_again(self._database, ConnectionRow.number, ConnectionRow.sealed, again)


class Change:
    """One connection inside of a write transaction; belongs to one thread.

    Attributes:
        kept: as it was found.
    """

    def __init__(self, session: Session, row: ConnectionRow, seal: Seal) -> None:
        self.kept = Kept(_snapshot(row), row.sealed)
        self._session = session
        self._row = row
        self._seal = seal

    @property
    def before(self) -> Connection:
        """The connection as it was found."""
        return self.kept.connection

    def apply(self, draft: Draft) -> Connection:
        """Make it what the draft says, and return it so; two changes never have the same ``updated_at``."""
        _take(self._row, draft, self._seal)
        self._row.updated_at = max(time.time(), self.before.updated_at + 0.000_001)
        return _snapshot(self._row)

    def remove(self) -> None:
        """Remove the connection."""
        self._session.delete(self._row)


def take_from_former_members(session: Session, organisation_id: int) -> None:
    """Make nobody's what this organisation holds of owners who have left it.

    To be done before the organisation is removed: what they lost by leaving would be theirs alone again.
    """
    members = select(MembershipRow.user_id).where(MembershipRow.organisation_id == organisation_id)
    theirs = (ConnectionRow.organisation_id == organisation_id, ConnectionRow.owner_id.not_in(members))
    session.execute(update(ConnectionRow).where(*theirs).values(owner_id=None))


def _require_there(session: Session, owner_id: int | None, organisation_id: int | None) -> None:
    if organisation_id is not None and session.get(OrganisationRow, organisation_id) is None:
        raise NotFound(f"There is no organisation {organisation_id}.")
    if owner_id is not None and session.get(UserRow, owner_id) is None:
        raise NotAllowed("You are no user any more.")


def _row(session: Session, connection_id: str) -> ConnectionRow:
    known = connection_id.isascii()  # JSON can carry lone surrogates, which SQLite refuses to look for
    row = session.scalar(select(ConnectionRow).where(ConnectionRow.id == connection_id)) if known else None
    if row is None:
        raise no_such(connection_id)
    return row


def no_such(connection_id: str) -> NotFound:
    """Return the error for an id that is none, and for one that the caller may not know of: the same words."""
    return NotFound(f"There is no connection {connection_id[:64]!r}.")


def _take(row: ConnectionRow, draft: Draft, seal: Seal) -> None:
    for name in _KEPT:
        setattr(row, name, getattr(draft, name))
    if draft.credentials is not None:
        row.sealed = seal(draft.credentials, row.id) if draft.credentials else None


def _snapshot(row: ConnectionRow) -> Connection:
    values = {name: getattr(row, name) for name in Connection.__slots__}
    return Connection(**(values | {"manifests": tuple(row.manifests)}))
