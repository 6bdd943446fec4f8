"""The proof that the sealing key is the one of this database: something known, sealed, in one row.

Without it a wrong key would be noticed only by the jobs that need a secret, and new secrets would be sealed with it.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress

from app.connections.key_file import KEY_FILE
from app.connections.model import SealingRow
from app.connections.secrets import Reseal, SecretBox
from app.db import Database
from app.errors import SettingsError
from app.settings import Settings

_ROW = 1
_BOUND_TO = "sealing"


def open_box(settings: Settings, database: Database) -> SecretBox:
    """Return the box of SEALING_KEYS, else that of the key file, which is made where nothing was sealed yet.

    Raises:
        SettingsError: a key is malformed, or the file is gone and was needed.
    """
    if settings.sealing_keys:
        return SecretBox(settings.sealing_keys, "to SEALING_KEYS")
    path = settings.data_dir / KEY_FILE
    # In this order: who starts at the same moment makes first the file, and then the proof.
    if KeyProof(database).is_there() and not path.exists():
        raise _wrong_key(settings, database)
    return SecretBox.from_file(path)


def prove_key(settings: Settings, database: Database, box: SecretBox, sealed: Iterable[Reseal]) -> None:
    """Return when the box holds the key of this database; the first start with a database makes the proof.

    Several processes may do so at once, and make one proof.

    Args:
        sealed: what else is sealed in the database: of an earlier version it has secrets and no proof yet.

    Raises:
        SettingsError: it holds other keys, and what to do.
    """
    proof = KeyProof(database)
    if not proof.is_there() and not _contradicts(box, sealed):
        proof.make(box)
    if not proof.opens_with(box):
        raise _wrong_key(settings, database)


class KeyProof:
    """The row of the proof. Every method may raise `DatabaseUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_there(self) -> bool:
        """Return whether some process has made it."""
        return self._sealed() is not None

    def make(self, box: SecretBox) -> None:
        """Make it unless it is there."""
        with self._database.writing() as session:
            if session.get(SealingRow, _ROW) is None:
                session.add(SealingRow(id=_ROW, sealed=box.seal({}, _BOUND_TO)))

    def opens_with(self, box: SecretBox) -> bool:
        """Return whether a key of this box has sealed it."""
        with suppress(SettingsError):
            box.open(self._sealed() or "", _BOUND_TO)
            return True
        return False

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have it sealed again; see `app.connections.secrets.Reseal`. It holds no credentials, so none are counted."""
        with self._database.writing() as session:
            row = session.get(SealingRow, _ROW)
            if row is not None:
                row.sealed = again(row.sealed)
        return 0

    def _sealed(self) -> str | None:
        with self._database.reading() as session:
            row = session.get(SealingRow, _ROW)
            return row.sealed if row else None


def _contradicts(box: SecretBox, sealed: Iterable[Reseal]) -> bool:
    """Return whether secrets are there and none of them opens; a single damaged one proves nothing.

    Empty ones do not count: so they are left by who has lost the key for good and follows docs/operations/keys.md.
    """
    opens: list[bool] = []

    def look(value: str) -> str:
        if value:
            opens.append(box.reseal(value) is not None)
        return value

    for each in sealed:
        each(look)
    return bool(opens) and not any(opens)


def _wrong_key(settings: Settings, database: Database) -> SettingsError:
    """Say which keys are wrong, and where to look for the right one; a key itself is never shown."""
    key_file = settings.data_dir / KEY_FILE
    if settings.sealing_keys:
        return SettingsError(
            f"None of the keys in SEALING_KEYS has sealed what is in the database {database.name}, so nothing was "
            "started. Add the key that belongs to this database behind the first one, after a comma; if SEALING_KEYS "
            f"is new here, that is the content of {key_file}. See docs/operations/keys.md."
        )
    what = "has not sealed" if key_file.exists() else "is missing, and it has sealed"
    return SettingsError(
        f"The key file {key_file} {what} what is in the database {database.name}, so nothing was started. Put back the "
        "key file that belongs to this database: a backup holds both. If the keys were in SEALING_KEYS before, set "
        "that again. See docs/operations/keys.md."
    )
