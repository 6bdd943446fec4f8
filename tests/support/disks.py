"""Small disks, real ones, and what stands for a disk or a process that takes no more."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, options: str = "", kind: str = "tmpfs") -> Iterator[Path]:
    """Mount an empty disk in memory there; the test is skipped for who may not, but in CI."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", kind, *(["-o", options] if options else []), kind, str(folder)]
    if subprocess.run(command, capture_output=True, check=False, timeout=30).returncode:
        assert not os.environ.get("CI"), "no disk can be mounted here"
        pytest.skip("this user may not mount anything")
    try:
        yield folder
    finally:
        unmount(folder)


def unmount(folder: Path) -> None:
    """Take a disk away at once, also from who has files of it open; nothing where there is none."""
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


@contextmanager
def full_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of that size there."""
    with mounted(folder, f"size={megabytes}m"):
        yield folder


def fill(folder: Path) -> Path:
    """Write a file that takes all there is left on the disk of a folder; return it."""
    file = folder / "filling"
    with file.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while out.write(bytes(size)) == size:
                    pass
    return file
