"""kill -9 just before and just after each thing that a job changes: the process that comes next goes on from there."""

import hashlib
import os
import signal
from functools import partial

import pytest

from app.jobs.queue import JobQueue
from app.transfer import work
from app.transfer.operations import Operations
from tests.support.history import complaints
from tests.support.jobs import eventually
from tests.support.shared_site import shared_site
from tests.support.trees import bucket_objects, tree_objects

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.fault(1),
    pytest.mark.fault("I3", "I4", "I5", "I7"),
]

FILES = {f"f{number}": b"content %d" % number for number in range(6)}

_SECOND = {"delete"}
"""Of these the second call is meant: something was done already."""


def die_at(moment, owner, name):
    """Have this process kill itself ``before`` or ``after`` the method has done something."""
    method, calls = getattr(owner, name), []

    def edge(self, *arguments):
        calls.append(arguments)
        is_meant = len(calls) == (2 if name in _SECOND else 1)
        if is_meant and moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(self, *arguments)
        if name == "claim" and result is None:
            calls.clear()  # it found nothing to do
        elif is_meant:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, edge)
    work.DELETE_BATCH = 2


UPLOADING = [
    (JobQueue, "claim"),
    (Operations, "create"),
    (Operations, "upload"),
    (JobQueue, "save"),
    (JobQueue, "finish"),
]
DELETING = [(Operations, "delete"), (Operations, "drop")]
UNCOUNTED = {("before", "claim"), ("after", "finish")}
"""The edges at which no job runs: who dies there has crashed with none."""


@pytest.fixture
def site(tmp_path, rclone):
    with shared_site(tmp_path, rclone, STALE_SECONDS=60, TRANSFERS_PER_JOB=1) as made:
        yield made


@pytest.fixture
def bucket(request):
    return "edge-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]


def killed_in_a_row(site, moment, among):
    """Let one process after another begin what there is to do, each of which dies at the next edge."""
    for owner, name in among:
        # A job that is quicker than a second is saved only with its end.
        site.storage.holds = (lambda exchange: exchange.method == "GET") if name == "save" else (lambda _: False)
        child = site.runner(partial(die_at, moment, owner, name))
        eventually(lambda each=child: each.is_dead)
    site.storage.holds = lambda _: False


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_job_whose_process_dies_at_each_edge_ends_as_if_none_had(site, bucket, moment):
    site.tree("it", FILES)
    first = site.sync("it", bucket)
    killed_in_a_row(site, moment, UPLOADING)
    living = site.runner()
    assert site.ended(first).state == "succeeded"
    assert bucket_objects(site.storage.behind, bucket) == FILES
    assert living.leave() == 0

    site.tree("it", {}, gone=tuple(FILES))
    second = site.sync("it", bucket)
    killed_in_a_row(site, moment, DELETING)
    site.runner()
    assert site.ended(second).state == "succeeded"
    assert bucket_objects(site.storage.behind, bucket) is None
    assert tree_objects(site.uploads) == {}

    assert complaints(site.history()) == []
    crashes = [count for (count,) in site.rows("SELECT crashes FROM jobs ORDER BY number")]
    assert crashes == [sum((moment, name) not in UNCOUNTED for _, name in among) for among in (UPLOADING, DELETING)]
