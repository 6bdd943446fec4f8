"""Finds or makes the folder that an export goes into: one for the whole job, however often that is interrupted."""

from app.copies.ledger import Ledger
from app.errors import ObjectMissing, RequestRefused, StorageMissing
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.resources import DriveFile

_NOTED = "folder"  # among the options of the job's first copy


def folder_of_job(files: DriveFiles, ledger: Ledger, root_id: str) -> str:
    """Return the id of the folder that the files of a job go into, which is the root unless one was named.

    A folder that the job makes gets an id that is noted before, so that another attempt finds it.

    Raises:
        StorageMissing: the folder that was named cannot be had, or is none.
        StorageError: of the Drive.
        DatabaseUnavailable: to be done anew.
    """
    first = ledger.first()
    asked = first.options["folder_id"]
    parent = _existing(files, str(asked)) if asked else root_id
    name = first.options["folder_name"]
    if not name:
        return parent
    noted = first.options.get(_NOTED) or ledger.agree(first.number, _NOTED, files.new_ids(1)[0])
    return _usable(files.make_folder(str(name), parent, str(noted)))


def _existing(files: DriveFiles, folder_id: str) -> str:
    try:
        return _usable(files.resolved(folder_id))
    except (ObjectMissing, RequestRefused):
        raise StorageMissing(
            f"There is no folder {folder_id} in this Drive, or what was granted does not let this service see it."
        ) from None


def _usable(found: DriveFile) -> str:
    if not found.is_folder or found.trashed:
        why = "in the bin" if found.trashed else "no folder"
        raise StorageMissing(f"{found.name!r} is {why}: nothing can go there.")
    return found.id
