"""Uploads of the Galaxy dialect, over HTTP: tus, forms, pasted texts and addresses."""

import base64
import contextlib
import gzip
import itertools
import json
import socket
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from app.accounts.caller import Role
from app.dialects.galaxy.tool_routes import SETTLE_SECONDS
from tests.support.galaxy import Galaxy
from tests.support.places import redirecting
from tests.support.servers import scripted
from tests.support.service import eventually, running_service

UPLOADS = "/api/upload/resumable_upload"
TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}

_numbers = itertools.count()


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    folder = tmp_path_factory.mktemp("uploads")
    with running_service(folder, rclone, FETCH_HOSTS_ALLOWED="127.0.0.1", WEB_THREADS=8) as service:
        yield service


@pytest.fixture
def new_galaxy(service):
    return lambda: Galaxy(service, service.person(f"uploader-{next(_numbers)}"))


@pytest.fixture
def galaxy(new_galaxy):
    return new_galaxy()


@pytest.fixture
def history(galaxy):
    return galaxy.history()


@pytest.fixture
def spooled(service):
    """The files of uploads that are on the disk."""
    folder = Path(service.environ["DATA_DIR"]) / "library" / "uploads"
    return lambda: {path.name for path in folder.rglob("*") if path.is_file()}


def created(galaxy, size, path=UPLOADS, **headers):
    """Announce an upload; return its address."""
    answer = galaxy.call("POST", path, headers={**TUS, "Upload-Length": str(size), **headers})
    assert answer.status_code == 201, answer.text
    return urlsplit(urljoin(galaxy.service.url + path, answer.headers["Location"])).path


def part(galaxy, location, offset, content, **headers):
    return galaxy.call("PATCH", location, headers={**PART, "Upload-Offset": str(offset), **headers}, data=content)


