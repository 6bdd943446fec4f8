"""Labels have few values, whatever comes, and in however many processes."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.monitoring import locking
from app.monitoring.bounded import OTHER, Bounded
from app.monitoring.folding import folded

ROOT = Path(__file__).parents[3]

SIX_PROCESSES = """
import os, pathlib, sys
from app.monitoring import metrics
from app.monitoring.exposition import exposition
from app.monitoring.gauges import Gauges

for process in range(6):
    if not os.fork():
        for number in range(30):
            for _ in range(2):
                metrics.storage_failed("s3", f"h{process}-{number}.example", "list", 0.1, "storage_unreachable")
        os._exit(0)
    os.wait()
exposition(Gauges((), "1", pathlib.Path("/")))
sys.stdout.buffer.write(exposition(Gauges((), "1", pathlib.Path("/"))))
"""


def test_the_first_values_stay_and_the_rest_are_one():
    bounded = Bounded(2, "of-a-test")

    assert [bounded.of(value) for value in ("a", "b", "c", "a", "d", "")] == ["a", "b", OTHER, "a", OTHER, OTHER]


def test_all_processes_that_count_together_know_the_same_fifty_hosts_and_lose_no_count(tmp_path):
    environ = {"PATH": os.environ["PATH"], "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    told = subprocess.run(
        [sys.executable, "-c", SIX_PROCESSES], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    ).stdout

    failed = {
        sample.labels["host"]: sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "sluice_storage_errors_total"
    }
    assert len(failed) == 51
    assert failed.pop("other") == (6 * 30 - 50) * 2
    assert set(failed.values()) == {2.0}
    assert len([each for each in tmp_path.glob("*.db") if "dead" not in each.name]) <= 2  # of the one that has answered
    assert {each.name for each in tmp_path.glob("*dead*")} == {"counter_dead.db", "histogram_dead.db"}


def test_a_folder_that_is_gone_stops_no_count(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "gone"))
    bounded = Bounded(2, "of-a-test")

    assert [bounded.of(value) for value in ("a", "b", "c", "a")] == ["a", "b", OTHER, "a"]


@pytest.fixture
def stopped(tmp_path, monkeypatch):
    """A folder of counters whose locks another process holds that is stopped."""
    monkeypatch.setattr(locking, "SECONDS", 0.05)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    with (tmp_path / "lock").open("a") as one, (tmp_path / "of-a-test").open("a") as other:
        for file in (one, other):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield tmp_path


def test_a_process_that_is_stopped_with_a_lock_holds_up_no_count(stopped):
    bounded = Bounded(2, "of-a-test")

    assert [bounded.of(value) for value in ("a", "b", "c", "a")] == ["a", "b", OTHER, "a"]
    assert (stopped / "of-a-test").read_text() == ""


def test_nor_does_it_hold_up_who_reads_the_counts(stopped):
    (stopped / "counter_999999999.db").write_bytes(b"")

    with folded(stopped):
        assert (stopped / "counter_999999999.db").exists()  # nobody folds while another may be in the middle of it
