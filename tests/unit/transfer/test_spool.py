"""Steps put aside come back as they went in."""

import subprocess
import sys

import pytest

from app.storages.base import Entry
from app.transfer.spool import MEMORY_BYTES, Spool
from app.transfer.steps import Compare, Delete, Upload

STEPS = [
    Upload(Entry("a\n\u2028\u201b\U0001f600", 5, 1.25), "new", blocked=True),
    Compare(Entry("b", 1, 2.0), Entry("b", 1, 3.0, "etag")),
    Delete(Entry("c", 0, 0.0, None), blocking=True),
]


def test_steps_come_out_in_the_order_and_form_in_which_they_went_in(tmp_path):
    with Spool(tmp_path) as spool:
        for step in STEPS:
            spool.put(step)

        assert list(spool) == STEPS
        assert spool.pop() is None


def test_putting_and_taking_can_alternate(tmp_path):
    with Spool(tmp_path) as spool:
        seen = []
        for number in range(1000):
            spool.put(Delete(Entry(f"k{number}", 0, 0.0)))
            if number % 3 == 0:
                seen.append(spool.pop())
        seen += list(spool)

        assert [step.entry.key for step in seen] == [f"k{number}" for number in range(1000)]
        assert len(spool) == 0


def test_many_steps_go_to_a_file_that_vanishes(tmp_path):
    with Spool(tmp_path) as spool:
        for number in range(MEMORY_BYTES // 1000):
            spool.put(Delete(Entry("k" * 1000 + str(number), 0, 0.0)))
        spool.put(Delete(Entry("last", 0, 0.0)))

        assert [step.entry.key for step in spool][-1] == "last"
    assert list(tmp_path.iterdir()) == []


FILLING = """
import pathlib, resource, signal, sys
from app.errors import ScratchUnusable
from app.storages.base import Entry
from app.transfer.steps import Delete
from app.transfer.spool import Spool

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5 << 20, 5 << 20))
with Spool(pathlib.Path(sys.argv[1])) as spool:
    try:
        for number in range(100_000):
            spool.put(Delete(Entry("k" * 1000, 0, 0.0)))
    except ScratchUnusable as error:
        print(error)
"""


@pytest.mark.fault(6)
def test_a_disk_that_takes_no_more_stops_the_job_with_a_sentence(tmp_path):
    # In a process of its own, whose files may not grow over 5 MiB: the kernel refuses as it does on a full disk.
    run = subprocess.run(
        [sys.executable, "-c", FILLING, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )

    assert "DATA_DIR" in run.stdout, run.stderr
    assert run.stderr == ""
