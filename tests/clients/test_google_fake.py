"""The fake Google of the tests, driven by Google's own clients for Python, of which only the addresses differ."""

import hashlib

import pytest

from tests.support.clients import GoogleClient
from tests.support.google_access import METHODS, PARAMETERS
from tests.support.google_drive import EXPORT_LIMIT
from tests.support.google_fake import google
from tests.support.google_files import FOLDER
from tests.support.google_oauth import DRIVE, DRIVE_FILE, KNOWN

pytestmark = pytest.mark.slow

DOCUMENT = "application/vnd.google-apps.document"
PIECE = 256 * 1024


@pytest.fixture
def fake():
    with google() as fake:
        yield fake


@pytest.fixture
def client(fake):
    """Google's client for Drive with tokens of Ann's for all her files."""
    return client_of(fake)


def client_of(fake, *scopes):
    granted = scopes or (DRIVE,)
    access_token = fake.tokens(scopes=granted).current()
    return GoogleClient(fake.settings, access_token=access_token, refresh_token=fake.refresh_token(scopes=granted))


def test_the_client_finds_what_is_in_a_folder_page_by_page_without_what_is_in_the_bin(fake, client):
    folder = fake.drive.add_folder("folder")
    ids = {fake.drive.add(f"{number}.txt", b"x", parent=folder) for number in range(5)}
    fake.drive.trash(fake.drive.add("old.txt", b"x", parent=folder))
    fake.drive.add("elsewhere.txt", b"x")

    shown = client.run(
        """
        found, pages = [], 0
        request = drive.files().list(q=f"'{folder}' in parents and trashed = false", pageSize=2)
        while request is not None:
            answer = request.execute()
            found += answer["files"]
            pages += 1
            request = drive.files().list_next(request, answer)
        show({"found": found, "pages": pages})
        """,
        folder=folder,
    )

    assert {file["id"] for file in shown["found"]} == ids
    assert all(set(file) == {"kind", "id", "name", "mimeType"} for file in shown["found"])
    assert shown["pages"] == 3


@pytest.mark.parametrize("name", ["it's", "back\\slash", "a b+c%&/ä"])
def test_the_client_finds_names_with_what_the_search_language_escapes(fake, client, name):
    wanted = fake.drive.add(name, b"x")
    fake.drive.add("other", b"x")

    shown = client.run(
        """
        escaped = name.replace("\\\\", "\\\\\\\\").replace("'", "\\\\'")
        show(drive.files().list(q=f"name = '{escaped}'", fields="files(id)").execute())
        """,
        name=name,
    )

    assert shown == {"files": [{"id": wanted}]}


def test_the_client_makes_a_folder_and_a_file_in_it_in_one_request(fake, client):
    data = bytes(range(256)) * 40 + b"\r\n--\n\r"

    shown = client.run(
        """
        folder = drive.files().create(body={"name": "new", "mimeType": folder_type}).execute()
        body = {"name": "a.bin", "parents": [folder["id"]], "modifiedTime": "2024-02-03T04:05:06.789Z"}
        made = drive.files().create(body=body, media_body=upload(bytes.fromhex(data), "image/png"), fields="*").execute()
        show({"folder": folder, "made": made})
        """,
        folder_type=FOLDER,
        data=data.hex(),
    )

    (stored,) = fake.drive.named("a.bin")
    assert stored.data == data
    assert shown["made"]["parents"] == [shown["folder"]["id"]]
    assert (shown["made"]["size"], shown["made"]["mimeType"]) == (str(len(data)), "image/png")
    assert shown["made"]["md5Checksum"] == hashlib.md5(data).hexdigest()
    assert shown["made"]["sha256Checksum"] == hashlib.sha256(data).hexdigest()
    assert shown["made"]["modifiedTime"] == "2024-02-03T04:05:06.789Z"


def test_the_client_changes_the_bytes_of_a_file_and_puts_it_into_the_bin(fake, client):
    file_id = fake.drive.add("a.txt", b"old")
    before = fake.drive.files[file_id].version

    client.run(
        """
        drive.files().update(fileId=id, media_body=upload(b"new")).execute()
        show(drive.files().update(fileId=id, body={"trashed": True}, fields="trashed").execute())
        """,
        id=file_id,
    )

    assert fake.drive.files[file_id].data == b"new"
    assert fake.drive.files[file_id].version > before
    assert [file.id for file in fake.drive.bin] == [file_id]


def test_the_client_exports_a_document_but_nothing_over_ten_megabytes(fake, client):
    pdf = b"%PDF-1.7 \xff"
    small = fake.drive.add("letter", mime_type=DOCUMENT, exports={"application/pdf": pdf})
    large = fake.drive.add("book", mime_type=DOCUMENT, exports={"application/pdf": bytes(EXPORT_LIMIT + 1)})

    shown = client.run(
        """
        exports = [drive.files().export(fileId=id, mimeType=kind) for id, kind in wanted]
        show([outcome(export.execute) for export in exports])
        """,
        wanted=[
            (small, "application/pdf"),
            (large, "application/pdf"),
            (small, "image/png"),
            (fake.drive.add("b"), "text/plain"),
        ],
    )

    assert shown[0] == {"answer": pdf.hex()}
    assert [(one["status"], one["details"][0]["reason"]) for one in shown[1:]] == [
        (403, "exportSizeLimitExceeded"),
        (400, "badRequest"),
        (403, "fileNotExportable"),
    ]


