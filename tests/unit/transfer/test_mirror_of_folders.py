"""Random edits of a real folder, mirrored into another real folder after each: the two must end equal.

A folder is the strictest target: it cannot hold ``a`` and ``a/b`` at once.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cancellation import CancelToken
from app.storages.local import LocalStorage
from app.transfer.compare import Check
from app.transfer.run import MirrorOptions, MirrorRun

NAMES = st.sampled_from(["a", "b", "a!", "a.b", "a0", "\udcff", "n\nl", "‛", "é", "A"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
WRITES = st.tuples(PATHS, st.sampled_from([b"", b"x", b"y", b"longer"]))
REMOVALS = st.tuples(PATHS, st.none())
ROUNDS = st.lists(st.lists(WRITES | REMOVALS, max_size=8), min_size=1, max_size=3)


def edit(root, path, data):
    """Write or remove a file, making way for it as a person would."""
    target = root / path
    for parent in reversed(target.relative_to(root).parents):
        if (root / parent).is_file():
            (root / parent).unlink()
    if target.is_dir():
        shutil.rmtree(target)
    if data is None:
        target.unlink(missing_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def files(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@settings(max_examples=60, deadline=None)
@given(ROUNDS)
@pytest.mark.fault(43, "I3")
def test_after_every_mirror_the_target_is_equal_to_the_source(rounds):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        source.mkdir()
        for edits in rounds:
            for path, data in edits:
                edit(source, path, data)
            options = MirrorOptions(name="target", spool_dir=Path(folder), threads=3, check=Check.EXACT)
            failures = []
            report = MirrorRun(
                LocalStorage(source),
                LocalStorage(target),
                options,
                lambda event, failures=failures: failures.append(event) if "failed" in event else None,
                CancelToken(),
            ).run()
            assert failures == []
            assert report.withheld == 0
            assert (files(target) if target.exists() else {}) == files(source)
            assert target.exists() is bool(files(source))
