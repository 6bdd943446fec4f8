"""Who may see and change which file at the fake Google Drive: the scopes of a token, shared drives, and ``drive.file``."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.support.gcs_answers import Seen
from tests.support.google_accounts import Account
from tests.support.google_files import Drive, Stored
from tests.support.google_oauth import DRIVE, DRIVE_FILE, DRIVE_METADATA, DRIVE_READONLY, AccessToken
from tests.support.google_resources import may
from tests.support.google_wire import Refusal

SEES_ALL = frozenset({DRIVE, DRIVE_READONLY, DRIVE_METADATA})
METHODS: Mapping[str, frozenset[str]] = {
    "about.get": SEES_ALL | {DRIVE_FILE},
    "files.list": SEES_ALL | {DRIVE_FILE},
    "files.get": SEES_ALL | {DRIVE_FILE},
    "media": frozenset({DRIVE, DRIVE_FILE, DRIVE_READONLY}),
    "files.export": frozenset({DRIVE, DRIVE_FILE, DRIVE_READONLY}),
    "files.generateIds": frozenset({DRIVE, DRIVE_FILE}),
    "files.create": frozenset({DRIVE, DRIVE_FILE}),
    "files.update": frozenset({DRIVE, DRIVE_FILE}),
    "files.delete": frozenset({DRIVE, DRIVE_FILE}),
    "drives.list": frozenset({DRIVE, DRIVE_READONLY}),
    "drives.get": frozenset({DRIVE, DRIVE_READONLY}),
}
"""Scopes each of which is enough for a method; ``media`` is files.get with ``alt=media``."""

_GLOBAL = {"alt", "fields", "key", "access_token", "oauth_token", "prettyPrint", "quotaUser", "uploadType"}
_GLOBAL |= {"upload_id", "upload_protocol", "callback", "$.xgafv"}
_WRITING = {"supportsAllDrives", "keepRevisionForever", "ignoreDefaultVisibility", "useContentAsIndexableText"}
PARAMETERS: Mapping[str, frozenset[str]] = {
    "about.get": frozenset(),
    "files.list": frozenset(
        {"corpora", "driveId", "includeItemsFromAllDrives", "orderBy", "pageSize", "pageToken", "q", "spaces"}
        | {"supportsAllDrives"}
    ),
    "files.get": frozenset({"acknowledgeAbuse", "supportsAllDrives"}),
    "media": frozenset({"acknowledgeAbuse", "supportsAllDrives"}),
    "files.export": frozenset({"mimeType"}),
    "files.generateIds": frozenset({"count", "space", "type"}),
    "files.create": frozenset(_WRITING),
    "files.update": frozenset(_WRITING - {"ignoreDefaultVisibility"} | {"addParents", "removeParents"}),
    "files.delete": frozenset({"supportsAllDrives"}),
    "drives.list": frozenset({"pageSize", "pageToken", "q"}),
    "drives.get": frozenset(),
}
"""Parameters of each method, beside those of all."""


class Asking(NamedTuple):
    """Who asks, and for what.

    Attributes:
        method: a name in `METHODS`.
        token: of the account.
        seen: the request.
    """

    method: str
    token: AccessToken
    seen: Seen

    @property
    def account(self) -> Account:
        """Whose files they are."""
        return self.token.grant.account

    @property
    def all_drives(self) -> bool:
        """Whether files of shared drives are meant too; an export always means them."""
        return self.method == "files.export" or self.flag("supportsAllDrives")

    def flag(self, name: str) -> bool:
        """Return a parameter that is true or false."""
        text = self.seen.query.get(name, "false")
        if text not in ("true", "false"):
            raise Refusal(400, "invalidParameter", f"Invalid value for boolean: {text}", name)
        return text == "true"

    def number(self, name: str, default: int, most: int) -> int:
        """Return a parameter that is a number from 1 to ``most``."""
        text = self.seen.query.get(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise Refusal(400, "invalidParameter", f"Invalid value '{text}'. Values must be within [1, {most}]", name)
        return int(text)

    def require_lawful(self) -> None:
        """Refuse a token without a scope for the method, and parameters that the method does not have."""
        if not self.token.scopes & METHODS[self.method]:
            raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        if unknown := set(self.seen.query) - PARAMETERS[self.method] - _GLOBAL:
            raise Refusal(400, "invalidParameter", f"Unknown parameter: {sorted(unknown)}")


def sees(drive: Drive, file: Stored, asking: Asking) -> bool:
    """Tell whether a file is there for who asks."""
    if not (asking.token.scopes & SEES_ALL or file.made_by_app or file.picked):
        return False
    if file.drive is None:
        return file.owner == asking.account.sub
    return asking.all_drives and asking.account.sub in drive.members[file.drive]


def found(drive: Drive, file_id: str, asking: Asking) -> Stored:
    """Return the file of an id, also of ``root``; Refusal where there is none for who asks."""
    file = drive.files.get(drive.root(asking.account) if file_id == "root" else file_id)
    if file is None or not sees(drive, file, asking):
        raise missing_file(file_id)
    return file


def folder(drive: Drive, parent_id: str | None, asking: Asking) -> Stored:
    """Return the folder that a file shall be in, by default the root, which every app may write to."""
    root = drive.root(asking.account)
    if parent_id in (None, "root", root):
        return drive.files[root]
    parent = found(drive, str(parent_id), asking)
    if not parent.is_folder:
        raise Refusal(403, "parentNotAFolder", "The specified parent is not a folder.")
    require_app(parent, asking)
    if not may(parent, "canAddChildren"):
        raise Refusal(403, "insufficientParentPermissions", "Insufficient permissions for the specified parent.")
    return parent


def require_app(file: Stored, asking: Asking) -> None:
    """Refuse changes by an app that may only read the file."""
    if DRIVE not in asking.token.scopes and not (file.made_by_app or file.picked):
        sentence = f"The user has not granted the app write access to the file {file.id}."
        raise Refusal(403, "appNotAuthorizedToFile", sentence)


def require_may(file: Stored, capability: str) -> None:
    """Refuse what the account may not do with the file."""
    if not may(file, capability):
        raise Refusal(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )


def missing_file(file_id: str) -> Refusal:
    """Return what is said of a file that is not there for who asks."""
    return Refusal(404, "notFound", f"File not found: {file_id}.", "fileId")
