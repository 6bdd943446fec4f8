"""Where a consent may come back to, and which page may hear of it."""

import pytest

from app.errors import InvalidInput
from app.grants.contract import Provider
from app.grants.origins import allowed_redirect, hearing_origin
from tests.support.jobs import settings_for

DRIVE = Provider.GOOGLE_DRIVE
OWN = "https://sluice.example.org/api/v2/cloud-storage/auth/google_drive/callback"
APP = "https://app.example.org/callback"


@pytest.fixture
def settings(tmp_path):
    return settings_for(
        tmp_path,
        public_url="https://sluice.example.org",
        oauth_redirect_uris=f"{APP},https://other.example.org:8443/x?y=1,http://[::1]:3000/,org.example.app:/callback,HTTPS://Big.example.org:443/",
        trusted_origins="https://page.example.org",
    )


def test_a_consent_comes_back_to_our_own_page_unless_something_else_is_asked_for(settings):
    assert allowed_redirect(settings, DRIVE, None) == OWN
    assert allowed_redirect(settings, DRIVE, OWN) == OWN
    assert allowed_redirect(settings, DRIVE, APP) == APP


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param("", id="empty"),
        pytest.param(f"{APP}/", id="a slash more"),
        pytest.param(f"{APP}?x=1", id="a query more"),
        pytest.param(APP.upper(), id="other case"),
        pytest.param("https://app.example.org/callback/../evil", id="a path that leads elsewhere"),
        pytest.param("https://app.example.org", id="its beginning"),
        pytest.param("https://app.example.org.evil.example/callback", id="another host"),
        pytest.param("http://app.example.org/callback", id="another scheme"),
        pytest.param(f"{APP}\n", id="a line more"),
        pytest.param(f"{OWN}/", id="ours with a slash more"),
    ],
)
def test_only_what_the_operator_allowed_is_taken_character_by_character(settings, wanted):
    with pytest.raises(InvalidInput) as refused:
        allowed_redirect(settings, DRIVE, wanted)

    assert refused.value.field == "redirect_uri"


@pytest.mark.parametrize(
    ("origin", "redirect_uri", "heard"),
    [
        pytest.param("https://page.example.org", OWN, "https://page.example.org", id="a page that the operator trusts"),
        pytest.param(
            "https://page.example.org", APP, "https://page.example.org", id="a trusted page, whatever the address"
        ),
        pytest.param("https://evil.example.org", OWN, "https://sluice.example.org", id="another page: our own"),
        pytest.param(
            "https://evil.example.org", APP, "https://app.example.org", id="another page: that of the address"
        ),
        pytest.param("null", APP, "https://app.example.org", id="a page without an origin"),
        pytest.param(None, APP, "https://app.example.org", id="no page"),
        pytest.param(None, OWN, "https://sluice.example.org", id="no page and no address"),
        pytest.param("*", OWN, "https://sluice.example.org", id="never all pages"),
        pytest.param(None, "https://other.example.org:8443/x?y=1", "https://other.example.org:8443", id="a port"),
        pytest.param(None, "HTTPS://Big.example.org:443/", "https://big.example.org", id="as a browser writes it"),
        pytest.param(None, "http://[::1]:3000/", "http://[::1]:3000", id="an IPv6 address"),
        pytest.param(None, "org.example.app:/callback", "https://sluice.example.org", id="an app's own scheme"),
    ],
)
def test_one_origin_may_hear_how_it_ended(settings, origin, redirect_uri, heard):
    assert hearing_origin(settings, DRIVE, origin, redirect_uri) == heard
