"""Exports to a Drive: where files go, what they are called, and what stops the job."""

import pytest

from app.copies.contract import CopyKind, CopyState
from app.errors import InvalidInput, NotFound
from app.library.contract import CollectionKind

MIB = 1024 * 1024
FOLDER = "application/vnd.google-apps.folder"


def folders(fake, name):
    return [file for file in fake.drive.files.values() if file.name == name and file.is_folder]


def test_images_become_files_of_the_root(here, fake):
    job = here.exported(*here.images(("a.png", b"first"), ("b", b"second")))

    assert (job.job.state, job.kind, job.error) == ("succeeded", CopyKind.DRIVE_EXPORT, None)
    files = [here.stored(copy) for copy in job.copies]
    assert [(file.name, file.data) for file in files] == [("a.png", b"first"), ("b", b"second")]
    assert {file.parent for file in files} == {fake.drive.root()}
    assert [(copy.state, copy.size) for copy in job.copies] == [(CopyState.DONE, 5), (CopyState.DONE, 6)]


@pytest.mark.parametrize("size", [0, 1, MIB + 1, 9 * MIB + 1], ids=lambda size: f"{size} bytes")
def test_every_byte_is_stored(here, size):
    (image,) = here.images(("a", b"0123456789" * (size // 10 + 1)))
    (copy,) = here.exported(image).copies

    assert here.stored(copy).data == here.data(image)


def test_two_images_of_one_name_become_two_files(here):
    job = here.exported(*here.images(("a", b"1"), ("a", b"2")))

    assert sorted(file.data for file in here.named("a")) == [b"1", b"2"]
    assert job.job.state == "succeeded"


def test_a_named_folder_is_made_once_for_all_files(here, fake):
    images = here.images(*((f"f{number}", b"x") for number in range(20)))
    job = here.exported(*images, folder_name="/Aionvision Export")

    (made,) = folders(fake, "Aionvision Export")
    assert made.parent == fake.drive.root()
    assert {here.stored(copy).parent for copy in job.copies} == {made.id}


def test_each_job_makes_a_folder_of_its_own(here, fake):
    (image,) = here.images(("a", b"1"))
    here.exported(image, folder_name="again")
    here.exported(image, folder_name="again")

    assert len(folders(fake, "again")) == 2


def test_files_go_into_a_folder_that_is_there_and_a_new_one_into_that(here, fake):
    there = fake.drive.add("there", None, FOLDER, picked=True)
    (image,) = here.images(("a", b"1"))
    (plain,) = here.exported(image, folder_id=there).copies
    (nested,) = here.exported(image, folder_id=there, folder_name="new").copies

    assert here.stored(plain).parent == there
    (made,) = folders(fake, "new")
    assert (made.parent, here.stored(nested).parent) == (there, made.id)


def a_file(fake):
    return fake.drive.add("a file", b"1", picked=True)


def in_the_bin(fake):
    return fake.drive.add("old", None, FOLDER, explicitly_trashed=True, picked=True)


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("nobody-has-this-id", id="unknown"),
        pytest.param("../about", id="no id"),
        pytest.param(a_file, id="a file"),
        pytest.param(in_the_bin, id="in the bin"),
    ],
)
@pytest.mark.parametrize("name", [None, "new"])
def test_a_folder_that_cannot_be_had_fails_the_job(here, fake, where, name):
    images = here.images(("a", b"1"), ("b", b"1"))
    job = here.exported(*images, folder_id=where(fake) if callable(where) else where, folder_name=name)

    assert (job.job.state, job.job.reason) == ("failed", "storage_missing")
    assert {(copy.state, copy.reason) for copy in job.copies} == {(CopyState.FAILED, "storage_missing")}
    assert job.error == job.copies[0].message
    assert folders(fake, "new") == []


def test_names_and_types_are_such_as_drive_takes(here):
    (plain,) = here.images(("a/b\n.png", b"1"), mime_type="image/x-own")
    (native,) = here.images(("doc", b"2"), mime_type="application/vnd.google-apps.document")
    first, second = (here.stored(copy) for copy in here.exported(plain, native).copies)

    assert (first.name, first.mime_type) == ("a_b_.png", "image/x-own")
    assert (second.mime_type, second.data) == ("application/octet-stream", b"2")


def test_a_full_drive_stops_the_job(here, fake):
    fake.drive.limit = 10
    images = here.images(*((f"f{number}", b"x" * 100) for number in range(5)))
    job = here.exported(*images)

    assert (job.job.state, job.job.reason) == ("failed", "storage_full")
    assert {copy.reason for copy in job.copies} == {"storage_full"}


def test_an_image_without_a_file_is_not_exported(here):
    first, second = here.images(("a", b"1"), ("b", b"2"))
    here.library.delete_item(here.anna, second.number, purge=True, kind=CollectionKind.IMAGES)

    with pytest.raises(NotFound):
        here.drives.export_items(here.anna, here.connection_id, [first.id, second.id])
    assert list(here.jobs.list(include_finished=True, limit=10)) == []


@pytest.mark.parametrize(
    ("ids", "where", "field"),
    [
        pytest.param([], {}, "image_ids", id="none"),
        pytest.param(["a"] * 2, {}, "image_ids", id="one twice"),
        pytest.param(["a", "A"], {}, "image_ids", id="one twice, in other letters"),
        pytest.param([str(number) for number in range(1001)], {}, "image_ids", id="too many"),
        pytest.param(["a"], {"folder_name": "x" * 256}, "folder_name", id="a name that is too long"),
    ],
)
def test_a_request_that_makes_no_sense_makes_no_job(here, ids, where, field):
    with pytest.raises(InvalidInput) as refused:
        here.drives.export_items(here.anna, here.connection_id, ids, **where)
    assert refused.value.field == field
    assert list(here.jobs.list(include_finished=True, limit=10)) == []


def test_somebody_elses_image_is_not_exported(here):
    bob = here.people.user("bob")
    (image,) = here.images(("a", b"1"), caller=bob)

    with pytest.raises(NotFound):
        here.drives.export_items(here.anna, here.connection_id, [image.id])
