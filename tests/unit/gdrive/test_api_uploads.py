"""Making folders and files at the fake Google, in one request and in pieces, whatever goes wrong on the way."""

import json
from contextlib import closing

import pytest

from app.cancellation import Cancelled
from app.errors import (
    AccessDenied,
    FileChanged,
    ObjectExists,
    ObjectMissing,
    RequestRefused,
    StorageError,
    StorageFailure,
    StorageFull,
    StorageUnreachable,
)
from app.storages.memory import MemoryContent
from tests.conformance.contents import MIB, FailingContent, bytes_of, content, digest
from tests.support.drive import MULTIPART_LIMIT, drive_files
from tests.support.places import place

SMALL = bytes_of(1000)
RESUMABLE = bytes_of(MULTIPART_LIMIT + 1)
"""One piece."""
LARGE = 16 * MIB + 5
"""Three pieces."""

BEGUN = "^POST .*uploadType=resumable"
PIECE = "^PUT .*upload_id="
UPLOAD = r"^(POST|PATCH) /upload/.*uploadType="
SIZES = pytest.mark.parametrize("data", [SMALL, RESUMABLE], ids=["in one request", "by a session"])


@pytest.fixture
def file_id(files):
    return files.new_ids(1)[0]


def pieces(fake):
    """The ranges that were sent, with the size left out."""
    return [seen.headers["Content-Range"].removeprefix("bytes ").split("/")[0] for seen in fake.asked(PIECE)]


@pytest.mark.parametrize("size", [0, 1, MULTIPART_LIMIT, MULTIPART_LIMIT + 1, 8 * MIB, 8 * MIB + 1, 16 * MIB])
def test_a_file_is_made_of_its_bytes(fake, files, file_id, size):
    folder = fake.drive.add_folder("folder")
    made = files.create("photo.jpg", folder, file_id, content(bytes_of(size)))
    stored = fake.drive.files[file_id]
    assert digest(stored.data) == digest(bytes_of(size))
    assert (stored.parent, stored.mime_type, made.size) == (folder, "image/jpeg", size)
    assert made.modified_ns == content().modified_ns
    assert (fake.open_uploads, made) == (0, files.find(file_id))
    assert len(fake.asked(BEGUN)) == (1 if size > MULTIPART_LIMIT else 0)


def test_large_files_go_in_pieces_of_which_each_is_whole_quarters_of_a_mib(fake, files, file_id):
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert pieces(fake) == [f"0-{8 * MIB - 1}", f"{8 * MIB}-{16 * MIB - 1}", f"{16 * MIB}-{LARGE - 1}"]


@pytest.mark.parametrize("limit", [0, 30 * MIB], ids=["always in pieces", "never in pieces"])
@SIZES
def test_the_limit_decides_the_way(fake, waits, limit, data):
    with closing(drive_files(fake, waits, multipart_limit=limit)) as files:
        (file_id,) = files.new_ids(1)
        files.create("a", None, file_id, content(data))
    assert digest(fake.drive.files[file_id].data) == digest(data)
    assert len(fake.asked(BEGUN)) == (0 if limit else 1)


@pytest.mark.parametrize(
    "name",
    ["it's", "a/b", "\\", '"quoted"', "a\r\nContent-Type: text/html", "𝒳é", " ", "x" * 3000, "--", "⧵2F"],
    ids=lambda name: repr(name[:20]),
)
@SIZES
def test_any_name_is_kept_as_it_is(fake, files, file_id, name, data):
    assert files.create(name, None, file_id, content(data)).name == name
    assert fake.drive.files[file_id].name == name


@pytest.mark.parametrize(
    ("mime_type", "kept"),
    [
        pytest.param("text/plain", "text/plain", id="a type"),
        pytest.param(None, "image/png", id="none"),
        pytest.param("text/plain\r\nX-Evil: 1", "image/png", id="a header of its own"),
        pytest.param("nonsense", "image/png", id="no type"),
        pytest.param("application/vnd.google-apps.document", "image/png", id="one that Google would convert to"),
    ],
)
@SIZES
def test_a_type_is_kept_when_it_is_one(fake, files, file_id, mime_type, kept, data):
    files.create("a.png", None, file_id, content(data), mime_type)
    assert fake.drive.files[file_id].mime_type == kept


@pytest.mark.parametrize(
    "time_ns", [0, -1, -(10**18), 253_402_300_799_000_000_000, 253_402_300_800_000_000_000, 10**30]
)
@SIZES
def test_any_time_is_stored_to_the_millisecond_or_left_out(files, file_id, time_ns, data):
    made = files.create("a", None, file_id, MemoryContent(data, time_ns))
    if time_ns < 253_402_300_800_000_000_000:
        assert made.modified_ns == time_ns // 1_000_000 * 1_000_000


