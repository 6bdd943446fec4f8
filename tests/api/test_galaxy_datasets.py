"""Datasets of the Galaxy dialect, over HTTP: what is in a history, found by the history or by itself, and its files."""

import hashlib
import itertools
import re

import pytest
import requests

from app.accounts.caller import Role
from app.dialects.galaxy.translate_datasets import SUMMARY
from tests.support.galaxy import UNKNOWN, Galaxy
from tests.support.service import eventually, running_service
from tests.support.shelves import shelf_of

_numbers = itertools.count()

MODEL = "HistoryDatasetAssociation"
NOT_FOUND = (404, 404001, f"{MODEL} not found")
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def new_galaxy(service):
    """A function that makes a person, and returns what he sends."""
    return lambda role=Role.USER, **key: Galaxy(service, service.person(f"datasets-{next(_numbers)}", role, **key))


@pytest.fixture
def ann(new_galaxy):
    return new_galaxy()


@pytest.fixture
def shelf(service, ann):
    with shelf_of(service, ann.person) as shelf:
        yield shelf


@pytest.fixture
def history(shelf):
    """The number of a history."""
    return shelf.history()


def refusal(answer):
    """Return the status, the code and the text of an error."""
    body = answer.json()
    return answer.status_code, body["err_code"], body["err_msg"]


def names(found):
    return [one["name"] for one in found]


@pytest.fixture
def at(ann, history):
    """A function that returns where an item is in its history."""
    return lambda item: f"/api/histories/{ann.encoded(history)}/contents/{ann.encoded(item.number)}"


def test_a_dataset_is_shown_with_all_that_is_known_of_it(ann, shelf, history, at):
    item = shelf.ready(
        history, "reads of 2026.bed", b"chr1\t1\t2\n", file_type="bed", attributes={"dbkey": "hg19"}, tags=["a"]
    )
    number, where = ann.encoded(item.number), at(item)

    shown = ann.told("GET", f"/api/datasets/{number}", params={"hda_ldda": "hda"})

    assert shown.items() >= {
        "id": number, "dataset_id": number, "hid": 1, "name": "reads of 2026.bed", "history_id": ann.encoded(history), "state": "ok",
        "history_content_type": "dataset", "type": "file", "type_id": f"dataset-{number}", "extension": "bed", "file_ext": "bed",
        "deleted": False, "purged": False, "visible": True, "tags": ["a"], "url": where, "genome_build": "hg19", "metadata_dbkey": "hg19",
        "model_class": MODEL, "hda_ldda": "hda", "uuid": item.id, "file_size": 9, "download_url": where + "/display", "creating_job": None,
        "annotation": None, "misc_info": "", "misc_blurb": "9 bytes", "accessible": True,
    }.items()  # fmt: skip
    assert shown["hashes"] == [
        {"hash_function": "MD5", "hash_value": hashlib.md5(b"chr1\t1\t2\n").hexdigest()},
        {"hash_function": "SHA-256", "hash_value": hashlib.sha256(b"chr1\t1\t2\n").hexdigest()},
    ]
    assert ann.told("GET", where) == shown
    assert set(ann.told("GET", where, params={"keys": "id,name"})) == {"id", "name"}


@pytest.mark.parametrize(
    ("bring", "state", "said"),
    [
        pytest.param(lambda _filling, _number: None, "queued", "", id="waiting"),
        pytest.param(lambda filling, number: filling.begin(number), "running", "", id="arriving"),
        pytest.param(
            lambda filling, number: filling.fail(number, "The object is gone."),
            "error",
            "The object is gone.",
            id="failed",
        ),
        pytest.param(lambda filling, number: filling.discard(number), "discarded", "", id="cancelled"),
    ],
)
def test_a_dataset_without_a_file_says_why_and_cannot_be_read(ann, shelf, history, at, bring, state, said):
    item = shelf.waiting(history)
    bring(shelf.library.filling, item.number)

    shown = ann.told("GET", at(item))

    assert (shown["state"], shown["misc_info"], shown["genome_build"], shown["hashes"]) == (state, said, "?", [])
    assert refusal(ann.call("GET", at(item) + "/display"))[:2] == (409, 409001)
    assert refusal(ann.call("POST", f"/api/histories/{ann.encoded(history)}/contents", json={"content": ann.encoded(item.number)}))[:2] == (409, 409001)  # fmt: skip


