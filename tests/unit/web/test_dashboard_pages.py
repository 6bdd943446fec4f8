"""What every page of the dashboard keeps to, asked of the URL map, so that a new page cannot be forgotten."""

import re
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from lxml import html

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from app.dashboard.assets import FINGERPRINT
from app.dashboard.blueprint import POLICY
from app.mirrors.request import MirrorRequest
from app.web.scoped import CHANGES
from app.webhooks.contract import Draft
from tests.support.jobs import settings_for
from tests.support.people import new_connection

PASSWORD = "a password of this test"
OTHER_SITE = [
    pytest.param({"Sec-Fetch-Site": "cross-site"}, id="fetch metadata"),
    pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbouring site"),
    pytest.param({"Origin": "https://evil.example"}, id="origin"),
    pytest.param({"Referer": "https://evil.example/"}, id="referrer"),
]
ADDRESSES = ("action", "cite", "data-live", "formaction", "href", "poster", "src", "srcset")
SIGNING_IN = "/sign-in"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    services = build_services(settings_for(tmp_path_factory.mktemp("data"), sync_auth="required"))
    yield create_app(services)
    services.database.close()


@pytest.fixture(scope="module")
def ann(app):
    accounts, authentication = app.extensions["sluice"].accounts, app.extensions["sluice"].authentication
    accounts.create_user("ann", Role.ADMIN, PASSWORD)
    return authentication.by_key(accounts.create_key("ann").key)


@pytest.fixture(scope="module")
def ids(app, ann):
    """What stands in an address of a page: the id of a job, of a connection, or of a webhook."""
    services = app.extensions["sluice"]
    connection = services.connections.create(ann, new_connection())
    services.mirrors.submit(MirrorRequest(dest="photos", source="<b>&"), caller=ann)
    planned = services.mirrors.submit(MirrorRequest(dest="photos", dry_run=True), caller=ann)
    services.jobs.request_cancel(services.mirrors.submit(MirrorRequest(dest="other"), caller=ann).id)
    webhook = services.webhooks.create(ann, Draft("https://8.8.8.8/<b>", description="<b>")).webhook
    services.webhooks.test(ann, webhook.id)
    return {"job": planned.id, "connection": connection.id, "webhook": webhook.id}