@SIZES
def test_a_file_gets_new_bytes_and_stays_the_same_file(fake, files, data):
    file_id = fake.drive.add("a.txt", b"old", "text/plain")
    made = files.replace(file_id, content(data))
    stored = fake.drive.files[file_id]
    assert digest(stored.data) == digest(data)
    assert (stored.name, stored.mime_type, made.modified_ns) == ("a.txt", "text/plain", content().modified_ns)
    assert fake.open_uploads == 0


@SIZES
def test_what_is_not_there_is_not_replaced(files, data):
    with pytest.raises(ObjectMissing):
        files.replace("1x", content(data))


@SIZES
def test_a_file_of_a_shared_drive_is_made_and_replaced(fake, files, file_id, data):
    drive = fake.drive.add_shared_drive("Team")
    files.create("a", files.root(drive), file_id, content(b"old"))
    files.replace(file_id, content(data))
    assert digest(fake.drive.files[file_id].data) == digest(data)


@SIZES
def test_the_same_again_is_not_made_twice(fake, files, file_id, data):
    first = files.create("a", None, file_id, content(data))
    assert files.create("a", None, file_id, content(data)) == first
    assert len(fake.drive.named("a")) == 1


@SIZES
def test_other_bytes_under_the_same_id_are_not_taken_for_these(fake, files, file_id, data):
    files.create("a", None, file_id, content(data))
    with pytest.raises(ObjectExists):
        files.create("a", None, file_id, content(data[:-1] + b"x"))
    assert digest(fake.drive.files[file_id].data) == digest(data)


def test_an_id_whose_file_was_removed_for_good_is_used_up(fake, files, file_id):
    files.create("a", None, file_id, content(SMALL))
    fake.drive.erase(file_id)
    with pytest.raises(ObjectExists):
        files.create("a", None, file_id, content(SMALL))


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda fake, match: fake.drop(match), id="no answer"),
        pytest.param(lambda fake, match: fake.drop(match, after=True), id="a lost answer"),
        pytest.param(lambda fake, match: fake.fail(match, 503), id="503"),
        pytest.param(lambda fake, match: fake.fail(match, 500, after=True), id="500 after it was done"),
        pytest.param(lambda fake, match: fake.fail(match, 429), id="429"),
        pytest.param(lambda fake, match: fake.fail(match, 403, "rateLimitExceeded"), id="too often"),
        pytest.param(lambda fake, _: fake.expire_tokens(), id="an old token"),
        pytest.param(lambda fake, match: fake.cut(match, 10), id="half an answer"),
    ],
)
@pytest.mark.parametrize("is_new", [True, False], ids=["made", "replaced"])
@pytest.mark.parametrize(
    ("data", "match"),
    [(SMALL, UPLOAD), (RESUMABLE, UPLOAD), (RESUMABLE, PIECE)],
    ids=["in one request", "the session", "a piece"],
)
def test_what_passes_makes_no_second_file(fake, files, file_id, fault, is_new, data, match):
    target = file_id if is_new else fake.drive.add("a", b"old")
    fault(fake, match)
    made = files.create("a", None, target, content(data)) if is_new else files.replace(target, content(data))
    assert made.id == target
    assert digest(fake.drive.files[target].data) == digest(data)
    assert len(fake.drive.named("a")) == 1


@pytest.mark.parametrize("number", [1, 2, 3], ids=["the first", "one in the middle", "the last"])
@pytest.mark.parametrize("is_stored", [False, True], ids=["nothing arrived", "all arrived"])
@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.fault(11)
def test_a_piece_without_an_answer_goes_on_where_the_server_is(fake, files, file_id, number, is_stored, times):
    at = (number - 1) * 8 * MIB
    begins = lambda seen: seen.headers.get("Content-Range", "").startswith(f"bytes {at}-")  # noqa: E731
    fake.drop(begins, times=1 if is_stored else times, after=is_stored)
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert digest(fake.drive.files[file_id].data) == digest(bytes_of(LARGE))
    assert "*" in pieces(fake)


@pytest.mark.parametrize("kept", [0, 256 * 1024, 8 * MIB - 256 * 1024])
def test_a_piece_of_which_only_some_arrived_is_completed(fake, files, file_id, kept):
    fake.keep(kept)
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert digest(fake.drive.files[file_id].data) == digest(bytes_of(LARGE))
    assert [one for one in pieces(fake) if one != "*"][:2] == [f"0-{8 * MIB - 1}", f"{kept}-{8 * MIB - 1}"]


