"""One sitting: what is measured at which size, in which order, and the record of each run."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Usage
from bench.tools import RCLONE_BY_CHECKSUM, RCLONE_BY_SIZE, Tool, Work
from bench.trees import MIB, Manifest, differing, manifest


class WrongResult(Exception):
    """A tool ended well and left something else than it was to make."""


@dataclass(frozen=True)
class Scale:
    """How much is moved; the defaults are those of the published results."""

    small_files: int = 10_000
    small_bytes: int = 4096
    large_files: int = 2
    large_bytes: int = 1024 * MIB
    many_files: int = 100_000
    many_bytes: int = 1024
    changed_files: int = 1000
    resumed_bytes: int = 1024 * MIB
    planned_entries: int = 1_000_000
    idle_polls: int = 200


QUICK = Scale(
    small_files=200,
    large_bytes=24 * MIB,
    many_files=400,
    changed_files=4,
    resumed_bytes=192 * MIB,
    planned_entries=20_000,
    idle_polls=10,
)
"""Enough to see that everything works; its times say nothing."""


REMOVED_AT_ONCE = 1024 * MIB
"""Bytes; what holds less is left where it is until the end."""

WALL, CPU, PEAK, SERVER_CPU = "wall_s", "cpu_s", "peak_bytes", "server_cpu_s"


@dataclass(frozen=True)
class Run:
    """What one tool did once.

    Attributes:
        case, tool, round: which run it is.
        wrong: how many files differ from what was to be made, after comparing all bytes.
        numbers: what was measured, by name: those above, or what is asked in this case alone.
    """

    case: str
    tool: str
    round: int
    wrong: int
    numbers: dict[str, float]


@dataclass(frozen=True)
class Tree:
    """A folder and all that is in it."""

    root: Path
    manifest: Manifest

    @classmethod
    def read(cls, root: Path) -> "Tree":
        """Return the tree as it stands now."""
        return cls(root, manifest(root))


@dataclass(frozen=True)
class Sitting:
    """What all cases of one sitting share.

    Attributes:
        cases: the names of those that are wanted.
        scratch: an existing folder for all that is written.
    """

    scale: Scale
    rounds: int
    tools: Sequence[Tool]
    cases: frozenset[str]
    scratch: Path

    def turns(self, tools: Sequence[Tool]) -> Iterator[tuple[int, Tool]]:
        """Yield each round with each tool, every round starting with the next tool: what comes first pays for more."""
        for number in range(self.rounds):
            for tool in self.in_order(tools, number):
                yield number, tool

    def in_order(self, tools: Sequence[Tool], number: int) -> Sequence[Tool]:
        """Return the tools in the order of round ``number``."""
        first = number % len(tools) if tools else 0
        return [*tools[first:], *tools[:first]]

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give an empty folder, with a folder ``state`` in it; it is removed afterwards if it holds much.

        Small ones stay until the scratch folder goes. For minutes after thousands of files were removed, ext4 looks
        longer for each new file's inode (measured: 10,000 uploads then cost the server 9 s instead of 3 s), so
        that each tool would pay for the one before it.
        """
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        (folder / "state").mkdir()
        try:
            yield folder
        finally:
            if sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > REMOVED_AT_ONCE:
                shutil.rmtree(folder)


def without_twins(tools: Sequence[Tool]) -> list[Tool]:
    """Return the tools but for rclone's other ways to compare: with nothing to compare they are all the same."""
    return [tool for tool in tools if tool.name not in (RCLONE_BY_SIZE, RCLONE_BY_CHECKSUM)]


def measured_upload(case: str, number: int, tool: Tool, work: Work, tree: Tree) -> Run:
    """Have a tool make the bucket equal to the tree, and compare all bytes on the server's disk."""
    os.sync()  # what earlier runs wrote must not be paid for by this one
    before = work.server.cpu()
    usage = tool.upload(work)
    server_cpu = work.server.cpu() - before
    return record(case, number, tool, usage, server_cpu, len(differing(tree.manifest, work.server.stored())))


def record(case: str, number: int, tool: Tool, usage: Usage, server_cpu: float, wrong: int) -> Run:
    """Return the record of a measured run."""
    numbers = {WALL: usage.wall, CPU: usage.cpu, PEAK: usage.peak, SERVER_CPU: server_cpu}
    return Run(case, tool.name, number, wrong, numbers)


def must_be_right(run: Run) -> Run:
    """Return a run of which nothing but the right result counts.

    Raises:
        WrongResult: it is another one.
    """
    if run.wrong:
        raise WrongResult(f"{run.tool} left {run.wrong} files different in {run.case!r}.")
    return run
