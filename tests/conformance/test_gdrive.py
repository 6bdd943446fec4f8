"""The driver for Google Drive: names that are not unique, any text as a name, documents of Google's, shortcuts."""

import hashlib

import pytest

from app.errors import (
    AccessDenied,
    ConsentRequired,
    KeyRefused,
    ObjectMissing,
    StorageFailure,
    StorageMissing,
    StorageNotEmpty,
)
from app.storages.base import Entry, Folder, Omission, Rights
from app.storages.gdrive.storage import GdriveStorage
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import drive_address
from tests.support.google_files import NATIVE

DOCUMENT, DRAWING, FORM = (f"{NATIVE}{kind}" for kind in ("document", "drawing", "form"))


@pytest.fixture
def drive(fake_google):
    return fake_google.drive


@pytest.fixture
def root(drive):
    """The id of the folder that the storage is."""
    return drive.add_folder("photos", drive.add_folder("Sluice"))


@pytest.fixture
def storage(fake_google, root):  # noqa: ARG001 - the folder must be there
    storage = GdriveStorage(drive_address(fake_google, "Sluice/photos"))
    yield storage
    storage.close()


def stored(storage, key):
    with storage.read(key) as opened:
        data = opened.read()
        opened.verify()
        return data


def listed(storage, **wanted):
    return {one.key: one for one in storage.list(**wanted)}


def entries(storage):
    return [one.key for one in storage.list() if isinstance(one, Entry)]


def omissions(storage):
    return {one.key: (one.failed, one.subtree) for one in storage.list() if isinstance(one, Omission)}


class TestTwoFilesOfOneName:
    @pytest.fixture(autouse=True)
    def _two(self, drive, root):
        drive.add("twice", b"one", parent=root)
        drive.add("twice", b"other", parent=root)
        drive.add("once", b"once", parent=root)

    def test_are_no_entry_of_a_listing_and_not_shown(self, storage):
        assert entries(storage) == ["once"]
        assert omissions(storage) == {"twice": (True, False)}
        assert [one.key for one in storage.browse().found] == ["once"]

    @pytest.mark.parametrize(
        "act",
        [
            pytest.param(lambda storage: storage.stat("twice"), id="stat"),
            pytest.param(lambda storage: storage.read("twice"), id="read"),
            pytest.param(lambda storage: storage.write("twice", content(b"third")), id="write"),
            pytest.param(lambda storage: storage.copy("twice", "thrice"), id="copy"),
        ],
    )
    def test_are_never_chosen_from_and_it_is_said_what_to_do(self, storage, drive, root, act):
        before = [file.data for file in drive.children(root)]
        with pytest.raises(KeyRefused, match="Rename or remove"):
            act(storage)
        assert [file.data for file in drive.children(root)] == before

    def test_are_not_deleted_and_others_beside_them_are(self, storage, drive):
        kept = storage.delete(["twice", "once"])
        assert list(kept) == ["twice"]
        assert isinstance(kept["twice"], KeyRefused)
        assert [file.name for file in drive.bin] == ["once"]

    def test_are_one_again_once_a_person_has_renamed_one(self, storage, drive):
        list(storage.list())
        drive.named("twice")[0].name = "another"
        assert entries(storage) == ["another", "once", "twice"]
        assert storage.write("twice", content(b"third")).size == 5
        assert stored(storage, "twice") == b"third"


