"""What a form of a connection stands for: new ones, changes, and what is said of errors."""

import pytest

from app.connections.address import AddressPolicy
from app.connections.contract import Connection, CredentialsForm
from app.connections.kinds import storage_kinds
from app.dashboard.connections.connection_forms import SECRETS, changes, filled, new_connection, refusal, shown, typed
from app.dashboard.connections.connection_kinds import KINDS
from app.errors import (
    AccessDenied,
    CheckFailed,
    IdentityRefused,
    InvalidCredentials,
    InvalidInput,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
    TooBusy,
)
from app.settings import Settings

S3 = {"endpoint": "http://minio:9000", "bucket": "photos", "region": "us-east-1"}
AZURE = {"endpoint": "http://127.0.0.1:10000", "path": "/devstore1", "account": "devstore1", "bucket": "photos"}
GCS = {"endpoint": "https://storage.googleapis.com", "bucket": "photos", "project": "p-1"}
DRIVE = {"endpoint": "https://drive", "path": "/7/8", "account": "7", "bucket": "Sluice", "drive": "8"}


def connection(kind, address, form, **more):
    return Connection(1, "id", kind, "Name", address, 1, None, 0.0, 0.0, form=form, **more)


CONNECTIONS = [
    pytest.param(connection("s3", S3 | {"prefix": " a/"}, CredentialsForm.KEYS), id="s3"),
    pytest.param(connection("s3", S3, CredentialsForm.ANONYMOUS, manifests=("a", " b")), id="public"),
    pytest.param(connection("azure", AZURE, CredentialsForm.ACCOUNT_TOKEN), id="azure"),
    pytest.param(connection("gcs", GCS, CredentialsForm.KEY_FILE, description="two\nlines"), id="gcs"),
    pytest.param(connection("gdrive", DRIVE, CredentialsForm.OAUTH), id="gdrive"),
]


def test_every_kind_of_storage_and_every_form_of_its_credentials_can_be_filled_in():
    kinds = storage_kinds(Settings.load({}), AddressPolicy())
    assert set(KINDS) == set(kinds)
    for name, kind in KINDS.items():
        for form in CredentialsForm:
            taken = True
            try:
                kinds[name].credentials(form, {})
            except InvalidInput as error:
                taken = error.field != "form"
            assert taken is (form in kind.forms), (name, form)


def test_what_is_kept_secret_is_all_but_the_access_key():
    assert {"secret_key", "session_token", "token", "connection_string", "key_file"} == SECRETS
    assert typed(dict.fromkeys([*SECRETS, "access_key", "name"], "x")) == {"access_key": "x", "name": "x"}


@pytest.mark.parametrize(
    ("address", "again"),
    [
        pytest.param("http://minio:9000", "http://minio:9000", id="nothing secret"),
        pytest.param("http://me:a?b#c@minio:9000", "http://minio:9000", id="a password"),
        pytest.param("me:secret@minio", "minio", id="a password and no scheme"),
        pytest.param("https://a.blob.core.windows.net/c?sv=1&sig=x", "https://a.blob.core.windows.net/c", id="a SAS"),
        pytest.param("AccountName=abc;AccountKey=x", "AccountName", id="a connection string"),
    ],
)
def test_of_an_address_nothing_that_can_be_secret_is_shown_again(address, again):
    assert typed({"endpoint": address}) == {"endpoint": again}


@pytest.mark.parametrize("one", CONNECTIONS)
def test_a_form_that_is_sent_as_it_came_changes_nothing(one):
    made = changes(one, filled({name: text for name, text in shown(one).items() if text is not True}))
    assert (made.address, made.form, made.credentials) == (None, None, None)
    assert (made.name, made.description, tuple(made.manifests)) == (one.name, one.description, one.manifests)


@pytest.mark.parametrize(
    ("one", "field", "address"),
    [
        pytest.param(CONNECTIONS[0].values[0], "region", S3 | {"prefix": " a/", "region": "new"}, id="s3"),
        pytest.param(
            CONNECTIONS[2].values[0],
            "account",
            {"endpoint": "http://127.0.0.1:10000/devstore1", "account": "new", "bucket": "photos"},
            id="azure, whose path stands at the end of its address",
        ),
        pytest.param(CONNECTIONS[3].values[0], "location", GCS | {"location": "new"}, id="gcs"),
        pytest.param(
            CONNECTIONS[4].values[0],
            "bucket",
            {"account": "7", "bucket": "new", "drive": "8"},
            id="a drive, whose account stays",
        ),
    ],
)
def test_another_address_is_given_as_a_whole(one, field, address):
    assert changes(one, filled({**shown(one), "checked": "on", field: " new "})).address == address


