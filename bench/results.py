"""The raw results as JSON and back. They tell nothing of the machine but its kind."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from bench.sitting import Run, Scale, Sitting
from bench.tools import Rclone, Tool


@dataclass(frozen=True)
class Results:
    """What was measured, and on what.

    Attributes:
        machine: what tells its kind: processors, kernel, Python, the S3 server.
        tools: by name: version, and what was run.
        taken: by case: the day, and how many processes wanted to run when its sitting began, apart from the benchmark.
        runs: each run of each case.
    """

    machine: dict[str, Any]
    tools: dict[str, dict[str, str]]
    scale: Scale
    taken: dict[str, dict[str, Any]]
    runs: Sequence[Run]

    @classmethod
    def begun(cls, sitting: Sitting) -> Self:
        """Return results without runs."""
        return cls(_machine(), {tool.name: _told(tool) for tool in sitting.tools}, sitting.scale, {}, [])

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        found = json.loads(path.read_text())
        runs = [Run(**run) for run in found["runs"]]
        return cls(found["machine"], found["tools"], Scale(**found["scale"]), found["taken"], runs)

    def save(self, path: Path) -> None:
        """Write them."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    def with_runs(self, runs: Iterable[Run], taken: dict[str, Any]) -> "Results":
        """Return these results with those of the runs' cases in the place of what was known of these cases."""
        runs = list(runs)
        cases = {run.case for run in runs}
        kept = [run for run in self.runs if run.case not in cases]
        times = self.taken | dict.fromkeys(cases, taken)
        return Results(self.machine, self.tools, self.scale, times, [*kept, *runs])

    def beside(self, earlier: "Results") -> "Results":
        """Return these results with the runs of earlier ones.

        Raises:
            ValueError: those were taken at another scale or on another kind of machine.
        """
        if (self.scale, self.machine) != (earlier.scale, earlier.machine):
            raise ValueError("Earlier results of another scale, machine or server cannot be kept beside new ones.")
        return Results(self.machine, earlier.tools | self.tools, self.scale, earlier.taken, earlier.runs)


def circumstances() -> dict[str, Any]:
    """Return the day, and how busy the machine is."""
    return {"made": datetime.now(UTC).date().isoformat(), "load": round(os.getloadavg()[0], 2)}


def _machine() -> dict[str, Any]:
    return {
        "processors": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "server": f"{Rclone().version()}: serve s3, storing to disk",
    }


def _told(tool: Tool) -> dict[str, str]:
    return {"version": tool.version(), "how": tool.how}
