"""What is asked of Google and how, what answers are taken, and that no secret is told."""

import json
import logging
import math
import traceback
from dataclasses import replace
from urllib.parse import parse_qs

import pytest

from app.errors import ConsentRefused, InvalidCredentials, NotConfigured, SluiceError, StorageUnreachable
from app.grants.oauth import GoogleOAuth
from tests.support.places import place, redirecting
from tests.support.servers import free_port

PROVIDER = "google_drive"
TOKEN = "POST /token"


@pytest.fixture
def oauth(settings):
    return GoogleOAuth(settings)


def refused(ask):
    with pytest.raises(SluiceError) as error:
        ask()
    return error.value


def test_a_code_is_exchanged_with_the_secret_in_the_form_and_the_verifier(connected, fake, anna, settings):
    connected(anna)
    [seen] = fake.asked(TOKEN)
    form = {name: value for name, [value] in parse_qs(seen.body.decode()).items()}

    assert "Authorization" not in seen.headers
    assert 43 <= len(form.pop("code_verifier")) <= 128
    assert form.pop("code")
    assert form == {
        "grant_type": "authorization_code",
        "client_id": settings.google_client_id,
        "client_secret": settings.google_client_secret,
        "redirect_uri": f"{settings.own_url}/api/v2/cloud-storage/auth/google_drive/callback",
    }


def test_a_revocation_holds_the_token_and_nothing_else(connected, service, fake, anna):
    service.disconnect(anna, connected(anna).grant.connection_id)
    [seen] = fake.asked("POST /revoke")

    assert [*parse_qs(seen.body.decode())] == ["token"]
    assert "Authorization" not in seen.headers


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(400, {"error": "invalid_grant"}, ConsentRefused, id="the code is none"),
        pytest.param(400, {"error": "invalid_request"}, ConsentRefused, id="something is missing"),
        pytest.param(403, {"error": "access_denied"}, ConsentRefused, id="denied"),
        pytest.param(401, {"error": "invalid_client"}, NotConfigured, id="the client is none"),
        pytest.param(400, {"error": "redirect_uri_mismatch"}, NotConfigured, id="the address is not registered"),
        pytest.param(400, {"error": "temporarily_unavailable"}, StorageUnreachable, id="for the moment"),
        pytest.param(400, {"error": {"code": 400, "message": "no"}}, StorageUnreachable, id="an error of another form"),
        pytest.param(400, "<html>Bad request</html>", StorageUnreachable, id="HTML for a refusal"),
        pytest.param(200, "<html>Welcome</html>", StorageUnreachable, id="HTML"),
        pytest.param(200, "[]", StorageUnreachable, id="a list"),
        pytest.param(200, "", StorageUnreachable, id="nothing"),
        pytest.param(200, {}, StorageUnreachable, id="no token"),
        pytest.param(200, {"access_token": "a b"}, StorageUnreachable, id="a token that is none"),
        pytest.param(200, {"access_token": "x", "expires_in": [1]}, StorageUnreachable, id="a list of seconds"),
        pytest.param(200, {"access_token": "x", "expires_in": math.inf}, StorageUnreachable, id="good for ever"),
        pytest.param(200, {"access_token": "x", "expires_at": [1]}, StorageUnreachable, id="a list of ends"),
        pytest.param(200, "[" * 60_000, StorageUnreachable, id="deep"),
        pytest.param(200, json.dumps({"access_token": "x", "more": "x" * 70_000}), StorageUnreachable, id="too long"),
        pytest.param(429, {"error": "invalid_grant"}, StorageUnreachable, id="too many requests"),
        pytest.param(500, {"error": "invalid_grant"}, StorageUnreachable, id="an error of its own"),
        pytest.param(503, "<html>", StorageUnreachable, id="down"),
    ],
)
def test_each_answer_to_an_exchange_means_one_thing(oauth, fake, status, body, kind):
    fake.fail(TOKEN, status, body=body)
    error = refused(lambda: oauth.exchange("4/code", "v" * 43, "https://app.example.org/callback"))

    assert type(error) is kind
    assert len(fake.asked(TOKEN)) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere_with_a_secret(settings, status):
    with place() as elsewhere, redirecting(status, f"http://{elsewhere.host}:{elsewhere.port}/") as (url, seen):
        there = dict.fromkeys(("google_token_url", "google_userinfo_url", "google_revoke_url"), f"{url}/x")
        oauth = GoogleOAuth(replace(settings, **there))
        for ask in (
            lambda: oauth.exchange("4/code", "v" * 43, "https://app.example.org/callback"),
            lambda: oauth.renewed("1//0refresh"),
            lambda: oauth.revoke("1//0refresh"),
        ):
            assert type(refused(ask)) is StorageUnreachable

        assert len(seen) == 3
        assert elsewhere.arrivals() == []


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(lambda fake: fake.drop(TOKEN), id="it hangs up"),
        pytest.param(lambda fake: fake.cut(TOKEN, 20), id="it stops in the middle"),
    ],
)
def test_an_answer_that_breaks_off_is_none(oauth, fake, trouble):
    trouble(fake)
    error = refused(lambda: oauth.renewed(fake.refresh_token()))

    assert type(error) is StorageUnreachable


