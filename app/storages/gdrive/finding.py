"""Looking a file up by its id, and taking apart what was answered about one."""

from dataclasses import replace

from app.errors import ObjectMissing
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import NOT_DRIVE, said
from app.storages.gdrive.requests import file_request
from app.storages.gdrive.resources import SHORTCUT, DriveFile, file_of
from app.storages.http_api.exchange import Answer


def find_file(api: Api, address: DriveAddress, file_id: str) -> DriveFile:
    """Return what is known of a file; ``root`` is the id of My Drive too.

    Raises:
        ObjectMissing: there is none, or the account may not know of it.
        RequestRefused: this can be no id.
    """
    found = file_told(api, address, api.ask(file_request(address.endpoint, "GET", file_id)))
    if file_id not in (found.id, "root"):
        raise said(NOT_DRIVE, address, file_id)
    return found


def resolve_file(api: Api, address: DriveAddress, file_id: str) -> DriveFile:
    """Return what `find_file` does, of a shortcut what it leads to.

    Raises:
        ObjectMissing: a shortcut that leads nowhere.
    """
    found = find_file(api, address, file_id)
    if found.mime_type != SHORTCUT:
        return found
    if found.target_id is None:
        raise ObjectMissing(f"The shortcut {found.name!r} leads nowhere.")
    return find_file(api, address, found.target_id)


def file_told(api: Api, address: DriveAddress, answer: Answer) -> DriveFile:
    """Return the file whose resource was answered.

    Raises:
        StorageUnreachable: what was answered is none.
    """
    try:
        return file_of(api.parsed(answer.data))
    except (ValueError, TypeError):
        raise said(NOT_DRIVE, address) from None


def trash_file(api: Api, address: DriveAddress, file_id: str) -> None:
    """Put a file, or a folder with all in it, into the bin.

    Raises:
        ObjectMissing: there is none.
        StorageUnreachable: it is not in the bin then.
    """
    request = file_request(address.endpoint, "PATCH", file_id)
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    made = file_told(api, address, api.ask(replace(request, body=[b'{"trashed": true}'], headers=headers)))
    if not made.trashed:
        raise said(NOT_DRIVE, address, file_id)
