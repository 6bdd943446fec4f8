"""Consents: what is asked for, that each is finished once and by who began it, and what of the answer is taken."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts.caller import Caller
from app.errors import (
    ConsentRefused,
    InvalidInput,
    NotAllowed,
    NotConfigured,
    NotFound,
    StorageUnreachable,
)
from app.grants.service import GrantService
from tests.support.databases import rows
from tests.support.google_oauth import DRIVE, DRIVE_FILE, DRIVE_READONLY
from tests.support.jobs import settings_for

pytestmark = pytest.mark.usefixtures("each_database")

APP = "https://app.example.org/callback"
PROVIDER = "google_drive"
NO_CONSENT = "This consent is not under way (any more). Begin anew, and finish it within ten minutes."


def query_of(url):
    return {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}


def test_a_consent_asks_for_lasting_access_with_a_challenge_and_a_state(service, anna, settings):
    begun = service.begin(anna, PROVIDER, None, None)
    asked = query_of(begun.url)

    assert begun.url.startswith(f"{settings.google_authorize_url}?")
    assert asked.pop("state") == begun.state
    assert len(begun.state) >= 43
    assert len(asked.pop("code_challenge")) == 43
    assert asked == {
        "client_id": settings.google_client_id,
        "redirect_uri": f"{settings.own_url}/api/v2/cloud-storage/auth/google_drive/callback",
        "response_type": "code",
        "scope": " ".join(settings.google_scopes),
        "access_type": "offline",
        "prompt": "consent",
        "include_granted_scopes": "true",
        "code_challenge_method": "S256",
    }


def test_two_consents_have_nothing_in_common(service, anna):
    first, second = (query_of(service.begin(anna, PROVIDER, None, None).url) for _ in range(2))

    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]


def refused(service, caller, code, state, redirect_uri=None, provider=PROVIDER):
    with pytest.raises(ConsentRefused) as error:
        service.complete(caller, provider, code, state, redirect_uri)
    return str(error.value)


def test_a_state_is_taken_once_whatever_came_of_it(service, consented, fake, anna):
    answer = consented(anna)
    asked = len(fake.asked("POST /token"))
    fake.fail("POST /token", 503)
    with pytest.raises(StorageUnreachable):
        service.complete(anna, PROVIDER, answer.code, answer.state)

    assert refused(service, anna, answer.code, answer.state) == NO_CONSENT
    assert len(fake.asked("POST /token")) == asked + 1


def test_a_finished_consent_cannot_be_finished_again(service, consented, anna):
    answer = consented(anna)
    service.complete(anna, PROVIDER, answer.code, answer.state)

    assert refused(service, anna, answer.code, answer.state) == NO_CONSENT


@pytest.mark.parametrize("state", ["", "x", "\ud800", "x" * 100_000])
def test_an_unknown_state_is_told_the_same(service, fake, anna, state):
    assert refused(service, anna, "code", state) == NO_CONSENT
    assert fake.requests == []


def test_a_state_is_over_after_ten_minutes(service, consented, clock, fake, anna):
    answer, late = consented(anna), consented(anna)
    clock.now += 599
    service.complete(anna, PROVIDER, answer.code, answer.state)
    clock.now += 1

    assert refused(service, anna, late.code, late.state) == NO_CONSENT
    assert len(fake.asked("POST /token")) == 1


def test_somebody_elses_state_is_none_and_stays_his(service, consented, anna, bert):
    answer = consented(anna)

    assert refused(service, bert, answer.code, answer.state) == NO_CONSENT
    assert service.complete(anna, PROVIDER, answer.code, answer.state).is_new


def test_another_address_than_it_was_begun_with_ends_a_consent(service, consented, anna):
    answer = consented(anna, APP)

    assert refused(service, anna, answer.code, answer.state, f"{APP}/") == NO_CONSENT
    assert refused(service, anna, answer.code, answer.state, APP) == NO_CONSENT


@pytest.mark.parametrize("named", [APP, None])
def test_the_address_that_it_was_begun_with_may_be_named_or_not(service, consented, anna, named):
    answer = consented(anna, APP)

    assert service.complete(anna, PROVIDER, answer.code, answer.state, named).is_new


def test_a_landing_is_heard_by_the_page_that_may_hear_it_and_uses_nothing_up(service, consented, clock, anna, settings):
    answer = consented(anna, APP)

    for _ in range(2):
        assert service.landing(PROVIDER, answer.state) == "https://app.example.org"
    assert service.landing(PROVIDER, consented(anna).state) == settings.own_url
    assert service.landing("onedrive", answer.state) is None
    assert service.landing(PROVIDER, "x") is None
    assert service.landing(PROVIDER, "\ud800") is None
    clock.now += 600
    assert service.landing(PROVIDER, answer.state) is None


def test_what_is_no_code_is_refused_by_google(service, consented, anna):
    assert "code" in refused(service, anna, "4/wrong", consented(anna).state)


@pytest.mark.parametrize("code", ["", "\ud800", "a\r\nb", "é", "x" * 8193])
def test_what_can_be_no_code_is_not_even_sent(service, consented, fake, anna, code):
    answer = consented(anna)

    assert "code" in refused(service, anna, code, answer.state)
    assert fake.asked("POST /token") == []


@pytest.mark.parametrize("code", ["a&client_id=evil", "100%", "a+b =;", "4/0Ab'()*~_-."])
def test_a_code_arrives_as_it_is(service, consented, fake, anna, code):
    refused(service, anna, code, consented(anna).state)

    assert parse_qs(fake.asked("POST /token")[-1].body.decode())["code"] == [code]


def test_too_few_scopes_are_given_back_and_told(service, consented, fake, anna):
    answer = consented(anna, scopes=[])

    assert (
        refused(service, anna, answer.code, answer.state)
        == "Access to Google Drive was not granted. Begin anew, and leave its box ticked."
    )
    assert len(fake.asked("POST /revoke")) == 1
    assert fake.oauth.grants == {}
    assert service.list(anna, active_only=False) == []


@pytest.mark.parametrize("scope", [DRIVE, DRIVE_FILE, DRIVE_READONLY])
def test_any_access_to_the_files_of_drive_is_enough(fake, settings, database, box, connections, anna, scope):
    wanted = replace(settings, google_scopes=("openid", scope))
    service = GrantService(wanted, database, box, connections)
    begun = service.begin(anna, PROVIDER, None, None)
    told = query_of(fake.consent(begun.url))

    assert {*service.complete(anna, PROVIDER, told["code"], told["state"]).grant.scopes} == {"openid", scope}


def test_scopes_that_google_does_not_name_are_those_that_were_asked_for(connected, fake, anna, settings):
    fake.oauth.tells_scope = False

    assert connected(anna).grant.scopes == settings.google_scopes


def test_without_lasting_access_nothing_is_connected(service, consented, fake, anna):
    answer = consented(anna)
    fake.oauth.codes[answer.code] = replace(fake.oauth.codes[answer.code], refreshable=False)

    assert "offline" in refused(service, anna, answer.code, answer.state)
    assert service.list(anna, active_only=False) == []


def test_a_refresh_token_that_does_not_come_again_is_kept(service, connected, consented, tokens, fake, clock, anna):
    done = connected(anna)
    answer = consented(anna)
    fake.oauth.codes[answer.code] = replace(fake.oauth.codes[answer.code], refreshable=False)
    again = service.complete(anna, PROVIDER, answer.code, answer.state)
    clock.now += 4000

    assert not again.is_new
    assert tokens.of(done.grant.connection_id).current()
    assert fake.oauth.refreshes == 1


def test_nobody_connects_for_whom_connections_are_not(service, people, fake, anna):
    worker = people.user("wim", "worker")
    reader = Caller(anna.user_id, anna.name, anna.role, {}, read_only=True)

    for caller in (worker, reader):
        with pytest.raises(NotAllowed):
            service.begin(caller, PROVIDER, None, None)
        with pytest.raises(NotAllowed):
            service.complete(caller, PROVIDER, "code", "state")
    assert fake.requests == []


def test_only_known_providers_are_asked(service, anna):
    for ask in (
        lambda: service.begin(anna, "onedrive", None, None),
        lambda: service.complete(anna, "onedrive", "code", "state"),
        lambda: service.list(anna, "onedrive"),
    ):
        with pytest.raises(NotFound, match="google_drive"):
            ask()


def test_without_a_client_id_nothing_is_begun(tmp_path, database, box, connections, anna):
    service = GrantService(settings_for(tmp_path), database, box, connections)

    with pytest.raises(NotConfigured, match="GOOGLE_CLIENT_ID"):
        service.begin(anna, PROVIDER, None, None)


def test_an_address_that_nobody_allowed_is_refused(service, anna):
    with pytest.raises(InvalidInput) as error:
        service.begin(anna, PROVIDER, "https://evil.example.org/", None)

    assert error.value.field == "redirect_uri"


def test_twenty_consents_of_a_user_are_under_way_and_the_oldest_make_room(service, clock, anna, bert):
    of_bert = service.begin(bert, PROVIDER, None, None).state
    states = []
    for _ in range(22):
        states.append(service.begin(anna, PROVIDER, None, None).state)
        clock.now += 1

    assert [service.landing(PROVIDER, state) is not None for state in states] == [False] * 2 + [True] * 20
    assert service.landing(PROVIDER, of_bert) is not None


def test_consents_that_are_over_are_swept(service, database, clock, anna):
    service.begin(anna, PROVIDER, None, None)
    for chore in service.chores:
        chore()
    assert len(rows(database, "SELECT * FROM consents")) == 1
    clock.now += 600
    for chore in service.chores:
        chore()

    assert rows(database, "SELECT * FROM consents") == []


def test_a_user_who_is_removed_meanwhile_gets_no_connection(service, consented, people, database, anna):
    answer = consented(anna)
    people.remove(anna)

    assert refused(service, anna, answer.code, answer.state) == NO_CONSENT
    assert rows(database, "SELECT * FROM connections") == []
