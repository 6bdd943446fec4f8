"""What a request for an import or an export is answered, who may make one, and how its job is followed and stopped."""

import threading

import pytest

from app.connections.model import ConnectionRow
from app.copies.contract import CopyKind, CopyState, Import
from app.copies.drive.contract import DriveImport
from app.copies.work import work_of
from app.errors import ConsentRequired, InvalidInput, JobNotFound, NotAllowed, NotFound, QuotaExceeded
from app.jobs.contract import JobState
from app.library.contract import CollectionKind, CollectionQuery, ItemState
from tests.support.jobs import eventually

MIB = 1024 * 1024


def files(fake, count):
    return [fake.drive.add(f"f{number}", b"%d" % number) for number in range(count)]


def nothing_was_made(here):
    jobs = list(here.jobs.list(include_finished=True, limit=10))
    return jobs == [] and here.library.collections(here.anna, CollectionKind.IMAGES, CollectionQuery()) == []


def test_the_end_of_a_small_import_is_waited_for(here, fake):
    answer = here.brought(*files(fake, 3), "nobody-has-this-id")

    assert answer.at_once is True
    assert [copy.state for copy in answer.copies] == [CopyState.DONE] * 3 + [CopyState.FAILED]
    assert [item.state for item in answer.items] == [ItemState.READY] * 3 + [ItemState.FAILED]
    assert [here.data(item) for item in answer.items[:3]] == [b"0", b"1", b"2"]
    assert answer.job.id == answer.copies[0].job_id


def test_a_large_import_is_not_waited_for(start, fake):
    here = start(IMPORT_AT_ONCE="2")
    answer = here.brought(*files(fake, 3))

    assert (answer.at_once, answer.job.state) == (False, JobState.QUEUED)
    assert {copy.state for copy in answer.copies} == {CopyState.WAITING}
    assert {item.state for item in answer.items} == {ItemState.WAITING}
    here.run()
    ended = here.ended_job(answer.job)
    assert [copy.number for copy in ended.copies] == [copy.number for copy in answer.copies]
    assert {copy.state for copy in ended.copies} == {CopyState.DONE}


def test_no_import_is_waited_for_when_none_shall_be(start, fake):
    here = start(IMPORT_AT_ONCE="0")
    here.run()

    assert here.brought(*files(fake, 1)).at_once is False


@pytest.mark.slow
def test_a_small_import_that_does_not_begin_is_not_waited_for(waiting, fake):
    answer = waiting.brought(*files(fake, 1))

    assert (answer.at_once, answer.copies[0].state) == (False, CopyState.WAITING)


@pytest.mark.parametrize(
    ("given", "wishes", "field"),
    [
        pytest.param([], {}, "files", id="none"),
        pytest.param(["a", "b", "a"], {}, "files", id="one twice"),
        pytest.param([f"f{number}" for number in range(1001)], {}, "files", id="too many"),
        pytest.param([DriveImport("a", "x" * 5000)], {}, "files", id="a name that is too long"),
        pytest.param(["a"], {"tags": ["x" * 256]}, "tags", id="a tag that is too long"),
        pytest.param(["a"], {"collection": "x" * 256}, "name", id="the name of a collection that is too long"),
    ],
)
def test_a_request_that_makes_no_sense_makes_nothing(waiting, given, wishes, field):
    with pytest.raises(InvalidInput) as refused:
        waiting.brought(*given, **wishes)
    assert refused.value.field == field
    assert nothing_was_made(waiting)


def test_who_has_no_room_left_imports_nothing(start, fake):
    here = start(LIBRARY_QUOTA="10")
    here.filled(("full", b"0123456789"))

    with pytest.raises(QuotaExceeded):
        here.brought(*files(fake, 1))
    assert nothing_was_made(here)


def test_a_connection_is_used_by_whoever_gave_the_consent_and_nobody_else(waiting, fake):
    (file_id,) = files(fake, 1)
    for caller in (waiting.people.user("bob"), waiting.people.user("root", "admin")):
        with pytest.raises(NotFound):
            waiting.drives.import_files(caller, waiting.connection_id, [DriveImport(file_id)])
        with pytest.raises(NotFound):
            waiting.drives.export_items(caller, waiting.connection_id, ["a"])
    with pytest.raises(NotFound):
        waiting.drives.import_files(waiting.anna, "nothing", [DriveImport(file_id)])
    assert nothing_was_made(waiting)


def test_a_worker_starts_nothing(waiting):
    with pytest.raises(NotAllowed):
        waiting.drives.import_files(waiting.people.user("will", "worker"), waiting.connection_id, [DriveImport("a")])


def test_a_consent_that_was_taken_back_fails_the_job_and_then_every_request(here, fake):
    ids = files(fake, 6)
    fake.revoke()
    job = here.imported(*ids)

    assert (job.job.state, job.job.reason) == ("failed", "consent_required")
    assert {(copy.state, copy.reason) for copy in job.copies} == {(CopyState.FAILED, "consent_required")}
    assert {here.image(copy).state for copy in job.copies} == {ItemState.FAILED}
    with pytest.raises(ConsentRequired):
        here.brought(ids[0])
    with pytest.raises(ConsentRequired):
        here.drives.export_items(here.anna, here.connection_id, ["a"])


def test_no_token_is_in_the_job_its_copies_or_its_steps(here, fake):
    job = here.imported(*files(fake, 2))
    written = repr((job, here.jobs.steps(job.job.id)))

    secrets = [*fake.oauth.access_tokens, fake.oauth.client_secret]
    assert secrets
    assert not [secret for secret in secrets if secret in written]


