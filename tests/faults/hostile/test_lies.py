"""Listings that lie, in whole runs: the run fails, and nothing is deleted or dropped for it."""

import itertools

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import ListingBroken, ScratchUnusable, StorageError
from app.storages.local import LocalStorage
from app.storages.memory import MemoryStorage
from app.transfer import spool
from app.transfer.run import MirrorOptions, MirrorRun
from tests.conformance.contents import content
from tests.support.hostile_s3 import answered, at, error, page, raw_server

pytestmark = [pytest.mark.fault(18), pytest.mark.fault("I1")]

MANY = [f"k{number:04}" for number in range(1500)]


def cut(document):
    return document[:-20]


LIES = {
    "out of order": [page("b", "a")],
    "twice": [page("a", "a")],
    "twice across pages": [page("a", "b", following="2"), page("b", "c")],
    "without a token": [page("a", truncated=True)],
    "the same token again": [page("a", following="2"), page("b", following="2")],
    "tokens without end": [page("a", following="1"), *[page(following=str(number)) for number in range(200)]],
    "cut short": [cut(page("a"))] * 3,
    "without a size": [page("a").replace("<Size>1</Size>", "")],
    "a size that is none": [page("a").replace("<Size>1<", "<Size>-1<")],
    "a time that is none": [page("a").replace("2026-01-01", "2026-99-99")],
    "a web page": ["<html><body>Hello</body></html>"],
    "nothing": [""],
    "an error": [error("InternalError")] * 3,
    "a key that is not UTF-8": [page("%ff")],
    "too many elements": ["<ListBucketResult>" + "<a/>" * 300_000],
    "a second page that is none": [page(*MANY[:1000], following="2"), "<html/>"],
    "a second page from before": [page(*MANY[500:], following="2"), page(*MANY[:500])],
}


class Bucket:
    """Lists what it is told, looks well when it is checked, and notes what else is asked of it."""

    def __init__(self, pages):
        self._pages = iter(pages)
        self.changes = []

    def __call__(self, head):
        if "max-keys=1&" in head:
            return [answered(page())]
        if "list-type" in head:
            return [answered(next(self._pages, ""))]
        if not head.startswith("GET"):
            self.changes.append(head.split("\r\n")[0])
        return [answered("", headers=b'ETag: "e"\r\n')]


def run_of(source, target, tmp_path, token=None, **options):
    options = MirrorOptions(name="mybucket", spool_dir=tmp_path, **options)
    return MirrorRun(source, target, options, lambda _: None, token or CancelToken())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "files").mkdir()
    return LocalStorage(tmp_path / "files")


@pytest.mark.parametrize("pages", LIES.values(), ids=LIES)
def test_nothing_is_deleted_from_a_bucket_that_lies(pages, folder, tmp_path):
    """The source is empty, so that all that is listed would go, and then the bucket."""
    bucket = Bucket(pages)
    with raw_server(bucket) as endpoint, at(endpoint) as target, pytest.raises(StorageError):
        run_of(folder, target, tmp_path).run()
    assert bucket.changes == []


@pytest.mark.parametrize("pages", LIES.values(), ids=LIES)
def test_nothing_is_deleted_from_a_folder_for_a_bucket_that_lies(pages, tmp_path):
    target = MemoryStorage()
    target.create()
    for key in ("a", "mine", "z"):
        target.write(key, content(b"x"))
    with raw_server(Bucket(pages)) as endpoint, at(endpoint) as source, pytest.raises(StorageError):
        run_of(source, target, tmp_path).run()
    assert {"mine", "z"} <= {entry.key for entry in target.list()}


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"])
def test_a_time_that_is_odd_is_no_lie(time):
    listed = page("a").replace("2026-01-01T00:00:00Z", time)
    with raw_server(Bucket([listed])) as endpoint, at(endpoint) as bucket:
        assert [entry.key for entry in bucket.list()] == ["a"]


class Endless(Bucket):
    """Lists keys for ever, each page as a good one."""

    def __init__(self):
        names = (
            page(*(f"k{first + at:012}" for at in range(1000)), following=str(first))
            for first in itertools.count(0, 1000)
        )
        super().__init__(names)


def test_an_endless_listing_that_can_be_believed_leaves_the_disk_its_margin(folder, tmp_path, monkeypatch):
    """What is left of the disk is told by the disk; a margin that it cannot have stands for one that is used up."""
    monkeypatch.setattr(spool, "MEMORY_BYTES", 64 * 1024)
    monkeypatch.setattr(spool, "LOOK_BYTES", 1 << 60)
    bucket = Endless()
    with raw_server(bucket) as endpoint, at(endpoint) as target, pytest.raises(ScratchUnusable, match="too many steps"):
        run_of(folder, target, tmp_path).run()
    assert bucket.changes == []


def test_a_cancel_ends_an_endless_listing(folder, tmp_path):
    token, bucket = CancelToken(), Endless()

    def answer(head):
        if "continuation-token=5000" in head:
            token.cancel("cancelled_by_user")
        return bucket(head)

    with raw_server(answer) as endpoint, at(endpoint) as target, pytest.raises(Cancelled):
        run_of(folder, target, tmp_path, token).run()
    assert bucket.changes == []


def test_a_broken_listing_is_called_that(folder, tmp_path):
    with raw_server(Bucket(LIES["twice"])) as endpoint, at(endpoint) as target:
        run = run_of(folder, target, tmp_path)
        with pytest.raises(ListingBroken, match="out of order"):
            run.run()
