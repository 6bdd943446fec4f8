"""Any order of edits, mirrors in both directions, cancels and faults, compared with a model in dictionaries.

``MODEL_EXAMPLES=2000`` has that many runs of ever other steps in the place of the few that are always the same.
"""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.errors import (
    AccessDenied,
    FileChanged,
    FileMissing,
    FileUnreadable,
    InvalidCredentials,
    KeyRefused,
    ListingBroken,
    ObjectMissing,
    SourceUnreadable,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageUnreachable,
    Throttled,
)
from app.transfer import operations
from app.transfer.filters import Rule
from tests.support.mirror_model import RULES, Odd, Order, folders_of, in_the_way
from tests.support.mirror_rules import complaints
from tests.support.mirror_world import World
from tests.support.mirroring import Happening, mirror

pytestmark = [pytest.mark.slow, pytest.mark.fault(43, "I1", "I2", "I3", "I5", "I6")]

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))


class Large(bytes):
    """So large that its bytes are counted as they go; and not to be printed."""

    def __repr__(self):
        return "LARGE"


LARGE = Large(b"large" * 300_000)

EVERYWHERE = (StorageFailure, AccessDenied, StorageUnreachable, Throttled, InvalidCredentials)
READING = (*EVERYWHERE, FileUnreadable, FileMissing, FileChanged, ObjectMissing)
WRITING = (*EVERYWHERE, StorageFull, KeyRefused, StorageMissing)
LISTING = (*EVERYWHERE, ListingBroken, SourceUnreadable)
ERRORS = {
    ("source", "check"): (*EVERYWHERE, SourceUnreadable),
    ("source", "list"): LISTING,
    ("source", "after list"): LISTING,
    ("source", "read"): READING,
    ("source", "content"): (*EVERYWHERE, FileUnreadable, FileChanged),
    ("source", "content.verify"): (FileChanged, StorageFailure),
    ("target", "check"): EVERYWHERE,
    ("target", "list"): LISTING,
    ("target", "after list"): LISTING,
    ("target", "read"): READING,
    ("target", "content"): (*EVERYWHERE, FileUnreadable, FileChanged),
    ("target", "write"): WRITING,
    ("target", "after write"): EVERYWHERE,
    ("target", "delete"): EVERYWHERE,
    ("target", "after delete"): EVERYWHERE,
    ("target", "create"): EVERYWHERE,
    ("target", "after create"): EVERYWHERE,
    ("target", "drop"): EVERYWHERE,
    ("target", "after drop"): EVERYWHERE,
}
"""What may be raised where."""

