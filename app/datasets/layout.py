"""Checking what a bucket holds below ``cval/`` against the layout of datasets, and telling each problem in words."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

from app.datasets.annotations import read_document
from app.datasets.contract import Part, Problem
from app.datasets.fields import Unfit
from app.datasets.placing import ANNOTATIONS, IMAGES, frame_id, is_litter, message_at, place_of
from app.datasets.references import References
from app.errors import FileError, FileMissing
from app.storages.base import Entry, Listed, Omission, Storage
from app.storages.registry import open_storage

_ROOTS = (IMAGES, ANNOTATIONS)
_NOTHING = (
    "The bucket holds nothing for this dataset. Put its images into images/train/, images/test/ and images/val/, below "
    "cval/ or, for a dataset that names a folder in the storage, below that folder."
)


def problems_of(folder: Path) -> Iterator[Problem]:
    """Yield every problem of every dataset in a mirror, in the same order each time.

    What lies in ``cval/`` itself comes first, then dataset after dataset. Memory does not grow with the number of
    files, but for the names of one folder, and for what the annotations of one part name, of which
    `references.NAMES_AT_ONCE` and those of one more file are held.

    Args:
        folder: the mirror, which must be there.

    Raises:
        SourceUnreadable: a folder of it cannot be read, or it was replaced meanwhile.
    """
    storage = _opened(folder)
    yield from _problems(folder, storage, "", _listing(storage, ""))
    named = (listed for listed in storage.list(prune=_is_root) if _dataset_of(listed))
    for dataset, listing in groupby(named, _dataset_of):
        yield from _problems(folder, storage, dataset, listing)


def problems_of_dataset(folder: Path, dataset: str) -> Iterator[Problem]:
    """Yield the problems of one dataset, in the same order each time, with no more memory than `problems_of`.

    Args:
        folder: the mirror, which must be there.
        dataset: the dataset's folder in it; empty: the mirror itself, without the folders of other datasets.

    Raises:
        SourceUnreadable: a folder of it cannot be read, or it was replaced meanwhile.
    """
    storage = _opened(folder)
    listing = _listing(storage, dataset)
    first = next(listing, None)
    if first is None:
        yield Problem(f"{dataset}/" if dataset else f"{IMAGES}/", _NOTHING)
    else:
        yield from _problems(folder, storage, dataset, chain([first], listing))


def _listing(storage: Storage, dataset: str) -> Iterator[Listed]:
    listing = storage.list(prefix=f"{dataset}/") if dataset else storage.list(prune=_is_other)
    return (listed for listed in listing if _dataset_of(listed) == dataset)


def _opened(folder: Path) -> Storage:
    return open_storage("local", root=folder, confine=folder)


def _is_root(folder: str) -> bool:
    return folder[:-1] in _ROOTS


def _is_other(folder: str) -> bool:
    return folder.count("/") == 1 and not _is_root(folder)


def _dataset_of(listed: Listed) -> str:
    if isinstance(listed, Omission) and listed.subtree and "/" not in listed.key and listed.key not in _ROOTS:
        return listed.key  # the whole folder of a dataset
    return place_of(listed.key).dataset


def _problems(folder: Path, storage: Storage, dataset: str, listing: Iterable[Listed]) -> Iterator[Problem]:
    check = _Check(folder, storage, dataset)
    for listed in listing:
        if isinstance(listed, Omission):
            yield Problem(listed.key, listed.why)
        elif not is_litter(listed.key):
            yield from check.take(listed)
    yield from check.close()


class _Check:
    """What was seen of one dataset so far, as far as it decides on what comes: its files come in ascending order."""

    def __init__(self, folder: Path, storage: Storage, dataset: str) -> None:
        self._folder = folder
        self._storage = storage
        self._dataset = dataset
        self._references: References | None = None
        self._ids = _Ids()
        self._has_images_folder = self._has_images = self._has_annotations = False

    def take(self, entry: Entry) -> Iterator[Problem]:
        place = place_of(entry.key)
        self._has_images_folder |= place.folder == IMAGES
        message = message_at(place, entry.size)
        if message:
            yield Problem(entry.key, message)
        elif place.folder == IMAGES:
            yield from self._take_image(entry.key)
        elif part := place.known_part:
            yield from self._take_annotations(entry, part)

    def close(self) -> Iterator[Problem]:
        yield from self._look_for_images()
        path = f"{self._dataset}/{IMAGES}/" if self._dataset else f"{IMAGES}/"
        if self._has_images_folder and not self._has_images:
            yield Problem(path, "There is no image in any of its folders train, test and val.")
        elif self._has_annotations and not self._has_images:
            yield Problem(path, "There are annotations, but no images. Put them into its folders train, test and val.")

    def _take_image(self, key: str) -> Iterator[Problem]:
        self._has_images = True
        if other := self._ids.same(key):
            yield Problem(key, f"{other} has the same id, {frame_id(place_of(key).below)!r}. Rename one of them.")

    def _take_annotations(self, entry: Entry, part: Part) -> Iterator[Problem]:
        self._has_annotations = True
        if self._references is None or self._references.part is not part:
            yield from self._look_for_images()
            self._references = References(self._folder, self._dataset, part)
        try:
            images = read_document(self._storage, entry).images()
        except FileMissing:
            return  # it went away since it was listed
        except (Unfit, FileError) as error:
            yield Problem(entry.key, str(error))
        else:
            yield from self._references.add(entry.key, images)

    def _look_for_images(self) -> Iterator[Problem]:
        if self._references is not None:
            yield from self._references.problems()


class _Ids:
    """Finds images of one id in a stream of ascending keys.

    Between ``a.jpg`` and ``a.png`` there are only keys that start with ``a.``, so only ids are held that the last
    key starts with: as many as it has dots.
    """

    def __init__(self) -> None:
        self._held: list[tuple[str, str]] = []

    def same(self, key: str) -> str | None:
        """Return the first key with the id of this one, or None when this is the first."""
        while self._held and not key.startswith(f"{self._held[-1][0]}."):
            self._held.pop()
        image = frame_id(key)
        if self._held and self._held[-1][0] == image:
            return self._held[-1][1]
        self._held.append((image, key))
        return None
