"""What a run tells while it works: small frozen records, given to one callable. Counters are sums of them."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias


class Scheduled(NamedTuple):
    """The plan has one more upload (of ``size`` bytes) or deletion."""

    action: str
    size: int = 0


class PlanCompleted(NamedTuple):
    """Nothing more will be scheduled."""


class Started(NamedTuple):
    """A file operation begins."""

    action: str
    key: str


class Moved(NamedTuple):
    """``size`` more bytes have gone out; negative when an operation failed and its bytes do not count."""

    size: int


class Unchanged(NamedTuple):
    """``keys`` more are equal on both sides.

    Attributes:
        why: how that is known: ``index``, ``size`` or ``content``.
    """

    keys: int = 1
    why: str = "content"


class Finished(NamedTuple):
    """A file operation ended, or something was left out.

    Attributes:
        action: ``upload``, ``delete``, ``create``, ``drop``, or ``skip`` for what was left out.
        key: the key; for ``create`` and ``drop`` the bucket's name.
        status: ``done``, ``failed``, ``skipped`` or ``planned`` (a dry run).
        size: bytes moved, or that would be.
        reason: why it was done, or the machine-readable reason of its failure.
        message: a sentence for people, empty when all went well.
        finished_at: POSIX seconds, UTC.
        moved: bytes that went out and that no `Moved` has told.
    """

    action: str
    key: str
    status: str
    size: int
    reason: str
    message: str
    finished_at: float
    moved: int = 0


Event: TypeAlias = Scheduled | PlanCompleted | Started | Moved | Unchanged | Finished
Listener: TypeAlias = Callable[[Event], None]
"""Takes each event, from any thread; must be quick and must not raise."""
