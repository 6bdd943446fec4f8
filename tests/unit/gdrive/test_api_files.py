"""Files by their ids, at the fake Google: found, listed, read, exported, put into the bin."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count as counting
from itertools import cycle

import pytest

from app.errors import (
    AccessDenied,
    FileChanged,
    ListingBroken,
    ObjectMissing,
    RequestRefused,
    StorageError,
    StorageUnreachable,
)
from tests.conformance.contents import MIB, bytes_of, digest
from tests.support.drive import drive_files
from tests.support.servers import free_port, scripted

NATIVE = "application/vnd.google-apps."
MEDIA = "alt=media"
LARGE = 9 * MIB + 5
"""Three pieces."""


def test_a_file_is_found(fake, files):
    found = files.find(fake.drive.add("a/b.jpg", b"hello", "image/jpeg"))
    assert (found.name, found.size, found.mime_type) == ("a/b.jpg", 5, "image/jpeg")
    assert found.parents == (fake.drive.root(),)


def test_the_root_is_found_by_its_alias(fake, files):
    assert files.find(files.root(None)).id == fake.drive.root()


def test_a_file_of_a_shared_drive_is_found(fake, files):
    drive = fake.drive.add_shared_drive("Team")
    assert files.find(fake.drive.add("a", b"", parent=drive)).name == "a"
    assert files.find(files.root(drive)).is_folder


def test_what_is_not_there_is_missing(files):
    with pytest.raises(ObjectMissing):
        files.find("1x")


def test_another_file_than_the_one_asked_for_is_none_of_drives(fake, files):
    other = files.find(fake.drive.add("other"))
    fake.fail("/files/1x", 200, body=told_of(other))
    with pytest.raises(StorageUnreachable, match="not as Google Drive"):
        files.find("1x")


def told_of(file, **others):
    told = {"id": file.id, "name": file.name, "mimeType": file.mime_type, "modifiedTime": "2024-01-01T00:00:00.000Z"}
    return {**told, "size": str(file.size or 0), "md5Checksum": file.md5 or "0" * 32, **others}


def test_one_shortcut_is_followed(fake, files):
    target = fake.drive.add("target", b"data")
    first = fake.drive.add_shortcut("first", target)
    assert files.resolved(first).id == target
    assert files.resolved(target).id == target
    with pytest.raises(AccessDenied):
        files.read(files.resolved(fake.drive.add_shortcut("second", first)))


def test_a_shortcut_whose_target_is_gone_is_missing(fake, files):
    target = fake.drive.add("target", b"data")
    shortcut = fake.drive.add_shortcut("shortcut", target)
    fake.drive.erase(target)
    with pytest.raises(ObjectMissing):
        files.resolved(shortcut)


@pytest.mark.parametrize("size", [0, 1, 4 * MIB, 4 * MIB + 1, LARGE])
def test_bytes_are_read_as_they_are(fake, files, size):
    data = bytes_of(size)
    found = files.find(fake.drive.add("a", data, modified_time="2023-11-14T22:13:20.250Z"))
    with files.read(found) as opened:
        assert (opened.size, opened.modified_ns, opened.mark) == (size, 1_700_000_000_250_000_000, found.md5)
        assert digest(opened.read()) == digest(data)
        opened.verify()


def test_each_request_says_that_shared_drives_count(fake, files):
    drive = fake.drive.add_shared_drive("Team")
    found = files.find(fake.drive.add("a", bytes_of(LARGE), parent=drive))
    assert digest(files.read(found).read()) == digest(bytes_of(LARGE))
    assert all(seen.query["supportsAllDrives"] == "true" for seen in fake.requests)


@pytest.mark.parametrize("size", [2 * MIB, LARGE])
def test_a_download_that_breaks_off_is_gone_on_with(fake, files, size):
    data = bytes_of(size)
    found = files.find(fake.drive.add("a", data))
    fake.cut(MEDIA, 1000, times=3)
    fake.drop(MEDIA)
    fake.fail(MEDIA, 503)
    assert digest(files.read(found).read()) == digest(data)


def test_a_piece_that_never_comes_ends_the_reading(fake, files):
    found = files.find(fake.drive.add("a", bytes_of(LARGE)))
    fake.fail(lambda seen: seen.headers.get("Range", "").startswith(f"bytes={8 * MIB}-"), 503, times=99)
    with files.read(found) as opened, pytest.raises(StorageUnreachable):
        opened.read()


@pytest.mark.parametrize("after", [3, 2 * MIB, 9 * MIB + 4, 12 * MIB])
@pytest.mark.parametrize("before", [2 * MIB + 1, LARGE])
def test_a_file_that_was_replaced_is_not_taken_for_the_old_one(fake, files, before, after):
    file_id = fake.drive.add("a", bytes_of(before))
    found = files.find(file_id)
    fake.drive.write(file_id, bytes_of(after))
    with pytest.raises(FileChanged):
        all_of(files, found)


def all_of(files, found):
    with files.read(found) as opened:
        data = opened.read()
        opened.verify()
        return data


def test_other_bytes_of_the_same_size_are_found_out(fake, files):
    data = bytes_of(20 * MIB)  # so many pieces that the last one is not asked for with the first
    file_id = fake.drive.add("a", data)
    opened = files.read(files.find(file_id))
    first = opened.read(1)
    fake.drive.write(file_id, data[:-1] + bytes([data[-1] ^ 1]))
    assert len(first + opened.read()) == len(data)
    with pytest.raises(FileChanged, match="MD5"):
        opened.verify()


@pytest.mark.parametrize("is_changed", [False, True], ids=["unchanged", "changed"])
def test_without_a_checksum_the_version_tells(fake, files, is_changed):
    file_id = fake.drive.add("a", bytes_of(LARGE))
    opened = files.read(files.find(file_id)._replace(md5=None))
    opened.read()
    if not is_changed:
        return opened.verify()
    fake.drive.write(file_id, bytes_of(LARGE))
    with pytest.raises(FileChanged, match="version"):
        opened.verify()
    return None


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(200, {}, id="all of it"),
        pytest.param(206, {}, id="no range"),
        pytest.param(206, {"Content-Range": f"bytes 1-{4 * MIB}/{LARGE}"}, id="another range"),
        pytest.param(206, {"Content-Range": "bytes */5"}, id="a range that is none"),
    ],
)
def test_what_is_not_the_piece_asked_for_is_not_taken(fake, files, status, headers):
    found = files.find(fake.drive.add("a", bytes_of(LARGE)))
    fake.fail(MEDIA, status, body="x" * 4 * MIB, headers=headers, times=99)
    with files.read(found) as opened, pytest.raises(StorageError):
        opened.read()


def test_what_was_not_read_proves_nothing(fake, files):
    found = files.find(fake.drive.add("a", bytes_of(LARGE)))
    with files.read(found) as opened:
        opened.skip(8 * MIB + 1)
        assert digest(opened.read()) == digest(bytes_of(LARGE)[8 * MIB + 1 :])
        opened.verify()


def test_what_may_not_be_downloaded_is_not_asked_for(fake, files):
    found = files.find(fake.drive.add("a", b"data", denied=frozenset({"canDownload"})))
    with pytest.raises(AccessDenied, match="owner"):
        files.read(found)
    assert fake.asked(MEDIA) == []


def test_what_is_in_the_bin_is_missing(fake, files):
    file_id = fake.drive.add("a", b"data")
    fake.drive.trash(file_id)
    with pytest.raises(ObjectMissing, match="bin"):
        files.read(files.find(file_id))


@pytest.mark.parametrize("kind", ["folder", "shortcut"])
def test_what_has_no_bytes_is_not_read_and_has_no_stored_name(fake, files, kind):
    found = files.find(fake.drive.add("a", b"x"))._replace(mime_type=NATIVE + kind, size=None)
    for ask in (files.read, files.stored_name):
        with pytest.raises(AccessDenied, match="no bytes"):
            ask(found)


@pytest.mark.parametrize(
    ("kind", "exported", "end"),
    [
        ("document", "application/pdf", ".pdf"),
        ("spreadsheet", "application/pdf", ".pdf"),
        ("presentation", "application/pdf", ".pdf"),
        ("drawing", "image/png", ".png"),
        ("script", f"{NATIVE}script+json", ".json"),
    ],
)
@pytest.mark.parametrize("is_told", [True, False], ids=["Google tells its formats", "Google does not"])
def test_a_document_is_exported(fake, files, kind, exported, end, is_told):
    found = files.find(fake.drive.add("My.doc", None, NATIVE + kind, exports={exported: b"exported"}))
    if not is_told:
        fake.fail("^GET /drive/v3/about", 404, "notFound")
    assert (files.stored_name(found), files.stored_type(found)) == (f"My.doc{end}", exported)
    with files.read(found) as opened:
        assert (opened.size, opened.mark, opened.modified_ns) == (8, None, found.modified_ns)
        assert opened.read() == b"exported"
        opened.verify()
    assert len(fake.asked("^GET /drive/v3/about")) == 1


@pytest.mark.parametrize("kind", ["form", "site", "map", "jam"])
def test_what_google_cannot_export_is_said_to_be_so(fake, files, kind):
    found = files.find(fake.drive.add("a", None, NATIVE + kind))
    for ask in (files.read, files.stored_name, files.stored_type):
        with pytest.raises(AccessDenied, match="cannot export"):
            ask(found)


@pytest.mark.parametrize(
    ("formats", "chosen"),
    [
        pytest.param(["text/plain", "application/pdf"], "application/pdf", id="what is preferred"),
        pytest.param(["application/x-odd", "text/plain"], "text/plain", id="what can be named"),
        pytest.param([7, "text/plain"], "text/plain", id="what is a text"),
    ],
)
def test_what_google_offers_decides(fake, files, formats, chosen):
    found = files.find(fake.drive.add("a", None, f"{NATIVE}document"))
    fake.fail("^GET /drive/v3/about", 200, body={"exportFormats": {f"{NATIVE}document": formats}})
    assert files.stored_type(found) == chosen


def test_a_document_that_is_too_large_says_what_to_do(fake, files):
    found = files.find(fake.drive.add("a", None, f"{NATIVE}document", exports={"application/pdf": bytes(10 * MIB + 1)}))
    with pytest.raises(AccessDenied, match="10 MB"):
        files.read(found)


def test_the_stored_name_of_other_files_is_theirs(fake, files):
    found = files.find(fake.drive.add("a/b.txt", b"", "text/plain"))
    assert (files.stored_name(found), files.stored_type(found)) == ("a/b.txt", "text/plain")


@pytest.mark.parametrize("count", [0, 1, 7])
@pytest.mark.parametrize("empty_pages", [False, True], ids=["full pages", "empty pages between"])
def test_all_children_are_listed_page_by_page(fake, files, count, empty_pages):
    folder = fake.drive.add_folder("folder")
    names = {f"file {number}" for number in range(count)}
    for name in names:
        fake.drive.add(name, b"", parent=folder)
    fake.drive.trash(fake.drive.add("binned", b"", parent=folder))
    fake.drive.page, fake.drive.empty_pages = 3, empty_pages
    assert {file.name for file in files.children(folder)} == names


def test_a_shared_drive_is_listed_as_its_own_corpus(fake, waits):
    drive = fake.drive.add_shared_drive("Team")
    fake.drive.add("a", b"", parent=drive)
    with closing(drive_files(fake, waits, drive=drive)) as files:
        assert [file.name for file in files.children(files.root(drive))] == ["a"]
    (seen,) = fake.asked("^GET /drive/v3/files")
    assert (seen.query["corpora"], seen.query["driveId"]) == ("drive", drive)


def test_a_folder_of_a_shared_drive_is_listed_from_my_drive_too(fake, files):
    folder = fake.drive.add_folder("folder", fake.drive.add_shared_drive("Team"))
    fake.drive.add("a", b"", parent=folder)
    assert [file.name for file in files.children(folder)] == ["a"]


def test_a_page_that_fails_ends_the_listing_with_an_error(fake, files):
    folder = fake.drive.add_folder("folder")
    for number in range(7):
        fake.drive.add(f"file {number}", b"", parent=folder)
    fake.drive.page = 3
    fake.fail("pageToken", 503, times=99)
    listing, seen = files.children(folder), []
    with pytest.raises(StorageUnreachable):
        seen.extend(listing)
    assert len(seen) == 3


A_FILE = {"id": "1x", "name": "a", "mimeType": "text/plain", "modifiedTime": "2024-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param({"files": [A_FILE], "nextPageToken": "again"}, id="a token that comes again"),
        pytest.param({"files": [], "nextPageToken": "again"}, id="empty pages for ever"),
        pytest.param({"files": [A_FILE], "incompleteSearch": True}, id="not all"),
        pytest.param({"files": [A_FILE | {"id": "../x"}]}, id="a file that is none"),
        pytest.param({"files": [7]}, id="a number"),
        pytest.param({"files": {}}, id="no list"),
        pytest.param({}, id="nothing"),
        pytest.param({"files": [], "nextPageToken": 7}, id="a token that is none"),
    ],
)
def test_nothing_is_concluded_from_pages_that_lead_nowhere(fake, files, page):
    fake.fail("^GET /drive/v3/files", 200, body=page, times=9999)
    with pytest.raises(ListingBroken):
        list(files.children("root"))


def test_empty_pages_with_ever_new_tokens_end_too(fake, waits):
    tokens = counting()
    answer = lambda *_: (200, json.dumps({"files": [], "nextPageToken": str(next(tokens))}))  # noqa: E731
    with (
        scripted(answer, "application/json") as endpoint,
        closing(drive_files(fake, waits, endpoint=endpoint)) as files,
        pytest.raises(ListingBroken),
    ):
        list(files.children("root"))


def test_children_of_what_is_not_there_are_missing(files):
    with pytest.raises(ObjectMissing):
        list(files.children("1x"))
    with pytest.raises(RequestRefused):
        list(files.children("' in parents or '"))


@pytest.mark.parametrize(
    "name", ["plain", "it's", "a\\", "a/b", "' or name != '", "⧵2F", "𝒳", " leading", "a\nb"], ids=repr
)
def test_a_file_is_found_by_exactly_its_name(fake, files, name):
    folder = fake.drive.add_folder("folder")
    ids = {fake.drive.add(name, b"", parent=folder), fake.drive.add(name, b"", parent=folder)}
    for other in (name + "x", "x" + name, name.upper() + "X"):
        fake.drive.add(other, b"", parent=folder)
    fake.drive.trash(fake.drive.add(name, b"", parent=folder))
    assert {file.id for file in files.named(folder, name)} == ids


def test_a_name_in_other_letters_is_another_name(fake, files):
    """Drive's search may take them for equal."""
    fake.fail("^GET /drive/v3/files", 200, body={"files": [A_FILE | {"name": "A"}, A_FILE]})
    assert [file.name for file in files.named("root", "a")] == ["a"]