@pytest.fixture
def five(ann, shelf, history, at):
    """Five datasets: one ready, one hidden, one deleted, one purged, one waiting."""
    made = {name: shelf.ready(history, name) for name in ("plain", "hidden", "deleted", "purged")}
    made["waiting"] = shelf.waiting(history, "waiting", file_type="bed")
    ann.told("PUT", at(made["hidden"]), json={"visible": False, "tags": ["seen"]})
    ann.told("DELETE", at(made["deleted"]), json={})
    ann.told("DELETE", at(made["purged"]), json={"purge": True})
    return made


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, "plain hidden deleted purged waiting", id="all"),
        pytest.param({"deleted": "False"}, "plain hidden waiting", id="not deleted"),
        pytest.param({"deleted": "True"}, "deleted purged", id="deleted"),
        pytest.param({"visible": "True", "deleted": "False"}, "plain waiting", id="visible and not deleted"),
        pytest.param({"types": "dataset"}, "plain hidden deleted purged waiting", id="datasets"),
        pytest.param({"types": "dataset_collection"}, "", id="collections"),
        pytest.param({"types": ["dataset", "dataset_collection"]}, "plain hidden deleted purged waiting", id="both"),
        pytest.param({"q": "state", "qv": "queued"}, "waiting", id="a state"),
        pytest.param({"q": "state-in", "qv": "queued,error"}, "waiting", id="states"),
        pytest.param({"q": "state-eq", "qv": "paused"}, "", id="a state that none is in here"),
        pytest.param({"q": "extension-eq", "qv": "bed"}, "waiting", id="a type"),
        pytest.param({"q": "extension-in", "qv": "bed,bam"}, "waiting", id="types"),
        pytest.param({"q": "name", "qv": "plain"}, "plain", id="a name"),
        pytest.param({"q": "name-contains", "qv": "d"}, "hidden deleted purged", id="a part of a name"),
        pytest.param({"q": "tag", "qv": "seen"}, "hidden", id="a tag"),
        pytest.param({"q": "purged", "qv": "True"}, "purged", id="purged"),
        pytest.param({"q": ["deleted", "purged"], "qv": ["True", "False"]}, "deleted", id="two filters"),
        pytest.param(
            {"q": "tool_id", "qv": "upload1"}, "plain hidden deleted purged waiting", id="the tool that brings"
        ),
        pytest.param({"q": "tool_id", "qv": "cat1"}, "", id="another tool"),
        pytest.param({"order": "hid-dsc", "limit": 2}, "waiting purged", id="the newest two"),
        pytest.param({"order": "name-asc", "limit": 1, "offset": 1}, "hidden", id="the second by name"),
    ],
)
def test_filters_choose_what_of_a_history_is_listed(ann, history, query, expected):
    path = f"/api/histories/{ann.encoded(history)}/contents"

    assert names(ann.told("GET", path, params={"order": "hid-asc"} | query)) == expected.split()
    if not {"types", "deleted", "visible"} & query.keys():
        everywhere = {"order": "hid-asc", "history_id": ann.encoded(history)} | query
        assert names(ann.told("GET", "/api/datasets", params=everywhere)) == expected.split()


def test_a_list_is_short_unless_it_asks_for_all(ann, shelf, history):
    shelf.ready(history)
    path = f"/api/histories/{ann.encoded(history)}/contents"

    assert set(ann.told("GET", path)[0]) == set(SUMMARY)
    assert "file_size" in ann.told("GET", path, params={"details": "all"})[0]
    assert set(ann.told("GET", path, params={"keys": "hid,file_size"})[0]) == {"hid", "file_size"}


