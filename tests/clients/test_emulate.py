"""The independent Google of the tests: only this machine reaches it, and Google's own clients and it agree."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.clients import GoogleClient
from tests.support.emulate import emulate

pytestmark = pytest.mark.slow

CALLBACK = "http://localhost:5000/callback"
LISTENING = "0A"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with emulate(tmp_path_factory.mktemp("emulate"), CALLBACK) as server:
        yield server


def links_of(pid):
    """Yield what the open files of a process are, but for those that it closes meanwhile."""
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield str(entry.readlink())


def listeners(pid):
    """Return the addresses on which a process listens, in the kernel's spelling."""
    own = {link[len("socket:[") : -1] for link in links_of(pid) if link.startswith("socket:[")}
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()
    ]
    return {row[1] for row in rows if row[3] == LISTENING and row[9] in own}


def test_it_listens_on_this_machine_only(server):
    assert listeners(server.pid) == {f"0100007F:{server.port:04X}"}


def test_googles_clients_get_tokens_make_folders_and_files_and_read_them_there(server):
    client = GoogleClient(server.settings)
    scopes = ["openid", "email", "https://www.googleapis.com/auth/drive.file"]
    asked = client.run(
        """
        flow = google.flow(redirect_uri, scopes)
        show({"url": flow.authorization_url(access_type="offline")[0], "verifier": flow.code_verifier})
        """,
        redirect_uri=CALLBACK,
        scopes=scopes,
    )
    told = parse_qs(urlsplit(server.consent(asked["url"])).query)
    shown = client.run(
        """
        from google.auth.transport.requests import Request
        flow = google.flow(redirect_uri, scopes, verifier)
        flow.fetch_token(code=code, include_client_id=True)
        credentials = flow.credentials
        credentials.refresh(Request())
        files = google.drive(credentials).files()
        folder = files.create(body={"name": "folder", "mimeType": "application/vnd.google-apps.folder"}).execute()
        made = files.create(body={"name": "a.bin", "parents": [folder["id"]]}, media_body=upload(b"\\x00bytes\\xff")).execute()
        show([files.get_media(fileId=made["id"]).execute(), files.list(q=f"'{folder['id']}' in parents").execute()])
        """,
        redirect_uri=CALLBACK,
        scopes=scopes,
        verifier=asked["verifier"],
        code=told["code"][0],
    )

    assert shown[0] == b"\x00bytes\xff".hex()
    assert [file["name"] for file in shown[1]["files"]] == ["a.bin"]


def test_a_redirect_uri_that_is_not_registered_is_refused(server):
    url = (
        f"{server.settings['GOOGLE_AUTHORIZE_URL']}?client_id={server.client_id}&redirect_uri=http%3A%2F%2Felsewhere%2F"
    )
    with pytest.raises(AssertionError, match="not registered"):
        server.consent(url)
