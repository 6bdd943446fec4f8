"""A mirror run between two storages in memory: order, guards, failures, cancelling. Local, and spread over batches."""

import threading
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import (
    AccessDenied,
    FileChanged,
    FileMissing,
    FileUnreadable,
    ListingBroken,
    SluiceError,
    SourceEmpty,
    SourceUnreadable,
    StorageFull,
    StorageUnreachable,
    TooManyDeletions,
)
from app.storages.base import Entry, Omission
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.batching import Limits
from app.transfer.compare import Check
from app.transfer.events import Finished
from app.transfer.filters import Filters, Rule
from app.transfer.guards import DeletionLimit
from app.transfer.run import MirrorOptions, MirrorRun
from app.transfer.spreading import Spread
from app.transfer.tally import Tally
from tests.support.faulty_storage import FaultyStorage
from tests.support.ledger import MemoryLedger, Rows
from tests.support.spread_runs import doer
from tests.support.storages import (
    FileLikeStorage,
    GatedStorage,
    ListedStorage,
    RecordingStorage,
    WrappedStorage,
)


def storage_of(objects, exists=True):
    storage = MemoryStorage(exists=exists)
    for key, data in objects.items():
        storage.write(key, MemoryContent(data, 0))
    return storage


def objects_of(storage):
    return {entry.key: storage.read(entry.key).read() for entry in storage.list()}


class Mirror:
    """One run with everything that it told."""

    def __init__(self, source, target, tmp_path, way, **options):
        self.way = way
        self.tally, self.finished, self.token = Tally(), [], CancelToken()
        self.source, self.target = source, target
        self.options = replace(MirrorOptions(name="bucket", spool_dir=tmp_path, threads=4), **options)

    def listen(self, event):
        self.tally(event)
        if isinstance(event, Finished):
            self.finished.append(event)

    def run(self):
        spread = None
        if self.way != "local" and not self.options.dry_run and not self.options.wait:
            ledger = MemoryLedger(Rows(), doer(self.source, self.target, self.token))
            limits = Limits(7, 1000) if self.way == "spread" else Limits(10_000, 2**40)
            spread = Spread(ledger, limits, always=self.way == "spread")
        return MirrorRun(self.source, self.target, self.options, self.listen, self.token, spread=spread).run()

    @property
    def counted(self):
        progress = self.tally.progress()
        return (
            progress["done"]["uploads"],
            progress["done"]["deletes"],
            progress["unchanged"],
            progress["skipped"],
            progress["failed"],
        )

    def steps(self, status):
        return sorted(f"{step.action} {step.key} {step.reason}" for step in self.finished if step.status == status)


@pytest.fixture(params=["local", "spread", "too small to be spread"])
def mirror(tmp_path, request):
    def make(source, target, **options):
        return Mirror(source, target, tmp_path, request.param, **options)

    return make


def test_the_target_becomes_equal_to_the_source(mirror):
    source = storage_of({"new": b"1", "same": b"2", "grown": b"333", "edited": b"new"})
    target = storage_of({"same": b"2", "grown": b"3", "edited": b"old", "gone": b"4"})
    run = mirror(source, target)

    report = run.run()

    assert objects_of(target) == objects_of(source)
    assert run.counted == (3, 1, 1, 0, 0)
    assert run.steps("done") == ["delete gone extra", "upload edited content", "upload grown size", "upload new new"]
    assert report.withheld == 0
    assert run.tally.progress()["planned"] == {"uploads": 3, "deletes": 1, "bytes": 7, "complete": True}
    assert run.tally.progress()["done"]["bytes"] == 7


def test_a_second_run_has_nothing_to_do(mirror):
    source = storage_of({f"f{i:03}": b"x" * i for i in range(300)})
    target = storage_of({}, exists=False)
    mirror(source, target).run()
    recording = RecordingStorage(target)

    again = mirror(source, recording)
    again.run()

    assert recording.changes == []
    assert again.counted == (0, 0, 300, 0, 0)


def test_the_target_is_created_when_it_is_missing(mirror):
    target = RecordingStorage(MemoryStorage())
    mirror(storage_of({"a": b"1"}), target).run()

    assert target.changes == ["create", "write a"]


