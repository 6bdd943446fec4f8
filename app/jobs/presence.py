"""How a runner shows that it lives: by a lock that the kernel releases when its process ends, however it ends."""

import fcntl
import hashlib
import os
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import DatabaseUnavailable

_SUFFIX = ".lock"


class Presence:
    """The lock of one runner, in a folder that all runners of one database share.

    Args:
        folder: made when it is missing.
        runner_id: unique for ever; part of the file's name.
    """

    def __init__(self, folder: Path, runner_id: str) -> None:
        self._path = folder / f"{runner_id}{_SUFFIX}"
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock.

        Raises:
            DatabaseUnavailable: the folder cannot be written, or its file system knows no locks.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            while self._descriptor is None:
                self._descriptor = _lock_new(self._path)
        except OSError as error:
            raise DatabaseUnavailable(
                f"No lock can be held in {self._path.parent}: {error.strerror}. DATA_DIR must be on a local disk "
                "with free space, where this user can write."
            ) from error
        _held.add(self)

    def release(self) -> None:
        """Let go; the file stays until another runner has seen to what was left behind. Harmless when called twice."""
        _held.discard(self)
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


_held: weakref.WeakSet[Presence] = weakref.WeakSet()


def _forget_in_child() -> None:
    # A forked child shares its parent's locks: without this a dead parent would seem alive as long as the child.
    for presence in list(_held):
        presence.release()


os.register_at_fork(after_in_child=_forget_in_child)


def _lock_new(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_at(descriptor, path):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    # Between making and locking it, someone took it for a dead runner's file and removed it.
    os.close(descriptor)
    return None


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def locks_of_this_machine(data_dir: Path, *, is_shared: bool) -> Path:
    """Return the folder for the locks of runners.

    On a file system that several machines share, a lock need not reach as far as the file: another machine could take
    a living runner for dead. There, each machine looks after its own runners, and after others by their heartbeats.

    Args:
        data_dir: DATA_DIR.
        is_shared: whether several machines may use it.
    """
    return data_dir / "runners" / _machine() if is_shared else data_dir / "runners"


def _machine() -> str:
    """Return a word that no other machine has, nor a container on this one."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    word = boot.read_text("ascii").strip() if boot.exists() else ""
    return hashlib.sha256(f"{socket.gethostname()} {word}".encode()).hexdigest()[:16]


def is_present(folder: Path, runner_id: str) -> bool:
    """Return whether a runner, of any machine, has shown itself and nobody has cleared up after it."""
    name = f"{runner_id}{_SUFFIX}"
    return (folder / name).exists() or any(folder.parent.glob(f"*/{name}"))


@contextmanager
def dead_runners(folder: Path) -> Iterator[list[str]]:
    """Give the ids of dead runners, each to one caller at a time; when the block succeeds they are forgotten."""
    found = _lock_the_dead(folder)
    try:
        yield [path.stem for path in found]
        for path in found:
            path.unlink(missing_ok=True)  # still locked: its name cannot come to life again
    finally:
        for descriptor in found.values():
            os.close(descriptor)


def _lock_the_dead(folder: Path) -> dict[Path, int]:
    found = {}
    for path in folder.glob(f"*{_SUFFIX}"):
        descriptor = _lock_if_dead(path)
        if descriptor is not None:
            found[path] = descriptor
    return found


def _lock_if_dead(path: Path) -> int | None:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
