"""Connections of kind ``gdrive``: which addresses they can have, and what of them a user can choose."""

import pytest

from app.connections.contract import CredentialsForm
from app.connections.gdrive_kind import GdriveKind
from app.connections.kind import Room
from app.errors import ConsentRequired, InvalidInput, StorageFailure
from app.settings import Settings

ACCOUNT = "108374650192837465012"


@pytest.fixture
def settings(tmp_path):
    return Settings.load({"DATA_DIR": str(tmp_path), "UPLOADS_DIR": str(tmp_path)})


@pytest.fixture
def kind(settings):
    return GdriveKind(settings, lambda connection_id: pytest.fail(f"nobody asked for the tokens of {connection_id}"))


def normal(**other):
    endpoint = "https://www.googleapis.com/drive/v3"
    return {"endpoint": endpoint, "path": f"/{ACCOUNT}", "bucket": "Sluice", "account": ACCOUNT, **other}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"account": ACCOUNT}, normal(), id="an account is enough"),
        pytest.param(normal(), normal(), id="a normal one stays"),
        pytest.param(
            {"account": ACCOUNT, "bucket": "/Sluice/my photos/"}, normal(bucket="Sluice/my photos"), id="a path"
        ),
        pytest.param(
            {"account": ACCOUNT, "drive": "0AbcUk9PVA", "prefix": "a/"},
            normal(drive="0AbcUk9PVA", path=f"/{ACCOUNT}/0AbcUk9PVA", prefix="a/"),
            id="a shared drive",
        ),
    ],
)
def test_an_address_has_a_normal_form(kind, given, expected):
    assert kind.address(given, {}) == expected
    assert kind.address(expected, {}) == expected


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({}, "account", id="no account"),
        pytest.param(
            normal(endpoint="http://127.0.0.1:1"), "endpoint", id="another endpoint, which would get the token"
        ),
        pytest.param(normal(path="/another"), "path", id="another path"),
        pytest.param(normal(region="eu"), "region", id="an unknown field"),
        pytest.param(normal(account="a\0b"), "account", id="an account that is no text"),
        pytest.param(normal(account="a/b", path="/a/b"), "account", id="an account that is a path"),
        pytest.param(normal(drive="x" * 129), "drive", id="too long a drive"),
        *(
            pytest.param(normal(bucket=bucket), "bucket", id=f"the folder {bucket[:10]!a}")
            for bucket in ("/", "a//b", "a/../b", ".", "a\nb", "é" * 513, "/".join("d" * 101), "\udcff")
        ),
    ],
)
def test_another_address_is_refused_by_the_name_of_the_field(kind, given, field):
    with pytest.raises(InvalidInput) as refused:
        kind.address(given, {})
    assert refused.value.field == field


def test_there_is_one_form_of_credentials_and_it_holds_nothing(kind):
    assert kind.credentials(CredentialsForm.OAUTH, {}) == {}
    assert kind.exposed == frozenset()
    with pytest.raises(InvalidInput):
        kind.credentials(CredentialsForm.OAUTH, {"token": "secret"})
    for form in set(CredentialsForm) - {CredentialsForm.OAUTH}:
        with pytest.raises(InvalidInput, match="oauth"):
            kind.credentials(form, {})


def test_the_name_of_a_connection_is_its_folders(kind):
    assert kind.name_of(normal(bucket="Sluice/photos")) == "photos"
    assert len(kind.name_of(normal(bucket="x" * 200))) == 63


def test_without_a_grant_nothing_is_opened_and_there_is_no_list_of_buckets(kind):
    with pytest.raises(ConsentRequired, match="anew"):
        kind.opened(normal(), {}, Room(4))
    with pytest.raises(StorageFailure, match="path of a folder"):
        kind.buckets(normal(), {})


def test_it_opens_with_the_tokens_of_the_connection(settings):
    asked = []
    storage = GdriveKind(settings, asked.append).opened(normal(), {"grant": "a-connection"}, Room(4))
    storage.close()
    files = GdriveKind(settings, asked.append).files(normal(), {"grant": "another"}, Room(4))
    files.close()
    assert asked == ["a-connection", "another"]
