"""The queries of grants. Rows and sessions end here; snapshots and opened tokens go out."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from app.connections.model import ConnectionRow
from app.connections.secrets import SecretBox
from app.db import Database
from app.db.resealing import seal_again
from app.errors import AlreadyExists, SettingsError
from app.grants.answers import Account, Issued
from app.grants.contract import Grant, Provider
from app.grants.model import GrantRow, PickerSessionRow

_HAS_CONNECTION = GrantRow.connection_id.in_(select(ConnectionRow.id))
_USE_KEPT_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A grant with its tokens, as both stood when they were read.

    Attributes:
        access_token, refresh_token: None: there is none, or the key that sealed it is gone.
        sealed: both as they are kept; others when they are others.
        expires_at: of the access token, POSIX seconds.
    """

    grant: Grant
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    sealed: str = field(repr=False)
    expires_at: float


class GrantStore:
    """The grants of all users. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    A grant whose connection is gone is nobody's any more: only `orphan` and `orphans` tell of it.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, database: Database, box: SecretBox, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._box = box
        self._clock = clock

    def kept(self, connection_id: str) -> Kept | None:
        """Return the grant of a connection; None: there is none."""
        return self._one(connection_id, _HAS_CONNECTION)

    def orphan(self, connection_id: str) -> Kept | None:
        """Return the grant of a connection that is gone; None: it is not gone, or has left none."""
        return self._one(connection_id, ~_HAS_CONNECTION)

    def orphans(self) -> Sequence[str]:
        """Return the ids of connections that are gone and have left a grant."""
        with self._database.reading() as session:
            return session.scalars(select(GrantRow.connection_id).where(~_HAS_CONNECTION)).all()

    def of(self, owner_id: int) -> Sequence[Grant]:
        """Return what was granted to this user, oldest first."""
        query = select(GrantRow).where(GrantRow.owner_id == owner_id, _HAS_CONNECTION).order_by(GrantRow.number)
        with self._database.reading() as session:
            return [_snapshot(row) for row in session.scalars(query)]

    def again(self, owner_id: int, provider: Provider, account: Account, new: Issued) -> Grant | None:
        """Keep what was granted anew; a refresh token that did not come stays what it was.

        Returns:
            None, with nothing kept: this user has no connection to the account, or there would be no refresh token.
        """
        with self._database.writing() as session:
            row = _of_account(session, owner_id, provider, account.id)
            if row is None or not _has_connection(session, row):
                return None
            refresh_token = new.refresh_token or self._opened(row).get("refresh_token")
            if refresh_token is None:
                return None
            self._take(row, account, new, refresh_token)
            return _snapshot(row)

    def add(
        self, session: Session, connection_id: str, owner_id: int, provider: Provider, account: Account, new: Issued
    ) -> Grant:
        """Keep a grant in the transaction that makes its connection; what a connection that is gone has left goes.

        Raises:
            AlreadyExists: this user has another connection to the account.
        """
        row = _of_account(session, owner_id, provider, account.id)
        if row is not None:
            if _has_connection(session, row):
                raise AlreadyExists("This account is connected already.")
            _forget(session, row.connection_id)
        row = GrantRow(connection_id=connection_id, owner_id=owner_id, provider=provider.value, account=account.id)
        row.created_at, row.last_used_at = self._clock(), None
        self._take(row, account, new, new.refresh_token)
        session.add(row)
        return _snapshot(row)

    def forget(self, connection_id: str) -> None:
        """Remove the grant of a connection and its sessions of the picker."""
        with self._database.writing() as session:
            _forget(session, connection_id)

    def deactivate(self, kept: Kept) -> None:
        """Have a grant be active no more, unless its tokens are others by now."""
        same = (GrantRow.connection_id == kept.grant.connection_id, GrantRow.sealed == kept.sealed)
        with self._database.writing() as session:
            session.execute(update(GrantRow).where(*same).values(is_active=False))

    def note_use(self, grant: Grant) -> None:
        """Keep that its tokens were used now; once a minute is enough."""
        now = self._clock()
        if grant.last_used_at is not None and 0 <= now - grant.last_used_at < _USE_KEPT_EVERY:
            return
        with self._database.writing() as session:
            used = update(GrantRow).where(GrantRow.connection_id == grant.connection_id)
            session.execute(used.values(last_used_at=now))

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have each sealed value replaced; see `app.db.resealing.seal_again`."""
        return seal_again(self._database, GrantRow.number, GrantRow.sealed, again)

    def _one(self, connection_id: str, condition: ColumnElement[bool]) -> Kept | None:
        if not connection_id.isascii():  # JSON can carry lone surrogates, which SQLite refuses to look for
            return None
        with self._database.reading() as session:
            row = session.scalar(select(GrantRow).where(GrantRow.connection_id == connection_id, condition))
        if row is None:
            return None
        tokens = self._opened(row)
        return Kept(_snapshot(row), tokens.get("access_token"), tokens.get("refresh_token"), row.sealed, row.expires_at)

    def _opened(self, row: GrantRow) -> Mapping[str, str]:
        try:
            return self._box.open(row.sealed, row.connection_id)
        except SettingsError:
            return {}

    def _take(self, row: GrantRow, account: Account, new: Issued, refresh_token: str | None) -> None:
        row.email, row.display_name = account.email, account.name
        row.scopes = [*(new.scopes or ())]
        row.is_active, row.renewing_until = True, 0.0
        row.expires_at = self._clock() + new.seconds
        row.sealed = sealed_tokens(self._box, row.connection_id, new.access_token, refresh_token)


def sealed_tokens(box: SecretBox, connection_id: str, access_token: str, refresh_token: str | None) -> str:
    """Return tokens as they are kept; to be called inside the write transaction that keeps them."""
    refresh = {} if refresh_token is None else {"refresh_token": refresh_token}
    return box.seal({"access_token": access_token, **refresh}, connection_id)


def _of_account(session: Session, owner_id: int, provider: Provider, account: str) -> GrantRow | None:
    owned = (GrantRow.owner_id == owner_id, GrantRow.provider == provider.value, GrantRow.account == account)
    return session.scalar(select(GrantRow).where(*owned))


def _has_connection(session: Session, row: GrantRow) -> bool:
    return session.scalar(select(ConnectionRow.number).where(ConnectionRow.id == row.connection_id)) is not None


def _forget(session: Session, connection_id: str) -> None:
    session.execute(delete(PickerSessionRow).where(PickerSessionRow.connection_id == connection_id))
    session.execute(delete(GrantRow).where(GrantRow.connection_id == connection_id))


def _snapshot(row: GrantRow) -> Grant:
    return Grant(
        connection_id=row.connection_id,
        owner_id=row.owner_id,
        provider=Provider(row.provider),
        account=row.account,
        email=row.email,
        display_name=row.display_name,
        scopes=tuple(row.scopes),
        is_active=row.is_active,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
