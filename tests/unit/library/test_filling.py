"""How jobs fill items: whole or not at all, once, within the quota, and only while somebody wants the file."""

import errno
import hashlib
import os
import stat
import subprocess
import sys
import threading

import pytest

from app.db import SqliteDatabase
from app.errors import (
    DatabaseUnavailable,
    FileUnreadable,
    InvalidInput,
    NotFound,
    NotReady,
    QuotaExceeded,
    StorageFailure,
    StorageFull,
)
from app.library.contract import ItemQuery, ItemState, NewItem, Usage
from app.library.disk import disk_in_words
from app.library.service import LibraryService
from tests.support.jobs import settings_for, write_lock
from tests.support.service import ROOT, eventually


@pytest.fixture
def mine(shelf, ann):
    return shelf.history(ann)


@pytest.fixture
def number(shelf, ann, mine):
    [number] = shelf.waiting(ann, mine)
    return number


def modes(folder):
    return {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}


@pytest.mark.parametrize("content", [b"", b"1\t2\t3\n", os.urandom(3 * 2**20 + 1)], ids=["empty", "small", "large"])
def test_an_item_is_ready_once_its_file_has_arrived(shelf, library, ann, number, content):
    assert library.filling.begin(number).state is ItemState.ARRIVING

    item = shelf.fill(number, content, file_type="bed", message="read as UTF-8 \udcff", attributes={"dbkey": "hg38"})

    assert (item.state, item.size, item.file_type) == (ItemState.READY, len(content), "bed")
    assert (item.message, item.attributes) == ("read as UTF-8 ?", {"dbkey": "hg38"})
    assert (item.md5, item.sha256) == (hashlib.md5(content).hexdigest(), hashlib.sha256(content).hexdigest())
    assert library.item(ann, number) == item
    assert shelf.bytes_of(number) == content
    assert shelf.arriving == []
    with library.opened(ann, number).file as file:
        assert file.read() == content


def test_a_description_and_tags_arrive_with_the_file(shelf, library, ann, mine):
    [waiting] = library.add_items(ann, mine, [NewItem(name="a", tags=["drive", "red"], attributes={"from": "x"})])

    item = shelf.fill(waiting.number, description="a rose \udcff", tags=["red", "rose"], attributes={"width": 4})

    assert (item.description, item.tags) == ("a rose ?", ("drive", "red", "rose"))
    assert item.attributes == {"from": "x", "width": 4}
    assert library.item(ann, item.number) == item


def test_tags_that_are_too_many_together_do_not_keep_a_file_away(shelf, library, ann, mine):
    given = [str(n) for n in range(999)]
    [waiting] = library.add_items(ann, mine, [NewItem(name="a", tags=given)])

    assert shelf.fill(waiting.number, tags=["new", "newer"]).tags == (*given, "new")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"file_type": "t" * 65}, id="the file type"),
        pytest.param({"description": "d" * 100_001}, id="the description"),
        pytest.param({"tags": ["t" * 256]}, id="a tag"),
        pytest.param({"tags": [str(n) for n in range(1001)]}, id="the number of tags"),
    ],
)
def test_a_file_with_texts_that_are_too_long_does_not_arrive(shelf, library, ann, number, words):
    with pytest.raises(InvalidInput):
        shelf.fill(number, **words)

    assert library.item(ann, number).state is ItemState.WAITING
    assert (shelf.files, shelf.arriving) == ([], [])


def test_only_their_owner_can_read_the_files(shelf, settings, number):
    shelf.fill(number)
    [file] = shelf.files
    folder = settings.data_dir / "library"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes(folder) == {
        "arriving": 0o700,
        "files": 0o700,
        f"files/{file.name[:2]}": 0o700,
        f"files/{file.name[:2]}/{file.name}": 0o600,
    }


def test_a_file_that_others_could_read_is_the_owners_alone_when_it_has_arrived(shelf, settings, number):
    elsewhere = settings.data_dir / "upload"
    elsewhere.write_bytes(b"uploaded")
    elsewhere.chmod(0o666)

    assert shelf.library.filling.arrive(number, elsewhere).size == 8
    assert not elsewhere.exists()
    assert stat.S_IMODE(shelf.files[0].stat().st_mode) == 0o600


def test_what_has_not_arrived_when_the_block_ends_is_removed(shelf, library, ann, number):
    with library.filling.arriving(number) as path:
        path.write_bytes(b"half")
        assert shelf.arriving == [path]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ZeroDivisionError), library.filling.arriving(number):
        1 / 0  # noqa: B018

    assert (shelf.arriving, shelf.files) == ([], [])
    assert library.item(ann, number).state is ItemState.WAITING


