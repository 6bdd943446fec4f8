"""The tables of grants, of consents under way, and of sessions of the picker. No queries here."""

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.model import UserRow
from app.db import Base


class GrantRow(Base):
    """What was granted for one connection; see `app.grants.contract.Grant`.

    Attributes:
        connection_id: no foreign key: while the row is there after its connection was deleted, the tokens in it are
            still to be revoked.
        sealed: ``access_token`` and, unless there is none, ``refresh_token``, sealed for the connection's id.
        expires_at: of the access token, POSIX seconds.
        renewing_until: while this is in the future, somebody fetches a new access token; POSIX seconds.
    """

    __tablename__ = "grants"

    number: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[str] = mapped_column(String(36), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(UserRow.id, ondelete="SET NULL"))
    provider: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(320))
    display_name: Mapped[str | None] = mapped_column(String(255))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    is_active: Mapped[bool]
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[float]
    renewing_until: Mapped[float]
    created_at: Mapped[float]
    last_used_at: Mapped[float | None]

    __table_args__ = (UniqueConstraint("owner_id", "provider", "account"), {"sqlite_autoincrement": True})


class ConsentRow(Base):
    """A consent that somebody was sent to give; gone once it was given, or its time is over.

    Attributes:
        digest: the SHA-256 of the state, so that nobody who reads the database can use it.
        origin: whose page may hear how it ended.
        scopes: what was asked for.
        sealed: ``verifier``, PKCE's, sealed for the digest.
    """

    __tablename__ = "consents"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(32))
    redirect_uri: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[float] = mapped_column(index=True)


class PickerSessionRow(Base):
    """A session of Google's picker.

    Attributes:
        digest: the SHA-256 of its id.
        counted_from, calls: how often it has asked since then (POSIX seconds).
    """

    __tablename__ = "picker_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id, ondelete="CASCADE"), index=True)
    connection_id: Mapped[str] = mapped_column(String(36), index=True)
    expires_at: Mapped[float] = mapped_column(index=True)
    counted_from: Mapped[float]
    calls: Mapped[int]