def offset_of(galaxy, location):
    answer = galaxy.call("HEAD", location, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def sent(galaxy, content, **headers):
    """Send a file by tus; return its session_id."""
    location = created(galaxy, len(content), **headers)
    if content:
        assert part(galaxy, location, 0, content).status_code == 204
    return location.rpartition("/")[2]


def fetch(galaxy, history, *elements, **more):
    targets = [{"destination": {"type": "hdas"}, "elements": list(elements)}]
    return galaxy.call("POST", "/api/tools/fetch", json={"history_id": history, "targets": targets, **more})


def run(galaxy, history, inputs=None, **more):
    body = {"history_id": history, "tool_id": "upload1", "inputs": inputs or {}, **more}
    return galaxy.call("POST", "/api/tools", json=body)


def formed(galaxy, history, files, inputs=None, **more):
    data = {"history_id": history, "tool_id": "upload1", "inputs": json.dumps(inputs or {}), **more}
    return galaxy.call("POST", "/api/tools", data=data, files=files)


def outputs(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["outputs"]


def brought(galaxy, answer):
    """Wait for the datasets of an answer; return name, type and content of each."""
    found = [galaxy.ended_dataset(one["id"]) for one in outputs(answer)]
    assert {one["state"] for one in found} == {"ok"}, found
    return [(one["name"], one["extension"], galaxy.content(one["id"])) for one in found]


class TestTus:
    def test_what_is_spoken_is_told_to_anybody(self, service):
        answer = service.session.options(service.url + UPLOADS, timeout=30)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation", "creation-with-upload", "termination", "expiration",
        }  # fmt: skip
        assert int(answer.headers["Tus-Max-Size"]) >= 5 * 2**40

    @pytest.mark.parametrize("path", [UPLOADS, UPLOADS + "/"])
    def test_a_file_is_sent_in_parts(self, galaxy, history, path):
        content = bytes(range(256)) * 10_000
        location = created(galaxy, len(content), path)
        assert location.startswith(UPLOADS + "/")
        answer = part(galaxy, location, 0, content[:1_000_000])
        assert (answer.status_code, answer.content) == (204, b"")
        assert (answer.headers["Upload-Offset"], answer.headers["Tus-Resumable"]) == ("1000000", "1.0.0")
        assert "GMT" in answer.headers["Upload-Expires"]
        assert offset_of(galaxy, location) == 1_000_000
        assert part(galaxy, location, 1_000_000, content[1_000_000:]).headers["Upload-Offset"] == str(len(content))
        session = {"session_id": location.rpartition("/")[2], "name": "a.bin"}
        answer = fetch(galaxy, history, {"src": "files"}, **{"files_0|file_data": session})
        assert brought(galaxy, answer) == [("a.bin", "data", content)]

    def test_looking_tells_all_that_is_known(self, galaxy):
        metadata = "filename " + base64.b64encode("ä.txt".encode()).decode() + ",flag"
        location = created(galaxy, 10, **{"Upload-Metadata": metadata})
        answer = galaxy.call("HEAD", location, headers=TUS)
        assert answer.headers["Upload-Length"] == "10"
        assert answer.headers["Upload-Offset"] == "0"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Upload-Metadata"] == metadata.removesuffix(",flag")

    def test_the_first_part_may_come_with_the_announcement(self, galaxy):
        headers = {**PART, "Upload-Length": "10"}
        answer = galaxy.call("POST", UPLOADS, headers=headers, data=b"hello")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "5")

    def test_a_part_that_begins_elsewhere_is_told_where(self, galaxy):
        location = created(galaxy, 10)
        part(galaxy, location, 0, b"hello")
        for offset in (0, 4, 6, 10):
            answer = part(galaxy, location, offset, b"hello"[: 10 - offset])
            assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "5")
            assert answer.json()["err_code"] == 409001
        assert offset_of(galaxy, location) == 5

    @pytest.mark.parametrize("announced", [True, False], ids=["by its length", "in chunks"])
    @pytest.mark.parametrize("size", [11, 3_000_000])
    def test_more_than_was_announced_is_refused_and_nothing_of_it_kept(self, galaxy, announced, size):
        location = created(galaxy, 10)
        content = b"x" * size
        answer = part(galaxy, location, 0, content if announced else iter([content[:7], content[7:]]))
        assert answer.status_code == 413, answer.text
        assert offset_of(galaxy, location) == 0

    def test_a_part_in_chunks_is_taken(self, galaxy):
        location = created(galaxy, 10)
        assert part(galaxy, location, 0, iter([b"hello", b"world"])).headers["Upload-Offset"] == "10"

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            pytest.param({"Tus-Resumable": ""}, 412, id="no version"),
            pytest.param({"Tus-Resumable": "0.2.2"}, 412, id="another version"),
            pytest.param({"Content-Type": "application/octet-stream"}, 415, id="another media type"),
            pytest.param({"Upload-Offset": "-1"}, 400, id="a negative offset"),
            pytest.param({"Upload-Offset": "one"}, 400, id="no number"),
            pytest.param({"Upload-Offset": None}, 400, id="no offset"),
        ],
    )
    def test_a_part_that_is_not_as_tus_has_it_is_refused(self, galaxy, headers, status):
        location = created(galaxy, 10)
        answer = part(galaxy, location, 0, b"hello", **headers)
        assert answer.status_code == status
        assert set(answer.json()) == {"err_msg", "err_code"}
        assert ("Tus-Version" in answer.headers) == (status == 412)
        assert offset_of(galaxy, location) == 0

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            pytest.param({}, 400, id="no length"),
            pytest.param({"Upload-Length": "1.5"}, 400, id="half a byte"),
            pytest.param({"Upload-Defer-Length": "1"}, 400, id="a length that is told later"),
            pytest.param({"Upload-Length": str(10**15)}, 413, id="too large"),
            pytest.param({"Upload-Length": "10", "Upload-Metadata": "filename ???"}, 400, id="no base64"),
            pytest.param({"Upload-Length": "10", "Tus-Resumable": None}, 412, id="no version"),
        ],
    )
    def test_an_announcement_that_is_not_as_tus_has_it_is_refused(self, galaxy, spooled, headers, status):
        before = spooled()
        assert galaxy.call("POST", UPLOADS, headers=TUS | headers).status_code == status
        assert spooled() <= before

    def test_a_removed_upload_is_gone(self, galaxy, spooled):
        location = created(galaxy, 10)
        part(galaxy, location, 0, b"hello")
        assert location.rpartition("/")[2] in spooled()
        assert galaxy.call("DELETE", location, headers=TUS).status_code == 204
        assert location.rpartition("/")[2] not in spooled()
        for method in ("HEAD", "DELETE"):
            assert galaxy.call(method, location, headers=TUS).status_code == 404
        assert part(galaxy, location, 5, b"world").status_code == 404

    def test_methods_may_be_named_in_a_header(self, galaxy):
        location = created(galaxy, 5)
        headers = {**PART, "Upload-Offset": "0"}
        answer = galaxy.call("POST", location, headers=headers | {"X-HTTP-Method-Override": "PATCH"}, data=b"hello")
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "5")
        assert galaxy.call("POST", location, headers=headers, data=b"").status_code == 405
        assert galaxy.call("POST", location, headers=TUS | {"X-HTTP-Method-Override": "DELETE"}).status_code == 204

    def test_nobody_else_sees_an_upload(self, galaxy, new_galaxy):
        location, stranger = created(galaxy, 5), new_galaxy()
        assert stranger.call("HEAD", location, headers=TUS).status_code == 404
        assert stranger.call("DELETE", location, headers=TUS).status_code == 404
        assert part(stranger, location, 0, b"hello").status_code == 404
        history = stranger.history()
        session = {"session_id": location.rpartition("/")[2], "name": "a"}
        answer = fetch(stranger, history, {"src": "files"}, **{"files_0|file_data": session})
        assert (answer.status_code, answer.json()["err_code"]) == (404, 404001)
        assert stranger.contents(history) == []
        assert offset_of(galaxy, location) == 0

    def test_who_says_not_who_he_is_uploads_nothing(self, service, spooled):
        before = spooled()
        answer = service.session.post(service.url + UPLOADS, headers=TUS | {"Upload-Length": "5"}, timeout=30)
        assert (answer.status_code, answer.json()["err_code"]) == (403, 403008)
        assert spooled() <= before

    @pytest.mark.parametrize("size", [10_000_000, 30_000_000])
    def test_a_refusal_reaches_a_client_that_is_still_sending(self, galaxy, size):
        """tuspy sends ten million bytes at once and wants to know the offset when it is told so."""
        location = created(galaxy, 2 * size)
        part(galaxy, location, 0, b"hello")
        with contextlib.nullcontext() if size < 2**24 else contextlib.suppress(OSError):
            assert part(galaxy, location, 0, b"x" * size).status_code == 409
        assert offset_of(galaxy, location) == 5


