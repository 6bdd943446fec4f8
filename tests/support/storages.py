"""Wrappers of the storage protocol for tests: a server's strictness, gates, and a record of what was done."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from app.errors import StorageError, StorageFailure
from app.storages.base import LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights, Storage


class WrappedStorage:
    """Passes everything on; others override what they change."""

    def __init__(self, inner: Storage) -> None:
        self.inner = inner

    def check(self) -> None:
        self.inner.check()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        return self.inner.list(prefix, after, prune)

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        return self.inner.browse(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        return self.inner.stat(key)

    def rights(self) -> Rights:
        return self.inner.rights()

    def read(self, key: str) -> Content:
        return self.inner.read(key)

    def write(self, key: str, content: Content) -> Entry:
        return self.inner.write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        return self.inner.copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        return self.inner.delete(keys)

    def create(self) -> None:
        self.inner.create()

    def drop(self) -> None:
        self.inner.drop()

    def tidy(self) -> None:
        self.inner.tidy()

    def close(self) -> None:
        self.inner.close()


class Reads(WrappedStorage):
    """Keeps the keys that were read; ``meanwhile`` is called with each before it is."""

    def __init__(self, inner: Storage, meanwhile: Callable[[str], object] | None = None) -> None:
        super().__init__(inner)
        self.keys: list[str] = []
        self._meanwhile = meanwhile

    def read(self, key: str) -> Content:
        self.keys.append(key)
        if self._meanwhile is not None:
            self._meanwhile(key)
        return self.inner.read(key)


class ReadingStorage(WrappedStorage):
    """Notes each key that is read."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.reads: list[str] = []

    def read(self, key: str) -> Content:
        self.reads.append(key)
        return super().read(key)


class RecordingStorage(WrappedStorage):
    """Notes each change in order, and how many ran at the same time."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.changes: list[str] = []
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._now = 0

    def write(self, key: str, content: Content) -> Entry:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            return super().write(key, content)
        finally:
            with self._lock:
                self._now -= 1
                self.changes.append(f"write {key}")

    def copy(self, source: str, key: str) -> Entry | None:
        copied = super().copy(source, key)
        if copied is not None:
            self.changes.append(f"copy {source} to {key}")
        return copied

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        left = super().delete(keys)
        self.changes += [f"delete {key}" for key in keys]
        return left

    def create(self) -> None:
        super().create()
        self.changes.append("create")

    def drop(self) -> None:
        super().drop()
        self.changes.append("drop")


class FileLikeStorage(WrappedStorage):
    """Refuses ``a/b`` while ``a`` exists and the reverse, as every server does that keeps objects as files (MinIO)."""

    def write(self, key: str, content: Content) -> Entry:
        for listed in self.inner.list():
            if listed.key.startswith(key + "/") or key.startswith(listed.key + "/"):
                raise StorageFailure(f"{listed.key} is in the way of {key}.")
        return super().write(key, content)


class GatedStorage(WrappedStorage):
    """Each write waits until the gate is open; ``arrived`` is set once one waits."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.gate = threading.Event()
        self.arrived = threading.Event()

    def write(self, key: str, content: Content) -> Entry:
        self.arrived.set()
        assert self.gate.wait(30)
        return super().write(key, content)


class ListedStorage(WrappedStorage):
    """Lists what it is told, such as omissions, and reads from the inner storage."""

    def __init__(self, inner: Storage, listing: Sequence[Listed]) -> None:
        super().__init__(inner)
        self._listing = listing

    def list(self, *_args: Any, **_named: Any) -> Iterator[Listed]:
        return iter(self._listing)
