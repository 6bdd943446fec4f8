"""Sealing credentials for the database: encrypted, signed, and bound to the one row that they belong to."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.errors import SettingsError


class SecretBox:
    """Seals with its first key and opens what any of its keys has sealed. Thread-safe.

    To rotate, write a new key into the first line of the key file and keep the old lines
    for as long as something that they sealed is kept.

    Args:
        keys: one or more keys as ``Fernet.generate_key`` makes them.

    Raises:
        SettingsError: there is no key, or one is malformed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "A key for sealing secrets is malformed or missing: each line must hold 32 bytes in URL-safe base64."
            ) from None

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read the keys, one per line; make the file with a new key when there is none.

        Several processes may do so at once: one makes the key, all of them use it.

        Raises:
            SettingsError: the file can be neither read nor made, or holds no usable key.
        """
        try:
            if not path.exists():
                _make_key(path)
            return cls(path.read_text("ascii").split())
        except OSError as error:
            raise SettingsError(f"The key file {path} cannot be used: {error.strerror}.") from error
        except (UnicodeDecodeError, SettingsError):
            raise SettingsError(
                f"The key file {path} holds no usable key: restore it from a backup. "
                "When it is deleted instead, a new key is made and the secrets stored so far are lost."
            ) from None

    def seal(self, secrets: Mapping[str, str], bound_to: str) -> str:
        """Return ``secrets`` encrypted, to be opened only for the same ``bound_to`` (the id of the row)."""
        plain = json.dumps({"bound_to": bound_to, "secrets": dict(secrets)})
        return self._fernet.encrypt(plain.encode("ascii")).decode("ascii")

    def open(self, sealed: str, bound_to: str) -> dict[str, str]:
        """Return what was sealed for ``bound_to``.

        Raises:
            SettingsError: it was sealed with a key that is not here, damaged, or sealed for another row.
        """
        try:
            plain = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise SettingsError(
                "Stored credentials cannot be opened: their key is missing. Add it back as a line of secret.key "
                "in DATA_DIR, or give the credentials again."
            ) from None
        if plain["bound_to"] != bound_to:
            raise SettingsError("Stored credentials belong to another record and were refused. Give them again.")
        secrets: dict[str, str] = plain["secrets"]
        return secrets


def _make_key(path: Path) -> None:
    """Make the file whole, or leave the one that another process made meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)  # unlike a rename, it never replaces
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