def test_times_as_they_are_shown_include_what_was_made_then(ann, shelf, history):
    for number in range(30):
        shelf.waiting(history, str(number))
    path = f"/api/histories/{ann.encoded(history)}/contents"

    for one in ann.told("GET", path):
        for operation in ("create_time-ge", "create_time-le", "update_time-ge", "update_time-le"):
            moment = one[operation.partition("-")[0]]
            found = ann.told("GET", path, params={"q": operation, "qv": moment})
            assert one["id"] in {each["id"] for each in found}, (operation, moment)


def test_ones_datasets_of_all_histories_are_listed_newest_first(ann, shelf, new_galaxy):
    for name in ("a", "b"):
        shelf.waiting(shelf.history(), name)

    assert names(ann.told("GET", "/api/datasets", params={"limit": 500, "offset": 0, "order": "create_time-dsc"})) == [
        "b",
        "a",
    ]
    assert new_galaxy().told("GET", "/api/datasets") == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        pytest.param({"q": "state", "qv": "nonexistent_state"}, "nonexistent_state", id="an unknown state"),
        pytest.param({"q": "state-in", "qv": "ok,nonsense"}, "nonsense", id="one unknown state"),
        pytest.param({"q": "colour", "qv": "red"}, "colour", id="an unknown column"),
        pytest.param({"order": "colour"}, "order", id="an unknown order"),
        pytest.param({"q": "create_time-ge", "qv": "9" * 50}, "create_time-ge", id="a time beyond times"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(ann, query, named):
    status, code, said = refusal(ann.call("GET", "/api/datasets", params=query))

    assert (status, code) == (400, 400008)
    assert named in said


@pytest.mark.parametrize("by_itself", [False, True], ids=["in its history", "by itself"])
def test_a_change_changes_what_it_names(ann, shelf, history, at, by_itself):
    item = shelf.ready(history, attributes={"dbkey": "hg19", "else": 1})
    path = f"/api/datasets/{ann.encoded(item.number)}" if by_itself else at(item)

    changed = ann.told("PUT", path, json={"name": "b.bed", "datatype": "bed", "annotation": "A note", "unknown": 1})
    assert (changed["name"], changed["extension"], changed["annotation"], changed["genome_build"]) == (
        "b.bed",
        "bed",
        "A note",
        "hg19",
    )
    changed = ann.told("PUT", path, json={"visible": False, "tags": ["x"], "genome_build": "mm10"})
    assert (changed["name"], changed["visible"], changed["tags"], changed["genome_build"]) == (
        "b.bed",
        False,
        ["x"],
        "mm10",
    )
    assert refusal(ann.call("PUT", path, json={"visible": "perhaps"}))[:2] == (400, 400008)


@pytest.mark.parametrize("by_itself", [False, True], ids=["in its history", "by itself"])
def test_a_deleted_dataset_can_be_had_back_until_it_is_purged(ann, shelf, history, at, by_itself):
    item = shelf.ready(history)
    path = f"/api/datasets/{ann.encoded(item.number)}" if by_itself else at(item)

    deleted = ann.told("DELETE", path, json={})
    assert (deleted["deleted"], deleted["purged"], deleted["state"]) == (True, False, "ok")
    assert ann.content(ann.encoded(item.number)) == b"content"
    assert ann.told("PUT", path, json={"deleted": False})["deleted"] is False

    purged = ann.told("DELETE", path, json={"purge": True})
    assert (purged["deleted"], purged["purged"]) == (True, True)
    assert refusal(ann.call("GET", path + "/display"))[:2] == (409, 409001)
    assert refusal(ann.call("PUT", path, json={"deleted": False}))[:2] == (400, 400008)


@pytest.mark.parametrize("by_itself", [False, True], ids=["in its history", "by itself"])
def test_a_change_can_purge_a_dataset(ann, shelf, history, at, by_itself):
    item = shelf.ready(history)
    path = f"/api/datasets/{ann.encoded(item.number)}" if by_itself else at(item)

    changed = ann.told("PUT", path, json={"name": "gone", "purged": True})

    assert (changed["name"], changed["deleted"], changed["purged"]) == ("gone", True, True)
    assert refusal(ann.call("GET", path + "/display"))[:2] == (409, 409001)


def test_a_copy_of_a_dataset_shares_its_file_and_nothing_else(ann, shelf, history, at):
    item = shelf.ready(history, content=b"shared")
    other = ann.history("other")

    copied = ann.told(
        "POST",
        f"/api/histories/{other}/contents",
        json={"content": ann.encoded(item.number), "source": "hda", "type": "dataset"},
    )
    ann.told("DELETE", at(item), json={"purge": True})

    assert (copied["history_id"], copied["hid"], copied["state"]) == (other, 1, "ok")
    assert copied["id"] != ann.encoded(item.number)
    assert ann.content(copied["id"]) == b"shared"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"source": "library"}, id="from a library"),
        pytest.param({"type": "dataset_collection"}, id="a collection"),
        pytest.param({"content": None}, id="null"),
    ],
)
def test_what_is_no_dataset_is_not_put_into_a_history(ann, shelf, history, body):
    given = {"content": ann.encoded(shelf.ready(history).number)} | body

    assert refusal(ann.call("POST", f"/api/histories/{ann.encoded(history)}/contents", json=given))[:2] == (400, 400008)


