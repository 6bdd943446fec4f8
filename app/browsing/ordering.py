"""The order in which people count: image 9 before image 10, whatever the case of its letters. Pure."""

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import TypeVar

from natsort import natsort_keygen, ns

T = TypeVar("T")

RUN = 10_000
"""Names sorted in one go, which other threads wait for: some hundredths of a second."""

natural_key = natsort_keygen(alg=ns.IGNORECASE)


def in_natural_order(names: Iterable[str]) -> Iterator[str]:
    """Yield the names in natural order; those that are equal in it stay as they came.

    The keys of this order take several times the room of the names, so only those of a run are held at once. What
    came in order, as most manifests do, costs no merging.
    """
    runs = [sorted(run, key=natural_key) for run in batches(names, RUN)]
    if all(natural_key(one[-1]) <= natural_key(other[0]) for one, other in pairwise(runs)):
        return chain.from_iterable(runs)
    return heapq.merge(*runs, key=natural_key)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of ``size``, the last one perhaps shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
