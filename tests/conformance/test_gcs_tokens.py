"""Who the gcs driver says it is: a token for one endpoint, signed here; nothing of the surroundings, and nobody is asked."""

import base64
import itertools
import json
import logging
import os
import socket
import time
import uuid
from contextlib import closing
from dataclasses import replace

import pytest

from app.errors import AccessDenied, InvalidCredentials, StorageUnreachable
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.key_file import read_key_file
from app.storages.gcs.storage import GcsStorage
from tests.conformance.contents import content
from tests.conformance.subjects import gcs_address
from tests.support.gcs_fake import PERMISSIONS
from tests.support.gcs_keys import EMAIL, KEY_ID, OTHER_PRIVATE_KEY, PRIVATE_KEY, key_file
from tests.support.gcs_model import Bucket
from tests.support.places import place, resolver


@pytest.fixture
def bucket(fake_gcs):
    name = "b" + uuid.uuid4().hex
    fake_gcs.buckets[name] = Bucket(name)
    return fake_gcs.buckets[name]


def parts_of(header):
    scheme, _, token = header.partition(" ")
    head, claims, _ = token.split(".")
    return scheme, *(json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, claims))


def test_the_token_is_signed_for_this_endpoint_and_an_hour(fake_gcs, bucket):
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name))) as storage:
        storage.check()
    scheme, head, claims = parts_of(fake_gcs.seen[0].headers["Authorization"])
    assert (scheme, head) == ("Bearer", {"alg": "RS256", "kid": KEY_ID, "typ": "JWT"})
    assert (claims["iss"], claims["sub"], claims["aud"]) == (EMAIL, EMAIL, fake_gcs.endpoint + "/")
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - time.time()) < 60
    assert set(claims) == {"iss", "sub", "aud", "iat", "exp"}


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"private_key": OTHER_PRIVATE_KEY}, id="another key"),
        pytest.param({"client_email": "other@sluice-tests.iam.gserviceaccount.com"}, id="another account"),
        pytest.param({"private_key_id": "0"}, id="another key's id"),
    ],
)
def test_a_stranger_is_refused(fake_gcs, bucket, other):
    bucket.put("key", b"", {}, {})
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name, **other))) as storage:
        for ask in (storage.check, storage.rights, lambda: storage.read("key"), lambda: storage.delete(["key"])):
            with pytest.raises(InvalidCredentials, match="key file"):
                ask()
    assert list(bucket.objects) == ["key"]


def test_a_token_for_one_endpoint_is_worth_nothing_at_another(fake_gcs, bucket):
    address = replace(gcs_address(fake_gcs, bucket.name), endpoint=fake_gcs.endpoint.replace("127.0.0.1", "localhost"))
    with closing(GcsStorage(address)) as storage, pytest.raises(InvalidCredentials):
        storage.check()
    assert parts_of(fake_gcs.seen[0].headers["Authorization"])[2]["aud"] == address.endpoint + "/"


def test_one_token_serves_until_it_is_nearly_over(fake_gcs, bucket):
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name))) as storage:
        for _ in range(5):
            storage.check()
            storage.write("key", content(b"x"))
    assert len({seen.headers["Authorization"] for seen in fake_gcs.seen}) == 1


def test_a_token_is_made_anew_before_it_is_over_and_when_the_clock_is_set(monkeypatch, fake_gcs):
    authorisation = Authorisation(gcs_address(fake_gcs, "bucket"))
    now, made = time.time(), []
    for offset in (0, 10, 2999, 3001, 3002, -4000):
        monkeypatch.setattr(time, "time", lambda offset=offset: now + offset)
        made.append(authorisation.headers()["Authorization"])
    assert [first == second for first, second in itertools.pairwise(made)] == [True, True, False, True, False]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"client_email": EMAIL},
        {"client_email": EMAIL, "private_key": "none", "private_key_id": "x"},
        {"client_email": EMAIL, "private_key": PRIVATE_KEY[:300], "private_key_id": "x"},
    ],
    ids=["empty", "no key", "no PEM", "cut off"],
)
def test_a_key_file_without_a_key_is_told_when_it_is_used(fake_gcs, told):
    address = GcsAddress("bucket", fake_gcs.endpoint, told)
    with closing(GcsStorage(address)) as storage, pytest.raises(InvalidCredentials, match="no usable key"):
        storage.check()
    assert fake_gcs.seen == []


