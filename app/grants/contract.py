"""What the rest of the product sees of grants. Pure data; nothing secret but what is hidden from ``repr``."""

from dataclasses import dataclass, field
from enum import StrEnum


class Provider(StrEnum):
    """Where accounts can be that grant something; the words of Aionvision's dialect."""

    GOOGLE_DRIVE = "google_drive"


@dataclass(frozen=True, slots=True)
class Grant:
    """What the owner of an account has granted, as it stood when it was read. Each belongs to one connection.

    Attributes:
        connection_id: of the connection that leads to the account's storage.
        account: what the provider calls the account; it stays when the e-mail address becomes another one.
        scopes: what was granted.
        is_active: False: the provider does not take it any more, so its owner must consent anew.
        created_at, last_used_at: POSIX seconds, UTC; None: not used yet.
    """

    connection_id: str
    owner_id: int | None
    provider: Provider
    account: str
    email: str | None
    display_name: str | None
    scopes: tuple[str, ...]
    is_active: bool
    created_at: float
    last_used_at: float | None


@dataclass(frozen=True, slots=True)
class Begun:
    """A consent that is under way.

    Attributes:
        url: where its giver must go.
        state: comes back with the answer.
    """

    url: str = field(repr=False)
    state: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Completed:
    """A consent that was given; ``is_new``: the account was not connected by this user before."""

    grant: Grant
    is_new: bool


@dataclass(frozen=True, slots=True)
class PickerSession:
    """What a page needs to show Google's picker, and its session here.

    Attributes:
        id: proves the session.
        access_token: of the account itself; the picker takes nothing less.
        app_id: the number of the operator's project at Google.
        developer_key: the operator's API key for browsers.
        expires_at: POSIX seconds, UTC.
    """

    id: str = field(repr=False)
    access_token: str = field(repr=False)
    app_id: str
    developer_key: str
    expires_at: float
