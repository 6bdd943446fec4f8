"""What the Drive of the fake Google of the tests insists on and how it fails, where Google's own client has no say in it."""

import hashlib
import socket
import threading
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3

from tests.support.google_fake import google
from tests.support.google_files import FOLDER
from tests.support.google_oauth import DRIVE_FILE, DRIVE_READONLY
from tests.support.google_visitor import Visitor

PIECE = 256 * 1024


@pytest.fixture
def fake():
    with google() as fake:
        yield fake


@pytest.fixture
def visitor(fake):
    return Visitor(fake)


def begun(visitor, size, **metadata):
    headers = {"X_Upload_Content_Type": "text/plain", "X_Upload_Content_Length": str(size)}
    visitor.ask("POST", "/upload/drive/v3/files?uploadType=resumable", {"name": "a", **metadata}, **headers)
    return visitor.headers["Location"]


@pytest.mark.parametrize(
    ("length", "content_range"),
    [
        pytest.param(1000, "bytes 0-999/300000", id="no multiple of 256 KiB"),
        pytest.param(PIECE, f"bytes 0-{PIECE}/300000", id="another length than the range's"),
        pytest.param(PIECE, f"bytes {PIECE}-{2 * PIECE - 1}/600000", id="not where it ended"),
        pytest.param(PIECE, "0-262143", id="no range"),
    ],
)
def test_a_piece_that_is_wrong_is_refused_and_nothing_of_it_is_stored(visitor, length, content_range):
    place = begun(visitor, 300_000 if "300000" in content_range else 600_000)
    visitor.ask("PUT", place, bytes(length), Content_Range=content_range)
    assert visitor.status == 400

    visitor.ask("PUT", place, b"", Content_Range="bytes */*")
    assert (visitor.status, visitor.headers.get("Range")) == (308, None)


def test_an_upload_says_how_far_it_is_and_tells_its_file_again_when_it_is_done(fake, visitor):
    data = bytes(range(250)) * 1200
    place = begun(visitor, len(data))
    visitor.ask("PUT", place, data[:PIECE], Content_Range=f"bytes 0-{PIECE - 1}/{len(data)}")
    assert (visitor.status, visitor.headers["Range"]) == (308, f"bytes=0-{PIECE - 1}")
    assert fake.open_uploads == 1

    made = visitor.ask("PUT", place, data[PIECE:], Content_Range=f"bytes {PIECE}-{len(data) - 1}/{len(data)}")
    assert visitor.ask("PUT", place, b"", Content_Range=f"bytes */{len(data)}") == made
    assert fake.drive.files[made["id"]].data == data


def test_an_upload_that_is_lost_or_cancelled_is_not_found(fake, visitor):
    places = [begun(visitor, 10), begun(visitor, 10)]
    visitor.ask("DELETE", places[0])
    assert visitor.status == 499
    fake.lose_uploads()
    for place in places:
        visitor.ask("PUT", place, bytes(10))
        assert visitor.refusal == (404, "notFound")


def test_an_upload_with_an_id_that_a_file_has_does_not_begin(fake, visitor):
    (file_id,) = visitor.ask("GET", "/drive/v3/files/generateIds?count=1")["ids"]
    begun(visitor, 10, id=file_id)
    visitor.ask("POST", "/drive/v3/files", {"name": "a", "id": file_id})
    headers = {"X_Upload_Content_Type": "text/plain"}
    visitor.ask("POST", "/upload/drive/v3/files?uploadType=resumable", {"name": "a", "id": file_id}, **headers)

    assert visitor.refusal == (409, "fileIdInUse")
    assert fake.open_uploads == 1


def test_a_file_of_a_shared_drive_is_there_for_who_says_that_he_knows_them(fake, visitor):
    team = fake.drive.add_shared_drive("team")
    file_id = fake.drive.add("a", b"x", parent=team)
    q = urlencode({"q": f"'{team}' in parents", "fields": "files(id)"})

    visitor.ask("GET", f"/drive/v3/files/{file_id}")
    assert visitor.refusal == (404, "notFound")
    assert visitor.ask("GET", f"/drive/v3/files/{file_id}?supportsAllDrives=true&fields=driveId") == {"driveId": team}
    assert visitor.ask("GET", f"/drive/v3/files?{q}&supportsAllDrives=true") == {"files": []}
    both = "supportsAllDrives=true&includeItemsFromAllDrives=true"
    assert visitor.ask("GET", f"/drive/v3/files?{q}&{both}") == {"files": [{"id": file_id}]}
    assert visitor.ask("GET", f"/drive/v3/drives/{team}") == {"kind": "drive#drive", "id": team, "name": "team"}


@pytest.mark.parametrize(
    ("q", "names"),
    [
        pytest.param("trashed = false", {"a", "A", "b", "F"}, id="not in the bin"),
        pytest.param("trashed = true", {"old", "in the bin with its folder"}, id="in the bin, also with a folder"),
        pytest.param("name = 'a'", {"a", "A"}, id="names are alike in any case"),
        pytest.param(f"mimeType = '{FOLDER}' and trashed = false", {"F"}, id="folders"),
        pytest.param(f"mimeType != '{FOLDER}' and trashed = false", {"a", "A", "b"}, id="all but folders"),
        pytest.param("not name = 'a' and (name = 'b' or name = 'F')", {"b", "F"}, id="not, and, or, parentheses"),
        pytest.param("(name = 'F' or name = 'b') and name = 'b'", {"b"}, id="or within and"),
        pytest.param("appProperties has { key='job' and value='7' }", {"b"}, id="a property of the app"),
    ],
)
def test_the_search_language_finds(fake, visitor, q, names):
    fake.drive.add("a", b"")
    fake.drive.add("A", b"")
    fake.drive.add("b", b"", app_properties={"job": "7"})
    fake.drive.add_folder("F")
    old = fake.drive.add_folder("old", explicitly_trashed=True)
    fake.drive.add("in the bin with its folder", b"", parent=old)

    assert {file["name"] for file in visitor.ask("GET", f"/drive/v3/files?{urlencode({'q': q})}")["files"]} == names


