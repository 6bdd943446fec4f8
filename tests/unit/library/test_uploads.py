import os
import resource
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

import pytest

from app.errors import (
    CallerUnknown,
    DatabaseUnavailable,
    InvalidInput,
    NotFound,
    QuotaExceeded,
    StorageError,
    StorageFull,
    UploadRefused,
)
from app.library.model import UploadRow
from app.library.upload_files import UploadBusy, UploadFile, UploadTooLong
from app.library.upload_store import UNFINISHED_MAX
from app.library.uploads import MAX_SIZE, UploadService
from tests.support.jobs import settings_for

HOUR = 3600.0


def giving(content, size=7):
    """Return what reads these bytes in small pieces."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return lambda _: pieces.pop(0) if pieces else b""


@pytest.fixture
def uploads(shelf):
    return shelf.library.uploads


@pytest.fixture
def folder(shelf):
    return shelf.settings.data_dir / "library" / "uploads"


@pytest.fixture
def later(shelf):
    """Uploads as a process sees them whose clock is so many hours ahead."""
    return lambda hours: UploadService(shelf.database, shelf.settings, lambda: time.time() + hours * HOUR)


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def received(uploads, caller, content, error=None):
    with uploads.incoming(caller, "a.txt") as incoming:
        incoming.write(content)
        if error is not None:
            raise error


def complete(uploads, caller, content=b"content"):
    upload = uploads.create(caller, len(content), "a.txt")
    return uploads.append(caller, upload.id, 0, giving(content))


def test_parts_add_up_to_the_file(uploads, ann):
    upload = uploads.create(ann, 12, "a.txt")
    assert (upload.size, upload.offset, upload.name, upload.is_complete) == (12, 0, "a.txt", False)
    assert uploads.append(ann, upload.id, 0, giving(b"hello ")).offset == 6
    assert uploads.find(ann, upload.id).offset == 6
    assert uploads.append(ann, upload.id, 6, giving(b"world!")).is_complete
    assert uploads.taken(upload.id, ann.user_id).read_bytes() == b"hello world!"


def test_an_empty_file_is_complete_at_once(uploads, ann):
    upload = uploads.create(ann, 0)
    assert upload.is_complete
    assert uploads.taken(upload.id, ann.user_id).read_bytes() == b""


@pytest.mark.parametrize("offset", [0, 5, 7, 100])
def test_a_part_that_begins_elsewhere_is_refused_and_told_where(uploads, ann, offset):
    upload = uploads.create(ann, 12)
    uploads.append(ann, upload.id, 0, giving(b"hello "))
    with pytest.raises(UploadRefused) as refused:
        uploads.append(ann, upload.id, offset, giving(b"x"))
    assert refused.value.offset == 6
    assert uploads.find(ann, upload.id).offset == 6


@pytest.mark.parametrize("extra", [b"!", b"!" * 100])
def test_of_a_part_that_is_too_long_nothing_stays(uploads, ann, extra):
    upload = uploads.create(ann, 12)
    uploads.append(ann, upload.id, 0, giving(b"hello "))
    with pytest.raises(UploadTooLong):
        uploads.append(ann, upload.id, 6, giving(b"world!" + extra))
    assert uploads.find(ann, upload.id).offset == 6
    assert uploads.append(ann, upload.id, 6, giving(b"world!")).is_complete


def test_what_came_before_a_connection_broke_stays(uploads, ann):
    upload = uploads.create(ann, 12)

    pieces = [b"hello ", b"wo"]

    def breaking(_):
        if pieces:
            return pieces.pop(0)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploads.append(ann, upload.id, 0, breaking)
    assert uploads.append(ann, upload.id, 8, giving(b"rld!")).is_complete
    assert uploads.taken(upload.id, ann.user_id).read_bytes() == b"hello world!"


def test_what_came_is_found_by_another_process(shelf, uploads, ann):
    upload = uploads.create(ann, 12)
    uploads.append(ann, upload.id, 0, giving(b"hello "))
    again = UploadService(shelf.database, shelf.settings)
    assert again.append(ann, upload.id, 6, giving(b"world!")).is_complete


def test_only_one_writes_at_a_time(shelf, uploads, ann):
    upload, begun, go_on = uploads.create(ann, 2), Event(), Event()
    give = giving(b"ab", 1)

    def slowly(size):
        begun.set()
        assert go_on.wait(30)
        return give(size)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(uploads.append, ann, upload.id, 0, slowly)
        assert begun.wait(30)
        for other in (uploads, UploadService(shelf.database, shelf.settings)):
            with pytest.raises(UploadBusy):
                other.append(ann, upload.id, 0, giving(b"xy"))
            with pytest.raises(UploadBusy):
                other.remove(ann, upload.id)
        assert uploads.find(ann, upload.id).offset == 0, "looking is no writing"
        go_on.set()
        assert first.result(30).is_complete
    assert uploads.taken(upload.id, ann.user_id).read_bytes() == b"ab"


@pytest.mark.parametrize("role", ["user", "admin"])
@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda uploads, who, upload: uploads.find(who, upload), id="by looking"),
        pytest.param(lambda uploads, who, upload: uploads.append(who, upload, 7, giving(b"")), id="by sending"),
        pytest.param(lambda uploads, who, upload: uploads.remove(who, upload), id="by removing"),
        pytest.param(lambda uploads, who, upload: uploads.taken(upload, who.user_id), id="by a job"),
    ],
)
def test_nobody_else_knows_of_an_upload(shelf, uploads, ann, role, ask):
    upload = complete(uploads, ann)
    with pytest.raises(NotFound):
        ask(uploads, shelf.people.user("eve", role), upload.id)
    assert uploads.find(ann, upload.id).is_complete


@pytest.mark.parametrize("word", ["", ".", "..", "../sluice.db", "taken", "x" * 500, "0" * 36, "\0"])
def test_what_is_no_id_is_nothing_s(uploads, ann, word):
    complete(uploads, ann)
    with pytest.raises(NotFound):
        uploads.find(ann, word)
    with pytest.raises(NotFound):
        uploads.taken(word, ann.user_id)


def test_the_id_in_capitals_is_another_word(uploads, ann):
    with pytest.raises(NotFound):
        uploads.find(ann, complete(uploads, ann).id.upper())


@pytest.mark.parametrize("size", [-1, MAX_SIZE + 1])
def test_a_size_that_no_upload_has_is_refused(uploads, ann, folder, size):
    with pytest.raises(InvalidInput):
        uploads.create(ann, size)
    assert files(folder) == []


def test_a_removed_upload_leaves_nothing(uploads, ann, folder):
    upload = complete(uploads, ann)
    uploads.remove(ann, upload.id)
    assert files(folder) == []
    with pytest.raises(NotFound):
        uploads.find(ann, upload.id)
    with pytest.raises(NotFound):
        uploads.append(ann, upload.id, 0, giving(b""))


def test_a_user_has_a_bounded_number_of_uploads(shelf, uploads, ann, bob, folder):
    with shelf.database.writing() as session:
        session.add_all(
            UploadRow(id=f"{number:036}", owner_id=ann.user_id, name="", size=0, created_at=0.0)
            for number in range(UNFINISHED_MAX)
        )
    with pytest.raises(UploadRefused):
        uploads.create(ann, 1)
    assert files(folder) == []
    assert uploads.create(bob, 1)


class TestQuota:
    @pytest.fixture
    def settings(self, tmp_path):
        return settings_for(tmp_path / "data", library_quota=100)

    def test_an_upload_counts_as_it_was_announced(self, shelf, uploads, ann, folder):
        uploads.create(ann, 60)
        assert shelf.library.usage(ann.user_id).used == 60
        with pytest.raises(QuotaExceeded):
            uploads.create(ann, 41)
        assert len(files(folder)) == 1
        assert uploads.create(ann, 40)

    def test_removing_one_makes_room(self, uploads, ann):
        uploads.remove(ann, uploads.create(ann, 100).id)
        assert uploads.create(ann, 100)

    def test_what_a_job_has_taken_over_counts_no_more(self, shelf, uploads, ann):
        uploads.taken(complete(uploads, ann, b"x" * 90).id, ann.user_id)
        assert shelf.library.usage(ann.user_id).used == 0

    def test_a_file_of_unknown_size_ends_where_the_room_does(self, shelf, uploads, ann, folder):
        uploads.create(ann, 60)
        with uploads.incoming(ann, "a") as incoming:
            incoming.write(b"x" * 40)
            with pytest.raises(QuotaExceeded):
                incoming.write(b"x")
        assert shelf.library.usage(ann.user_id).used == 100
        with pytest.raises(QuotaExceeded):
            received(uploads, ann, b"x")
        assert len(files(folder)) == 2

    def test_of_two_files_that_race_for_the_room_one_fits(self, shelf, uploads, ann, folder):
        first, second = ExitStack(), ExitStack()
        for name, stack in (("a", first), ("b", second)):
            stack.enter_context(uploads.incoming(ann, name)).write(b"x" * 60)
        first.close()
        with pytest.raises(QuotaExceeded):
            second.close()
        assert shelf.library.usage(ann.user_id).used == 60
        assert len(files(folder)) == 1


class TestTaking:
    def test_a_job_may_ask_again(self, uploads, ann):
        upload = complete(uploads, ann)
        first = uploads.taken(upload.id, ann.user_id)
        assert uploads.taken(upload.id, ann.user_id) == first
        assert first.read_bytes() == b"content"

    def test_nobody_sees_it_any_more(self, uploads, ann):
        upload = complete(uploads, ann)
        uploads.taken(upload.id, ann.user_id)
        with pytest.raises(NotFound):
            uploads.find(ann, upload.id)

    def test_another_user_s_job_does_not_get_it(self, uploads, ann, bob):
        upload = complete(uploads, ann)
        uploads.taken(upload.id, ann.user_id)
        with pytest.raises(NotFound):
            uploads.taken(upload.id, bob.user_id)

    def test_one_that_is_not_complete_is_refused(self, uploads, ann):
        upload = uploads.create(ann, 2)
        uploads.append(ann, upload.id, 0, giving(b"a"))
        with pytest.raises(UploadRefused) as refused:
            uploads.taken(upload.id, ann.user_id)
        assert refused.value.offset == 1
        assert uploads.append(ann, upload.id, 1, giving(b"b")).is_complete

    def test_forgetting_it_leaves_nothing(self, uploads, ann, folder):
        upload = complete(uploads, ann)
        uploads.taken(upload.id, ann.user_id)
        uploads.forget(upload.id)
        uploads.forget(upload.id)
        assert files(folder) == []
        with pytest.raises(NotFound):
            uploads.taken(upload.id, ann.user_id)


class TestIncoming:
    def test_it_is_a_complete_upload(self, uploads, ann):
        with uploads.incoming(ann, "a.txt") as incoming:
            incoming.write(b"hello ")
            incoming.write(b"world!")
        found = uploads.find(ann, incoming.upload.id)
        assert (found.size, found.offset, found.name) == (12, 12, "a.txt")
        assert uploads.taken(found.id, ann.user_id).read_bytes() == b"hello world!"

    def test_when_it_breaks_off_nothing_stays(self, uploads, ann, folder):
        with pytest.raises(ConnectionResetError):
            received(uploads, ann, b"hello ", ConnectionResetError())
        assert files(folder) == []


class TestSweeping:
    def test_an_upload_expires_after_its_last_part(self, shelf, uploads, ann, folder, later):
        keep = shelf.settings.multipart_keep_hours
        upload = uploads.create(ann, 10)
        path = folder / upload.id
        os.utime(path, (time.time() - (keep - 1) * HOUR,) * 2)
        uploads.sweep()
        assert uploads.find(ann, upload.id)
        assert uploads.expires_at(upload) == pytest.approx(time.time() + HOUR, abs=60)
        uploads.append(ann, upload.id, 0, giving(b"x"))
        later(keep - 1).sweep()
        assert uploads.find(ann, upload.id).offset == 1
        later(keep + 1).sweep()
        with pytest.raises(NotFound):
            uploads.find(ann, upload.id)
        assert files(folder) == []

    def test_a_file_that_is_no_upload_s_goes_after_an_hour(self, uploads, ann, folder, later):
        complete(uploads, ann)
        (folder / "5b0d5b3e-9d0c-4a39-8a7c-2b8f6a1b9a3e").write_bytes(b"left by a crash")
        uploads.sweep()
        assert len(files(folder)) == 2
        later(2).sweep()
        assert len(files(folder)) == 1

    def test_a_file_that_somebody_writes_stays(self, uploads, ann, later):
        with uploads.incoming(ann, "a") as incoming:
            incoming.write(b"x")
            later(1000).sweep()
            incoming.write(b"y")
        assert uploads.taken(incoming.upload.id, ann.user_id).read_bytes() == b"xy"

    def test_what_a_job_took_over_and_never_used_goes(self, shelf, uploads, ann, folder, later):
        uploads.taken(complete(uploads, ann).id, ann.user_id)
        later(shelf.settings.multipart_keep_hours - 1).sweep()
        assert len(files(folder)) == 1
        later(shelf.settings.multipart_keep_hours + 1).sweep()
        assert files(folder) == []

    def test_the_uploads_of_a_user_who_is_gone_go(self, shelf, uploads, ann, folder, later):
        complete(uploads, ann)
        shelf.people.remove(ann)
        later(2).sweep()
        assert files(folder) == []

    def test_nothing_to_sweep_is_no_fault(self, uploads, folder):
        assert not folder.exists()
        uploads.sweep()


def test_what_comes_of_a_user_who_is_removed_meanwhile_is_not_kept(shelf, uploads, ann, folder):
    coming = ExitStack()
    coming.enter_context(uploads.incoming(ann, "a")).write(b"x")
    shelf.people.remove(ann)
    with pytest.raises(CallerUnknown):
        coming.close()
    assert files(folder) == []


def test_a_full_disk_is_told():
    with Path("/dev/full").open("rb+", buffering=0) as disk, pytest.raises(StorageFull):
        UploadFile(disk.fileno()).write(b"x")


@pytest.fixture
def full_disk():
    """While the block lasts, no file may grow beyond so many bytes: as if the disk were full."""

    @contextmanager
    def limit(most):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)

    return limit


def test_what_fitted_stays_when_no_more_does(uploads, ann, full_disk):
    upload = uploads.create(ann, 10_000)
    with full_disk(5_500), pytest.raises(StorageError):
        uploads.append(ann, upload.id, 0, giving(b"x" * 10_000, 1000))
    assert uploads.find(ann, upload.id).offset == 5_500
    assert uploads.append(ann, upload.id, 5_500, giving(b"x" * 4_500)).is_complete


def test_what_fills_the_disk_can_be_removed_where_not_even_the_database_can_be_written(uploads, ann, folder, full_disk):
    upload = complete(uploads, ann)
    with full_disk(0), pytest.raises(DatabaseUnavailable):
        uploads.remove(ann, upload.id)
    assert files(folder) == []


def test_what_fills_the_disk_expires_where_not_even_the_database_can_be_written(uploads, ann, folder, full_disk, later):
    complete(uploads, ann)
    with full_disk(0), pytest.raises(DatabaseUnavailable):
        later(72).sweep()
    assert files(folder) == []
