"""The embedded storage shows its buckets to who signs, and nothing else to anybody: neither files beside them nor controls."""

import http.client
from contextlib import closing, suppress

import pytest

from app.errors import StorageError
from app.storages.embedded import EmbeddedKeys, EmbeddedS3
from app.storages.s3 import S3Address, S3Storage
from tests.support.servers import READY_SECONDS, free_port

pytestmark = [pytest.mark.fault("embedded", "I9")]

KEYS = EmbeddedKeys("embedded-key", "embedded secret=/+\\key")
CANARY = b"canary-beside-the-buckets-77f1"
LEADING_OUT = [
    "/..",
    "/../secret.txt",
    "/mybucket/../../secret.txt",
    "/mybucket/%2e%2e/%2e%2e/secret.txt",
    "/mybucket/..%2f..%2fsecret.txt",
]
LEADING_OUT += [
    "/mybucket/%252e%252e/secret.txt",
    "//secret.txt",
    "/mybucket//../secret.txt",
    "/.rclone/secret.txt",
    "/s3-keys.json",
]
CONTROLS = [
    "/rc/noop",
    "/core/command",
    "/config/dump",
    "/operations/list",
    "/debug/pprof/",
    "/metrics",
    "/[:local:/etc]/passwd",
    "/:local:%2Fetc/passwd",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the server, in one of its own."""
    folder = tmp_path_factory.mktemp("around") / "embedded"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def port(folder, rclone):  # noqa: ARG001  # skips or fails like every test that needs the program
    port = free_port()
    server = EmbeddedS3(folder, port, KEYS)
    server.start()
    try:
        server.wait_until_ready(READY_SECONDS)
        for place in (folder, folder.parent, *(each for each in folder.rglob("*") if each.is_dir())):
            (place / "secret.txt").write_bytes(CANARY)
        yield port
    finally:
        server.stop()


def asked(port, method, path, **headers):
    """Ask as no client would; return status and body."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{port}", "Content-Length": "0", **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.mark.parametrize("path", ["/", "/mybucket", "/mybucket/a", *LEADING_OUT, *CONTROLS])
def test_who_does_not_sign_gets_nothing(port, path):
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "COPY"):
        status, body = asked(port, method, path)

        assert status in (400, 403, 404, 405, 501), method
        assert CANARY not in body


@pytest.mark.parametrize(
    "authorization",
    ["", "AWS embedded-key:x", "Basic ZW1iZWRkZWQta2V5Og==", "AWS4-HMAC-SHA256 Credential=embedded-key/x"],
)
def test_who_signs_otherwise_gets_nothing(port, authorization):
    assert asked(port, "GET", "/mybucket/a", Authorization=authorization)[0] in (400, 403)


@pytest.mark.parametrize(
    "key", ["../secret.txt", "../../secret.txt", "a/../../secret.txt", "/secret.txt", "..\\secret.txt"]
)
def test_who_signs_reaches_objects_alone(folder, port, key):
    with closing(
        S3Storage(S3Address(f"http://127.0.0.1:{port}", "mybucket", KEYS.access_key, KEYS.secret_key))
    ) as storage:
        storage.create()
        with suppress(StorageError), storage.read(key) as content:
            assert CANARY not in content.read()
        with suppress(StorageError):
            storage.delete([key])

        assert [entry.key for entry in storage.list()] == []
    beside = (folder.parent, folder, folder / "embedded-s3", folder / "embedded-s3" / "objects")
    assert {path: path.read_bytes() for path in folder.parent.rglob("secret.txt")} == {
        place / "secret.txt": CANARY for place in beside
    }
