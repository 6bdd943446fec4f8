"""Imports and exports that were interrupted, or met a Drive that forgets and damages: each file comes once."""

from contextlib import closing

import pytest

from app.copies.contract import CopyState
from app.copies.ledger import Ledger
from app.copies.model import CopyRow
from app.errors import NotFound, StorageFailure
from app.library.contract import CollectionKind, ItemState
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.memory import MemoryContent

MIB = 1024 * 1024


@pytest.fixture
def files(fake):
    """The files of the account, as the process saw them that died."""
    urls = fake.settings
    address = DriveAddress("", fake.tokens(), endpoint=urls["GOOGLE_DRIVE_URL"], uploads=urls["GOOGLE_UPLOAD_URL"])
    with closing(DriveFiles(address)) as files:
        yield files


def set_row(here, copy, **values):
    """As a process left it that died then."""
    with here.services.database.writing() as session:
        row = session.get(CopyRow, copy.number)
        for name, value in values.items():
            setattr(row, name, value)


def export(here, *images, **where):
    """Have an export wait, and return it."""
    job = here.drives.export_items(here.anna, here.connection_id, [image.id for image in images], **where)
    return here.drives.job(here.anna, job.id)


def left_by(here, job, *noted):
    """Have the process that ran an export die with these ids noted."""
    for copy, file_id in zip(job.copies, noted, strict=True):
        set_row(here, copy, state=CopyState.RUNNING, stored_key=file_id)


def goes_on(here, job):
    """Take the job up again, and return it at its end."""
    here.run()
    return here.ended_job(job.job)


def test_an_image_that_had_arrived_is_not_brought_again(waiting, fake):
    answer = waiting.brought(*(fake.drive.add(f"f{number}", b"%d" % number) for number in range(6)))
    first = answer.items[0]
    waiting.library.filling.begin(first.number)
    with waiting.library.filling.arriving(first.number) as path:
        path.write_bytes(b"0")
        waiting.library.filling.arrive(first.number, path)
    set_row(waiting, answer.copies[0], state=CopyState.RUNNING)
    waiting.run()
    job = waiting.ended_job(answer.job)

    assert {copy.state for copy in job.copies} == {CopyState.DONE}
    assert fake.asked(f"files/{job.copies[0].source}") == []
    assert [waiting.data(waiting.image(copy)) for copy in job.copies] == [b"%d" % number for number in range(6)]


def test_an_image_that_was_arriving_is_brought_anew(start, fake):
    here = start(IMPORT_AT_ONCE="0")
    answer = here.brought(fake.drive.add("a", b"data"))
    here.library.filling.begin(answer.items[0].number)
    set_row(here, answer.copies[0], state=CopyState.RUNNING)
    here.run()
    (copy,) = here.ended_job(answer.job).copies

    assert (copy.state, here.data(here.image(copy))) == (CopyState.DONE, b"data")


def test_an_image_that_was_purged_meanwhile_is_not_brought(start, fake):
    here = start(IMPORT_AT_ONCE="0")
    answer = here.brought(fake.drive.add("a", b"data"))
    here.library.delete_item(here.anna, answer.items[0].number, purge=True, kind=CollectionKind.IMAGES)
    here.run()
    (copy,) = here.ended_job(answer.job).copies

    assert copy.state is CopyState.CANCELLED
    assert fake.asked("alt=media") == []


