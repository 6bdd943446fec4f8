"""A file of Drive as its API tells of it: taken apart and checked, since any server may have sent it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.storages.gdrive.ids import ID
from app.storages.times import parsed

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
NATIVE = "application/vnd.google-apps."
"""What the types of files begin with that have no bytes of their own: Google's documents, folders, shortcuts."""


class DriveFile(NamedTuple):
    """One file, folder, shortcut or document of Google's.

    Attributes:
        id: never given to another one.
        name: any text; others in the same folder may have the same.
        mime_type: begins with `NATIVE` where it has no bytes of its own.
        size: of its bytes; None where it has none of its own, and where Drive tells none.
        md5: of these, in hexadecimal digits; None where Drive tells none.
        modified_ns: POSIX nanoseconds, UTC.
        version: grows with every change, also of its name.
        parents: the ids of the folder that it is in, if that can be seen.
        trashed: it is in the bin.
        can_download: whether the account may read its bytes.
        target_id: where a shortcut leads.
        created_ns: when it was made, POSIX nanoseconds, UTC; 0 where Drive does not tell.
    """

    id: str
    name: str
    mime_type: str
    size: int | None
    md5: str | None
    modified_ns: int
    version: int
    parents: tuple[str, ...] = ()
    trashed: bool = False
    can_download: bool = True
    target_id: str | None = None
    created_ns: int = 0

    @property
    def is_folder(self) -> bool:
        """Whether other files can be in it."""
        return self.mime_type == FOLDER

    @property
    def is_native(self) -> bool:
        """Whether it is a document of Google's, whose bytes are made when it is exported."""
        return self.mime_type.startswith(NATIVE) and self.mime_type not in (FOLDER, SHORTCUT)


FIELDS = (
    "id,name,mimeType,size,md5Checksum,createdTime,modifiedTime,version,parents,trashed,"
    "capabilities(canDownload),shortcutDetails(targetId)"
)
"""What is asked for of each file; without being told, Drive sends three of them."""

MOST = 1 << 50
"""Bytes, some two hundred times what Drive lets a file have; the sizes of many can still be counted up."""

_MD5 = re.compile(r"[0-9a-f]{32}")
_UNKNOWN_TIME = "1970-01-01T00:00:00Z"


def file_of(item: Any) -> DriveFile:
    """Return the file that a JSON resource tells of.

    Raises:
        ValueError, TypeError: it is no resource of a file.
    """
    if not isinstance(item, dict):
        raise TypeError("no resource")
    mime_type = _text(item.get("mimeType"))
    return DriveFile(
        id=_id(item.get("id")),
        name=_text(item.get("name")),
        mime_type=mime_type,
        size=None if mime_type.startswith(NATIVE) else _count(item.get("size"), MOST),
        md5=_md5(item.get("md5Checksum")),
        modified_ns=_time(item.get("modifiedTime")),
        version=_count(item.get("version"), 1 << 63) or 0,
        parents=tuple(map(_id, item.get("parents") or ())),
        trashed=item.get("trashed") is True,
        can_download=_object(item.get("capabilities")).get("canDownload") is not False,
        target_id=_target(_object(item.get("shortcutDetails")).get("targetId")),
        created_ns=_time(item.get("createdTime", _UNKNOWN_TIME)),
    )


def _text(told: object) -> str:
    if not isinstance(told, str):
        raise TypeError("a text that is none")
    told.encode()
    return told


def _id(told: object) -> str:
    if not isinstance(told, str) or not ID.fullmatch(told):
        raise ValueError("an id that can be none")
    return told


def _target(told: object) -> str | None:
    return None if told is None else _id(told)


def _count(told: object, most: int) -> int | None:
    """Return a number; Drive spells those that may be large as texts."""
    if told is None:
        return None
    if not isinstance(told, str | int) or not re.fullmatch(r"[0-9]{1,20}", str(told)) or int(told) > most:
        raise ValueError("a number that is none")
    return int(told)


def _md5(told: object) -> str | None:
    if told is None:
        return None
    if not isinstance(told, str) or not _MD5.fullmatch(told.lower()):
        raise ValueError("an MD5 that is none")
    return told.lower()


def _time(told: object) -> int:
    moment = parsed(told) if isinstance(told, str) else None
    if moment is None:
        raise ValueError("a time that is none")
    return moment


def _object(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}
