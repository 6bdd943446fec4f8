"""Which fields of a config are secrets, and how they leave it and come back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authorizations.contract import MASK
from app.authorizations.masking import has_mask, joined, merged, split
from app.errors import InvalidInput

PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "name",
    [
        "secret_key", "SecretAccessKey", "session_token", "SessionToken", "client_secret", "private_key", "id_token",
        "web_identity_token", "account_key", "sas_token", "connection_string", "token", "password", "passwd", "secret",
        "AWS_SECRET_ACCESS_KEY", "db-password", "Private Key", "api_key", "refreshToken", "shared_key",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["canary", 7, True, {"inner": "canary"}, ["canary"]])
def test_what_stands_under_such_a_name_is_a_secret(name, value):
    masked, secrets = split({name: value})

    assert masked == {name: MASK}
    assert [json.loads(secret) for secret in secrets.values()] == [value]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"role_arn": "arn:aws:iam::1:role/r", "token_ttl": 900, "role_session_name": "me"}, id="aws"),
        pytest.param({"tenant_id": "t", "client_id": "c"}, id="azure"),
        pytest.param({"project_id": "p", "private_key_id": "i", "client_email": "a@b", "client_id": "1"}, id="gcp"),
        pytest.param({"token_uri": "https://oauth2.googleapis.com/token", "type": "service_account"}, id="key file"),
        pytest.param({"access_key": "AKIA", "endpoint": "http://127.0.0.1:9", "region": "r"}, id="static keys"),
        pytest.param({"connection": "photos"}, id="connection"),
        pytest.param({"secret_key": "", "token": None, "password": []}, id="nothing"),
    ],
)
def test_what_says_nothing_secret_stays_as_it_is(config):
    assert split(config) == (config, {})


@pytest.mark.parametrize(
    ("value", "place"),
    [
        pytest.param(PEM, "/note", id="a key under an innocent name"),
        pytest.param("https://user:canary@example.org", "/note", id="an address that brings a password"),
        pytest.param("?sv=2024&sig=canary", "/note", id="a shared access signature"),
        pytest.param("AccountName=a;AccountKey=canary", "/note", id="a connection string"),
        pytest.param("canary" + "A" * 80 + "==", "/note", id="an account key of Azure's"),
        pytest.param("eyJhbGciOi.canary.c2ln", "/note", id="a JSON web token"),
        pytest.param({"credentials": '{"private_key": "canary'}, "/note/credentials", id="half a key file's text"),
        pytest.param({"service_account": "canary"}, "/note/service_account", id="what should be a key file's text"),
        pytest.param({"credentials": {"private_key": "canary"}}, "/note/credentials/private_key", id="a key file"),
        pytest.param({"deep": [{"secret": "canary"}]}, "/note/deep/0/secret", id="deep inside"),
        pytest.param({"a/b~c": {"token": "canary"}}, "/note/a~1b~0c/token", id="below an odd name"),
    ],
)
def test_what_looks_like_a_secret_is_one_wherever_it_stands(value, place):
    masked, secrets = split({"note": value})

    assert list(secrets) == [place]
    assert "canary" not in json.dumps(masked)
    assert joined(masked, secrets) == {"note": value}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "sig=1", PEM]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "a/b", "~", "token", "0"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["secret", "name", "x~1"]), values))
def test_what_was_split_is_the_same_when_it_is_joined_or_given_back_masked(config):
    masked, secrets = split(config)

    assert joined(masked, secrets) == config
    assert merged(masked, secrets) == config
    assert has_mask(masked) == bool(secrets)


def test_a_mask_is_the_secret_that_is_kept_at_its_place_and_what_is_new_is_new():
    kept = split({"secret_key": "old", "deep": {"token": "t"}}).secrets

    assert merged({"secret_key": MASK, "deep": {"token": "new"}, "region": "r"}, kept) == {
        "secret_key": "old",
        "deep": {"token": "new"},
        "region": "r",
    }


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"secret_key": MASK}, id="none is kept"),
        pytest.param({"moved": {"token": MASK}}, id="it is kept elsewhere"),
    ],
)
def test_a_mask_where_no_secret_is_kept_is_refused(given):
    with pytest.raises(InvalidInput, match="none is at /") as caught:
        merged(given, split({"token": "t"}).secrets)
    assert caught.value.field == "config"


def test_the_mask_itself_is_a_text_like_any_other_where_no_secret_can_be():
    assert merged({"note": MASK}, {}) == {"note": MASK}