def test_an_upload_that_gets_on_between_failures_is_not_given_up(fake, files, file_id):
    bytes_of_it = lambda seen: "Content-Range" in seen.headers and bool(seen.body)  # noqa: E731
    for _ in range(7):
        fake.keep(MIB, match=bytes_of_it)
        fake.fail(bytes_of_it, 503)
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert digest(fake.drive.files[file_id].data) == digest(bytes_of(LARGE))
    assert pieces(fake).count("*") == 7


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(308, {}, id="nothing ever arrives"),
        pytest.param(308, {"Range": "bytes=0-99999999999"}, id="more arrived than was sent"),
        pytest.param(308, {"Range": "bytes=5-9"}, id="a range that is none"),
        pytest.param(308, {"Range": "bytes=0-999"}, id="no quarter of a MiB"),
        pytest.param(200, {}, id="complete too early"),
        pytest.param(400, {}, id="refused"),
        pytest.param(404, {}, id="the upload is gone"),
        pytest.param(410, {}, id="the upload has expired"),
        pytest.param(503, {}, id="never ready"),
    ],
)
def test_an_upload_that_does_not_go_on_is_cancelled(fake, files, file_id, waits, status, headers):
    fake.fail(PIECE, status, headers=headers, times=99)
    with pytest.raises(StorageError):
        files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert (fake.open_uploads, fake.drive.named("a")) == (0, [])
    assert len(fake.asked(PIECE)) <= 13
    assert sum(waits.slept) <= 240


def test_bytes_that_had_arrived_are_not_lost_again(fake, files, file_id):
    second = lambda seen: seen.headers.get("Content-Range", "").startswith(f"bytes {8 * MIB}-")  # noqa: E731
    fake.fail(second, 308, headers={"Range": f"bytes=0-{MIB - 1}"})
    with pytest.raises(StorageError, match="does not go on"):
        files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert (fake.open_uploads, fake.drive.named("a")) == (0, [])


def test_an_upload_that_was_forgotten_is_to_be_tried_anew(fake, files, file_id):
    with fake.hold(f"{PIECE}", after=True) as held:
        held.release()
        fake.fail(lambda seen: "-16777215/" in seen.headers.get("Content-Range", ""), 404, body="<html>gone</html>")
        with pytest.raises(StorageFailure, match="forgotten"):
            files.create("a", None, file_id, content(bytes_of(LARGE)))
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    assert digest(fake.drive.files[file_id].data) == digest(bytes_of(LARGE))


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/upload/drive/v3/files?upload_id=x",
        "//127.0.0.1:{port}/",
        "",
        "/elsewhere?upload_id=x",
        "http://[",
        "{ours}/upload/drive/v3/files/other?upload_id=1",
        "{ours}/drive/v3/files?upload_id=1",
        "{ours}@127.0.0.1:{port}/upload/drive/v3/files?upload_id=x",
        "https{rest}/upload/drive/v3/files?upload_id=x",
    ],
    ids=[
        "another port",
        "another host",
        "none",
        "a path",
        "no address",
        "another file",
        "no upload",
        "a user",
        "https",
    ],
)
def test_an_upload_is_never_sent_elsewhere(fake, files, file_id, location):
    with place() as elsewhere:
        told = location.format(port=elsewhere.port, ours=fake.url, rest=fake.url.removeprefix("http"))
        fake.fail(BEGUN, 200, body={}, headers={"Location": told})
        with pytest.raises(StorageUnreachable):
            files.create("a", None, file_id, content(bytes_of(LARGE)))
        assert elsewhere.arrivals() == []
    assert fake.asked("upload_id=") == []


@pytest.mark.parametrize("error", [Cancelled("cancelled"), FileChanged("changed")], ids=["cancelled", "changed"])
@pytest.mark.parametrize("good", [0, 1, 9 * MIB, LARGE])
@pytest.mark.parametrize("is_new", [True, False], ids=["made", "replaced"])
def test_a_content_that_fails_leaves_nothing_and_changes_nothing(fake, files, file_id, error, good, is_new):
    target = file_id if is_new else fake.drive.add("a", b"old")
    broken = FailingContent(LARGE, good, error)
    with pytest.raises(type(error)):
        files.create("a", None, target, broken) if is_new else files.replace(target, broken)
    assert fake.open_uploads == 0
    assert [file.data for file in fake.drive.named("a")] == ([] if is_new else [b"old"])


@pytest.mark.parametrize("error", [Cancelled("cancelled"), FileChanged("changed")], ids=["cancelled", "changed"])
@pytest.mark.parametrize("good", [0, 1, 1000])
def test_a_small_content_that_fails_is_not_sent(fake, files, file_id, error, good):
    with pytest.raises(type(error)):
        files.create("a", None, file_id, FailingContent(1000, good, error))
    assert fake.asked("^POST /upload") == []


