"""What a process and those that it started used: time, processor time, memory. Linux only, since /proc tells it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What one run used.

    Attributes:
        wall: seconds from start to end.
        cpu: seconds of processor time, user and system, of the whole tree of processes.
        peak: bytes; the largest resident size that any process of the tree reached.
    """

    wall: float
    cpu: float
    peak: int


class CommandFailed(Exception):
    """A tool ended with an error, so that its time means nothing."""


def run_measured(command: Sequence[str], environ: Mapping[str, str], folder: Path) -> Usage:
    """Run a command to its end; its output goes to a file in ``folder``, which is its working directory too.

    Raises:
        CommandFailed: with the end of what it wrote.
    """
    told, output = folder / "usage.json", folder / "output.log"
    with output.open("wb") as log:
        status = subprocess.call(
            [sys.executable, "-I", "-S", str(LAUNCHER), str(told), *command],
            env=dict(environ),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    if status:
        tail = output.read_bytes()[-2000:].decode("utf-8", "replace")
        raise CommandFailed(f"{Path(command[0]).name} ended with status {status}:\n{tail}")
    return Usage(**json.loads(told.read_text()))


def with_descendants(pid: int) -> list[int]:
    """Return the process and all below it that live."""
    found = [pid]
    for parent in found:  # grows while it is gone through
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the user and system time that these processes have used so far."""
    return sum(_cpu_ticks(pid) for pid in pids) / _TICKS


def _cpu_ticks(pid: int) -> int:
    # The name in parentheses may hold anything; utime and stime are the 12th and 13th fields after it (proc(5)).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def forget_peak(pids: Iterable[int]) -> None:
    """Have the peaks of these processes start from what they hold now."""
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_bytes(pids: Iterable[int]) -> int:
    """Return the largest peak of resident memory among these processes."""
    return max(_status_kib(pid, "VmHWM") for pid in pids) * 1024


def resident_bytes(pids: Iterable[int]) -> int:
    """Return the memory that these processes hold together; what they share is counted for each."""
    return sum(_status_kib(pid, "VmRSS") for pid in pids) * 1024


def _status_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise ValueError(f"/proc does not tell {name}")
