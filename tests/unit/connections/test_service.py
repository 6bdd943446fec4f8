"""Making, finding, changing and deleting connections, and what is kept of their credentials."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from app.accounts.caller import OrganisationRole, Role
from app.accounts.service import AccountService
from app.bootstrap import build_services
from app.connections.contract import OPERATOR, Changes, CredentialsForm, Status
from app.connections.key_file import KeyFile
from app.connections.store import take_from_former_members
from app.errors import ConnectionUnusable, DatabaseUnavailable, InvalidInput, NotAllowed, NotFound
from tests.support.databases import SQLITE_ONLY, rows
from tests.support.jobs import settings_for
from tests.support.people import CANARY, new_connection

pytestmark = pytest.mark.usefixtures("each_database")

KEYS = {"access_key": "AKIAEXAMPLE", "secret_key": CANARY}
OTHER_KEYS = {"access_key": "AKIAOTHER", "secret_key": "other"}


@pytest.fixture
def anna(people):
    return people.user("anna")


@pytest.fixture
def bert(people):
    return people.user("bert")


@pytest.fixture
def kept(service, anna):
    return service.create(anna, new_connection())


class Heard:
    def __init__(self):
        self.told = []

    def connection_deleted(self, connection_id):
        self.told.append(("deleted", connection_id))

    def connection_changed(self, connection_id):
        self.told.append(("changed", connection_id))


def test_what_was_made_is_found_by_its_owner(service, anna, kept):
    assert service.get(anna, kept.id) == kept
    assert service.list(anna) == [kept]
    assert (kept.name, kept.owner_id, kept.organisation_id) == ("photos", anna.user_id, None)
    assert kept.address == {"endpoint": "http://127.0.0.1:9", "bucket": "photos", "region": "us-east-1"}
    assert service.credentials(anna, kept.id) == KEYS


def test_the_command_line_owns_nothing_and_may_do_all(service, anna, kept):
    made = service.create(OPERATOR, new_connection(name="ours"))

    assert made.owner_id is None
    assert service.list(OPERATOR) == [kept, made]
    assert service.list(anna) == [kept]
    assert service.delete(OPERATOR, kept.id) == kept


def test_of_what_another_owns_a_user_learns_nothing(service, bert, kept):
    asked = [
        lambda one: service.get(bert, one),
        lambda one: service.credentials(bert, one),
        lambda one: service.check(bert, one),
        lambda one: service.change(bert, one, Changes(name="mine")),
        lambda one: service.delete(bert, one),
    ]
    for ask in asked:
        sentences = []
        for connection_id in (kept.id, "0" * 36):
            with pytest.raises(NotFound) as caught:
                ask(connection_id)
            sentences.append(str(caught.value).replace(connection_id, "ID"))
        assert sentences[0] == sentences[1]
    assert service.list(bert) == []


def test_a_supervisor_sees_and_does_not_change(service, people):
    maintainer = people.user("max", lab="maintainer")
    supervisor = people.user("susi", lab="supervisor")
    kept = service.create(maintainer, new_connection(people.organisation("lab")))

    assert service.get(supervisor, kept.id) == kept
    for forbidden in (
        lambda: service.change(supervisor, kept.id, Changes(name="x")),
        lambda: service.delete(supervisor, kept.id),
        lambda: service.create(supervisor, new_connection(people.organisation("lab"))),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert service.get(maintainer, kept.id) == kept


def test_who_leaves_the_organisation_sees_what_he_made_there_no_more(service, people):
    maintainer = people.user("max", lab="maintainer")
    kept = service.create(maintainer, new_connection(people.organisation("lab")))
    gone = replace(maintainer, memberships={})

    assert service.list(maintainer) == [kept]
    assert service.list(gone) == []
    with pytest.raises(NotFound):
        service.get(gone, kept.id)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda service, caller, _: service.create(caller, new_connection()), id="create"),
        pytest.param(lambda service, caller, one: service.change(caller, one, Changes(name="x")), id="change"),
        pytest.param(lambda service, caller, one: service.delete(caller, one), id="delete"),
    ],
)
def test_a_key_that_may_only_read_changes_nothing(service, anna, kept, change):
    with pytest.raises(NotAllowed, match="read"):
        change(service, replace(anna, read_only=True), kept.id)
    assert service.list(anna) == [kept]


def test_a_worker_makes_none(service, people):
    with pytest.raises(NotAllowed, match="worker"):
        service.create(people.user("wim", "worker"), new_connection())


def test_who_was_removed_meanwhile_makes_none(service, people, anna):
    people.remove(anna)

    with pytest.raises(NotAllowed, match="no user any more"):
        service.create(anna, new_connection())
    assert service.list(OPERATOR) == []


def test_in_an_organisation_that_is_none_an_admin_makes_none(service):
    with pytest.raises(NotFound, match="organisation 99"):
        service.create(OPERATOR, new_connection(99))


@pytest.mark.parametrize(
    ("new", "field"),
    [
        pytest.param(new_connection(kind="ftp"), "kind", id="unknown kind"),
        pytest.param(new_connection(endpoint="ftp://127.0.0.1"), "endpoint", id="not http"),
        pytest.param(new_connection(endpoint="http://169.254.169.254"), "endpoint", id="metadata service"),
        pytest.param(new_connection(endpoint="http://key:secret@127.0.0.1"), "endpoint", id="keys in the address"),
        pytest.param(new_connection(endpoint=""), "endpoint", id="no endpoint"),
        pytest.param(new_connection(endpoint=7), "endpoint", id="endpoint is a number"),
        pytest.param(new_connection(bucket="My_Bucket"), "bucket", id="no bucket name"),
        pytest.param(new_connection(bucket=None), "bucket", id="no bucket"),
        pytest.param(new_connection(region="eu central"), "region", id="no region"),
        pytest.param(new_connection(account="x"), "account", id="unknown field"),
        pytest.param(new_connection(name="x" * 64), "name", id="long name"),
        pytest.param(new_connection(name="a\nb"), "name", id="name of two lines"),
        pytest.param(new_connection(name="  "), "name", id="blank name"),
        pytest.param(new_connection(credentials={"access_key": "a"}), "secret_key", id="no secret"),
        pytest.param(new_connection(credentials={"secret_key": "a"}), "access_key", id="no access key"),
        pytest.param(new_connection(credentials=KEYS | {"secret_key": ""}), "secret_key", id="empty secret"),
        pytest.param(new_connection(credentials=KEYS | {"secret_key": "s" * 1025}), "secret_key", id="long secret"),
        pytest.param(new_connection(credentials=KEYS | {"secret_key": "a\r\nb"}), "secret_key", id="secret of two lines"),
        pytest.param(new_connection(credentials=KEYS | {"access_key": "a\0"}), "access_key", id="NUL"),
        pytest.param(new_connection(credentials=KEYS | {"access_key": "\ud800"}), "access_key", id="half a character"),
        pytest.param(new_connection(credentials=KEYS | {"token": "t"}), "token", id="unknown credential"),
    ],
)  # fmt: skip
def test_the_field_that_cannot_be_accepted_is_named_and_nothing_is_kept(service, anna, new, field):
    with pytest.raises(InvalidInput) as caught:
        service.create(anna, new)
    assert caught.value.field == field
    assert service.list(anna) == []


def test_a_connection_without_a_name_is_called_as_its_bucket(service, anna):
    assert service.create(anna, new_connection(name="", bucket="pictures")).name == "pictures"


def test_what_is_given_is_changed_and_all_else_stays(service, anna, kept):
    renamed = service.change(anna, kept.id, Changes(name="other"))
    moved = service.change(anna, kept.id, Changes(address={"endpoint": "http://127.0.0.1:10", "bucket": "moved"}))

    assert (renamed.name, renamed.address) == ("other", kept.address)
    assert (moved.name, moved.address["bucket"]) == ("other", "moved")
    assert service.credentials(anna, kept.id) == KEYS
    service.change(anna, kept.id, Changes(credentials=OTHER_KEYS))
    assert service.credentials(anna, kept.id) == OTHER_KEYS
    assert service.get(anna, kept.id).address == moved.address


def test_a_change_that_cannot_be_accepted_changes_nothing(service, anna, kept):
    with pytest.raises(InvalidInput):
        service.change(anna, kept.id, Changes(name="other", credentials={"secret_key": ""}))

    assert service.get(anna, kept.id) == kept
    assert service.credentials(anna, kept.id) == KEYS


def test_who_listens_is_told_what_matters_to_jobs(service, anna, kept):
    heard = Heard()
    service.tell(heard)
    service.change(anna, kept.id, Changes(name="other"))
    service.change(anna, kept.id, Changes(credentials=OTHER_KEYS))
    service.change(anna, kept.id, Changes(address=kept.address, description="the same"))
    service.change(anna, kept.id, Changes(address={**kept.address, "bucket": "other"}))
    service.change(anna, kept.id, Changes(manifests=["m.jsonl"]))
    service.change(anna, kept.id, Changes(form=CredentialsForm.ANONYMOUS))
    service.delete(anna, kept.id)

    assert heard.told == [*[("changed", kept.id)] * 4, ("deleted", kept.id)]


def test_a_listener_that_fails_does_not_undo_the_change_nor_keep_it_from_others(service, anna, kept):
    class Failing(Heard):
        def connection_deleted(self, _):
            raise DatabaseUnavailable("locked")

    heard = Heard()
    service.tell(Failing())
    service.tell(heard)
    service.delete(anna, kept.id)

    assert heard.told == [("deleted", kept.id)]
    assert service.list(anna) == []


@SQLITE_ONLY
def test_the_credentials_are_in_no_row_no_repr_and_no_dump(service, anna, kept, database):
    assert CANARY not in repr(new_connection()) + repr(kept) + repr(service.get(anna, kept.id))
    with closing(sqlite3.connect(database.path)) as connection:
        dump = "\n".join(connection.iterdump())
    assert kept.id in dump
    assert CANARY not in dump
    assert "AKIAEXAMPLE" not in dump


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda service, caller, one: service.credentials(caller, one), id="credentials"),
        pytest.param(lambda service, caller, one: service.opened(one, caller.user_id), id="for a job"),
    ],
)
@SQLITE_ONLY
def test_credentials_that_were_copied_to_another_row_are_refused_with_a_sentence(service, anna, kept, database, ask):
    other = service.create(anna, new_connection(credentials=OTHER_KEYS))
    with database.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE connections SET sealed = (SELECT sealed FROM connections WHERE id = ?) WHERE id = ?",
            (kept.id, other.id),
        )

    with pytest.raises(ConnectionUnusable, match=f"{other.id}.*belong to another record.*Give them again"):
        ask(service, anna, other.id)
    assert service.credentials(anna, kept.id) == KEYS


def test_a_check_of_credentials_that_cannot_be_opened_says_so(service, anna, kept, database):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE connections SET sealed = 'nonsense'")
    found = service.check(anna, kept.id)

    assert (found.status, found.reason) == (Status.FORBIDDEN, "connection_unusable")
    assert "cannot be opened" in found.message


def test_a_connection_without_credentials_wants_them_again(service, anna, kept, database):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE connections SET sealed = NULL")

    with pytest.raises(ConnectionUnusable, match="Give them again"):
        service.credentials(anna, kept.id)
    service.change(anna, kept.id, Changes(credentials=KEYS))
    assert service.credentials(anna, kept.id) == KEYS


def test_all_are_sealed_again_with_a_new_key(service, anna, box, settings, database):
    made = [service.create(anna, new_connection(name=f"c{number}")) for number in range(120)]
    before = dict(rows(database, "SELECT id, sealed FROM connections"))
    KeyFile(settings.data_dir / "secret.key").add_key()

    assert service.reseal(box.reseal) == 120
    KeyFile(settings.data_dir / "secret.key").drop_old_keys()
    after = dict(rows(database, "SELECT id, sealed FROM connections"))
    assert not set(before.values()) & set(after.values())
    assert all(service.credentials(anna, one.id) == KEYS for one in made)


@pytest.mark.parametrize("writes", [False, True])
def test_a_job_opens_what_its_owner_may_use_now(service, anna, kept, writes):
    assert service.opened(kept.id, anna.user_id, writes=writes) == (kept, KEYS)
    assert service.opened(kept.id, None, writes=writes) == (kept, KEYS)


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        pytest.param(lambda p, _: p.change(p.max, disabled_at=1.0), "disabled", id="disabled"),
        pytest.param(lambda p, _: p.remove(p.max), "no user any more", id="removed"),
        pytest.param(lambda p, _: p.leaves(p.max, "lab"), "may not use", id="left the organisation"),
        pytest.param(lambda p, s: s.delete(OPERATOR, p.kept), "was deleted", id="connection deleted"),
    ],
)
def test_a_job_of_who_may_not_use_the_connection_any_more_does_not_get_it(service, people, meanwhile, sentence):
    people.max = people.user("max", lab="maintainer")
    people.kept = service.create(people.max, new_connection(people.organisation("lab"))).id
    meanwhile(people, service)

    with pytest.raises(ConnectionUnusable, match=sentence):
        service.opened(people.kept, people.max.user_id)


def test_a_job_that_writes_needs_more_than_one_that_reads(service, people):
    maintainer, supervisor = people.user("max", lab="maintainer"), people.user("susi", lab="supervisor")
    kept = service.create(maintainer, new_connection(people.organisation("lab")))

    assert service.opened(kept.id, supervisor.user_id) == (kept, KEYS)
    with pytest.raises(ConnectionUnusable, match="susi"):
        service.opened(kept.id, supervisor.user_id, writes=True)


def test_the_owners_account_is_removed_and_the_connection_stays_for_admins(service, people, anna, kept):
    people.remove(anna)

    assert service.get(OPERATOR, kept.id).owner_id is None
    assert service.credentials(OPERATOR, kept.id) == KEYS


@pytest.mark.parametrize("connection_id", ["", "None", "\ud800", "\0", "../x", "x" * 100_000])
def test_what_is_no_id_is_not_found_however_odd_it_is(service, anna, connection_id):
    with pytest.raises(NotFound) as caught:
        service.get(anna, connection_id)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_an_organisation_that_goes_gives_nothing_back_to_owners_who_had_left_it(service, people, database):
    stays, left = people.user("stays", acme="maintainer"), people.user("left", acme="maintainer")
    acme = people.organisation("acme")
    kept, lost = (service.create(owner, new_connection(acme)) for owner in (stays, left))
    own = service.create(left, new_connection())
    people.leaves(left, "acme")
    accounts = AccountService(database)
    accounts.tell(take_from_former_members)

    accounts.delete_organisation("acme")

    assert service.get(stays, kept.id).organisation_id is None
    assert service.get(OPERATOR, lost.id).owner_id is None
    assert [found.id for found in service.list(replace(left, memberships={}))] == [own.id]
    with pytest.raises(NotFound):
        service.credentials(replace(left, memberships={}), lost.id)


def test_the_services_of_this_product_do_so(tmp_path):
    services = build_services(settings_for(tmp_path / "product"))
    accounts, connections = services.accounts, services.connections
    for name in ("owner", "anna"):
        accounts.create_user(name, Role.USER)
    acme = accounts.create_organisation("acme", "", "owner")
    accounts.set_member("acme", "anna", OrganisationRole.MAINTAINER)
    anna = services.authentication.caller_of(accounts.user("anna").id)
    made = connections.create(anna, new_connection(acme.id))
    accounts.remove_member("acme", "anna")

    accounts.delete_organisation("acme")

    assert connections.get(OPERATOR, made.id).owner_id is None
    services.database.close()
