"""Folders of Drive: made once whoever asks, found anew when they are gone, and listed whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise

import pytest

from app.errors import ConsentRequired, ListingBroken, StorageError, StorageMissing
from app.storages.base import Entry, Omission
from app.storages.gdrive.files import MOST_AT_ONCE
from app.storages.gdrive.storage import GdriveStorage
from tests.conformance.contents import content
from tests.conformance.subjects import drive_address
from tests.support.google_files import FOLDER
from tests.support.service import eventually


@pytest.fixture
def drive(fake_google):
    return fake_google.drive


@pytest.fixture
def root(drive):
    return drive.add_folder("photos")


@pytest.fixture
def storage(fake_google, root):  # noqa: ARG001 - the folder must be there
    storage = GdriveStorage(drive_address(fake_google, "photos"))
    yield storage
    storage.close()


def keys_of(storage, **wanted):
    return [one.key for one in storage.list(**wanted)]


def lists_of(folder_id):
    """Return what tells the requests for the children of a folder from those for a name in it."""
    return lambda seen: seen.query.get("q", "").startswith(f"'{folder_id}' in parents")


def told(file_id, name, mime_type=FOLDER):
    """Return a file as a list of Drive tells of it."""
    return {
        "id": file_id,
        "name": name,
        "mimeType": mime_type,
        "version": "1",
        "modifiedTime": "2026-01-01T00:00:00.000Z",
        "capabilities": {"canDownload": True},
        **({} if mime_type == FOLDER else {"size": "1", "md5Checksum": "0" * 32}),
    }


class TestMaking:
    def test_one_folder_is_made_however_many_threads_write_into_it(self, storage, drive):
        keys = [f"new/deeper/{number}" for number in range(24)] + [f"new/{number}" for number in range(24)]
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(lambda key: storage.write(key, content(b"data")), keys))
        assert (len(drive.named("new")), len(drive.named("deeper"))) == (1, 1)
        assert keys_of(storage) == sorted(keys)

    def test_a_lost_answer_makes_no_second_folder(self, storage, fake_google, drive):
        fake_google.drop(r"POST /drive/v3/files\b(?!/)", after=True)
        storage.write("new/key", content(b"data"))
        assert len(fake_google.asked(r"POST /drive/v3/files\b(?!/)")) == 2
        assert len(drive.named("new")) == 1
        assert keys_of(storage) == ["new/key"]

    def test_one_that_a_person_made_is_used(self, storage, drive, root):
        by_hand = drive.add_folder("new", root)
        storage.write("new/key", content(b"data"))
        assert [file.parent for file in drive.named("key")] == [by_hand]

    def test_one_folder_is_made_however_many_storages_write_into_it(self, fake_google, drive):
        def write(number):
            with closing(GdriveStorage(drive_address(fake_google, "album"))) as storage:
                storage.create()
                storage.write(f"new/{number}", content(b"data"))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(8)))
        assert (len(drive.named("album")), len(drive.named("new")), drive.bin) == (1, 1, [])

    def test_one_that_another_job_makes_at_the_same_time_is_for_both(self, storage, drive, root, fake_google):
        with ThreadPoolExecutor(1) as pool:
            held = fake_google.hold(r"POST /drive/v3/files\b(?!/)")
            writing = pool.submit(storage.write, "new/key", content(b"data"))
            fake_google.wait_for(r"POST /drive/v3/files\b(?!/)")
            first = drive.add_folder("new", root, created_time="2026-01-01T00:00:00.000Z")
            held.release()
            writing.result(30)
        assert [file.id for file in drive.named("new")] == [first]
        assert [file.parent for file in drive.named("key")] == [first]

    def test_one_that_another_job_has_made_later_goes_to_the_bin_by_that_job(self, storage, drive, root, fake_google):
        with ThreadPoolExecutor(1) as pool:
            held = fake_google.hold(r"POST /drive/v3/files\b(?!/)", after=True)
            writing = pool.submit(storage.write, "new/key", content(b"data"))
            fake_google.wait_for(r"POST /drive/v3/files\b(?!/)")
            eventually(lambda: drive.named("new"))
            (first,) = drive.named("new")
            drive.add_folder("new", root, created_time="2099-01-01T00:00:00.000Z")
            held.release()
            writing.result(30)
        assert [file.parent for file in drive.named("key")] == [first.id]
        assert not drive.is_trashed(first)

    def test_one_that_is_known_is_not_looked_up_again(self, storage, fake_google):
        storage.write("a/b/1", content(b"data"))
        before = len(fake_google.requests)
        storage.write("a/b/2", content(b"data"))
        assert len(fake_google.requests) - before == 2  # is there such a file, and making it

    def test_one_that_was_deleted_for_good_is_made_anew(self, storage, drive):
        storage.write("a/b/1", content(b"data"))
        drive.erase(drive.named("a")[0].id)
        storage.write("a/b/2", content(b"data"))
        assert keys_of(storage) == ["a/b/2"]

    @pytest.mark.parametrize("gone", ["trash", "erase"])
    def test_another_one_in_its_place_is_found_by_who_reads_and_deletes(self, storage, drive, root, gone):
        storage.write("a/key", content(b"old"))
        (old,) = drive.named("a")
        getattr(drive, gone)(old.id)
        new = drive.add("key", b"new data", parent=drive.add_folder("a", root))
        assert storage.stat("a/key").size == 8
        with storage.read("a/key") as opened:
            assert opened.read() == b"new data"
        assert storage.delete(["a/key"]) == {}
        assert drive.is_trashed(drive.files[new])

    def test_one_that_somebody_moved_elsewhere_keeps_what_is_in_it(self, storage, drive):
        storage.write("a/key", content(b"data"))
        (folder,) = drive.named("a")
        folder.parent = drive.add_folder("Archive")
        assert storage.delete(["a/key"]) == {}
        assert drive.bin == []

    def test_a_shared_drive_that_is_not_there_is_a_missing_storage(self, fake_google):
        missing = GdriveStorage(drive_address(fake_google, "a/b", drive="0AnoSuchDriveUk9PVA"))
        for act in (
            missing.check,
            missing.create,
            lambda: missing.stat("key"),
            lambda: missing.write("key", content()),
        ):
            with pytest.raises(StorageMissing):
                act()
        missing.close()

    def test_nothing_is_made_where_the_storage_is_missing(self, fake_google, drive):
        missing = GdriveStorage(drive_address(fake_google, "nowhere/at all"))
        with closing(missing), pytest.raises(StorageMissing):
            missing.write("a/key", content(b"data"))
        assert drive.tree() == {}
        assert drive.named("nowhere") == []


class TestListing:
    @pytest.fixture
    def tree(self, drive, root):
        for name in ("a", "b", "c"):
            folder = drive.add_folder(name, root)
            for number in range(3):
                drive.add(f"{number}", b"data", parent=folder)
        return [f"{name}/{number}" for name in ("a", "b", "c") for number in range(3)]

    @pytest.mark.parametrize("page", [1, 2, 1000])
    @pytest.mark.parametrize("empty_pages", [False, True])
    def test_follows_pages_of_every_size(self, storage, drive, tree, page, empty_pages):
        drive.page, drive.empty_pages = page, empty_pages
        assert keys_of(storage) == tree

    def test_holds_1001_files_of_one_folder(self, storage, drive, root, fake_google):
        keys = sorted(str(number) for number in range(1001))
        for key in keys:
            drive.add(key, b"data", parent=root)
        assert keys_of(storage) == keys
        assert len(fake_google.asked(lists_of(root))) == 2

    @pytest.mark.usefixtures("tree")
    def test_asks_for_several_folders_at_once(self, storage, drive, root, fake_google):
        folders = [lists_of(file.id) for file in drive.children(root)]
        with ThreadPoolExecutor(1) as pool:
            held = fake_google.hold(lambda seen: any(is_one(seen) for is_one in folders), times=3)
            listing = pool.submit(keys_of, storage)
            for is_one in folders:
                fake_google.wait_for(is_one)  # all have come while none was answered
            held.release()
            assert len(listing.result(30)) == 9

    @pytest.mark.parametrize("failing", range(3))
    def test_that_fails_midway_raises_and_does_not_end(self, storage, drive, root, fake_google, tree, failing):
        drive.page = 1
        folder = sorted(drive.children(root), key=lambda file: file.name)[failing].id
        fake_google.fail(
            lambda seen: lists_of(folder)(seen) and "pageToken" in seen.query, 400, "invalidParameter", times=9
        )
        seen = []
        with pytest.raises(StorageError):
            seen.extend(one.key for one in storage.list())
        assert seen == tree[: len(seen)]
        assert len(seen) <= 3 * failing

    def test_that_was_left_asks_for_no_more(self, storage, drive, root, fake_google):
        for number in range(40):
            drive.add("key", b"data", parent=drive.add_folder(f"{number:02}", root))
        first, *others = [lists_of(file.id) for file in drive.children(root)]
        held = fake_google.hold(lambda seen: any(is_one(seen) for is_one in others), times=99)
        listing = storage.list()
        assert next(listing).key == "00/key"
        fake_google.wait_for(lambda seen: any(is_one(seen) for is_one in others), MOST_AT_ONCE)
        listing.close()
        held.release()
        assert storage.delete(["none"]) == {}  # its turn comes after all that waited for a thread before
        assert len(fake_google.asked(lambda seen: any(is_one(seen) for is_one in [first, *others]))) == MOST_AT_ONCE + 1

    def test_tells_of_a_folder_that_may_not_be_listed_in_its_place(self, storage, drive, root, fake_google, tree):
        drive.add("b!", b"data", parent=root)
        folder = drive.named("b")[0].id
        fake_google.fail(lists_of(folder), 403, "insufficientFilePermissions", times=9)
        found = list(storage.list())
        assert [one.key for one in found] == [*tree[:3], "b", "b!", *tree[6:]]
        assert [(one.failed, one.subtree) for one in found if isinstance(one, Omission)] == [(True, True)]

    def test_a_folder_that_went_into_the_bin_meanwhile_is_empty_and_the_rest_is_there(self, storage, drive, tree):
        listing = storage.list()
        assert next(listing).key == "a/0"
        drive.trash(drive.named("c")[0].id)
        rest = [one.key for one in listing]
        assert rest[:5] == tree[1:6]

    @pytest.mark.parametrize("gone", ["trash", "erase"])
    def test_of_a_storage_that_went_away_meanwhile_is_broken(self, storage, drive, root, tree, gone):
        listing = storage.list()
        assert next(listing).key == tree[0]
        getattr(drive, gone)(root)
        with pytest.raises((ListingBroken, StorageMissing)):
            list(listing)

    def test_takes_a_file_that_is_on_two_pages_once(self, storage, root, fake_google):
        page = {"files": [told("1", "name", "text/plain")]}
        fake_google.fail(lists_of(root), 200, body={**page, "nextPageToken": "next"})
        fake_google.fail(lists_of(root), 200, body=page)
        assert keys_of(storage) == ["name"]

    def test_never_goes_round_in_circles(self, storage, drive, root, fake_google):
        inner = drive.add_folder("inner", root)
        fake_google.fail(lists_of(inner), 200, body={"files": [told(root, "outer")]}, times=2)
        with pytest.raises(ListingBroken, match="lies in itself"):
            keys_of(storage)

    def test_prunes_and_skips_folders_that_are_not_asked_for(self, storage, drive, fake_google, tree):
        ids = {name: drive.named(name)[0].id for name in "abc"}
        assert keys_of(storage, prune=lambda folder: folder == "a/") == tree[3:]
        assert keys_of(storage, prefix="b/1") == ["b/1"]
        assert keys_of(storage, after="b/1") == tree[5:]
        assert [len(fake_google.asked(lists_of(ids[name]))) for name in "abc"] == [0, 3, 2]

    def test_is_in_order_whatever_the_names_are(self, storage, drive, root):
        for name in ("a", "a!", "a.", "a0", "A", "é", "\uffee", "\U0001f600", "a b"):
            folder = drive.add_folder(name, root)
            for inner in ("x", "x!", "x/y", "x0"):
                drive.add(inner, b"", parent=folder)
            drive.add(name, b"", parent=root)
        keys = keys_of(storage)
        assert len(keys) == 45
        assert all(left.encode() < right.encode() for left, right in pairwise(keys))

    def test_that_google_refuses_asks_for_consent_and_is_whole_once_it_takes_the_token(
        self, storage, root, fake_google, tree
    ):
        fake_google.fail(lists_of(root), 401, "authError", times=2)
        with pytest.raises(ConsentRequired):
            keys_of(storage)
        assert keys_of(storage) == tree


def test_an_entry_tells_size_time_and_md5(storage, drive, root):
    drive.add("key", b"data", parent=root, modified_time="2026-01-02T03:04:05.678Z")
    (entry,) = storage.list()
    assert entry == Entry("key", 4, entry.modified, "8d777f385d3dfec8815d20f7496026dc")
    assert entry.modified == pytest.approx(1767323045.678, abs=0.001)