def test_deletions_come_after_every_upload(mirror):
    source = storage_of({f"new{i}": b"x" for i in range(50)})
    target = RecordingStorage(storage_of({f"a{i}": b"x" for i in range(50)}))
    mirror(source, target).run()

    kinds = [change.split()[0] for change in target.changes]
    assert kinds == ["write"] * 50 + ["delete"] * 50


def test_a_dry_run_changes_nothing_and_lists_its_steps(mirror):
    target = RecordingStorage(storage_of({"gone": b"4", "edited": b"old"}))
    run = mirror(storage_of({"new": b"1", "edited": b"new"}), target, dry_run=True)

    run.run()

    assert target.changes == []
    assert run.steps("planned") == ["delete gone extra", "upload edited content", "upload new new"]
    assert run.counted == (0, 0, 0, 0, 0)
    assert run.tally.progress()["planned"] == {"uploads": 2, "deletes": 1, "bytes": 4, "complete": True}


def test_a_dry_run_does_not_create_or_drop_the_target(mirror):
    missing, full = RecordingStorage(MemoryStorage()), RecordingStorage(storage_of({"a": b""}))
    creating, dropping = (
        mirror(storage_of({"a": b"1"}), missing, dry_run=True),
        mirror(MemoryStorage(), full, dry_run=True),
    )
    creating.run()
    dropping.run()

    assert missing.changes == full.changes == []
    assert creating.steps("planned") == ["create bucket missing", "upload a new"]
    assert dropping.steps("planned") == ["delete a extra", "drop bucket source_empty"]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(FileUnreadable("no"), id="file unreadable"),
        pytest.param(FileMissing("gone"), id="file vanished"),
    ],
)
def test_no_deletion_runs_after_a_failed_file(mirror, error):
    source = FaultyStorage(storage_of({"a": b"1", "b": b"2"}))
    source.faults["read a"].append(error)
    target = storage_of({"gone": b"4"})
    run = mirror(source, target)

    report = run.run()

    assert objects_of(target) == {"b": b"2", "gone": b"4"}
    assert run.steps("failed") == [f"upload a {error.reason}"]
    assert report.withheld == 1


def test_no_deletion_runs_after_a_refused_upload(mirror):
    target = FaultyStorage(storage_of({"gone": b"4"}))
    target.faults["write a"].append(AccessDenied("read-only"))
    run = mirror(storage_of({"a": b"1", "b": b"2"}), target)
    run.run()

    assert objects_of(target) == {"b": b"2", "gone": b"4"}
    assert run.steps("failed") == ["upload a access_denied"]


@pytest.mark.fault(24, "I1")
def test_no_deletion_runs_when_a_part_of_the_source_could_not_be_listed(mirror):
    listing = [Entry("a", 1, 0.0), Omission("d", "unreadable", failed=True, subtree=True)]
    target = storage_of({"d/x": b"1", "gone": b"4"})
    run = mirror(ListedStorage(storage_of({"a": b"1"}), listing), target)
    run.run()

    assert objects_of(target) == {"a": b"1", "d/x": b"1", "gone": b"4"}
    assert run.steps("failed") == ["skip d source_unreadable"]


def test_what_is_skipped_by_rule_is_counted_and_its_object_stays(mirror):
    listing = [Omission("pipe", "a pipe", failed=False, subtree=False)]
    target = storage_of({"pipe": b"was a file", "gone": b"4"})
    run = mirror(ListedStorage(storage_of({}), listing), target)
    run.run()

    assert objects_of(target) == {"pipe": b"was a file"}
    assert run.counted == (0, 1, 0, 1, 0)


@pytest.mark.parametrize("part", ["source", "target"])
def test_a_listing_that_breaks_off_deletes_nothing(mirror, part):
    storages = {
        "source": FaultyStorage(storage_of({f"k{i}": b"" for i in range(10)})),
        "target": FaultyStorage(storage_of({f"k{i}x": b"" for i in range(10)})),
    }
    error = SourceUnreadable("I/O error") if part == "source" else StorageUnreachable("reset")
    storages[part].faults["list"].extend([None] * 5 + [error])

    with pytest.raises(type(error)):
        mirror(storages["source"], storages["target"]).run()
    assert {f"k{i}x" for i in range(10)} <= set(objects_of(storages["target"]))


