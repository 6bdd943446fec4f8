"""Tokens: good ones are handed out, new ones fetched once for all threads and processes, and dead grants end."""

import threading

import pytest

from app.errors import ConsentRequired, InvalidCredentials, StorageUnreachable
from app.grants.leases import LEASE_SECONDS, Leases
from app.grants.store import GrantStore
from app.grants.tokens import GrantTokens
from tests.support.databases import rows
from tests.support.jobs import eventually

TOKEN = "POST /token"


@pytest.fixture
def grant(connected, anna):
    return connected(anna).grant


@pytest.fixture
def of_grant(tokens, grant):
    return tokens.of(grant.connection_id)


@pytest.fixture
def store(database, box, clock):
    return GrantStore(database, box, clock)


def test_a_token_is_kept_until_a_minute_before_its_end(of_grant, fake, clock):
    first = of_grant.current()
    clock.now += 3599 - 61
    assert of_grant.current() == first
    assert fake.oauth.refreshes == 0

    clock.now += 1
    second = of_grant.current()
    assert second != first
    assert of_grant.current() == second
    assert fake.oauth.refreshes == 1


def test_who_needs_a_token_for_longer_has_it_fetched_earlier(tokens, grant, clock):
    first, ends = tokens.token(grant.connection_id)
    clock.now = ends - 299
    assert tokens.token(grant.connection_id) == (first, ends)

    second, later = tokens.token(grant.connection_id, 300)
    assert second != first
    assert later == clock() + 3599


def test_a_token_that_is_shorter_than_needed_is_fetched_once_and_handed_out(tokens, grant, fake):
    fake.oauth.expires_in = 100

    assert tokens.token(grant.connection_id, 5000)[1] > 0
    assert fake.oauth.refreshes == 1


def test_a_refused_token_is_replaced_once(of_grant, fake):
    refused = of_grant.current()
    second = of_grant.instead_of(refused)

    assert second != refused
    assert of_grant.instead_of(refused) == second
    assert of_grant.current() == second
    assert fake.oauth.refreshes == 1


def test_a_refresh_token_that_comes_is_kept_in_the_place_of_the_old_one(of_grant, fake):
    fake.oauth.rotates = True
    for _ in range(3):
        of_grant.instead_of(of_grant.current())

    assert fake.oauth.refreshes == 3


def test_threads_have_one_token_fetched_for_all(of_grant, fake):
    refused, found = of_grant.current(), []
    with fake.hold(TOKEN) as held:
        threads = [threading.Thread(target=lambda: found.append(of_grant.instead_of(refused))) for _ in range(8)]
        for thread in threads:
            thread.start()
        held.arrived()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len({*found}) == 1
    assert fake.oauth.refreshes == 1


def test_processes_have_one_token_fetched_for_all(settings, database, box, tokens, grant, fake, clock):
    clock.now += 4000
    found, waited = [], threading.Event()

    def pause(_seconds):
        waited.set()
        held.release()

    another_process = GrantTokens(settings, database, box, clock, pause)
    asking = [
        threading.Thread(target=lambda one=one: found.append(one.token(grant.connection_id)))
        for one in (tokens, another_process)
    ]
    with fake.hold(TOKEN) as held:
        asking[0].start()
        held.arrived()
        asking[1].start()
        assert waited.wait(30)
    for thread in asking:
        thread.join()

    assert found[0] == found[1]
    assert fake.oauth.refreshes == 1


def test_connections_do_not_wait_for_each_other(tokens, grant, connected, fake, clock, bert):
    other = connected(bert, account=fake.account("zoe@example.com", "Zoe")).grant
    clock.now += 4000
    with fake.hold(TOKEN) as held:
        slow = threading.Thread(target=tokens.token, args=(grant.connection_id,))
        slow.start()
        held.arrived()
        assert tokens.token(other.connection_id)[1] > clock()
    slow.join()

    assert fake.oauth.refreshes == 2