def test_a_job_is_shown_to_its_owner_and_to_admins_only(here, fake):
    job = here.imported(*files(fake, 1))

    assert here.drives.job(here.people.user("root", "admin"), job.job.id) == job
    with pytest.raises(JobNotFound):
        here.drives.job(here.people.user("bob"), job.job.id)


def test_other_jobs_are_no_imports_or_exports(here):
    ((_, copy),) = here.copies.bring(here.anna, here.history, [Import(name="a", upload=here.upload(b"1"))])
    with pytest.raises(JobNotFound):
        here.drives.job(here.anna, copy.job_id)
    with pytest.raises(JobNotFound):
        here.drives.job(here.anna, "no-such-job")


def test_disconnecting_cancels_what_waits(waiting, fake):
    (image,) = waiting.images(("a", b"1"))
    export = waiting.drives.export_items(waiting.anna, waiting.connection_id, [image.id])
    answer = waiting.brought(*files(fake, 6))
    waiting.services.grants.disconnect(waiting.anna, waiting.connection_id)

    for job_id in (export.id, answer.job.id):
        ended = waiting.drives.job(waiting.anna, job_id)
        assert ended.job.state == "cancelled"
        assert {copy.state for copy in ended.copies} == {CopyState.CANCELLED}
    assert {waiting.image(copy).state for copy in answer.copies if copy.item_number} == {ItemState.DISCARDED}


def test_an_import_is_cancelled_within_a_large_file_and_leaves_nothing(here, fake):
    large = fake.drive.add("large", b"x" * (24 * MIB))
    with fake.hold(rf"{large}.*alt=media", times=1000) as held:
        answer = here.drives.import_files(
            here.anna, here.connection_id, [DriveImport(each) for each in [large, *files(fake, 5)]]
        )
        held.arrived()
        here.jobs.request_cancel(answer.job.id)
        held.release()
        job = here.ended_job(answer.job)

    assert job.job.state == "cancelled"
    assert job.copies[0].state is CopyState.CANCELLED
    assert here.leftovers() == []


def test_an_export_is_cancelled_within_a_large_file_and_leaves_nothing(here, fake):
    (image,) = here.images(("large", b"x" * (24 * MIB)))
    with fake.hold(r"^PUT .*upload_id=", times=1000) as held:
        started = here.drives.export_items(here.anna, here.connection_id, [image.id])
        held.arrived()
        here.jobs.request_cancel(started.id)
        held.release()
        job = here.ended_job(started)

    assert (job.job.state, job.copies[0].state) == ("cancelled", CopyState.CANCELLED)
    assert here.named("large") == []
    eventually(lambda: fake.open_uploads == 0)


def test_a_job_tells_what_it_is_about_and_holds_no_target(waiting, fake):
    (image,) = waiting.images(("a", b"1"))
    export = waiting.drives.export_items(waiting.anna, waiting.connection_id, [image.id])
    job = waiting.brought(*files(fake, 6)).job

    shown = {name: job.arguments[name] for name in ("direction", "source", "dest", "connection")}
    expected = {"direction": "drive-import", "source": "Google Drive", "dest": "library"}
    assert shown == expected | {"connection": waiting.connection_id}
    assert (export.arguments["source"], export.arguments["dest"]) == ("library", "Google Drive")
    assert (job.target, export.target) == ("", "")
    assert work_of(export.arguments).kind is CopyKind.DRIVE_EXPORT


def test_a_job_does_not_use_a_connection_that_leads_to_another_account_by_then(waiting, fake):
    (image,) = waiting.images(("a", b"1"))
    export = waiting.drives.export_items(waiting.anna, waiting.connection_id, [image.id])
    change_address(waiting, path="/another")
    waiting.run()
    job = waiting.ended_job(export)

    assert (job.job.state, job.job.reason) == ("failed", "connection_unusable")
    assert fake.asked("/drive/v3/") == []


def test_another_folder_of_the_same_account_changes_nothing_for_a_job(waiting, fake):
    answer = waiting.brought(*files(fake, 6))
    change_address(waiting, bucket="elsewhere")
    waiting.run()

    assert waiting.ended_job(answer.job).job.state == "succeeded"


def test_the_root_of_a_connection_to_a_shared_drive_is_the_shared_drive(waiting, fake):
    drive = fake.drive.add_shared_drive("ours", picked=True)
    change_address(waiting, drive=drive)
    waiting.run()
    (plain,) = waiting.exported(*waiting.images(("a", b"1"))).copies
    (nested,) = waiting.exported(*waiting.images(("b", b"2")), folder_name="new").copies

    (folder,) = waiting.named("new")
    assert waiting.stored(plain).parent == folder.parent == drive
    assert waiting.stored(nested).parent == folder.id


def test_no_more_imports_are_waited_for_than_a_quarter_of_the_web_threads(start, fake):
    here = start(WEB_THREADS="4")
    here.run()
    first, second = files(fake, 2)
    answers = []
    with fake.hold(f"{first}.*alt=media") as held:
        waits = threading.Thread(target=lambda: answers.append(here.brought(first)))
        waits.start()
        held.arrived()
        eventually(lambda: here.drives._waiting._value == 0)  # its job may begin before it is waited for
        assert here.brought(second).at_once is False
        held.release()
        waits.join()
    assert [answer.at_once for answer in answers] == [True]
    assert here.brought(fake.drive.add("third", b"3")).at_once is True


def change_address(here, **changes):
    """Have the connection lead elsewhere, as only somebody who may write to the database could."""
    with here.services.database.writing() as session:
        row = session.query(ConnectionRow).filter_by(id=here.connection_id).one()
        row.address = {**row.address, **changes}
