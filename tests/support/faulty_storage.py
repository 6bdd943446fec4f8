"""A storage that fails as a test says: before or after any of its methods, and while its contents are read."""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Self, TypeAlias

from app.errors import StorageError
from app.storages.base import LEVEL_LIMIT, Content, Entry, Level, Listed, Prune, Rights, Storage
from tests.support.storages import WrappedStorage

CHUNK = 256 * 1024


class After(NamedTuple):
    """Happens to whoever reads a content, once ``size`` bytes of it have been read; as `Fault` otherwise."""

    size: int
    fault: BaseException | Callable[[], object]


Fault: TypeAlias = BaseException | Callable[[], object] | After | None
"""What happens to a call: it is raised; or it is called, and may raise, wait or count; None: nothing."""


class FaultyStorage(WrappedStorage):
    """Does to its calls what `faults` says, to each call the first of its queue, which is then used up.

    A queue is named by a method (``write``), or by a method and a key (``write KEY``). What is in it happens before the
    call; what is in ``after write`` happens once the call was done, so that its answer is lost. Further:

    - ``list`` happens before each entry, ``after list`` at the end of a listing.
    - ``delete KEY`` leaves that object alone and has it told as still there, with the error.
    - ``content`` and ``content KEY`` are of `After`, one for each content that is opened.
    - ``content.read``, ``content.skip``, ``content.verify`` and ``content.close`` are of any content's methods.

    Attributes:
        calls: how often each queue was looked at, thus how often a method was called.
    """

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def check(self) -> None:
        with self._struck("check"):
            super().check()

    def list(self, prefix: str = "", after: str = "", prune: Prune | None = None) -> Iterator[Listed]:
        for listed in super().list(prefix, after, prune):
            self.strike("list")
            yield listed
        self.strike("after list")

    def browse(self, prefix: str = "", limit: int = LEVEL_LIMIT, token: str | None = None) -> Level:
        with self._struck("browse"):
            return super().browse(prefix, limit, token)

    def stat(self, key: str) -> Entry:
        with self._struck("stat", key):
            return super().stat(key)

    def rights(self) -> Rights:
        with self._struck("rights"):
            return super().rights()

    def read(self, key: str) -> Content:
        with self._struck("read", key):
            return FaultyContent(super().read(key), self, self._taken("content") or self._taken(f"content {key}"))

    def write(self, key: str, content: Content) -> Entry:
        with self._struck("write", key):
            return super().write(key, content)

    def copy(self, source: str, key: str) -> Entry | None:
        with self._struck("copy", key):
            return super().copy(source, key)

    def delete(self, keys: Sequence[str]) -> dict[str, StorageError]:
        with self._struck("delete"):
            left = {key: fault for key in keys if isinstance(fault := self._taken(f"delete {key}"), StorageError)}
            return left | super().delete([key for key in keys if key not in left])

    def create(self) -> None:
        with self._struck("create"):
            super().create()

    def drop(self) -> None:
        with self._struck("drop"):
            super().drop()

    def tidy(self) -> None:
        with self._struck("tidy"):
            super().tidy()

    def close(self) -> None:
        with self._struck("close"):
            super().close()

    def strike(self, *names: str) -> None:
        """Have happen what comes next in these queues."""
        with self._lock:
            self.calls.update(names)
        for name in names:
            happen(self._taken(name))

    @contextmanager
    def _struck(self, method: str, key: str | None = None) -> Iterator[None]:
        names = [method] if key is None else [method, f"{method} {key}"]
        self.strike(*names)
        yield
        self.strike(*(f"after {name}" for name in names))

    def _taken(self, name: str) -> Fault:
        with self._lock:
            return self.faults[name].popleft() if self.faults[name] else None


class FaultyContent:
    """A content of a faulty storage; see there.

    Args:
        broken: what happens while it is read, if anything.
    """

    def __init__(self, inner: Content, storage: FaultyStorage, broken: Fault) -> None:
        self.size, self.modified_ns, self.mark = inner.size, inner.modified_ns, inner.mark
        self._inner, self._storage = inner, storage
        self._broken = broken if isinstance(broken, After) else None
        self._done = 0

    def read(self, n: int = -1, /) -> bytes:
        """Return less than ``n`` bytes where something happens behind them."""
        if n < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        self._storage.strike("content.read")
        data = self._inner.read(min(n, self._until_broken(n)))
        self._done += len(data)
        return data

    def skip(self, n: int, /) -> None:
        self._storage.strike("content.skip")
        self._inner.skip(n)
        self._done += n

    def verify(self) -> None:
        self._storage.strike("content.verify")
        self._inner.verify()

    def close(self) -> None:
        self._storage.strike("content.close")
        self._inner.close()

    def _until_broken(self, n: int) -> int:
        """Return how many bytes can be read before something happens; have it happen when there are none."""
        if self._broken is None:
            return n
        if self._done < self._broken.size:
            return self._broken.size - self._done
        broken, self._broken = self._broken, None
        happen(broken.fault)
        return n

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def happen(fault: Fault) -> None:
    """Raise a fault, or call it."""
    if isinstance(fault, BaseException):
        raise fault
    if isinstance(fault, After):
        raise TypeError("After is for the queues of contents.")
    if fault is not None:
        fault()