def test_nothing_of_the_database_is_held_while_google_is_asked(tokens, grant, fake, clock, people):
    clock.now += 4000
    with fake.hold(TOKEN) as held:
        slow = threading.Thread(target=tokens.token, args=(grant.connection_id,))
        slow.start()
        held.arrived()
        assert people.user("zoe").user_id
    slow.join()


def test_whoever_died_with_the_lease_holds_others_up_for_half_a_minute(
    tokens, grant, store, database, box, fake, clock
):
    clock.now += 4000
    began = clock()
    assert Leases(database, box, clock).claim(store.kept(grant.connection_id))
    assert tokens.token(grant.connection_id)[1] > clock()

    assert LEASE_SECONDS <= clock() - began < LEASE_SECONDS + 1
    assert fake.oauth.refreshes == 1


def test_a_lease_is_held_once_and_its_end_counts_only_while_it_is_held(grant, store, database, box, clock):
    leases = Leases(database, box, clock)
    kept = store.kept(grant.connection_id)
    first = leases.claim(kept)
    assert leases.claim(kept) is None
    clock.now += LEASE_SECONDS
    second = leases.claim(kept)

    assert not leases.deactivate(first)
    leases.give_back(first)
    assert leases.claim(kept) is None
    assert leases.deactivate(second)


def test_a_clock_that_was_set_back_leaves_no_lease_that_lasts(grant, store, database, box, clock):
    leases = Leases(database, box, clock)
    assert leases.claim(store.kept(grant.connection_id))
    clock.now -= 86_400

    assert leases.claim(store.kept(grant.connection_id))


def test_a_grant_that_is_another_by_now_is_not_claimed(grant, store, connected, database, box, clock, anna):
    before = store.kept(grant.connection_id)
    connected(anna)

    assert Leases(database, box, clock).claim(before) is None


def test_what_google_takes_no_more_is_inactive_and_asked_for_no_more(of_grant, service, fake, anna):
    token = of_grant.current()
    fake.revoke()
    for _ in range(2):
        with pytest.raises(ConsentRequired):
            of_grant.instead_of(token)

    assert len(fake.asked(TOKEN)) == 2  # the exchange and one refresh
    assert [grant.is_active for grant in service.list(anna, active_only=False)] == [False]
    with pytest.raises(ConsentRequired):
        of_grant.current()


@pytest.mark.parametrize("seconds", [3599, 30])
def test_a_consent_in_the_meantime_wins_over_a_refresh_that_is_refused(
    of_grant, grant, store, service, fake, connected, anna, seconds
):
    token, found = of_grant.current(), []
    fake.oauth.expires_in = seconds
    with fake.hold(TOKEN) as held:
        slow = threading.Thread(target=lambda: found.append(of_grant.instead_of(token)))
        slow.start()
        held.arrived()
        fake.revoke()
        connected(anna)
    slow.join()

    assert found == [store.kept(grant.connection_id).access_token]
    assert service.list(anna)[0].is_active


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(lambda fake: fake.fail(TOKEN, 503, body="<html>", times=9), id="it is down"),
        pytest.param(
            lambda fake: fake.fail(TOKEN, 429, body={"error": "rate_limit_exceeded"}, times=9),
            id="it wants fewer requests",
        ),
        pytest.param(
            lambda fake: fake.fail(TOKEN, 400, body={"error": "temporarily_unavailable"}, times=9), id="it says so"
        ),
        pytest.param(lambda fake: fake.drop(TOKEN, times=9), id="it hangs up"),
    ],
)
def test_while_google_is_silent_a_token_is_used_to_its_end(of_grant, service, fake, clock, anna, trouble):
    token = of_grant.current()
    clock.now += 3599 - 30
    trouble(fake)
    assert of_grant.current() == token
    clock.now += 30
    with pytest.raises(StorageUnreachable):
        of_grant.current()
    assert service.list(anna)[0].is_active
    fake.lawful()

    assert of_grant.current() != token