@pytest.mark.parametrize(
    "q",
    [
        "name",
        "name = ",
        "name = 'a",
        "x = 'a'",
        "name = 'a' and",
        "(name = 'a'",
        "name = 'a\\b'",
        "name = 'a' or name = 'b' and starred = true",
    ],
)
def test_the_search_language_is_refused_where_it_is_none(visitor, q):
    visitor.ask("GET", f"/drive/v3/files?{urlencode({'q': q})}")
    assert visitor.refusal == (400, "invalid")


def test_pages_may_be_empty_and_short_and_still_have_all(fake, visitor):
    fake.drive.page, fake.drive.empty_pages = 2, True
    ids = {fake.drive.add(str(number), b"") for number in range(5)}
    found, sizes, token = set(), [], {}
    while token is not None:
        page = visitor.ask("GET", f"/drive/v3/files?{urlencode({'pageSize': 1000, **token})}")
        sizes.append(len(page["files"]))
        found |= {file["id"] for file in page["files"]}
        token = {"pageToken": page["nextPageToken"]} if "nextPageToken" in page else None

    assert found == ids
    assert sizes == [0, 2, 0, 2, 0, 1]


@pytest.mark.parametrize(
    ("scopes", "method", "refusal"),
    [
        pytest.param((DRIVE_FILE,), "GET", (404, "notFound"), id="another's file is not there for drive.file"),
        pytest.param(
            (DRIVE_READONLY,), "DELETE", (403, "insufficientPermissions"), id="drive.readonly deletes nothing"
        ),
        pytest.param((DRIVE_READONLY, DRIVE_FILE), "DELETE", (403, "appNotAuthorizedToFile"), id="nor with drive.file"),
    ],
)
def test_scopes_bound_what_a_token_can_do(fake, scopes, method, refusal):
    visitor = Visitor(fake, *scopes)
    visitor.ask(method, f"/drive/v3/files/{fake.drive.add('a', b'')}")
    assert visitor.refusal == refusal


def test_a_scripted_failure_comes_as_often_as_was_said_before_the_request_takes_effect_or_after(fake, visitor):
    fake.fail("POST /drive", 500, body="<html>broken</html>", headers={"Retry-After": "7"})
    fake.drop("POST /drive", after=True)
    visitor.ask("POST", "/drive/v3/files", {"name": "a"})
    assert (visitor.status, visitor.data, visitor.headers["Retry-After"]) == (500, b"<html>broken</html>", "7")
    assert not fake.drive.named("a")

    with pytest.raises(urllib3.exceptions.ProtocolError):
        visitor.ask("POST", "/drive/v3/files", {"name": "a"})
    assert len(fake.drive.named("a")) == 1
    visitor.ask("POST", "/drive/v3/files", {"name": "b"})
    assert visitor.status == 200


def test_a_download_ends_early_drips_or_waits(fake, visitor):
    data = bytes(range(100))
    target = f"/drive/v3/files/{fake.drive.add('a', data)}?alt=media"
    fake.cut("alt=media", 10)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        visitor.ask("GET", target)
    fake.drip("alt=media", 30)
    visitor.ask("GET", target)
    assert visitor.data == data

    with fake.stall("alt=media", 50) as held:
        reading = threading.Thread(target=visitor.ask, args=("GET", target))
        reading.start()
        held.arrived()
        assert reading.is_alive()
    reading.join()
    assert visitor.data == data


@pytest.mark.parametrize("drop", [False, True], ids=["and goes on", "and is dropped"])
@pytest.mark.parametrize("after", [False, True], ids=["before it takes effect", "after that"])
def test_a_request_is_held(fake, visitor, after, drop):
    outcome = []

    def ask():
        try:
            visitor.ask("POST", "/drive/v3/files", {"name": "a"})
            outcome.append(visitor.status)
        except urllib3.exceptions.ProtocolError:
            outcome.append("dropped")

    with fake.hold("POST /drive", after=after, drop=drop) as held:
        asking = threading.Thread(target=ask)
        asking.start()
        held.arrived()
        fake.wait_for("POST /drive")
        assert len(fake.drive.named("a")) == int(after)
    asking.join()
    assert outcome == ["dropped" if drop else 200]
    assert len(fake.drive.named("a")) == int(after or not drop)


def test_damaged_bytes_have_another_checksum(fake, visitor):
    fake.drive.damages = 1
    first = visitor.ask("POST", "/upload/drive/v3/files?uploadType=media&fields=md5Checksum", b"bytes")
    second = visitor.ask("POST", "/upload/drive/v3/files?uploadType=media&fields=md5Checksum", b"bytes")

    assert first != second
    assert second == {"md5Checksum": hashlib.md5(b"bytes").hexdigest()}


def test_a_request_whose_client_leaves_in_the_middle_takes_no_effect(fake, visitor):
    address = urlsplit(fake.url)
    with socket.create_connection((address.hostname, address.port)) as leaving:
        token = fake.tokens().current()
        head = f"POST /upload/drive/v3/files?uploadType=media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        leaving.sendall(f"{head}Content-Length: 100\r\n\r\nhalf".encode())
        leaving.shutdown(socket.SHUT_WR)
        assert leaving.recv(1) == b""

    assert visitor.ask("GET", "/drive/v3/files")["files"] == []
