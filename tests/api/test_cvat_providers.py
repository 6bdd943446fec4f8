"""Cloud storages of Azure and Google over HTTP: every type of credentials, against servers of both kinds."""

import io
import itertools
import json
from contextlib import closing
from urllib.parse import quote

import pytest
from PIL import Image

from app.storages.azure.storage import AzureStorage
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.key_file import read_key_file
from app.storages.gcs.storage import GcsStorage
from tests.conformance.contents import content
from tests.support.azurite import ACCOUNT, client_of
from tests.support.cvat import World, made, refused
from tests.support.gcs_keys import OTHER_PRIVATE_KEY, key_file

_numbers = itertools.count()


def png():
    found = io.BytesIO()
    Image.new("RGB", (300, 300), "red").save(found, "PNG")
    return found.getvalue()


OBJECTS = {
    "a.png": png(),
    "sub/b.png": png(),
    "m.jsonl": b'{"version":"1.1"}\n{"type":"images"}\n{"name":"a","extension":".png"}\n',
}


@pytest.fixture(scope="module")
def world(tmp_path_factory, rclone):
    with closing(World(tmp_path_factory.mktemp("providers"), rclone)) as world:
        yield world


def filled(storage):
    with closing(storage):
        storage.create()
        for key, data in OBJECTS.items():
            storage.write(key, content(data))


@pytest.fixture(scope="module")
def container(azurite):
    address = azurite.container(f"photos-{next(_numbers)}")
    filled(AzureStorage(address))
    return address


def body(provider, credentials_type, bucket, endpoint="", **more):
    attributes = f"endpoint_url={quote(endpoint, safe='')}" if endpoint else ""
    named = {
        "provider_type": provider,
        "credentials_type": credentials_type,
        "resource": bucket,
        "display_name": "Photos",
    }
    return named | {"specific_attributes": attributes} | more


def azure(container, credentials_type, **more):
    return body("AZURE_CONTAINER", credentials_type, container.container, container.url, account_name=ACCOUNT, **more)


def connection_string(container):
    return f"AccountName={ACCOUNT};AccountKey={container.account_key};BlobEndpoint={container.url}"


def works(world, storage, actions="GET,PUT"):
    """Assert that a storage answers all that can be asked of it."""
    number = storage["id"]
    listed = world.send("GET", f"/{number}/content-v2").json
    named = world.send("GET", f"/{number}/content-v2?manifest_path=m.jsonl").json

    assert world.send("GET", f"/{number}/status").json == "AVAILABLE"
    assert world.send("GET", f"/{number}/actions").text == actions
    assert [entry["name"] for entry in listed["content"]] == ["sub", "a.png", "m.jsonl"]
    assert [entry["name"] for entry in named["content"]] == ["a.png"]
    assert Image.open(io.BytesIO(world.send("GET", f"/{number}/preview").data)).size == (256, 256)
    first = world.send("GET", f"/{number}/content-v2?page_size=1").json
    assert [entry["name"] for entry in first["content"]] == ["a.png"]
    assert isinstance(first["next"], str)


def test_a_container_by_the_key_of_its_account(world, container):
    given = azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token=container.account_key, manifests=["m.jsonl"])
    storage = made(world.send("POST", json=given))

    assert storage["provider_type"] == "AZURE_CONTAINER"
    assert storage["specific_attributes"] == given["specific_attributes"]
    works(world, storage)


def test_a_container_by_a_shared_access_signature(world, azurite, container):
    token = azurite.shared(container.container, "rl").sas_token
    given = azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token=token, manifests=["m.jsonl"])

    works(world, made(world.send("POST", json=given)), "GET")


def test_a_container_by_a_connection_string_alone(world, container):
    given = body("AZURE_CONTAINER", "CONNECTION_STRING", container.container, manifests=["m.jsonl"])
    storage = made(world.send("POST", json=given | {"connection_string": connection_string(container)}))

    works(world, storage)
    assert storage["specific_attributes"] == ""
    assert world.send("PATCH", f"/{storage['id']}", json={"display_name": "x"}).status_code == 200
    works(world, storage)


def test_a_container_that_everybody_may_read(world, azurite):
    address = azurite.container(f"photos-{next(_numbers)}")
    filled(AzureStorage(address))
    with client_of(address) as client:
        client.set_container_access_policy({}, public_access="container")

    works(world, made(world.send("POST", json=azure(address, "ANONYMOUS_ACCESS", manifests=["m.jsonl"]))), "GET")


