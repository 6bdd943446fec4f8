"""What a run reads and sends when the index knows what was equal before."""

import os
from collections import Counter

import pytest

from app.cancellation import CancelToken
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.compare import Check
from app.transfer.events import Finished, Unchanged
from app.transfer.filters import Filters, Rule
from app.transfer.index import Index
from app.transfer.run import MirrorOptions, MirrorRun
from tests.support.storages import ReadingStorage

KEYS = ["a", "d/b", "d/c"]


class Mirror:
    """Runs from one folder to one storage in memory, with one index."""

    def __init__(self, folder):
        self.folder, self.state = folder / "source", folder
        (self.folder / "d").mkdir(parents=True)
        for key in KEYS:
            (self.folder / key).write_bytes(f"data {key}".encode())
        self.target = MemoryStorage(exists=True)

    def run(self, **options):
        """Run once; return which keys were read, how many were unchanged and why, and why keys were sent."""
        events, source = [], ReadingStorage(LocalStorage(self.folder))
        chosen = MirrorOptions(name="bucket", spool_dir=self.state, threads=4, **options)
        with Index.open(self.state / "index", "source", "target", read_only=chosen.dry_run) as index:
            MirrorRun(source, self.target, chosen, events.append, CancelToken(), index).run()
        unchanged = Counter()
        for event in events:
            if isinstance(event, Unchanged):
                unchanged[event.why] += event.keys
        sent = {event.key: event.reason for event in events if isinstance(event, Finished) and event.action == "upload"}
        return sorted(source.reads), dict(unchanged), sent

    def edit(self, key="a"):
        """Change a file and nothing that a listing shows of it."""
        before = (self.folder / key).stat()
        (self.folder / key).write_bytes(b"DATA " + key.encode())
        os.utime(self.folder / key, ns=(before.st_atime_ns, before.st_mtime_ns))

    def replace(self, key="a"):
        """Have someone else store another object of the same size."""
        self.target.write(key, MemoryContent(b"THEM " + key.encode(), 0))


@pytest.fixture
def mirror(tmp_path):
    made = Mirror(tmp_path)
    made.run()
    return made


def test_a_second_run_reads_nothing(mirror):
    assert mirror.run() == ([], {"index": 3}, {})


def lose_the_index(mirror):
    for path in (mirror.state / "index").iterdir():
        path.unlink()


def damage_the_index(mirror):
    for path in (mirror.state / "index").glob("*.db"):
        path.write_bytes(os.urandom(path.stat().st_size))


def edit_and_replace(mirror):
    mirror.edit()
    mirror.replace()


@pytest.mark.parametrize(
    ("happens", "reads", "unchanged", "sent"),
    [
        pytest.param(
            lambda mirror: os.utime(mirror.folder / "a"),
            ["a"],
            {"index": 2, "content": 1},
            {},
            id="touched, not changed",
        ),
        pytest.param(Mirror.edit, ["a", "a"], {"index": 2}, {"a": "edited"}, id="edited, size and time kept"),
        pytest.param(Mirror.replace, ["a", "a"], {"index": 2}, {"a": "replaced"}, id="object replaced by someone else"),
        pytest.param(edit_and_replace, ["a", "a"], {"index": 2}, {"a": "content"}, id="changed on both sides"),
        pytest.param(
            lambda mirror: mirror.target.delete(["a"]), ["a"], {"index": 2}, {"a": "new"}, id="object deleted"
        ),
        pytest.param(
            lambda mirror: (mirror.folder / "a").write_bytes(b"longer than before"),
            ["a"],
            {"index": 2},
            {"a": "size"},
            id="another size",
        ),
        pytest.param(lose_the_index, KEYS, {"content": 3}, {}, id="the index is lost"),
        pytest.param(damage_the_index, KEYS, {"content": 3}, {}, id="the index is damaged"),
    ],
)
def test_a_file_is_read_and_sent_only_for_a_reason(mirror, happens, reads, unchanged, sent):
    happens(mirror)
    assert mirror.run() == (reads, unchanged, sent)
    assert {entry.key: mirror.target.read(entry.key).read() for entry in mirror.target.list()} == {
        key: (mirror.folder / key).read_bytes() for key in KEYS
    }
    assert mirror.run() == ([], {"index": 3}, {}), "the third run knows it all again"


def test_a_dry_run_learns_nothing(mirror):
    os.utime(mirror.folder / "a")
    for _ in range(2):
        assert mirror.run(dry_run=True) == (["a"], {"index": 2, "content": 1}, {})


def test_what_was_compared_by_size_alone_is_not_taken_for_equal_later(mirror):
    lose_the_index(mirror)
    mirror.edit()
    assert mirror.run(check=Check.SIZE) == ([], {"size": 3}, {})
    assert mirror.run() == (["a", *KEYS], {"content": 2}, {"a": "content"})


def test_what_filters_leave_out_is_remembered(mirror):
    assert mirror.run(filters=Filters([Rule("exclude", "d/")])) == ([], {"index": 1}, {})
    assert mirror.run() == ([], {"index": 3}, {})


def test_a_key_that_went_away_is_forgotten(mirror):
    (mirror.folder / "a").unlink()
    mirror.run()
    mirror.run()
    with Index.open(mirror.state / "index", "source", "target") as index:
        assert [seen.key for seen in index.seen()] == ["d/b", "d/c"]
