"""Credentials that are lent for a while for a role, and kept in the memory of this process while they are good."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from cachetools import LRUCache

from app.authorizations.resolving import Role
from app.storages.s3.identity import TemporaryKeys, assume_role

_REMEMBERED = 1024


class Assume(Protocol):
    """Has a role's keys lent; see `app.storages.s3.identity.assume_role`."""

    def __call__(self, url: str, role_arn: str, session_name: str, token: str, seconds: int) -> TemporaryKeys:
        """Return the keys, or raise `IdentityRefused` or `StorageUnreachable`."""
        ...


class Lent(NamedTuple):
    """Keys, and until when they are any good.

    Attributes:
        renew_at: POSIX seconds; half of their time is left then.
        ends_at: POSIX seconds.
    """

    keys: TemporaryKeys
    renew_at: float
    ends_at: float


class Lending:
    """Lends keys for authorizations. Thread-safe; the lock is held for no more than a look-up.

    Args:
        url: of the service that lends (STS).
        assume: asks it.
        clock: POSIX seconds.
    """

    def __init__(self, url: str, assume: Assume = assume_role, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._assume = assume
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: LRUCache[str, tuple[Role, Lent]] = LRUCache(_REMEMBERED)

    def lent(self, authorization_id: str, role: Role) -> Lent:
        """Return keys of which at least half of their time is left.

        Raises:
            IdentityRefused: whoever lends does not accept the identity, or not for this role.
            StorageUnreachable: it does not answer.
        """
        with self._lock:
            kept = self._kept.get(authorization_id)
        if kept is not None and kept[0] == role and self._clock() < kept[1].renew_at:
            return kept[1]
        lent = self._new(role)
        with self._lock:
            self._kept[authorization_id] = (role, lent)
        return lent

    def forget(self, authorization_id: str) -> None:
        """Forget what was lent for an authorization."""
        with self._lock:
            self._kept.pop(authorization_id, None)

    def _new(self, role: Role) -> Lent:
        now = self._clock()
        keys = self._assume(self._url, role.arn, role.session_name, role.token, role.seconds)
        lasting = keys.expires_at - now
        if not 0 < lasting <= role.seconds:  # the two clocks differ
            lasting = float(role.seconds)
        return Lent(keys, now + lasting / 2, now + lasting)