@SIZES
@pytest.mark.fault(13)
def test_what_arrived_damaged_is_removed(fake, files, file_id, data):
    fake.drive.damages = 1
    with pytest.raises(StorageFailure, match="damaged"):
        files.create("a", None, file_id, content(data))
    assert fake.drive.named("a") == []


@SIZES
def test_what_was_replaced_by_damaged_bytes_is_told(fake, files, data):
    file_id = fake.drive.add("a", b"old")
    fake.drive.damages = 1
    with pytest.raises(StorageFailure, match="damaged"):
        files.replace(file_id, content(data))
    files.replace(file_id, content(data))
    assert digest(fake.drive.files[file_id].data) == digest(data)


@SIZES
def test_no_room_is_told_and_leaves_nothing(fake, files, file_id, data):
    fake.drive.limit = 10
    with pytest.raises(StorageFull):
        files.create("a", None, file_id, content(data))
    assert (fake.drive.named("a"), fake.open_uploads) == ([], 0)


@pytest.mark.parametrize("parent", ["1x", "a/b"])
@SIZES
def test_a_parent_that_is_not_there_is_told(files, file_id, parent, data):
    with pytest.raises((ObjectMissing, RequestRefused)):
        files.create("a", parent, file_id, content(data))


@SIZES
def test_a_reserved_id_is_not_needed(fake, files, data):
    made = files.create("a", None, None, content(data))
    assert [file.id for file in fake.drive.named("a")] == [made.id]


@pytest.mark.parametrize("after", [False, True], ids=["no answer", "a lost answer"])
def test_without_a_reserved_id_a_small_file_is_sent_once_only(fake, files, after):
    fake.drop("^POST /upload", after=after)
    with pytest.raises(StorageUnreachable):
        files.create("a", None, None, content(SMALL))
    assert len(fake.asked("^POST /upload")) == 1


@pytest.mark.parametrize("match", [BEGUN, PIECE], ids=["the session", "a piece"])
@pytest.mark.parametrize("after", [False, True], ids=["no answer", "a lost answer"])
def test_without_a_reserved_id_a_large_file_is_made_once(fake, files, match, after):
    fake.drop(match, after=after)
    files.create("a", None, None, content(bytes_of(LARGE)))
    (made,) = fake.drive.named("a")
    assert digest(made.data) == digest(bytes_of(LARGE))


def test_an_answer_about_another_file_is_not_believed(fake, files, file_id):
    other = {"id": "1other", "name": "a", "mimeType": "text/plain", "modifiedTime": "2024-01-01T00:00:00Z"}
    fake.fail("^POST /upload", 200, body=other)
    with pytest.raises(StorageUnreachable):
        files.create("a", None, file_id, content(SMALL))


def test_a_folder_is_made_once(fake, files, file_id):
    parent = fake.drive.add_folder("parent")
    made = files.make_folder("a/b", parent, file_id)
    assert files.make_folder("a/b", parent, file_id) == made
    assert (made.is_folder, made.parents, len(fake.drive.named("a/b"))) == (True, (parent,), 1)


@pytest.mark.parametrize("after", [False, True], ids=["no answer", "a lost answer"])
def test_a_folder_whose_answer_was_lost_is_made_once(fake, files, file_id, after):
    fake.drop("^POST /drive/v3/files", times=2, after=after)
    assert files.make_folder("a", None, file_id).id == file_id
    assert len(fake.drive.named("a")) == 1


def test_a_folder_without_a_reserved_id_is_asked_for_once_only(fake, files):
    fake.drop("^POST /drive/v3/files", after=True)
    with pytest.raises(StorageUnreachable):
        files.make_folder("a", None, None)
    assert len(fake.drive.named("a")) == 1


def test_what_is_no_folder_is_not_taken_for_one(files, file_id):
    files.create("a", None, file_id, content(SMALL))
    with pytest.raises(ObjectExists):
        files.make_folder("a", None, file_id)


def test_a_folder_that_may_not_be_written_is_told(fake, files, file_id):
    folder = fake.drive.add_folder("folder", denied=frozenset({"canAddChildren"}))
    with pytest.raises(AccessDenied):
        files.create("a", folder, file_id, content(SMALL))


def test_the_bytes_are_sent_with_the_token_and_nothing_else_of_ours(fake, files, file_id):
    files.create("a", None, file_id, content(bytes_of(LARGE)))
    for seen in fake.asked("/upload/"):
        assert seen.headers["Authorization"].startswith("Bearer ")
    assert fake.asked(BEGUN)[0].query["supportsAllDrives"] == "true"
    assert json.loads(fake.asked(BEGUN)[0].body).keys() == {"name", "mimeType", "id", "modifiedTime"}
