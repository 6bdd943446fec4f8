"""Planning alone: a million keys on both sides and in the index, nothing to do."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Usage, run_measured
from bench.service import ROOT
from bench.sitting import PEAK, WALL, Run, Sitting, WrongResult
from bench.tools import SLUICE

PLAN = "plan"
SPEED = "entries_per_second"


def plans(sitting: Sitting) -> Iterator[Run]:
    """Plan once per round; a round that does not find all keys equal raises `WrongResult`."""
    if SLUICE not in [tool.name for tool in sitting.tools]:
        return
    with sitting.folder() as folder:
        _process("fill", sitting, folder)
        for number in range(sitting.rounds):
            yield _plan(number, sitting, folder)


def _plan(number: int, sitting: Sitting, folder: Path) -> Run:
    usage = _process("plan", sitting, folder)
    told = json.loads((folder / "output.log").read_text())
    entries = sitting.scale.planned_entries
    if told["equal"] != entries:
        raise WrongResult(f"The plan finds {told['equal']} of {entries} keys equal.")
    return Run(PLAN, SLUICE, number, 0, {WALL: told["wall"], PEAK: usage.peak, SPEED: entries / told["wall"]})


def _process(what: str, sitting: Sitting, folder: Path) -> Usage:
    command = [sys.executable, "-m", "bench.plan_process", what, str(sitting.scale.planned_entries), str(folder)]
    return run_measured(command, os.environ | {"PYTHONPATH": str(ROOT)}, folder)