@pytest.fixture(scope="module")
def client(app, ann):
    """A browser in which ann is signed in; `csrf` is what its forms send along."""
    client = app.test_client()
    answer = client.post(SIGNING_IN, data={"username": ann.name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    client.csrf = client.get_cookie("csrftoken").value
    return client


def rules(app, method):
    """The addresses of the dashboard that take a method."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("dashboard.")]
    return [rule for rule in found if method in rule.methods and rule.endpoint != "dashboard.static"]


def address(rule, ids):
    known = {"/connections": "connection", "/account": "webhook"}
    about = next((name for prefix, name in known.items() if rule.rule.startswith(prefix)), "job")
    return re.sub(r"<[^>]+>", ids[about], rule.rule)


@pytest.fixture(scope="module")
def answers(app, client, ids):
    """What is answered to the GET of every page, and where there is nothing, by address."""
    found = {}
    for path in [*(address(rule, ids) for rule in rules(app, "GET")), "/connections/nothing", "/jobs/nothing"]:
        answer = client.get(path)
        if path.startswith("/live/"):
            answer.close()  # it would never end
        found[path] = answer
    return found


@pytest.fixture(scope="module")
def pages(answers):
    found = {path: answer for path, answer in answers.items() if answer.mimetype == "text/html"}
    return {path: html.document_fromstring(answer.text) for path, answer in found.items()}


def test_there_are_pages_and_they_answer(answers, pages):
    assert len(pages) >= 3
    # What a picture or a look into a storage is wanted of does not listen here.
    assert {path for path, answer in answers.items() if answer.status_code == 500} == set()
    for path in ("/", SIGNING_IN):
        assert answers[path].status_code == 200


def test_every_answer_has_the_headers_that_keep_it(answers):
    for path, answer in answers.items():
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["Cache-Control"] == "no-store", path
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", (
            path
        )  # or a browser would hide where our forms come from


def test_the_policy_lets_nothing_in_but_files_of_our_own():
    words = {name: rest for name, *rest in (part.split() for part in POLICY.split(";"))}

    assert words["default-src"] == words["base-uri"] == words["frame-ancestors"] == ["'none'"]
    assert {word for rest in words.values() for word in rest} == {"'none'", "'self'"}


def test_no_page_holds_a_script_a_style_or_a_handler(pages):
    for path, page in pages.items():
        assert page.xpath("//style | //@style | //*[@srcdoc] | //base | //iframe | //object") == [], path
        assert [name for name in page.xpath("//@*") if name.attrname.startswith("on")] == [], path
        assert all(script.get("src") and not script.text_content() for script in page.iter("script")), path


def test_every_address_in_a_page_is_of_this_host(pages):
    for path, page in pages.items():
        for name in ADDRESSES:
            for found in page.xpath(f"//@{name}"):
                parts = urlsplit(found)
                assert (parts.scheme, parts.netloc) == ("", ""), (path, found)
                assert found == "" or found[0] in "/?#", (path, found)
                assert not found.startswith(("//", "/\\")), (path, found)


def test_every_script_and_style_is_asked_for_by_its_fingerprint(pages):
    for path, page in pages.items():
        for found in page.xpath("//script/@src | //link/@href"):
            assert found.startswith("/static/"), (path, found)
            assert found.endswith(f"?v={FINGERPRINT}"), (path, found)


def test_every_form_that_changes_something_sends_the_word_of_its_session(pages, client):
    forms = [(path, form) for path, page in pages.items() for form in page.iter("form") if form.method == "POST"]

    assert len(forms) >= len(pages)  # each has one to sign out at least
    for path, form in forms:
        assert form.fields.get("csrf_token") == client.csrf or form.action == SIGNING_IN, (path, form.action)


def test_no_form_puts_the_word_of_its_session_into_an_address(pages):
    for path, page in pages.items():
        for form in page.iter("form"):
            assert form.method == "POST" or "csrf_token" not in form.fields, path


def test_every_form_goes_to_a_page_of_ours(app, pages):
    adapter = app.url_map.bind("localhost")
    for path, page in pages.items():
        for form in page.iter("form"):
            for target in [form.get("action") or path, *form.xpath(".//@formaction")]:
                endpoint, _ = adapter.match(urlsplit(target).path, form.method)
                assert endpoint.startswith("dashboard."), (path, target)


def test_what_was_typed_by_people_stands_in_a_page_as_text(answers):
    assert "&lt;b&gt;" in answers["/"].text
    assert "<b>" not in answers["/"].text


def posts(app, ids):
    return [address(rule, ids) for rule in rules(app, "POST") if rule.rule != SIGNING_IN]


def signed_in_again(app, ann):
    """Another browser: a walk over all addresses signs out on its way."""
    client = app.test_client()
    client.post(SIGNING_IN, data={"username": ann.name, "password": PASSWORD})
    return client, client.get_cookie("csrftoken").value


@pytest.mark.parametrize("given", [None, "", "wrong", 64 * "0"], ids=ascii)
def test_no_form_does_anything_without_the_word_of_its_session(app, client, ids, given):
    for path in posts(app, ids):
        answer = client.post(path, data={} if given is None else {"csrf_token": given})

        assert answer.status_code == 403, path
        assert "nothing shows that your own page sent this. Open the page again" in answer.text, path


def test_that_word_does_not_count_in_the_address(app, client, ids):
    for path in posts(app, ids):
        assert client.post(path, query_string={"csrf_token": client.csrf}).status_code == 403, path


@pytest.mark.parametrize("headers", OTHER_SITE)
def test_no_form_does_anything_for_another_site(app, client, ids, headers):
    for path in [*posts(app, ids), SIGNING_IN]:
        answer = client.post(path, data={"csrf_token": client.csrf}, headers=headers)

        assert answer.status_code == 403, path
        assert "Refused: " in answer.text, path
        assert answer.mimetype == "text/html", path
        assert "Set-Cookie" not in answer.headers, path


@pytest.mark.parametrize("by", ["field", "header"])
def test_every_form_works_with_the_word_of_its_session(app, ann, ids, by):
    for path in posts(app, ids):
        client, csrf = signed_in_again(app, ann)
        sent = {"data": {"csrf_token": csrf}} if by == "field" else {"headers": {"X-CSRFToken": csrf}}
        answer = client.post(path, **sent)

        assert "Refused: " not in answer.text, path
        assert answer.status_code not in (401, 500), path


def test_a_read_only_key_changes_nothing_from_its_session_either(app, ids):
    accounts = app.extensions["sluice"].accounts
    accounts.create_user("reader", Role.ADMIN)
    client = app.test_client()
    client.post(SIGNING_IN, data={"username": "reader", "password": accounts.create_key("reader", read_only=True).key})
    form = {"csrf_token": client.get_cookie("csrftoken").value}

    assert client.get("/").status_code == 200
    for path in posts(app, ids):
        if path != "/sign-out":
            answer = client.post(path, data=form)
            assert answer.status_code == 403, path
            assert "may only read" in answer.text, path
    assert client.post("/sign-out", data=form).status_code == 303


def content(app):
    with closing(sqlite3.connect(app.extensions["sluice"].database.path)) as connection:
        return list(connection.iterdump())


def test_looking_at_every_page_changes_nothing(app, client, ids):
    before = content(app)
    for method in ("GET", "HEAD"):
        for rule in rules(app, "GET"):
            client.open(address(rule, ids), method=method).close()

    assert content(app) == before


def test_no_view_that_changes_something_takes_a_get(app):
    views = [app.view_functions[rule.endpoint] for rule in rules(app, "GET")]

    assert [view.__name__ for view in views if hasattr(view, CHANGES)] == []


def test_what_only_a_form_is_for_takes_no_get_and_says_so_on_a_page(app, client, ids):
    only = {rule.rule for rule in rules(app, "POST")} - {rule.rule for rule in rules(app, "GET")}
    for rule in rules(app, "POST"):
        if rule.rule in only:
            answer = client.get(address(rule, ids))
            assert (answer.status_code, answer.mimetype) == (405, "text/html"), rule
            assert "POST" in answer.headers["Allow"], rule


def test_a_head_is_answered_as_the_get_is_without_a_body(client, pages):
    for path in pages:
        answer = client.head(path)
        assert (answer.status_code, answer.data) == (client.get(path).status_code, b""), path


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        pytest.param({"v": FINGERPRINT}, "public, max-age=31536000, immutable", id="by its fingerprint"),
        pytest.param({"v": "another"}, "no-store", id="by that of another version"),
        pytest.param({}, "no-store", id="without one"),
    ],
)
@pytest.mark.parametrize("name", ["sluice.css", "live.js", "icon.svg"])
def test_a_file_is_kept_by_who_asked_for_this_version_of_it(app, name, query, kept):
    answer = app.test_client().get(f"/static/{name}", query_string=query)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == kept
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_a_file_that_is_not_there_is_kept_by_nobody(app):
    answer = app.test_client().get("/static/no.css", query_string={"v": FINGERPRINT})

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize("path", ["/", "/connections", "/jobs/nothing", "/live/jobs", "/sign-in", "/static/sluice.css"])
def test_a_host_that_is_not_trusted_is_told_so_on_a_page(app, path):
    answer = app.test_client().get(path, headers={"Host": "evil.example"})

    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "add it to TRUSTED_HOSTS" in answer.text
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_the_first_page_says_itself_what_it_does_not_take(app):
    answer = app.test_client().post("/")

    assert (answer.status_code, answer.mimetype) == (405, "text/html")
    assert answer.headers["Content-Security-Policy"] == POLICY