def test_a_link_does_not_arrive(shelf, library, settings, number):
    secret = settings.data_dir / "secret"
    secret.write_text("secret")
    with library.filling.arriving(number) as path:
        path.unlink()
        path.symlink_to(secret)
        with pytest.raises(StorageFailure):
            library.filling.arrive(number, path)
    assert shelf.files == []


def test_a_job_that_was_resumed_begins_anew(library, number):
    first, second = library.filling.begin(number), library.filling.begin(number)

    assert (first.state, second.state) == (ItemState.ARRIVING, ItemState.ARRIVING)


UNWANTED = {
    "ready": lambda shelf, _, number: shelf.fill(number, b"first"),
    "failed": lambda shelf, _, number: shelf.library.filling.fail(number, "why"),
    "discarded": lambda shelf, _, number: shelf.library.filling.discard(number),
    "purged": lambda shelf, ann, number: shelf.library.delete_item(ann, number, purge=True),
    "in a purged collection": lambda shelf, ann, number: shelf.library.delete_collection(
        ann, shelf.library.item(ann, number).collection_number, purge=True
    ),
    "gone with its user": lambda shelf, ann, _: shelf.people.remove(ann),
}


@pytest.mark.parametrize("why", UNWANTED)
def test_a_file_that_is_not_wanted_any_more_is_not_kept(shelf, library, ann, admin, number, why):
    library.filling.begin(number)
    with library.filling.arriving(number) as path:
        path.write_bytes(b"second")
        UNWANTED[why](shelf, ann, number)
        files = shelf.files

        assert library.filling.arrive(number, path) is None

        assert not path.exists()
    assert shelf.files == files
    assert library.filling.begin(number) is None
    if why != "gone with its user":
        before = library.item(admin, number)
        library.filling.fail(number, "late")
        library.filling.discard(number)
        assert library.item(admin, number) == before


@pytest.mark.parametrize("whose", ["item", "collection"])
def test_what_is_deleted_still_arrives_since_it_can_be_had_back(shelf, library, ann, mine, number, whose):
    library.filling.begin(number)
    if whose == "item":
        library.delete_item(ann, number)
    else:
        library.delete_collection(ann, mine)

    assert library.filling.begin(number).number == number
    assert shelf.fill(number).state is ItemState.READY
    assert library.item(ann, number).deleted == (whose == "item")


def test_an_item_says_why_it_failed(library, ann, number):
    library.filling.begin(number)

    library.filling.fail(number, "The bucket \udcff went away.")

    item = library.item(ann, number)
    assert (item.state, item.message) == (ItemState.FAILED, "The bucket ? went away.")


def test_of_two_that_bring_one_item_the_first_wins(shelf, library, new_shelf, number):
    other = new_shelf().library
    library.filling.begin(number)
    other.filling.begin(number)
    with library.filling.arriving(number) as one, other.filling.arriving(number) as two:
        one.write_bytes(b"one")
        two.write_bytes(b"two")

        assert other.filling.arrive(number, two).size == 3
        assert library.filling.arrive(number, one) is None

    assert shelf.bytes_of(number) == b"two"
    assert len(shelf.files) == 1


def test_more_than_the_quota_does_not_arrive_and_the_item_stays_as_it_was(shelf, library, ann, mine, number):
    shelf.quota(ann, 10)
    shelf.ready(ann, mine, content=b"12345")
    library.filling.begin(number)
    before = library.item(ann, number)
    assert library.filling.room(number) == 5

    with pytest.raises(QuotaExceeded, match="11 bytes of the library would be yours, and 10 may be"):
        shelf.fill(number, b"123456")

    assert library.item(ann, number) == before
    assert len(shelf.files) == 1
    assert shelf.arriving == []
    assert shelf.fill(number, b"12345").state is ItemState.READY
    assert library.filling.room(number) == 0


def test_who_has_more_than_his_quota_gets_nothing_more_and_keeps_what_he_has(shelf, library, ann, mine, number):
    kept = shelf.ready(ann, mine, content=b"12345")
    shelf.quota(ann, 1)

    assert library.filling.room(number) == 0
    with pytest.raises(QuotaExceeded):
        shelf.fill(number, b"1")
    assert shelf.bytes_of(kept) == b"12345"
    library.delete_item(ann, kept)
    with pytest.raises(QuotaExceeded):
        shelf.fill(number, b"1")
    library.delete_item(ann, kept, purge=True)
    assert shelf.fill(number, b"1").size == 1


