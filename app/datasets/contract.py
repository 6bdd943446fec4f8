"""What the service of datasets gives out: snapshots, and the words for parts and forms. Pure data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Part(StrEnum):
    """The parts of a dataset, named as their folders in the bucket are."""

    TRAIN = "train"
    TEST = "test"
    VAL = "val"


class Form(StrEnum):
    """The forms of annotations; ``docs/datasets.md`` shows each."""

    DETECTION = "detection"  #: a COCO document
    CLASSIFICATION = "classification"  #: a list of ``{img_external_id, img_label}``
    SEGMENTATION = "segmentation"  #: a list of ``{image_id, masks}``


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset as it stood when it was read.

    Attributes:
        id: a UUID4.
        name: at most 32 characters; None when none was given.
        description: at most 256 characters; None when none was given.
        connection_id: whose mirror it is read from; None: it is bound to no connection.
        name_in_storage: the folder below ``cval/`` that holds it; None: it lies in ``cval/`` itself.
        created_at: POSIX seconds, UTC.
    """

    id: str
    name: str | None
    description: str | None
    connection_id: str | None
    name_in_storage: str | None
    owner_id: int
    created_at: float


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of one part.

    Attributes:
        quantity: how many there are in all.
        ids: the first of them, in the order of their files' names.
    """

    quantity: int
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Annotations:
    """The annotations of one form in one part, of all its files together.

    Attributes:
        quantity: how many there are in all: labels, or images that the documents tell of.
        content: the first of them as JSON: a COCO document for `Form.DETECTION`, else a list.
    """

    form: Form
    quantity: int
    content: Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Problem(NamedTuple):
    """Something in a bucket that does not fit the layout of datasets.

    Attributes:
        path: the file or folder, below ``cval/``; a folder ends with ``/``.
        message: sentences for people that say what would be right.
    """

    path: str
    message: str
