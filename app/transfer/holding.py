"""What a plan holds back: keys that later ones may conflict with, and folders of which nothing is known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.storages.base import Entry, Omission
from app.transfer.steps import Delete, Planned, Upload


class Covered:
    """Folders of which nothing is known; like `Held` a stack, since between ``d`` and ``d/x`` comes ``d-2``."""

    def __init__(self, folders: Sequence[str] = ()) -> None:
        self._folders = list(folders)

    def state(self) -> Sequence[str]:
        """Return what a new one is made of to be like this one."""
        return tuple(self._folders)

    def add(self, omission: Omission) -> None:
        """Note an omission, when it stands for a folder."""
        if omission.subtree:
            self._forget_before(omission.key)
            self._folders.append(omission.key)

    def add_above(self, omission: Omission) -> bool:
        """Note an omission that a listing tells again, since it begins below it; return whether that is news.

        A folder that could be read when the plan passed it may be unreadable now: the rest of it is covered.
        """
        if not omission.subtree or omission.key in self._folders:
            return False
        self._folders = sorted([*self._folders, omission.key])
        return True

    def has(self, key: str) -> bool:
        """Return whether ``key``, not smaller than any before, lies in one of them."""
        self._forget_before(key)
        return any(key.startswith("/", len(folder)) for folder in self._folders)

    def _forget_before(self, key: str) -> None:
        while self._folders and not key.startswith(self._folders[-1]):
            self._folders.pop()


@dataclass(slots=True)
class _Waiting:
    """A step that later keys may still turn into one side of a conflict."""

    entry: Entry
    is_upload: bool
    in_conflict: bool = False
    is_emitted: bool = False

    def covers(self, key: str) -> bool:
        return key.startswith(self.entry.key) and key.startswith("/", len(self.entry.key))


class Held:
    """New and extra keys, held back while keys below them (``a/b`` below ``a``) may still come.

    Between ``a`` and ``a/b`` only keys that start with ``a`` can come, so those held at once are each
    a prefix of the next: a stack no deeper than a key is long.
    """

    def __init__(self, state: Sequence[Any] = ()) -> None:
        self.stack = [_Waiting(Entry(*entry), *flags) for entry, *flags in state]

    def state(self) -> Sequence[Any]:
        """Return, as JSON, what a new one is made of to be like this one."""
        return tuple([list(held.entry), held.is_upload, held.in_conflict, held.is_emitted] for held in self.stack)

    def released(self, position: str | None) -> list[Planned]:
        """Return what keys from ``position`` on (None: the end) cannot concern any more."""
        steps: list[Planned] = []
        while self.stack and (position is None or not position.startswith(self.stack[-1].entry.key)):
            waiting = self.stack.pop()
            if waiting.is_upload:
                steps.append(Upload(waiting.entry, "new", blocked=waiting.in_conflict))
            elif not waiting.is_emitted:
                steps.append(Delete(waiting.entry))
        return steps

    def new(self, entry: Entry) -> list[Planned]:
        """Hold an upload; return the deletions of objects that stand where its folders must be."""
        upload = _Waiting(entry, is_upload=True)
        steps: list[Planned] = []
        for waiting in self.stack:
            if not waiting.is_upload and waiting.covers(entry.key):
                upload.in_conflict = True
                if not waiting.is_emitted:
                    waiting.is_emitted = True
                    steps.append(Delete(waiting.entry, blocking=True))
        self.stack.append(upload)
        return steps

    def surplus(self, entry: Entry) -> list[Planned]:
        """Hold a deletion, or return it at once when it stands in the folder that a file shall replace."""
        uploads = [waiting for waiting in self.stack if waiting.is_upload and waiting.covers(entry.key)]
        for waiting in uploads:
            waiting.in_conflict = True
        if uploads:
            return [Delete(entry, blocking=True)]
        self.stack.append(_Waiting(entry, is_upload=False))
        return []
