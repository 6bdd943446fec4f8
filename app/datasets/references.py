"""Whether the images that annotations name are there; told per file of annotations."""

from collections.abc import Iterator, Set
from pathlib import Path

from app.datasets.contract import Part, Problem
from app.datasets.fields import shown
from app.datasets.frames import image_keys
from app.datasets.placing import IMAGES, frame_id, is_image

NAMES_AT_ONCE = 200_000
"""So many names are held before the images are looked through for them."""

_NAMES_SHOWN = 3


class References:
    """What the annotations of one part name. Used by one thread.

    An image may be named by its id or with its extension: the client's own examples do both.

    Args:
        folder: the mirror.
        dataset: the dataset's folder in it; empty: the mirror itself.
        part: the part that images are looked for in.
        at_once: how many names are held.
    """

    def __init__(self, folder: Path, dataset: str, part: Part, at_once: int = NAMES_AT_ONCE) -> None:
        self._folder = folder
        self._dataset = dataset
        self.part = part
        self._at_once = at_once
        self._held: list[tuple[str, Set[str]]] = []
        self._names = 0

    def add(self, path: str, names: Set[str]) -> Iterator[Problem]:
        """Take in what one file names; yield problems when that is enough for a look at the images.

        Raises:
            SourceUnreadable: a folder of the mirror cannot be read.
        """
        self._held.append((path, names))
        self._names += len(names)
        if self._names >= self._at_once:
            yield from self.problems()

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each file taken in that names images that are not there, and forget them.

        Raises:
            SourceUnreadable: a folder of the mirror cannot be read.
        """
        held, self._held, self._names = self._held, [], 0
        there = self._there({spelling for _, names in held for name in names for spelling in _ids(name)})
        for path, names in held:
            missing = sorted(name for name in names if there.isdisjoint(_ids(name)))
            if missing:
                yield Problem(path, self._message(missing))

    def _there(self, wanted: Set[str]) -> Set[str]:
        if not wanted:
            return wanted
        ids = (frame_id(key) for key in image_keys(self._folder, self._dataset, self.part))
        return {image for image in ids if image in wanted}

    def _message(self, missing: list[str]) -> str:
        names = ", ".join(shown(name) for name in missing[:_NAMES_SHOWN])
        more = f" and {len(missing) - _NAMES_SHOWN} more" if len(missing) > _NAMES_SHOWN else ""
        return (
            f"It names images that are not in {IMAGES}/{self.part}/: {names}{more}. "
            "Upload them, or name each by its path below that folder, as a/b.jpg or a/b."
        )


def _ids(name: str) -> tuple[str, ...]:
    return (name, frame_id(name)) if is_image(name) else (name,)
