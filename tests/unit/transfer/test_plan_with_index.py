"""Random histories of two places, mirrored with an index: always equal afterwards, nothing sent in vain, no row a lie."""

import itertools
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cancellation import CancelToken
from app.storages.base import Entry
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.compare import Check, compare_contents, decider
from app.transfer.index import Index, Seen
from app.transfer.plan import plan_mirror
from app.transfer.steps import Compare, Delete, Same, Stale, Upload
from tests.support.storages import WrappedStorage

versions = itertools.count()


class Versioned(WrappedStorage):
    """Each write and each touch makes another version, known by its mark alone; notes what bears which mark.

    Args:
        field: where entries bear the mark: ``stamp`` as files do, ``etag`` as servers do that have opaque ones.
        forgets: give no mark for contents that are read (a file that is too fresh) or were written.
    """

    def __init__(self, field, forgets=False):
        super().__init__(MemoryStorage(exists=True))
        self.field, self.forgets = field, forgets
        self.marks, self.contents, self.reads = {}, {}, 0

    def put(self, key, data):
        self.write(key, MemoryContent(data, 0))

    def touch(self, key):
        self.marks[key] = f"version {next(versions)}"
        self.contents[self.marks[key]] = self.held()[key]

    def held(self):
        return {listed.key: self.inner.read(listed.key).read() for listed in self.inner.list()}

    def list(self, *_args, **_named):
        for listed in self.inner.list():
            yield Entry(listed.key, listed.size, 0.0)._replace(**{self.field: self.marks[listed.key]})

    def read(self, key):
        self.reads += 1
        content = super().read(key)
        content.mark = None if self.forgets else self.marks[key]
        return content

    def write(self, key, content):
        entry = self.inner.write(key, content)
        self.touch(key)
        mark = None if self.forgets else self.marks[key]
        return Entry(key, entry.size, 0.0)._replace(**{self.field: mark})


class Hashing(Versioned):
    """Its marks are the MD5s of the contents, as those of most servers."""

    def __init__(self):
        super().__init__("etag")

    def touch(self, key):
        [self.marks[key]] = [listed.etag for listed in self.inner.list() if listed.key == key]
        self.contents[self.marks[key]] = self.held()[key]


class Mirror:
    """Carries out a plan as a run does, step by step; ``reasons`` are those of its uploads, by key."""

    def __init__(self, source, target, index):
        self.source, self.target, self.index, self.reasons = source, target, index, {}

    def take(self, step):
        match step:
            case Upload(entry, why):
                self.upload(entry, why)
            case Compare():
                self.compare(step)
            case Delete(entry):
                self.target.delete([entry.key])
            case Stale(key):
                self.index.forget(key)
            case Same(_, why):
                assert why in ("index", "size")

    def upload(self, entry, why):
        assert self.target.held().get(entry.key) != self.source.held()[entry.key], f"{entry.key} was sent in vain"
        with self.source.read(entry.key) as content:
            self.note(entry, content.mark, self.target.write(entry.key, content).mark)
        self.reasons[entry.key] = why

    def compare(self, step):
        verdict = compare_contents(self.source, self.target, step.source, step.target, CancelToken())
        if verdict.same:
            self.note(step.source, verdict.source, verdict.target)
        else:
            self.upload(step.source, step.why_different)

    def note(self, entry, ours, theirs):
        if ours and theirs:
            self.index.note(Seen(entry.key, entry.size, ours, theirs))


def mirror(source, target, index):
    """Make the target equal; return the reasons of the uploads by key."""
    carrying_out = Mirror(source, target, index)
    for step in plan_mirror(source.list(), list(target.list()), decider(Check.EXACT), index.seen()):
        carrying_out.take(step)
    index.flush()
    return carrying_out.reasons


KEYS = st.sampled_from(["a", "a.b", "a/b", "b", "c/d", "c/e", "é"])
DATA = st.sampled_from([b"", b"x", b"y", b"zz"])
EVENTS = st.one_of(
    st.tuples(st.just("edit"), KEYS, DATA),
    st.tuples(st.just("touch"), KEYS),
    st.tuples(st.just("remove"), KEYS),
    st.tuples(st.just("foreign write"), KEYS, DATA),
    st.tuples(st.just("foreign removal"), KEYS),
    st.tuples(st.just("lose row"), KEYS),
    st.tuples(st.just("lose index")),
)