def test_somebody_else_sees_nothing_of_a_dataset(ann, shelf, history, at, new_galaxy):
    bob, item = new_galaxy(), shelf.ready(history)
    number = ann.encoded(item.number)
    for path in (at(item), f"/api/datasets/{number}"):
        for method, where in (("GET", path), ("GET", path + "/display")):
            assert refusal(bob.call(method, where)) == (403, 403002, f"{MODEL} is not accessible by user")
        for method in ("PUT", "DELETE"):
            assert refusal(bob.call(method, path, json={}))[0] == 403
    answer = bob.call("POST", f"/api/histories/{bob.history()}/contents", json={"content": number})
    assert refusal(answer) == (403, 403002, f"{MODEL} is not accessible by user")
    assert ann.told("GET", at(item))["deleted"] is False


def test_a_dataset_is_in_one_history_only(ann, shelf, history, at):
    item, other = shelf.ready(history), ann.history("other")
    elsewhere = at(item).replace(ann.encoded(history), other)

    for method, path in (
        ("GET", elsewhere),
        ("GET", elsewhere + "/display"),
        ("PUT", elsewhere),
        ("DELETE", elsewhere),
    ):
        assert refusal(ann.call(method, path, json={})) == NOT_FOUND


@pytest.mark.parametrize("below", ["", "/display"])
def test_a_dataset_that_is_not_there_is_not_found_and_no_id_is_malformed(ann, below):
    assert refusal(ann.call("GET", f"/api/datasets/{ann.encoded(10**9)}{below}")) == NOT_FOUND
    for malformed in (UNKNOWN, "nonexistent_id", "None"):
        assert refusal(ann.call("GET", f"/api/datasets/{malformed}{below}"))[:2] == (400, 400009)


def test_a_dataset_has_no_extra_files(ann, shelf, history, at):
    assert ann.told("GET", at(shelf.ready(history)) + "/extra_files") == []


@pytest.fixture
def stored(shelf, history, at):
    """Where the file of a dataset of bytes of every value is."""
    return at(shelf.ready(history, 'all bytes: <ä>/\r\n".bin', CONTENT)) + "/display"


