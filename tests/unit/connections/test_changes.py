"""What changes make of a connection: what is replaced, what stays, and what may not be carried off."""

import json

import pytest

from app.connections.contract import OPERATOR, Changes, CredentialsForm
from app.errors import ConnectionUnusable, InvalidInput
from tests.support.gcs_keys import key_file
from tests.support.people import CANARY, new_connection

ELSEWHERE = "http://127.0.0.1:10"
ACCOUNT_KEY = "Y2FuYXJ5LTVlMGM3MQ=="
OTHER_KEY = "b3RoZXI="
KEY_FILE = json.dumps(key_file())
SAS = f"sv=2022-11-02&sig={CANARY}"
KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": CANARY}


def string(account="mystore", key=ACCOUNT_KEY, endpoint="http://127.0.0.1:9"):
    return f"BlobEndpoint={endpoint}/{account};AccountName={account};AccountKey={key}"


OF_KEYS = new_connection()
LENT = new_connection(credentials=KEYS | {"session_token": CANARY})
OF_A_TOKEN = new_connection(kind="azure", form="account_token", credentials={"token": SAS}, account="mystore")
OF_A_STRING = new_connection(kind="azure", form="connection_string", credentials={"connection_string": string()})
OF_A_KEY_FILE = new_connection(kind="gcs", form="key_file", credentials={"key_file": KEY_FILE})


@pytest.fixture
def anna(people):
    return people.user("anna")


@pytest.mark.parametrize(
    ("new", "changes", "credentials"),
    [
        pytest.param(OF_KEYS, Changes(credentials={"secret_key": "new"}), KEYS | {"secret_key": "new"}, id="the secret alone"),
        pytest.param(OF_KEYS, Changes(credentials={"access_key": "AKIAOTHER"}), KEYS | {"access_key": "AKIAOTHER"}, id="the access key alone"),
        pytest.param(OF_KEYS, Changes(credentials={}), KEYS, id="none of them"),
        pytest.param(OF_KEYS, Changes(form=CredentialsForm.KEYS), KEYS, id="the form that it has"),
        pytest.param(LENT, Changes(credentials={"session_token": ""}), KEYS, id="a session token is taken away"),
        pytest.param(LENT, Changes(credentials={"access_key": "AKIAOTHER", "secret_key": "new"}), {"access_key": "AKIAOTHER", "secret_key": "new"}, id="a session token goes with its key"),
        pytest.param(LENT, Changes(credentials={"access_key": KEYS["access_key"], "secret_key": "new"}), KEYS | {"secret_key": "new", "session_token": CANARY}, id="a session token stays with the same key"),
        pytest.param(LENT, Changes(form=CredentialsForm.ANONYMOUS), {}, id="another form forgets all"),
        pytest.param(OF_A_TOKEN, Changes(credentials={"token": ACCOUNT_KEY}), {"token": ACCOUNT_KEY}, id="another token"),
        pytest.param(OF_A_TOKEN, Changes(form=CredentialsForm.CONNECTION_STRING, credentials={"connection_string": string()}), {"connection_string": string()}, id="from a token to a connection string"),
        pytest.param(OF_A_STRING, Changes(form=CredentialsForm.ACCOUNT_TOKEN, credentials={"token": SAS}), {"token": SAS}, id="from a connection string to a token"),
    ],
)  # fmt: skip
def test_credentials_are_laid_over_those_that_are_kept_as_far_as_the_form_stays(
    service, anna, new, changes, credentials
):
    made = service.create(anna, new)
    changed = service.change(anna, made.id, changes)

    assert service.credentials(anna, made.id) == credentials
    assert changed.form == (changes.form or new.form)


def test_another_form_wants_all_that_belongs_to_it(service, anna):
    made = service.create(anna, new_connection())
    service.change(anna, made.id, Changes(form=CredentialsForm.ANONYMOUS))

    with pytest.raises(InvalidInput, match="secret_key"):
        service.change(anna, made.id, Changes(form=CredentialsForm.KEYS, credentials={"access_key": "AKIAEXAMPLE"}))
    assert service.get(anna, made.id).form is CredentialsForm.ANONYMOUS


