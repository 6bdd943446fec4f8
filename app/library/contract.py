"""What the rest of the product sees of the library. Pure data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO


class CollectionKind(StrEnum):
    """What a collection is for; each dialect shows its own kind."""

    HISTORY = "history"  #: Galaxy's histories, whose items are its datasets
    IMAGES = "images"  #: Aionvision's images
    DATASET = "dataset"  #: CVAL's datasets, whose files are in the mirror of a connection


class ItemState(StrEnum):
    """How far an item is."""

    WAITING = "waiting"  #: a job will bring its file
    ARRIVING = "arriving"  #: a job is bringing it
    READY = "ready"  #: its file is there, whole
    FAILED = "failed"  #: the file did not arrive; the message says why
    DISCARDED = "discarded"  #: somebody cancelled the job before the file was there

    @property
    def is_final(self) -> bool:
        """Whether no other state can follow."""
        return self not in (ItemState.WAITING, ItemState.ARRIVING)


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection as it stood when it was read.

    Attributes:
        number: the order in which they were made; never given again.
        id: a UUID4.
        name: None: nobody named it.
        description: any text; None: nobody gave one.
        published: anybody may see it, and what is in it.
        deleted: hidden, and can be had back; ``purged``: its files are gone for good.
        created_at, updated_at: POSIX seconds, UTC.
    """

    number: int
    id: str
    kind: CollectionKind
    owner_id: int
    name: str | None
    description: str | None
    tags: tuple[str, ...]
    published: bool
    deleted: bool
    purged: bool
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it stood when it was read.

    Attributes:
        number: the order in which they were made, over all collections; never given again.
        id: a UUID4.
        position: counts the items of its collection from 1; never given again in it.
        size: length of its file in bytes; 0 until it is ready.
        md5, sha256: of the file, in hexadecimal digits; None until it is ready.
        file_type: a word for what it holds, such as ``txt``; ``data`` while nobody knows.
        attributes: words of a dialect, kept for it; nothing here reads them.
        message: why it failed; else empty, or something about its file.
        visible: people may hide it.
        deleted: hidden, and can be had back; ``purged``: its file is gone for good.
        created_at, updated_at: POSIX seconds, UTC.
    """

    number: int
    id: str
    collection_number: int
    owner_id: int
    position: int
    name: str
    state: ItemState
    size: int
    md5: str | None
    sha256: str | None
    file_type: str
    attributes: Mapping[str, Any]
    tags: tuple[str, ...]
    description: str | None
    message: str
    visible: bool
    deleted: bool
    purged: bool
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to be made, whose file comes later; the fields are those of `Item`."""

    name: str
    file_type: str = "data"
    attributes: Mapping[str, Any] | None = None
    tags: Sequence[str] = ()
    visible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionChanges:
    """What of a collection shall be another; None: as it was."""

    name: str | None = None
    description: str | None = None
    tags: Sequence[str] | None = None
    published: bool | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanges:
    """What of an item shall be another; None: as it was. ``attributes`` are laid over those that are kept."""

    name: str | None = None
    file_type: str | None = None
    attributes: Mapping[str, Any] | None = None
    tags: Sequence[str] | None = None
    description: str | None = None
    visible: bool | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Times from ``since`` to ``until``, POSIX seconds, both included; None: without that end."""

    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionQuery:
    """Which collections are wanted; None: whatever it is.

    Attributes:
        everybodys: those of all users, which only an admin may ask for.
        published: True: published ones, of whoever; nobody needs to say who he is for them.
        order: columns (``created_at``, ``updated_at``, ``name``), each with a ``-`` before it when descending.
        limit: at most so many; None: all.
    """

    deleted: bool | None = False
    purged: bool | None = None
    published: bool | None = None
    everybodys: bool = False
    name: str | None = None
    created: Span = Span()
    updated: Span = Span()
    order: Sequence[str] = ("-created_at",)
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which items are wanted; None: whatever it is.

    Attributes:
        collection_number: those of one collection; None: all that are the caller's.
        numbers: only these.
        states, file_types: any of these.
        attributes: each of these words is kept with the item.
        tag: one of its tags.
        order: columns (``created_at``, ``updated_at``, ``position``, ``name``, ``size``, ``number``), each with a ``-``
            before it when descending.
        limit: at most so many; None: all.
    """

    collection_number: int | None = None
    numbers: Sequence[int] | None = None
    name: str | None = None
    name_contains: str | None = None
    states: Sequence[ItemState] | None = None
    file_types: Sequence[str] | None = None
    attributes: Mapping[str, str] | None = None
    tag: str | None = None
    visible: bool | None = None
    deleted: bool | None = None
    purged: bool | None = None
    created: Span = Span()
    updated: Span = Span()
    order: Sequence[str] = ("position",)
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in one collection, without its deleted items.

    Attributes:
        states: how many items are in each state; a state that none is in is left out.
        size: bytes of their files together, those of copies of one item each time.
    """

    states: Mapping[ItemState, int]
    size: int


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """An item and its file, which whoever gets it closes; reading goes on when the item is purged meanwhile."""

    item: Item
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of the library is a user's.

    Attributes:
        used: bytes of his files, shared ones once, and of his uploads as they were announced.
        quota: how many bytes these may be; None: no limit.
    """

    used: int
    quota: int | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is being sent here in parts.

    Attributes:
        id: a UUID4.
        name: what its sender calls it; may be empty.
        size: how many bytes it has in all.
        offset: how many of them have arrived.
    """

    id: str
    owner_id: int
    name: str
    size: int
    offset: int
    created_at: float

    @property
    def is_complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.offset == self.size
