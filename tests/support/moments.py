"""The moments just before this process asks the file system to open, list, make or remove something."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EVENTS = {"open", "os.scandir", "os.listdir", "os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.utime"}

_called: list[Callable[[], object]] = []  # a hook can be put in but never taken out, so there is one


def _look(event: str, _: tuple[Any, ...]) -> None:
    if _called and event in EVENTS:
        act = _called.pop()
        act()
        _called.append(act)


sys.addaudithook(_look)


class At:
    """Acts once, at one moment.

    Args:
        number: of the moment, from 1 on.
        act: what is done then.

    Attributes:
        seen: how many moments there were.
    """

    def __init__(self, number: int, act: Callable[[], object]) -> None:
        self.seen, self._number, self._act = 0, number, act

    def __call__(self) -> None:
        self.seen += 1
        if self.seen == self._number:
            self._act()

    @property
    def has_acted(self) -> bool:
        return self.seen >= self._number


@contextmanager
def at_moment(number: int, act: Callable[[], object]) -> Iterator[At]:
    """While the block lasts, do ``act`` just before the ``number``-th request to the file system."""
    at = At(number, act)
    _called.append(at)
    try:
        yield at
    finally:
        _called.clear()