def test_nothing_is_asked_at_the_addresses_that_a_key_file_names(fake_gcs, bucket):
    with place() as elsewhere:
        url = f"http://127.0.0.1:{elsewhere.port}/"
        told = key_file(token_uri=url, auth_uri=url, auth_provider_x509_cert_url=url, client_x509_cert_url=url)
        for kept in (told, read_key_file(json.dumps(told))):
            with closing(GcsStorage(GcsAddress(bucket.name, fake_gcs.endpoint, kept))) as storage:
                storage.check()
                storage.write("key", content(b"data"))
                storage.rights()
        assert elsewhere.arrivals() == []


def test_nothing_of_the_surroundings_is_taken(monkeypatch, tmp_path, fake_gcs, bucket):
    (tmp_path / "key.json").write_text(json.dumps(key_file()))
    bucket.public = PERMISSIONS
    with place() as elsewhere:
        trap = f"127.0.0.1:{elsewhere.port}"
        for name, value in {
            "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "key.json"),
            "STORAGE_EMULATOR_HOST": f"http://{trap}",
            "GCE_METADATA_HOST": trap,
            "GCE_METADATA_IP": trap,
            "GOOGLE_CLOUD_PROJECT": "ambient",
            "CLOUDSDK_CONFIG": str(tmp_path),
            "HTTP_PROXY": f"http://{trap}",
            "http_proxy": f"http://{trap}",
            "ALL_PROXY": f"http://{trap}",
            "NO_PROXY": "",
            "no_proxy": "",
        }.items():
            monkeypatch.setenv(name, value)
        (tmp_path / ".netrc").write_text("default login ambient password ambient\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        with closing(GcsStorage(GcsAddress(bucket.name, fake_gcs.endpoint))) as storage:
            storage.check()
            storage.write("key", content(b"data"))
            assert storage.read("key").read() == b"data"
            with pytest.raises(AccessDenied):
                storage.create()
        assert elsewhere.arrivals() == []
    assert not any("Authorization" in seen.headers or "userProject" in seen.query for seen in fake_gcs.seen)
    assert os.environ["GOOGLE_CLOUD_PROJECT"] == "ambient"


def test_no_log_tells_a_secret(caplog, fake_gcs, bucket):
    caplog.set_level(logging.DEBUG)
    with closing(GcsStorage(gcs_address(fake_gcs, bucket.name))) as storage:
        storage.write("key", content(b"data"))
        storage.read("key")
        fake_gcs.trouble = lambda _: "drop"
        with pytest.raises(StorageUnreachable):
            storage.check()
    token = fake_gcs.seen[0].headers["Authorization"].split()[1]
    assert caplog.text  # urllib3 does log
    for secret in (token, token.split(".")[2], PRIVATE_KEY[40:80]):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "operation", ["check", "write", "list", "read", "delete", "create", "browse", "stat", "rights"]
)
def test_a_name_that_leads_to_a_forbidden_address_is_not_followed(monkeypatch, operation):
    calls = {
        "write": lambda storage: storage.write("key", content(b"x")),
        "list": lambda storage: list(storage.list()),
        "read": lambda storage: storage.read("key"),
        "delete": lambda storage: storage.delete(["key"]),
        "stat": lambda storage: storage.stat("key"),
    }
    with place("127.0.0.2") as forbidden:
        monkeypatch.setattr(socket, "getaddrinfo", resolver("storage.invalid", lambda: ["127.0.0.2"]))
        address = GcsAddress("bucket", f"http://storage.invalid:{forbidden.port}", forbids=lambda ip: ip == "127.0.0.2")
        with closing(GcsStorage(address)) as storage, pytest.raises(StorageUnreachable, match="refused here"):
            calls.get(operation, lambda one: getattr(one, operation)())(storage)
        assert forbidden.arrivals() == []
        with (
            closing(GcsStorage(replace(address, forbids=lambda _: False))) as storage,
            pytest.raises(StorageUnreachable),
        ):
            storage.check()
        assert b"HTTP/1.1" in b"".join(forbidden.arrivals())  # so the above can fail
