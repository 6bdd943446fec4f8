"""A spread run whose planner dies at any point, and another one goes on: the end is that of a run that was never disturbed."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cancellation import Cancelled, CancelToken
from app.errors import SluiceError, SourceUnreadable, StorageMissing, StorageUnreachable
from app.jobs.contract import STOPPED
from app.storages.base import Omission
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer import results
from app.transfer.batching import Limits
from app.transfer.filters import Filters, Rule
from app.transfer.guards import DeletionLimit
from app.transfer.index import Index
from tests.support.faulty_storage import FaultyStorage
from tests.support.ledger import Died
from tests.support.spread_runs import SpreadJob, doer
from tests.support.storages import RecordingStorage, WrappedStorage
from tests.support.trees import tree_objects


class Tree(WrappedStorage):
    """Files in memory; like a local walk it tells again of an omitted folder when a listing begins below that."""

    def __init__(self, files, omissions=(), exists=True):
        super().__init__(MemoryStorage(exists=exists))
        self.omissions = list(omissions)
        for key, data in files.items():
            self.inner.write(key, MemoryContent(data, 0))

    def list(self, prefix="", after="", prune=None):
        told = [
            omission
            for omission in self.omissions
            if omission.key > after
            or (omission.subtree and not f"{omission.key}/" < after)
            or (omission.subtree and after.startswith(f"{omission.key}/"))
        ]
        yield from sorted([*self.inner.list(prefix, after, prune), *told], key=lambda listed: listed.key)


def objects_of(storage):
    try:
        return {entry.key: storage.read(entry.key).read() for entry in storage.list()}
    except StorageMissing:
        return None


UNREADABLE = Omission("d", "unreadable", failed=True, subtree=True)
OUTSIDE = Omission("d", "a link that leads outside", failed=False, subtree=True)
PIPE = Omission("k1", "a pipe", failed=False, subtree=False)
MANY = {f"k{i}": b"x" * i for i in range(12)}

CASES = [
    pytest.param(MANY, (), {}, {}, id="all is new"),
    pytest.param(MANY, (), None, {}, id="the target is missing"),
    pytest.param(MANY, (), MANY, {}, id="nothing to do but to compare"),
    pytest.param(
        MANY,
        (),
        {**MANY, "k3": b"yyy", "k5": b"", "x1": b"", "x2": b"", "x3": b"", "x4": b""},
        {},
        id="a bit of everything",
    ),
    pytest.param({}, (), MANY, {}, id="an empty source"),
    pytest.param(None, (), MANY, {}, id="a missing source"),
    pytest.param(None, (), None, {}, id="both are missing"),
    pytest.param({}, (), MANY, {"deletes": False}, id="an empty source and no deletions"),
    pytest.param(
        {"a/b": b"1", "a/c": b"2", "b": b"3", "c-1": b"", "c/x": b"4", "e": b"5"},
        (),
        {"a": b"old", "b/x": b"", "b/y/z": b"", "c": b"was a file", "c-1": b"", "e/f": b"", "e0": b""},
        {},
        id="files in the place of folders, and folders in the place of files",
    ),
    pytest.param(
        {"a": b"", "e": b"1"},
        [UNREADABLE],
        {"d": b"", "d-1": b"", "d/x": b"", "d/y": b"", "d/z/a": b"", "d0": b""},
        {},
        id="a folder cannot be read",
    ),
    pytest.param(
        {"a": b"", "e": b"1"},
        [OUTSIDE],
        {"d": b"", "d-1": b"", "d/x": b"", "d/y": b"", "d/z/a": b"", "d0": b""},
        {},
        id="a folder is left out",
    ),
    pytest.param({"a": b""}, [PIPE], MANY, {}, id="a pipe"),
    pytest.param(
        {"a": b"", "b/b": b"", "c/tmp": b""},
        (),
        {"b/a": b"", "b/tmp": b"", "c": b"", "f/tmp": b""},
        {"filters": Filters([Rule("exclude", "tmp")])},
        id="with filters",
    ),
    pytest.param(
        {f"a{'b' * i}": b"" for i in range(9)},
        (),
        {f"a{'b' * i}/x": b"" for i in range(9)},
        {},
        id="keys that begin each other",
    ),
    pytest.param(
        MANY,
        (),
        {f"y{i}": b"" for i in range(6)},
        {"limit": DeletionLimit(6, is_percentage=False)},
        id="as many deletions as allowed",
    ),
    pytest.param(
        MANY,
        (),
        {f"y{i}": b"" for i in range(6)},
        {"limit": DeletionLimit(5, is_percentage=False)},
        id="more deletions than allowed",
    ),
    pytest.param(
        MANY,
        (),
        {**MANY, **{f"k{i}.old": b"" for i in range(6)}},
        {"limit": DeletionLimit(33, is_percentage=True)},
        id="as many percent as allowed",
    ),
]


def job_of(folder, source, omissions, target, options, **more):
    left = Tree(source or {}, omissions, exists=source is not None)
    right = Tree(target or {}, exists=target is not None)
    return SpreadJob(left, RecordingStorage(right), folder, options, **more)


def ended(job, **attempt):
    """Run an attempt; return how it ended, as a person sees it."""
    try:
        report = job.attempt(**attempt)
        said = (report.withheld, report.source_was_missing, report.dropped)
    except (SluiceError, Cancelled) as error:
        said = (error.reason, str(error))
    return said, objects_of(job.target), job.counted, job.history


def died(job, after):
    try:
        job.attempt(dies_after=after)
    except Died:
        return True
    except SluiceError:
        return False
    return False


@pytest.mark.parametrize(("source", "omissions", "target", "options"), CASES)
@pytest.mark.fault(1)
def test_a_planner_that_dies_at_any_write_is_followed_by_one_that_ends_the_same(
    tmp_path, source, omissions, target, options
):
    expected = ended(job_of(tmp_path, source, omissions, target, options))
    for after in range(1000):
        job = job_of(tmp_path, source, omissions, target, options)
        if not died(job, after):
            break
        assert ended(job) == expected, f"it died after {after} writes"
        assert ended(job) == expected, "a third attempt finds that all is done"
    assert after > 3


@pytest.mark.parametrize("every", [4, 5, 9])
@pytest.mark.parametrize(("source", "omissions", "target", "options"), CASES)
def test_planners_that_die_again_and_again_come_to_the_same_end(tmp_path, source, omissions, target, options, every):
    expected = ended(job_of(tmp_path, source, omissions, target, options))
    job = job_of(tmp_path, source, omissions, target, options)
    deaths = 0
    while died(job, every):
        deaths += 1
        assert deaths < 500
    assert ended(job) == expected


@pytest.mark.parametrize(("source", "omissions", "target", "options"), CASES)
def test_batches_done_in_any_order_in_halves_and_twice_come_to_the_same_end(
    tmp_path, source, omissions, target, options
):
    expected = ended(job_of(tmp_path, source, omissions, target, options))
    for seed in range(5):
        job = job_of(
            tmp_path, source, omissions, target, options, seconds=0.0
        )  # one or two steps, and the rest is left
        chooses = random.Random(seed)
        again = doer(job.source, job.target)
        for _ in range(3):
            died(job, chooses.randrange(4, 20))
            for number in job.rows.of("waiting"):  # somebody whose lease ran out: what it did nobody counts
                again(job.rows.batches[number]["kind"], job.rows.steps_of(number)[1:])
        assert ended(job, seed=seed) == expected


@pytest.mark.fault(25)
def test_a_source_that_was_emptied_or_unmounted_meanwhile_deletes_nothing_more(tmp_path):
    for after in range(4, 40):
        job = job_of(tmp_path, MANY, (), {"k1": b"old", **{f"y{i}": b"" for i in range(6)}}, {})
        if not died(job, after):
            break
        before = objects_of(job.target)
        job.source = MemoryStorage(exists=bool(after % 2))
        with pytest.raises(SourceUnreadable):
            job.attempt()
        assert objects_of(job.target) == before
        assert job.rows.batches == {}
    assert after > 20


def test_a_source_that_was_empty_and_has_come_back_deletes_nothing_more(tmp_path):
    job = job_of(tmp_path, None, (), {f"y{i}": b"" for i in range(6)}, {})
    assert died(job, 6)
    before = objects_of(job.target)
    job.source = Tree(MANY)
    with pytest.raises(SourceUnreadable):
        job.attempt()
    assert objects_of(job.target) == before


def test_a_bucket_that_has_gone_meanwhile_is_not_made_anew(tmp_path):
    job = job_of(tmp_path, MANY, (), {"k1": b"1"}, {})
    assert died(job, 5)
    job.target = RecordingStorage(MemoryStorage(exists=False))
    with pytest.raises(StorageMissing):
        job.attempt()
    assert job.target.changes == []


@pytest.mark.fault(24)
def test_a_folder_that_can_no_longer_be_read_protects_what_it_may_have_held(tmp_path):
    files = {f"d/{number:02}": b"1" for number in range(20)}
    job = job_of(tmp_path, files, (), {"d/00": b"1", "d/15x": b"", "d/y": b"", "e": b""}, {}, limits=Limits(1, 1000))
    while died(job, 5) and job.kept_after < "d/05":
        pass
    assert "d/05" <= job.kept_after < "d/15"
    job.source = Tree({"d/00": b"1"}, [UNREADABLE])
    job.attempt()
    assert {"d/15x", "d/y", "e"} <= set(objects_of(job.target))
    assert [step[:3] for step in job.history if step[0] == "skip"] == [("skip", "d", "failed")]


@pytest.mark.parametrize("which", ["planner", "batch"])
def test_an_error_of_the_whole_storage_ends_this_attempt_and_any_after_it_in_the_same_words(tmp_path, which):
    job = job_of(tmp_path, MANY, (), {f"y{i}": b"" for i in range(6)}, {})
    faulty = job.target = FaultyStorage(job.target.inner)
    faulty.faults["list" if which == "planner" else "write k3"].append(StorageUnreachable("no route to the host"))
    first = ended(job)
    assert first[0] == ("storage_unreachable", "no route to the host")
    assert {f"y{i}" for i in range(6)} <= set(first[1])
    assert ended(job) == first
    assert job.rows.batches == {}
    assert first[2]["done"]["uploads"] == len([step for step in first[3] if step[0] == "upload"])


def test_a_cancelled_job_counts_what_was_done_and_leaves_no_batch(tmp_path):
    class Cancelling(RecordingStorage):
        def write(self, key, content):
            if key == "k5":
                job.token.cancel("cancelled_by_user")
            return super().write(key, content)

    job = job_of(tmp_path, MANY, (), {f"y{i}": b"" for i in range(6)}, {})
    job.target = Cancelling(job.target.inner)
    said, objects, counted, history = ended(job)
    assert said == ("cancelled_by_user", "cancelled_by_user")
    assert counted["done"]["uploads"] == len([key for key in objects if key.startswith("k")]) == len(history)
    assert counted["done"]["deletes"] == 0
    assert job.rows.batches == {}
    with pytest.raises(Cancelled):
        job.attempt()


def test_an_interrupted_job_leaves_its_batches_to_others_and_is_gone_on_with(tmp_path):
    expected = ended(job_of(tmp_path, MANY, (), {"y": b""}, {}))

    class Interrupting(RecordingStorage):
        def write(self, key, content):
            if key == "k5":
                job.token.cancel("interrupted")
            return super().write(key, content)

    job = job_of(tmp_path, MANY, (), {"y": b""}, {})
    job.target = Interrupting(job.target.inner)
    with pytest.raises(Cancelled):
        job.attempt()
    assert job.rows.batches
    job.target, job.token = RecordingStorage(job.target.inner), CancelToken()
    assert ended(job) == expected


def test_folders_are_mirrored_over_any_number_of_deaths_and_the_index_knows_it(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    files = {f"d{number % 4}/{'s/' * (number % 3)}f{number}": f"{number:03}".encode() for number in range(40)}
    for root, keys in ((source, files), (target, ["d0", "d1/f1/x", "d2/gone", "e/gone", "d3/s/f7"])):
        for key in keys:
            (root / key).parent.mkdir(parents=True, exist_ok=True)
            (root / key).write_bytes(files.get(key, b"old"))
    with Index.open(tmp_path / "index", "source", "target") as index:
        job = SpreadJob(LocalStorage(source), LocalStorage(target), tmp_path, index=index)
        while died(job, 6):
            index.flush()
        job.attempt()
        assert tree_objects(target) == tree_objects(source) == files
        assert job.counted["failed"] == 0
        assert len(job.history) == len(set(job.history)) == 39 + 4
        index.flush()
        again = SpreadJob(LocalStorage(source), LocalStorage(target), tmp_path, index=index)
        again.attempt()
        assert again.counted["unchanged"] == 40
        assert again.counted["unchanged_by"]["index"] >= 35


def test_no_more_than_64_batches_and_the_steps_of_a_few_are_ahead(tmp_path):
    job = job_of(tmp_path, {f"{i:05}": b"" for i in range(300)}, (), {}, {}, limits=Limits(1, 1000))
    job.attempt()
    assert 60 < job.ledger.most_ahead <= 64 + 2
    assert job.counted["done"]["uploads"] == 300


def test_files_go_by_number_and_size_and_a_large_one_goes_alone(tmp_path):
    put = []
    job = job_of(
        tmp_path, {"a": b"x" * 400, "b": b"x" * 400, "c": b"x" * 400, "d": b"x" * 5000, "e": b"", "f": b""}, (), {}, {}
    )
    job.limits = Limits(2, 1000)
    job.do = lambda kind, steps: put.append([step[0] for step in steps]) or doer(job.source, job.target)(kind, steps)
    job.attempt()
    assert sorted(key for keys in put for key in keys) == list("abcdef")
    assert ["d"] in put
    assert ["a", "b", "c"] not in put
    assert max(len(keys) for keys in put) <= 2


def test_the_word_for_a_job_that_must_end_is_that_of_the_jobs():
    assert results.STOPPED == STOPPED


NAMES = st.sampled_from(["a", "b", "a!", "a.b", "a0", "é"])
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.sampled_from([b"", b"x", b"y", b"xx"]), max_size=10
)


def as_folder(files):
    """Leave out what no folder can hold: files below files."""
    return {key: data for key, data in files.items() if not any(key.startswith(f"{other}/") for other in files)}


@settings(max_examples=150, deadline=None)
@given(TREES.map(as_folder), TREES, st.lists(st.integers(4, 12), max_size=6), st.booleans())
@pytest.mark.fault(43)
def test_any_tree_and_any_deaths_come_to_the_same_end(source, target, deaths, halves):
    with tempfile.TemporaryDirectory() as folder:
        expected = ended(job_of(Path(folder), source, (), target, {}))
        job = job_of(Path(folder), source, (), target, {}, seconds=0.0 if halves else 60.0)
        for after in deaths:
            died(job, after)
        assert ended(job, seed=1) == expected
        assert expected[1] == (source or None)
