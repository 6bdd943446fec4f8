"""What each kind of storage takes as an address and as credentials, as tables."""

import json

import pytest

from app.connections.address import AddressPolicy
from app.connections.contract import CredentialsForm
from app.connections.kind import Room
from app.connections.kinds import kind_named, storage_kinds
from app.errors import InvalidInput
from app.storages.azure.connection_string import read_connection_string
from tests.support.gcs_keys import EMAIL, key_file
from tests.support.jobs import settings_for
from tests.support.people import CANARY

ACCOUNT_KEY = "Y2FuYXJ5LTVlMGM3MQ=="
SAS = f"sv=2022-11-02&ss=b&srt=co&sp=rl&sig={CANARY}"
AZURITE = f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={ACCOUNT_KEY};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1"
IN_THE_CLOUD = f"DefaultEndpointsProtocol=https;AccountName=mystore;AccountKey={ACCOUNT_KEY}"
KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": CANARY}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("data"), storage_region="eu-central-1")
    return storage_kinds(settings, AddressPolicy.of(settings))


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        pytest.param("s3", {"endpoint": "http://Minio:9000/", "bucket": "photos"}, {"endpoint": "http://minio:9000", "bucket": "photos", "region": "eu-central-1"}, id="s3, the configured region"),
        pytest.param("s3", {"bucket": "photos"}, {"endpoint": "https://s3.us-east-1.amazonaws.com", "bucket": "photos", "region": "us-east-1"}, id="s3, Amazon's first region"),
        pytest.param("s3", {"bucket": "photos", "region": "eu-west-3"}, {"endpoint": "https://s3.eu-west-3.amazonaws.com", "bucket": "photos", "region": "eu-west-3"}, id="s3, a region of Amazon's"),
        pytest.param("s3", {"bucket": "photos", "region": "cn-north-1"}, {"endpoint": "https://s3.cn-north-1.amazonaws.com.cn", "bucket": "photos", "region": "cn-north-1"}, id="s3, a region of China's"),
        pytest.param("s3", {"bucket": "photos", "region": "", "prefix": ""}, {"endpoint": "https://s3.us-east-1.amazonaws.com", "bucket": "photos", "region": "us-east-1"}, id="s3, empty is left out"),
        pytest.param("s3", {"bucket": "photos", "prefix": "a/b c/im"}, {"endpoint": "https://s3.us-east-1.amazonaws.com", "bucket": "photos", "region": "us-east-1", "prefix": "a/b c/im"}, id="s3, a prefix"),
        pytest.param("azure", {"account": "mystore", "bucket": "images"}, {"endpoint": "https://mystore.blob.core.windows.net", "account": "mystore", "bucket": "images"}, id="azure, Microsoft's"),
        pytest.param("azure", {"account": "mystore", "bucket": "$root", "prefix": "x/"}, {"endpoint": "https://mystore.blob.core.windows.net", "account": "mystore", "bucket": "$root", "prefix": "x/"}, id="azure, the root container"),
        pytest.param("azure", {"endpoint": "http://127.0.0.1:10000/devstoreaccount1/", "account": "devstoreaccount1", "bucket": "images"}, {"endpoint": "http://127.0.0.1:10000", "account": "devstoreaccount1", "path": "/devstoreaccount1", "bucket": "images"}, id="azure, an emulator's endpoint"),
        pytest.param("azure", {"endpoint": "http://blobs.example.org", "account": "mystore", "bucket": "images"}, {"endpoint": "http://blobs.example.org", "account": "mystore", "bucket": "images"}, id="azure, a domain of one's own"),
        pytest.param("gcs", {"bucket": "my_bucket.example.org"}, {"endpoint": "https://storage.googleapis.com", "bucket": "my_bucket.example.org"}, id="gcs, Google's"),
        pytest.param("gcs", {"endpoint": "http://127.0.0.1:9023", "bucket": "images", "project": "my-project-1", "location": "EU", "prefix": "x"}, {"endpoint": "http://127.0.0.1:9023", "bucket": "images", "project": "my-project-1", "location": "EU", "prefix": "x"}, id="gcs, all of it"),
    ],
)  # fmt: skip
def test_an_address_is_kept_in_one_form_which_is_taken_again(kinds, kind, given, kept):
    assert kinds[kind].address(given, {}) == kept
    assert kinds[kind].address(kept, {}) == kept


