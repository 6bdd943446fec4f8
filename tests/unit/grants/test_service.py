"""Grants: accounts are connected, listed, connected again, and given back, each by its owner alone."""

import threading

import pytest

from app.connections.contract import CredentialsForm, NewConnection
from app.connections.service import ConnectionService
from app.errors import (
    AlreadyExists,
    NotFound,
)
from app.grants.answers import Account, Issued
from app.grants.store import GrantStore
from tests.support.databases import rows
from tests.support.google_oauth import DRIVE_FILE

APP = "https://app.example.org/callback"
PROVIDER = "google_drive"
NO_CONSENT = "This consent is not under way (any more). Begin anew, and finish it within ten minutes."


def test_a_consent_makes_a_connection_to_the_account(service, connected, connections, anna, fake, settings, clock):
    done = connected(anna)
    connection = connections.get(anna, done.grant.connection_id)

    assert done.is_new
    assert (done.grant.account, done.grant.email, done.grant.display_name) == (
        fake.person.sub,
        "ann@example.com",
        "Ann Example",
    )
    assert (done.grant.is_active, done.grant.created_at, done.grant.last_used_at) == (True, clock(), None)
    assert DRIVE_FILE in done.grant.scopes
    assert (connection.kind, connection.form, connection.name) == ("gdrive", "oauth", "ann@example.com")
    assert connection.address == {
        "endpoint": settings.google_drive_url,
        "path": f"/{fake.person.sub}",
        "bucket": settings.drive_folder,
        "account": fake.person.sub,
    }
    assert connections.credentials(anna, connection.id) == {"grant": connection.id}
    assert service.list(anna) == [done.grant]
    assert service.get(anna, connection.id) == done.grant


def test_the_tokens_are_those_that_google_has_given(connected, tokens, fake, anna):
    done = connected(anna)
    token = tokens.of(done.grant.connection_id).current()

    assert fake.oauth.bearer(f"Bearer {token}").grant.account == fake.person


def test_the_same_account_again_is_the_same_connection_with_new_tokens(service, connected, tokens, fake, anna):
    first = connected(anna)
    before = tokens.of(first.grant.connection_id).current()
    fake.revoke()
    again = connected(anna)

    assert not again.is_new
    assert again.grant.connection_id == first.grant.connection_id
    assert tokens.of(first.grant.connection_id).current() != before
    assert len(service.list(anna)) == 1


def test_a_connection_that_google_has_ended_is_active_again_after_a_consent(service, connected, tokens, fake, anna):
    done = connected(anna)
    fake.revoke()
    with pytest.raises(Exception, match="connect it again"):
        tokens.of(done.grant.connection_id).instead_of(tokens.of(done.grant.connection_id).current())
    assert service.list(anna) == []
    assert [grant.is_active for grant in service.list(anna, active_only=False)] == [False]

    assert connected(anna).grant.is_active
    assert tokens.of(done.grant.connection_id).current()


def test_each_account_and_each_user_has_a_connection_of_his_own(service, connected, fake, anna, bert):
    other = fake.account("zoe@example.com", "Zoe")
    ids = {
        connected(anna).grant.connection_id,
        connected(anna, account=other).grant.connection_id,
        connected(bert).grant.connection_id,
    }

    assert len(ids) == 3
    assert [grant.email for grant in service.list(anna)] == ["ann@example.com", "zoe@example.com"]
    assert [grant.email for grant in service.list(bert)] == ["ann@example.com"]


def test_a_grant_is_its_owners_alone(service, connected, people, anna, bert):
    done = connected(anna)
    boss = people.user("boss", "admin")

    for other in (bert, boss):
        assert service.list(other) == []
        with pytest.raises(NotFound):
            service.get(other, done.grant.connection_id)
        with pytest.raises(NotFound):
            service.disconnect(other, done.grant.connection_id)
    assert service.get(anna, done.grant.connection_id)


@pytest.mark.parametrize("unknown", ["", "x", "\ud800", "0" * 36])
def test_an_unknown_id_is_not_found(service, anna, unknown):
    with pytest.raises(NotFound):
        service.get(anna, unknown)


def test_who_disconnects_has_it_revoked_and_forgotten(service, connected, connections, database, fake, anna):
    done = connected(anna)
    service.disconnect(anna, done.grant.connection_id)

    assert fake.oauth.grants == {}
    assert connections.list(anna) == []
    assert rows(database, "SELECT * FROM grants") == []
    with pytest.raises(NotFound):
        service.disconnect(anna, done.grant.connection_id)
    assert connected(anna).is_new


def test_a_connection_that_is_deleted_elsewhere_is_revoked_too(connected, connections, fake, anna):
    connections.delete(anna, connected(anna).grant.connection_id)

    assert fake.oauth.grants == {}