@pytest.mark.parametrize(
    ("new", "address", "given", "beside"),
    [
        pytest.param(OF_A_TOKEN, {"endpoint": ELSEWHERE, "account": "mystore"}, {"token": ACCOUNT_KEY}, {}, id="a token to another endpoint"),
        pytest.param(OF_A_TOKEN, {"endpoint": "http://127.0.0.1:9", "account": "other"}, {"token": ACCOUNT_KEY}, {}, id="a token to another account"),
        pytest.param(OF_A_TOKEN, {"endpoint": "http://127.0.0.1:9", "account": "mystore", "path": "/mystore"}, {"token": ACCOUNT_KEY}, {}, id="a token to another path"),
        pytest.param(OF_A_KEY_FILE, {"endpoint": ELSEWHERE}, {"key_file": KEY_FILE}, {}, id="a key file to another endpoint"),
        pytest.param(LENT, {"endpoint": ELSEWHERE}, {"session_token": "new"}, {"access_key": KEYS["access_key"], "secret_key": "new"}, id="a session token to another endpoint"),
        pytest.param(LENT, {"endpoint": ELSEWHERE}, {"access_key": "AKIAOTHER", "secret_key": "new"}, {"secret_key": "new"}, id="a session token that goes with its key"),
        pytest.param(LENT, {"endpoint": ELSEWHERE}, {"session_token": ""}, {}, id="a session token that is taken away"),
    ],
)  # fmt: skip
def test_what_travels_as_it_is_goes_nowhere_that_it_was_not_given_for(service, anna, new, address, given, beside):
    made = service.create(anna, new)
    moved = {"bucket": "photos"} | address
    for credentials in (None, beside):
        with pytest.raises(InvalidInput) as caught:
            service.change(anna, made.id, Changes(address=moved, credentials=credentials))
        assert caught.value.field == "credentials"
        assert service.get(anna, made.id) == made

    changed = service.change(anna, made.id, Changes(address=moved, credentials=given))
    assert changed.address | address == changed.address


@pytest.mark.parametrize(
    ("new", "address"),
    [
        pytest.param(OF_KEYS, {"endpoint": ELSEWHERE}, id="keys only sign"),
        pytest.param(OF_A_TOKEN, {"endpoint": "http://127.0.0.1:9", "account": "mystore", "bucket": "other"}, id="a token to another container"),
        pytest.param(OF_A_KEY_FILE, {"endpoint": "http://127.0.0.1:9", "prefix": "a/"}, id="a key file to a prefix"),
    ],
)  # fmt: skip
def test_an_address_changes_alone_where_that_carries_nothing_off(service, anna, new, address):
    made = service.create(anna, new)
    changed = service.change(anna, made.id, Changes(address={"bucket": "photos"} | address))

    assert changed.address | address == changed.address
    assert service.credentials(anna, made.id) == new.credentials or new is OF_A_KEY_FILE


def test_a_connection_string_decides_where_it_leads_whatever_address_is_given(service, anna):
    made = service.create(anna, OF_A_STRING)
    moved = service.change(
        anna, made.id, Changes(address={"endpoint": ELSEWHERE, "account": "evil", "bucket": "other"})
    )
    assert (moved.url, moved.bucket, moved.address["account"]) == ("http://127.0.0.1:9/mystore", "other", "mystore")

    new = {"connection_string": string("second", OTHER_KEY, ELSEWHERE)}
    again = service.change(anna, made.id, Changes(credentials=new))
    assert (again.url, again.bucket, again.address["account"]) == (f"{ELSEWHERE}/second", "other", "second")


