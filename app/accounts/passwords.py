"""Passwords: hashed by argon2id, verified two at a time, and for some minutes known again without that."""

import base64
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from cachetools import TTLCache

from app.errors import InvalidInput, TooManyAttempts

MIN, MAX = 8, 256
REMEMBERED_SECONDS = 300.0

_AT_ONCE = 2  # each needs 64 MiB with argon2-cffi's parameters
_REMEMBERED_MAX = 1024
_LATER_SECONDS = 2


class Passwords:
    """Hashes and verifies. Thread-safe; to be made anew after a fork.

    Args:
        hasher: its parameters are those of new hashes; argon2-cffi's own when None.
        remembered_seconds: how long `remembers` knows a password that was right.
        waiting_max: how many threads may wait for their turn; a flood of passwords must not take them all.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        remembered_seconds: float = REMEMBERED_SECONDS,
        waiting_max: int = 8,
    ) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = _hash_of_nothing(self._hasher)
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._places = threading.BoundedSemaphore(_AT_ONCE + waiting_max)
        self._lock = threading.Lock()
        self._remembered: TTLCache[bytes, bool] = TTLCache(_REMEMBERED_MAX, remembered_seconds)
        self._secret = secrets.token_bytes(32)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until fewer than two are at it in this process. Not to be nested.

        Raises:
            TooManyAttempts: too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyAttempts(_LATER_SECONDS)
        try:
            with self._turns:
                yield
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """Return what is kept of a new password. Takes a turn.

        Raises:
            InvalidInput: it is too short or too long, or cannot be typed.
        """
        text = readable(password)
        if text is None or not MIN <= len(text) <= MAX:
            raise InvalidInput("password", f"use {MIN} to {MAX} characters, without control characters")
        with self.turn():
            return self._hasher.hash(text)

    def verify(self, kept: str | None, password: str) -> bool:
        """Return whether this is the password. Costs the same for None, which no password fits. Call it in a turn.

        Args:
            kept: its hash; None: there is no such user, or he has no password.
            password: as `readable` returns it.
        """
        try:
            return self._hasher.verify(kept or self._nobodys, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def renewed(self, kept: str, password: str) -> str | None:
        """Return a new hash of a password that was right, if ``kept`` is of other parameters. Call it in a turn."""
        return self._hasher.hash(password) if self._hasher.check_needs_rehash(kept) else None

    def remember(self, kept: str, password: str) -> None:
        """Have `remembers` say yes for some minutes."""
        with self._lock:
            self._remembered[self._trace(kept, password)] = True

    def remembers(self, kept: str | None, password: str) -> bool:
        """Return whether this password was verified against this very hash of late; costs next to nothing."""
        if kept is None:
            return False
        with self._lock:
            return self._trace(kept, password) in self._remembered

    def _trace(self, kept: str, password: str) -> bytes:
        # The salt in the hash stands for the user; a changed password has another one.
        return hmac.digest(self._secret, f"{kept}\0{password}".encode(), "sha256")


def readable(password: str) -> str | None:
    """Return a password in the form that is hashed (NFC, as RFC 8265 has it); None when it can be nobody's.

    Basic authentication cannot carry control characters (RFC 7617), and what is no Unicode text cannot be hashed.
    """
    if not 0 < len(password) <= MAX * 4:  # before it is normalised, for that costs time
        return None
    text = unicodedata.normalize("NFC", password)
    if len(text) > MAX or any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        return None
    return text


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """Return a well-formed hash that costs as much as a real one to verify against, and that no password fits."""
    salt, tag = (
        base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode("ascii")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2{hasher.type.name.lower()}$v={ARGON2_VERSION}${costs}${salt}${tag}"