def test_a_file_that_was_made_before_the_crash_is_not_made_again(waiting, fake, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    files.create("a", None, file_id, MemoryContent(b"data", 0))
    left_by(waiting, job, file_id)
    sent = len(fake.asked("^POST /upload"))
    (copy,) = goes_on(waiting, job).copies

    assert (copy.state, copy.stored_key, copy.size) == (CopyState.DONE, file_id, 4)
    assert len(fake.asked("^POST /upload")) == sent
    assert len(waiting.named("a")) == 1


def test_a_file_whose_id_was_noted_and_that_was_not_made_is_made_under_it(waiting, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    left_by(waiting, job, file_id)
    (copy,) = goes_on(waiting, job).copies

    assert (copy.state, copy.stored_key, waiting.stored(copy).data) == (CopyState.DONE, file_id, b"data")


def test_a_file_that_somebody_changed_since_stays_and_none_is_put_beside_it(waiting, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    files.create("a", None, file_id, MemoryContent(b"changed", 0))
    left_by(waiting, job, file_id)
    (copy,) = goes_on(waiting, job).copies

    assert (copy.state, copy.reason) == (CopyState.FAILED, "object_exists")
    assert [file.data for file in waiting.named("a")] == [b"changed"]


def test_a_file_that_arrived_damaged_and_is_in_the_bin_is_made_under_another_id(waiting, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    files.create("a", None, file_id, MemoryContent(b"dXta", 0))
    files.trash(file_id)
    left_by(waiting, job, file_id)
    (copy,) = goes_on(waiting, job).copies

    assert copy.state is CopyState.DONE
    assert copy.stored_key != file_id
    assert waiting.stored(copy).data == b"data"


def test_a_file_that_somebody_put_into_the_bin_before_the_job_went_on_is_made_again(waiting, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    files.create("a", None, file_id, MemoryContent(b"data", 0))
    files.trash(file_id)
    left_by(waiting, job, file_id)
    (copy,) = goes_on(waiting, job).copies

    assert (copy.state, files.find(copy.stored_key).trashed) == (CopyState.DONE, False)
    assert copy.stored_key != file_id


def test_a_file_that_arrived_damaged_and_was_removed_for_good_is_made_under_another_id(waiting, fake, files):
    job = export(waiting, *waiting.images(("a", b"data")))
    (file_id,) = files.new_ids(1)
    fake.drive.damages = 1
    with pytest.raises(StorageFailure):
        files.create("a", None, file_id, MemoryContent(b"data", 0))
    left_by(waiting, job, file_id)
    (copy,) = goes_on(waiting, job).copies

    assert (copy.state, waiting.stored(copy).data) == (CopyState.DONE, b"data")
    assert [file.id for file in waiting.named("a")] == [copy.stored_key]
    assert copy.stored_key != file_id


def test_the_folder_of_a_job_is_found_again(waiting, files):
    job = export(waiting, *waiting.images(("a", b"1"), ("b", b"2")), folder_name="once")
    (folder_id,) = files.new_ids(1)
    ledger = Ledger(waiting.services.database, job.job.id)
    assert ledger.agree(job.copies[0].number, "folder", folder_id) == folder_id
    files.make_folder("once", None, folder_id)
    ended = goes_on(waiting, job)

    assert [file.id for file in waiting.named("once")] == [folder_id]
    assert {waiting.stored(copy).parent for copy in ended.copies} == {folder_id}


def test_the_folder_of_a_job_is_made_under_the_id_that_was_noted(waiting, files):
    job = export(waiting, *waiting.images(("a", b"1")), folder_name="once")
    (folder_id,) = files.new_ids(1)
    Ledger(waiting.services.database, job.job.id).agree(job.copies[0].number, "folder", folder_id)
    goes_on(waiting, job)

    assert [file.id for file in waiting.named("once")] == [folder_id]


def test_a_folder_that_was_put_into_the_bin_meanwhile_gets_no_files(waiting, files):
    job = export(waiting, *waiting.images(("a", b"1")), folder_name="once")
    (folder_id,) = files.new_ids(1)
    Ledger(waiting.services.database, job.job.id).agree(job.copies[0].number, "folder", folder_id)
    files.make_folder("once", None, folder_id)
    files.trash(folder_id)
    ended = goes_on(waiting, job)

    assert (ended.job.state, ended.job.reason) == ("failed", "storage_missing")
    assert waiting.named("a") == []


def test_of_two_attempts_that_note_something_of_their_job_the_first_wins(waiting):
    job = export(waiting, *waiting.images(("a", b"1")))
    ledger, number = Ledger(waiting.services.database, job.job.id), job.copies[0].number

    assert (ledger.agree(number, "folder", "first"), ledger.agree(number, "folder", "second")) == ("first", "first")
    assert ledger.first().options["folder"] == "first"
    assert ledger.first().options["folder_id"] is None


def test_a_job_without_copies_has_no_first(waiting):
    with pytest.raises(NotFound):
        Ledger(waiting.services.database, "no-such-job").first()


@pytest.mark.parametrize("size", [10, 9 * MIB], ids=["in one request", "in pieces"])
def test_a_file_that_arrives_damaged_is_sent_once_more(here, fake, size):
    fake.drive.damages = 1
    (copy,) = here.exported(*here.images(("a", b"x" * size))).copies

    assert (copy.state, here.stored(copy).data) == (CopyState.DONE, b"x" * size)
    assert [file.id for file in here.named("a") if not file.explicitly_trashed] == [copy.stored_key]


def test_a_file_that_arrives_damaged_again_and_again_fails_and_is_not_left_there(here, fake):
    fake.drive.damages = 10
    (copy,) = here.exported(*here.images(("a", b"data"))).copies

    assert (copy.state, copy.reason) == (CopyState.FAILED, "storage_failure")
    assert [file for file in here.named("a") if not file.explicitly_trashed] == []


def test_a_file_whose_upload_is_forgotten_half_way_is_sent_once_more(here, fake):
    (image,) = here.images(("a", bytes(range(256)) * 36 * 1024))
    fake.fail(r"^PUT .*upload_id=", 404, "notFound")
    (copy,) = here.exported(image).copies

    assert (copy.state, here.stored(copy).data) == (CopyState.DONE, here.data(image))
    assert len(here.named("a")) == 1


@pytest.mark.parametrize("size", [10, 6 * MIB], ids=["in one request", "in pieces"])
def test_lost_answers_make_no_second_file_and_no_second_folder(here, fake, size):
    fake.drop(r"^POST /drive/v3/files", after=True)
    fake.drop(r"^POST /upload" if size == 10 else r"^PUT .*upload_id=", after=True)
    job = here.exported(*here.images(("a", b"x" * size)), folder_name="once")

    assert job.job.state == "succeeded"
    assert (len(here.named("a")), len(here.named("once"))) == (1, 1)


def test_what_was_being_carried_when_the_service_was_told_to_stop_goes_on_later(start, fake):
    here = start(IMPORT_AT_ONCE="0")
    ids = [fake.drive.add(f"f{number}", b"%d" % number) for number in range(30)]
    here.run()
    with fake.hold("alt=media", times=4) as held:
        answer = here.brought(*ids)
        held.arrived()
        here.services.runner.drain(0.0)
    assert here.services.runner.drain(30)
    before = sum(copy.state is CopyState.DONE for copy in here.drives.job(here.anna, answer.job.id).copies)
    assert here.jobs.get(answer.job.id).state == "queued"
    asked = len(fake.asked("alt=media"))
    here.another_runner()
    job = here.ended_job(answer.job)

    assert len(fake.asked("alt=media")) - asked == 30 - before
    assert {copy.state for copy in job.copies} == {CopyState.DONE}
    assert [here.data(here.image(copy)) for copy in job.copies] == [b"%d" % number for number in range(30)]
    assert {here.image(copy).state for copy in job.copies} == {ItemState.READY}