@pytest.mark.parametrize(
    ("string", "beside", "kept"),
    [
        pytest.param(AZURITE, {}, {"endpoint": "http://127.0.0.1:10000", "account": "devstoreaccount1", "path": "/devstoreaccount1"}, id="an emulator"),
        pytest.param(IN_THE_CLOUD, {}, {"endpoint": "https://mystore.blob.core.windows.net", "account": "mystore"}, id="the cloud"),
        pytest.param(IN_THE_CLOUD, {"endpoint": "http://elsewhere", "account": "other", "path": "/other"}, {"endpoint": "https://mystore.blob.core.windows.net", "account": "mystore"}, id="it wins"),
        pytest.param(IN_THE_CLOUD, {"prefix": "a/"}, {"endpoint": "https://mystore.blob.core.windows.net", "account": "mystore", "prefix": "a/"}, id="beside a prefix"),
    ],
)  # fmt: skip
def test_a_connection_string_brings_the_address(kinds, string, beside, kept):
    credentials = kinds["azure"].credentials(CredentialsForm.CONNECTION_STRING, {"connection_string": string})

    assert kinds["azure"].address({"bucket": "images"} | beside, credentials) == kept | {"bucket": "images"}


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        pytest.param("s3", {"endpoint": "http://minio:9000"}, "bucket", id="s3, no bucket"),
        pytest.param("s3", {"endpoint": "", "bucket": "photos"}, "endpoint", id="s3, an empty endpoint"),
        pytest.param("s3", {"endpoint": "http://minio/x", "bucket": "photos"}, "endpoint", id="s3, a path"),
        pytest.param("s3", {"bucket": "photos", "region": "no.region/"}, "region", id="s3, no region"),
        pytest.param("s3", {"bucket": "photos", "account": "mystore"}, "account", id="s3, a field of another kind"),
        pytest.param("s3", {"bucket": "photos", "prefix": "/a"}, "prefix", id="a prefix that begins with /"),
        pytest.param("s3", {"bucket": "photos", "prefix": "a//b"}, "prefix", id="a prefix with an empty folder"),
        pytest.param("azure", {"account": "mystore", "bucket": "images", "prefix": "a\n"}, "prefix", id="a prefix of two lines"),
        pytest.param("gcs", {"bucket": "images", "prefix": "x" * 1025}, "prefix", id="a long prefix"),
        pytest.param("azure", {"bucket": "images"}, "account", id="azure, no account"),
        pytest.param("azure", {"account": "My-Store", "bucket": "images"}, "account", id="azure, no account's name"),
        pytest.param("azure", {"account": "evil.example.org/", "bucket": "images"}, "account", id="azure, another host as the account"),
        pytest.param("azure", {"account": "mystore", "bucket": "a--b"}, "bucket", id="azure, two hyphens"),
        pytest.param("azure", {"account": "mystore", "bucket": "My"}, "bucket", id="azure, upper case"),
        pytest.param("azure", {"account": "mystore", "bucket": "$logs"}, "bucket", id="azure, a container of Microsoft's own"),
        pytest.param("azure", {"account": "mystore", "bucket": "x" * 64}, "bucket", id="azure, a long name"),
        pytest.param("azure", {"endpoint": "http://127.0.0.1:10000/other", "account": "mystore", "bucket": "images"}, "endpoint", id="azure, the path of another account"),
        pytest.param("azure", {"endpoint": "http://127.0.0.1:10000", "path": "/../x", "account": "mystore", "bucket": "images"}, "path", id="azure, no account's path"),
        pytest.param("azure", {"endpoint": "http://169.254.169.254", "account": "mystore", "bucket": "images"}, "endpoint", id="azure, the metadata service"),
        pytest.param("azure", {"endpoint": "http://u:p@host", "account": "mystore", "bucket": "images"}, "endpoint", id="azure, a user in the address"),
        pytest.param("gcs", {"endpoint": "http://metadata.google.internal", "bucket": "images"}, "endpoint", id="gcs, the metadata service"),
        pytest.param("gcs", {"bucket": "Images"}, "bucket", id="gcs, upper case"),
        pytest.param("gcs", {"bucket": "a..b"}, "bucket", id="gcs, two dots"),
        pytest.param("gcs", {"bucket": "127.0.0.1"}, "bucket", id="gcs, an address"),
        pytest.param("gcs", {"bucket": "x" * 223}, "bucket", id="gcs, a long name"),
        pytest.param("gcs", {"bucket": "images", "project": "My Project"}, "project", id="gcs, no project"),
        pytest.param("gcs", {"bucket": "images", "location": "EU\r\nX: y"}, "location", id="gcs, no location"),
        pytest.param("gcs", {"bucket": "images", "region": "eu"}, "region", id="gcs, a field of another kind"),
        pytest.param("gcs", {"bucket": 7}, "bucket", id="no text"),
    ],
)  # fmt: skip
def test_the_field_of_an_address_that_cannot_be_accepted_is_named(kinds, kind, given, field):
    with pytest.raises(InvalidInput) as caught:
        kinds[kind].address(given, {})
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("kind", "form", "given", "kept"),
    [
        pytest.param("s3", "keys", KEYS, KEYS, id="keys"),
        pytest.param("s3", "keys", KEYS | {"session_token": ""}, KEYS, id="keys with an empty session token"),
        pytest.param("s3", "keys", KEYS | {"session_token": "t" * 4096}, KEYS | {"session_token": "t" * 4096}, id="keys with a session token"),
        pytest.param("s3", "anonymous", {}, {}, id="s3, anonymous"),
        pytest.param("azure", "account_token", {"token": SAS}, {"token": SAS}, id="a SAS token"),
        pytest.param("azure", "account_token", {"token": f"?{SAS}"}, {"token": f"?{SAS}"}, id="a SAS token as it is copied"),
        pytest.param("azure", "account_token", {"token": ACCOUNT_KEY}, {"token": ACCOUNT_KEY}, id="an account key"),
        pytest.param("azure", "connection_string", {"connection_string": AZURITE}, {"connection_string": AZURITE}, id="a connection string"),
        pytest.param("azure", "anonymous", {}, {}, id="azure, anonymous"),
        pytest.param("gcs", "anonymous", {}, {}, id="gcs, anonymous"),
    ],
)  # fmt: skip
def test_credentials_of_a_form_are_kept(kinds, kind, form, given, kept):
    assert kinds[kind].credentials(CredentialsForm(form), given) == kept


