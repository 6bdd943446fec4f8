"""A folder of which nothing is known, below rules that allow some of what may be in it: what the target has there stays."""

import pytest

from app.cancellation import CancelToken
from app.storages.base import Entry, Omission
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.transfer.events import Finished
from app.transfer.filters import Filters, Rule
from app.transfer.run import MirrorOptions, MirrorRun
from tests.support.storages import ListedStorage

pytestmark = [pytest.mark.fault(24, "I1")]

ONLY_JPG = [Rule("include", "*.jpg")]


def storage_of(*keys):
    storage = MemoryStorage(exists=True)
    for key in keys:
        storage.write(key, MemoryContent(b"1", 0))
    return storage


def mirrored(source, target, rules, folder):
    """Mirror; return the keys that the target has then, and what was left out with which status."""
    told = []
    options = MirrorOptions(name="bucket", spool_dir=folder, filters=Filters(rules))
    MirrorRun(source, target, options, told.append, CancelToken()).run()
    left_out = [(each.key, each.status) for each in told if isinstance(each, Finished) and each.action == "skip"]
    return {entry.key for entry in target.list()}, left_out


@pytest.mark.parametrize(
    ("rules", "left", "left_out"),
    [
        pytest.param(
            ONLY_JPG, {"a.jpg", "d/x.jpg", "d/y.txt", "e.jpg"}, [("d", "failed")], id="what is included may be in it"
        ),
        pytest.param(
            [Rule("exclude", "d"), Rule("include", "x.jpg")],
            {"a.jpg", "d/x.jpg", "d/y.txt", "e.jpg"},
            [("d", "failed")],
            id="what is included again may be in it",
        ),
        pytest.param(
            [Rule("exclude", "d")], {"a.jpg", "d/x.jpg", "d/y.txt"}, [], id="nothing in it is looked at"
        ),
        pytest.param(
            [Rule("include", "/a.jpg"), Rule("include", "/e.jpg")],
            {"a.jpg", "d/x.jpg", "d/y.txt"},
            [],
            id="what is included lies elsewhere",
        ),
    ],
)  # fmt: skip
def test_an_unreadable_folder_is_told_and_deletes_nothing_unless_all_in_it_is_excluded(tmp_path, rules, left, left_out):
    listing = [Entry("a.jpg", 1, 0.0), Omission("d", "unreadable", failed=True, subtree=True)]
    source = ListedStorage(storage_of("a.jpg"), listing)
    target = storage_of("a.jpg", "d/x.jpg", "d/y.txt", "e.jpg")
    assert mirrored(source, target, rules, tmp_path) == (left, left_out)


def test_a_link_that_leads_outside_protects_what_is_included_below_it(tmp_path):
    source, outside = tmp_path / "source", tmp_path / "outside"
    for folder in (source, outside):
        folder.mkdir()
        (folder / "a.jpg").write_bytes(b"1")
    (source / "d").symlink_to(outside)
    target = storage_of("a.jpg", "d/a.jpg", "gone.jpg")
    left, left_out = mirrored(LocalStorage(source), target, ONLY_JPG, tmp_path)
    assert left == {"a.jpg", "d/a.jpg"}
    assert left_out == [("d", "skipped")]


def test_a_single_file_that_is_left_out_and_not_allowed_is_of_no_interest(tmp_path):
    listing = [Omission("pipe", "a pipe", failed=False, subtree=False)]
    target = storage_of("pipe", "gone.jpg")
    assert mirrored(ListedStorage(target, listing), target, ONLY_JPG, tmp_path) == ({"pipe"}, [])
