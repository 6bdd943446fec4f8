"""The benchmark runs: each case, each tool."""

import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.cases import CASES
from bench.cases.repeats import FIRST
from bench.programs import ToolMissing
from bench.report import titles
from bench.results import Results
from bench.tools import S5CMD, SLUICE, TOOLS
from tests.support.servers import missing

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_quick_benchmark_measures_every_case(tmp_path):
    tools = [tool for tool in TOOLS if tool.name in (SLUICE, S5CMD)]  # all of them take minutes
    for tool in tools:
        try:
            tool.version()
        except ToolMissing as error:
            missing(str(error))
    if importlib.util.find_spec("matplotlib") is None:
        missing("matplotlib is not installed; `make bench` does that.")
    (tmp_path / "scratch").mkdir()
    command = [
        sys.executable,
        "-m",
        "bench",
        "--quick",
        "--tools",
        *[tool.name for tool in tools],
        "--output",
        str(tmp_path),
        "--scratch",
        str(tmp_path / "scratch"),
    ]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    found = Results.load(tmp_path / "results.json")
    ran = {(each.case, each.tool): each for each in found.runs}
    assert {case for case, _ in ran} == {*CASES, FIRST}
    assert [each for each in found.runs if each.tool == SLUICE and each.wrong] == []
    assert {tool for case, tool in ran if case == "hidden"} == {tool.name for tool in tools if tool.syncs}
    assert ran["hidden", S5CMD].wrong == 1  # or the edit was not hidden
    assert list((tmp_path / "scratch").iterdir()) == []

    written = [(tmp_path / name).read_text() for name in ("results.json", "results.md", "results.svg")]
    assert all(heading in written[1] for heading in titles(found.scale).values())
    assert not [text for text in written if str(tmp_path) in text or str(Path.home()) + "/" in text]
    assert json.loads(written[0])["tools"].keys() == {tool.name for tool in tools}