def test_of_many_that_race_for_the_last_bytes_as_many_arrive_as_fit(shelf, library, ann, mine, new_shelf):
    shelf.quota(ann, 35)
    numbers = shelf.waiting(ann, mine, *"abcdefgh")
    start, refused = threading.Barrier(len(numbers)), []

    def bring(shelf, number):
        start.wait()
        try:
            shelf.fill(number, b"0123456789")
        except QuotaExceeded:
            refused.append(number)

    shelves = [shelf, new_shelf()]  # as two processes
    threads = [threading.Thread(target=bring, args=(shelves[n % 2], number)) for n, number in enumerate(numbers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = [item.state for item in library.items(ann, ItemQuery(collection_number=mine))]
    assert (states.count(ItemState.READY), states.count(ItemState.WAITING), len(refused)) == (3, 5, 5)
    assert library.usage(ann.user_id) == Usage(30, 35)
    assert len(shelf.files) == 3


@pytest.mark.parametrize("where", ["arriving", "files"])
def test_a_disk_that_refuses_leaves_the_item_as_it_was(shelf, library, settings, ann, number, where):
    library.filling.begin(number)
    before = library.item(ann, number)
    (settings.data_dir / "library").mkdir(mode=0o700)
    (settings.data_dir / "library" / where).write_text("no folder")

    with pytest.raises(StorageFailure, match="Not a directory"):
        shelf.fill(number)

    assert library.item(ann, number) == before
    assert library.filling.begin(number) is not None


def test_a_file_whose_row_cannot_be_written_is_removed_at_once_since_it_may_fill_the_disk(shelf, settings, number):
    impatient_database = SqliteDatabase(settings.data_dir / "sluice.db", busy_seconds=0.05)
    impatient = LibraryService(impatient_database, settings)
    with impatient.filling.arriving(number) as path, write_lock(settings.data_dir / "sluice.db"):
        path.write_bytes(b"large")
        with pytest.raises(DatabaseUnavailable):
            impatient.filling.arrive(number, path)
        assert shelf.files == []
        assert path.read_bytes() == b"large"
    impatient_database.close()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(errno.ENOSPC, StorageFull, id="full"),
        pytest.param(errno.EDQUOT, StorageFull, id="the file system's own quota"),
        pytest.param(errno.EIO, StorageFailure, id="broken"),
        pytest.param(errno.EROFS, StorageFailure, id="read-only"),
    ],
)
def test_what_a_disk_says_is_an_error_of_the_product(code, expected):
    with pytest.raises(expected) as caught, disk_in_words("A file cannot be kept"):
        raise OSError(code, os.strerror(code))

    assert type(caught.value) is expected
    assert str(caught.value).startswith("A file cannot be kept: ")


KILLED = """
import sys
from pathlib import Path
from app.db import SqliteDatabase
from app.library.service import LibraryService
from tests.support.jobs import settings_for
settings = settings_for(Path(sys.argv[1]))
filling = LibraryService(SqliteDatabase(settings.data_dir / "sluice.db", busy_seconds=60), settings).filling
with filling.arriving(int(sys.argv[2])) as path:
    path.write_bytes(b"of a process that is killed")
    filling.arrive(int(sys.argv[2]), path)
"""


def test_a_process_that_is_killed_before_the_row_is_written_leaves_what_a_sweep_removes(
    shelf, library, settings, ann, number
):
    library.filling.begin(number)
    with write_lock(settings.data_dir / "sluice.db"):
        killed = subprocess.Popen([sys.executable, "-c", KILLED, str(settings.data_dir), str(number)], cwd=ROOT)
        eventually(lambda: shelf.files)
        killed.kill()
        killed.wait()

    assert library.item(ann, number).state is ItemState.ARRIVING
    assert [len(shelf.files), len(shelf.arriving)] == [1, 1]
    for chore in library.chores:
        chore()
    assert [len(shelf.files), len(shelf.arriving)] == [1, 1]  # somebody might be about to write the row
    assert library.filling.begin(number).number == number
    assert shelf.fill(number, b"of the resumed job").state is ItemState.READY
    shelf.sweep()
    assert [file.read_bytes() for file in shelf.files] == [b"of the resumed job"]
    assert shelf.arriving == []