def test_what_does_not_listen_is_unreachable(settings):
    oauth = GoogleOAuth(replace(settings, google_token_url=f"http://127.0.0.1:{free_port()}/token"))

    assert type(refused(lambda: oauth.renewed("1//0refresh"))) is StorageUnreachable


@pytest.mark.parametrize("missing", ["google_client_id", "google_client_secret"])
def test_whoever_took_the_settings_away_is_told_so_and_google_is_not_asked(settings, fake, missing):
    oauth = GoogleOAuth(replace(settings, **{missing: ""}))
    error = refused(lambda: oauth.renewed(fake.refresh_token()))

    assert type(error) is InvalidCredentials
    assert missing.upper() in str(error)
    assert not fake.asked(TOKEN)


def test_neither_a_proxy_nor_a_netrc_of_the_environment_is_used(oauth, fake, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login anna password canary\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with place() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}:{proxy.port}")
        assert oauth.renewed(fake.refresh_token()).access_token

        assert proxy.arrivals() == []
    assert "Authorization" not in fake.asked(TOKEN)[-1].headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, ConsentRefused), (403, ConsentRefused), (404, StorageUnreachable), (503, StorageUnreachable)],
)
def test_an_account_that_is_not_told_connects_nothing(service, consented, fake, anna, status, kind):
    answer = consented(anna)
    fake.fail("GET /v1/userinfo", status)
    error = refused(lambda: service.complete(anna, PROVIDER, answer.code, answer.state))

    assert type(error) is kind
    assert service.list(anna, active_only=False) == []


class Listening(logging.Handler):
    """Keeps all that is logged, by anybody, with the frames of errors."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.text = []

    def emit(self, record):
        self.text.append(
            f"{record.getMessage()}\n{''.join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ''}"
        )


@pytest.fixture
def logged():
    listening = Listening()
    # The azure driver silences the second one in the whole process.
    loggers = [logging.getLogger(), logging.getLogger("urllib3.connectionpool")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(listening)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield listening.text
    loggers[0].removeHandler(listening)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_no_secret_is_logged_shown_or_raised(
    service, connected, consented, tokens, fake, settings, logged, anna, clock
):
    told = []
    done = connected(anna)
    token = tokens.of(done.grant.connection_id).current()
    answer = consented(anna)
    secret = "canary-7d21"
    for status, body in ((400, {"error": "invalid_grant", "error_description": secret}), (400, f"<html>{secret}"), (503, secret), (401, {"error": "invalid_client", "error_description": secret}), (200, {"access_token": f"{secret} x"})):  # fmt: skip
        begun = service.begin(anna, PROVIDER, None, None)
        told.append(repr(begun))
        fake.fail(TOKEN, status, body=body)
        told.append(
            refused(lambda begun=begun: service.complete(anna, PROVIDER, f"{answer.code}{secret}", begun.state))
        )
        clock.now += 4000
        fake.fail(TOKEN, 503 if status == 400 else status, body=body)
        told.append(refused(tokens.of(done.grant.connection_id).current))
    fake.fail("POST /revoke", 503, body=secret)
    refresh = fake.oauth.grants[fake.person.sub].refresh_tokens[0]
    service.disconnect(anna, done.grant.connection_id)

    everything = "\n".join([*logged, repr(done), *(described(one) for one in told)])
    verifiers = [parse_qs(seen.body.decode()).get("code_verifier", ["-none-"])[0] for seen in fake.asked(TOKEN)]
    assert "POST /token" in everything  # urllib3's lines were listened to
    for hidden in (secret, token, refresh, answer.code, answer.state, settings.google_client_secret, *verifiers):
        assert hidden not in everything


def described(told):
    return "".join(traceback.format_exception(told)) + repr(told) if isinstance(told, Exception) else str(told)
