"""More workers do more at once: against a slow storage a job's operations in hand grow with its workers."""

from collections import Counter

import pytest

from tests.support.cluster import running_cluster
from tests.support.history import complaints
from tests.support.throttled import most_at_once

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

THREADS = 2
BATCH = 4
EACH = 40
"""Files for each worker process."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, postgres, rclone):
    folder = tmp_path_factory.mktemp("cluster")
    limits = {"TRANSFERS_PER_JOB": THREADS, "BATCH_FILES": BATCH, "STALE_SECONDS": 15}
    with running_cluster(folder, postgres, rclone, workers=0, **limits) as cluster:
        yield cluster


@pytest.mark.parametrize("processes", [1, 3])
def test_as_many_operations_run_at_once_as_all_workers_have_hands(cluster, bucket, processes):
    cluster.replace_workers({"WORKER_PROCESSES": processes})
    cluster.tree(bucket, {f"f{number:04}": b"content %d" % number for number in range(EACH * processes)})
    cluster.note_who_writes()
    cluster.storage.latency = 0.6  # much more than a file costs of the CPU
    assert cluster.ended(cluster.sync(bucket, bucket), seconds=180) == ["succeeded"]

    written = cluster.written(bucket)
    # Whose a connection is that was made while a process was very busy cannot always be told.
    shares = Counter(one.process for one in written if one.process is not None)
    assert complaints(cluster.history()) == []
    # The planner helps beside what its process does.
    assert THREADS * processes <= most_at_once(written) <= THREADS * (processes + 1)
    assert len(shares) == processes
    assert min(shares.values()) >= BATCH  # nobody stands idle while others work
