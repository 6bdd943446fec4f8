"""The metrics of a worker: its parent answers for itself and for the children that it forks, as a real process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.support.servers import free_port

ROOT = Path(__file__).parents[3]

WORKER = """
import os, sys
from app.bootstrap import build_services  # as the worker's module does, before anything is known of the settings
from app.monitoring.metrics import job_rescued, steps_written
from app.monitoring.server import watch_worker
from app.jobs.contract import StepRecord, StepStatus
from app.settings import Settings

stop = watch_worker(Settings.load(), "1.2.3")
steps = [StepRecord("upload", "a/b", StepStatus.DONE, 10, "new", "", 0.0)] * 3
for _ in range(3):
    if os.fork() == 0:
        job_rescued()
        steps_written("mirror", steps)
        os._exit(0)
    os.wait()
print("counted", flush=True)
sys.stdin.read()
stop()
"""


@pytest.fixture
def worker(tmp_path):
    """Starts a worker's parent with three children that have counted and died; returns the address of its metrics."""
    started = []

    def start(**settings):
        port = free_port()
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "METRICS_PORT": str(port), **settings}
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == "counted\n"
        host = settings.get("METRICS_HOST", "127.0.0.1")
        return f"http://[{host}]:{port}/metrics" if ":" in host else f"http://{host}:{port}/metrics"

    yield start
    for process in started:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def test_what_children_counted_is_told_by_their_parent_and_begins_anew_with_it(worker, tmp_path):
    old = tmp_path / "metrics" / "a-container-that-is-gone"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))

    for _ in range(2):
        told = requests.get(worker(), timeout=30).text
        assert "sluice_jobs_rescued_total 3.0" in told
        assert 'sluice_files_total{action="upload",kind="mirror",status="done"} 9.0' in told
        assert 'sluice_bytes_total{action="upload",kind="mirror"} 90.0' in told
        assert 'sluice_build_info{version="1.2.3"} 1.0' in told
        assert "sluice_database_up" not in told

    assert not old.exists()


def test_only_who_has_the_token_is_answered_and_nothing_else_is_there(worker):
    url = worker(METRICS_TOKEN="right")

    answers = [
        requests.get(url, timeout=30).status_code,
        requests.get(url, headers={"Authorization": "Bearer wrong"}, timeout=30).status_code,
        requests.get(url, headers={"Authorization": "bearer right", "Via": "1.1 x"}, timeout=30).status_code,
        requests.get(url + "/more", headers={"Authorization": "Bearer right"}, timeout=30).status_code,
        requests.post(url, headers={"Authorization": "Bearer right"}, timeout=30).status_code,
    ]

    assert answers == [403, 403, 200, 404, 404]


def test_port_0_is_no_server(worker, tmp_path):
    url = worker(METRICS_PORT="0")

    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    assert not (tmp_path / "metrics").exists()


def test_without_a_token_neither_a_proxy_nor_a_page_of_the_web_is_answered_by_ipv6_either(worker):
    url = worker(METRICS_HOST="::1")
    foreign = [{"Via": "1.1 x"}, {"X-Real-IP": "192.0.2.1"}, {"Host": "rebound.example"}]

    assert requests.get(url, timeout=30).status_code == 200
    assert [requests.get(url, headers=each, timeout=30).status_code for each in foreign] == [403] * 3
