"""The frames of one part of a dataset: one for each image file that its mirror holds."""

import heapq
from collections.abc import Iterator
from pathlib import Path

from app.datasets.contract import Frames, Part
from app.datasets.mirrored import file_keys
from app.datasets.placing import IMAGES, frame_id, is_image, is_litter


def frames_of(folder: Path, dataset: str, part: Part, limit: int) -> Frames:
    """Return how many frames there are now, and the ids of the first.

    Nothing is remembered from one call to the next, and no file is opened or asked for its size: an empty image
    counts, and so does a second image with the same id. `problems_of` tells of both.

    Args:
        folder: the mirror; when it is absent there is no frame.
        dataset: the dataset's folder in it; empty: the mirror itself.
        part: which part.
        limit: how many ids; the memory that is used grows with this only.

    Raises:
        SourceUnreadable: a folder of the mirror cannot be read.
    """
    count = _Count()
    # At least one is asked for: for none at all, nsmallest would not look at the keys, and nothing would be counted.
    first = heapq.nsmallest(max(limit, 1), count.through(image_keys(folder, dataset, part)))
    return Frames(count.seen, [frame_id(key) for key in first[:limit]])


def image_keys(folder: Path, dataset: str, part: Part) -> Iterator[str]:
    """Yield the key below its part of each image that is there, in no order.

    Raises:
        SourceUnreadable: a folder of the mirror cannot be read.
    """
    prefix = f"{dataset}/{IMAGES}/{part}/" if dataset else f"{IMAGES}/{part}/"
    return (key for key in file_keys(folder, prefix) if is_image(key) and not is_litter(key))


class _Count:
    def __init__(self) -> None:
        self.seen = 0

    def through(self, keys: Iterator[str]) -> Iterator[str]:
        for key in keys:
            self.seen += 1
            yield key
