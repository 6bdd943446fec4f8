"""What a page may have Drive asked for: the forms, the parameters, and that nothing else is let through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.grants.proxying import EXPORT_MAX, JSON_MAX, question
from tests.support import hostile_questions as hostile

BASE = "https://drive.example/drive/v3"
LONGEST = 128 * "a"


@pytest.mark.parametrize(
    "endpoint",
    ["files", "files/abc", "files/a-b_C9", f"files/{LONGEST}", "files/root", "files/trash-", "about"],
)
def test_the_forms_are_asked_as_they_are(endpoint):
    asked = question(BASE, endpoint, None)

    assert (asked.path, asked.exports, asked.most) == (endpoint, False, JSON_MAX)


def test_an_export_brings_bytes_and_may_be_larger():
    asked = question(BASE, "files/abc/export", {"mimeType": "application/pdf"})

    assert asked.path == "files/abc/export"
    assert (dict(asked.query), asked.exports, asked.most) == ({"mimeType": "application/pdf"}, True, EXPORT_MAX)


@hostile.endpoints
def test_any_other_endpoint_is_refused(endpoint):
    with pytest.raises(InvalidInput) as caught:
        question(BASE, endpoint, {})
    assert (caught.value.field, caught.value.message) == (
        "endpoint",
        "use files, files/ID, files/ID/export or about",
    )


PIECES = ["files", "about", "export", "abc", "A-_9", "generateIds", "trash", "/", "/", "/", "..", ".", "%2e", "%2f"]
PIECES += ["\\", "?alt=media", "#", "@", ":", "\n", "\r", "\t", "\0", " ", "é", "１", "．", "／", "https://", "\u2028"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=20))
def test_whatever_is_let_through_is_plain(endpoint):
    try:
        asked = question(BASE, endpoint, {"mimeType": "application/pdf"} if "export" in endpoint else {})
    except InvalidInput:
        return
    first, *rest = asked.path.split("/")

    assert asked.path == endpoint
    assert endpoint.isascii()
    assert all(part.replace("-", "").replace("_", "").isalnum() for part in rest)
    assert (first, len(rest)) in {("about", 0), ("files", 0), ("files", 1), ("files", 2)}
    assert len(rest) < 2 or rest[1] == "export"
    assert not {"generateIds", "generateCseToken", "trash"} & set(rest)


@hostile.params
def test_any_other_parameter_is_refused(endpoint, params):
    with pytest.raises(InvalidInput) as caught:
        question(BASE, endpoint, params)
    assert caught.value.field == "params"
    assert len(caught.value.message) < 250


PARAMS = [
    pytest.param("files", None, {}, id="none"),
    pytest.param("files", {}, {}, id="an empty object"),
    pytest.param("files", {"q": "name = 'ä & b'"}, {"q": "name = 'ä & b'"}, id="a search as it is"),
    pytest.param("files", {"q": 7}, {"q": "7"}, id="a number"),
    pytest.param("files", {"fields": "a&alt=media#?/../"}, {"fields": "a&alt=media#?/../"}, id="fields are not read"),
    pytest.param("files", {"supportsAllDrives": True}, {"supportsAllDrives": "true"}, id="true"),
    pytest.param("files", {"supportsAllDrives": "false"}, {"supportsAllDrives": "false"}, id="false as text"),
    pytest.param("files", {"pageSize": 0}, {"pageSize": "1"}, id="a page of nothing"),
    pytest.param("files", {"pageSize": -5}, {"pageSize": "1"}, id="less than nothing"),
    pytest.param("files", {"pageSize": 1001}, {"pageSize": "1000"}, id="a page that is too long"),
    pytest.param("files", {"pageSize": "50"}, {"pageSize": "50"}, id="a page's size as text"),
    pytest.param("files", {"driveId": "0AbC-_9"}, {"driveId": "0AbC-_9"}, id="a shared drive"),
    pytest.param("files", {"q": "x" * 4096}, {"q": "x" * 4096}, id="the longest search"),
    pytest.param("about", None, {"fields": "user,storageQuota"}, id="about has its fields"),
    pytest.param("about", {"fields": "exportFormats"}, {"fields": "exportFormats"}, id="about takes others"),
    pytest.param("files/abc", {"fields": "id"}, {"fields": "id"}, id="fields of a file"),
]


@pytest.mark.parametrize(("endpoint", "params", "query"), PARAMS)
def test_parameters_go_on_as_text(endpoint, params, query):
    assert dict(question(BASE, endpoint, params).query) == query


def test_a_list_takes_all_of_its_parameters_at_once():
    names = "q pageSize pageToken orderBy fields spaces corpora driveId supportsAllDrives includeItemsFromAllDrives"
    params = dict.fromkeys(names.split(), "1") | {"supportsAllDrives": True, "includeItemsFromAllDrives": False}

    assert set(question(BASE, "files", params).query) == set(names.split())


@pytest.mark.parametrize(
    "base", [BASE, "http://127.0.0.1:8080", "http://[::1]:8080/a", "https://drive.example:8443/a/b"]
)
def test_the_operators_address_may_be_anywhere(base):
    assert question(base, "files/abc", {}).path == "files/abc"
