"""Backups: one tar that, unpacked, is a DATA_DIR again, but for the files of the library and of the embedded S3 server.

A database in PostgreSQL is not in it.
Keys of SEALING_KEYS are no file of DATA_DIR and not in it.
"""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO

from app.bootstrap import Services
from app.connections.installation import MARK_FILE
from app.connections.key_file import KEY_FILE
from app.db import Database, SqliteDatabase
from app.db.sqlite import FILE
from app.mirrors import unfinished, volumes
from app.mirrors.mounts import FOLDER_NOTE, VOLUME_NOTE
from app.storages.embedded.keys import keys_path
from app.upkeep.turns import own_turn

_SNAPSHOT = "sluice.db.snapshot"
_END_OF_TAR = bytes(2 * tarfile.BLOCKSIZE)


def back_up(services: Services, out: IO[bytes]) -> None:
    """Write a backup, while the service runs. Nothing is written before there is a sound copy of a SQLite database.

    Args:
        services: of this process.
        out: flushed at the end; when this raises, it holds a part of the backup or nothing.

    Raises:
        DatabaseUnavailable: the database cannot be copied.
        SettingsError: another backup, or a rotation of the key, is under way.
        OSError: ``out`` cannot be written, or a file in DATA_DIR not be read.
    """
    data_dir = services.settings.data_dir
    with own_turn(data_dir), _snapshot(services.database) as snapshot:
        tar = _Tar(out, (data_dir if services.database.is_shared else data_dir / FILE).stat())
        if not services.settings.sealing_keys:
            tar.add_bytes(KEY_FILE, (data_dir / KEY_FILE).read_bytes())
        _add_embedded_keys(tar, keys_path(data_dir))
        # Without the notes, a restored service would take a missing mount for an empty folder.
        for name in (MARK_FILE, FOLDER_NOTE, VOLUME_NOTE):
            with suppress(FileNotFoundError):
                tar.add_bytes(name, (data_dir / name).read_bytes())
        for folder in (volumes.NOTES, unfinished.NOTES):
            _add_notes(tar, data_dir / folder)
        if snapshot is not None:
            _add_database(tar, snapshot)
        out.write(_END_OF_TAR)
        out.flush()


def _add_database(tar: "_Tar", snapshot: IO[bytes]) -> None:
    # Unpacked where a killed service left its log of writes, this keeps SQLite from playing that into our database.
    tar.add_bytes(f"{FILE}-wal", b"")
    tar.add(FILE, snapshot)


@contextmanager
def _snapshot(database: Database) -> Iterator[IO[bytes] | None]:
    """Open a copy of the database that has no name any more, and so vanishes with this process; None: pg_dump's."""
    if not isinstance(database, SqliteDatabase):
        yield None
        return
    path = database.path.with_name(_SNAPSHOT)
    path.unlink(missing_ok=True)  # of a backup that was killed while it copied
    database.copy_to(path)
    with path.open("rb") as file:
        path.unlink()
        yield file


def _add_embedded_keys(tar: "_Tar", path: Path) -> None:
    with suppress(FileNotFoundError):
        keys = path.read_bytes()
        tar.add_folder(path.parent.name)
        tar.add_bytes(f"{path.parent.name}/{path.name}", keys)


def _add_notes(tar: "_Tar", folder: Path) -> None:
    notes = sorted(folder.glob("*.json"))
    if notes:
        tar.add_folder(folder.name)
    for note in notes:
        with suppress(FileNotFoundError):
            tar.add_bytes(f"{folder.name}/{note.name}", note.read_bytes())


class _Tar:
    """Writes members for their owner only.

    `tarfile.open` would write more to ``out`` while an error passes, and wait for ever where nobody reads.

    Args:
        owner: whose user and group ids they get.
    """

    def __init__(self, out: IO[bytes], owner: os.stat_result) -> None:
        self._out = out
        self._owner = owner

    def add_folder(self, name: str) -> None:
        self._head(name, 0, tarfile.DIRTYPE, 0o700)

    def add_bytes(self, name: str, content: bytes) -> None:
        self._body(name, len(content), BytesIO(content))

    def add(self, name: str, file: IO[bytes]) -> None:
        self._body(name, os.fstat(file.fileno()).st_size, file)

    def _body(self, name: str, size: int, content: IO[bytes]) -> None:
        self._head(name, size, tarfile.REGTYPE, 0o600)
        shutil.copyfileobj(content, self._out)
        self._out.write(bytes(-size % tarfile.BLOCKSIZE))

    def _head(self, name: str, size: int, kind: bytes, mode: int) -> None:
        head = tarfile.TarInfo(name)
        head.size, head.type, head.mode = size, kind, mode
        head.uid, head.gid, head.mtime = self._owner.st_uid, self._owner.st_gid, int(self._owner.st_mtime)
        self._out.write(head.tobuf(tarfile.GNU_FORMAT))
