"""Opens the buckets that an authorization's config leads to, with credentials that are its own, or lent for it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.authorizations.lending import Lending
from app.authorizations.resolving import Means
from app.connections.address import target_of
from app.connections.kind import Room, StorageKind
from app.errors import AuthorizationUnusable, InvalidInput, StorageMissing
from app.storages.base import Storage
from app.storages.s3.identity import TemporaryKeys

_NO_BUCKET = "no-bucket"
"""Stands in an address of which no bucket counts; every kind of storage takes it for a name."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open bucket.

    Attributes:
        storage: the bucket, to be closed.
        target: its identity; see `app.connections.address.target_of`.
        renew_at: POSIX seconds from which on it should be opened anew, and can still be used.
        ends_at: POSIX seconds from which on its credentials are worth nothing.
    """

    storage: Storage
    target: str
    renew_at: float = math.inf
    ends_at: float = math.inf

    @property
    def is_lasting(self) -> bool:
        """Whether its credentials do not end."""
        return self.ends_at == math.inf


class Opening:
    """Opens buckets. Thread-safe.

    Each method raises `AuthorizationUnusable` where something of a config cannot be what it should, and
    `StorageMissing` for a bucket that no storage of that kind can have, or that is not the connection's.

    Args:
        kinds: the kinds of storage, by name.
        lending: lends credentials for roles.
    """

    def __init__(self, kinds: Mapping[str, StorageKind], lending: Lending) -> None:
        self._kinds = kinds
        self._lending = lending

    def target(self, means: Means, bucket: str) -> str:
        """Return the identity of a bucket; nobody is asked anything."""
        kind = self._kinds[means.kind]
        return _target(_address(kind, means, _own(kind, means), bucket))

    def opened(self, means: Means, bucket: str, room: Room, authorization_id: str) -> Opened:
        """Open a bucket; asks the resolver, and whoever lends credentials, but not the storage.

        Raises:
            IdentityRefused: no credentials are lent.
            StorageUnreachable: whoever lends does not answer, or the address is one that is refused.
        """
        kind = self._kinds[means.kind]
        own = _own(kind, means)
        address = _address(kind, means, own, bucket)
        kind.require_reachable(address)
        if means.role is None:
            return Opened(kind.opened(address, own, room), _target(address))
        keys, renew_at, ends_at = self._lending.lent(authorization_id, means.role)
        return Opened(kind.opened(address, _lent(keys), room), _target(address), renew_at, ends_at)

    def buckets(self, means: Means, authorization_id: str) -> Sequence[str]:
        """Return the names of the account's buckets, ascending; raises as `opened`, and what the storage answers."""
        if means.bucket is not None:
            return [means.bucket]
        kind = self._kinds[means.kind]
        own = _own(kind, means)
        address = _address(kind, means, own, _NO_BUCKET)
        kind.require_reachable(address)
        if means.role is not None:
            own = _lent(self._lending.lent(authorization_id, means.role).keys)
        return sorted(kind.buckets(address, own))


def _own(kind: StorageKind, means: Means) -> Mapping[str, str]:
    """Return the credentials as the kind takes them; those of a connection are so, and a role has none."""
    if means.role is not None or means.bucket is not None:
        return means.credentials
    try:
        return kind.credentials(means.form, means.credentials)
    except InvalidInput as error:
        raise _unusable(error) from None


def _lent(keys: TemporaryKeys) -> Mapping[str, str]:
    return {"access_key": keys.access_key, "secret_key": keys.secret_key, "session_token": keys.session_token}


def _address(kind: StorageKind, means: Means, credentials: Mapping[str, str], bucket: str) -> Mapping[str, Any]:
    if means.bucket is not None:
        if bucket != means.bucket:
            raise _no_bucket(bucket)
        return means.address
    try:
        return kind.address({**means.address, "bucket": bucket}, credentials)
    except InvalidInput as error:
        if error.field == "bucket":
            raise _no_bucket(bucket) from None
        raise _unusable(error) from None


def _target(address: Mapping[str, Any]) -> str:
    return target_of(f"{address['endpoint']}{address.get('path', '')}", str(address["bucket"]))


def _no_bucket(bucket: str) -> StorageMissing:
    return StorageMissing(f"The bucket {bucket[:250]!r} is not there.")


def _unusable(error: InvalidInput) -> AuthorizationUnusable:
    return AuthorizationUnusable(f"The authorization's config cannot be used: {error}")
