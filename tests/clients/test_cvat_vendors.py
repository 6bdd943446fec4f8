"""Storages of Microsoft and of Google through `cvat-sdk`, unmodified, with each form of their credentials."""

import io
import itertools
import json
from base64 import b64decode
from contextlib import closing
from urllib.parse import quote

import pytest
from PIL import Image

from app.storages.gcs.address import GcsAddress
from app.storages.registry import open_storage
from tests.support.azurite import ACCOUNT, client_of
from tests.support.browsing import manifest_of, put
from tests.support.gcs_keys import OTHER_PRIVATE_KEY, PROJECT, key_file

pytestmark = pytest.mark.slow

NAMES = ["a1.png", "a2.png", "manifest.jsonl", "sub/b1.png"]

_numbers = itertools.count()


def contents():
    """Four objects: three pictures and the manifest that lists them."""
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(content, "PNG")
    pictures = [name for name in NAMES if name.endswith(".png")]
    return dict.fromkeys(pictures, content.getvalue()) | {"manifest.jsonl": manifest_of(pictures)}


def endpoint(url):
    return f"endpoint_url={quote(url, safe='')}"


@pytest.fixture
def container(azurite):
    """The address of a container that anybody may read."""
    address = azurite.container(f"cvat-{next(_numbers)}")
    with client_of(address) as client:
        client.create_container(public_access="container")
        for name, data in contents().items():
            client.upload_blob(name, data)
    return address


@pytest.fixture
def new_gcs_bucket():
    """A function that makes a bucket and fills it."""

    def make(**address):
        name = f"cvat-{next(_numbers)}"
        with closing(open_storage("gcs", address=GcsAddress(name, **address))) as storage:
            storage.create()
            for key, data in contents().items():
                put(storage, key, data)
        return name

    return make


MAKE = """
def made(given, file=""):
    if not file:
        return api.create(given)
    with open(file, "rb") as opened:
        request = models.CloudStorageWriteRequest(**given, key_file=opened)
        return api.create(request, _content_type="multipart/form-data")
"""

WALK = (
    MAKE
    + """
one, raw = made(given, file)
content = api.retrieve_content_v2(one.id)[0].content
listed = api.retrieve_content_v2(one.id, manifest_path="manifest.jsonl", prefix="sub/")[0]
paged = api.retrieve_content_v2(one.id, page_size=1)[0]
renamed = api.partial_update(one.id, patched_cloud_storage_write_request={"display_name": "renamed"})[0]
show({
    "made": raw.data.decode(),
    "status": api.retrieve_status(one.id)[0],
    "actions": api.retrieve_actions(one.id)[0],
    "content": [[each.type.value, each.name] for each in content],
    "listed": [each.name for each in listed.content],
    "paged": [len(paged.content), paged.next is None],
    "preview": api.retrieve_preview(one.id)[1].data,
    "renamed": renamed.display_name,
    "gone": api.destroy(one.id)[1].status,
})
"""
)


def require_whole(seen, given, actions="GET,PUT"):
    """Require of what a walk has shown that each step did what it must."""
    made = json.loads(seen.pop("made"))
    preview = Image.open(io.BytesIO(b64decode(seen.pop("preview"))))

    assert {name: made[name] for name in given if name in made} == {name: given[name] for name in given if name in made}
    assert (preview.format, preview.size) == ("JPEG", (256, 171))
    assert seen == {
        "status": "AVAILABLE",
        "actions": actions,
        "content": [["DIR", "sub"], ["REG", "a1.png"], ["REG", "a2.png"], ["REG", "manifest.jsonl"]],
        "listed": ["b1.png"],
        "paged": [1, False],
        "renamed": "renamed",
        "gone": 204,
    }


def by_account_key(azurite, container):
    del azurite
    return {
        "credentials_type": "ACCOUNT_NAME_TOKEN_PAIR",
        "account_name": ACCOUNT,
        "session_token": container.account_key,
        "specific_attributes": endpoint(container.url),
    }


def by_shared_access_signature(azurite, container):
    shared = azurite.shared(container.container, "rwdl")
    return by_account_key(azurite, container) | {"session_token": shared.sas_token}


def by_connection_string(azurite, container):
    del azurite
    parts = {"AccountName": ACCOUNT, "AccountKey": container.account_key, "BlobEndpoint": container.url}
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return {"credentials_type": "CONNECTION_STRING", "connection_string": f"DefaultEndpointsProtocol=http;{text};"}


def by_nothing(azurite, container):
    del azurite
    return {
        "credentials_type": "ANONYMOUS_ACCESS",
        "account_name": ACCOUNT,
        "specific_attributes": endpoint(container.url),
    }


@pytest.mark.parametrize(
    ("way", "actions"),
    [
        (by_account_key, "GET,PUT"),
        (by_shared_access_signature, "GET,PUT"),
        (by_connection_string, "GET,PUT"),
        (by_nothing, "GET"),
    ],
    ids=["account key", "shared access signature", "connection string", "nothing"],
)
def test_a_container_of_azure_is_walked_through(walk, service, azurite, container, way, actions):
    given = {
        "provider_type": "AZURE_CONTAINER",
        "resource": container.container,
        "display_name": "pictures",
        "manifests": ["manifest.jsonl"],
    } | way(azurite, container)
    seen = walk(WALK, given=given, file="")

    for secret in (given.get("session_token"), given.get("connection_string"), container.account_key):
        assert secret is None or secret not in json.dumps(seen) + service.log.read_text()
    require_whole(seen, given, actions)


def google(bucket, url, **values):
    return {
        "provider_type": "GOOGLE_CLOUD_STORAGE",
        "resource": bucket,
        "display_name": "pictures",
        "specific_attributes": endpoint(url),
        "manifests": ["manifest.jsonl"],
    } | values


def test_a_bucket_of_google_is_walked_through_with_a_key_file(walk, service, fake_gcs, new_gcs_bucket, tmp_path):
    (tmp_path / "key.json").write_text(json.dumps(key_file()))
    bucket = new_gcs_bucket(endpoint=fake_gcs.endpoint, key_file=key_file())
    given = google(bucket, fake_gcs.endpoint, credentials_type="KEY_FILE_PATH")
    seen = walk(WALK, given=given, file=str(tmp_path / "key.json"))

    assert "PRIVATE KEY" not in json.dumps(seen) + service.log.read_text()
    require_whole(seen, given)


def test_a_bucket_of_google_is_walked_through_without_credentials(walk, emulated_gcs, new_gcs_bucket):
    bucket = new_gcs_bucket(endpoint=emulated_gcs, project=PROJECT)
    given = google(bucket, emulated_gcs, credentials_type="ANONYMOUS_ACCESS")
    seen = walk(WALK, given=given, file="")

    require_whole(seen, given)


def test_a_key_file_of_another_service_account_is_refused(walk, fake_gcs, new_gcs_bucket, tmp_path):
    (tmp_path / "key.json").write_text(json.dumps(key_file(private_key=OTHER_PRIVATE_KEY)))
    bucket = new_gcs_bucket(endpoint=fake_gcs.endpoint, key_file=key_file())
    given = google(bucket, fake_gcs.endpoint, credentials_type="KEY_FILE_PATH")
    seen = walk(
        MAKE + "show([outcome(lambda: made(given, file)), api.list()[0].count])",
        given=given,
        file=str(tmp_path / "key.json"),
    )
    refused, count = seen

    assert (refused["raised"], refused["status"], count) == ("ApiException", 400, 0)
    assert refused["body"] == (
        f"credentials: Cannot create resource {bucket} with specified credentials. Access forbidden.\n"
    )