def test_of_a_key_file_only_what_is_used_is_kept_and_it_is_taken_again(kinds):
    kept = kinds["gcs"].credentials(CredentialsForm.KEY_FILE, {"key_file": json.dumps(key_file())})

    assert json.loads(kept["key_file"])["client_email"] == EMAIL
    assert "token_uri" not in kept["key_file"]
    assert kinds["gcs"].credentials(CredentialsForm.KEY_FILE, kept) == kept


@pytest.mark.parametrize(
    ("kind", "form", "given", "field"),
    [
        pytest.param("s3", "account_token", {"token": SAS}, "form", id="s3 has no accounts"),
        pytest.param("azure", "keys", KEYS, "form", id="azure has no keys"),
        pytest.param("gcs", "connection_string", {"connection_string": AZURITE}, "form", id="gcs has no connection strings"),
        pytest.param("s3", "keys", {"access_key": "a"}, "secret_key", id="half of the keys"),
        pytest.param("s3", "keys", {"secret_key": CANARY}, "access_key", id="the other half"),
        pytest.param("s3", "keys", {"session_token": CANARY}, "access_key", id="a session token alone"),
        pytest.param("s3", "keys", KEYS | {"session_token": "t" * 4097}, "session_token", id="a long session token"),
        pytest.param("s3", "keys", KEYS | {"token": CANARY}, "token", id="a field of another form"),
        pytest.param("s3", "anonymous", KEYS, "access_key", id="anonymous with a key"),
        pytest.param("azure", "account_token", {}, "token", id="no token"),
        pytest.param("azure", "account_token", {"token": f"{CANARY} "}, "token", id="neither a token nor a key"),
        pytest.param("azure", "account_token", {"token": f"sv=1&sig={CANARY}\r\nX: y"}, "token", id="a token of two lines"),
        pytest.param("azure", "connection_string", {"connection_string": CANARY}, "connection_string", id="no connection string"),
        pytest.param("azure", "connection_string", {"connection_string": AZURITE + ";" * 4096}, "connection_string", id="a long connection string"),
        pytest.param("gcs", "key_file", {"key_file": f'{{"type": "{CANARY}"}}'}, "key_file", id="no key file"),
        pytest.param("gcs", "key_file", {"key_file": " " * (64 * 1024 + 1)}, "key_file", id="a long key file"),
        pytest.param("gcs", "key_file", {"key_file": "\ud800"}, "key_file", id="half a character"),
        pytest.param("gcs", "key_file", {"key_file": 7}, "key_file", id="no text"),
    ],
)  # fmt: skip
def test_the_credential_that_cannot_be_accepted_is_named_and_not_quoted(kinds, kind, form, given, field):
    with pytest.raises(InvalidInput) as caught:
        kinds[kind].credentials(CredentialsForm(form), given)
    assert caught.value.field == field
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "string",
    [
        pytest.param(f"BlobEndpoint=http://169.254.169.254;AccountName=mystore;AccountKey={ACCOUNT_KEY}", id="the metadata service"),
        pytest.param(f"BlobEndpoint=http://localhost/other-account;AccountKey={ACCOUNT_KEY}", id="no account's name"),
    ],
)  # fmt: skip
def test_an_endpoint_in_a_connection_string_is_looked_at_as_any_other(kinds, string):
    assert read_connection_string(string).url.startswith("http://")  # the reader itself finds nothing wrong with it
    credentials = kinds["azure"].credentials(CredentialsForm.CONNECTION_STRING, {"connection_string": string})
    with pytest.raises(InvalidInput) as caught:
        kinds["azure"].address({"bucket": "images"}, credentials)
    assert caught.value.field == "connection_string"
    assert ACCOUNT_KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "address", "form", "credentials"),
    [
        pytest.param("s3", {"bucket": "photos"}, "anonymous", {}, id="s3, anonymous"),
        pytest.param("s3", {"bucket": "photos"}, "keys", KEYS | {"session_token": CANARY}, id="s3, with a session token"),
        pytest.param("azure", {"account": "mystore", "bucket": "images"}, "account_token", {"token": SAS}, id="azure, a SAS token"),
        pytest.param("azure", {"account": "mystore", "bucket": "images"}, "account_token", {"token": ACCOUNT_KEY}, id="azure, an account key"),
        pytest.param("azure", {"bucket": "images"}, "connection_string", {"connection_string": AZURITE}, id="azure, a connection string"),
        pytest.param("azure", {"account": "mystore", "bucket": "images"}, "anonymous", {}, id="azure, anonymous"),
        pytest.param("gcs", {"bucket": "images"}, "key_file", "of the service account", id="gcs, a key file"),
        pytest.param("gcs", {"bucket": "images"}, "anonymous", {}, id="gcs, anonymous"),
    ],
)  # fmt: skip
def test_what_was_kept_opens_a_storage(kinds, kind, address, form, credentials):
    given = {"key_file": json.dumps(key_file())} if form == "key_file" else credentials
    kept = kinds[kind].credentials(CredentialsForm(form), given)
    place = kinds[kind].address(address, kept)
    storage = kinds[kind].opened(place, kept, Room(2))
    storage.close()

    assert kinds[kind].name_of(place) == address["bucket"]


def test_an_unknown_kind_is_refused_with_those_that_there_are(kinds):
    with pytest.raises(InvalidInput, match=r"kind: Use one of s3, azure, gcs, gdrive\."):
        kind_named(kinds, "ftp")
