"""The proof that DATA_DIR is the folder of this database: a word that both hold.

Processes of one PostgreSQL on several machines share DATA_DIR: files of the library, notes of downloads that have not
ended, the key. One that had another folder would not see those notes, and might delete what they protect.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from app.connections.model import InstallationRow
from app.db import Database
from app.errors import SettingsError
from app.settings import Settings

MARK_FILE = "installation.id"
"""Its name in DATA_DIR."""

_ROW = 1


def prove_folder(settings: Settings, database: Database) -> None:
    """Return when DATA_DIR is that of the database; the first start makes the word in both.

    A SQLite file lies in DATA_DIR itself, so there is nothing to prove.

    Raises:
        SettingsError: it is another one, or cannot be used.
        DatabaseUnavailable: as ever.
    """
    if not database.is_shared:
        return
    path = settings.data_dir / MARK_FILE
    try:
        known, here = _known(database), _read(path)
        if known is None:
            known, here = _mark(database, _written(path) if here is None else here), _read(path)
    except OSError as error:
        raise SettingsError(f"DATA_DIR {settings.data_dir} cannot be used: {error.strerror}.") from None
    if here != known:
        raise SettingsError(_wrong(path, database, is_missing=here is None))


def _known(database: Database) -> str | None:
    with database.reading() as session:
        row = session.get(InstallationRow, _ROW)
        return row.mark if row else None


def _mark(database: Database, word: str) -> str:
    """Keep the word, unless another process was first; return what is kept."""
    with database.writing() as session:
        row = session.get(InstallationRow, _ROW)
        if row is None:
            row = InstallationRow(id=_ROW, mark=word)
            session.add(row)
        return row.mark


def _read(path: Path) -> str | None:
    with suppress(FileNotFoundError):
        return path.read_text("ascii", errors="replace").strip()
    return None


def _written(path: Path) -> str:
    """Make the file, whole or not at all; return what is in it, which another process may have written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{uuid4()}\n")
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
    return path.read_text("ascii").strip()


def _wrong(path: Path, database: Database, *, is_missing: bool) -> str:
    return (
        f"DATA_DIR {path.parent} is not the folder of {database.name}: its file {path.name} "
        f"{'is missing' if is_missing else 'holds another word'}. All machines that use one database share one "
        "DATA_DIR: mount it there, or name it. If it was restored without that file, copy what the table installation "
        "holds into it. See docs/operations/several-machines.md."
    )
