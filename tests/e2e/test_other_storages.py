"""Mirroring with connections to Azure and Google Cloud Storage: to a running service, from the shell and back."""

import json
from base64 import b64encode
from contextlib import closing
from functools import cached_property
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest
import requests

from app import create_app
from app.bootstrap import build_services
from app.settings import Settings
from tests.support.azurite import ACCOUNT, client_of
from tests.support.gcs_keys import key_file
from tests.support.programs import run_flask
from tests.support.service import eventually, running_service
from tests.support.trees import contents, make_tree, tree_objects

pytestmark = pytest.mark.slow

FILES = 30


class AzureContainer:
    """A container of azurite, looked into with Microsoft's package."""

    def __init__(self, azurite, name):
        self.azurite, self.name = azurite, name
        self.url = azurite.url

    @cached_property
    def options(self):
        """What ``connections add`` takes, and its standard input, by form of credentials."""
        string = f"BlobEndpoint={self.url};AccountName={ACCOUNT};AccountKey={self.azurite.account_key}"
        words = ["--kind", "azure", "--bucket", self.name]
        account = [*words, "--endpoint", self.url, "--account", ACCOUNT, "--token-stdin"]
        return {
            "connection string": ([*words, "--connection-string-stdin"], string),
            "account key": (account, self.azurite.account_key),
            "SAS token": (account, f"?{self.azurite.shared(self.name, 'racwdl').sas_token}"),
            "SAS token that reads": (account, self.azurite.shared(self.name, "rl").sas_token),
            "wrong key": (account, b64encode(b"canary-wrong-key").decode()),
        }

    def make(self):
        with closing(client_of(self.azurite.container(self.name))) as client:
            client.create_container()

    def objects(self):
        with closing(client_of(self.azurite.container(self.name))) as client:
            return {
                blob.name: client.download_blob(blob.name).readall() if blob.size else b""
                for blob in client.list_blobs()
            }


class GcsBucket:
    """A bucket of the emulator, looked into over HTTP."""

    def __init__(self, endpoint, name):
        self.url, self.name = endpoint, name

    @cached_property
    def options(self):
        """What ``connections add`` takes, and its standard input, by form of credentials."""
        words = ["--kind", "gcs", "--bucket", self.name, "--endpoint", self.url]
        return {
            "key file": ([*words, "--key-file", "-", "--project", "my-project-1"], json.dumps(key_file())),
            "anonymous": ([*words, "--anonymous"], ""),
        }

    def make(self):
        answer = requests.post(
            f"{self.url}/storage/v1/b", params={"project": "p"}, json={"name": self.name}, timeout=30
        )
        assert answer.ok

    def objects(self):
        listing = requests.get(f"{self.url}/storage/v1/b/{self.name}/o", timeout=30).json()
        keys = [item["name"] for item in listing.get("items", [])]
        return {key: requests.get(f"{self.url}/{self.name}/{quote(key, safe='')}", timeout=30).content for key in keys}


@pytest.fixture
def azure(azurite, bucket):
    return AzureContainer(azurite, bucket)


@pytest.fixture
def gcs(emulated_gcs, bucket):
    return GcsBucket(emulated_gcs, bucket)


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone):
    with running_service(tmp_path_factory.mktemp("other-storages"), rclone) as service:
        yield service


@pytest.fixture
def source(service, bucket):
    """A folder of the uploads, with files, of this test's own."""
    source = service.uploads / bucket
    for number in range(FILES):
        path = source / f"folder {number % 3}" / f"é {number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content " * number)
    return source


def shell(service, *arguments, given=""):
    return run_flask("connections", *arguments, environ=service.environ, given=given)


@pytest.fixture(scope="module")
def anna(service):
    return service.person("anna").headers


@pytest.fixture(scope="module")
def runner(service):
    """Runs commands in this process, as one beside the service."""
    services = build_services(Settings.load(service.environ, Path("no.env")))
    yield create_app(services).test_cli_runner()
    services.database.close()


@pytest.fixture
def add(runner, anna):  # noqa: ARG001  # anna must be there
    def add(storage, form):
        words, given = storage.options[form]
        ended = runner.invoke(args=["connections", "add", *words, "--owner", "anna"], input=given)
        assert (ended.exit_code, ended.stderr) == (0, "")
        return ended.stdout.strip()

    return add


