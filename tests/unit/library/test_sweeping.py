"""What the chores remove, and what they leave alone."""

import os
import time
from uuid import uuid4

import pytest

from app.library.contract import CollectionKind
from app.library.files import LibraryFiles
from app.library.sweeping import LibrarySweep

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def mine(shelf, ann):
    return shelf.history(ann)


@pytest.fixture
def files(settings):
    return LibraryFiles(settings.data_dir)


def stray(shelf, files, content=b"stray"):
    """A file of nobody."""
    path = shelf.settings.data_dir / "written"
    path.write_bytes(content)
    return files.path(files.keep(path))


def test_files_that_no_item_has_are_removed_once_they_are_old(shelf, files, ann, mine):
    kept = shelf.ready(ann, mine)
    strays = [stray(shelf, files) for _ in range(20)]

    LibrarySweep(shelf.database, files).remove_files_of_nobody()
    assert all(path.exists() for path in strays)
    LibrarySweep(shelf.database, files, patience_seconds=0).remove_files_of_nobody()

    assert not any(path.exists() for path in strays)
    assert shelf.bytes_of(kept) == b"content"


def test_what_is_no_file_of_the_library_is_left_alone(shelf, files):
    path = stray(shelf, files)
    others = [
        path.parent / "notes.txt",
        path.parent / str(uuid4()).upper(),
        files.files / "of somebody",
        files.root / "README",
    ]
    for other in others:
        other.write_text("not ours")

    shelf.sweep()

    assert not path.exists()
    assert all(other.exists() for other in others)


def test_what_somebody_is_writing_is_left_alone(shelf, library, ann, mine):
    [number] = shelf.waiting(ann, mine)
    with library.filling.arriving(number) as path:
        abandoned = path.with_name("7-of a process that is gone")
        abandoned.write_bytes(b"half")
        for each in (path, abandoned):
            os.utime(each, (0, 0))

        shelf.sweep()

        assert shelf.arriving == [path]
        path.write_bytes(b"whole")
        assert library.filling.arrive(number, path).size == 5


def test_what_was_being_written_just_now_is_left_alone(shelf, library, ann, mine):
    [number] = shelf.waiting(ann, mine)
    with library.filling.arriving(number) as path:
        just_made = path.with_name("7-not locked yet")
        just_made.touch()

        for chore in library.chores:
            chore()

        assert just_made.exists()


def test_there_may_be_nothing_to_sweep(shelf, settings):
    shelf.sweep()

    assert not (settings.data_dir / "library").exists()


def test_the_chores_of_the_library_are_those_of_uploads_too(library, ann):
    upload = library.uploads.create(ann, 5, "new")

    for chore in library.chores:
        chore()

    assert library.uploads.find(ann, upload.id) == upload
    assert len(library.chores) == 3
    assert library.create_collection(ann, CollectionKind.HISTORY, "x").created_at <= time.time()
