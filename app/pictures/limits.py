"""What an image may take, and how a program of this package has the system end it where that is too little for it."""

from contextlib import suppress

SECONDS = 6
"""What looking into one image may take in all."""

ANSWER_MAX = 4096
"""Bytes that are said of one image. The most that `app.pictures.facts` has to say is some 2,700."""


def limit_this_process(memory: int, cpu_seconds: int) -> None:
    """Limit this process for good. It can write no file from then on.

    Args:
        memory: bytes of address space; more is refused by the system. macOS knows no such limit.
        cpu_seconds: of all its threads; then the system ends it.
    """
    import resource  # noqa: PLC0415  # Windows has none, and may import this package

    limits = {"RLIMIT_AS": memory, "RLIMIT_CPU": cpu_seconds, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, limit in limits.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(getattr(resource, name), (limit, limit))
