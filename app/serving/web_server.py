"""gunicorn as a child process."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

from app.serving.ports import reachable_host
from app.settings import Settings

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # looked up here: not between fork and exec


class WebServer:
    """Serves the API in processes of its own. Used by one thread.

    It runs in a session of its own, so that Ctrl-C in the terminal reaches only who started it.

    Args:
        settings: those that the new process will read again from the environment.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        command = [sys.executable, "-m", "gunicorn", "-c", "python:app.serving.gunicorn_conf", "app:create_app()"]
        self._process = subprocess.Popen(  # noqa: S603  # a fixed command
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent if _libc else None,  # noqa: PLW1509  # one C call; no thread runs yet
        )

    def poll(self) -> int | None:
        """Return the exit status once it has ended, else None."""
        return self._process.poll()

    def wait_until_listening(self, seconds: float) -> bool:
        """Return True as soon as it takes connections, False when it ended or ``seconds`` went by."""
        deadline = time.monotonic() + seconds
        where = (reachable_host(self._settings.api_host), self._settings.api_port)
        while time.monotonic() < deadline and self.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(where, timeout=1):
                return True
            time.sleep(0.05)
        return False

    def ask_to_stop(self, *, hurry: bool = False) -> None:
        """Ask for the end: after the operations in hand, or within about two seconds. Returns at once."""
        if self.poll() is None:
            self._process.send_signal(signal.SIGQUIT if hurry else signal.SIGTERM)

    def kill(self) -> None:
        """End it and its workers at once. Jobs resume at the next start."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _die_with_parent() -> None:
    """Ask Linux for a SIGTERM when the process that started this one dies, even by ``kill -9``."""
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
