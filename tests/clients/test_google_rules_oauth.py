"""What the OAuth endpoints of the fake Google of the tests insist on."""

import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.support.google_accounts import EMAIL, PROFILE
from tests.support.google_fake import google
from tests.support.google_oauth import DRIVE_FILE
from tests.support.google_visitor import Visitor

CALLBACK = "http://localhost:5000/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def fake():
    with google(CALLBACK) as fake:
        yield fake


@pytest.fixture
def visitor(fake):
    return Visitor(fake)


def asked(fake, **changes):
    """Return an authorization URL."""
    told = {
        "client_id": fake.oauth.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": f"openid email profile {DRIVE_FILE}",
        "state": "s&=",
        "access_type": "offline",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | changes
    return fake.settings["GOOGLE_AUTHORIZE_URL"] + "?" + urlencode({key: value for key, value in told.items() if value})


def sent(location):
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def exchanged(fake, visitor, code, **changes):
    told = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": fake.oauth.client_id,
        "client_secret": fake.oauth.client_secret,
    } | changes
    return visitor.form("/token", **told)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"redirect_uri": CALLBACK + "/"}, "redirect_uri_mismatch", id="a redirect URI with more"),
        pytest.param({"redirect_uri": None}, "redirect_uri", id="no redirect URI"),
        pytest.param({"client_id": "x"}, "invalid_client", id="another client"),
        pytest.param({"response_type": "token"}, "unsupported_response_type", id="another response type"),
        pytest.param({"scope": "openid all"}, "invalid_scope", id="a scope that is none"),
        pytest.param({"code_challenge": "short"}, "invalid_request", id="a challenge that is too short"),
        pytest.param({"code_challenge_method": "S512"}, "invalid_request", id="another way to challenge"),
        pytest.param({"access_type": "always"}, "invalid_request", id="another access type"),
    ],
)
def test_a_request_for_consent_that_is_wrong_shows_a_page_and_sends_nobody_back(fake, changes, error):
    with pytest.raises(AssertionError, match=error):
        fake.consent(asked(fake, **changes))


def test_who_refuses_is_sent_back_with_the_state_and_no_code(fake):
    assert sent(fake.consent(asked(fake), deny=True)) == {"state": "s&=", "error": "access_denied"}
    assert sent(fake.consent(asked(fake), deny="org_internal"))["error"] == "org_internal"


def test_scopes_come_back_by_their_long_names_and_without_what_was_not_ticked(fake, visitor):
    told = sent(fake.consent(asked(fake), scopes=[]))
    assert set(told["scope"].split()) == {"openid", EMAIL, PROFILE}

    exchanged(fake, visitor, told["code"])
    assert set(visitor.told["scope"].split()) == {"openid", EMAIL, PROFILE}


def test_a_refresh_token_comes_with_the_first_consent_and_with_one_that_is_asked_for(fake, visitor):
    came = []
    for changes in ({}, {}, {"prompt": "consent"}, {"prompt": "consent", "access_type": None}):
        exchanged(fake, visitor, sent(fake.consent(asked(fake, **changes)))["code"])
        came.append("refresh_token" in visitor.told)

    assert came == [True, False, True, False]


def test_a_refresh_brings_no_new_refresh_token_unless_they_rotate(fake, visitor):
    known = {"client_id": fake.oauth.client_id, "client_secret": fake.oauth.client_secret}
    old = fake.refresh_token()
    assert "refresh_token" not in visitor.form("/token", grant_type="refresh_token", refresh_token=old, **known)

    fake.oauth.rotates = True
    assert visitor.form("/token", grant_type="refresh_token", refresh_token=old, **known)["refresh_token"] != old
    visitor.form("/token", grant_type="refresh_token", refresh_token=old, **known)
    assert (visitor.status, visitor.told["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        pytest.param({"client_secret": "x"}, 401, "invalid_client", id="another secret"),
        pytest.param({"client_id": "x"}, 401, "invalid_client", id="another client"),
        pytest.param({"client_id": ""}, 400, "invalid_request", id="no client"),
        pytest.param({"grant_type": "password"}, 400, "unsupported_grant_type", id="another grant type"),
        pytest.param({"redirect_uri": "http://localhost/"}, 400, "redirect_uri_mismatch", id="another redirect URI"),
        pytest.param({"code_verifier": VERIFIER + "v"}, 400, "invalid_grant", id="another verifier"),
    ],
)
def test_an_exchange_that_is_wrong_is_refused_in_the_form_of_oauth(fake, visitor, changes, status, error):
    exchanged(fake, visitor, sent(fake.consent(asked(fake)))["code"], **changes)

    assert (visitor.status, visitor.told["error"]) == (status, error)


def test_a_code_ends(fake, visitor):
    code = sent(fake.consent(asked(fake)))["code"]
    fake.oauth.expire_codes()
    exchanged(fake, visitor, code)

    assert (visitor.status, visitor.told["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_grant(fake, visitor, kind):
    told = exchanged(fake, visitor, sent(fake.consent(asked(fake)))["code"])
    visitor.form("/revoke", token=told[kind])
    assert visitor.status == 200
    visitor.form("/revoke", token=told[kind])
    assert (visitor.status, visitor.told["error"]) == (400, "invalid_token")

    visitor.ask("GET", "/v1/userinfo", Authorization=f"Bearer {told['access_token']}")
    assert visitor.status == 401
    visitor.ask("GET", "/drive/v3/files", Authorization=f"Bearer {told['access_token']}")
    assert visitor.refusal == (401, "authError")


def test_userinfo_tells_what_the_scopes_allow(fake, visitor):
    told = exchanged(fake, visitor, sent(fake.consent(asked(fake, scope=f"openid email {DRIVE_FILE}")))["code"])
    found = visitor.ask("GET", "/v1/userinfo", Authorization=f"Bearer {told['access_token']}")

    assert found == {"sub": fake.person.sub, "email": fake.person.email, "email_verified": True}


def test_a_revoked_token_stays_dead_when_the_account_consents_anew(fake, visitor):
    fake.revoke()
    fake.tokens()
    visitor.ask("GET", "/drive/v3/files")

    assert visitor.refusal == (401, "authError")