def test_a_file_that_was_swept_too_early_does_not_arrive(shelf, library, settings, ann, number):
    errors = []

    def bring():
        try:
            shelf.fill(number)
        except StorageFailure as error:
            errors.append(error)

    with write_lock(settings.data_dir / "sluice.db"):
        thread = threading.Thread(target=bring)
        thread.start()
        [file] = eventually(lambda: shelf.files)
        file.unlink()  # as a sweep would, had this process slept for an hour
    thread.join()

    assert [str(error) for error in errors] == [
        "A file was removed from the library before it had arrived. Bring it again."
    ]
    assert library.item(ann, number).state is ItemState.WAITING


def test_reading_gives_size_time_and_mark_and_proves_the_bytes(shelf, library, number):
    item = shelf.fill(number, b"0123456789")

    with library.filling.read(number) as content:
        assert (content.size, content.mark) == (10, item.sha256)
        assert content.modified_ns == int(item.created_at * 1_000_000_000)
        assert [content.read(0), content.read(4), content.read(4), content.read(4), content.read(4), content.read()] == [
            b"", b"0123", b"4567", b"89", b"", b"",
        ]  # fmt: skip
        content.verify()
        content.verify()
        content.close()


def test_bytes_that_were_skipped_are_proved_too(shelf, library, number):
    shelf.fill(number, b"x" * 3_000_000)

    with library.filling.read(number) as content:
        content.skip(2_500_000)
        assert len(content.read()) == 500_000
        content.verify()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(b"012345678X", id="another byte"),
        pytest.param(b"01234567891", id="longer"),
    ],
)
def test_a_file_with_other_bytes_than_arrived_is_not_verified(shelf, library, number, damage):
    shelf.fill(number, b"0123456789")
    shelf.files[0].write_bytes(damage)

    with library.filling.read(number) as content:
        assert len(content.read()) == 10
        with pytest.raises(FileUnreadable):
            content.verify()


@pytest.mark.parametrize(
    "read", [lambda content: content.read(), lambda content: content.skip(10)], ids=["read", "skip"]
)
@pytest.mark.parametrize("damage", [b"012345678", b""], ids=["shorter", "empty"])
def test_a_file_that_is_shorter_than_what_arrived_is_unreadable(shelf, library, number, damage, read):
    shelf.fill(number, b"0123456789")
    shelf.files[0].write_bytes(damage)

    with library.filling.read(number) as content, pytest.raises(FileUnreadable):
        read(content)


def test_what_was_not_read_to_its_end_is_not_verified(shelf, library, number):
    shelf.fill(number, b"0123456789")

    with library.filling.read(number) as content:
        content.read(9)
        with pytest.raises(FileUnreadable):
            content.verify()


def test_what_has_no_file_is_not_read(library, ann, mine, number):
    with pytest.raises(NotReady, match="waiting for its file"):
        library.filling.read(number)
    with pytest.raises(NotFound):
        library.filling.read(99)
    assert library.filling.begin(99) is None
    assert library.filling.room(99) is None
    library.filling.fail(99, "nobody's")
    library.filling.discard(99)
    assert library.add_items(ann, mine, [NewItem(name="b")])


@pytest.mark.parametrize(
    ("own", "default", "expected"),
    [
        pytest.param(None, "", None, id="no limit anywhere"),
        pytest.param(None, "10", 10, id="the installation's"),
        pytest.param(5, "10", 5, id="his own, lower"),
        pytest.param(50, "10", 50, id="his own, higher"),
        pytest.param(0, "10", 0, id="nothing"),
        pytest.param(2**63 - 1, "10", None, id="no limit for him"),
    ],
)
def test_a_users_own_quota_goes_before_the_installations(shelf, settings, new_shelf, ann, mine, own, default, expected):
    shelf.quota(ann, own)
    given = new_shelf(settings_for(settings.data_dir, library_quota=default))
    [number] = given.waiting(ann, mine)

    assert given.library.usage(ann.user_id) == Usage(0, expected)
    assert given.library.filling.room(number) == expected
    if expected is None:
        assert given.fill(number, b"x" * 100).size == 100


def test_usage_counts_shared_files_once_deleted_ones_too_and_purged_ones_never(shelf, library, ann, bob, mine):
    number = shelf.ready(ann, mine, content=b"12345")
    library.copy_item(ann, number, mine)
    library.copy_collection(ann, mine, "copy")
    library.delete_item(ann, shelf.ready(ann, mine, content=b"123"))
    library.delete_item(ann, shelf.ready(ann, mine, content=b"1234567"), purge=True)
    shelf.ready(bob, shelf.history(bob), content=b"1234567890123")

    assert library.usage(ann.user_id).used == 8
    library.uploads.create(ann, 100, "announced")
    assert library.usage(ann.user_id).used == 108
    assert library.usage(99) == Usage(0, None)
