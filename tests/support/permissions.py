"""Makes permission bits bind for a child process of root too."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def bound_by_permissions() -> None:
    """Be a ``preexec_fn``: root keeps its files but loses the right to ignore their modes. Nothing for other users."""
    if os.geteuid() == 0 and _libc is not None:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "cannot drop a capability")


def run_bound_flask(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command of the product for which permission bits bind; only a program that starts anew loses a right."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT, env=environ,
        preexec_fn=bound_by_permissions, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
