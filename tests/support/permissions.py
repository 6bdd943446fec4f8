"""Makes permission bits bind for a child process of root too."""

import ctypes
import os

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2
_libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def bound_by_permissions() -> None:
    """Be a ``preexec_fn``: root keeps its files but loses the right to ignore their modes. Nothing for other users."""
    if os.geteuid() == 0 and _libc is not None:
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
                raise OSError(ctypes.get_errno(), "cannot drop a capability")
