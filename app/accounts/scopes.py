"""What an API key may be held to: words that each name a part of what its user may do. Pure."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from app.errors import InvalidInput


class Scope(StrEnum):
    """One word of what a key may be used for; Aionvision's words.

    A scope never adds to what the key's user may do.
    """

    READ = "read"  #: look at everything that its user sees
    WRITE = "write"  #: change it as well
    ADMIN = "admin"  #: all of it
    CLOUD_STORAGE_READ = "cloud_storage:read"  #: look at connected accounts, and at what is copied from and to them
    CLOUD_STORAGE_WRITE = "cloud_storage:write"  #: connect accounts, import and export
    CLOUD_STORAGE_DELETE = "cloud_storage:delete"  #: disconnect accounts
    CLOUD_STORAGE_SHARE = "cloud_storage:share"  #: nothing yet; the vendor has the word


_READING = frozenset({Scope.READ, Scope.CLOUD_STORAGE_READ})
_WRITING = _READING | {Scope.WRITE, Scope.CLOUD_STORAGE_WRITE, Scope.CLOUD_STORAGE_DELETE}
_IMPLIED = {Scope.READ: _READING, Scope.WRITE: _WRITING, Scope.ADMIN: frozenset(Scope)}
"""The general words imply each other by rank, and what the vendor lets them do with cloud storage. Others do not."""


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes that these words name.

    Raises:
        InvalidInput: one of them names none, or there is none: no key is good for nothing.
    """
    given = set(words)
    found = frozenset(scope for scope in Scope if scope in given)
    if not found or len(found) < len(given):
        raise InvalidInput("scopes", f"use {', '.join(Scope)}")
    return found


def kept_scopes(words: Iterable[str] | None) -> frozenset[Scope] | None:
    """Return what a key's row says; a word that this version does not know allows nothing."""
    return None if words is None else frozenset(scope for scope in Scope if scope in set(words))


def suffices(held: Collection[Scope] | None, wanted: Collection[Scope]) -> bool:
    """Return whether a key that holds ``held`` has one of ``wanted``, or what implies it; None: it has whatever."""
    return held is None or any(not _implied(scope).isdisjoint(wanted) for scope in held)


def changes_nothing(held: Collection[Scope] | None) -> bool:
    """Return whether none of these scopes lets anything be changed."""
    return held is not None and _READING.issuperset(held)


def _implied(scope: Scope) -> frozenset[Scope]:
    return _IMPLIED.get(scope, frozenset({scope}))