def test_a_file_comes_whole_with_its_name_and_length(ann, stored):
    answer = ann.call("GET", stored, params={"to_ext": "data"})

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Galaxy1-[all_bytes_________.bin].data"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param("bytes=0-9", (0, 10), id="the first ten"),
        pytest.param("bytes=255990-", (255990, 256000), id="from there on"),
        pytest.param("bytes=-5", (255995, 256000), id="the last five"),
        pytest.param("bytes=1000-999999999", (1000, 256000), id="more than there is"),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(ann, stored, wanted, expected):
    first, end = expected
    answer = ann.call("GET", stored, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (206, CONTENT[first:end])
    assert answer.headers["Content-Range"] == f"bytes {first}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - first)


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=x-y", "lines=1-2", "bytes"])
def test_what_is_no_single_part_gets_the_whole_file(ann, stored, wanted):
    answer = ann.call("GET", stored, headers={"Range": wanted})
    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_a_part_beyond_the_end_is_refused(ann, stored):
    answer = ann.call("GET", stored, headers={"Range": "bytes=256000-"})

    assert refusal(answer)[:2] == (416, 0)


def test_a_download_goes_on_only_in_the_same_file(ann, stored):
    etag = ann.call("HEAD", stored).headers["ETag"]

    assert ann.call("GET", stored, headers={"Range": "bytes=9-", "If-Range": etag}).status_code == 206
    assert ann.call("GET", stored, headers={"Range": "bytes=9-", "If-Range": '"other"'}).content == CONTENT
    assert ann.call("GET", stored, headers={"If-None-Match": etag}).status_code == 304


def test_asking_for_the_head_alone_tells_the_length(ann, stored):
    answer = ann.call("HEAD", stored)

    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


def test_an_empty_file_comes_too(ann, shelf, history, at):
    path = at(shelf.ready(history, content=b"")) + "/display"

    answer = ann.call("GET", path)

    assert (answer.status_code, answer.content, answer.headers["Content-Length"]) == (200, b"", "0")


@pytest.mark.parametrize("file_type", ["html", "xml", "svg", "txt", "data", "js"])
@pytest.mark.parametrize(
    "query", [{}, {"to_ext": "html"}, {"to_ext": 'x".html\r\nA: b'}], ids=["shown", "saved", "a hostile name"]
)
@pytest.mark.fault(36)
def test_what_somebody_stored_never_runs_as_a_page_of_ours(ann, shelf, history, at, file_type, query):
    item = shelf.ready(history, "page.html", b"<script>alert(1)</script>", file_type=file_type)

    answer = ann.call("GET", at(item) + "/display", params=query)

    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] in ("text/plain; charset=utf-8", "application/octet-stream")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    form = re.fullmatch(
        r'(inline|attachment); filename="[A-Za-z0-9.,^_()\[\]-]+"', answer.headers["Content-Disposition"]
    )
    assert form is not None
    assert form[1] == ("inline" if answer.headers["Content-Type"].startswith("text/plain") else "attachment")
    assert form[1] == "attachment" or not query


def test_a_file_that_is_purged_while_it_is_read_is_read_to_its_end(ann, shelf, history, at):
    item = shelf.ready(history, content=CONTENT * 40)
    with ann.call("GET", at(item) + "/display", stream=True) as answer:
        first = next(answer.iter_content(1000))
        shelf.library.delete_item(shelf.caller, item.number, purge=True)
        rest = b"".join(answer.iter_content(1024 * 1024))

    assert hashlib.sha256(first + rest).digest() == hashlib.sha256(CONTENT * 40).digest()


@pytest.mark.slow
def test_readers_who_do_not_read_leave_threads_for_others(tmp_path, rclone):
    with running_service(tmp_path, rclone, WEB_THREADS=4) as service:
        galaxy = Galaxy(service, service.person("reader"))
        with shelf_of(service, galaxy.person) as shelf:
            number = galaxy.encoded(shelf.ready(shelf.history(), content=bytes(64 * 1024 * 1024)).number)
        path = f"/api/datasets/{number}/display"
        with requests.get(service.url + path, headers={"x-api-key": galaxy.person.key}, stream=True, timeout=30):
            refused = galaxy.call("GET", path)
            assert refusal(refused)[:2] == (429, 0)
            assert int(refused.headers["Retry-After"]) > 0
            assert galaxy.dataset(number)["state"] == "ok"
            assert galaxy.call("GET", f"/api/datasets/{UNKNOWN}/display").status_code == 400

        answer = eventually(lambda: galaxy.call("GET", path) if galaxy.call("HEAD", path).ok else None)
        assert len(answer.content) == 64 * 1024 * 1024
        for _ in range(3):  # each way to end gives its place back
            assert galaxy.call("GET", path, headers={"Range": "bytes=999999999-"}).status_code == 416
            assert galaxy.call("GET", f"/api/datasets/{galaxy.encoded(10**6)}/display").status_code == 404
            assert galaxy.call("HEAD", path).ok
