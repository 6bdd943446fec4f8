"""Making, finding, changing and removing authorizations, and what is kept of their secrets."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from app.authorizations.contract import MASK, AuthorizationChanges, NewAuthorization
from app.authorizations.drafts import CONFIG_DEPTH
from app.authorizations.store import EACH_AT_MOST
from app.connections.key_file import KeyFile
from app.errors import AlreadyExists, AuthorizationUnusable, InvalidInput, NotAllowed, NotFound
from tests.support.databases import SQLITE_ONLY, rows
from tests.support.people import CANARY

pytestmark = pytest.mark.usefixtures("each_database")

KEYS = {"access_key": "AKIA", "secret_key": CANARY}
MASKED = {"access_key": "AKIA", "secret_key": MASK}


@pytest.fixture
def kept(service, anna, new):
    return service.create(anna, new(**KEYS))


@pytest.fixture
def secrets_of(database, box):
    """Return the secrets of an authorization as they are kept."""

    def opened(authorization):
        sealed = dict(rows(database, "SELECT id, sealed FROM authorizations"))[authorization.id]
        return (
            {} if sealed is None else {at: json.loads(text) for at, text in box.open(sealed, authorization.id).items()}
        )

    return opened


def changed(**values):
    return AuthorizationChanges(**values)


def test_what_was_made_is_found_by_its_owner_masked(service, anna, kept, secrets_of):
    assert service.get(anna, kept.number) == kept
    assert service.list(anna) == [kept]
    assert (kept.provider, kept.config, kept.owner_id, kept.authn_id, kept.description) == (
        "aws",
        MASKED,
        anna.user_id,
        None,
        "",
    )
    assert kept.created_at == kept.updated_at == kept.used_at
    assert secrets_of(kept) == {"/secret_key": CANARY}


def test_a_config_without_secrets_has_nothing_sealed(service, anna, new, database):
    service.create(anna, new(connection="photos"))

    assert rows(database, "SELECT sealed FROM authorizations") == [(None,)]


@pytest.mark.parametrize("description", ["", "Ähre\nof two lines", None])
def test_any_text_describes_one_and_so_does_nothing(service, anna, new, description):
    assert service.create(anna, new(description=description)).description == description


def test_numbers_are_not_given_again(service, anna, new, kept):
    service.remove(anna, kept.number)

    assert service.create(anna, new()).number > kept.number


def test_what_another_owns_is_refused_and_what_nobody_owns_is_not_there(service, bert, kept):
    for ask in (
        lambda one: service.get(bert, one),
        lambda one: service.change(bert, one, changed(description="mine")),
        lambda one: service.remove(bert, one),
        lambda one: service.buckets(bert, one),
        lambda one: service.ask(bert, one, "bucket", lambda storage: storage.check()),
    ):
        with pytest.raises(
            NotAllowed, match=rf"\(with ID:`{kept.number}`\) is not accessible for user with ID:`{bert.user_id}`"
        ):
            ask(kept.number)
        for nobodys in (kept.number + 1, 0, -1, 2**63, 2**90):
            with pytest.raises(NotFound, match="An authorization configuration with given ID not found"):
                ask(nobodys)
    assert service.list(bert) == []


def test_an_admin_may_do_what_its_owner_may_and_lists_his_own(service, anna, boss, kept):
    assert service.get(boss, kept.number) == kept
    assert service.list(boss) == []
    assert service.change(boss, kept.number, changed(description="seen")).description == "seen"
    assert service.remove(boss, kept.number).number == kept.number
    assert service.list(anna) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda service, caller, _: service.create(caller, NewAuthorization(provider="aws", config={})), id="create"),
        pytest.param(lambda service, caller, one: service.change(caller, one, changed(description="x")), id="change"),
        pytest.param(lambda service, caller, one: service.remove(caller, one), id="remove"),
    ],
)  # fmt: skip
def test_a_key_that_may_only_read_changes_nothing(service, anna, kept, change):
    with pytest.raises(NotAllowed, match="read"):
        change(service, replace(anna, read_only=True), kept.number)
    assert service.list(anna) == [kept]


def test_a_worker_makes_none_and_nor_does_who_was_removed(service, people, anna, new):
    with pytest.raises(NotAllowed, match="worker"):
        service.create(people.user("wim", "worker"), new())
    people.remove(anna)
    with pytest.raises(NotAllowed, match="no user any more"):
        service.create(anna, new())


def nested(levels):
    inner = "end"
    for _ in range(levels):
        inner = {"deep": inner}
    return inner


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"config": nested(CONFIG_DEPTH + 1)}, "config", id="too deep"),
        pytest.param({"config": nested(5000)}, "config", id="far too deep"),
        pytest.param({"config": {"note": "x" * (64 * 1024)}}, "config", id="too large"),
        pytest.param({"config": {"note": float("nan")}}, "config", id="no number of JSON's"),
        pytest.param({"config": {"note": "\ud800"}}, "config", id="half a character"),
        pytest.param({"config": {"\udc00": [{}]}}, "config", id="half a character in a name"),
        pytest.param({"config": {"secret_key": "\ud800"}}, "config", id="half a character in a secret"),
        pytest.param({"config": {"secret_key": MASK}}, "config", id="a mask for no secret"),
        pytest.param({"provider": "a" * 65}, "provider", id="long provider"),
        pytest.param({"provider": "a\0"}, "provider", id="NUL"),
        pytest.param({"description": "a" * (64 * 1024 + 1)}, "description", id="long description"),
        pytest.param({"description": "\ud800"}, "description", id="half a character"),
        pytest.param({"authn_id": 2**63}, "authn_id", id="a number that no column holds"),
    ],
)
def test_the_field_that_cannot_be_accepted_is_named_and_nothing_is_kept(service, anna, kept, given, field):
    with pytest.raises(InvalidInput) as caught:
        service.create(anna, NewAuthorization(**{"provider": "aws", "config": {}} | given))
    assert caught.value.field == field
    if given != {"config": {"secret_key": MASK}}:
        with pytest.raises(InvalidInput):
            service.change(anna, kept.number, changed(**given))
    assert service.list(anna) == [kept]


def test_as_deep_and_as_large_as_can_be_is_kept(service, anna):
    config = nested(CONFIG_DEPTH) | {"note": "x" * (64 * 1024 - 200)}

    assert service.create(anna, NewAuthorization(provider="a" * 64, config=config)).config == config


def test_nobody_has_more_than_so_many(service, anna, bert, new, database):
    first = service.create(anna, new())
    with database.writing() as session:
        columns = "owner_id, provider, config, created_at, updated_at, used_at"
        session.connection().exec_driver_sql(
            f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {EACH_AT_MOST}) "
            f"INSERT INTO authorizations (id, {columns}) SELECT 'id-' || i, {columns} FROM authorizations, n"
        )
    with pytest.raises(InvalidInput, match="1,000 authorizations"):
        service.create(anna, new())
    service.create(bert, new())
    service.remove(anna, first.number)
    service.create(anna, new())


@pytest.mark.parametrize(
    ("again", "refused"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"secret_key": "other"}, False, id="another secret"),
        pytest.param({"region": "r"}, False, id="more in the config"),
        pytest.param({"provider": "azure"}, False, id="another provider"),
        pytest.param({"authn_id": 8}, False, id="another login"),
        pytest.param({"description": "other"}, True, id="described otherwise"),
    ],
)
def test_the_same_with_the_same_login_is_refused(service, anna, bert, new, again, refused):
    service.create(anna, new(authn_id=7, **KEYS))
    service.create(bert, new(authn_id=7, **KEYS))
    if refused:
        with pytest.raises(AlreadyExists, match=r"^A similar cloud authorization configuration is already defined\.$"):
            service.create(anna, new(**{"authn_id": 7, **KEYS, **again}))
    else:
        service.create(anna, new(**{"authn_id": 7, **KEYS, **again}))


def test_without_a_login_the_same_is_made_twice(service, anna, new):
    assert service.create(anna, new(**KEYS)).number != service.create(anna, new(**KEYS)).number


def test_what_is_given_is_changed_and_all_else_stays(service, anna, kept, secrets_of):
    described = service.change(anna, kept.number, changed(description="mine", authn_id=4))
    moved = service.change(anna, kept.number, changed(provider="gcp"))

    assert (described.description, described.authn_id, described.provider) == ("mine", 4, "aws")
    assert (moved.description, moved.authn_id, moved.provider) == ("mine", 4, "gcp")
    assert moved.config == MASKED
    assert kept.updated_at < described.updated_at < moved.updated_at
    assert secrets_of(moved) == {"/secret_key": CANARY}


def test_a_config_is_replaced_as_a_whole_and_a_mask_keeps_its_secret(service, anna, kept, secrets_of):
    after = service.change(anna, kept.number, changed(config={"secret_key": MASK, "region": "r", "session_token": "t"}))
    assert after.config == {"secret_key": MASK, "region": "r", "session_token": MASK}
    assert secrets_of(after) == {"/secret_key": CANARY, "/session_token": "t"}

    after = service.change(anna, kept.number, changed(config={"secret_key": "other"}))
    assert secrets_of(after) == {"/secret_key": "other"}
    assert secrets_of(service.change(anna, kept.number, changed(config={}))) == {}


def test_a_change_that_cannot_be_accepted_changes_nothing(service, anna, kept, secrets_of):
    with pytest.raises(InvalidInput, match="none is at /token"):
        service.change(anna, kept.number, changed(description="mine", config=MASKED | {"token": MASK}))

    assert service.get(anna, kept.number) == kept
    assert secrets_of(kept) == {"/secret_key": CANARY}


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        pytest.param({"config": MASKED | {"endpoint": "http://127.0.0.1:10"}}, True, id="another endpoint"),
        pytest.param({"config": MASKED | {"connection": "mine"}}, True, id="a connection"),
        pytest.param({"config": {"secret_key": MASK}}, True, id="another account"),
        pytest.param({"config": {"secret_key": MASK, "access_key": "AKIA", "x": MASK}}, True, id="a mask that is none"),
        pytest.param({"provider": "azure"}, True, id="another provider"),
        pytest.param({"provider": "AWS"}, False, id="the provider in another case"),
        pytest.param({"config": MASKED | {"region": "r", "token_ttl": 3600}}, False, id="what leads nowhere"),
        pytest.param({"config": KEYS | {"endpoint": "http://127.0.0.1:10"}}, False, id="with the secret"),
        pytest.param({"description": "seen"}, False, id="its description"),
    ],
)
def test_an_admin_cannot_have_the_secrets_of_others_sent_elsewhere(
    service, anna, boss, kept, change, refused, secrets_of
):
    if refused:
        with pytest.raises(InvalidInput, match="secrets anew") as caught:
            service.change(boss, kept.number, changed(**change))
        assert caught.value.field == "config"
        assert service.get(anna, kept.number) == kept
    else:
        service.change(boss, kept.number, changed(**change))
    service.change(anna, kept.number, changed(config={"secret_key": MASK, "endpoint": "http://127.0.0.1:11"}))
    assert secrets_of(kept) == {"/secret_key": CANARY}


@SQLITE_ONLY
def test_the_secrets_are_in_no_row_no_repr_and_no_dump(service, anna, kept, database, new):
    made = service.create(anna, new(note=f"https://a:{CANARY}@example.org", deep={"list": [{"token": CANARY}]}))
    shown = repr([kept, made, service.list(anna), new(**KEYS), changed(config=KEYS)])
    with closing(sqlite3.connect(database.path)) as connection:
        dump = "\n".join(connection.iterdump())

    assert kept.id in dump
    assert CANARY not in dump + shown


@SQLITE_ONLY
def test_secrets_that_were_copied_to_another_row_open_nothing(service, anna, kept, new, database):
    other = service.create(anna, new(access_key="B", secret_key="other"))
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE authorizations SET sealed = (SELECT sealed FROM authorizations WHERE id = ?) WHERE id = ?",
            (kept.id, other.id),
        )

    with pytest.raises(AuthorizationUnusable, match="belong to another record"):
        service.buckets(anna, other.number)


def test_secrets_that_cannot_be_opened_may_be_given_anew_and_the_rest_changed(
    service, anna, kept, database, secrets_of
):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE authorizations SET sealed = 'nonsense'")

    with pytest.raises(AuthorizationUnusable, match="cannot be opened"):
        service.change(anna, kept.number, changed(config=MASKED))
    assert service.change(anna, kept.number, changed(description="lost")).description == "lost"
    service.change(anna, kept.number, changed(config=KEYS))
    assert secrets_of(kept) == {"/secret_key": CANARY}


def test_all_are_sealed_again_with_a_new_key(service, anna, new, box, settings, database, secrets_of):
    made = [service.create(anna, new(secret_key=f"s{number}")) for number in range(120)]
    service.create(anna, new(connection="photos"))
    before = dict(rows(database, "SELECT id, sealed FROM authorizations WHERE sealed IS NOT NULL"))
    KeyFile(settings.data_dir / "secret.key").add_key()

    assert service.reseal(box.reseal) == 120
    KeyFile(settings.data_dir / "secret.key").drop_old_keys()
    after = dict(rows(database, "SELECT id, sealed FROM authorizations WHERE sealed IS NOT NULL"))
    assert not set(before.values()) & set(after.values())
    assert [secrets_of(one) for one in made] == [{"/secret_key": f"s{number}"} for number in range(120)]


def test_the_owners_account_is_removed_and_so_is_all_he_had(service, people, anna, boss, kept):
    people.remove(anna)

    with pytest.raises(NotFound):
        service.get(boss, kept.number)