def test_a_target_listing_out_of_order_deletes_nothing(mirror):
    target = ListedStorage(storage_of({"a": b"", "b": b""}), [Entry("b", 0, 0.0), Entry("a", 0, 0.0)])

    with pytest.raises(ListingBroken):
        mirror(storage_of({"c": b""}), target).run()
    assert set(objects_of(target.inner)) >= {"a", "b"}


@pytest.mark.parametrize("error", [StorageUnreachable("down"), StorageFull("no room")])
def test_an_error_of_the_whole_storage_stops_the_run(mirror, error):
    target = FaultyStorage(storage_of({"gone": b"4"}))
    target.faults["write"].append(error)
    run = mirror(storage_of({f"f{i:04}": b"1" for i in range(2000)}), target)

    with pytest.raises(SluiceError, match=str(error)) as raised:
        run.run()
    assert raised.value.reason == error.reason
    assert "gone" in objects_of(target)
    assert run.tally.progress()["done"]["uploads"] < 2000


def test_a_deletion_that_fails_is_reported_and_the_others_go_on(mirror):
    class Refusing(WrappedStorage):
        def delete(self, keys):
            left = super().delete([key for key in keys if key != "b"])
            return left | {"b": AccessDenied("locked")}

    target = Refusing(storage_of({"a": b"", "b": b"", "c": b""}))
    run = mirror(storage_of({"new": b""}), target)
    run.run()

    assert set(objects_of(target)) == {"new", "b"}
    assert run.steps("failed") == ["delete b access_denied"]


def changing_content(data, times):
    """A file that changes under the first few readings."""

    class Changing(MemoryContent):
        def verify(self):
            if next(times) is not None:
                raise FileChanged("it changed")

    return Changing(data, 0.0)


@pytest.mark.parametrize(
    ("changes", "stored", "reason"),
    [
        pytest.param(0, b"new!", None, id="quiet"),
        pytest.param(2, b"new!", None, id="changes twice, then rests"),
        pytest.param(99, b"old", "file_changed", id="never rests"),
    ],
)
@pytest.mark.fault(23)
@pytest.mark.fault("I2")
def test_a_file_that_changes_is_read_again_and_never_stored_torn(mirror, changes, stored, reason):
    times = iter([True] * changes + [None] * 10)

    class Busy(WrappedStorage):
        def read(self, key):
            return changing_content(super().read(key).read(), times)

    target = storage_of({"a": b"old", "gone": b""})
    run = mirror(Busy(storage_of({"a": b"new!"})), target)
    run.run()

    assert target.read("a").read() == stored
    assert [step.reason for step in run.finished if step.status == "failed"] == ([reason] if reason else [])
    assert ("gone" in objects_of(target)) is bool(reason)
    assert run.tally.progress()["done"]["bytes"] == (0 if reason else 4)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param({"a/b": b"1", "a/c": b"2"}, {"a": b"old"}, id="a file became a folder"),
        pytest.param({"a": b"1"}, {"a/b": b"x", "a/c/d": b"y"}, id="a folder became a file"),
        pytest.param({"a": b"1", "b/x": b"2"}, {"a/z": b"x", "b": b"y", "c": b""}, id="both at once"),
        pytest.param({"a.b": b"", "a/b": b"", "a0": b""}, {"a": b"", "a.b": b"", "a0/x": b""}, id="with neighbours"),
    ],
)
def test_a_file_in_a_folders_place_is_mirrored_on_a_server_that_keeps_files(mirror, source, target):
    held = FileLikeStorage(storage_of(target))
    run = mirror(storage_of(source), held)
    run.run()

    assert objects_of(held) == source
    assert run.steps("failed") == []


def test_nothing_is_deleted_for_a_file_that_cannot_be_opened(mirror):
    source = FaultyStorage(storage_of({"a/b": b"1"}))
    source.faults["read a/b"].append(FileUnreadable("no"))
    target = FileLikeStorage(storage_of({"a": b"old"}))
    run = mirror(source, target)
    report = run.run()

    assert objects_of(target) == {"a": b"old"}
    assert report.withheld == 1


