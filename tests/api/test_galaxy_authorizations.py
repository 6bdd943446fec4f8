"""Authorizations over HTTP: every verb, and every text that Galaxy's clients know."""

import json
import re

import pytest
import requests

from app.accounts.caller import Role
from app.authorizations.contract import MASK
from tests.support.databases import rows
from tests.support.galaxy import UNKNOWN, Galaxy

ALL = "/api/cloud/authz"
CANARY = "canary-authz-81f3"
CONFIG = {"access_key": "AKIA", "secret_key": CANARY, "endpoint": "http://127.0.0.1:9"}
MASKED = CONFIG | {"secret_key": MASK}
BODY = {"provider": "aws", "config": CONFIG, "description": "of a test"}
FIELDS = {
    "id", "model_class", "user_id", "provider", "config", "authn_id", "last_update", "last_activity", "create_time", "description",
}  # fmt: skip


@pytest.fixture
def anna(service, name):
    return Galaxy(service, service.person(f"anna-{name}"))


@pytest.fixture
def bert(service, name):
    return Galaxy(service, service.person(f"bert-{name}"))


@pytest.fixture
def boss(service, name):
    return Galaxy(service, service.person(f"boss-{name}", Role.ADMIN))


@pytest.fixture
def made(anna):
    return anna.told("POST", ALL, json=BODY)


def refused(answer):
    """Return status, code and sentence of an error, which is all there is in it."""
    told = answer.json()
    assert set(told) == {"err_msg", "err_code"}
    return answer.status_code, told["err_code"], told["err_msg"]


def test_a_record_is_as_galaxy_has_it_but_for_its_secrets(anna, made):
    assert set(made) == FIELDS
    assert made["model_class"] == "CloudAuthz"
    assert (made["provider"], made["config"], made["authn_id"], made["description"]) == (
        "aws",
        MASKED,
        None,
        "of a test",
    )
    assert made["user_id"] == anna.told("GET", "/api/whoami")["id"]
    for name in ("last_update", "last_activity"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", made[name])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", made["create_time"])
    assert anna.told("GET", f"{ALL}/{made['id']}") == made
    assert anna.told("GET", ALL) == [made]


@pytest.mark.parametrize("slash", ["", "/"])
def test_every_address_is_there_with_and_without_a_slash(anna, slash):
    made = anna.told("POST", ALL + slash, json=BODY)
    one = f"{ALL}/{made['id']}{slash}"

    assert anna.told("GET", ALL + slash) == [made]
    assert anna.told("GET", one) == made
    assert anna.told("PUT", one, json={}) == made
    assert anna.told("DELETE", one) == made
    assert anna.told("GET", ALL + slash) == []
    assert anna.told("GET", "/authnz" + slash) == []
    assert anna.told("GET", "/api/authnz" + slash) == []


def test_a_key_in_the_address_says_who_is_calling(service, anna, made):
    answer = requests.get(service.url + ALL, params={"key": anna.person.key}, timeout=30)

    assert answer.json() == [made]


@pytest.mark.parametrize(
    ("provider", "config"),
    [
        pytest.param("aws", {"role_arn": "arn:aws:iam::1:role/r"}, id="aws"),
        pytest.param("azure", {"tenant_id": "t", "client_id": "c", "client_secret": MASK}, id="azure"),
        pytest.param("GCP", {"project_id": "p", "private_key_id": "i", "private_key": MASK, "client_email": "a@b", "client_id": "1"}, id="gcp"),
        pytest.param("openstack", {"username": "u", "password": MASK}, id="a provider of which nothing can be made"),
    ],
)  # fmt: skip
def test_what_galaxy_documents_is_taken_and_shown_masked(anna, provider, config):
    given = {name: CANARY if value == MASK else value for name, value in config.items()}
    made = anna.told("POST", ALL, json={"provider": provider, "config": given})

    assert (made["provider"], made["config"], made["description"]) == (provider, config, "")


@pytest.mark.parametrize(("given", "shown"), [({}, ""), ({"description": None}, "None"), ({"description": "ä"}, "ä")])
def test_no_description_is_an_empty_one_and_null_is_the_word_for_it(anna, given, shown):
    assert anna.told("POST", ALL, json={"provider": "aws", "config": {}} | given)["description"] == shown


