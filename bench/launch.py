"""Runs one command and writes what it used to a file: ``launch.py usage.json command...``.

A small process of its own, since the peak that Linux tells of a child starts with the size of the process
that made it: measured from the benchmark itself, each tool would seem at least as large as that.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def main(told: str, command: list[str]) -> int:
    """Run the command and return its exit status."""
    started = time.perf_counter()
    status = subprocess.call(command)
    wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage = {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024}
    Path(told).write_text(json.dumps(usage))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
