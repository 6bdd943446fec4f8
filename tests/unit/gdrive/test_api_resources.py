"""What Drive tells of a file, and what no server can pass off as a file."""

import pytest

from app.errors import RequestRefused
from app.storages.gdrive.ids import require_id
from app.storages.gdrive.pages import quoted
from app.storages.gdrive.requests import path_below
from app.storages.gdrive.resources import FOLDER, SHORTCUT, DriveFile, file_of

TOLD = {
    "id": "1AbC-_x",
    "name": "photo.jpg",
    "mimeType": "image/jpeg",
    "size": "12",
    "md5Checksum": "5D41402ABC4B2A76B9719D911017C592",
    "modifiedTime": "2023-11-14T22:13:20.250Z",
    "version": "7",
    "parents": ["1Parent"],
    "trashed": True,
    "capabilities": {"canDownload": False},
}


def test_all_that_is_told_of_a_file_is_kept():
    assert file_of(TOLD) == DriveFile(
        id="1AbC-_x",
        name="photo.jpg",
        mime_type="image/jpeg",
        size=12,
        md5="5d41402abc4b2a76b9719d911017c592",
        modified_ns=1_700_000_000_250_000_000,
        version=7,
        parents=("1Parent",),
        trashed=True,
        can_download=False,
    )


def test_what_is_not_told_is_not_made_up():
    file = file_of({name: TOLD[name] for name in ("id", "name", "mimeType", "modifiedTime")})
    assert (file.size, file.md5, file.version, file.parents) == (None, None, 0, ())
    assert (file.trashed, file.can_download, file.target_id) == (False, True, None)


@pytest.mark.parametrize("mime_type", [FOLDER, SHORTCUT, "application/vnd.google-apps.document"])
def test_what_has_no_bytes_of_its_own_has_no_size(mime_type):
    assert file_of(TOLD | {"mimeType": mime_type}).size is None


def test_a_shortcut_tells_where_it_leads():
    assert file_of(TOLD | {"mimeType": SHORTCUT, "shortcutDetails": {"targetId": "1T"}}).target_id == "1T"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"id": None}, id="no id"),
        pytest.param({"id": "../about"}, id="an id that leads elsewhere"),
        pytest.param({"id": "x" * 129}, id="an id that is too long"),
        pytest.param({"id": 7}, id="an id that is a number"),
        pytest.param({"name": None}, id="no name"),
        pytest.param({"name": "\udc80"}, id="a name that is no text"),
        pytest.param({"mimeType": []}, id="no type"),
        pytest.param({"size": "-1"}, id="a negative size"),
        pytest.param({"size": "1e3"}, id="a size in another spelling"),
        pytest.param({"size": "٣"}, id="a size in other digits"),
        pytest.param({"size": str(1 << 51)}, id="a size that nothing has"),
        pytest.param({"size": "9" * 5000}, id="a size of many digits"),
        pytest.param({"size": 1.5}, id="a size that is not whole"),
        pytest.param({"size": True}, id="a size that is a claim"),
        pytest.param({"md5Checksum": "x"}, id="a checksum that is none"),
        pytest.param({"modifiedTime": None}, id="no time"),
        pytest.param({"modifiedTime": "10000-01-01T00:00:00Z"}, id="a time after all years"),
        pytest.param({"modifiedTime": "2023-13-01T00:00:00Z"}, id="a month too many"),
        pytest.param({"modifiedTime": 1_700_000_000}, id="a time that is a number"),
        pytest.param({"version": "x"}, id="a version that is none"),
        pytest.param({"parents": 7}, id="parents that are none"),
        pytest.param({"parents": ["a/b"]}, id="a parent that can be none"),
        pytest.param({"shortcutDetails": {"targetId": "?"}}, id="a target that can be none"),
    ],
)
def test_what_is_no_file_is_refused(wrong):
    with pytest.raises((ValueError, TypeError)):
        file_of(TOLD | wrong)


@pytest.mark.parametrize("item", [None, [], "file", 7], ids=repr)
def test_what_is_no_object_is_no_file(item):
    with pytest.raises(TypeError):
        file_of(item)


@pytest.mark.parametrize("file_id", ["root", "1", "a-_Z9", "x" * 128])
def test_an_id_is_taken(file_id):
    assert require_id(file_id) == file_id


@pytest.mark.parametrize(
    "file_id",
    ["", "x" * 129, "a/b", "..", "a?b", "a#b", "%2e", "a\n", "é", " ", "generateIds", "generateCseToken", "trash"],
    ids=repr,
)
def test_what_can_be_no_id_is_refused_before_any_request(file_id):
    with pytest.raises(RequestRefused):
        require_id(file_id)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("plain", "'plain'", id="plain"),
        pytest.param("it's", r"'it\'s'", id="a quote"),
        pytest.param("a\\", r"'a\\'", id="a backslash at the end"),
        pytest.param("\\' or name != '", r"'\\\' or name != \''", id="an escape of its own"),
    ],
)
def test_a_name_stays_within_its_quotes(text, told):
    assert quoted(text) == told


@pytest.mark.parametrize(
    ("endpoint", "segments", "path"),
    [
        ("https://www.googleapis.com/drive/v3", ["files", "a"], "/drive/v3/files/a"),
        ("http://127.0.0.1:1/", ["files"], "/files"),
        ("http://127.0.0.1:1", ["a/b?c", ".."], "/a%2Fb%3Fc/.."),
    ],
)
def test_a_path_is_below_its_endpoint(endpoint, segments, path):
    assert path_below(endpoint, *segments) == path
