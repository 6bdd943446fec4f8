"""The tables of users, organisations, API keys and sessions. No queries here."""

from sqlalchemy import JSON, BigInteger, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.caller import OrganisationRole, Role
from app.db import Base, sorted_text


def _words(kind: type[Role] | type[OrganisationRole]) -> Enum:
    return Enum(
        kind, values_callable=lambda members: [member.value for member in members], native_enum=False, length=16
    )


class UserRow(Base):
    """One user.

    Attributes:
        id: never given to another user.
        name: in lower case.
        password: its argon2 hash; None: he signs in with keys only.
        disabled_at: POSIX seconds; while it is set, nothing proves that somebody is he.
        quota: how many bytes of the library may be his; None: as many as LIBRARY_QUOTA says.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sorted_text(150), unique=True)
    role: Mapped[Role] = mapped_column(_words(Role))
    password: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[float]
    disabled_at: Mapped[float | None]
    last_login_at: Mapped[float | None]
    quota: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = ({"sqlite_autoincrement": True},)


class OrganisationRow(Base):
    """One organisation; ``slug`` is how people name it."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sorted_text(16), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]

    __table_args__ = ({"sqlite_autoincrement": True},)


class MembershipRow(Base):
    """One user's role in one organisation."""

    __tablename__ = "memberships"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[OrganisationRole] = mapped_column(_words(OrganisationRole))
    created_at: Mapped[float]


class ApiKeyRow(Base):
    """One API key; the key itself is not kept.

    Attributes:
        digest: the SHA-256 of the key, which is too random to be guessed from it.
        hint: its last characters, to tell one from another.
        expires_at, revoked_at: POSIX seconds; None: never, not yet.
        scopes: see `app.accounts.scopes.Scope`; None: whatever its user may do.
    """

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(8))
    read_only: Mapped[bool]
    created_at: Mapped[float]
    expires_at: Mapped[float | None]
    revoked_at: Mapped[float | None]
    last_used_at: Mapped[float | None]
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    __table_args__ = ({"sqlite_autoincrement": True},)


class SessionRow(Base):
    """One session of a browser.

    Attributes:
        digest: the SHA-256 of what its cookie holds.
        key_digest: the SHA-256 of the key that says the same as the cookie; None for those opened before version 0.2.
        api_key_id: the API key that it was opened with, which it ends with and is limited as; None: a password.
    """

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[float]
    expires_at: Mapped[float] = mapped_column(index=True)
    key_digest: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"), index=True)


class FailedLoginRow(Base):
    """Wrong passwords of late, for one user name or from one address; see `app.accounts.throttle`.

    Attributes:
        subject: the SHA-256 of what they have in common, so that what was typed in error is not kept.
        failures: how many there were since ``first_at`` (POSIX seconds); 0: then a name signed in from an address.
        blocked_until: POSIX seconds; None while more attempts are allowed.
    """

    __tablename__ = "failed_logins"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    first_at: Mapped[float] = mapped_column(index=True)
    blocked_until: Mapped[float | None]