class TestTwoFoldersOfOneName:
    @pytest.fixture(autouse=True)
    def _two(self, drive, root):
        for number in range(2):
            folder = drive.add_folder("twice", root)
            drive.add(f"file {number}", b"data", parent=folder)
        drive.add("twice!", b"beside", parent=root)

    def test_are_left_out_with_all_that_is_in_them(self, storage):
        assert entries(storage) == ["twice!"]
        assert omissions(storage) == {"twice": (True, True)}
        assert [one.key for one in storage.browse().found] == ["twice!"]

    def test_are_told_of_also_where_only_what_is_in_them_was_asked_for(self, storage):
        assert list(listed(storage, prefix="twice/")) == ["twice"]
        assert list(listed(storage, after="twice/a")) == ["twice"]
        assert list(listed(storage, prefix="other")) == []

    @pytest.mark.parametrize("key", ["twice/file 0", "twice/new", "twice/deeper/new"])
    def test_lead_nowhere(self, storage, drive, key):
        for act in (storage.stat, storage.read, lambda key: storage.write(key, content(b"new"))):
            with pytest.raises(KeyRefused, match="Rename or remove"):
                act(key)
        assert list(storage.delete([key])) == [key]
        assert drive.bin == []
        assert len(drive.named("twice")) == 2

    def test_beside_a_file_of_their_name_hide_it_too(self, storage, drive, root):
        drive.add("twice", b"file", parent=root)
        assert entries(storage) == ["twice!"]
        assert omissions(storage) == {"twice": (True, True)}

    def test_on_the_way_to_the_storage_are_a_failure_of_the_storage(self, fake_google, drive):
        drive.add_folder("Sluice")
        storage = GdriveStorage(drive_address(fake_google, "Sluice/photos"))
        for act in (storage.check, storage.create, lambda: list(storage.list()), lambda: storage.write("a", content())):
            with pytest.raises(StorageFailure, match="2 folders"):
                act()
        storage.close()


class TestNames:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            pytest.param("a/b", "a⧵2Fb", id="a slash"),
            pytest.param("..", "⧵2E⧵2E", id="two dots"),
            pytest.param("it's \\ 'odd'", "it's \\ 'odd'", id="what a query would trip over"),
            pytest.param("line\nbreak", "line\nbreak", id="a control character"),
        ],
    )
    def test_are_spelt_in_keys_and_back(self, storage, drive, root, name, key):
        folder = drive.add_folder(name, root)
        drive.add(name, b"data", parent=folder)
        path = f"{key}/{key}"
        assert entries(storage) == [path]
        assert stored(storage, path) == b"data"
        assert storage.stat(path).key == path
        assert [one.key for one in storage.browse(f"{key}/").found] == [path]
        assert storage.delete([path]) == {}
        assert [file.name for file in drive.bin] == [name]

    def test_with_a_slash_are_written_as_they_are_in_drive(self, storage, drive):
        storage.write("a⧵2Fb/c⧵2Fd", content(b"data"))
        assert [file.data for file in drive.named("c/d", drive.named("a/b")[0].id)] == [b"data"]

    @pytest.mark.parametrize("name", ["a⧵2Fb", "⧵2E", ""])
    def test_that_no_key_leads_back_to_are_omitted_and_the_rest_is_listed(self, storage, drive, root, name):
        drive.add(name, b"file", parent=root)
        drive.add("other", b"other", parent=root)
        assert entries(storage) == ["other"]
        assert list(omissions(storage).values()) == [(True, False)]
        drive.add("in it", b"deeper", parent=drive.add_folder(name, root))
        assert entries(storage) == ["other"]
        assert list(omissions(storage).values()) == [(True, True)]

    def test_that_differ_in_case_alone_are_two_keys(self, storage):
        storage.write("Name", content(b"upper"))
        storage.write("name", content(b"lower"))
        assert (stored(storage, "Name"), stored(storage, "name")) == (b"upper", b"lower")
        assert storage.delete(["NAME"]) == {}
        assert entries(storage) == ["Name", "name"]


