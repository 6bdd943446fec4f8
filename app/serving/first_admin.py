"""The first start of all: a user who may do everything, and a file with his key."""

import os
import re
import shlex
import tempfile
from contextlib import suppress
from pathlib import Path

from app.accounts.service import FIRST_ADMIN, AccountService
from app.db import open_database
from app.db.copying import sync
from app.errors import SettingsError
from app.settings import Settings

KEY_FILE = "admin.key"
"""Its name in DATA_DIR."""

_ONE_KEY = re.compile(rb"sluice_[0-9a-f]{64}\n")


def make_first_admin(settings: Settings) -> Path | None:
    """Make the user ``admin``, with a key that only the returned file holds; None when there are users already.

    The file is on the disk before the user is kept: when this is interrupted, the next start does it all again.

    Raises:
        SettingsError: the file cannot be written, or something else is in its place; no user was made.
        DatabaseUnavailable: as ever.
    """
    path = settings.data_dir / KEY_FILE
    database = open_database(settings)
    try:
        made = AccountService(database).make_first_admin(lambda key: _write(path, key))
    finally:
        database.close()
    return path if made else None


def how_to_use(path: Path, base_url: str) -> str:
    """Return for people where the key is and how to use it, in a browser and by hand; the key itself is not in it."""
    header = f'"Authorization: Bearer $(cat {shlex.quote(str(path))})"'
    command = f"curl -H {header} {shlex.quote(base_url + '/session')}"
    return (
        f"The user {FIRST_ADMIN} was made. Only {path} holds its key.\n"
        f"In a browser, sign in at {base_url}/sign-in as {FIRST_ADMIN}, with the key as the password; in a shell:\n"
        f"  {command}"
    )


def _write(path: Path, key: str) -> None:
    """Put the key into the file, whole or not at all, in the place of nothing but a key that is nobody's."""
    try:
        # Called while there is no user, so a key that lies here is of a start that was interrupted, or of a database
        # that was removed.
        if os.path.lexists(path):
            _remove_old_key(path)
        _write_new(path, f"{key}\n")
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written: {error.strerror}. It would hold the key of the first user, so none was made."
        ) from None


def _remove_old_key(path: Path) -> None:
    if path.is_symlink() or not path.is_file() or not _ONE_KEY.fullmatch(path.read_bytes()):
        raise SettingsError(f"{path} is no key file of Sluice's. Move it away: the key of the first user goes there.")
    path.unlink()


def _write_new(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)  # a link, unlike a rename, never replaces
    finally:
        draft.unlink(missing_ok=True)
    with suppress(OSError):  # some network file systems cannot sync a folder
        sync(path.parent)
