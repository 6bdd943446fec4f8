"""What an account may do in a folder, as Drive tells it: nothing is tried out."""

from collections.abc import Mapping
from typing import Any

from app.errors import ObjectMissing, StorageMissing
from app.storages.base import Rights
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.folders import Folders

READING = "canListChildren"
WRITING = "canAddChildren"
_FIELDS = f"capabilities({READING},{WRITING})"
_MOST = 64 * 1024


def find_rights(files: DriveFiles, folders: Folders) -> Rights:
    """Return what may be done in the folder of the storage; files in it may be shared otherwise.

    Raises:
        StorageMissing: the folder is not there.
        ConsentRequired: the account's owner must consent anew.
    """
    folders.forget()
    try:
        told = files.ask(f"files/{folders.root()}", {"fields": _FIELDS, "supportsAllDrives": "true"}, _MOST)
    except ObjectMissing:
        raise StorageMissing("The folder in Drive was removed just now.") from None
    held: Any = told.get("capabilities")
    held = held if isinstance(held, Mapping) else {}
    return Rights(reads=held.get(READING) is True, writes=held.get(WRITING) is True)
