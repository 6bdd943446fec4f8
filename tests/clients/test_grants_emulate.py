"""Consents, renewals and revocations with `emulate`, a Google that is none of ours."""

from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from app.bootstrap import build_services
from app.errors import ConsentRefused, ConsentRequired, NotConfigured
from app.grants.oauth import GoogleOAuth
from app.grants.tokens import GrantTokens
from tests.support.databases import rows
from tests.support.emulate import emulate
from tests.support.jobs import settings_for
from tests.support.people import People

pytestmark = pytest.mark.slow

PROVIDER = "google_drive"
APP = "https://app.example.org/callback"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with emulate(tmp_path_factory.mktemp("emulate"), APP) as server:
        yield server


@pytest.fixture
def settings(tmp_path, server):
    return settings_for(tmp_path / "data", oauth_redirect_uris=APP, **server.settings)


@pytest.fixture
def services(settings):
    services = build_services(settings)
    with closing(services.database):
        yield services


@pytest.fixture
def anna(services):
    return People(services.database).user("anna")


@pytest.fixture
def tokens(services):
    return GrantTokens(services.settings, services.database, services.box)


def answered(services, server, caller):
    begun = services.grants.begin(caller, PROVIDER, APP, None)
    told = parse_qs(urlsplit(server.consent(begun.url)).query)
    return told["code"][0], told["state"][0]


def connected(services, server, caller):
    return services.grants.complete(caller, PROVIDER, *answered(services, server, caller), APP)


def test_an_account_is_connected_once_and_named_by_who_it_is(services, server, anna):
    first, again = (connected(services, server, anna) for _ in range(2))

    assert (first.is_new, again.is_new) == (True, False)
    assert again.grant.connection_id == first.grant.connection_id
    assert first.grant.display_name
    assert "@" in (first.grant.email or "")
    assert services.connections.get(anna, first.grant.connection_id).name == first.grant.email


def test_a_token_is_renewed_and_ends_with_what_was_granted(services, server, tokens, settings, anna):
    of_anna = tokens.of(connected(services, server, anna).grant.connection_id)
    token = of_anna.current()
    renewed = of_anna.instead_of(token)
    assert renewed != token

    [[sealed, connection_id]] = rows(services.database, "SELECT sealed, connection_id FROM grants")
    GoogleOAuth(settings).revoke(services.box.open(sealed, connection_id)["refresh_token"])
    with pytest.raises(ConsentRequired):
        of_anna.instead_of(renewed)
    assert services.grants.list(anna) == []


def test_who_disconnects_has_the_refresh_token_revoked(services, server, settings, anna):
    done = connected(services, server, anna)
    [[sealed]] = rows(services.database, "SELECT sealed FROM grants")
    refresh_token = services.box.open(sealed, done.grant.connection_id)["refresh_token"]
    services.grants.disconnect(anna, done.grant.connection_id)

    with pytest.raises(ConsentRequired):
        GoogleOAuth(settings).renewed(refresh_token)


def test_a_code_that_was_used_or_has_another_verifier_is_refused(services, server, settings, anna):
    code, state = answered(services, server, anna)
    with pytest.raises(ConsentRefused):
        GoogleOAuth(settings).exchange(code, "v" * 43, APP)

    code, state = answered(services, server, anna)
    services.grants.complete(anna, PROVIDER, code, state, APP)
    with pytest.raises(ConsentRefused):
        GoogleOAuth(settings).exchange(code, "v" * 43, APP)


def test_a_wrong_secret_is_the_operators_matter(server, tmp_path):
    wrong = settings_for(tmp_path, **{**server.settings, "GOOGLE_CLIENT_SECRET": "another one"})

    with pytest.raises(NotConfigured):
        GoogleOAuth(wrong).exchange("4/code", "v" * 43, APP)
