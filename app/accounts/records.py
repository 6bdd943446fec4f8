"""What goes out of this package: users, keys, organisations and sessions as they stood when they were read."""

from dataclasses import dataclass, field

from app.accounts.caller import OrganisationRole, Role
from app.accounts.scopes import Scope

NO_QUOTA = 2**63 - 1
"""The quota of a user who may fill the library without limit, whatever LIBRARY_QUOTA says."""


@dataclass(frozen=True, slots=True)
class User:
    """One user.

    Attributes:
        id: never given to another user.
        name: in lower case.
        created_at: POSIX seconds, as all times here.
        disabled_at: None: nothing keeps him from proving who he is.
        last_login_at: when a password of his was verified last.
        has_password: False: he signs in with keys only.
        quota: how many bytes of the library may be his; None: as many as LIBRARY_QUOTA says; `NO_QUOTA`: no limit.
    """

    id: int
    name: str
    role: Role
    created_at: float
    disabled_at: float | None
    last_login_at: float | None
    has_password: bool
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of an API key.

    Attributes:
        hint: its last characters, to tell one from another.
        read_only: it must not change anything.
        scopes: what it is held to; None: whatever its user may do.
        expires_at: None: never.
        revoked_at: None: not revoked.
        last_used_at: exact to about a minute; None: never.
    """

    id: int
    user_id: int
    user_name: str
    label: str
    hint: str
    read_only: bool
    created_at: float
    expires_at: float | None
    revoked_at: float | None
    last_used_at: float | None
    scopes: frozenset[Scope] | None = None

    def standing(self, now: float) -> str:
        """Return ``valid``, ``expired`` or ``revoked``, at that time."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "valid"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made just now: the only time that it can be had."""

    key: str = field(repr=False)
    record: ApiKey


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; ``slug`` is how people name it."""

    id: int
    slug: str
    name: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Member:
    """A user's role in one organisation."""

    user_id: int
    user_name: str
    role: OrganisationRole


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's session that was opened just now.

    Attributes:
        token: for its cookie; it is kept nowhere else.
        csrf: what a page must send along to change something.
        key: says the same as the token, in a header; it lasts as long as the session does.
        expires_at: POSIX seconds.
    """

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    key: str = field(repr=False)
    expires_at: float