class TestADocumentOfGoogles:
    @pytest.fixture
    def document(self, drive, root):
        return drive.add("report", mime_type=DOCUMENT, parent=root, exports={"application/pdf": b"%PDF of it"})

    def test_is_what_it_is_exported_as(self, storage, document):
        (entry,) = storage.list()
        assert (entry.key, entry.size, entry.etag) == ("report.pdf", 10, None)
        assert entry.stamp.startswith(document)
        assert storage.stat("report.pdf") == entry
        assert stored(storage, "report.pdf") == b"%PDF of it"
        assert [one.key for one in storage.browse().found] == ["report.pdf"]
        with pytest.raises(ObjectMissing):
            storage.stat("report")

    @pytest.mark.usefixtures("document")
    def test_that_is_a_drawing_is_a_picture(self, storage, drive, root):
        drive.add("sketch", mime_type=DRAWING, parent=root, exports={"image/png": b"PNG"})
        assert entries(storage) == ["report.pdf", "sketch.png"]
        assert stored(storage, "sketch.png") == b"PNG"

    def test_has_another_mark_once_it_was_edited(self, storage, drive, document):
        before = storage.stat("report.pdf")
        drive.files[document].exports = {"application/pdf": b"%PDF of more"}
        drive.touch(drive.files[document])
        after = storage.stat("report.pdf")
        assert (after.size, after.mark != before.mark) == (12, True)

    def test_is_exported_once_for_its_size_as_long_as_it_stays(self, storage, fake_google, document):
        for _ in range(3):
            list(storage.list())
        assert len(fake_google.asked(f"/files/{document}/export")) == 1

    @pytest.mark.usefixtures("document")
    def test_is_never_written_over(self, storage, drive, root):
        with pytest.raises(KeyRefused, match="document of Google's"):
            storage.write("report.pdf", content(b"bytes"))
        assert len(drive.children(root)) == 1

    @pytest.mark.usefixtures("document")
    def test_and_a_file_of_its_key_are_two_of_one_name(self, storage, drive, root):
        drive.add("report.pdf", b"bytes", parent=root)
        assert omissions(storage) == {"report.pdf": (True, False)}
        with pytest.raises(KeyRefused, match="2 files"):
            storage.read("report.pdf")

    def test_goes_into_the_bin_when_its_key_is_deleted(self, storage, drive, document):
        assert storage.delete(["report.pdf"]) == {}
        assert [file.id for file in drive.bin] == [document]

    def test_that_is_too_large_to_be_exported_is_omitted_with_the_reason(self, storage, fake_google, document):
        fake_google.fail(f"{document}/export", 403, "exportSizeLimitExceeded", times=10)
        (omission,) = storage.list()
        assert (omission.key, omission.failed, omission.subtree) == ("report.pdf", True, False)
        assert list(storage.browse().found) == []
        with pytest.raises(AccessDenied):
            storage.stat("report.pdf")

    def test_is_shown_some_at_a_time_since_each_must_be_exported(self, storage, drive, root):
        for number in range(40):
            drive.add(f"{number:02}", mime_type=DOCUMENT, parent=root)
        page = storage.browse()
        assert [one.key for one in page.found] == [f"{number:02}.pdf" for number in range(16)]
        seen = [one.key for one in page.found]
        while page.next_token is not None:
            page = storage.browse(token=page.next_token)
            seen += [one.key for one in page.found]
        assert seen == [f"{number:02}.pdf" for number in range(40)]


class TestWhatIsNoObject:
    def test_a_form_and_a_shortcut_are_left_out_by_rule(self, storage, drive, root):
        target = drive.add("target", b"data", parent=drive.root())
        drive.add("form", mime_type=FORM, parent=root)
        drive.add_shortcut("shortcut", target, root)
        drive.add_shortcut("to a folder", drive.add_folder("elsewhere"), root)
        assert omissions(storage) == {"form": (False, False), "shortcut": (False, False), "to a folder": (False, False)}
        assert list(storage.browse().found) == []
        with pytest.raises(ObjectMissing):
            storage.read("shortcut")
        assert storage.delete(["shortcut", "form"]) == {}
        assert drive.bin == []

    def test_a_file_may_stand_beside_a_shortcut_of_its_name(self, storage, drive, root):
        drive.add_shortcut("name", drive.add("target", b"data", parent=drive.root()), root)
        storage.write("name", content(b"file"))
        assert entries(storage) == ["name"]
        assert omissions(storage) == {}
        assert stored(storage, "name") == b"file"

    def test_a_file_and_a_folder_of_one_name_are_two_keys(self, storage, drive, root):
        drive.add("name", b"file", parent=root)
        drive.add("below", b"below", parent=drive.add_folder("name", root))
        assert entries(storage) == ["name", "name/below"]
        assert [type(one) for one in storage.browse().found] == [Entry, Folder]


