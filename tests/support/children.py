"""Processes of a test's own that it may kill, forked from one that has imported the product (see `tests.support.programs`)."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.support.programs import FORKS


class Child:
    """A process that does ``work(talk, *arguments)``; it is ready when that has sent its first word.

    It is to end when `Connection.recv` raises ``EOFError``: it was told to leave, or the test's process is gone.

    Args:
        environ: its whole environment.
    """

    def __init__(self, work: Callable[..., int], *arguments: Any, environ: Mapping[str, str]) -> None:
        self._talk, theirs = FORKS.Pipe()
        self._process = FORKS.Process(target=_run, args=(work, theirs, arguments, dict(environ)))
        self._process.start()
        theirs.close()
        self.first_word = self._talk.recv()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_dead(self) -> bool:
        """Whether it has ended, however."""
        return not self._process.is_alive()

    def suspend(self) -> None:
        """SIGSTOP; return when it has taken effect."""
        os.kill(self.pid, signal.SIGSTOP)
        while not is_stopped(self.pid):
            os.sched_yield()

    def resume(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """As by ``kill -9``; harmless when it is dead."""
        self._process.kill()
        self._process.join(90)
        self._talk.close()

    def leave(self) -> int | None:
        """Have it end in order; return its exit status."""
        self._talk.close()
        self._process.join(90)
        return self._process.exitcode


def until_told_to_leave(talk: Connection) -> None:
    """Return when `Child.leave` was called, or the test's process has ended."""
    with suppress(EOFError, ConnectionResetError):
        talk.recv()


def _run(work: Callable[..., int], talk: Connection, arguments: tuple[Any, ...], environ: Mapping[str, str]) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    raise SystemExit(work(talk, *arguments))


def is_stopped(pid: int) -> bool:
    """Return whether a SIGSTOP has taken effect."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")  # which do not all stop in the same moment
    with suppress(FileNotFoundError, ProcessLookupError):  # one has ended since
        return all(each.read_text().rpartition(")")[2].split()[0] == "T" for each in threads)
    return False