NAMES = ["a", "b", "d", "a!", "a.b", "p", "\udcff", "n\nl"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
DATA = st.sampled_from([b"", b"x", b"y", b"xy", b"yx", b"longer", LARGE])
PLACES = st.sampled_from(["folder", "bucket"])
ORDERS = st.builds(
    Order,
    is_upload=st.sampled_from([True, True, False]),
    prefix=st.sampled_from(["", "", "p/"]),
    deletes=st.sampled_from([True, True, True, False]),
    rules=st.lists(
        st.builds(Rule, st.sampled_from(["include", "exclude"]), st.sampled_from(sorted(RULES))), max_size=2
    ),
    limit=st.sampled_from([None, None, None, None, 1, 3]),
    check=st.sampled_from(["exact", "exact", "exact", "size", "always"]),
    is_dry=st.sampled_from([False, False, False, False, True]),
    is_spread=st.booleans(),
    threads=st.sampled_from([1, 2, 3]),
)
EDIT = st.tuples(PLACES, PATHS, st.none() | DATA)
TREES = st.dictionaries(PATHS, DATA, min_size=3, max_size=15)
NUMBERS = st.integers(0, 20)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), EDIT),
        st.tuples(st.just("put"), EDIT),
        st.tuples(st.just("remove"), st.tuples(PLACES, NUMBERS)),
        st.tuples(st.just("move"), st.tuples(NUMBERS, PATHS)),
        st.tuples(st.just("edit_unseen"), st.tuples(PLACES, NUMBERS)),
        st.tuples(st.just("make_odd"), st.tuples(NUMBERS, st.sampled_from(list(Odd)))),
    ),
    max_size=4,
)
SKIPS, SIZES = st.sampled_from([0, 0, 0, 1, 1, 2, 3]), st.sampled_from([0, 1, 2, 300_000])
OFTEN = [("source", "read"), ("source", "content"), ("target", "write"), ("target", "after write")]
WHERE = st.sampled_from([*sorted(ERRORS), *OFTEN])
FAULTS = WHERE.flatmap(
    lambda where: st.builds(Happening, *map(st.just, where), SKIPS, st.sampled_from(ERRORS[where]), SIZES)
)
CANCELS = WHERE.flatmap(lambda where: st.builds(Happening, *map(st.just, where), SKIPS, st.just("cancel"), SIZES))
CHANGES = WHERE.flatmap(lambda where: st.builds(Happening, *map(st.just, where), SKIPS, EDIT, SIZES))
LOST = st.builds(Happening, st.just("target"), PATHS.map("delete {}".format), st.just(0), st.just(AccessDenied))
HAPPENINGS = st.lists(FAULTS | CANCELS | CHANGES | LOST, min_size=1, max_size=3)


def check(end):
    """Fail with all that is wrong with how a mirror ended."""
    wrong = complaints(end)
    if wrong:
        pytest.fail("\n".join([f"{end.order} ended {end.word}", *wrong]))


class Mirrors(RuleBasedStateMachine):
    """People edit both places, and mirrors are asked for."""

    def __init__(self):
        super().__init__()
        self.scratch = tempfile.TemporaryDirectory()
        self.world = World(Path(self.scratch.name))

    @initialize(files=TREES, objects=TREES)
    def fill(self, files, objects):
        for place, tree in (("folder", files), ("bucket", files | objects)):
            for path, data in tree.items():
                if not in_the_way(path, set(tree)):
                    self.world.edit(place, path, data)

    @rule(edits=EDITS, order=ORDERS)
    def mirror(self, edits, order):
        self._edit(edits)
        check(mirror(self.world, order))

    @rule(edits=EDITS, new=PATHS, extra=PATHS, order=ORDERS, happenings=HAPPENINGS)
    def mirror_while_things_happen(self, edits, new, extra, order, happenings):
        self._edit([*edits, ("put", ("folder", new, b"new")), ("put", ("bucket", extra, b"extra"))])  # so it has work
        check(mirror(self.world, order, happenings))

    def _edit(self, edits):
        for name, arguments in edits:
            getattr(self, f"_{name}")(*arguments)

    def _put(self, place, path, data):
        self.world.edit(place, path, data)

    def _remove(self, place, number):
        self.world.edit(place, self._some(number), None)

    def _move(self, number, other):
        self.world.move(self._some(number), other)

    def _edit_unseen(self, place, number):
        self.world.edit_unseen(place, self._some(number))

    def _make_odd(self, number, odd):
        self.world.edit("folder", self._some(number), odd)

    def _some(self, number):
        """Return the path of one of the files, or of a folder that it lies in."""
        paths = sorted({*(files := self.world.paths()), *(folder for path in files for folder in folders_of(path))})
        return paths[number % len(paths)] if paths else "a"

    def teardown(self):
        self.scratch.cleanup()


@pytest.mark.timeout(7200 if EXAMPLES else 600)
def test_whatever_happens_both_places_are_as_the_model_says(monkeypatch):
    monkeypatch.setattr(operations, "CHANGED_PAUSE", 0.0)  # nothing here changes for longer than a moment
    chosen = settings(
        max_examples=EXAMPLES or 60,
        stateful_step_count=30 if EXAMPLES else 20,
        derandomize=not EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Mirrors, settings=chosen)
