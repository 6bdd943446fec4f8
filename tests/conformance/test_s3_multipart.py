"""Large objects on real servers: what is resumed, what is sent again, and that nothing is left behind when it is not."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from app.cancellation import INTERRUPTED, Cancelled
from app.errors import FileChanged, KeyRefused, StorageError, StorageFailure, StorageMissing, StorageUnreachable
from app.storages.s3 import S3Storage
from tests.conformance.contents import MIB, FailingContent, bytes_of, content, digest
from tests.conformance.subjects import client_of, open_uploads
from tests.support.meddling import Gate, Lost, meddling
from tests.support.servers import rclone_server
from tests.support.service import eventually
from tests.support.writer import start_writer

SIZE = 26 * MIB + 12345
PARTS = 4
IN_FLIGHT = 4
PAUSE = Cancelled(INTERRUPTED)

by_the_driver_alone = pytest.mark.parametrize("server", ["rclone"], indirect=True)
"""What the driver does by itself, or the proxy makes the server do: a second server would prove it a second time."""


@pytest.fixture
def proxy(server):
    with meddling(server) as proxy:
        yield proxy


@pytest.fixture
def address(proxy):
    address = proxy.as_server.bucket("b" + uuid.uuid4().hex)
    with closing(S3Storage(address)) as storage:
        storage.create()
    proxy.forget()
    return address


@pytest.fixture
def notes(tmp_path):
    return tmp_path / "multipart"


@pytest.fixture
def storage(address, notes):
    with closing(S3Storage(address, notes=notes)) as storage:
        yield storage


@pytest.fixture
def client(address):
    with closing(client_of(address)) as client:
        yield client


def marked(made, mark="mark-1"):
    made.mark = mark
    return made


def whole(size=SIZE, mark="mark-1"):
    return marked(content(bytes_of(size)), mark)


def failing(error, good=SIZE, mark="mark-1", before=lambda: None):
    return marked(FailingContent(SIZE, good, error, before), mark)


def stored(client, address, key="key"):
    return digest(client.get_object(Bucket=address.bucket, Key=key)["Body"].read())


def names(notes):
    return [path.name for path in notes.iterdir()] if notes.is_dir() else []


def sent(proxy, parts):
    """Return what waits until so many parts are on their way; of what is interrupted, those that wait are not sent."""
    return lambda: eventually(lambda: len(proxy.parts) == parts, what=f"{parts} parts")


def interrupt(storage, error=PAUSE, key="key", **details):
    """Write until ``error`` interrupts it."""
    with pytest.raises(type(error)) as raised:
        storage.write(key, failing(error, **details))
    assert raised.value is error


def test_a_large_object_is_stored_once_part_by_part(proxy, client, address, storage, notes):
    entry = storage.write("key", whole())

    assert (entry.key, entry.size) == ("key", SIZE)
    assert entry.etag.endswith(f"-{PARTS}")
    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(client, address) == digest(bytes_of(SIZE))
    assert (open_uploads(address), names(notes)) == ([], [])


def test_the_type_and_the_time_of_the_file_are_kept_with_a_large_object(client, address, storage):
    storage.write("film.mp4", whole(17 * MIB))
    told = client.head_object(Bucket=address.bucket, Key="film.mp4")

    assert told["ContentType"] == "video/mp4"
    assert {name.lower(): value for name, value in told["Metadata"].items()} == {"mtime": "1700000000.25"}


def test_a_paused_write_goes_on_where_it_stopped(proxy, client, address, storage, notes):
    interrupt(storage, good=20 * MIB, before=sent(proxy, 2))
    assert sorted(proxy.parts) == [1, 2]
    assert open_uploads(address) == ["key"]
    storage.write("key", whole())

    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(client, address) == digest(bytes_of(SIZE))
    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
def test_another_process_may_go_on(proxy, client, address, storage, notes):
    interrupt(storage, good=20 * MIB)
    with closing(S3Storage(address, notes=notes)) as other:
        other.write("key", whole())

    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(client, address) == digest(bytes_of(SIZE))


@by_the_driver_alone
@pytest.mark.parametrize("error", [PAUSE, KeyboardInterrupt(), SystemExit(), StorageUnreachable("it is away")])
def test_an_interrupted_write_is_kept_when_everything_has_been_sent(proxy, client, address, storage, error):
    interrupt(storage, error)
    assert len(proxy.parts) == PARTS
    storage.write("key", whole())

    assert len(proxy.parts) == PARTS
    assert stored(client, address) == digest(bytes_of(SIZE))


@by_the_driver_alone
@pytest.mark.slow
def test_after_kill_9_at_most_the_parts_in_flight_are_sent_again(proxy, client, address, tmp_path, notes):
    file = tmp_path / "key"
    file.write_bytes(bytes_of(12 * 8 * MIB))
    proxy.before = gate = Gate(open_for=5)
    writer = start_writer(address, file, notes)
    eventually(lambda: len(gate.held) == IN_FLIGHT)
    writer.kill()
    assert writer.wait(30) == -9
    gate.open()
    assert sorted(proxy.parts) == list(range(1, 10))
    assert open_uploads(address) == ["key"]

    proxy.forget()
    assert start_writer(address, file, notes).wait(60) == 0
    assert sorted(proxy.parts) == list(range(6, 13))
    assert stored(client, address) == digest(file.read_bytes())
    assert (open_uploads(address), names(notes)) == ([], [])


def test_parts_that_arrived_but_were_not_noted_are_read_and_not_sent(proxy, client, address, storage, notes):
    interrupt(storage, good=25 * MIB, before=sent(proxy, 3))
    assert sorted(proxy.parts) == [1, 2, 3]
    [note] = notes.iterdir()
    lines = note.read_bytes().splitlines(keepends=True)
    note.write_bytes(b"".join(lines[:2]) + lines[2][:5])
    proxy.forget()
    storage.write("key", whole())

    assert sorted(proxy.parts) == [4]
    assert stored(client, address) == digest(bytes_of(SIZE))


# rclone 1.75 does not replace a part by another one: it has streamed it on.
@pytest.mark.slow
@pytest.mark.parametrize("server", ["moto"], indirect=True)
def test_a_part_that_someone_replaced_since_is_sent_again(proxy, client, address, storage):
    interrupt(storage, good=25 * MIB, before=sent(proxy, 3))
    [upload] = client.list_multipart_uploads(Bucket=address.bucket)["Uploads"]
    for number, size in ((2, 8 * MIB), (3, 6 * MIB)):
        client.upload_part(
            Bucket=address.bucket, Key="key", UploadId=upload["UploadId"], PartNumber=number, Body=bytes(size)
        )
    proxy.forget()
    storage.write("key", whole())

    assert sorted(proxy.parts) == [2, 3, 4]
    assert stored(client, address) == digest(bytes_of(SIZE))


@by_the_driver_alone
@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda: whole(mark="mark-2"), id="another mark"),
        pytest.param(lambda: whole(SIZE - 1), id="another size"),
    ],
)
def test_a_file_that_changed_since_is_sent_as_a_whole(proxy, client, address, storage, notes, changed):
    interrupt(storage, good=20 * MIB)
    proxy.forget()
    storage.write("key", changed())

    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(client, address) == digest(bytes_of(changed().size))
    assert (open_uploads(address), names(notes)) == ([], [])


def test_an_upload_that_the_server_forgot_begins_anew(proxy, client, address, storage, notes):
    interrupt(storage, good=20 * MIB)
    [upload] = client.list_multipart_uploads(Bucket=address.bucket)["Uploads"]
    client.abort_multipart_upload(Bucket=address.bucket, Key="key", UploadId=upload["UploadId"])
    proxy.forget()
    storage.write("key", whole())

    assert sorted(proxy.parts) == list(range(1, PARTS + 1))
    assert stored(client, address) == digest(bytes_of(SIZE))
    assert (open_uploads(address), names(notes)) == ([], [])


@pytest.mark.slow
def test_a_server_that_restarted_and_forgot_everything_is_sent_everything(tmp_path, notes):
    with rclone_server(tmp_path / "first") as first, meddling(first) as proxy:
        address = proxy.as_server.bucket("bucket")
        with closing(S3Storage(address, notes=notes)) as storage:
            storage.create()
            interrupt(storage, good=20 * MIB)
        with rclone_server(tmp_path / "second") as second:
            proxy.server = second
            proxy.forget()
            with closing(S3Storage(proxy.as_server.bucket("bucket"), notes=notes)) as storage:
                storage.create()
                storage.write("key", whole())
                assert storage.read("key").size == SIZE

        assert sorted(proxy.parts) == list(range(1, PARTS + 1))
        assert names(notes) == []


@by_the_driver_alone  # `test_a_write_that_fails_leaves_nothing_behind` is for each server
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(Cancelled("cancelled_by_user"), id="cancelled"),
        pytest.param(FileChanged("changed"), id="changed"),
        pytest.param(StorageFailure("failed"), id="failed"),
        pytest.param(ValueError("a bug"), id="a bug"),
    ],
)
@pytest.mark.parametrize("good", [0, 20 * MIB, SIZE])
@pytest.mark.fault(23)
def test_what_is_given_up_leaves_no_note_and_no_upload(address, storage, notes, error, good):
    interrupt(storage, error, good=good)

    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
@pytest.mark.parametrize("error", [PAUSE, KeyboardInterrupt(), StorageUnreachable("it is away")])
def test_a_content_that_cannot_be_told_from_a_later_one_is_never_resumed(address, storage, notes, error):
    interrupt(storage, error, mark=None, good=20 * MIB)

    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
@pytest.mark.parametrize("error", [PAUSE, KeyboardInterrupt(), StorageUnreachable("it is away")])
def test_without_a_folder_for_notes_nothing_is_kept(address, error):
    with closing(S3Storage(address)) as storage:
        interrupt(storage, error, good=20 * MIB)

    assert open_uploads(address) == []


@by_the_driver_alone
def test_where_no_note_can_be_written_everything_else_works(client, address, tmp_path):
    (tmp_path / "file").touch()
    with closing(S3Storage(address, notes=tmp_path / "file" / "notes")) as storage:
        interrupt(storage, good=20 * MIB)
        assert open_uploads(address) == []
        storage.write("key", whole())
    assert stored(client, address) == digest(bytes_of(SIZE))


@by_the_driver_alone
@pytest.mark.fault(23)
def test_a_resumed_content_that_changed_while_it_was_read_is_not_stored(client, address, storage, notes):
    interrupt(storage, good=20 * MIB)
    interrupt(storage, FileChanged("changed"))

    assert client.list_objects_v2(Bucket=address.bucket).get("Contents") is None
    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
def test_an_upload_that_could_not_be_aborted_is_kept_in_mind_and_aborted_later(proxy, address, notes):
    proxy.answer = lambda request: refusal(403, "AccessDenied") if request.aborts else None
    with closing(S3Storage(address, notes=notes, keep_hours=0)) as storage:
        interrupt(storage, FileChanged("changed"), good=20 * MIB)
        storage.tidy()
        assert (open_uploads(address), len(names(notes))) == (["key"], 1)
        proxy.forget()
        storage.tidy()
        assert (open_uploads(address), names(notes)) == ([], [])


@pytest.mark.parametrize(("keep_hours", "left"), [(0, []), (1, ["key"])])
def test_old_uploads_that_nobody_resumes_are_aborted(address, notes, keep_hours, left):
    with closing(S3Storage(address, notes=notes, keep_hours=keep_hours)) as storage:
        interrupt(storage, good=20 * MIB)
        storage.tidy()

    assert open_uploads(address) == left
    assert len(names(notes)) == len(left)


def test_tidying_leaves_alone_what_is_being_written_and_what_others_began(client, address, notes):
    client.create_multipart_upload(Bucket=address.bucket, Key="of someone else")
    with closing(S3Storage(address, notes=notes, keep_hours=0)) as storage:

        class Tidying(FailingContent):
            def verify(self):
                with closing(S3Storage(address, notes=notes, keep_hours=0)) as other:
                    other.tidy()
                storage.tidy()

        storage.write("key", marked(Tidying(SIZE, SIZE + 1, PAUSE)))
    assert stored(client, address) == digest(bytes_of(SIZE))
    assert open_uploads(address) == ["of someone else"]


@by_the_driver_alone
def test_tidying_raises_nothing_and_forgets_nothing_while_the_storage_is_away(proxy, address, notes):
    with closing(S3Storage(address, notes=notes, keep_hours=0)) as storage:
        for key in ("one", "two"):
            interrupt(storage, key=key, good=20 * MIB)
        proxy.forget()
        proxy.answer = lambda _: (503, "", "")
        storage.tidy()
        assert len({request.path for request in proxy.requests}) == 1
        assert len(names(notes)) == 2
        proxy.forget()
        storage.tidy()
    assert (open_uploads(address), names(notes)) == ([], [])


def test_tidying_a_bucket_that_is_gone_forgets_its_uploads(address, notes):
    with closing(S3Storage(address, notes=notes, keep_hours=0)) as storage:
        interrupt(storage, good=20 * MIB)
        storage.drop()
        storage.tidy()
    assert names(notes) == []


def test_two_writers_of_one_key_do_not_disturb_each_other(client, address, notes):
    candidates = [bytes_of(SIZE), bytes_of(SIZE + 1)]

    def write(data):
        with closing(S3Storage(address, notes=notes)) as storage:
            storage.write("key", marked(content(data), digest(data)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, candidates))
    assert stored(client, address) in map(digest, candidates)
    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
def test_many_large_objects_share_a_few_threads(proxy, client, address, storage):
    sizes = [17 * MIB + number for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda size: storage.write(f"key {size}", whole(size)), sizes))

    assert len(proxy.parts) == 3 * len(sizes)
    assert [stored(client, address, f"key {size}") for size in sizes] == [digest(bytes_of(size)) for size in sizes]


def damaged(body):
    return body[:1000] + bytes([body[1000] ^ 1]) + body[1001:]


class Damaging:
    """Turns over one bit of these parts, as often as ``times`` says."""

    def __init__(self, parts, times):
        self._left = dict.fromkeys(parts, times)

    def __call__(self, request):
        if self._left.get(request.part, 0) == 0:
            return request.body
        self._left[request.part] -= 1
        return damaged(request.body)


# moto takes what is damaged: see the next test.
@by_the_driver_alone
@pytest.mark.parametrize("parts", [{1}, {3}, {PARTS}, set(range(1, PARTS + 1))])
def test_a_part_that_was_damaged_on_its_way_is_never_stored(client, proxy, address, storage, notes, parts):
    proxy.before = Damaging(parts, times=1)
    try:
        storage.write("key", whole())
    except StorageFailure:  # rclone 1.75 ends some uploads for that
        assert client.list_objects_v2(Bucket=address.bucket).get("Contents") is None
    else:
        assert stored(client, address) == digest(bytes_of(SIZE))
    assert (open_uploads(address), names(notes)) == ([], [])


# moto takes what does not fit its MD5, so only the etag tells.
@pytest.mark.slow
@pytest.mark.parametrize("server", ["moto"], indirect=True)
@pytest.mark.parametrize("parts", [{1}, {3}, {PARTS}, set(range(1, PARTS + 1))])
def test_a_part_that_the_server_took_damaged_is_sent_again(proxy, client, address, storage, notes, parts):
    proxy.before = Damaging(parts, times=1)
    storage.write("key", whole())

    assert sorted(proxy.parts) == sorted([*range(1, PARTS + 1), *parts])
    assert stored(client, address) == digest(bytes_of(SIZE))
    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
@pytest.mark.parametrize("code", ["BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch"])
def test_a_part_that_the_server_refused_as_damaged_is_sent_again(proxy, client, address, storage, code):
    refused = once(lambda request: request.part == 3)
    proxy.answer = lambda request: refusal(400, code) if refused(request) else None
    storage.write("key", whole())

    assert sorted(proxy.parts) == sorted([*range(1, PARTS + 1), 3])
    assert stored(client, address) == digest(bytes_of(SIZE))


@by_the_driver_alone
def test_a_part_that_arrives_damaged_again_and_again_fails_the_object(proxy, client, address, storage, notes):
    proxy.before = Damaging({3}, times=9)
    with pytest.raises(StorageFailure, match="damaged"):
        storage.write("key", whole())

    assert proxy.parts.count(3) == 2
    assert client.list_objects_v2(Bucket=address.bucket).get("Contents") is None
    assert (open_uploads(address), names(notes)) == ([], [])


@pytest.mark.fault(11, 15)
def test_a_lost_answer_to_the_last_request_does_not_fail_what_was_stored(proxy, client, address, storage):
    proxy.after = losing(lambda request: request.completes)
    storage.write("key", whole())

    assert sum(request.completes for request in proxy.requests) == 2
    assert stored(client, address) == digest(bytes_of(SIZE))


def test_an_object_of_someone_else_is_not_taken_for_ours(proxy, client, address, storage, notes):
    client.put_object(Bucket=address.bucket, Key="key", Body=bytes(SIZE), Metadata={"mtime": "1700000000.25"})
    proxy.answer = lambda request: refusal(404, "NoSuchUpload") if request.completes else None
    with pytest.raises(StorageFailure, match="NoSuchUpload"):
        storage.write("key", whole())

    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
@pytest.mark.fault(15, 16)
@pytest.mark.parametrize(
    ("status", "code"),
    [(200, "InternalError"), (400, "EntityTooSmall"), (400, "InvalidPart"), (400, "InvalidPartOrder")],
)
def test_an_error_in_the_last_answer_is_one_whatever_its_status(proxy, client, address, storage, notes, status, code):
    proxy.answer = lambda request: refusal(status, code) if request.completes else None
    with pytest.raises(StorageError, match=code):
        storage.write("key", whole())

    assert client.list_objects_v2(Bucket=address.bucket).get("Contents") is None
    assert (open_uploads(address), names(notes)) == ([], [])


@by_the_driver_alone
@pytest.mark.fault(11)
def test_a_connection_that_breaks_during_a_part_is_opened_again(proxy, client, address, storage):
    proxy.after = losing(lambda request: request.part == 3)
    storage.write("key", whole())

    assert stored(client, address) == digest(bytes_of(SIZE))


def test_a_bucket_that_is_missing_is_said_to_be_missing_and_nothing_is_noted(storage, notes):
    storage.drop()
    with pytest.raises(StorageMissing):
        storage.write("key", whole())
    assert names(notes) == []


@by_the_driver_alone
def test_a_key_that_s3_cannot_hold_is_refused_before_any_request(proxy, storage, notes):
    with pytest.raises(KeyRefused):
        storage.write("é" * 513, whole())
    assert (proxy.requests, names(notes)) == ([], [])


def made_up_server(etag_of):
    """Return a hook that answers like an S3 server that keeps nothing and tells these etags of parts."""

    def answer(request):
        if request.part:
            return 200, "", f'"{etag_of(request)}"'
        kind = "CompleteMultipartUploadResult" if request.completes else "InitiateMultipartUploadResult"
        return 200, f'<{kind}><UploadId>upload</UploadId><ETag>"whole"</ETag></{kind}>', ""

    return answer


@pytest.mark.parametrize("server", ["rclone"], indirect=True)
class TestEtagsOfParts:
    """What servers make of them; none here does it otherwise, so this one is made up."""

    def test_that_tell_nothing_are_believed(self, proxy, storage):
        proxy.answer = made_up_server(lambda request: f"opaque-{request.part}")
        assert storage.write("key", whole()).etag == "whole"
        assert sorted(proxy.parts) == list(range(1, PARTS + 1))

    def test_that_only_look_like_md5s_are_believed_after_a_second_attempt(self, proxy, storage):
        proxy.answer = made_up_server(lambda _: "0" * 32)
        assert storage.write("key", whole(100 * MIB)).etag == "whole"
        assert set(proxy.parts) == set(range(1, 14))
        assert 13 < len(proxy.parts) <= 13 + IN_FLIGHT

    @pytest.mark.parametrize("exception", [1, PARTS])
    def test_that_are_md5s_but_for_one_fail_the_object(self, proxy, storage, exception):
        proxy.answer = made_up_server(
            lambda request: "0" * 32 if request.part == exception else hashlib.md5(request.body).hexdigest()
        )
        with pytest.raises(StorageFailure, match="damaged"):
            storage.write("key", whole())
        assert not any(request.completes for request in proxy.requests)

    def test_that_are_md5s_spare_a_near_server_hashing_twice(self, proxy, storage):
        storage.write("key", whole(100 * MIB))
        told = {request.part for request in proxy.requests if request.part and "Content-MD5" in request.headers}
        assert 1 in told
        assert told.isdisjoint(range(IN_FLIGHT + 3, 14))


def refusal(status, code):
    return status, f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>", ""


def once(condition):
    """Return a function that is true of the first request of that kind, and of no other one."""
    left = [True]
    return lambda request: bool(condition(request) and left and left.pop())


def losing(condition):
    """Return a hook that loses the first request of that kind."""
    is_the_one = once(condition)

    def hook(request):
        if is_the_one(request):
            raise Lost

    return hook
