"""Where the programs are that the benchmark runs."""

import os
import shutil
import sys
from pathlib import Path


class ToolMissing(Exception):
    """A program is not installed."""


def find_program(name: str) -> str:
    """Return the path of a program: the one installed with this Python, else the first on the PATH.

    Raises:
        ToolMissing: there is none.
    """
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which(name)
    if not found:
        raise ToolMissing(f"{name} is not installed; `make bench` does that.")
    return found
