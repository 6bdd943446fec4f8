"""What SAS tokens, keys and nothing at all allow, and that finding it out changes nothing."""

import re
import uuid
from contextlib import closing
from dataclasses import replace

import pytest

from app.errors import AccessDenied, InvalidCredentials, StorageError, StorageMissing
from app.storages.azure.address import AzureAddress
from app.storages.azure.storage import AzureStorage
from app.storages.base import Rights
from tests.conformance.contents import content
from tests.support.azurite import client_of
from tests.support.servers import scripted


@pytest.fixture
def address(azurite):
    address = azurite.container("c" + uuid.uuid4().hex)
    with closing(AzureStorage(address)) as storage:
        storage.create()
        storage.write("key", content(b"data"))
    return address


@pytest.mark.parametrize(
    ("permission", "reads", "writes"),
    [
        ("r", True, False),
        ("rl", True, False),
        ("l", False, False),
        ("w", False, True),
        ("rwl", True, True),
        ("racwdl", True, True),
        ("dl", False, False),
    ],
)
def test_of_a_token_are_what_it_says(azurite, address, permission, reads, writes):
    with closing(AzureStorage(azurite.shared(address.container, permission))) as storage:
        assert storage.rights() == Rights(reads, writes)
    with client_of(address) as client:
        assert [blob.name for blob in client.list_blobs(include=["uncommittedblobs"])] == ["key"]


def test_of_everybody_are_to_read_what_is_public(address):
    anonymous = replace(address, account_key=None)
    with closing(AzureStorage(anonymous)) as storage, client_of(address) as client:
        assert storage.rights() == Rights(reads=False, writes=False)
        client.set_container_access_policy({}, public_access="container")
        assert storage.rights() == Rights(reads=True, writes=False)
        assert [entry.key for entry in storage.list()] == ["key"]
        with pytest.raises((AccessDenied, InvalidCredentials)):
            storage.write("key", content(b"other"))
        client.set_container_access_policy({}, public_access="blob")
        assert storage.rights() == Rights(reads=True, writes=False)
        assert storage.stat("key").size == 4


STRANGERS = {
    "a wrong key": lambda azurite, name: replace(azurite.container(name), account_key="bm90IHRoZSBrZXk="),
    "a key that is not base64": lambda azurite, name: replace(azurite.container(name), account_key="?"),
    "an expired token": lambda azurite, name: azurite.shared(name, "rwl", hours=-1),
    "a wrong signature": lambda azurite, name: replace(
        azurite.shared(name, "rwl"), sas_token=re.sub("sig=[^&]*", "sig=bm90", azurite.shared(name, "rwl").sas_token)
    ),
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_is_told_so_without_his_secret(azurite, address, stranger):
    theirs = stranger(azurite, address.container)
    with closing(AzureStorage(theirs)) as storage:
        for ask in (
            storage.check,
            storage.rights,
            lambda: storage.stat("key"),
            lambda: storage.write("new", content()),
        ):
            with pytest.raises((AccessDenied, InvalidCredentials)) as raised:
                ask()
            assert "sig=" not in str(raised.value)
            assert raised.value.__cause__ is None


def test_of_a_missing_container_are_none(azurite):
    for permission in ("rl", "rwl"):
        address = azurite.shared("c" + uuid.uuid4().hex, permission)
        with closing(AzureStorage(address)) as storage, pytest.raises(StorageMissing):
            storage.rights()


def test_a_server_that_ignores_every_condition_is_given_nothing_to_store():
    """Whatever is asked there, no request could make or change a blob: its only block was never sent."""
    asked = []

    def answer(method, path):
        asked.append((method, path))
        return 201, ""

    with scripted(answer) as url:
        address = AzureAddress(url, "account", "container", sas_token="sv=2024-11-04&sp=rwl&sig=c2VjcmV0")
        with closing(AzureStorage(address)) as storage, pytest.raises(StorageError):
            storage.rights()
    assert {method for method, path in asked if "comp=blocklist" not in path} <= {"HEAD", "GET"}
