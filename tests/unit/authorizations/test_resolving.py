"""What opens a bucket, made of a provider and a config."""

import json

import pytest

from app.authorizations.resolving import Role, means_of
from app.connections.contract import CredentialsForm
from app.errors import AuthorizationUnusable, KeysMissing, ProviderUnsupported
from tests.support.gcs_keys import key_file

ARN = "arn:aws:iam::123456789012:role/reader"
ROLE = {"role_arn": ARN, "id_token": "jwt"}
KEYS = {"access_key": "AKIA", "secret_key": "s"}
DOCUMENTED = ("project_id", "private_key_id", "private_key", "client_email", "client_id")
GOOGLES = {name: value for name, value in key_file().items() if name in DOCUMENTED}


@pytest.mark.parametrize(
    ("provider", "config", "kind", "address", "credentials"),
    [
        pytest.param("aws", KEYS, "s3", {}, KEYS, id="keys"),
        pytest.param("AWS", {"AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t"}, "s3", {},
                     {"access_key": "A", "secret_key": "s", "session_token": "t"}, id="keys as STS names them"),
        pytest.param("aws", KEYS | {"endpoint": "http://h:9", "region": "r"}, "s3", {"endpoint": "http://h:9", "region": "r"}, KEYS, id="endpoint and region"),
        pytest.param("aws", KEYS | {"role_arn": ARN}, "s3", {}, KEYS, id="keys beside a role that nothing proves"),
        pytest.param("azure", {"storage_account": "acc", "account_key": "a2V5"}, "azure", {"account": "acc"}, {"token": "a2V5"}, id="account key"),
        pytest.param("Azure", {"storage_account": "acc", "sas_token": "sv=1&sig=2"}, "azure", {"account": "acc"}, {"token": "sv=1&sig=2"}, id="SAS token"),
        pytest.param("azure", {"connection_string": "AccountName=a;AccountKey=b", "tenant_id": "t"}, "azure", {}, {"connection_string": "AccountName=a;AccountKey=b"}, id="connection string"),
    ],
)  # fmt: skip
def test_a_config_becomes_a_kind_an_address_and_credentials(provider, config, kind, address, credentials):
    means = means_of(provider, config)

    assert (means.kind, means.address, means.credentials, means.role, means.bucket) == (
        kind,
        address,
        credentials,
        None,
        None,
    )


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(GOOGLES, id="the five documented fields"),
        pytest.param(key_file(), id="a whole key file"),
        pytest.param({"service_account": key_file()}, id="a key file as an object"),
        pytest.param({"key_file": json.dumps(key_file())}, id="a key file as text"),
    ],
)
def test_a_service_account_may_be_given_in_any_of_its_forms(config):
    means = means_of("gcp", config | {"endpoint": "http://h:9"})
    told = json.loads(means.credentials["key_file"])

    assert (means.kind, means.form, means.address) == ("gcs", CredentialsForm.KEY_FILE, {"endpoint": "http://h:9"})
    assert told["type"] == "service_account"
    assert {name: told[name] for name in DOCUMENTED} == GOOGLES


@pytest.mark.parametrize(
    ("more", "role"),
    [
        pytest.param({}, Role(ARN, "cloudauthz", "jwt", 900), id="as documented"),
        pytest.param({"token_ttl": 3600, "role_session_name": "me"}, Role(ARN, "me", "jwt", 3600), id="with all options"),
        pytest.param({"token_ttl": "1800"}, Role(ARN, "cloudauthz", "jwt", 1800), id="a number as text"),
        pytest.param({"role_session_name": "Änna Müller/x" + "y" * 70}, Role(ARN, ("-nna-M-ller-x" + "y" * 70)[:64], "jwt"), id="a name that Amazon takes none of"),
        pytest.param({"role_session_name": "x"}, Role(ARN, "cloudauthz", "jwt"), id="a name that is too short"),
        pytest.param(KEYS, Role(ARN, "cloudauthz", "jwt"), id="keys beside a role that is proved"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("token", ["id_token", "web_identity_token"])
def test_a_role_is_taken_on_with_a_web_identity(more, role, token):
    means = means_of("aws", {"role_arn": ARN, token: "jwt", **more})

    assert means.role == role
    assert means.credentials == {}
    assert "jwt" not in repr(means)


@pytest.mark.parametrize(
    ("provider", "config", "missing"),
    [
        pytest.param("aws", {}, ("access_key", "secret_key"), id="nothing"),
        pytest.param("aws", {"access_key": "A"}, ("secret_key",), id="half of the keys"),
        pytest.param("aws", {"role_arn": ARN}, ("id_token",), id="a role that nothing proves"),
        pytest.param("aws", {"id_token": "jwt"}, ("access_key", "secret_key"), id="an identity without a role"),
        pytest.param("azure", {"tenant_id": "t", "client_id": "c", "client_secret": "s"}, ("storage_account", "account_key"), id="what is documented for Azure"),
        pytest.param("azure", {"storage_account": "acc"}, ("account_key",), id="no key"),
        pytest.param("azure", {"account_key": "a2V5"}, ("storage_account",), id="no account"),
        pytest.param("gcp", {"project_id": "p"}, ("private_key_id", "private_key", "client_email"), id="no key file"),
    ],
)  # fmt: skip
def test_the_fields_that_are_missing_are_named(provider, config, missing):
    with pytest.raises(KeysMissing) as caught:
        means_of(provider, config)
    assert caught.value.names == missing


@pytest.mark.parametrize("provider", ["openstack", "", "aws2", "Ämazon"])
def test_of_another_provider_nothing_is_made(provider):
    with pytest.raises(ProviderUnsupported) as caught:
        means_of(provider, KEYS)
    assert caught.value.provider == provider


@pytest.mark.parametrize(
    ("provider", "config", "name"),
    [
        pytest.param("aws", KEYS | {"secret_key": 7}, "secret_key", id="a number as a key"),
        pytest.param("aws", KEYS | {"endpoint": ["x"]}, "endpoint", id="a list as an endpoint"),
        pytest.param("aws", ROLE | {"token_ttl": 899}, "token_ttl", id="too short a time"),
        pytest.param("aws", ROLE | {"token_ttl": 3601}, "token_ttl", id="too long a time"),
        pytest.param("aws", ROLE | {"token_ttl": True}, "token_ttl", id="a time that is none"),
        pytest.param("aws", ROLE | {"token_ttl": 0}, "token_ttl", id="no time"),
        pytest.param("aws", ROLE | {"role_arn": "a" * 2049}, "role_arn", id="a long role"),
        pytest.param("gcp", {"key_file": "canary"}, "key_file", id="a key file that is none"),
    ],
)  # fmt: skip
def test_the_field_that_cannot_be_used_is_named_and_not_quoted(provider, config, name):
    with pytest.raises(AuthorizationUnusable, match=f": {name}: ") as caught:
        means_of(provider, config)
    assert "canary" not in str(caught.value)
