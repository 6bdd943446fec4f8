"""What the rest of the product sees of copy jobs. Pure data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.errors import StorageError

KIND = "copy"
"""The kind of its jobs."""

AUTO = "auto"
"""The file type of a `Conversion` that is found out."""

OBJECTS_MAX = 1000
"""How many objects one request may name."""


class KeyUnavailable(StorageError):
    """One of the objects that were asked for cannot be had; those named before it are being copied.

    Args:
        key: the object.
        found: what its storage said; mostly `ObjectMissing`.
    """

    reason = "object_missing"

    def __init__(self, key: str, found: StorageError) -> None:
        super().__init__(str(found))
        self.key = key
        self.found = found


class CopyKind(StrEnum):
    """From where to where a copy goes."""

    GET = "get"  #: from a bucket into the library
    SEND = "send"  #: from the library into a bucket
    IMPORT = "import"  #: an upload, or a file on the web, into the library
    DIRECT = "direct"  #: from a bucket into a bucket
    DRIVE_IMPORT = "drive-import"  #: from a Drive, by the ids of its files, into the library
    DRIVE_EXPORT = "drive-export"  #: from the library into a folder of a Drive


class CopyState(StrEnum):
    """How far one object of a copy job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"  #: the target has it whole, and that was verified
    SKIPPED = "skipped"  #: its name was taken, and it was to be left out then
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether no other state can follow."""
        return self not in (CopyState.WAITING, CopyState.RUNNING)


class Conflict(StrEnum):
    """What is done where the target has an object of that name already."""

    FAIL = "fail"  #: this object fails, the others go on
    SKIP = "skip"  #: it is left out
    OVERWRITE = "overwrite"
    RENAME = "rename"  #: it gets another name: ``_`` and the time (``%y%m%d_%H%M%S``, local) behind it, as Galaxy does


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketPlace:
    """A bucket, and by what it is opened: exactly one of an authorization and a connection.

    Attributes:
        authorization: the number of an authorization.
        connection: the id of a connection; ``bucket`` is its own then, and may be left empty.
    """

    bucket: str
    authorization: int | None = None
    connection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What happens to a file on its way into the library; by default nothing, so that it stays equal byte for byte.

    Attributes:
        file_type: what the item is; ``auto``: found out by looking into the file.
        posix_lines: CR and CR LF become LF, and the last line ends with one; text only.
        tabs: a tab in the place of each run of white space within a line; text only.
        decompress: unpack a gzip file, unless ``file_type`` says that it shall be one.
    """

    file_type: str = AUTO
    posix_lines: bool = False
    tabs: bool = False
    decompress: bool = False


AS_IT_IS = Conversion()
"""No conversion, but that the type of the file is found out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file to bring into the library: exactly one of an upload and an address.

    Attributes:
        name: what the item is called.
        upload: the id of a complete upload, which is used up by this.
        url: an http(s) address.
        attributes: words of a dialect for the item.
    """

    name: str
    upload: str | None = None
    url: str | None = None
    conversion: Conversion = AS_IT_IS
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item that is to be sent, and the key under which."""

    item_number: int
    key: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One object of a copy job as it stood when it was read. Dialects call it a job.

    Attributes:
        number: the order in which they were made, over all jobs; never given again.
        job_id: the job that it belongs to.
        source: the key, the id of the upload, or the address that it is read from; of an item, its number as text.
        key: the key that was asked for; of an item, its number as text.
        stored_key: the key under which it was stored, once that is chosen; None before, and of an item.
        item_number: the item that it fills or reads; None: none, or it is gone.
        collection_number: that item's collection.
        cancelling: it was asked to stop, and has not yet.
        reason: as of a step; None while all is well.
        message: a sentence for people; empty while all is well.
        size: bytes that were stored; 0 until it is done.
        sha256: of what was stored; None until it is done, and where a storage copied it by itself.
        created_at, updated_at, finished_at: POSIX seconds, UTC.
    """

    number: int
    job_id: str
    owner_id: int | None
    kind: CopyKind
    source: str
    key: str
    stored_key: str | None
    item_number: int | None
    collection_number: int | None
    options: Mapping[str, Any]
    state: CopyState
    cancelling: bool
    reason: str | None
    message: str
    size: int
    sha256: str | None
    created_at: float
    updated_at: float
    finished_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyQuery:
    """Which copies are wanted; None: whatever it is.

    Attributes:
        states: pairs of a state and whether it is being cancelled (None: either way); any of them.
        owner_id: those of one user; who is no admin gets his own whatever this says.
        since, until: by ``updated_at``, POSIX seconds.
        order: ``created_at`` or ``updated_at``, newest first.
        limit: at most so many.
    """

    kinds: Sequence[CopyKind] | None = None
    states: Sequence[tuple[CopyState, bool | None]] | None = None
    collection_number: int | None = None
    item_number: int | None = None
    job_id: str | None = None
    owner_id: int | None = None
    since: float | None = None
    until: float | None = None
    order: str = "updated_at"
    limit: int = 500
    offset: int = 0