@pytest.fixture
def mirrored(service, source, anna):
    def mirrored(connection, **parameters):
        parameters |= {"connection": connection, "source": source.name}
        answer = requests.post(service.url + "/sync", json=parameters, headers=anna, timeout=30)
        assert answer.status_code == 202, answer.text

        def job():
            found = requests.get(service.url + "/get", params={"id": answer.json()["id"]}, headers=anna, timeout=30)
            return found.json() if found.json()["finished_at"] else None

        return eventually(job)

    return mirrored


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        pytest.param("azure", "connection string", id="azure, a connection string"),
        pytest.param("azure", "account key", id="azure, an account key"),
        pytest.param("azure", "SAS token", id="azure, a SAS token"),
        pytest.param("gcs", "key file", id="gcs, a key file"),
        pytest.param("gcs", "anonymous", id="gcs, anonymous"),
    ],
)
def test_a_folder_is_mirrored_and_brought_back(source, add, mirrored, request, kind, form):
    storage = request.getfixturevalue(kind)
    storage.make()
    connection = add(storage, form)

    job = mirrored(connection)
    assert (job["status"], job["done"]["uploads"]) == ("succeeded", FILES), job
    assert (job["storage_url"], job["dest"]) == (storage.url, storage.name)
    assert storage.objects() == (wanted := tree_objects(source))

    (source / "folder 0" / "é 3").unlink()
    back = mirrored(connection, direction="download")
    assert (back["status"], back["done"]["uploads"]) == ("succeeded", 1), back
    assert tree_objects(source) == wanted

    (source / "folder 1" / "é 1").write_bytes(b"changed")
    (source / "folder 2" / "é 2").unlink()
    again = mirrored(connection)
    assert (again["status"], again["done"]["uploads"], again["done"]["deletes"]) == ("succeeded", 1, 1), again
    assert storage.objects() == tree_objects(source)


def test_odd_names_arrive_in_azure_or_are_told_of(source, add, mirrored, azure):
    make_tree(source, 130)
    azure.make()
    job = mirrored(add(azure, "account key"))
    stored, wanted = azure.objects(), tree_objects(source)

    assert job["status"] in ("succeeded", "partial"), job
    assert {key: wanted[key] for key in stored} == stored
    assert len(wanted) - len(stored) == job["failed"], job


def test_a_container_that_is_not_there_is_made(source, add, mirrored, azure):
    job = mirrored(add(azure, "connection string"))

    assert job["status"] == "succeeded", job
    assert azure.objects() == tree_objects(source)


def test_a_token_that_only_reads_brings_down_and_sends_nothing(source, add, mirrored, azure):
    azure.make()
    assert mirrored(add(azure, "account key"))["status"] == "succeeded"
    stored = azure.objects()
    reading = add(azure, "SAS token that reads")

    (source / "new").write_bytes(b"new")
    refused = mirrored(reading)
    assert (refused["status"], refused["reason"]) == ("partial", "access_denied"), refused
    assert refused["done"]["uploads"] == 0
    (source / "folder 0" / "é 3").unlink()
    assert mirrored(reading, direction="download")["status"] == "succeeded"
    assert (source / "folder 0" / "é 3").read_bytes() == b"content " * 3
    assert azure.objects() == stored


@pytest.mark.parametrize(
    ("kind", "form", "exists", "word"),
    [
        pytest.param("azure", "account key", True, "available", id="azure, available"),
        pytest.param("azure", "SAS token that reads", True, "available", id="azure, a token that reads"),
        pytest.param("azure", "account key", False, "not_found", id="azure, no container"),
        pytest.param("azure", "wrong key", True, "forbidden", id="azure, the wrong key"),
        pytest.param("gcs", "key file", True, "available", id="gcs, available"),
        pytest.param("gcs", "anonymous", False, "not_found", id="gcs, no bucket"),
    ],
)
def test_a_check_says_how_it_stands(service, add, request, kind, form, exists, word):
    storage = request.getfixturevalue(kind)
    if exists:
        storage.make()
    ended = shell(service, "check", add(storage, form))

    assert (ended.stdout.partition(":")[0], ended.returncode) == (word, 0 if word == "available" else 1)
    for _, secret in storage.options.values():
        assert not secret or secret not in ended.stdout + ended.stderr


def test_no_secret_is_in_the_database_the_log_or_an_answer(service, add, mirrored, anna, azure):
    azure.make()
    connection = add(azure, "SAS token")
    job = mirrored(connection)
    shown = shell(service, "show", connection).stdout + shell(service, "list", "--json").stdout + json.dumps(job)
    listed = requests.get(service.url + "/api/cloud/all", headers=anna, timeout=30).text
    kept = b"".join(contents(service.uploads.parent / "var").values())

    [signature] = parse_qs(azure.options["SAS token"][1].removeprefix("?"))["sig"]
    assert connection in listed
    assert connection.encode() in kept
    for secret in (azure.azurite.account_key, signature, quote(signature, safe="")):
        assert secret not in shown + listed + service.log.read_text()
        assert secret.encode() not in kept