def test_credentials_that_cannot_be_opened_stay_where_they_are(service, anna, database):
    """Else they would go elsewhere as soon as their key is there again."""
    made = service.create(anna, OF_A_TOKEN)
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE connections SET sealed = 'nonsense'")
    moved = {"endpoint": ELSEWHERE, "account": "mystore", "bucket": "photos"}

    with pytest.raises(ConnectionUnusable, match="cannot be opened"):
        service.change(anna, made.id, Changes(address=moved))
    service.change(anna, made.id, Changes(name="other"))
    service.change(anna, made.id, Changes(address=moved, credentials={"token": ACCOUNT_KEY}))
    assert service.credentials(anna, made.id) == {"token": ACCOUNT_KEY}


@pytest.mark.parametrize(
    ("changes", "attributes"),
    [
        pytest.param(Changes(name="other"), "region=x", id="a name"),
        pytest.param(Changes(credentials={"secret_key": "new"}), "region=x", id="a secret"),
        pytest.param(Changes(address={"endpoint": ELSEWHERE, "bucket": "photos"}), None, id="another address"),
        pytest.param(Changes(address={"endpoint": ELSEWHERE, "bucket": "photos"}, attributes="e=y"), "e=y", id="another address, and attributes"),
        pytest.param(Changes(attributes=""), "", id="empty attributes"),
    ],
)  # fmt: skip
def test_the_words_of_an_address_stay_as_long_as_it_does(service, anna, changes, attributes):
    made = service.create(anna, new_connection(attributes="region=x"))

    assert service.change(anna, made.id, changes).attributes == attributes


def test_what_is_given_besides_is_replaced_and_the_rest_stays(service, anna):
    new = new_connection(description="of mine", attributes="a=b", manifests=["m.jsonl", "m.jsonl", "n/m.jsonl"])
    made = service.create(anna, new)
    assert (made.description, made.attributes, made.manifests) == ("of mine", "a=b", ("m.jsonl", "n/m.jsonl"))

    described = service.change(anna, made.id, Changes(description=""))
    assert (described.description, described.manifests) == ("", made.manifests)
    emptied = service.change(anna, made.id, Changes(manifests=[]))
    assert (emptied.manifests, emptied.attributes) == ((), "a=b")


def test_each_change_has_a_later_time_even_one_of_nothing(service, anna):
    times = [service.create(anna, new_connection())]
    times += [service.change(anna, times[0].id, Changes()) for _ in range(50)]

    updated = [one.updated_at for one in times]
    assert updated == sorted(set(updated))
    assert {one.created_at for one in times} == {times[0].created_at}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"description": "x" * (64 * 1024 + 1)}, "description", id="a long description"),
        pytest.param({"description": "\ud800"}, "description", id="half a character"),
        pytest.param({"attributes": "x" * 4097}, "attributes", id="long attributes"),
        pytest.param({"manifests": ["m"] * 101}, "manifests", id="many manifests"),
        pytest.param({"manifests": [""]}, "manifests", id="an empty manifest"),
        pytest.param({"manifests": ["x" * 1025]}, "manifests", id="a long manifest"),
        pytest.param({"manifests": ["a\nb"]}, "manifests", id="a manifest of two lines"),
    ],
)
def test_what_cannot_be_kept_is_named_when_made_and_when_changed(service, given, field):
    made = service.create(OPERATOR, new_connection())
    for attempt in (
        lambda: service.create(OPERATOR, new_connection(**given)),
        lambda: service.change(OPERATOR, made.id, Changes(**given)),
    ):
        with pytest.raises(InvalidInput) as caught:
            attempt()
        assert caught.value.field == field
    assert service.list(OPERATOR) == [made]


def test_no_credentials_of_any_form_are_in_the_database_or_in_a_repr(service, anna, database):
    made = [service.create(anna, new) for new in (LENT, OF_A_TOKEN, OF_A_STRING, OF_A_KEY_FILE)]
    shown = repr(made) + repr(Changes(credentials=KEYS))
    dump = database.path.read_bytes() + database.path.with_name("sluice.db-wal").read_bytes()

    private = key_file()["private_key"].splitlines()[3]
    for secret in (CANARY, ACCOUNT_KEY, private):
        assert secret not in shown
        assert secret.encode() not in dump
    assert made[0].id.encode() in dump
