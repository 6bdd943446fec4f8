"""Runs a program of this package in a process of its own, bounded in time, and without a secret in its environment."""

import os
import socket
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PASSED_ON = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")


class NoAnswer(Exception):
    """The program ended with an error, or the system ended it at one of its limits."""


class TooSlow(NoAnswer):
    """The program did not end in time, and was ended."""


class NotStarted(NoAnswer):
    """The system can start no process just now."""


def answer_of(program: str, *arguments: str, seconds: float, data: bytes = b"") -> bytes:
    """Run a program of this package; return what it wrote, at least a byte. Thread-safe.

    What it may take of memory and of the processor it limits itself; see `app.pictures.limits`.

    Args:
        program: the name of its module, such as ``thumbnail``.
        arguments: what it is given in `sys.argv`, such as a path.
        seconds: after which it is ended.
        data: for its standard input.

    Raises:
        NoAnswer: there is none; two kinds of it tell why.
    """
    try:
        ended = subprocess.run(  # noqa: S603  # our own program, and images are no part of its name
            [*_command(program), *arguments],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    except OSError:
        raise NotStarted from None
    if ended.returncode or not ended.stdout:
        raise NoAnswer
    return ended.stdout


def standing(program: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start a program of this package that stays until its standard input ends.

    Returns:
        What its standard input and output are the other end of, and its process. The program ends when all copies of
        the first are closed, so it never outlives this process.

    Raises:
        NotStarted: it cannot be started.
    """
    try:
        ours, theirs = socket.socketpair()
    except OSError:
        raise NotStarted from None
    with theirs:
        try:
            return ours, subprocess.Popen(  # noqa: S603  # our own program
                _command(program),
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError:
            ours.close()
            raise NotStarted from None


def _command(program: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"app.pictures.{program}"]


def _environment() -> dict[str, str]:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    known = os.environ.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), known] if known else [str(_ROOT)])  # or it finds no `app`
    return environment