def test_the_client_downloads_in_ranges(fake, client):
    data = bytes(range(256)) * 10
    file_id = fake.drive.add("a.bin", data)

    shown = client.run("show(downloaded(drive.files().get_media(fileId=id), 1000))", id=file_id)

    assert shown == [data.hex(), 3]
    assert [seen.headers["Range"] for seen in fake.asked("alt=media")] == [
        "bytes=0-999",
        "bytes=1000-1999",
        "bytes=2000-2999",
    ]


def test_the_client_renews_a_token_that_is_not_taken_any_more(fake, client):
    fake.expire_tokens()
    shown = client.run("show(drive.files().list(q=\"name = 'x'\").execute()['files'])")

    assert shown == []
    assert fake.oauth.refreshes == 1
    assert len({seen.headers["Authorization"] for seen in fake.asked("^GET /drive")}) == 2


def test_a_revoked_grant_is_not_renewed(fake, client):
    fake.revoke()
    shown = client.run(
        """
        try:
            show(drive.files().list().execute())
        except Exception as error:
            show(str(error))
        """
    )

    assert "invalid_grant" in shown


@pytest.mark.parametrize(
    ("status", "reason", "requests"),
    [
        pytest.param(403, "userRateLimitExceeded", 3, id="too many of the user's"),
        pytest.param(403, "rateLimitExceeded", 3, id="too many of the project's"),
        pytest.param(429, "rateLimitExceeded", 3, id="too many"),
        pytest.param(500, "backendError", 3, id="500"),
        pytest.param(503, "backendError", 3, id="503"),
        pytest.param(403, "storageQuotaExceeded", 1, id="full"),
        pytest.param(403, "insufficientFilePermissions", 1, id="not allowed"),
        pytest.param(404, "notFound", 1, id="not there"),
    ],
)
def test_the_client_asks_again_after_the_errors_that_it_takes_for_passing(fake, client, status, reason, requests):
    file_id = fake.drive.add("a.txt", b"x")
    fake.fail("/files/", status, reason, times=2)

    shown = client.run(
        """
        request = drive.files().get(fileId=id, fields="name")
        request._sleep = lambda seconds: None
        show(outcome(lambda: request.execute(num_retries=5)))
        """,
        id=file_id,
    )

    assert shown.get("answer") == ({"name": "a.txt"} if requests == 3 else None)
    assert len(fake.asked("/files/")) == requests


def test_the_client_reads_what_is_refused(fake):
    client = client_of(fake, DRIVE_FILE)
    hidden, picked = fake.drive.add("hidden", b"x"), fake.drive.add("picked", b"x", picked=True)
    shared = fake.drive.add("shared", b"x", parent=fake.drive.add_shared_drive("team"), picked=True)

    shown = client.run(
        """
        calls = [
            drive.files().get(fileId=hidden),
            drive.files().get(fileId=picked, fields="name"),
            drive.files().get(fileId=shared),
            drive.files().get(fileId=shared, supportsAllDrives=True, fields="name"),
            drive.files().get(fileId="../about"),
            drive.drives().list(),
            drive.files().list(q="nonsense"),
            drive.files().list(fields="files(nonsense)"),
            drive.files().create(body={"id": "1nonsense", "name": "x"}),
        ]
        show([outcome(call.execute) for call in calls])
        """,
        hidden=hidden,
        picked=picked,
        shared=shared,
    )

    assert [one.get("answer") or (one["status"], one["details"][0]["reason"]) for one in shown] == [
        (404, "notFound"),
        {"name": "picked"},
        (404, "notFound"),
        {"name": "shared"},
        (404, "notFound"),
        (403, "insufficientPermissions"),
        (400, "invalid"),
        (400, "invalidParameter"),
        (400, "invalid"),
    ]


def test_a_reserved_id_makes_one_file(fake, client):
    shown = client.run(
        """
        (id,) = drive.files().generateIds(count=1).execute()["ids"]
        create = lambda: drive.files().create(body={"id": id, "name": "once"}, media_body=upload(b"x")).execute()
        show([id, outcome(create), outcome(create)])
        """
    )

    assert shown[1]["answer"]["id"] == shown[0]
    assert (shown[2]["status"], shown[2]["details"][0]["reason"]) == (409, "fileIdInUse")
    assert len(fake.drive.named("once")) == 1


def test_methods_parameters_and_scopes_are_those_of_the_discovery_document(fake):
    document = GoogleClient(fake.settings).run("show(json.loads(PACKAGED.read_text())['resources'])")

    for name in METHODS.keys() - {"media"}:
        resource, method = name.split(".")
        told = document[resource]["methods"][method]
        assert METHODS[name] == KNOWN & set(told["scopes"]), name
        assert PARAMETERS[name] <= set(told.get("parameters", {})), name
