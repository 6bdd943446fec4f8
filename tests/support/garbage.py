"""When Python looks for garbage in a process that runs tests: never in the tests themselves, and often in what they make."""

import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LITTLE = 64 * 1024 * 1024


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
