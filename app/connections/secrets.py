"""Sealing credentials for the database: encrypted, signed, and bound to the one row that they belong to."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self, TypeAlias

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.connections.key_file import KeyFile, Stamp
from app.errors import SettingsError

Reseal: TypeAlias = Callable[[Callable[[str], str]], int]
"""How a package has what it keeps sealed again, when the key is rotated.

It gives each sealed value to the function that it gets, stores what comes back, and returns how many credentials
became others.
It does so in short write transactions, at least one; and it seals new values inside of write transactions only,
so that whoever sealed with an earlier key is done when the first of these transactions begins.
"""


_DAMAGED = (InvalidToken, ValueError)
"""What Fernet raises of a value that none of its keys opens; the second of one that is not ASCII."""


class _Ring(NamedTuple):
    newest: Fernet
    every: MultiFernet


class SecretBox:
    """Seals with its first key and opens what any of its keys has sealed. Thread-safe.

    A box with a file follows it: what was changed there counts from the next `seal` on. A key that was dropped
    from the file still opens in this process, for a value may have been read just before it was sealed anew.

    Args:
        keys: one or more keys as `app.connections.key_file.new_key` makes them.
        where: where a missing key would have to be added, in words.

    Raises:
        SettingsError: there is no key, or one is malformed.
    """

    def __init__(self, keys: Sequence[str], where: str = "as a line of secret.key in DATA_DIR") -> None:
        self._where = where
        self._file: KeyFile | None = None
        self._stamp: Stamp | None = None
        self._lock = threading.Lock()
        self._known: dict[str, Fernet] = {}
        self._ring = self._with(keys)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read the keys, one per line; make the file with a new key when there is none.

        Several processes may do so at once: one makes the key, all of them use it.

        Raises:
            SettingsError: the file can be neither read nor made, or holds no usable key.
        """
        file = KeyFile(path)
        file.make()
        stamp, keys = file.stamp(), file.read()
        try:
            box = cls(keys)
        except SettingsError:
            raise file.unusable() from None
        box._file, box._stamp = file, stamp
        return box

    def seal(self, secrets: Mapping[str, str], bound_to: str) -> str:
        """Return ``secrets`` encrypted, to be opened only for the same ``bound_to`` (the id of the row).

        Call it inside the write transaction that stores the result, or a rotation may miss that; see `Reseal`.

        Raises:
            SettingsError: the key file cannot be used any more.
        """
        self._follow_file()
        plain = json.dumps({"bound_to": bound_to, "secrets": dict(secrets)})
        return self._ring.every.encrypt(plain.encode("ascii")).decode("ascii")

    def open(self, sealed: str, bound_to: str) -> dict[str, str]:
        """Return what was sealed for ``bound_to``.

        Raises:
            SettingsError: it was sealed with a key that is not here, damaged, or sealed for another row.
        """
        plain = json.loads(self._decrypted(sealed))
        if plain["bound_to"] != bound_to:
            raise SettingsError("Stored credentials belong to another record and were refused. Give them again.")
        secrets: dict[str, str] = plain["secrets"]
        return secrets

    def reseal(self, sealed: str) -> str | None:
        """Return the same secrets, bound to the same row, sealed with the first key; unchanged when they are so.

        Returns:
            None when they were sealed with a key that is not here, or are damaged.

        Raises:
            SettingsError: the key file cannot be used any more.
        """
        self._follow_file()
        newest, every = self._ring
        with suppress(*_DAMAGED):
            newest.decrypt(sealed)
            return sealed
        with suppress(*_DAMAGED):
            return every.rotate(sealed).decode("ascii")
        return None

    def _decrypted(self, sealed: str) -> bytes:
        with suppress(*_DAMAGED):
            return self._ring.every.decrypt(sealed)
        self._follow_file()
        try:
            return self._ring.every.decrypt(sealed)
        except _DAMAGED:
            raise SettingsError(
                f"Stored credentials cannot be opened: their key is missing. Add it back {self._where}, "
                "or give the credentials again."
            ) from None

    def _follow_file(self) -> None:
        if self._file is None or (stamp := self._file.stamp()) == self._stamp:
            return
        with self._lock:  # who reads later has read what is newer
            keys = self._file.read()
            try:
                self._ring = self._with(keys)
            except SettingsError:
                raise self._file.unusable() from None
            self._stamp = stamp  # from before the reading: what changed meanwhile is noticed the next time

    def _with(self, keys: Sequence[str]) -> _Ring:
        try:
            first = [Fernet(key) for key in keys]
            self._known |= zip(keys, first, strict=True)
            return _Ring(first[0], MultiFernet([*first, *self._known.values()]))
        except (ValueError, IndexError):
            raise SettingsError(
                "SEALING_KEYS is unusable: each key must be 32 bytes in URL-safe base64, as "
                "`flask --app app new-sealing-key` prints them."
            ) from None