def test_what_is_put_into_the_bin_is_there(fake, files):
    folder = fake.drive.add_folder("folder")
    file_id = fake.drive.add("a", b"", parent=folder)
    files.trash(folder)
    assert {file.id for file in fake.drive.bin} == {folder, file_id}
    with pytest.raises(ObjectMissing):
        files.trash("1x")


def test_the_bin_is_believed_only_when_it_is_told(fake, files):
    found = files.find(fake.drive.add("a", b""))
    fake.fail("^PATCH", 200, body=told_of(found))
    with pytest.raises(StorageUnreachable):
        files.trash(found.id)


@pytest.mark.parametrize("count", [0, 1, 1000, 1001])
def test_there_are_as_many_ids_as_asked_for(files, count):
    assert len(set(files.new_ids(count))) == count


def test_fewer_ids_are_none(fake, files):
    fake.fail("generateIds", 200, body={"ids": ["1x"]})
    with pytest.raises(StorageUnreachable):
        files.new_ids(2)


def test_a_question_goes_as_it_is(fake, files):
    file_id = fake.drive.add("a", b"data")
    assert files.ask(f"files/{file_id}", {"fields": "name"}, 1000) == {"name": "a"}
    assert fake.requests[-1].query == {"fields": "name"}
    with pytest.raises(StorageUnreachable):
        files.ask(f"files/{file_id}", {"fields": "*"}, 10)
    with pytest.raises(StorageUnreachable):
        files.ask(f"files/{file_id}", {"alt": "media"}, 1000)