def test_the_id_of_a_login_is_kept_and_shown_and_nothing_is_done_with_it(anna):
    made = anna.told("POST", ALL, json=BODY | {"authn_id": anna.encoded(77)})
    changed = anna.told("PUT", f"{ALL}/{made['id']}", json={"authn_id": anna.encoded(78)})

    assert (made["authn_id"], changed["authn_id"]) == (anna.encoded(77), anna.encoded(78))


MISSING = "The following required arguments are missing in the payload: {}"
NO_OBJECT = (
    "Invalid payload data type. The payload is expected to be a dictionary, but received data of type `<class '{}'>`."
)
NO_CONFIG = "Invalid type for the required `config` variable; expected `dict` but received `<class '{}'>`."
BROKEN = "Your request did not appear to be valid JSON, please consult the API documentation."


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        pytest.param("{", 400003, BROKEN, id="broken JSON"),
        pytest.param('{"provider": NaN}', 400003, BROKEN, id="no JSON"),
        pytest.param(b"\xff\xfe", 400003, BROKEN, id="no text"),
        pytest.param("[" * 100_000, 400003, BROKEN, id="nested without end"),
        pytest.param("[]", 400008, NO_OBJECT.format("list"), id="a list"),
        pytest.param('"x"', 400008, NO_OBJECT.format("str"), id="a text"),
        pytest.param("null", 400008, NO_OBJECT.format("NoneType"), id="null"),
        pytest.param("", 400007, MISSING.format(["provider", "config"]), id="nothing"),
        pytest.param("{}", 400007, MISSING.format(["provider", "config"]), id="an empty object"),
        pytest.param('{"provider": "aws"}', 400007, MISSING.format(["config"]), id="no config"),
        pytest.param('{"config": {}, "provider": null}', 400007, MISSING.format(["provider"]), id="no provider"),
        pytest.param('{"provider": "aws", "config": "x"}', 400008, NO_CONFIG.format("str"), id="config is a text"),
        pytest.param('{"provider": "aws", "config": []}', 400008, NO_CONFIG.format("list"), id="config is a list"),
        pytest.param('{"provider": 7, "config": {}}', 400008, "provider: Use a text.", id="provider is a number"),
        pytest.param('{"provider": "aws", "config": {}, "description": {}}', 400008, "description: Use a text.", id="description is an object"),
        pytest.param('{"provider": "aws", "config": {}, "authn_id": "x"}', 400009, None, id="no id of a login"),
        pytest.param('{"provider": "aws", "config": {}, "authn_id": 7}', 400009, None, id="a number for a login"),
        pytest.param(json.dumps({"provider": "aws", "config": {}, "authn_id": UNKNOWN}), 400009, None, id="an id that is rubbish"),
        pytest.param(json.dumps({"provider": "aws", "config": {"token": MASK}}), 400008, None, id="a mask for no secret"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_in_galaxys_words(anna, body, code, sentence):
    status, said, told = refused(anna.call("POST", ALL, data=body, headers={"Content-Type": "application/json"}))

    assert (status, said) == (400, code)
    assert told == sentence or (sentence is None and told)
    assert anna.told("GET", ALL) == []


def test_the_same_with_the_same_login_is_refused(anna):
    body = BODY | {"authn_id": anna.encoded(7)}
    anna.told("POST", ALL, json=body)

    assert refused(anna.call("POST", ALL, json=body)) == (
        400,
        400008,
        "A similar cloud authorization configuration is already defined.",
    )


def test_a_change_changes_what_is_given_and_its_mask_keeps_a_secret(service, anna, made):
    one = f"{ALL}/{made['id']}"
    described = anna.told("PUT", one, json={"description": "mine", "deleted": True, "unknown": 1, "provider": None})
    moved = anna.told("PUT", one, json={"config": MASKED | {"region": "eu-west-1"}})
    sealed = "SELECT sealed, config FROM authorizations"
    database = rows(service.uploads.parent / "var" / "sluice.db", sealed)

    assert described == made | {"description": "mine"}
    assert moved == described | {"config": MASKED | {"region": "eu-west-1"}}
    assert anna.told("GET", one) == moved
    assert CANARY not in str(database)


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        pytest.param({"config": "x"}, 400008, NO_CONFIG.format("str"), id="config is a text"),
        pytest.param([], 400008, NO_OBJECT.format("list"), id="a list"),
        pytest.param({"authn_id": "x"}, 400009, None, id="no id of a login"),
        pytest.param({"config": {"other_secret": MASK}}, 400008, None, id="a mask for no secret"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_nothing_is_changed(anna, made, body, code, sentence):
    status, said, told = refused(anna.call("PUT", f"{ALL}/{made['id']}", json=body))

    assert (status, said) == (400, code)
    assert told == sentence or (sentence is None and told)
    assert anna.told("GET", ALL) == [made]


METHODS = ["GET", "PUT", "DELETE"]


@pytest.mark.parametrize("method", METHODS)
def test_what_somebody_else_has_is_refused_and_stays(anna, bert, made, method):
    status, code, told = refused(bert.call(method, f"{ALL}/{made['id']}", json={}))

    assert (status, code) == (403, 403002)
    assert re.fullmatch(
        r"The request authorization configuration \(with ID:`\d+`\) is not accessible for user with ID:`\d+`\.", told
    )
    assert anna.told("GET", ALL) == [made]
    assert bert.told("GET", ALL) == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("number", [10**6, 0, 10**30])
def test_what_is_not_there_is_not_found(anna, method, number):
    answer = anna.call(method, f"{ALL}/{anna.encoded(number)}", json={})

    assert refused(answer) == (404, 404001, "An authorization configuration with given ID not found.")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("text", [UNKNOWN, "x", "1", "zzzzzzzzzzzzzzzz"])
def test_what_is_no_id_is_told_so(anna, method, text):
    status, code, told = refused(anna.call(method, f"{ALL}/{text}", json={}))

    assert (status, code) == (400, 400009)
    assert text in told


def test_an_admin_sees_what_others_have_but_cannot_have_their_secrets_sent_elsewhere(anna, boss, made):
    one = f"{ALL}/{made['id']}"
    assert boss.told("GET", one) == made
    status, code, told = refused(boss.call("PUT", one, json={"config": MASKED | {"endpoint": "http://127.0.0.1:10"}}))

    assert (status, code) == (400, 400008)
    assert told.startswith("config: ")
    assert anna.told("GET", one) == made


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ALL), ("POST", ALL), ("PUT", f"{ALL}/{'f' * 16}"), ("DELETE", f"{ALL}/{'f' * 16}")]
)
@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        pytest.param({}, "API authentication required for this request", id="nobody"),
        pytest.param({"x-api-key": "wrong"}, "Provided API key is not valid.", id="a wrong key"),
    ],
)
def test_who_is_nobody_is_told_so_as_galaxys_oldest_routes_do(service, method, path, headers, sentence):
    answer = requests.request(method, service.url + path, json={}, headers=headers, timeout=30)

    assert refused(answer) == (403, 403001, sentence)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        pytest.param("view=summary", FIELDS, id="summary"),
        pytest.param("view=detailed", FIELDS, id="detailed"),
        pytest.param("keys=provider,config", {"provider", "config"}, id="keys"),
        pytest.param("keys=provider&keys=unknown", {"provider"}, id="keys one by one, and unknown ones"),
        pytest.param("keys=", FIELDS, id="no keys"),
    ],
)
def test_a_request_may_ask_for_some_fields(anna, made, query, fields):
    [listed] = anna.told("GET", f"{ALL}?{query}")

    assert set(listed) == fields
    assert set(anna.told("GET", f"{ALL}/{made['id']}?{query}")) == fields
    assert set(anna.told("PUT", f"{ALL}/{made['id']}?{query}", json={})) == fields


def test_an_unknown_view_is_refused(anna, made):
    status, code, _ = refused(anna.call("GET", f"{ALL}/{made['id']}?view=odd"))

    assert (status, code) == (400, 400008)


def test_a_key_that_may_only_read_reads(service, anna, made):
    with service.accounts() as accounts:
        key = accounts.create_key(anna.person.name, read_only=True).key
    headers = {"x-api-key": key}

    assert requests.get(service.url + ALL, headers=headers, timeout=30).json() == [made]
    for method, path in (("POST", ALL), ("PUT", f"{ALL}/{made['id']}"), ("DELETE", f"{ALL}/{made['id']}")):
        assert requests.request(method, service.url + path, json=BODY, headers=headers, timeout=30).status_code == 403
    assert anna.told("GET", ALL) == [made]


def test_no_secret_is_in_the_log(service, anna, made):
    anna.call("PUT", f"{ALL}/{made['id']}", json={"config": MASKED | {"more_secret": MASK}})
    anna.call("GET", f"/api/cloud/storage?authz_id={made['id']}&bucket=photos")

    assert CANARY not in service.log.read_text()
