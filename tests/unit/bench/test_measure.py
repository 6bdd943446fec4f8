"""What a tool used is measured as it is, and the tools take turns."""

import os
import sys

import pytest

from bench.measure import CommandFailed, run_measured
from bench.sitting import Scale, Sitting
from bench.tools import TOOLS
from bench.trees import MIB


def python(*words):
    return [sys.executable, "-c", *words]


def test_processor_time_and_memory_of_a_command_are_its_own(tmp_path):
    ballast = b"x" * 300 * MIB  # this process is larger than what it measures
    idle = run_measured(python("pass"), os.environ, tmp_path)
    busy = run_measured(python(f"x = b'x' * {100 * MIB}; sum(range(10**7))"), os.environ, tmp_path)

    assert len(ballast) > 2 * idle.peak
    assert busy.peak > idle.peak + 90 * MIB
    assert busy.cpu > idle.cpu


def test_what_a_child_of_the_command_uses_counts_too(tmp_path):
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytes(1) * {100 * MIB}'])"
    usage = run_measured(python(child), os.environ, tmp_path)

    assert usage.peak > 100 * MIB


def test_a_command_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(CommandFailed, match="no such bucket"):
        run_measured(python("raise SystemExit('no such bucket')"), os.environ, tmp_path)


def test_each_round_begins_with_the_next_tool(tmp_path):
    sitting = Sitting(Scale(), 3, TOOLS[:3], frozenset(), tmp_path)

    turns = [(number, tool.name) for number, tool in sitting.turns(TOOLS[:3])]
    a, b, c = (tool.name for tool in TOOLS[:3])
    assert turns == [(0, a), (0, b), (0, c), (1, b), (1, c), (1, a), (2, c), (2, a), (2, b)]