def happen(event, source, target, index):
    match event:
        case ("edit", key, data):
            source.put(key, data)
        case ("touch", key) if key in source.held():
            source.touch(key)
        case ("remove", key):
            source.delete([key])
        case ("foreign write", key, data):
            target.put(key, data)
        case ("foreign removal", key):
            target.delete([key])
        case ("lose row", key):
            index.forget(key)
        case ("lose index",):
            for seen in list(index.seen()):
                index.forget(seen.key)
    index.flush()


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([("stamp", Hashing), ("stamp", lambda: Versioned("etag")), ("stamp", lambda: Versioned("stamp"))]),
    st.lists(st.lists(EVENTS, max_size=8), min_size=1, max_size=4),
)
@pytest.mark.fault(43, "I3")
def test_after_any_history_a_mirror_is_exact_and_a_second_one_reads_nothing(sides, rounds):
    source, target = Versioned(sides[0]), sides[1]()
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), "source", "target") as index:
        for events in rounds:
            for event in events:
                happen(event, source, target, index)
            mirror(source, target, index)

            assert target.held() == source.held()
            rows = list(index.seen())
            for seen in rows:
                assert source.contents[seen.source] == target.contents[seen.target]
                assert len(source.contents[seen.source]) == seen.size
            assert {seen.key for seen in rows} <= set(source.held())

            source.reads = target.reads = 0
            assert mirror(source, target, index) == {}
            assert (source.reads, target.reads) == (0, 0)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.booleans(), st.booleans()).filter(any),
    st.lists(st.lists(EVENTS, max_size=6), min_size=1, max_size=3),
)
def test_versions_without_lasting_marks_are_compared_again_and_never_noted(forgetful, rounds):
    source, target = Versioned("stamp", forgets=forgetful[0]), Versioned("etag", forgets=forgetful[1])
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder), "source", "target") as index:
        for events in rounds:
            for event in events:
                happen(event, source, target, index)
            mirror(source, target, index)
            assert target.held() == source.held()
            if forgetful[0]:
                assert list(index.seen()) == []


@pytest.fixture
def folders(tmp_path):
    source, target = LocalStorage(tmp_path / "source"), MemoryStorage(exists=True)
    (tmp_path / "source").mkdir()
    (tmp_path / "source/f").write_bytes(b"before")
    os.utime(tmp_path / "source/f", (1_000_000_000, 1_000_000_000))
    with Index.open(tmp_path / "index", "source", "target") as index:
        with source.read("f") as content:
            mark = content.mark
            entry = target.write("f", content)
        index.note(Seen("f", 6, mark, entry.mark))
        index.flush()
        yield tmp_path, source, target, index


def only_step(source, target, index):
    [step] = plan_mirror(source.list(), target.list(), decider(Check.EXACT), index.seen())
    return step


def edited_in_place(path):
    path.write_bytes(b"after!")


def replaced_by_another_file(path):
    path.with_name("new").write_bytes(b"after!")
    os.utime(path.with_name("new"), (1_000_000_000, 1_000_000_000))
    path.with_name("new").rename(path)


def test_a_real_file_that_was_left_alone_is_known_by_the_index(folders):
    _, source, target, index = folders
    assert only_step(source, target, index) == Same(1, "index")


@pytest.mark.parametrize("edit", [edited_in_place, replaced_by_another_file])
def test_an_edit_of_a_real_file_that_keeps_size_and_time_is_found(folders, edit):
    folder, source, target, index = folders
    edit(folder / "source/f")
    os.utime(folder / "source/f", (1_000_000_000, 1_000_000_000))

    step = only_step(source, target, index)
    assert step.why == "edited"
    assert not compare_contents(source, target, step.source, step.target, CancelToken()).same


def test_a_touched_real_file_is_read_once_and_then_known_again(folders):
    folder, source, target, index = folders
    os.utime(folder / "source/f")

    step = only_step(source, target, index)
    verdict = compare_contents(source, target, step.source, step.target, CancelToken())
    assert (step.why, verdict.same) == ("edited", True)

    index.note(Seen("f", 6, verdict.source, verdict.target))
    index.flush()
    assert only_step(source, target, index) == Same(1, "index")


def test_an_object_that_someone_else_replaced_by_one_of_its_size_is_found(folders):
    _, source, target, index = folders
    target.write("f", MemoryContent(b"foreig", 0))

    step = only_step(source, target, index)
    assert step.why == "replaced"
    assert not compare_contents(source, target, step.source, step.target, CancelToken()).same


def test_a_lost_index_costs_only_reading(folders):
    folder, source, target, index = folders
    index.close()
    shutil.rmtree(folder / "index")

    with Index.open(folder / "index", "source", "target") as empty:
        step = only_step(source, target, empty)
    assert step.why == "unknown"
    assert compare_contents(source, target, step.source, step.target, CancelToken()).same