@pytest.mark.parametrize(
    "path",
    ["", "/about", "about/", "files/../about", "files//a", "a?b", "http://a", "files/a/b/c", "about\n"],
    ids=repr,
)
def test_a_path_that_can_be_none_is_refused_before_any_request(fake, files, path):
    with pytest.raises(RequestRefused):
        files.ask(path, {}, 1000)
    assert fake.requests == []


def test_only_our_own_headers_are_sent(fake, files, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    files.find(fake.drive.add("a"))
    sent = {name.lower() for name in fake.requests[-1].headers} - {"x-target"}
    assert sent == {"host", "authorization", "accept-encoding", "user-agent"}


@pytest.mark.parametrize(("connections", "at_once"), [(1, 1), (3, 3), (50, 8)])
def test_no_more_requests_are_under_way_than_may_be(fake, connections, at_once):
    ids = [fake.drive.add("a") for _ in range(12)]
    more = threading.Event()
    with closing(drive_files(fake, connections=connections)) as files, ThreadPoolExecutor(len(ids)) as pool:
        with fake.hold("^GET /drive/v3/files/", times=len(ids)):
            asked = [pool.submit(ask, one) for ask, one in zip(cycle([files.find, files.briefly.find]), ids)]
            fake.wait_for("^GET /drive/v3/files/", at_once)
            # A request too many would come at once; that none does can only be looked at for a while.
            assert not more.wait(0.2)
            assert len(fake.asked("^GET /drive/v3/files/")) == at_once
        assert [one.result().name for one in asked] == ["a"] * len(ids)


def test_closing_is_harmless_twice_and_what_comes_after_connects_again(fake, files):
    file_id = fake.drive.add("a", bytes_of(LARGE))
    for _ in range(2):
        files.close()
    assert digest(files.read(files.find(file_id)).read()) == digest(bytes_of(LARGE))


def test_a_place_where_nobody_is_is_told(fake, waits):
    nowhere = closing(drive_files(fake, waits, endpoint=f"http://127.0.0.1:{free_port()}/drive/v3"))
    with nowhere as files, pytest.raises(StorageUnreachable, match="cannot be reached"):
        files.find("1x")
    assert len(waits.slept) == 5
