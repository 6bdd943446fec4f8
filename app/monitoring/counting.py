"""Which counters a process adds to: its own, or those of all processes of a service on this machine.

Nothing here imports the library when it is imported itself: a variable
that is set here decides how it counts.
"""

import os
import shutil
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""The library's; it names the folder of the counters."""

_FOLDER = "metrics"
_FORGOTTEN_SECONDS = 7 * 86_400.0


def share_counters(settings: Settings, name: str) -> Path:
    """Have this process, and those that it forks from now on, count together and from zero. Call it before any count.

    They do so in files of a folder of DATA_DIR that belongs to this machine and to ``name``; what machines that are
    long gone (containers, mostly) have left beside it is removed.

    Args:
        name: tells services on one machine apart, such as ``web-5000``.

    Raises:
        OSError: the folder cannot be made.
        RuntimeError: a bug: something was counted already, for this process alone.
    """
    if "app.monitoring.instruments" in sys.modules:
        raise RuntimeError("this process counts for itself already")
    folder = settings.data_dir / _FOLDER / f"{socket.gethostname()}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    _forget_old(folder)
    os.environ[VARIABLE] = str(folder)
    _count_in_files()
    return folder


def _count_in_files() -> None:
    """Have the library count in files of the folder that the variable names."""
    from prometheus_client import values  # noqa: PLC0415  # see above: it looks at the variable

    from app.monitoring.allocated import AllocatedSomewhere  # noqa: PLC0415  # the same

    library: Any = values
    library.MmapedDict = AllocatedSomewhere
    library.ValueClass = library.get_value_class()


def process_died(pid: int) -> None:
    """Say that one of the processes that count together has ended; what it has counted stays."""
    if VARIABLE in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  # see `share_counters`

        mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library's


def _forget_old(own: Path) -> None:
    """Remove the folders beside one in which nothing was counted for a week."""
    for folder in own.parent.iterdir():
        with suppress(OSError):
            latest = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
            if folder != own and latest < time.time() - _FORGOTTEN_SECONDS:
                shutil.rmtree(folder)
