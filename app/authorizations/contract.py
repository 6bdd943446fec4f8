"""What the rest of the product sees of authorizations. Pure data; nothing secret but what `NewAuthorization` hides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

MASK = "********"
"""Stands for a secret wherever one would be shown; given back, it means that the secret is the one that is kept."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """What credentials for all buckets of an account are made of, as it stood when it was read.

    Attributes:
        number: the order in which they were made; never given again.
        provider: as its maker wrote it: ``aws``, ``azure``, ``gcp``, or anything else, of which nothing can be made.
        config: as its maker gave it, each secret replaced by `MASK`.
        authn_id: the number of a third-party login; kept and told, and nothing is done with it.
        created_at, updated_at: POSIX seconds, UTC; updated_at changes with what is kept.
        used_at: when credentials were last made of it; at first, when it was made.
    """

    number: int
    id: str
    owner_id: int
    provider: str
    config: Mapping[str, Any]
    authn_id: int | None
    description: str | None
    created_at: float
    updated_at: float
    used_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuthorization:
    """An authorization to be made; see `Authorization`. ``config`` holds its secrets in clear."""

    provider: str
    config: Mapping[str, Any] = field(repr=False)
    authn_id: int | None = None
    description: str | None = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationChanges:
    """What of an authorization shall be another; None: as it was.

    Attributes:
        config: replaces the config as a whole; a secret given as `MASK` stays as it is.
    """

    provider: str | None = None
    config: Mapping[str, Any] | None = field(default=None, repr=False)
    authn_id: int | None = None
    description: str | None = None


class Listener(Protocol):
    """Is told after an authorization was removed. What it raises is logged, and the authorization stays removed."""

    def authorization_removed(self, number: int) -> None:
        """Nothing can be opened by it any more."""
        ...
