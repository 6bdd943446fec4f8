"""Users, connections and grants in one database, beside a Google of ours."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.connections.service import ConnectionService
from app.grants.service import GrantService
from app.grants.tokens import GrantTokens
from tests.support.google_fake import google
from tests.support.jobs import settings_for

PROVIDER = "google_drive"
APP = "https://app.example.org/callback"


class Clock:
    """Says a time that a test moves; whoever pauses moves it too."""

    def __init__(self, now=1_800_000_000.0):
        self.now = now
        self.paused = 0

    def __call__(self):
        return self.now

    def pause(self, seconds):
        self.paused += 1
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def fake():
    with google(APP) as fake:
        yield fake


@pytest.fixture
def settings(tmp_path, fake):
    settings = settings_for(tmp_path / "data", oauth_redirect_uris=APP, **fake.settings)
    fake.redirect_uris.add(f"{settings.own_url}/api/v2/cloud-storage/auth/{PROVIDER}/callback")
    return settings


@pytest.fixture
def anna(people):
    return people.user("anna")


@pytest.fixture
def bert(people):
    return people.user("bert")


@pytest.fixture
def tokens(settings, database, box, clock):
    return GrantTokens(settings, database, box, clock, clock.pause)


@pytest.fixture
def connections(settings, database, box, tokens):
    return ConnectionService(database, box, settings, tokens=tokens.of)


@pytest.fixture
def service(settings, database, box, connections, clock):
    service = GrantService(settings, database, box, connections, clock)
    connections.tell(service)
    return service


@pytest.fixture
def consented(service, fake):
    """Have somebody begin a consent and give it; return what came back."""

    def consented(caller, redirect_uri=None, **choices):
        begun = service.begin(caller, PROVIDER, redirect_uri, None)
        told = parse_qs(urlsplit(fake.consent(begun.url, **choices)).query)
        return SimpleNamespace(state=told["state"][0], code=told.get("code", [""])[0])

    return consented


@pytest.fixture
def connected(service, consented):
    """Have somebody connect his account; return what was completed."""

    def connected(caller, **choices):
        answer = consented(caller, **choices)
        return service.complete(caller, PROVIDER, answer.code, answer.state)

    return connected