@pytest.mark.parametrize(
    ("trouble", "logged"),
    [
        pytest.param(lambda fake: fake.revoke(), 0, id="it was revoked already"),
        pytest.param(lambda fake: fake.fail("POST /revoke", 503), 1, id="Google is down"),
        pytest.param(
            lambda fake: fake.fail("POST /revoke", 302, headers={"Location": "/token"}), 1, id="Google sends us on"
        ),
        pytest.param(lambda fake: fake.drop("POST /revoke"), 1, id="Google does not answer"),
    ],
)
def test_the_tokens_go_whatever_google_answers(service, connected, database, fake, caplog, anna, trouble, logged):
    done = connected(anna)
    trouble(fake)
    service.disconnect(anna, done.grant.connection_id)

    assert rows(database, "SELECT * FROM grants") == []
    assert len(fake.asked("POST /revoke")) == 1
    assert len([record for record in caplog.records if "Google was not told" in record.message]) == logged


def test_what_a_dead_process_has_left_is_revoked_later(service, connected, database, fake, anna, bert):
    done = connected(anna)
    connected(bert, account=fake.account("zoe@example.com", "Zoe"))
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM connections WHERE id = ?", (done.grant.connection_id,))
    assert service.list(anna) == []
    for chore in service.chores:
        chore()

    assert [grant.account.email for grant in fake.oauth.grants.values()] == ["zoe@example.com"]
    assert len(rows(database, "SELECT * FROM grants")) == 1


def test_what_a_deleted_connection_has_left_is_replaced_when_the_account_is_connected_again(
    service, connected, database, tokens, fake, anna
):
    first = connected(anna)
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM connections")
    again = connected(anna)
    for chore in service.chores:
        chore()

    assert again.is_new
    assert again.grant.connection_id != first.grant.connection_id
    assert fake.asked("POST /revoke") == []
    assert tokens.of(again.grant.connection_id).current()


def test_a_long_or_odd_email_address_still_names_a_connection(connected, connections, fake, anna):
    odd = fake.account("x" * 80 + "@example.com", "Long")

    assert connections.get(anna, connected(anna, account=odd).grant.connection_id).name == "x" * 63


def test_sealed_values_can_be_sealed_again(service, connected, tokens, consented, anna):
    done, under_way = connected(anna), consented(anna)
    seen = []

    def again(sealed):
        seen.append(sealed)
        return sealed

    assert service.reseal(again) == 0
    assert len(seen) == 2
    assert tokens.of(done.grant.connection_id).current()
    assert not service.complete(anna, PROVIDER, under_way.code, under_way.state).is_new


def test_two_consents_at_once_to_one_account_make_one_connection(service, consented, connections, fake, anna):
    answers, done = [consented(anna), consented(anna)], []

    def complete(answer):
        done.append(service.complete(anna, PROVIDER, answer.code, answer.state))

    with fake.hold("GET /v1/userinfo", times=2):
        threads = [threading.Thread(target=complete, args=(answer,)) for answer in answers]
        for thread in threads:
            thread.start()
        fake.wait_for("GET /v1/userinfo", 2)
    for thread in threads:
        thread.join()

    assert sorted(one.is_new for one in done) == [False, True]
    assert [one.id for one in connections.list(anna)] == [done[0].grant.connection_id]
    assert done[0].grant.connection_id == done[1].grant.connection_id


def test_an_account_that_is_connected_meanwhile_gets_no_second_connection(
    service, connected, connections, database, box, clock, anna
):
    done = connected(anna)
    store = GrantStore(database, box, clock)
    account, new = Account(done.grant.account, None, None), Issued("token", "refresh", 60.0, ())

    def beside(session, connection):
        store.add(session, connection.id, anna.user_id, done.grant.provider, account, new)

    drive = NewConnection("gdrive", "again", {"account": account.id}, {}, form=CredentialsForm.OAUTH)
    with pytest.raises(AlreadyExists):
        connections.create(anna, drive, beside=beside)

    assert [one.id for one in connections.list(anna)] == [done.grant.connection_id]
    assert service.list(anna) == [done.grant]


@pytest.mark.slow
def test_who_disconnects_waits_seconds_for_a_google_that_hangs(service, connected, database, fake, caplog, anna):
    done = connected(anna)
    with fake.hold("POST /revoke"):
        service.disconnect(anna, done.grant.connection_id)
        assert rows(database, "SELECT * FROM grants") == []

    assert "Google was not told" in caplog.text


def test_a_connection_to_drive_is_checked_as_any_other(connected, connections, fake, anna):
    connection_id = connected(anna).grant.connection_id
    fake.revoke()
    fake.expire_tokens()
    found = connections.check(anna, connection_id)

    assert (found.status, found.reason) == ("forbidden", "consent_required")


def test_whoever_keeps_no_grants_opens_no_drive(settings, database, box, connected, anna):
    alone = ConnectionService(database, box, settings)

    assert alone.check(anna, connected(anna).grant.connection_id).reason == "consent_required"