class Broken:
    """A client that sends a part of a file byte by byte, as a test says, on a connection of its own."""

    def __init__(self, galaxy, location, size):
        host, port = urlsplit(galaxy.service.url).netloc.split(":")
        self.connection = socket.create_connection((host, int(port)), timeout=30)
        headers = {**PART, "Upload-Offset": "0", "Content-Length": str(size), "x-api-key": galaxy.person.key}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.connection.sendall(f"PATCH {location} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode())

    def send(self, content):
        self.connection.sendall(content)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()


def begun(galaxy, location, size=1_000_000):
    """Return a client that has begun to send, and is the only one who can."""
    client = Broken(galaxy, location, size)
    client.send(b"x" * 100_000)
    eventually(lambda: offset_of(galaxy, location) > 0)
    return client


def test_of_a_broken_connection_stays_what_came(galaxy):
    location = created(galaxy, 1_000_000)
    with begun(galaxy, location):
        pass
    eventually(lambda: offset_of(galaxy, location) == 100_000)
    rest = eventually(lambda: _unless(part(galaxy, location, 100_000, b"x" * 900_000), 423))
    assert (rest.status_code, rest.headers["Upload-Offset"]) == (204, "1000000")


def test_one_upload_is_sent_by_one_at_a_time(galaxy):
    location = created(galaxy, 1_000_000)
    with begun(galaxy, location):
        answer = part(galaxy, location, offset_of(galaxy, location), b"y")
        assert (answer.status_code, answer.json()["err_code"]) == (423, 409001)
        assert galaxy.call("DELETE", location, headers=TUS).status_code == 423
    eventually(lambda: _unless(galaxy.call("DELETE", location, headers=TUS), 423))


def test_bodies_never_take_all_threads(galaxy, service):
    """Of the six threads of this service two may read bodies."""
    locations = [created(galaxy, 1_000_000) for _ in range(3)]
    with begun(galaxy, locations[0]), begun(galaxy, locations[1]):
        answer = part(galaxy, locations[2], 0, b"x")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert formed(galaxy, "x", {"files_0|file_data": ("a", b"x")}).status_code == 503
        assert service.get("/health")
    assert eventually(lambda: _unless(part(galaxy, locations[2], 0, b"x"), 503)).status_code == 204


def _unless(answer, status):
    return None if answer.status_code == status else answer


class TestFetching:
    def test_several_files_of_all_sorts_come_in_order(self, galaxy, history):
        elements = [
            {"src": "files", "name": "one.txt", "ext": "txt"},
            {"src": "pasted", "paste_content": "a\tb\nc\td\n"},
            {"src": "files"},
        ]
        sessions = {
            "files_1|file_data": {"session_id": sent(galaxy, b"second"), "name": "two.txt"},
            "files_0|file_data": {"session_id": sent(galaxy, b"first"), "name": "ignored"},
        }
        answer = fetch(galaxy, history, *elements, **sessions)
        assert [one["output_name"] for one in outputs(answer)] == ["output0", "output1", "output2"]
        assert brought(galaxy, answer) == [
            ("one.txt", "txt", b"first"),
            ("Pasted Entry", "tabular", b"a\tb\nc\td\n"),
            ("two.txt", "txt", b"second"),
        ]

    def test_an_answer_is_as_bioblend_reads_it(self, galaxy, history):
        answer = fetch(galaxy, history, {"src": "pasted", "paste_content": "x", "dbkey": "hg19", "tags": ["name:t"]})
        said = answer.json()
        assert set(said) == {"outputs", "output_collections", "jobs", "implicit_collections", "produces_entry_points"}
        [output], [job] = said["outputs"], said["jobs"]
        assert (output["genome_build"], output["tags"], output["hid"]) == ("hg19", ["name:t"], 1)
        assert (job["model_class"], job["tool_id"]) == ("Job", "upload1")
        assert galaxy.ended_dataset(output["id"])["creating_job"] == job["id"]
        assert galaxy.ended_job(job["id"])["state"] == "ok"

    def test_a_small_file_is_there_when_the_answer_is(self, galaxy, history):
        def is_there():
            asked_at = time.monotonic()
            [output] = outputs(fetch(galaxy, history, {"src": "pasted", "paste_content": "x"}))
            assert output["state"] == "ok" or time.monotonic() - asked_at >= SETTLE_SECONDS
            return output["state"] == "ok"

        eventually(is_there)

    @pytest.mark.parametrize(
        ("element", "content"),
        [
            pytest.param({}, b"a b\r\nc", id="as it is, unless that is wanted"),
            pytest.param({"to_posix_lines": True}, b"a b\nc\n", id="line ends"),
            pytest.param({"to_posix_lines": "Yes", "space_to_tab": True}, b"a\tb\nc\n", id="tabs"),
        ],
    )
    def test_lines_are_converted_where_that_is_wanted(self, galaxy, history, element, content):
        session = {"session_id": sent(galaxy, b"a b\r\nc"), "name": "a"}
        answer = fetch(galaxy, history, {"src": "files", "ext": "txt", **element}, **{"files_0|file_data": session})
        assert brought(galaxy, answer) == [("a", "txt", content)]

    @pytest.mark.parametrize("wanted", [True, False])
    def test_packed_files_are_unpacked_where_that_is_wanted(self, galaxy, history, wanted):
        packed = gzip.compress(b"text\n", mtime=0)
        session = {"session_id": sent(galaxy, packed), "name": "a.gz"}
        answer = fetch(galaxy, history, {"src": "files"}, auto_decompress=wanted, **{"files_0|file_data": session})
        assert brought(galaxy, answer) == [("a.gz", "txt", b"text\n") if wanted else ("a.gz", "gz", packed)]

    @pytest.mark.parametrize("changed", [True, False])
    def test_an_upload_is_used_up(self, galaxy, history, spooled, changed):
        session = {"session_id": sent(galaxy, b"once"), "name": "a"}
        named = {"files_0|file_data": session}
        brought(galaxy, fetch(galaxy, history, {"src": "files", "to_posix_lines": changed}, **named))
        eventually(lambda: not any(name.startswith(session["session_id"]) for name in spooled()))
        assert fetch(galaxy, history, {"src": "files"}, **named).status_code == 404

    def test_an_upload_that_is_not_complete_is_refused_and_stays(self, galaxy, history):
        location = created(galaxy, 10)
        part(galaxy, location, 0, b"hello")
        named = {"files_0|file_data": {"session_id": location.rpartition("/")[2], "name": "a"}}
        answer = fetch(galaxy, history, {"src": "files"}, **named)
        assert (answer.status_code, answer.json()["err_code"]) == (400, 400008)
        assert offset_of(galaxy, location) == 5
        part(galaxy, location, 5, b"world")
        assert brought(galaxy, fetch(galaxy, history, {"src": "files"}, **named)) == [("a", "txt", b"helloworld")]

    def test_a_form_may_bring_files_and_json(self, galaxy, history):
        targets = [{"destination": {"type": "hdas"}, "elements": [{"src": "files", "ext": "txt"}]}]
        answer = galaxy.call(
            "POST",
            "/api/tools/fetch",
            data={"history_id": history, "targets": json.dumps(targets)},
            files={"files_0|file_data": ("b.txt", b"in a form")},
        )
        assert brought(galaxy, answer) == [("b.txt", "txt", b"in a form")]

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"targets": "x"}, id="targets that are no list"),
            pytest.param({"targets": []}, id="no targets"),
            pytest.param({"targets": [{"destination": {"type": "hdca"}, "elements": []}]}, id="a collection"),
            pytest.param({"targets": [{"destination": {"type": "library"}, "elements": []}]}, id="a library"),
            pytest.param({"targets": [{"elements": []}]}, id="no destination"),
            pytest.param({"elements": [{"src": "files"}]}, id="fewer files than elements"),
            pytest.param({"elements": [{"src": "path", "path": "/etc/passwd"}]}, id="a path of the server"),
            pytest.param({"elements": [{"src": "ftp_import", "ftp_path": "x"}]}, id="an FTP folder"),
            pytest.param({"elements": [{"src": "server_dir", "server_dir": "x"}]}, id="a folder of the server"),
            pytest.param({"elements": [{"src": "url", "url": "ftp://example.org/x"}]}, id="FTP"),
            pytest.param({"elements": [{"src": "url", "url": "gxfiles://x/y"}]}, id="a source of Galaxy's"),
            pytest.param({"elements": [{"src": "url", "url": "x"}]}, id="no address"),
            pytest.param({"elements": [{"src": "pasted"}]}, id="nothing pasted"),
            pytest.param({"elements": [{}]}, id="no source"),
            pytest.param({"elements": ["x"]}, id="no element"),
            pytest.param({"elements": [{"src": "pasted", "paste_content": "x", "tags": "x"}]}, id="tags that are none"),
            pytest.param({"elements": [{"src": "pasted", "paste_content": "x", "deferred": True}]}, id="deferred"),
            pytest.param({"elements": [{"src": "pasted", "paste_content": "x", "to_posix_lines": 7}]}, id="no flag"),
            pytest.param({"elements": [{"name": "list", "elements": []}]}, id="elements of elements"),
            pytest.param({"history_id": None}, id="no history"),
            pytest.param({"history_id": "x"}, id="an id that is none"),
        ],
    )
    def test_what_cannot_be_brought_is_refused_with_a_sentence(self, galaxy, history, spooled, change):
        elements = change.get("elements", [{"src": "pasted", "paste_content": "x"}])
        targets = [{"destination": {"type": "hdas"}, "elements": elements}]
        before = spooled()
        body = {"history_id": history, "targets": targets, **change}
        answer = galaxy.call("POST", "/api/tools/fetch", json=body)
        assert answer.status_code == 400, answer.text
        assert len(answer.json()["err_msg"]) > 10
        assert galaxy.contents(history) == []
        assert spooled() <= before


