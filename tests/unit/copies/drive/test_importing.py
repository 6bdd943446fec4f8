"""Imports from a Drive: what each file becomes, and which fail while the others arrive."""

import pytest

from app.copies.contract import CopyKind, CopyState
from app.copies.drive.contract import DriveImport
from app.library.contract import CollectionKind, CollectionQuery, ItemState
from app.library.description import Description
from tests.support.pictures import picture

MIB = 1024 * 1024
NATIVE = "application/vnd.google-apps."
FOLDER, SHORTCUT = f"{NATIVE}folder", f"{NATIVE}shortcut"


def test_files_arrive_as_images_with_what_the_client_said_of_them(here, fake):
    photo = picture((40, 20), "JPEG")
    first = fake.drive.add("IMG_1.jpg", photo, "image/jpeg")
    second = fake.drive.add("IMG_1.jpg", b"other", "text/plain")
    files = [DriveImport(first, "mine.jpg", "text/plain", 3), DriveImport(second)]
    job = here.imported(*files, tags=["imported", "drive"], collection="col_1")

    assert (job.job.state, job.kind, job.error) == ("succeeded", CopyKind.DRIVE_IMPORT, None)
    assert job.connection_id == here.connection_id
    assert [copy.source for copy in job.copies] == [first, second]
    image, other = (here.image(copy) for copy in job.copies)
    assert (image.name, other.name) == ("mine.jpg", "IMG_1.jpg")
    assert (here.data(image), here.data(other)) == (photo, b"other")
    assert (image.tags, other.tags) == (("imported", "drive"),) * 2
    words = {"drive_file_id": first, "connection_id": here.connection_id, "collection_id": "col_1"}
    assert words.items() <= image.attributes.items()
    assert (image.attributes["mime_type"], image.attributes["width"], image.attributes["height"]) == (
        "image/jpeg",
        40,
        20,
    )
    assert (image.file_type, image.state, "describe_error" in image.attributes) == ("jpg", ItemState.READY, False)
    assert image.description
    collections = here.library.collections(here.anna, CollectionKind.IMAGES, CollectionQuery())
    assert [(each.name, each.number) for each in collections] == [("col_1", image.collection_number)]


def test_nothing_is_described_when_the_client_does_not_want_that(here, fake):
    (copy,) = here.imported(fake.drive.add("a.png", picture(), "image/png"), describe=False).copies

    image = here.image(copy)
    assert (image.description, image.attributes["mime_type"]) == (None, "image/png")
    assert "width" not in image.attributes


def test_images_are_none_of_the_items_and_jobs_of_histories(here, fake):
    job = here.imported(fake.drive.add("a", b"1"))

    assert here.library.contents([here.history])[here.history].states == {}
    assert here.library.collections(here.anna, CollectionKind.HISTORY, CollectionQuery())[0].number == here.history
    assert job.copies[0].collection_number != here.history


