"""The results as a picture: for each case that moves files, how long every tool takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.cases.repeats import HIDDEN, NOTHING, REPLACED
from bench.cases.transfers import DOWNLOAD, LARGE, SMALL
from bench.report import titles
from bench.results import Results
from bench.sitting import CPU, PEAK, WALL
from bench.summary import Medians, Summary
from bench.tools import SLUICE
from bench.trees import MIB

CASES = (SMALL, NOTHING, LARGE, DOWNLOAD)
COLUMNS = 2
OURS, OTHERS = "#0b7285", "#adb5bd"
SETTINGS: Any = {
    "svg.hashsalt": "sluice",  # the same results give the same file
    "svg.fonttype": "path",  # pages show it without our fonts
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(results: Results, path: Path) -> None:
    """Write an SVG, always the same for the same results; nothing when none of its cases was measured."""
    summary = Summary(results.runs)
    cases = [case for case in CASES if summary.case(case)]
    if not cases:
        return
    lines = -(-len(cases) // COLUMNS)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(10, 2.5 * lines), layout="constrained")
        for place, case in enumerate(cases, start=1):
            axes = figure.add_subplot(lines, min(COLUMNS, len(cases)), place)
            notes = _notes(summary) if case == NOTHING else {}
            _panel(axes, titles(results.scale)[case], summary.case(case), notes)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white")


def _notes(summary: Summary) -> dict[str, str]:
    """Return what to say of the tools that were quick since they do not look: those that missed a change."""
    found = [*summary.case(HIDDEN).items(), *summary.case(REPLACED).items()]
    return {tool: "\n(misses changes)" for tool, medians in found if medians.wrong}


def _panel(axes: Any, title: str, medians: Mapping[str, Medians], notes: Mapping[str, str]) -> None:
    """One case: a bar for each tool, the fastest on top."""
    tools = sorted(medians, key=lambda tool: medians[tool].numbers[WALL], reverse=True)
    seconds = [medians[tool].numbers[WALL] for tool in tools]
    names = [tool + notes.get(tool, "") for tool in tools]
    bars = axes.barh(names, seconds, color=[OURS if tool == SLUICE else OTHERS for tool in tools])
    axes.bar_label(bars, [_label(medians[tool]) for tool in tools], padding=3, fontsize=7.5)
    axes.set_xlim(0, max(seconds) * 1.75)
    axes.set_title(title, loc="left", fontsize=9.5)
    axes.set_xlabel("seconds, less is better", fontsize=7.5)
    axes.tick_params(axis="y", labelsize=8)


def _label(found: Medians) -> str:
    numbers = found.numbers
    return f"{numbers[WALL]:.1f} s · CPU {numbers[CPU]:.1f} s · {numbers[PEAK] / MIB:.0f} MiB"
