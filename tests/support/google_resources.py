"""What the fake Google Drive tells of a file, of an account and of a shared drive, and which formats documents are exported in."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from tests.support.google_accounts import Account
from tests.support.google_fields import CAPABILITIES
from tests.support.google_files import FOLDER, NATIVE, SHORTCUT, Drive, Stored

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_PAPER = ("application/pdf",)
_PICTURES = ("image/jpeg", "image/png", "image/svg+xml")
EXPORTS: Mapping[str, tuple[str, ...]] = {
    f"{NATIVE}document": (
        *(f"{_OFFICE}wordprocessingml.document", f"{_OPEN}text", "application/rtf", *_PAPER, "text/plain"),
        *("application/zip", "application/epub+zip", "text/markdown"),
    ),
    f"{NATIVE}spreadsheet": (
        *(f"{_OFFICE}spreadsheetml.sheet", f"{_OPEN}spreadsheet", *_PAPER, "application/zip"),
        *("text/csv", "text/tab-separated-values"),
    ),
    f"{NATIVE}presentation": (
        *(f"{_OFFICE}presentationml.presentation", f"{_OPEN}presentation", *_PAPER, "text/plain", *_PICTURES),
    ),
    f"{NATIVE}drawing": (*_PAPER, *_PICTURES),
    f"{NATIVE}script": (f"{NATIVE}script+json",),
}
_FOLDERS_ONLY = {"canAddChildren", "canListChildren", "canRemoveChildren", "canDeleteChildren", "canTrashChildren"}
_FILES_ONLY = {"canDownload", "canCopy", "canModifyContent", "canReadRevisions"}
_ROOTS_HAVE_NOT = {"canTrash", "canUntrash", "canDelete", "canRename"}


def exported(file: Stored, mime_type: str) -> bytes:
    """Return the bytes of a document in a format: those that a test gave, or some that name both."""
    return file.exports.get(mime_type, f"{file.name} as {mime_type}".encode())


def file_resource(drive: Drive, file: Stored, account: Account) -> dict[str, Any]:
    """Return all that is told of a file; for a folder there is no ``size``, and for a document one that is not its bytes'."""
    is_own = file.drive is None and file.owner == account.sub
    told: dict[str, Any] = {
        "kind": "drive#file",
        "id": file.id,
        "name": "Drive" if file.id == file.drive else file.name,  # the root of a shared drive is called so
        "mimeType": file.mime_type,
        "description": file.description,
        "starred": file.starred,
        "trashed": drive.is_trashed(file),
        "explicitlyTrashed": file.explicitly_trashed,
        "spaces": ["drive"],
        "version": str(file.version),
        "createdTime": file.created_time,
        "modifiedTime": file.modified_time,
        "isAppAuthorized": file.made_by_app or file.picked,
        "capabilities": {name: may(file, name) for name in CAPABILITIES},
        "webViewLink": f"https://drive.google.com/file/d/{file.id}/view",
        "quotaBytesUsed": str(len(file.data or b"")),
    }
    told |= {"parents": [file.parent]} if file.parent else {}
    told |= {"driveId": file.drive, "teamDriveId": file.drive} if file.drive else {"ownedByMe": is_own}
    told |= {} if file.drive else {"owners": [person(account)], "shared": False}
    told |= {"appProperties": dict(file.app_properties)} if file.app_properties else {}
    told |= {"properties": dict(file.properties)} if file.properties else {}
    return told | _of_content(drive, file)


def _of_content(drive: Drive, file: Stored) -> dict[str, Any]:
    if file.mime_type == SHORTCUT and file.target:
        target = drive.files.get(file.target)
        kind = target.mime_type if target else "application/octet-stream"
        return {"shortcutDetails": {"targetId": file.target, "targetMimeType": kind}}
    if file.is_native:
        links = dict.fromkeys(EXPORTS.get(file.mime_type, ()), f"https://docs.google.com/export?id={file.id}")
        return {"size": "1024"} | ({"exportLinks": links} if links else {})
    if file.mime_type == FOLDER or file.data is None:
        return {}
    suffix = PurePath(file.name.replace("/", "_")).suffix.removeprefix(".")
    return {
        "size": str(len(file.data)),
        **file.digests,
        "md5Checksum": file.told_md5 or file.md5,
        "headRevisionId": file.revision,
        "originalFilename": file.name,
        "fileExtension": suffix,
        "fullFileExtension": suffix,
    }


def may(file: Stored, capability: str) -> bool:
    """Tell whether an account that sees a file may do something with it."""
    if capability in file.denied or (file.parent is None and capability in _ROOTS_HAVE_NOT):
        return False
    if capability in _FOLDERS_ONLY:
        return file.is_folder
    return capability not in _FILES_ONLY or not file.is_folder


def person(account: Account) -> dict[str, Any]:
    """Return what is told of an account in other resources."""
    return {
        "kind": "drive#user",
        "displayName": account.name,
        "me": True,
        "permissionId": account.sub,
        "emailAddress": account.email,
    }


def about_resource(drive: Drive, account: Account) -> dict[str, Any]:
    """Return what is told of an account and of the service."""
    used = str(drive.usage(account.sub))
    quota = {"usage": used, "usageInDrive": used, "usageInDriveTrash": "0"}
    return {
        "kind": "drive#about",
        "user": person(account),
        "storageQuota": quota | ({} if drive.limit is None else {"limit": str(drive.limit)}),
        "exportFormats": {kind: list(formats) for kind, formats in EXPORTS.items()},
        "importFormats": {},
        "maxImportSizes": {},
        "maxUploadSize": "5497558138880",
        "appInstalled": True,
        "canCreateDrives": False,
        "folderColorPalette": [],
    }


def drive_resource(drive: Drive, key: str) -> dict[str, Any]:
    """Return what is told of a shared drive."""
    root = drive.files[key]
    can = {name: name not in root.denied for name in ("canAddChildren", "canListChildren", "canTrashChildren")}
    told = {"kind": "drive#drive", "id": key, "name": root.name, "createdTime": root.created_time, "hidden": False}
    return told | {"capabilities": can | {"canReadDrive": True}}