@pytest.mark.parametrize("size", [0, 1, MIB, MIB + 1, 12 * MIB], ids=lambda size: f"{size} bytes")
def test_every_byte_arrives(here, fake, size):
    data = bytes(range(251)) * (size // 251 + 1)
    (copy,) = here.imported(fake.drive.add("data.bin", data[:size])).copies

    assert (copy.state, copy.size, here.data(here.image(copy))) == (CopyState.DONE, size, data[:size])


@pytest.mark.parametrize(
    ("native", "exported", "asked", "name", "mime_type"),
    [
        pytest.param("drawing", "image/png", "", "Sketch.png", "image/png", id="a drawing"),
        pytest.param("drawing", "image/png", "mine", "mine.png", "image/png", id="under the client's name"),
        pytest.param("drawing", "image/png", "mine.png", "mine.png", "image/png", id="which has the extension"),
        pytest.param("presentation", "application/pdf", "", "Sketch.pdf", "application/pdf", id="a presentation"),
        pytest.param("document", "application/pdf", "", "Sketch.pdf", "application/pdf", id="a text"),
    ],
)
def test_a_document_of_googles_is_exported(here, fake, native, exported, asked, name, mime_type):
    file_id = fake.drive.add("Sketch", None, NATIVE + native, exports={exported: b"exported"})
    (copy,) = here.imported(DriveImport(file_id, asked), describe=False).copies

    image = here.image(copy)
    assert (copy.state, image.name, here.data(image)) == (CopyState.DONE, name, b"exported")
    assert image.attributes["mime_type"] == mime_type


def test_a_shortcut_is_followed_once(here, fake):
    file_id = fake.drive.add("real.txt", b"real", "text/plain")
    shortcut = fake.drive.add("link", None, SHORTCUT, target=file_id)
    chain = fake.drive.add("link to a link", None, SHORTCUT, target=shortcut)
    done, failed = here.imported(shortcut, chain).copies

    assert (here.image(done).name, here.data(here.image(done))) == ("real.txt", b"real")
    assert failed.state is CopyState.FAILED
    assert "shortcut" in failed.message


def a_folder(fake):
    return fake.drive.add("things", None, FOLDER)


def in_the_bin(fake):
    return fake.drive.add("old", b"1", explicitly_trashed=True)


def not_to_be_downloaded(fake):
    return fake.drive.add("secret", b"1", denied=frozenset({"canDownload"}))


def a_form(fake):
    return fake.drive.add("poll", None, f"{NATIVE}form")


def nothing(fake):  # noqa: ARG001
    return "nobody-has-this-id"


def no_id(fake):  # noqa: ARG001
    return "../about"


def another_checksum(fake):
    return fake.drive.add("rotten", b"rotten", told_md5="0" * 32)


@pytest.mark.parametrize(
    ("bad", "reason", "said"),
    [
        pytest.param(a_folder, "request_refused", "folder", id="a folder"),
        pytest.param(in_the_bin, "object_missing", "bin", id="in the bin"),
        pytest.param(not_to_be_downloaded, "access_denied", "download", id="its owner allows no download"),
        pytest.param(a_form, "access_denied", "", id="nothing that can be exported"),
        pytest.param(nothing, "object_missing", "", id="unknown"),
        pytest.param(no_id, "request_refused", "", id="no id"),
        pytest.param(another_checksum, None, "", id="other bytes than its checksum says"),
    ],
)
def test_a_file_that_cannot_be_had_fails_alone(here, fake, bad, reason, said):
    good = fake.drive.add("good", b"good")
    job = here.imported(bad(fake), good)

    failed, done = job.copies
    assert (failed.state, done.state) == (CopyState.FAILED, CopyState.DONE)
    assert reason in (None, failed.reason)
    assert said in failed.message
    assert (here.image(failed).state, here.image(failed).message) == (ItemState.FAILED, failed.message)
    assert (job.job.state, job.job.reason, job.error) == ("partial", failed.reason, job.job.message)
    assert here.leftovers() == []


def test_a_file_that_is_too_much_for_the_quota_fails_alone(start, fake):
    here = start(LIBRARY_QUOTA="1000")
    here.run()
    large, small = fake.drive.add("large", b"x" * 2000), fake.drive.add("small", b"x" * 10)
    failed, done = here.imported(DriveImport(large, size=1), small).copies

    assert (failed.state, failed.reason, done.state) == (CopyState.FAILED, "quota_exceeded", CopyState.DONE)
    assert fake.asked(rf"{large}.*alt=media") == []


def broken(what):  # noqa: ARG001
    raise ValueError("a secret")


def hostile(what):  # noqa: ARG001
    return Description("ok", {"drive_file_id": "another", "mime_type": 7, "own": 1}, ["seen"])


def test_a_describer_that_fails_does_not_fail_the_import(start, fake):
    here = start(DESCRIBER=f"{__name__}:broken")
    here.run()
    (copy,) = here.imported(fake.drive.add("a.txt", b"1", "text/plain")).copies

    image = here.image(copy)
    assert (copy.state, image.description) == (CopyState.DONE, None)
    assert "ValueError" in image.attributes["describe_error"]
    assert "a secret" not in image.attributes["describe_error"]


def test_a_describer_adds_what_it_knows_and_cannot_say_where_a_file_came_from(start, fake):
    here = start(DESCRIBER=f"{__name__}:hostile")
    here.run()
    file_id = fake.drive.add("a.txt", b"1", "text/plain")
    (copy,) = here.imported(file_id, tags=["given"]).copies

    image = here.image(copy)
    assert (image.description, image.tags) == ("ok", ("given", "seen"))
    assert {"drive_file_id": file_id, "mime_type": "text/plain", "own": 1}.items() <= image.attributes.items()


def removing(what):
    what.path.unlink()
    return Description("gone")


def rewriting(what):
    what.path.write_bytes(b"of the describer")
    return Description("new")


@pytest.mark.parametrize("describer", ["removing", "rewriting"])
def test_a_file_that_its_describer_did_not_leave_alone_does_not_arrive_and_ends_no_job(start, fake, describer):
    here = start(DESCRIBER=f"{__name__}:{describer}")
    here.run()
    files = [fake.drive.add("a.txt", b"1", "text/plain"), fake.drive.add("b.txt", b"2", "text/plain")]
    job = here.imported(*files)

    assert (job.job.state, job.job.message) == ("failed", "0 copied, 2 failed. What failed is listed by /steps.")
    said = [f"The describer changed or removed {name}, which is only to be read." for name in ("'a.txt'", "'b.txt'")]
    assert [copy.message for copy in job.copies] == said
    assert {here.image(copy).state for copy in job.copies} == {ItemState.FAILED}


def test_the_history_of_the_job_names_the_files(here, fake):
    named, unnamed = fake.drive.add("a", b"1"), fake.drive.add("b", b"2")
    job = here.imported(DriveImport(named, "mine"), unnamed)

    steps = here.jobs.steps(job.job.id)
    assert {step.record.key for step in steps} == {"mine", unnamed}
