"""Processes on one SQLite file: one is stopped in the middle of its jobs, and wakes when others have done them."""

import hashlib
import threading

import pytest

from app.transfer import work
from tests.support.history import complaints
from tests.support.shared_site import shared_site
from tests.support.throttled import CUT
from tests.support.trees import bucket_objects, tree_objects

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FILES = {f"f{number:02}": b"content %d" % number for number in range(12)}
KEPT = {"kept": b"kept"}


def delete_few_at_once():
    """Have deletions of a few objects take several requests, as those of thousands do."""
    work.DELETE_BATCH = 3


@pytest.fixture
def site(tmp_path, rclone):
    hurried = {"HEARTBEAT_SECONDS": 1, "STALE_SECONDS": 3, "TRANSFERS_PER_JOB": 1}
    with shared_site(tmp_path, rclone, **hurried) as made:
        yield made


@pytest.fixture
def bucket(request):
    return "fence-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]


class Held:
    """The first write to one bucket and the first deletion in another, which wait until their connections are cut."""

    def __init__(self, storage, uploading, deleting):
        self._kinds = {uploading: "writes", deleting: "deletes"}
        self.in_hand = {name: threading.Event() for name in self._kinds}
        self._held = []
        self._cut = threading.Event()
        storage.holds, storage.fault = self._holds, self._fault

    def _holds(self, exchange):
        kind = self._kinds.get(exchange.bucket)
        if kind is None or self._cut.is_set() or not getattr(exchange, kind):
            return False
        if exchange not in self._held:
            self._held.append(exchange)
        self.in_hand[exchange.bucket].set()
        return True

    def _fault(self, exchange):
        return CUT if exchange in self._held else None

    def wait(self):
        assert all(event.wait(60) for event in self.in_hand.values())

    def cut(self):
        """So whoever asked finds out, once he goes on, that he must ask again."""
        self._cut.set()


@pytest.mark.fault(2, 7, "I1", "I4")
def test_a_process_that_was_stopped_and_taken_over_begins_no_operation_when_it_wakes(site, bucket):
    uploading, deleting, last = bucket, f"{bucket}-d", f"{bucket}-e"
    site.tree("up", FILES)
    site.tree("down", FILES | KEPT)
    first = site.runner(delete_few_at_once)
    site.ended(site.sync("down", deleting))
    site.tree("down", {}, gone=tuple(FILES))
    site.storage.clients = lambda: [first.pid]
    held = Held(site.storage, uploading, deleting)
    jobs = [site.sync("up", uploading), site.sync("down", deleting)]
    held.wait()

    first.suspend()
    held.cut()
    second = site.runner()
    assert [site.ended(job).state for job in jobs] == ["succeeded"] * 2
    # What it would delete is back, and what it would upload is gone, by jobs of the same targets.
    site.tree("down", FILES)
    site.tree("up", KEPT, gone=tuple(FILES))
    assert [site.ended(site.sync(*pair)).state for pair in (("up", uploading), ("down", deleting))] == ["succeeded"] * 2
    assert second.leave() == 0
    asked_before = len(site.storage.exchanges)
    first.resume()

    assert site.ended(site.sync("up", last)).state == "succeeded"  # so it lives, and has looked at what is its own
    assert first.leave() == 0
    asked = site.storage.exchanges[asked_before:]
    assert [one for one in asked if one.bucket != last and (one.writes or one.deletes)] == []
    assert any(one.bucket == last and one.process == first.pid for one in asked)
    for folder, name in (("up", uploading), ("down", deleting)):
        assert bucket_objects(site.storage.behind, name) == tree_objects(site.uploads / folder)
    assert complaints(site.history()) == []
