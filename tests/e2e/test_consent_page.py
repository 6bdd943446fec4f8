"""The consent in a real browser: who may hears how it ended, nobody else does, and nothing of a hostile answer runs."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.aion import Aion, own_callback, own_url, service_with
from tests.support.google_fake import google as fake_google
from tests.support.service import eventually

pytestmark = pytest.mark.slow

APPLICATION = b"""<!doctype html><meta charset="utf-8"><title>Application</title><script>
window.heard = [];
addEventListener("message", event => heard.push({data: event.data, origin: event.origin, own: event.source === popup}));
let popup = null;
const open_popup = url => { popup = window.open(url, "consent", "width=600,height=700"); };
</script>"""

LISTEN = """() => {
    window.heard = [];
    new BroadcastChannel("sluice:oauth").onmessage = event => heard.push(event.data);
}"""

HOSTILE = [
    pytest.param("</script><img src='/canary' onerror='opener.canary = canary = 1'>", id="the end of the script"),
    pytest.param("\u2028canary = 1; alert(1);\u2029//", id="ends of lines"),
    pytest.param('"; canary = 1; opener.canary = 1; alert(1); //', id="double quotes"),
    pytest.param("'; canary = 1; alert(1); //`${alert(1)}`\\", id="other quotes, a template, a backslash"),
    pytest.param("<!--<script>alert(1)", id="a comment that hides the end of the script"),
    pytest.param("&quot;&lt;/script&gt;<svg onload=alert(1)>", id="entities"),
]


@contextmanager
def application():
    """Serve a page of an application, on an origin of its own; give the address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(APPLICATION)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def ours():
    """The application whose origin is trusted."""
    with application() as url:
        yield url


@pytest.fixture(scope="module")
def strangers():
    with application() as url:
        yield url


@pytest.fixture(scope="module")
def service(tmp_path_factory, rclone, google, ours):
    folder = tmp_path_factory.mktemp("consent")
    with service_with(google, folder, rclone, TRUSTED_ORIGINS=ours) as service:
        yield service


@pytest.fixture
def aion(service, google):
    return Aion(service, google)


class Seen:
    """What happened in all pages of one browser's window: requests, dialogs, and what was written on consoles.

    Attributes:
        first: the page that is there for all tests: a new one takes longer than most of what they do with it.
    """

    def __init__(self, context):
        self.context, self.requests, self.dialogs, self.console = context, [], [], []
        self.first = context.new_page()
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.on("console", self._written)

    def forget(self):
        """Close all pages but the first, which forgets what it had, and have nothing be seen so far."""
        for page in self.context.pages:
            if page != self.first:
                page.close()
        self.first.goto("about:blank")
        for each in (self.requests, self.dialogs, self.console):
            each.clear()

    def _written(self, message):
        if not message.text.startswith("Failed to load resource"):  # the icon of a site that has none
            self.console.append(message.text)


@pytest.fixture(scope="module")
def window(browser):
    with browser.new_context() as context:
        yield Seen(context)


@pytest.fixture
def seen(window):
    yield window
    window.forget()


def opened(page, url):
    """Have a page open a popup, and return that."""
    with page.expect_popup() as popup:
        page.evaluate("url => open_popup(url)", url)
    return popup.value


def heard(page):
    return page.evaluate("heard")


def decided(popup, aion, button="#allow"):
    """Choose the person's account at Google, decide, and wait until the popup has closed itself."""
    popup.select_option("select[name=account]", aion.account.sub)
    with popup.expect_event("close"):
        popup.click(button)


def test_the_application_hears_of_a_consent_and_finishes_it(aion, ours, seen, service):
    begun = aion.begun(Origin=ours)
    page = seen.first
    page.goto(ours)
    decided(opened(page, begun["authorization_url"]), aion)
    eventually(lambda: heard(page), what="the message")
    (message,) = heard(page)
    finished = aion.finish(message["data"]).json()

    assert (message["origin"], message["own"]) == (own_url(service), True)
    assert set(message["data"]) == {"type", "provider", "code", "state"}
    assert (message["data"]["type"], message["data"]["provider"]) == ("sluice:oauth", "google_drive")
    assert message["data"]["state"] == begun["state"]
    assert finished["is_new"] is True
    assert finished["connection"]["provider_email"] == aion.account.email
    assert seen.console == []