class TestWriting:
    @pytest.mark.parametrize("size", [0, 100, 6 * MIB])
    def test_again_keeps_the_file_and_gives_it_other_bytes(self, storage, drive, size):
        storage.write("folder/key", content(b"first"))
        (before,) = drive.named("key")
        entry = storage.write("folder/key", content(bytes_of(size)))
        (after,) = drive.named("key")
        assert (after.id, after.data == bytes_of(size)) == (before.id, True)
        assert entry.etag == hashlib.md5(bytes_of(size)).hexdigest()
        assert drive.bin == []

    def test_replaces_what_somebody_else_has_made_and_keeps_the_time_of_the_content(self, storage, drive, root):
        made = drive.add("key", b"by hand", parent=root)
        storage.write("key", content(b"data"))
        assert drive.files[made].data == b"data"
        assert drive.files[made].modified_time == "2023-11-14T22:13:20.250Z"

    def test_whose_answer_is_lost_makes_no_second_file(self, storage, fake_google, drive):
        fake_google.drop("POST /upload/", after=True)
        storage.write("key", content(b"data"))
        assert len(fake_google.asked("POST /upload/")) == 2
        assert [file.data for file in drive.named("key")] == [b"data"]

    def test_into_a_folder_that_went_into_the_bin_meanwhile_is_told_and_leaves_nothing(self, storage, drive):
        storage.write("folder/first", content(b"data"))
        (folder,) = drive.named("folder")
        drive.trash(folder.id)  # the storage has seen it, and knows its id
        with pytest.raises(StorageFailure, match="into the bin"):
            storage.write("folder/second", content(b"data"))
        assert entries(storage) == []
        storage.write("folder/second", content(b"data"))
        assert entries(storage) == ["folder/second"]

    def test_what_may_not_be_changed_is_refused_and_stays(self, storage, drive, root):
        made = drive.add("key", b"by hand", parent=root, denied=frozenset({"canModifyContent"}))
        with pytest.raises(AccessDenied):
            storage.write("key", content(b"data"))
        assert drive.files[made].data == b"by hand"


class TestTheFolderItself:
    def test_is_made_with_those_on_the_way_once(self, fake_google, drive):
        storage = GdriveStorage(drive_address(fake_google, "one/two/three"))
        for _ in range(2):
            storage.create()
        assert [len(drive.named(name)) for name in ("one", "two", "three")] == [1, 1, 1]
        storage.write("key", content(b"data"))
        assert drive.tree() == {"one/two/three/key": b"data"}
        storage.close()

    def test_goes_into_the_bin_with_empty_folders_and_never_with_a_file(self, storage, drive, root):
        drive.add_folder("empty in it", drive.add_folder("empty", root))
        form = drive.add("form", mime_type=FORM, parent=root)
        with pytest.raises(StorageNotEmpty):
            storage.drop()
        drive.trash(form)
        storage.drop()
        assert drive.is_trashed(drive.files[root])
        assert len(drive.named("Sluice")) == 1
        with pytest.raises(StorageMissing):
            storage.check()

    def test_that_is_all_of_a_drive_is_there_and_never_dropped(self, fake_google, drive):
        storage = GdriveStorage(drive_address(fake_google, ""))
        storage.create()
        storage.write("key", content(b"data"))
        assert drive.tree() == {"key": b"data"}
        assert storage.delete(["key"]) == {}
        with pytest.raises(StorageNotEmpty):
            storage.drop()
        storage.close()

    @pytest.mark.parametrize("folder", ["", "team/photos"])
    def test_can_be_in_a_shared_drive(self, fake_google, drive, folder):
        shared = drive.add_shared_drive("Team")
        storage = GdriveStorage(drive_address(fake_google, folder, drive=shared))
        storage.create()
        storage.write("a/b", content(b"data"))
        storage.write("a/b", content(b"more data"))
        assert entries(storage) == ["a/b"]
        assert stored(storage, "a/b") == b"more data"
        assert storage.rights() == Rights(reads=True, writes=True)
        assert list(drive.tree(shared).values()) == [b"more data"]
        assert drive.tree() == {}
        assert storage.delete(["a/b"]) == {}
        assert entries(storage) == []
        storage.close()

    def test_that_no_one_may_change_can_still_be_read(self, storage, drive, root):
        drive.files[root].denied = frozenset({"canAddChildren"})
        assert storage.rights() == Rights(reads=True, writes=False)

    def test_of_an_account_that_took_its_grant_back_asks_for_consent(self, storage, fake_google):
        fake_google.revoke()
        for act in (storage.check, storage.rights, lambda: list(storage.list()), lambda: storage.delete(["key"])):
            with pytest.raises(ConsentRequired):
                act()
