"""A file of Drive as its API tells of it."""

from typing import NamedTuple

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
        size: of its bytes; None where it has none of its own.
        md5: of these, in hexadecimal digits; None where Drive tells none.
        modified_ns: POSIX nanoseconds, UTC.
        version: grows with every change, also of its name.
        parents: the ids of the folder that it is in, if that can be seen.
        trashed: it is in the bin.
        can_download: whether the account may read its bytes.
        target_id: where a shortcut leads.
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

    @property
    def is_folder(self) -> bool:
        """Whether other files can be in it."""
        return self.mime_type == FOLDER

    @property
    def is_native(self) -> bool:
        """Whether it is a document of Google's, whose bytes are made when it is exported."""
        return self.mime_type.startswith(NATIVE) and self.mime_type not in (FOLDER, SHORTCUT)
