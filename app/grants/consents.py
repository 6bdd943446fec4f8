"""Consents under way: who was sent to Google for what, and that each comes back once."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.model import UserRow
from app.connections.secrets import SecretBox
from app.db import Database
from app.errors import NotAllowed, SettingsError
from app.grants.contract import Provider
from app.grants.model import ConsentRow

GOOD_SECONDS = 600.0
EACH_AT_MOST = 20
"""Consents under way of one user; the oldest make room."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody was sent to consent to.

    Attributes:
        scopes: what was asked for.
        verifier: PKCE's, of which Google has the digest.
    """

    provider: Provider
    redirect_uri: str
    origin: str
    scopes: tuple[str, ...]
    verifier: str = field(repr=False)


class ConsentStore:
    """Keeps them. Thread-safe; every method may raise `DatabaseUnavailable`, having changed nothing.

    Args:
        clock: POSIX seconds.
    """

    def __init__(self, database: Database, box: SecretBox, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._box = box
        self._clock = clock

    def add(self, user_id: int, consent: Consent) -> str:
        """Keep a consent that is under way now; return the state that its answer brings back.

        Raises:
            NotAllowed: there is no such user (any more).
        """
        state = secrets.token_urlsafe(32)
        digest = _digest(state)
        with self._database.writing() as session:
            if session.get(UserRow, user_id) is None:
                raise NotAllowed("Only users connect accounts.")
            _make_room(session, user_id, self._clock())
            session.add(
                ConsentRow(
                    digest=digest,
                    user_id=user_id,
                    provider=consent.provider.value,
                    redirect_uri=consent.redirect_uri,
                    origin=consent.origin,
                    scopes=[*consent.scopes],
                    sealed=self._box.seal({"verifier": consent.verifier}, digest),
                    expires_at=self._clock() + GOOD_SECONDS,
                )
            )
        return state

    def origin(self, provider: Provider, state: str) -> str | None:
        """Return whose page may hear of a consent, which stays under way; None: there is none."""
        wanted = (
            ConsentRow.digest == _digest(state),
            ConsentRow.provider == provider.value,
            ConsentRow.expires_at > self._clock(),
        )
        with self._database.reading() as session:
            return session.scalar(select(ConsentRow.origin).where(*wanted))

    def taken(self, user_id: int, state: str) -> Consent | None:
        """Return a consent of this user, which is none from then on; None: there is none, or its time is over."""
        digest = _digest(state)
        gone = delete(ConsentRow).where(ConsentRow.digest == digest, ConsentRow.user_id == user_id)
        with self._database.writing() as session:
            row = session.scalar(gone.returning(ConsentRow))
            if row is None or row.expires_at <= self._clock():
                return None
            return self._consent(row)

    def sweep(self) -> None:
        """Forget those whose time is over."""
        with self._database.writing() as session:
            session.execute(delete(ConsentRow).where(ConsentRow.expires_at <= self._clock()))

    def reseal(self, again: Callable[[str], str]) -> None:
        """Have all verifiers sealed again, in one transaction: they are few, and gone in ten minutes."""
        with self._database.writing() as session:
            for digest, sealed in session.execute(select(ConsentRow.digest, ConsentRow.sealed)).all():
                session.execute(update(ConsentRow).where(ConsentRow.digest == digest).values(sealed=again(sealed)))

    def _consent(self, row: ConsentRow) -> Consent | None:
        try:
            verifier = self._box.open(row.sealed, row.digest)["verifier"]
        except SettingsError:
            return None  # its key is gone
        return Consent(Provider(row.provider), row.redirect_uri, row.origin, tuple(row.scopes), verifier)


def _make_room(session: Session, user_id: int, now: float) -> None:
    session.execute(delete(ConsentRow).where(ConsentRow.expires_at <= now))
    own = select(ConsentRow.digest).where(ConsentRow.user_id == user_id).order_by(ConsentRow.expires_at.desc())
    too_many = session.scalars(own.offset(EACH_AT_MOST - 1)).all()
    session.execute(delete(ConsentRow).where(ConsentRow.digest.in_(too_many)))


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()  # JSON can carry halves of characters
