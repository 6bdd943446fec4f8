"""The memory of a process that runs tests: garbage is looked for in what they make, and large blocks are given back."""

import ctypes
import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LITTLE = 32 * 1024 * 1024
_LARGE_BLOCK = 4 * 1024 * 1024
_M_MMAP_THRESHOLD = -3  # mallopt(3)


def give_large_blocks_back() -> None:
    """Have glibc give a block of 4 MiB or more back to the system when it is freed; no program that is started inherits it.

    Otherwise it raises that limit with the first large block, and keeps the holes that later ones leave, in each thread's
    arena (measured with contents of 16 to 26 MB in 43 tests: 250 MB became 486). Another C library is left alone.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


@contextmanager
def all_of_it_stays() -> Iterator[None]:
    """Never look for garbage in what is imported and made here: in a collection of tests, that took half of the time.

    And as long as all tests and modules were looked through each time, Python did so so seldom that a gigabyte lay about.
    """
    gc.disable()
    try:
        yield
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()


class Garbage:
    """Looks for garbage whenever the process has grown: a few objects may hold very large contents.

    They do where a test expects a failure, which holds what was in hand. Python itself counts objects, not bytes.
    """

    def __init__(self) -> None:
        self._seen = _resident()

    def look(self) -> None:
        """Look, if it is worth the time."""
        if _resident() > self._seen + _LITTLE:
            gc.collect()
            self._seen = _resident()


def _resident() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