def test_a_container_that_is_missing_or_refuses_is_told(world, container):
    wrong = azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token="d3Jvbmc=")
    missing = azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token=container.account_key, resource="no-such")

    assert world.send("POST", json=wrong).text == f"credentials: Cannot create resource {container.container} with specified credentials. Access forbidden.\n"  # fmt: skip
    assert world.send("POST", json=missing | {"manifests": ["x"]}).text == "resource: The resource no-such not found. It may have been deleted.\n"  # fmt: skip
    assert world.send("POST", json=missing | {"resource": container.container, "manifests": ["x"]}).text == f"manifests: The 'x' file does not exist on '{container.container}' cloud storage\n"  # fmt: skip


def test_a_container_becomes_another_one_with_other_credentials(world, azurite, container):
    other = azurite.container(f"photos-{next(_numbers)}")
    filled(AzureStorage(other))
    given = azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token=container.account_key, manifests=["m.jsonl"])
    number = made(world.send("POST", json=given))["id"]
    moved = world.send("PATCH", f"/{number}", json={"resource": other.container})
    string = {"credentials_type": "CONNECTION_STRING", "connection_string": connection_string(container)}
    changed = world.send("PATCH", f"/{number}", json=string)

    assert moved.json["resource"] == other.container
    assert changed.json["credentials_type"] == "CONNECTION_STRING"
    works(world, changed.json)
    alone = world.send("PATCH", f"/{number}", json={"credentials_type": "ACCOUNT_NAME_TOKEN_PAIR"})
    assert list(alone.json) == ["session_token"]


def test_a_kept_token_is_sent_to_no_other_endpoint(world, azurite, container):
    token = azurite.shared(container.container, "rl").sas_token
    number = made(world.send("POST", json=azure(container, "ACCOUNT_NAME_TOKEN_PAIR", session_token=token)))["id"]
    elsewhere = {"specific_attributes": f"endpoint_url=http://127.0.0.1:9/{ACCOUNT}"}

    assert list(world.send("PATCH", f"/{number}", json=elsewhere).json) == ["credentials"]
    refused(
        world.send("PATCH", f"/{number}", json=elsewhere | {"session_token": token}),
        {"resource": f"The resource {container.container} not found. It may have been deleted."},
    )


def test_a_bucket_of_google_that_everybody_may_read(world, emulated_gcs):
    name = f"photos_{next(_numbers)}"
    filled(GcsStorage(GcsAddress(name, emulated_gcs)))
    given = body("GOOGLE_CLOUD_STORAGE", "ANONYMOUS_ACCESS", name, emulated_gcs, manifests=["m.jsonl"])

    works(world, made(world.send("POST", json=given)))


def test_a_bucket_of_google_by_a_key_file(world, fake_gcs):
    name, file = f"photos-{next(_numbers)}", json.dumps(key_file())
    filled(GcsStorage(GcsAddress(name, fake_gcs.endpoint, read_key_file(file))))
    given = body("GOOGLE_CLOUD_STORAGE", "KEY_FILE_PATH", name, fake_gcs.endpoint) | {"manifests[0]": "m.jsonl"}
    wrong = json.dumps(key_file(private_key=OTHER_PRIVATE_KEY))

    def sent(text):
        return {
            "data": given | {"key_file": (io.BytesIO(text.encode()), "key.json")},
            "content_type": "multipart/form-data",
        }

    storage = made(world.send("POST", **sent(file)))
    works(world, storage)
    denied = world.send("POST", **sent(wrong))
    assert denied.text == f"credentials: Cannot create resource {name} with specified credentials. Access forbidden.\n"
    rotated = world.send("PATCH", f"/{storage['id']}", data={"key_file": (io.BytesIO(wrong.encode()), "k")}, content_type="multipart/form-data")  # fmt: skip
    refused(rotated, {"credentials": f"Cannot update resource {name} with specified credentials. Access forbidden."})


ODD = ["\0", "a\x01", "\ufffe", "../" * 300, "é" * 600, "a" * 1500, "%ff", "\\", "?x=1", "#a"]


@pytest.mark.parametrize("name", ["prefix", "manifest_path", "next_token"])
def test_any_key_is_answered(world, container, fake_gcs, name):
    bucket, file = f"photos-{next(_numbers)}", json.dumps(key_file())
    filled(GcsStorage(GcsAddress(bucket, fake_gcs.endpoint, read_key_file(file))))
    google = body("GOOGLE_CLOUD_STORAGE", "KEY_FILE_PATH", bucket, fake_gcs.endpoint)
    key = {"key_file": (io.BytesIO(file.encode()), "key.json")}
    numbers = [
        made(world.send("POST", data=google | key, content_type="multipart/form-data"))["id"],
        made(world.send("POST", json=azure(container, "CONNECTION_STRING", connection_string=connection_string(container))))["id"],
    ]  # fmt: skip
    answers = [
        world.send("GET", f"/{number}/content-v2", query_string={name: text}) for number in numbers for text in ODD
    ]

    assert [answer.text for answer in answers if answer.status_code not in (200, 400, 404)] == []
