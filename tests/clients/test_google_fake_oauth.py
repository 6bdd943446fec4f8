"""The OAuth endpoints of the fake Google of the tests, driven by Google's own client, of which only the addresses differ."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.clients import GoogleClient
from tests.support.google_accounts import EMAIL
from tests.support.google_fake import google
from tests.support.google_oauth import DRIVE_FILE

pytestmark = pytest.mark.slow

CALLBACK = "http://localhost:5000/callback"


@pytest.fixture
def fake():
    with google(CALLBACK) as fake:
        yield fake


def consented(fake, scopes, **decision):
    """Return what the client is told at the end of a consent: the answer to the exchange and the verifier."""
    client = GoogleClient(fake.settings)
    asked = client.run(
        """
        flow = google.flow(redirect_uri, scopes)
        url, state = flow.authorization_url(access_type="offline", prompt="consent")
        show({"url": url, "state": state, "verifier": flow.code_verifier})
        """,
        redirect_uri=CALLBACK,
        scopes=scopes,
    )
    told = {
        name: values[0] for name, values in parse_qs(urlsplit(fake.consent(asked["url"], **decision)).query).items()
    }
    assert told["state"] == asked["state"]
    return client, told, asked["verifier"]


def test_the_client_gets_tokens_for_a_consent_with_pkce_and_renews_them(fake):
    scopes = ["openid", EMAIL, DRIVE_FILE]
    client, told, verifier = consented(fake, scopes)
    shown = client.run(
        """
        from google.auth.transport.requests import Request
        flow = google.flow(redirect_uri, scopes, verifier)
        first = flow.fetch_token(code=code)
        credentials = flow.credentials
        credentials.refresh(Request())
        email = google.drive(credentials).about().get(fields="user").execute()["user"]["emailAddress"]
        show({"first": first, "second": credentials.token, "refresh_token": credentials.refresh_token, "email": email})
        """,
        redirect_uri=CALLBACK,
        scopes=scopes,
        verifier=verifier,
        code=told["code"],
    )

    assert set(shown["first"]["scope"]) == set(scopes)
    assert shown["first"]["refresh_token"] == shown["refresh_token"]
    assert shown["second"] != shown["first"]["access_token"]
    assert shown["email"] == fake.person.email
    assert fake.oauth.refreshes == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"verifier": "x" * 64}, "Invalid code verifier", id="another verifier"),
        pytest.param({"verifier": None}, "Missing code verifier", id="no verifier"),
        pytest.param({"code": "4/0Aunknown"}, "Malformed auth code", id="another code"),
        pytest.param({"redirect_uri": CALLBACK + "/"}, "redirect_uri_mismatch", id="another redirect URI"),
    ],
)
def test_the_client_is_refused_an_exchange_that_is_not_what_was_consented_to(fake, change, error):
    scopes = ["openid", DRIVE_FILE]
    client, told, verifier = consented(fake, scopes)
    values = {"redirect_uri": CALLBACK, "verifier": verifier, "code": told["code"]} | change

    shown = client.run(
        """
        flow = google.flow(redirect_uri, scopes, verifier)
        flow.autogenerate_code_verifier = False
        try:
            show(dict(flow.fetch_token(code=code)))
        except Exception as error:
            show(str(error))
        """,
        scopes=scopes,
        **values,
    )

    assert error in shown


def test_a_code_is_good_once(fake):
    client, told, verifier = consented(fake, ["openid", DRIVE_FILE])
    shown = client.run(
        """
        found = []
        for _ in range(2):
            try:
                found.append("refresh_token" in google.flow(redirect_uri, scopes, verifier).fetch_token(code=code))
            except Exception as error:
                found.append(str(error))
        show(found)
        """,
        redirect_uri=CALLBACK,
        scopes=["openid", DRIVE_FILE],
        verifier=verifier,
        code=told["code"],
    )

    assert shown[0] is True
    assert "invalid_grant" in shown[1]
