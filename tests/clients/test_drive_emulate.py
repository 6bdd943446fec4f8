"""Our driver's files at an independent Google: folders, uploads in one request, lists, and downloads in one, since it knows no ranges."""

from contextlib import closing
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from app.errors import ObjectMissing
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.reading import LIMIT
from tests.conformance.contents import MIB, bytes_of, content, digest
from tests.support.emulate import emulate

pytestmark = pytest.mark.slow

REDIRECT = "http://localhost:9/callback"


class Fixed:
    """One token, which is good."""

    def __init__(self, token):
        self._token = token

    def current(self):
        return self._token

    def instead_of(self, _):
        return self._token

    def give_up(self, _):
        raise AssertionError("a good token was refused twice")


def token_of(server):
    asked = {"client_id": server.client_id, "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid email"}
    location = server.consent(f"{server.settings['GOOGLE_AUTHORIZE_URL']}?{urlencode(asked)}")
    (code,) = parse_qs(urlsplit(location).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "client_id": server.client_id}
    form |= {"client_secret": server.settings["GOOGLE_CLIENT_SECRET"]}
    with urllib3.PoolManager() as pools:
        url = server.settings["GOOGLE_TOKEN_URL"]
        return pools.request("POST", url, fields=form, encode_multipart=False).json()["access_token"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    with emulate(tmp_path_factory.mktemp("emulate"), REDIRECT) as server:
        told = server.settings
        address = DriveAddress(
            "",
            Fixed(token_of(server)),
            endpoint=told["GOOGLE_DRIVE_URL"],
            uploads=told["GOOGLE_UPLOAD_URL"],
            multipart_limit=64 * MIB,
        )
        with closing(DriveFiles(address)) as files:
            yield files


@pytest.mark.parametrize("size", [0, 1, MIB, LIMIT])
def test_bytes_come_back_as_they_went(files, size):
    made = files.create("photo.jpg", None, None, content(bytes_of(size)))
    assert (made.name, made.mime_type, made.size) == ("photo.jpg", "image/jpeg", size)
    with files.read(made) as opened:
        assert digest(opened.read()) == digest(bytes_of(size))
        opened.verify()


def test_a_folder_holds_what_was_put_into_it(files):
    folder = files.make_folder("folder", None, None)
    made = files.create("a.txt", folder.id, None, content(b"hello"))
    assert [file.id for file in files.children(folder.id)] == [made.id]
    assert files.find(folder.id).is_folder


def test_what_is_not_there_is_missing(files):
    with pytest.raises(ObjectMissing):
        files.find("nothing-of-this-name")