def test_a_refused_token_is_not_handed_out_because_google_is_silent(of_grant, fake):
    token = of_grant.current()
    fake.fail(TOKEN, 503)

    with pytest.raises(StorageUnreachable):
        of_grant.instead_of(token)


def test_threads_that_waited_share_a_failure(settings, database, box, grant, fake, clock):
    clock.now += 4000
    looked, failures = set(), []

    def looking():
        looked.add(threading.get_ident())
        return clock()

    def ask():
        with pytest.raises(InvalidCredentials) as failed:
            of_grant.current()
        failures.append(failed.value)

    of_grant = GrantTokens(settings, database, box, looking, clock.pause).of(grant.connection_id)
    asked = len(fake.asked(TOKEN))
    threads = [threading.Thread(target=ask) for _ in range(8)]
    with fake.hold(TOKEN) as held:
        for thread in threads:
            thread.start()
        held.arrived()
        eventually(lambda: len(looked) == 8)
        fake.oauth.client_secret = "another one"
    for thread in threads:
        thread.join()

    assert len({id(error) for error in failures}) == 8
    assert len(fake.asked(TOKEN)) == asked + 1


@pytest.mark.parametrize("word", ["invalid_client", "unauthorized_client", "deleted_client"])
def test_a_service_that_google_does_not_take_is_the_operators_matter(
    of_grant, service, fake, clock, caplog, anna, word
):
    clock.now += 4000
    fake.fail(TOKEN, 401, body={"error": word, "error_description": "canary"})
    with pytest.raises(InvalidCredentials, match="GOOGLE_CLIENT_ID") as error:
        of_grant.current()

    assert not isinstance(error.value, ConsentRequired)
    assert word in caplog.text
    assert "canary" not in caplog.text + str(error.value)
    assert service.list(anna)[0].is_active


def test_a_connection_without_a_grant_needs_a_consent(tokens, grant, service, anna):
    with pytest.raises(ConsentRequired):
        tokens.of("nobody").current()
    with pytest.raises(ConsentRequired):
        tokens.of("\ud800").current()
    service.disconnect(anna, grant.connection_id)

    with pytest.raises(ConsentRequired):
        tokens.of(grant.connection_id).current()


def test_a_grant_whose_connection_is_gone_gives_nothing(of_grant, database):
    with database.writing() as session:
        session.connection().exec_driver_sql("DELETE FROM connections")

    with pytest.raises(ConsentRequired):
        of_grant.current()


def test_tokens_whose_sealing_key_is_gone_need_a_consent_and_are_kept(of_grant, database, service, connected, anna):
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE grants SET sealed = 'gAAA'")
    with pytest.raises(ConsentRequired, match="sealing key"):
        of_grant.current()
    assert service.list(anna)[0].is_active

    assert not connected(anna).is_new
    assert of_grant.current()


def test_tokens_of_another_row_do_not_open(of_grant, connected, fake, database, bert):
    connected(bert, account=fake.account("zoe@example.com", "Zoe"))
    with database.writing() as session:
        session.connection().exec_driver_sql("UPDATE grants SET sealed = (SELECT sealed FROM grants WHERE number = 2)")

    with pytest.raises(ConsentRequired):
        of_grant.current()


def test_that_a_token_was_used_is_noted_once_a_minute(of_grant, service, clock, anna):
    def used():
        return service.list(anna)[0].last_used_at

    assert used() is None
    of_grant.current()
    first = used()
    clock.now += 59
    of_grant.current()
    assert used() == first == clock() - 59
    clock.now += 1
    of_grant.current()
    assert used() == clock()


def test_tokens_are_sealed_in_the_database(of_grant, database, fake):
    token = of_grant.current()
    [[sealed]] = rows(database, "SELECT sealed FROM grants")

    assert token not in sealed
    for secret in (token, *fake.oauth.grants[fake.person.sub].refresh_tokens):
        assert secret.encode() not in b"".join(path.read_bytes() for path in database.path.parent.glob("sluice.db*"))