def test_a_blocking_deletion_counts_against_the_limit_before_anything_goes(mirror):
    target = FileLikeStorage(storage_of({"a": b"old", "gone": b""}))

    with pytest.raises(TooManyDeletions):
        mirror(storage_of({"a/b": b"1"}), target, limit=DeletionLimit(1, is_percentage=False)).run()
    assert objects_of(target) == {"a": b"old", "gone": b""}


@pytest.mark.parametrize(
    ("limit", "gone", "allowed"),
    [
        pytest.param("2", 2, True, id="as many as allowed"),
        pytest.param("2", 3, False, id="one more"),
        pytest.param("50%", 5, True, id="half of ten"),
        pytest.param("50%", 6, False, id="more than half of ten"),
        pytest.param("0", 0, True, id="none allowed and none needed"),
    ],
)
def test_a_plan_over_the_deletion_limit_deletes_nothing(mirror, limit, gone, allowed):
    kept = {f"kept{i}": b"" for i in range(10 - gone)}
    target = storage_of(kept | {f"gone{i}": b"" for i in range(gone)})
    run = mirror(storage_of(kept | {"new": b""}), target, limit=DeletionLimit.parse(limit))

    if allowed:
        run.run()
        assert set(objects_of(target)) == {*kept, "new"}
    else:
        with pytest.raises(TooManyDeletions):
            run.run()
        assert len(objects_of(target)) == 11


class TestASourceThatIsMissingOrEmpty:
    @pytest.mark.parametrize("exists", [pytest.param(False, id="missing"), pytest.param(True, id="empty")])
    def test_drops_the_target_with_all_it_holds(self, mirror, exists):
        target = RecordingStorage(storage_of({"a": b"", "b/c": b""}))
        report = mirror(MemoryStorage(exists=exists), target).run()

        assert target.changes == ["delete a", "delete b/c", "drop"]
        assert (report.dropped, report.source_was_missing) == (True, not exists)

    def test_has_nothing_to_do_when_the_target_is_missing_too(self, mirror):
        target = RecordingStorage(MemoryStorage())
        report = mirror(MemoryStorage(), target).run()

        assert target.changes == []
        assert not report.dropped

    @pytest.mark.parametrize(
        ("options", "left", "dropped"),
        [
            pytest.param({"may_drop": False}, {}, False, id="under a prefix the target itself stays"),
            pytest.param({"deletes": False}, {"a": b"", "b": b""}, False, id="without deletions all stays"),
            pytest.param(
                {"filters": Filters([Rule("exclude", "b")])},
                {"b": b""},
                False,
                id="what is excluded stays, so the target does",
            ),
            pytest.param(
                {"filters": Filters([Rule("exclude", "c")])}, {}, False, id="with filters the target itself stays"
            ),
        ],
    )
    def test_deletes_only_what_it_may(self, mirror, options, left, dropped):
        target = storage_of({"a": b"", "b": b""})
        report = mirror(MemoryStorage(), target, **options).run()

        assert objects_of(target) == left
        assert report.dropped is dropped
        target.check()

    def test_is_refused_where_that_is_switched_off(self, mirror):
        target = RecordingStorage(storage_of({"a": b""}))

        with pytest.raises(SourceEmpty):
            mirror(MemoryStorage(), target, may_be_empty=False).run()
        assert target.changes == []

    def test_keeps_to_the_deletion_limit(self, mirror):
        target = storage_of({"a": b"", "b": b""})

        with pytest.raises(TooManyDeletions):
            mirror(MemoryStorage(), target, limit=DeletionLimit(1, is_percentage=False)).run()
        assert len(objects_of(target)) == 2

    def test_does_not_drop_a_target_in_which_something_appeared(self, mirror):
        class Filling(WrappedStorage):
            def delete(self, keys):
                left = super().delete(keys)
                self.inner.write("late", MemoryContent(b"", 0))
                return left

        target = Filling(storage_of({"a": b""}))
        run = mirror(MemoryStorage(), target)
        report = run.run()

        assert set(objects_of(target)) == {"late"}
        assert run.steps("failed") == ["drop bucket storage_not_empty"]
        assert not report.dropped


