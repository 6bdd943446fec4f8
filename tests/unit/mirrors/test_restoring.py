"""A bucket as the source of a download: what it lists, and what it refuses."""

import pytest

from app.errors import SourceEmpty
from app.mirrors.restoring import BucketToRestore
from app.storages.base import Entry, Omission
from app.storages.memory import MemoryStorage
from tests.support.storages import ListedStorage


def bucket(*listing, deletes=False):
    return BucketToRestore(ListedStorage(MemoryStorage(), listing), deletes=deletes)


@pytest.mark.parametrize(
    ("key", "size", "is_marker"),
    [
        pytest.param("photos/", 0, True, id="a marker"),
        pytest.param("a/b/", 0, True, id="a marker further down"),
        pytest.param("photos", 0, False, id="an empty file"),
        pytest.param("photos/", 1, False, id="a slash at the end, but with content"),
    ],
)
def test_a_marker_of_a_folder_is_left_out_by_rule(key, size, is_marker):
    [listed] = bucket(Entry(key, size, 0.0)).list()

    assert listed.key == key
    assert isinstance(listed, Omission) is is_marker
    assert not is_marker or (listed.failed, listed.subtree) == (False, False)


@pytest.mark.parametrize(
    "listing", [[], [Entry("photos/", 0, 0.0), Entry("x/", 0, 0.0)]], ids=["nothing", "only markers"]
)
def test_without_an_object_the_listing_fails_if_all_would_be_deleted_for_that(listing):
    with pytest.raises(SourceEmpty):
        list(bucket(*listing, deletes=True).list())
    assert len(list(bucket(*listing, deletes=False).list())) == len(listing)


def test_an_object_is_enough():
    assert len(list(bucket(Entry("a", 0, 0.0), Entry("b/", 0, 0.0), deletes=True).list())) == 2
