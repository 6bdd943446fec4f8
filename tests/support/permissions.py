"""Makes permission bits bind for a child process of root too."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.programs import Program

ROOT = Path(__file__).resolve().parents[2]
_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_LINUX_CAPABILITY_VERSION_3 = 0x20080522
_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def bound_by_permissions() -> None:
    """Be a ``preexec_fn``: root keeps its files but loses the right to ignore their modes. Nothing for other users."""
    if os.geteuid() == 0 and _libc is not None:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "cannot drop a capability")


def run_bound_flask(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run a command of the product for which permission bits bind, in a process that starts anew."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments], cwd=ROOT, env=environ,
        preexec_fn=bound_by_permissions, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def run_forked_bound_flask(*arguments: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    """The same without imports: `give_up_the_right` in a process that was forked."""
    process = Program("-c", _BOUND_FLASK, *arguments, environ=environ)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


_BOUND_FLASK = """
import runpy, sys
from tests.support.permissions import give_up_the_right
give_up_the_right()
sys.argv = ["flask", "--app", "app", *sys.argv[1:]]
runpy.run_module("flask", run_name="__main__", alter_sys=True)
"""


def give_up_the_right() -> None:
    """Bind this process, which has one thread, by permission bits; nothing for other users than root."""
    if os.geteuid() or _libc is None:
        return
    head = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; of the capabilities from 32 on: the same again
    if _libc.capget(head, sets):
        raise OSError(ctypes.get_errno(), "cannot ask for capabilities")
    for which in range(3):
        sets[which] &= ~(1 << _CAP_DAC_OVERRIDE | 1 << _CAP_DAC_READ_SEARCH)
    if _libc.capset(head, sets):
        raise OSError(ctypes.get_errno(), "cannot drop a capability")
