"""The dashboard in a real browser, over a running service and a real S3 server."""

import itertools
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.accounts.caller import Role
from tests.support.galaxy import Hold
from tests.support.meddling import meddling
from tests.support.servers import ACCESS_KEY
from tests.support.service import running_service
from tests.support.showcase import showcase

PASSWORD = "a password of this test"
PATIENCE = 60_000
"""Milliseconds: how long whatever a page is to show may take on a machine that has much else to do."""

expect.set_options(timeout=PATIENCE)

_numbers = itertools.count()


@pytest.fixture(scope="session")
def service(tmp_path_factory, rclone):
    """A service as ``make run`` starts it: whoever calls without a name sees and starts jobs."""
    with running_service(tmp_path_factory.mktemp("open"), rclone) as service:
        yield service


@pytest.fixture(scope="session")
def closed(tmp_path_factory, rclone):
    """A service that asks everybody who he is."""
    with running_service(tmp_path_factory.mktemp("closed"), rclone, SYNC_AUTH="required") as service:
        yield service


@pytest.fixture
def name():
    """A name for a bucket, a folder of the uploads folder or a user, that no other test uses."""
    return f"page-{next(_numbers)}"  # the API tests have buckets of the same server


@pytest.fixture
def folder(service, name):
    """A folder of the open service with three small files."""
    folder = service.uploads / name
    folder.mkdir()
    for number in range(3):
        (folder / f"f{number}.txt").write_text(f"content {number}")
    return folder


@contextmanager
def holding_up(server, *keys):
    """Hold the uploads of these objects until each is released; yield what a sync takes for that, and the holds.

    It uploads one after the other, with the shortest of pauses: else all would be under way before its plan is complete.
    """
    holds = [Hold("PUT", key) for key in keys]
    given = {"access_key": ACCESS_KEY, "secret_key": server.secret_key, "wait": 0.05}
    with meddling(server) as proxy:
        proxy.before = lambda request: [hold(request) for hold in holds][-1]
        try:
            yield given | {"storage_url": proxy.as_server.endpoint}, *holds
        finally:
            for hold in holds:
                hold.release()


@pytest.fixture
def new_person(name):
    """Make a user of a service who can sign in with `PASSWORD`."""
    numbers = itertools.count()

    def make(service, role=Role.USER, **key):
        return service.person(f"{name}-{next(numbers)}", role, PASSWORD, **key)

    return make


class Watch:
    """What a browser's window did that no page of ours may do."""

    def __init__(self, context, allowed):
        self._allowed = allowed
        self.problems = []
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.problems.append(f"a script failed: {error.error}"))

    def _requested(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.netloc not in self._allowed:
            self.problems.append(f"another host was asked: {request.url}")

    def _said(self, message):
        # A server that was killed, or an answer of 4xx, is written there too, and is no fault of a page.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"the console says: {message.text}")


@contextmanager
def windows(browser, *known):
    """Open browser windows that share nothing; at the end none of them has asked another host, or broken a rule."""
    watches, contexts = [], []

    def open_one(*services, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        watches.append(Watch(context, {urlsplit(each.url).netloc for each in (*known, *services)}))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []


@pytest.fixture
def new_window(browser, service):
    with windows(browser, service) as new_window:
        yield new_window


@pytest.fixture(scope="session")
def shown(tmp_path_factory):
    """A service that has something to show on every kind of page; nobody changes it."""
    with showcase(tmp_path_factory.mktemp("showcase"), pause=30) as shown:
        yield shown


@pytest.fixture
def page(new_window):
    """A window on which nobody is signed in."""
    return new_window()


def sign_in(page, service, person):
    """Sign in as a person would."""
    page.goto(f"{service.url}/sign-in")
    page.fill("#username", person.name)
    page.fill("#password", person.password or person.key)
    page.click("main button")
    page.wait_for_url(f"{service.url}/")
