"""Notes of uploads under way: what survives a crash, who holds them, and that a broken disk only costs the resuming."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.storages.s3 import S3Address
from app.storages.s3.notes import Notes, Opened
from tests.support.permissions import bound_by_permissions

ADDRESS = S3Address("http://someone:secret-in-url@storage.example:9000", "bucket", "access-key", "secret-key")
OTHERS = [
    pytest.param(S3Address("http://other.example:9000", "bucket", "access-key", "secret-key"), id="another endpoint"),
    pytest.param(S3Address("http://storage.example:9000", "other", "access-key", "secret-key"), id="another bucket"),
]
FOREVER = float("inf")


def opened(key="key", upload_id="upload-1", address=ADDRESS):
    return Opened(address.host, address.bucket, key, upload_id, 100, 10, "mark", 1000.0)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "multipart"


@pytest.fixture
def notes(folder):
    return Notes(folder)


def noted(notes, *etags, key="key", address=ADDRESS):
    """Leave a note with these parts, as a process does that is killed."""
    note = notes.claim(address, key)
    note.begin(opened(key, address=address))
    for number, etag in enumerate(etags, start=1):
        note.add(number, etag)
    note.close()
    return note


def the_file(folder):
    [path] = folder.iterdir()
    return path


def claimed(notes, key="key"):
    note = notes.claim(ADDRESS, key)
    note.close()
    return note.opened, note.etags


def test_what_was_noted_is_found_again(notes):
    noted(notes, '"etag-1"', '"etag-2"')

    assert claimed(notes) == (opened(), {1: '"etag-1"', 2: '"etag-2"'})


def test_a_new_note_tells_of_nothing(notes):
    assert claimed(notes) == (None, {})


def test_each_object_has_a_note_of_its_own(notes):
    noted(notes, key="one")
    noted(notes, key="two")

    assert claimed(notes, "one") == (opened("one"), {})
    assert claimed(notes, "three") == (None, {})


def test_a_note_that_begins_anew_forgets_the_upload_before(notes):
    noted(notes, '"old"')
    note = notes.claim(ADDRESS, "key")
    note.begin(opened(upload_id="upload-2"))
    note.add(7, '"new"')
    note.close()

    assert claimed(notes) == (opened(upload_id="upload-2"), {7: '"new"'})


def test_a_note_that_is_removed_leaves_nothing(notes, folder):
    note = notes.claim(ADDRESS, "key")
    note.begin(opened())
    note.remove()
    note.add(1, '"too late"')
    note.close()

    assert list(folder.iterdir()) == []


def test_no_secret_is_written_and_others_may_not_read(notes, folder):
    noted(notes, '"etag"')
    path = the_file(folder)

    assert not {"secret-in-url", "secret-key", "access-key"} & set(path.read_text().split('"'))
    assert "secret" not in path.read_text()
    assert (folder.stat().st_mode & 0o077, path.stat().st_mode & 0o077) == (0, 0)


@pytest.mark.parametrize(
    ("torn", "kept"),
    [
        pytest.param('[3, "etag-3"]', 2, id="no end of line"),
        pytest.param('[3, "et', 2, id="half a line"),
        pytest.param("[", 2, id="one byte"),
        pytest.param("\0\0\0\0\n", 2, id="zeros, as a file system may leave them"),
        pytest.param('[3]\n[4, "etag-4"]\n', 2, id="a line without an etag, and all after it"),
        pytest.param('{"3": "etag-3"}\n', 2, id="a line that is no part"),
        pytest.param('[3, "etag-3"]\n\xff', 3, id="not a character"),
    ],
)
def test_a_torn_end_is_cut_off_and_the_note_goes_on_after_it(notes, folder, torn, kept):
    noted(notes, "etag-1", "etag-2")
    with the_file(folder).open("ab") as file:
        file.write(torn.encode("latin-1"))
    note = notes.claim(ADDRESS, "key")
    assert sorted(note.etags) == list(range(1, kept + 1))
    note.add(9, "etag-9")
    note.close()

    assert sorted(claimed(notes)[1]) == [*range(1, kept + 1), 9]


FOREIGN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"something else\n", id="text"),
    pytest.param(b"\xff\xfe\x00\n", id="bytes"),
    pytest.param(b"[]\n", id="another JSON"),
    pytest.param(json.dumps({"upload_id": "u"}).encode() + b"\n", id="too little"),
    pytest.param(opened().line.encode(), id="a first line that was not finished"),
    pytest.param(opened().line.replace("100", '"100"').encode() + b"\n", id="a size in quotes"),
]


@pytest.mark.parametrize("data", FOREIGN)
def test_a_note_that_makes_no_sense_is_written_anew(notes, folder, data):
    noted(notes)
    the_file(folder).write_bytes(data)
    assert claimed(notes) == (None, {})
    noted(notes, '"etag"')

    assert claimed(notes) == (opened(), {1: '"etag"'})


def test_one_writer_has_the_note_and_the_next_one_works_without(notes, folder):
    first = notes.claim(ADDRESS, "key")
    assert notes.claim(ADDRESS, "key") is None
    assert Notes(folder).claim(ADDRESS, "key") is None
    assert notes.claim(ADDRESS, "other") is not None
    first.remove()
    assert notes.claim(ADDRESS, "key") is not None


def test_the_lock_ends_with_its_process_however_that_ends(notes, folder):
    with child("note = claimed(); print('held', flush=True); time.sleep(60)", folder) as process:
        assert process.stdout.readline() == "held\n"
        assert notes.claim(ADDRESS, "key") is None
        process.kill()
    assert notes.claim(ADDRESS, "key") is not None


def test_notes_that_nobody_works_on_are_told_by_their_age(notes, folder):
    for key in ("old", "new", "in use"):
        noted(notes, key=key)
    held = notes.claim(ADDRESS, "in use")
    for path in folder.iterdir():
        if '"new"' not in path.read_text():
            os.utime(path, (1000, 1000))

    assert [note.opened.key for note in notes.unused(ADDRESS, 2000)] == ["old"]
    assert sorted(note.opened.key for note in notes.unused(ADDRESS, FOREVER)) == ["new", "old"]
    held.close()
    assert len(list(notes.unused(ADDRESS, FOREVER))) == 3


@pytest.mark.parametrize("other", OTHERS)
def test_notes_of_another_bucket_are_left_alone(notes, other):
    noted(notes, address=other)

    assert list(notes.unused(ADDRESS, FOREVER)) == []
    assert [note.opened.key for note in notes.unused(other, FOREVER)] == ["key"]


@pytest.mark.parametrize("data", FOREIGN)
def test_notes_that_tell_of_nothing_are_told_too_so_that_they_can_be_removed(notes, folder, data):
    noted(notes)
    the_file(folder).write_bytes(data)

    for note in notes.unused(ADDRESS, FOREVER):
        note.remove()
    assert list(folder.iterdir()) == []


def test_files_of_others_in_the_folder_are_not_touched(notes, folder, tmp_path):
    noted(notes)
    the_file(folder).unlink()
    (folder / "README").write_text("mine")
    (folder / "folder.upload").mkdir()
    (tmp_path / "target").write_text("mine")
    (folder / "link.upload").symlink_to(tmp_path / "target")

    assert list(notes.unused(ADDRESS, FOREVER)) == []
    assert sorted(path.name for path in folder.iterdir()) == ["README", "folder.upload", "link.upload"]


def test_without_a_folder_there_is_nothing_to_tell(notes):
    assert list(notes.unused(ADDRESS, FOREVER)) == []


def test_where_the_folder_cannot_be_made_there_are_no_notes_and_that_is_said_once(tmp_path, caplog):
    (tmp_path / "file").touch()
    notes = Notes(tmp_path / "file" / "multipart")

    assert [notes.claim(ADDRESS, key) for key in "abc"] == [None] * 3
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_where_the_folder_may_not_be_written_there_are_no_notes(folder):
    folder.mkdir(parents=True, mode=0o500)
    with child("print(claimed())", folder, preexec_fn=bound_by_permissions) as process:
        assert process.communicate()[0] == "None\n"


@pytest.mark.fault(6)
def test_on_a_full_disk_the_noting_ends_and_what_was_noted_stays(notes, folder):
    limit = len(opened().line) + 40
    program = (
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); note = claimed(); note.begin(opened)\n"
        "for number in range(1, 9): note.add(number, 'etag')\n"
        "print(note.opened == opened)"
    )
    with child(program, folder) as process:
        assert process.communicate()[0] == "True\n"
    assert the_file(folder).stat().st_size == limit

    assert claimed(notes) == (opened(), {1: "etag", 2: "etag", 3: "etag"})


def test_what_cannot_even_be_begun_is_not_there_to_be_resumed(notes, folder):
    program = (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9)); note = claimed(); note.begin(opened); print(note.opened)"
    )
    with child(program, folder) as process:
        assert process.communicate()[0] == "None\n"

    assert claimed(notes) == (None, {})


def child(program, folder, **options):
    """Start a process that runs ``program``, in which ``claimed()`` claims the note of `opened`."""
    before = (
        "import resource, time\n"
        "from pathlib import Path\n"
        "from app.storages.s3 import S3Address\n"
        "from app.storages.s3.notes import Notes, Opened\n"
        f"opened = {opened()!r}\n"
        f"claimed = lambda: Notes(Path({str(folder)!r})).claim(S3Address({ADDRESS.endpoint!r}, 'bucket', '', ''), 'key')\n"
    )
    root = Path(__file__).parents[3]
    return subprocess.Popen(
        [sys.executable, "-c", before + program], stdout=subprocess.PIPE, text=True, cwd=root, **options
    )
