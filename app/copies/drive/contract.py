"""What the rest of the product sees of imports from a Drive and exports to it. Pure data."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.copies.contract import Copy, CopyKind
from app.jobs.contract import Job, JobState
from app.library.contract import Item

KINDS = (CopyKind.DRIVE_IMPORT, CopyKind.DRIVE_EXPORT)
"""The kinds of copies between a Drive and the library."""

FILES_MAX = 1000
"""How many files one request may name."""


@dataclass(frozen=True, slots=True)
class DriveImport:
    """One file of a Drive that is to be brought into the library.

    Attributes:
        id: what Drive calls it.
        name: what the item is called; empty: as the file is.
        mime_type, size: what the client says that they are; Drive is asked all the same, and believed.
    """

    id: str
    name: str = ""
    mime_type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a request for an import.

    Attributes:
        items, copies: one of each for each file, in the order in which the files were named.
        at_once: all copies have ended; else the job goes on.
    """

    job: Job
    items: Sequence[Item]
    copies: Sequence[Copy]
    at_once: bool


@dataclass(frozen=True, slots=True)
class DriveJob:
    """An import or an export as it stood when it was read.

    Attributes:
        copies: one for each file, in the order in which the files were named. Of an import, ``source`` is the file's
            id and ``item_number`` the item; of an export, ``stored_key`` is the id of the file that was made. Their
            option ``image_id`` is the id of the item.
    """

    job: Job
    connection_id: str
    kind: CopyKind
    copies: Sequence[Copy]

    @property
    def error(self) -> str | None:
        """Why it failed, or that some of it did, in a sentence for people."""
        return self.job.message if self.job.state in (JobState.FAILED, JobState.PARTIAL) else None
