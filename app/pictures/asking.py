"""Asks standing programs what images say of themselves, and keeps those programs; see `app.pictures.standing`."""

import atexit
import json
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from app.pictures.limits import ANSWER_MAX, SECONDS
from app.pictures.process import NoAnswer, TooSlow, standing

PATIENCE = 2.0 * SECONDS
"""Seconds for a program to start and to say at least that nothing is known."""


class _Gone(NoAnswer):
    """The program has ended, or what it said is no answer."""


class StandingPrograms:
    """Programs that are started once they are needed, and stay. Thread-safe.

    One that somebody ended is started anew. A process that is forked from this one has programs of its own. All end
    with this process, however it ends.

    Args:
        at_once: how many there are at most; the first free one is asked, so they are as many as were needed at once.
        patience: seconds after which a program is ended that does not answer.
    """

    def __init__(self, at_once: int, patience: float = PATIENCE) -> None:
        self._programs = tuple(_Program(patience) for _ in range(at_once))
        self._free = self._all_free()
        os.register_at_fork(after_in_child=self._let_go)
        atexit.register(self.close)

    def facts_of(self, path: Path) -> Mapping[str, Any]:
        """Return what `app.pictures.facts.facts` does; nothing: it is no image that can be looked into.

        Whoever finds all programs at work waits for one, at most ``patience`` for each that comes before.

        Raises:
            NoAnswer: no program could tell; two kinds of it tell why.
        """
        question = json.dumps(str(path.absolute())).encode() + b"\n"
        program = self._free.get()
        try:
            return program.asked(question)
        except _Gone:
            return program.asked(question)
        finally:
            self._free.put(program)

    def close(self) -> None:
        """End the programs that nobody is asking. A later question starts one again."""
        ended = []
        with suppress(Empty):
            while True:
                ended.append(self._free.get_nowait())
                ended[-1].end()
        for program in ended:
            self._free.put(program)

    def _all_free(self) -> "LifoQueue[_Program]":
        free: LifoQueue[_Program] = LifoQueue()
        for program in self._programs:
            free.put(program)
        return free

    def _let_go(self) -> None:
        """Leave the programs to the process that this one was forked from, whose other threads may be asking them."""
        for program in self._programs:
            program.let_go()
        self._free = self._all_free()


class _Program:
    """One program, or the place for it. For one thread at a time."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._running: tuple[socket.socket, subprocess.Popen[bytes]] | None = None

    def asked(self, question: bytes) -> Mapping[str, Any]:
        """Return what it says, and start it if need be."""
        if self._running is None:
            self._running = standing("standing")
        try:
            return _told(self._running[0], question, self._patience)
        except BaseException:
            self.end()  # or its late answer would be taken for that to the next question
            raise

    def end(self) -> None:
        """End it, if it runs."""
        if self._running is None:
            return
        (line, process), self._running = self._running, None
        with line:
            process.kill()
            process.wait()

    def let_go(self) -> None:
        """Forget it. It goes on, for it is a child of another process."""
        if self._running is None:
            return
        (line, process), self._running = self._running, None
        line.close()
        process.returncode = 0  # or Popen would warn that it still runs


def _told(line: socket.socket, question: bytes, seconds: float) -> Mapping[str, Any]:
    deadline = time.monotonic() + seconds
    try:
        line.settimeout(seconds)
        line.sendall(question)
        return _read(_line(line, deadline))
    except TimeoutError:
        raise TooSlow from None
    except OSError:
        raise _Gone from None


def _line(line: socket.socket, deadline: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\n"):
        line.settimeout(max(0.001, deadline - time.monotonic()))
        part = line.recv(ANSWER_MAX + 1)
        answer += part
        if not part or len(answer) > ANSWER_MAX + 1:
            raise _Gone
    return answer


def _read(answer: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(answer.strip() or b"{}")
    except (ValueError, RecursionError):
        raise _Gone from None
    if not isinstance(found, dict):
        raise _Gone
    return found