@pytest.mark.parametrize(
    ("sent", "form", "credentials"),
    [
        pytest.param({"secret_key": "new"}, None, {"secret_key": "new"}, id="one secret"),
        pytest.param({"secret_key": " new "}, None, {"secret_key": " new "}, id="a secret is taken as it is"),
        pytest.param({"form": "anonymous"}, CredentialsForm.ANONYMOUS, {}, id="another form"),
        pytest.param({"form": "anonymous", "secret_key": "x"}, CredentialsForm.ANONYMOUS, {}, id="only its own fields"),
        pytest.param({"token": "x"}, None, None, id="a field of another kind"),
    ],
)
def test_what_is_typed_replaces_what_is_kept(sent, form, credentials):
    made = changes(CONNECTIONS[0].values[0], filled({**shown(CONNECTIONS[0].values[0]), "checked": "on", **sent}))
    assert (made.form, made.credentials) == (form, credentials)


def test_a_new_connection_has_the_fields_of_its_kind_and_form():
    new = new_connection(
        "azure",
        filled({
            "form": "account_token", "bucket": " photos ", "account": "acc", "token": "t", "connection_string": "x",
            "region": "x", "prefix": "a b ", "organisation": "7", "description": "a\r\nb", "manifests": "m\r\n\r\n n",
        }),
    )  # fmt: skip
    assert new.address == {"bucket": "photos", "account": "acc", "prefix": "a b "}
    assert (new.form, dict(new.credentials)) == (CredentialsForm.ACCOUNT_TOKEN, {"token": "t"})
    assert (new.organisation_id, new.description, list(new.manifests)) == (7, "a\nb", ["m", " n"])


def test_a_key_file_is_read_no_further_than_it_may_be_long():
    given = filled({"form": "key_file"}, b"x" * 10_000_000)
    assert len(given["key_file"]) == 64 * 1024 + 1
    assert filled({"form": "key_file"}, b"\xff{}")["key_file"] == "\ufffd{}"


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"form": "x"}, "form"), ({}, "form"), ({"form": "keys", "organisation": "lab"}, "organisation")],
)
def test_what_is_none_of_the_choices_is_refused(sent, field):
    with pytest.raises(InvalidInput) as caught:
        filled(sent)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("error", "status", "sentence", "errors"),
    [
        pytest.param(InvalidInput("bucket", "No."), 422, "is marked", {"bucket": "No."}, id="a field"),
        pytest.param(InvalidInput("path", "No."), 422, "is marked", {"endpoint": "No."}, id="a part of the address"),
        pytest.param(TooBusy(5), 429, "in 5 seconds", {}, id="busy"),
        pytest.param(CheckFailed(InvalidCredentials("Bad.")), 422, "Bad. Check the credentials.", {}, id="refused"),
        pytest.param(CheckFailed(IdentityRefused("Bad.")), 422, "Bad. Check the credentials.", {}, id="no identity"),
        pytest.param(CheckFailed(AccessDenied("Bad.")), 422, "and what they allow", {}, id="not enough"),
        pytest.param(CheckFailed(StorageMissing("Gone.")), 422, "made by the first sync, to keep", {}, id="missing"),
        pytest.param(CheckFailed(StorageUnreachable("Silent.")), 422, "Silent. To keep it", {}, id="unreachable"),
        pytest.param(CheckFailed(StorageFailure("Odd.")), 422, "kept. Odd. To keep it", {}, id="anything else"),
        pytest.param(CheckFailed(StorageFailure("Odd."), "m"), 422, "untick", {"manifests": "Odd."}, id="a manifest"),
    ],
)
def test_an_error_is_told_with_what_to_do(error, status, sentence, errors):
    told = refusal(error)
    assert (told.status, dict(told.errors)) == (status, errors)
    assert sentence in told.sentence
    assert told.sentence.startswith("Nothing was kept.")