def test_the_application_hears_of_a_refusal(aion, ours, seen):
    begun = aion.begun(Origin=ours)
    page = seen.first
    page.goto(ours)
    decided(opened(page, begun["authorization_url"]), aion, "#deny")
    eventually(lambda: heard(page), what="the message")

    assert heard(page)[0]["data"] == {
        "type": "sluice:oauth", "provider": "google_drive", "error": "access_denied", "state": begun["state"],
    }  # fmt: skip


def test_a_stranger_that_opens_the_same_address_hears_nothing(aion, ours, strangers, seen):
    begun = aion.begun(Origin=ours)
    page = seen.context.new_page()
    page.goto(strangers)
    decided(opened(page, begun["authorization_url"]), aion)
    page.evaluate("postMessage('a message of its own', '*')")
    eventually(lambda: heard(page), what="the message")

    assert [message["data"] for message in heard(page)] == ["a message of its own"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_hostile_answer_runs(aion, ours, seen, service, text):
    state = aion.begun(Origin=ours)["state"]
    page = seen.first
    page.goto(ours)
    before = len(seen.requests)
    url = page.evaluate(
        "([url, fields]) => url + '?' + new URLSearchParams(fields)",
        [own_callback(service), {"error": text, "error_description": text, "state": state}],
    )
    opened(page, url)
    eventually(lambda: heard(page), what="the message")
    eventually(lambda: page.evaluate("popup.closed"), what="the end of the popup")

    assert heard(page)[0]["data"] == {
        "type": "sluice:oauth", "provider": "google_drive", "error": text, "error_description": text, "state": state,
    }  # fmt: skip
    assert len(seen.requests) == before + 1
    assert page.evaluate("typeof canary") == "undefined"
    assert (seen.dialogs, seen.console) == ([], [])


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_hostile_code_runs(aion, ours, seen, service, text):
    state = aion.begun(Origin=ours)["state"]
    page = seen.first
    page.goto(ours)
    url = page.evaluate(
        "([url, fields]) => url + '?' + new URLSearchParams(fields)",
        [own_callback(service), {"code": text, "state": state}],
    )
    opened(page, url)
    eventually(lambda: heard(page), what="the message")

    assert heard(page)[0]["data"]["code"] == text
    assert page.evaluate("typeof canary") == "undefined"
    assert (seen.dialogs, seen.console) == ([], [])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_state_gets_a_page_that_does_and_shows_nothing_of_it(ours, seen, service, text):
    page = seen.first
    page.goto(ours)
    url = page.evaluate(
        "([url, fields]) => url + '?' + new URLSearchParams(fields)",
        [own_callback(service), {"error": text, "state": text}],
    )
    popup = opened(page, url)
    popup.wait_for_load_state()

    assert popup.inner_text("body") == (
        "This answer fits no consent that is under way. Begin again in your application."
    )
    assert heard(page) == []
    assert page.evaluate("typeof canary") == "undefined"
    assert seen.dialogs == []


def test_without_a_window_that_opened_it_the_page_says_what_to_do_and_forgets_the_code(aion, ours, seen, service):
    state = aion.begun(Origin=ours)["state"]
    page = seen.first
    page.goto(ours)
    page.goto(f"{own_callback(service)}?code=secret-code&state={state}")

    assert "return to the application" in page.inner_text("body")
    assert page.url == own_callback(service)
    assert "secret-code" not in page.evaluate("document.body.innerText")


def test_pages_of_our_own_origin_hear_of_it_without_having_opened_it(aion, seen, service):
    state = aion.begun()["state"]
    listener = seen.context.new_page()
    listener.goto(f"{own_url(service)}/health")
    listener.evaluate(LISTEN)
    page = seen.context.new_page()
    page.goto(f"{own_url(service)}/health")
    page.goto(f"{own_callback(service)}?code=the-code&state={state}")
    eventually(lambda: heard(listener), what="the message")

    assert heard(listener) == [
        {"type": "sluice:oauth", "provider": "google_drive", "code": "the-code", "state": state},
    ]


def test_pages_of_our_own_origin_hear_nothing_that_is_for_another(aion, ours, seen, service):
    listener = seen.context.new_page()
    listener.goto(f"{own_url(service)}/health")
    listener.evaluate(LISTEN)
    page = seen.context.new_page()
    page.goto(f"{own_url(service)}/health")
    for code, origin in (("for-another", {"Origin": ours}), ("for-us", {})):
        page.goto(f"{own_callback(service)}?code={code}&state={aion.begun(**origin)['state']}")
    eventually(lambda: heard(listener), what="the message")

    assert [told["code"] for told in heard(listener)] == ["for-us"]