class TestTool:
    def test_a_pasted_text_becomes_a_dataset(self, galaxy, history):
        answer = run(galaxy, history, {"file_type": "auto", "dbkey": "?"}, **{"files_0|url_paste": "1\t2\t3"})
        assert brought(galaxy, answer) == [("Pasted Entry", "bed", b"1\t2\t3\n")]

    def test_an_admin_may_bring_something_to_somebody(self, service, history):
        admin = Galaxy(service, service.person(f"uploader-{next(_numbers)}", Role.ADMIN))
        answer = run(admin, history, **{"files_0|url_paste": "text"})
        assert brought(admin, answer) == [("Pasted Entry", "txt", b"text\n")]

    @pytest.mark.parametrize("encode", [dict, json.dumps], ids=["an object", "JSON in a text"])
    def test_all_may_lie_within_the_inputs(self, galaxy, history, encode):
        inputs = {
            "files_0|url_paste": "a b\r\n",
            "files_0|NAME": "n",
            "files_0|space_to_tab": "Yes",
            "file_type": "txt",
        }
        answer = run(galaxy, history, encode(inputs))
        assert brought(galaxy, answer) == [("n", "txt", b"a\tb\n")]

    def test_line_ends_stay_where_that_is_wanted(self, galaxy, history):
        answer = run(galaxy, history, {"files_0|to_posix_lines": False}, **{"files_0|url_paste": "a\r\n"})
        assert brought(galaxy, answer) == [("Pasted Entry", "txt", b"a\r\n")]

    def test_several_files_come_in_one_form(self, galaxy, history):
        png = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 5000
        files = {
            "files_1|file_data": ("pictures/two.png", png),
            "files_0|file_data": ("one.csv", b"a,b\r\n1,2\r\n"),
            "files_10|file_data": ("ten", b"x y"),
        }
        answer = formed(galaxy, history, files, {"files_10|NAME": "last", "files_10|space_to_tab": "Yes"})
        assert brought(galaxy, answer) == [
            ("one.csv", "csv", b"a,b\n1,2\n"),
            ("two.png", "png", png),
            ("last", "tabular", b"x\ty\n"),
        ]

    def test_a_form_need_not_have_files(self, galaxy, history):
        data = {"history_id": history, "tool_id": "upload1", "files_0|url_paste": "text"}
        answer = galaxy.call("POST", "/api/tools", files={name: (None, value) for name, value in data.items()})
        assert brought(galaxy, answer) == [("Pasted Entry", "txt", b"text\n")]

    def test_a_field_in_which_no_file_was_chosen_is_no_file(self, galaxy, history):
        files = {"files_0|file_data": ("", b""), "files_1|file_data": ("a", b"x")}
        assert [name for name, *_ in brought(galaxy, formed(galaxy, history, files))] == ["a"]

    def test_an_empty_file_is_one(self, galaxy, history):
        answer = formed(galaxy, history, {"files_0|file_data": ("empty", b"")})
        assert brought(galaxy, answer) == [("empty", "txt", b"")]

    @pytest.mark.parametrize("size", [2**20, 20 * 2**20])
    def test_a_form_may_be_much_larger_than_other_bodies(self, galaxy, history, size):
        content = bytes(range(256)) * (size // 256)
        answer = formed(galaxy, history, {"files_0|file_data": ("large", content)})
        assert brought(galaxy, answer) == [("large", "data", content)]

    def test_an_upload_by_tus_may_be_named_too(self, galaxy, history):
        session = {"session_id": sent(galaxy, b"by tus\n"), "name": "t"}
        answer = run(galaxy, history, **{"files_0|file_data": session})
        assert brought(galaxy, answer) == [("t", "txt", b"by tus\n")]

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            pytest.param({"tool_id": "cat1"}, 404, id="another tool"),
            pytest.param({"tool_id": None}, 400, id="no tool"),
            pytest.param({"history_id": None}, 400, id="no history"),
            pytest.param({"history_id": "f2db41e1fa331b3f"}, 400, id="an id that is none"),
            pytest.param({"history_id": "c6ca0ddb55be603a76ca7b1c3af82659"}, 404, id="a history that is nobody's"),
            pytest.param({"files_0|url_paste": ""}, 400, id="nothing to upload"),
            pytest.param({"files_0|url_paste": ["x"]}, 400, id="no text"),
            pytest.param({"inputs": "["}, 400, id="inputs that are no JSON"),
            pytest.param({"inputs": [1]}, 400, id="inputs that are no object"),
            pytest.param({"inputs": {"files_0|ftp_files": "x"}}, 400, id="an FTP folder"),
            pytest.param({"inputs": {"files_0|to_posix_lines": "maybe"}}, 400, id="no flag"),
            pytest.param({"files_0|file_data": "x"}, 400, id="a file that is none"),
            pytest.param({"files_0|url_paste": "ftp://example.org/x"}, 400, id="FTP"),
            pytest.param({"files_0|url_paste": "file:///etc/passwd"}, 400, id="a file of the server"),
            pytest.param({"files_0|url_paste": "https://example.org/a\ngxfiles://b"}, 400, id="one source of Galaxy's"),
        ],
    )
    def test_what_cannot_be_run_is_refused_with_a_sentence(self, galaxy, history, spooled, body, status):
        before = spooled()
        body = {"history_id": history, "tool_id": "upload1", "inputs": {}, "files_0|url_paste": "x", **body}
        answer = galaxy.call("POST", "/api/tools", json=body)
        assert answer.status_code == status, answer.text
        assert len(answer.json()["err_msg"]) > 10
        assert galaxy.contents(history) == []
        assert spooled() <= before

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            pytest.param(b"", 400003, id="nothing"),
            pytest.param(b"{", 400003, id="broken"),
            pytest.param(b"[" * 100_000, 400003, id="nested too deeply"),
            pytest.param(b'{"x": NaN}', 400003, id="not a number"),
            pytest.param(b'{"x": "\\ud800"}', 400003, id="half a character"),
            pytest.param(b"[]", 400008, id="a list"),
        ],
    )
    def test_a_body_that_is_no_json_object_is_refused(self, galaxy, content, code):
        answer = galaxy.call("POST", "/api/tools", data=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["err_code"]) == (400, code)

    def test_a_form_that_is_none_is_refused_and_leaves_nothing(self, galaxy, spooled):
        before = spooled()
        head = b'--b\r\nContent-Disposition: form-data; name="files_0|file_data"; filename="a"\r\n\r\n'
        for kind, body in (("multipart/form-data", head), ("multipart/form-data; boundary=b", head + b"x" * 10_000)):
            answer = galaxy.call("POST", "/api/tools", data=body, headers={"Content-Type": kind})
            assert answer.status_code == 400, answer.text
        assert spooled() <= before

    def test_another_s_history_is_not_filled_and_the_files_do_not_stay(self, galaxy, history, new_galaxy, spooled):
        before = spooled()
        answer = formed(new_galaxy(), history, {"files_0|file_data": ("a", b"x" * 100_000)})
        assert (answer.status_code, answer.json()["err_code"]) == (403, 403003)
        assert galaxy.contents(history) == []
        assert spooled() <= before

    def test_a_deleted_history_is_not_filled_and_the_files_do_not_stay(self, galaxy, history, spooled):
        galaxy.told("DELETE", f"/api/histories/{history}", json={})
        before = spooled()
        assert formed(galaxy, history, {"files_0|file_data": ("a", b"x")}).status_code == 400
        assert spooled() <= before

    def test_a_text_that_is_too_long_is_refused(self, galaxy, history):
        answer = run(galaxy, history, **{"files_0|url_paste": "x" * (17 * 2**20)})
        assert answer.status_code == 413

    def test_of_a_form_that_breaks_off_nothing_stays(self, galaxy, spooled):
        before = spooled()
        host, port = urlsplit(galaxy.service.url).netloc.split(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            head = (
                f"POST /api/tools HTTP/1.1\r\nHost: {host}\r\nx-api-key: {galaxy.person.key}\r\n"
                "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 10000000\r\n\r\n"
                '--b\r\nContent-Disposition: form-data; name="files_0|file_data"; filename="a"\r\n\r\n'
            )
            connection.sendall(head.encode() + b"x" * 1_000_000)
            eventually(lambda: spooled() - before, what="a file that arrives")
        eventually(lambda: spooled() <= before, what="its removal")


class TestAddresses:
    def test_each_line_becomes_a_dataset_named_by_it(self, galaxy, history):
        with scripted(lambda _, path: (200, f"at {path}\n")) as web:
            answer = run(galaxy, history, **{"files_0|url_paste": f"{web}/a?x=1\r\n\n {web}/b \n"})
            assert brought(galaxy, answer) == [
                (f"{web}/a?x=1", "txt", b"at /a?x=1\n"),
                (f"{web}/b", "txt", b"at /b\n"),
            ]

    def test_a_name_that_is_given_counts(self, galaxy, history):
        with scripted(lambda *_: (200, "1\t2\t3")) as web:
            answer = run(galaxy, history, {"files_0|NAME": "mine", "file_type": "bed"}, **{"files_0|url_paste": web})
            assert brought(galaxy, answer) == [("mine", "bed", b"1\t2\t3\n")]

    def test_a_fetched_element_is_named_by_the_end_of_its_path(self, galaxy, history):
        with scripted(lambda *_: (200, "x")) as web:
            answer = fetch(galaxy, history, {"src": "url", "url": f"{web}/a/b.txt?c=d/e"}, {"src": "url", "url": web})
            assert brought(galaxy, answer) == [("b.txt", "txt", b"x"), (urlsplit(web).netloc, "txt", b"x")]

    def test_a_text_with_an_address_in_it_is_a_text(self, galaxy, history):
        text = "https://example.org/ is\nan example\n"
        assert brought(galaxy, run(galaxy, history, **{"files_0|url_paste": text}))[0][2] == text.encode()

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.2/", "http://localhost/", "http://localhost.:80/x", "http://[::1]/", "http://10.0.0.1/",
            "http://2130706434/", "http://0x7f000002/", "http://0177.0.0.2/", "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://0.0.0.0/",
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("way", ["pasted", "fetched"])
    def test_what_leads_inside_is_refused(self, galaxy, history, url, way):
        if way == "pasted":
            answer = run(galaxy, history, **{"files_0|url_paste": f"http://127.0.0.1:1/fine\n{url}"})
        else:
            answer = fetch(galaxy, history, {"src": "url", "url": url})
        assert (answer.status_code, answer.json()["err_code"]) == (403, 403004)
        assert galaxy.contents(history) == []

    def test_a_redirect_inside_fails_the_dataset_and_no_other(self, galaxy, history):
        with redirecting(302, "http://127.0.0.2:1/secret") as (bad, seen), scripted(lambda *_: (200, "x")) as good:
            first, second = outputs(run(galaxy, history, **{"files_0|url_paste": f"{bad}/a\n{good}/b"}))
            assert galaxy.ended_dataset(first["id"])["state"] == "error"
            assert galaxy.ended_dataset(second["id"])["state"] == "ok"
        assert seen == ["/a"]
        job = galaxy.ended_job(galaxy.dataset(first["id"])["creating_job"])
        assert job["state"] == "error"
        assert "FETCH_HOSTS_ALLOWED" in job["stderr"]

    def test_what_is_not_there_fails_the_dataset_with_a_sentence(self, galaxy, history):
        with scripted(lambda *_: (404, "no")) as web:
            [output] = outputs(fetch(galaxy, history, {"src": "url", "url": f"{web}/a?token=s3cr3t"}))
            ended = galaxy.ended_dataset(output["id"])
        assert ended["state"] == "error"
        assert "404" in ended["misc_info"]
        assert "s3cr3t" not in ended["misc_info"]


def test_an_upload_becomes_one_dataset(galaxy, history):
    session = {"session_id": sent(galaxy, b"once"), "name": "a"}
    twice = {"files_0|file_data": session, "files_1|file_data": session}
    answer = fetch(galaxy, history, {"src": "files"}, {"src": "files"}, **twice)
    assert answer.status_code == 400
    assert "once" in answer.json()["err_msg"]
    assert galaxy.contents(history) == []


class TestQuota:
    @pytest.fixture
    def galaxy(self, new_galaxy, service):
        galaxy = new_galaxy()
        with service.accounts() as accounts:
            accounts.set_quota(galaxy.person.name, 1000)
        return galaxy

    def test_an_upload_is_refused_when_it_is_announced(self, galaxy):
        answer = galaxy.call("POST", UPLOADS, headers=TUS | {"Upload-Length": "1001"})
        assert answer.status_code == 413
        assert created(galaxy, 1000)

    def test_a_form_is_refused_while_it_comes(self, galaxy, history, spooled):
        before = spooled()
        answer = formed(galaxy, history, {"files_0|file_data": ("a", b"x" * 1_000_000)})
        assert answer.status_code == 413
        assert galaxy.contents(history) == []
        assert spooled() <= before

    def test_what_an_upload_took_is_what_its_dataset_takes(self, galaxy, history):
        for name in ("a", "b"):
            session = {"session_id": sent(galaxy, b"x" * 450), "name": name}
            brought(galaxy, fetch(galaxy, history, {"src": "files"}, **{"files_0|file_data": session}))
        assert galaxy.call("POST", UPLOADS, headers=TUS | {"Upload-Length": "101"}).status_code == 413
        assert created(galaxy, 100)

    def test_what_grows_beyond_it_when_unpacked_fails(self, galaxy, history):
        session = {"session_id": sent(galaxy, gzip.compress(b"x" * 100_000)), "name": "a.gz"}
        answer = fetch(galaxy, history, {"src": "files"}, auto_decompress=True, **{"files_0|file_data": session})
        [output] = outputs(answer)
        assert galaxy.ended_dataset(output["id"])["state"] == "error"

    def test_what_is_larger_on_the_web_fails(self, galaxy, history):
        with scripted(lambda *_: (200, "x" * 1001)) as web:
            [output] = outputs(run(galaxy, history, **{"files_0|url_paste": web}))
            assert galaxy.ended_dataset(output["id"])["state"] == "error"
