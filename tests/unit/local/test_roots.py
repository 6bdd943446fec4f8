"""A root that is missing, replaced or unreadable is never taken for an empty one."""

from pathlib import Path

import pytest

from app.errors import (
    SourceUnreadable,
    StorageMissing,
)
from app.storages.local import LocalStorage
from tests.support.files import keys_of, make


def test_a_file_that_vanishes_while_it_is_listed_is_absent(uploads, storage):
    make(uploads, "a", "b", "c/d", "e/f")
    listing = storage.list()
    assert next(listing).key == "a"
    (uploads / "b").unlink()
    (uploads / "c" / "d").unlink()
    assert keys_of(listing) == ["e/f"]


def test_a_missing_root_is_a_missing_storage(uploads):
    for root in (uploads / "missing", uploads / "missing" / "deep"):
        storage = LocalStorage(root, confine=uploads)
        for ask in (storage.check, lambda storage=storage: list(storage.list())):
            with pytest.raises(StorageMissing):
                ask()


def missing_uploads(uploads):
    uploads.rmdir()
    return uploads


def missing_uploads_below(uploads):
    uploads.rmdir()
    return uploads / "photos"


def a_file(uploads):
    make(uploads, "file")
    return uploads / "file"


def below_a_file(uploads):
    return a_file(uploads) / "photos"


def a_broken_link(uploads):
    (uploads / "link").symlink_to("unmounted")
    return uploads / "link"


def below_a_broken_link(uploads):
    return a_broken_link(uploads) / "photos"


def outside_by_a_link(uploads):
    (uploads / "link").symlink_to("..")
    return uploads / "link"


def missing_behind_a_link_outside(uploads):
    return outside_by_a_link(uploads) / "missing"


def upwards(uploads):
    return uploads / ".."


@pytest.mark.parametrize(
    "place",
    [
        missing_uploads,
        missing_uploads_below,
        a_file,
        below_a_file,
        a_broken_link,
        below_a_broken_link,
        outside_by_a_link,
        missing_behind_a_link_outside,
        upwards,
    ],
)
def test_a_root_that_cannot_be_listed_is_never_taken_for_missing_or_empty(uploads, place):
    storage = LocalStorage(place(uploads), confine=uploads)
    for ask in (storage.check, lambda: list(storage.list())):
        with pytest.raises(SourceUnreadable):
            ask()


def swap(uploads):
    uploads.rename(uploads.with_name("former"))
    uploads.mkdir()


def remove(uploads):
    uploads.rename(uploads.with_name("former"))


@pytest.mark.parametrize("change", [swap, remove])
@pytest.mark.fault(25)
def test_a_root_that_is_replaced_or_removed_while_it_is_listed_is_noticed(uploads, storage, change):
    make(uploads, "a", "b/c")
    listing = storage.list()
    next(listing)
    change(uploads)
    with pytest.raises(SourceUnreadable, match="replaced or removed"):
        list(listing)


def test_a_listing_that_is_given_up_leaves_nothing_open(uploads, storage):
    make(uploads, "a", "b")
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("open descriptors cannot be counted here")
    before = len(list(descriptors.iterdir()))
    listing = storage.list()
    next(listing)
    listing.close()
    assert len(list(descriptors.iterdir())) == before
