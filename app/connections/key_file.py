"""The key file: a sealing key on each line, the newest first. A change of it has happened as a whole, or not at all."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from cryptography.fernet import Fernet

from app.db.copying import sync
from app.errors import SettingsError

KEY_FILE = "secret.key"
"""Its name in DATA_DIR."""


class Stamp(NamedTuple):
    """What tells one content of the file from another without reading it."""

    modified_ns: int
    inode: int
    size: int


class KeyFile:
    """The file at ``path``, for its owner only. What is done with it raises `SettingsError` when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> Stamp:
        """Return the stamp of what the file holds now; costs one system call."""
        with self._in_words():
            found = self.path.stat()
            return Stamp(found.st_mtime_ns, found.st_ino, found.st_size)

    def read(self) -> list[str]:
        """Return its lines."""
        with self._in_words():
            return self.path.read_text("ascii").split()

    def make(self) -> None:
        """Make it with a new key unless it is there; of several processes one makes the key, and all use it."""
        with self._in_words():
            if not self.path.exists():
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # A link, unlike a rename, never replaces.
                with self._draft([new_key()]) as draft, suppress(FileExistsError):
                    self.path.hardlink_to(draft)

    def add_key(self) -> None:
        """Put a new key before the others: it seals from now on, and they still open."""
        self._replace([new_key(), *self.read()])

    def drop_old_keys(self) -> None:
        """Keep the newest key alone."""
        self._replace(self.read()[:1])

    def unusable(self) -> SettingsError:
        """Return the error for a content that is none of keys; it does not show it."""
        return SettingsError(
            f"The key file {self.path} holds no usable key: restore it from a backup. "
            "If there is none, see docs/operations/keys.md: the secrets stored so far are lost then."
        )

    def _replace(self, keys: Sequence[str]) -> None:
        with self._in_words(), self._draft(keys) as draft:
            owner = self.path.stat()
            if os.geteuid() == 0:  # root rotates, and the service goes on reading it
                os.chown(draft, owner.st_uid, owner.st_gid)
            draft.replace(self.path)
            sync(self.path.parent)

    @contextmanager
    def _draft(self, keys: Sequence[str]) -> Iterator[Path]:
        """Give a file beside it that holds these keys and is on the disk; what is left of it goes at the end."""
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f"{self.path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.writelines(f"{key}\n" for key in keys)
                file.flush()
                os.fsync(file.fileno())
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SettingsError(f"The key file {self.path} cannot be used: {error.strerror}.") from error
        except UnicodeDecodeError:
            raise self.unusable() from None


def new_key() -> str:
    """Return a new key for sealing, as text."""
    return Fernet.generate_key().decode("ascii")
