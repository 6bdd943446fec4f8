"""Programs of ours, each in a process of its own, forked from one that has imported the product already.

Imports are most of what a start costs, and hundreds of tests need a start. That a program starts from nothing is proved
where tests use ``subprocess`` instead: what `make run` runs, the image, the documentation's commands, a terminal.
"""

import ctypes
import multiprocessing
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import reduction
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

ROOT = Path(__file__).resolve().parents[2]
FORKS = multiprocessing.get_context("forkserver")
_DIALECTS = sorted(f"app.dialects.{path.parent.name}" for path in ROOT.glob("app/dialects/*/__init__.py"))
FORKS.set_forkserver_preload(
    [
        "tests.support.programs",
        "app.bootstrap",
        "app.cli",
        "app.dashboard",
        *_DIALECTS,
        "app.serving.first_admin",
        "app.upkeep.backup",
        "app.upkeep.rotation",
        "app.web.application",
        "app.web.documents",
        "app.web.errors",
        "flask.cli",
        "gunicorn.app.wsgiapp",
        "app.serving.worker",
    ]
)


class Program:
    """What ``python -m`` or ``python -c`` runs, in the repository's folder and a session of its own, much like a `subprocess.Popen`.

    Args:
        words: the module and its arguments, or ``-c``, Python's text and its arguments.
        environ: the whole environment.
        given: its standard input.
        out: where its output goes; without one, `communicate` returns it.
        err: the same for what it says of errors.
    """

    def __init__(
        self,
        *words: str,
        environ: Mapping[str, str],
        given: str = "",
        out: IO[bytes] | None = None,
        err: IO[bytes] | None = None,
    ) -> None:
        self.args = words
        self._out, self._err = out or self._own_file(), err or self._own_file()
        with TemporaryFile() as standard_input:
            standard_input.write(given.encode())
            standard_input.seek(0)
            streams = [_Stream(file.fileno()) for file in (standard_input, self._out, self._err)]
            self._process = FORKS.Process(target=_run, args=(words, dict(environ), streams))
            self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def _own_file(self) -> IO[bytes]:
        file = TemporaryFile()  # noqa: SIM115  # it lasts as long as this object
        finalize(self, file.close)
        return file

    @property
    def returncode(self) -> int | None:
        """Its exit status; negative: the signal that ended it; None: it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return `returncode`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its status; raise `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; return its output and what it says of errors, as far as they went to no file of the caller's."""
        self.wait(timeout)
        return _text(self._out), _text(self._err)

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):  # it has ended since
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()


def flask(*arguments: str, environ: Mapping[str, str], **options: Any) -> Program:
    """Start a command of the product; ``options`` are those of `Program`."""
    return Program("flask", "--app", "app", *arguments, environ=environ, **options)


def run_flask(*arguments: str, environ: Mapping[str, str], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command of the product to its end."""
    process = flask(*arguments, environ=environ, **options)
    out, err = process.communicate(timeout=200)
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


class _Stream:
    """A file descriptor that a new process gets."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (reduction.DupFd(self._number),)


def _received(descriptor: Any) -> int:
    return int(descriptor.detach())


def _text(file: IO[bytes]) -> str:
    if not file.readable():
        return ""
    file.seek(0)
    return file.read().decode()


def _run(words: Sequence[str], environ: Mapping[str, str], streams: Sequence[int]) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environ)
    for number, given in enumerate(streams):
        os.dup2(given, number)
        os.close(given)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", errors="backslashreplace")  # noqa: SIM115
    ctypes.pythonapi.Py_Exit(_status_of(words))  # as Python ends: threads are waited for, and `atexit` is heard


def _status_of(words: Sequence[str]) -> int:
    try:
        _execute(*words)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201
            return 1
        return end.code or 0
    except BaseException:  # noqa: BLE001  # as Python does with all of them
        traceback.print_exc()
        return 1
    return 0


def _execute(program: str, *arguments: str) -> None:
    if program == "-c":
        sys.argv = [program, *arguments[1:]]
        exec(arguments[0], {"__name__": "__main__"})
    else:
        sys.argv = [program, *arguments]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