def test_what_is_excluded_is_neither_uploaded_nor_deleted(mirror):
    filters = Filters([Rule("exclude", "*.tmp"), Rule("exclude", "/old/")])
    target = storage_of({"kept.tmp": b"", "old/x": b"", "gone": b""})
    run = mirror(storage_of({"new.tmp": b"", "a": b""}), target, filters=filters)
    run.run()

    assert set(objects_of(target)) == {"kept.tmp", "old/x", "a"}
    assert run.counted == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("check", "uploads"),
    [
        pytest.param(Check.EXACT, 1, id="exact finds the same-size edit"),
        pytest.param(Check.SIZE, 0, id="size misses it"),
        pytest.param(Check.ALWAYS, 2, id="always uploads all"),
    ],
)
def test_the_check_decides_what_counts_as_changed(mirror, check, uploads):
    run = mirror(
        storage_of({"same": b"1", "edited": b"new"}), storage_of({"same": b"1", "edited": b"old"}), check=check
    )
    run.run()

    assert run.counted[0] == uploads


def test_cancelling_lets_operations_in_hand_finish_and_starts_no_other(mirror):
    target = GatedStorage(storage_of({"gone": b""}))
    recording = RecordingStorage(target)
    run = mirror(storage_of({f"f{i:03}": b"x" for i in range(100)}), recording, threads=2)
    raised = []

    def work():
        try:
            run.run()
        except Cancelled as cancelled:
            raised.append(cancelled.reason)

    thread = threading.Thread(target=work)
    thread.start()
    assert target.arrived.wait(10)
    run.token.cancel("cancelled_by_user")
    target.gate.set()
    thread.join(10)

    assert raised == ["cancelled_by_user"]
    assert 1 <= len(recording.changes) <= 2
    assert run.counted == (len(recording.changes), 0, 0, 0, 0)
    assert "gone" in objects_of(target)


def test_the_plan_is_known_to_its_end_while_the_first_operation_still_runs(mirror):
    target = GatedStorage(storage_of({"same": b"1"}))
    run = mirror(storage_of({f"f{i:03}": b"x" for i in range(100)} | {"same": b"1"}), target, wait=0.001)
    thread = threading.Thread(target=run.run)
    thread.start()
    assert target.arrived.wait(10)

    deadline = time.monotonic() + 10
    while run.tally.progress()["planned"]["uploads"] < 100 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert run.tally.progress()["planned"]["uploads"] == 100
    assert run.tally.progress()["done"]["uploads"] == 0
    target.gate.set()
    thread.join(10)


def test_with_a_wait_operations_run_one_at_a_time_and_apart(mirror):
    times = []

    class Timed(RecordingStorage):
        def write(self, key, content):
            times.append(time.monotonic())
            return super().write(key, content)

        def delete(self, keys):
            times.append(time.monotonic())
            assert len(keys) == 1
            return super().delete(keys)

    target = Timed(storage_of({"x": b"", "y": b""}))
    mirror(storage_of({"a": b"", "b": b"", "c": b""}), target, wait=0.05).run()

    assert target.most_at_once == 1
    assert len(times) == 5
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.05


def test_cancelling_cuts_the_wait_short(mirror):
    target = RecordingStorage(storage_of({}))
    run = mirror(storage_of({"a": b"", "b": b""}), target, wait=60)

    def work():
        with pytest.raises(Cancelled):
            run.run()

    thread = threading.Thread(target=work)
    thread.start()
    deadline = time.monotonic() + 10
    while not target.changes and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    run.token.cancel("cancelled_by_user")
    thread.join(10)

    assert not thread.is_alive()
    assert target.changes == ["write a"]


@pytest.mark.fault("I5")
def test_counters_add_up_when_some_fail(mirror):
    source = FaultyStorage(storage_of({f"f{i}": b"xx" for i in range(10)}))
    source.faults["read f3"].append(FileUnreadable("no"))
    source.faults["read f7"].append(FileMissing("no"))
    run = mirror(source, storage_of({}))
    run.run()

    progress = run.tally.progress()
    assert progress["planned"]["uploads"] == progress["done"]["uploads"] + progress["failed"] == 10
    assert progress["done"]["bytes"] == 16
    assert progress["eta_seconds"] == 0
    assert Counter(step.status for step in run.finished) == {"done": 8, "failed": 2}
