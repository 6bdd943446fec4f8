"""Connections in a browser: made, tested, changed and deleted, with and without JavaScript; and a consent at Google."""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from app.accounts.caller import OrganisationRole
from tests.dashboard.conftest import sign_in
from tests.support.aion import own_url, service_with
from tests.support.axe import serious_findings
from tests.support.buckets import own_bucket
from tests.support.google_fake import google as fake_google
from tests.support.pictures import picture
from tests.support.servers import ACCESS_KEY

pytestmark = pytest.mark.slow

CANARY = "canary-7b0ad9c4"


@pytest.fixture
def bucket(rclone, name):
    with own_bucket(rclone, name, {"a.txt": b"stays"}) as bucket:
        yield bucket


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def window(request, new_window, closed):
    return new_window(closed, java_script_enabled=request.param)


def fill(page, rclone, bucket, secret):
    page.get_by_label("Bucket", exact=True).fill(bucket.name)
    page.get_by_label("Address", exact=True).fill(rclone.endpoint)
    page.get_by_label("Access key", exact=True).fill(ACCESS_KEY)
    page.get_by_label("Secret key", exact=True).fill(secret)


def fact(page, label):
    return page.locator("dl.facts div", has=page.get_by_text(label, exact=True)).locator("dd")


def test_a_connection_is_made_tested_changed_and_deleted(window, closed, new_person, rclone, bucket):
    seen = []

    def told(text):
        expect(window.get_by_text(text).first).to_be_visible()
        seen.append(window.content())

    def press(button):
        window.get_by_role("button", name=button, exact=True).click()

    sign_in(window, closed, new_person(closed))
    window.click("nav >> text=Connections")
    expect(window.get_by_text("There is no connection yet.")).to_be_visible()
    window.click("text=Make the first one")

    fill(window, rclone, bucket, CANARY)
    window.get_by_label("Name", exact=True).fill("Photos of 2026")
    press("Keep it")
    told("Check the credentials.")
    expect(window.get_by_label("Name", exact=True)).to_have_value("Photos of 2026")
    expect(window.get_by_label("Secret key", exact=True)).to_have_value("")

    fill(window, rclone, bucket, rclone.secret_key)
    press("Keep it")
    told("The connection was kept.")
    expect(window.locator("h1")).to_have_text("Photos of 2026")
    press("Test")
    told("They allow to read and to write objects.")

    window.get_by_role("link", name="Edit", exact=True).click()
    told("What is left empty stays as it is.")
    window.uncheck("text=Ask the storage before keeping it")
    window.get_by_label("Secret key", exact=True).fill(CANARY)
    press("Keep the changes")
    press("Test")
    told("The storage refuses the credentials.")
    window.get_by_role("link", name="Edit", exact=True).click()
    window.get_by_label("Secret key", exact=True).fill(rclone.secret_key)
    press("Keep the changes")
    told("The changes were kept.")

    press("Keep a local mirror")
    told("A local mirror is kept from now on.")
    expect(fact(window, "Local mirror")).to_have_text("kept")
    expect(window.locator("tbody tr").first).to_contain_text("Synchronisation")
    press("Stop keeping it")
    expect(fact(window, "Local mirror")).to_have_text("no")

    window.click("summary:has-text('Delete')")
    told(f"all that lies in {bucket.name}")
    press("Delete Photos of 2026")
    told("What its storage holds is still there.")
    assert [text for text in seen if CANARY in text or rclone.secret_key in text] == []


def test_only_the_fields_of_the_chosen_credentials_are_shown(window, closed, new_person):
    sign_in(window, closed, new_person(closed))
    window.goto(f"{closed.url}/connections/new")
    expect(window.get_by_label("Secret key", exact=True)).to_be_visible()
    window.check("text=None: everybody may read it")
    expect(window.get_by_label("Secret key", exact=True)).to_be_hidden()
    window.click("nav >> text=Azure Blob Storage")
    expect(window.get_by_label("SAS token or account key", exact=True).last).to_be_visible()
    window.check("input[value=connection_string]")
    expect(window.get_by_label("Connection string", exact=True).last).to_be_visible()


def test_a_member_sees_what_he_may_and_a_stranger_nothing(new_window, closed, new_person, rclone, bucket, name):
    owner, member, stranger = (new_person(closed) for _ in range(3))
    with closed.accounts() as accounts:
        accounts.create_organisation(name, "", owner.name)
        accounts.set_member(name, member.name, OrganisationRole.SUPERVISOR)
    page = new_window(closed)
    sign_in(page, closed, owner)
    page.goto(f"{closed.url}/connections/new")
    fill(page, rclone, bucket, rclone.secret_key)
    page.get_by_label("Organisation").select_option(name)
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(re.compile(r"done=made"))
    address = page.url.partition("?")[0]

    seen = new_window(closed)
    sign_in(seen, closed, member)
    seen.goto(address)
    expect(fact(seen, "Belongs to")).to_contain_text(name)
    expect(seen.get_by_role("link", name="Browse")).to_be_visible()
    expect(seen.get_by_role("link", name="Edit")).to_have_count(0)
    expect(seen.get_by_text("Delete")).to_have_count(0)
    hidden = new_window(closed)
    sign_in(hidden, closed, stranger)
    assert hidden.goto(address).status == 404
    hidden.goto(f"{closed.url}/connections")
    expect(hidden.get_by_text("There is no connection yet.")).to_be_visible()


BEYOND = """() => [...document.querySelectorAll('main input, main textarea, main select')].filter(
    one => one.checkVisibility() && one.getBoundingClientRect().right > one.closest('fieldset, .card').getBoundingClientRect().right
).map(one => one.id)"""


@pytest.mark.parametrize("kind", ["s3", "azure", "gcs"])
def test_on_a_phone_each_field_stays_within_its_frame(new_window, closed, new_person, kind):
    page = new_window(closed, viewport={"width": 320, "height": 700})
    sign_in(page, closed, new_person(closed))
    page.goto(f"{closed.url}/connections/new?kind={kind}")
    assert page.evaluate(BEYOND) == []


def test_nothing_keeps_people_from_using_the_pages_on_a_phone(new_window, closed, new_person, rclone, bucket):
    page = new_window(closed, viewport={"width": 320, "height": 700})
    sign_in(page, closed, new_person(closed))
    found, wide = {}, []

    def look(what):
        found[what] = serious_findings(page)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(what)

    for kind in ("s3", "azure", "gcs", "gdrive"):
        page.goto(f"{closed.url}/connections/new?kind={kind}")
        look(kind)
    page.goto(f"{closed.url}/connections/new")
    fill(page, rclone, bucket, CANARY)
    page.get_by_label("Prefix").fill("/wrong")
    page.get_by_role("button", name="Keep it").click()
    look("refused")
    page.get_by_label("Prefix").fill("")
    page.get_by_label("Name", exact=True).fill("A-name-without-any-place-to-break-it-however-narrow-the-window")
    page.get_by_label("Secret key", exact=True).fill(rclone.secret_key)
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(re.compile(r"done=made"))
    page.click("summary:has-text('Delete')")
    look("page")
    page.get_by_role("link", name="Edit", exact=True).click()
    look("edit")
    page.goto(f"{closed.url}/connections")
    look("list")
    page.click("text=Browse")
    look("browse")
    assert ({what: bad for what, bad in found.items() if bad}, wide) == ({}, [])


@pytest.fixture(scope="module")
def google():
    with fake_google() as google:
        yield google


@pytest.fixture(scope="module")
def connecting(tmp_path_factory, rclone, google):
    """A service that knows the fake Google."""
    with service_with(google, tmp_path_factory.mktemp("connecting"), rclone, SYNC_AUTH="required") as service:
        yield service


@pytest.fixture
def at_google(new_window, connecting, google, new_person):
    """The page for connecting a drive, at the address to which Google answers."""
    ours = SimpleNamespace(url=own_url(connecting))
    page = new_window(ours, google)
    sign_in(page, ours, new_person(connecting))
    page.goto(f"{ours.url}/connections/new?kind=gdrive")
    return page


def decided(page, account, button):
    with page.expect_popup() as popup:
        page.click("#google-begin")
    popup.value.select_option("select[name=account]", account.sub)
    with popup.value.expect_event("close"):
        popup.value.click(button)


def test_a_drive_is_connected_by_a_consent(at_google, google, name):
    account = google.account(f"{name}@gmail.com", "Ann <b>Example</b>")
    decided(at_google, account, "#deny")
    expect(at_google.locator("#google-problem")).to_contain_text("Access was not granted")
    decided(at_google, account, "#allow")
    expect(at_google.get_by_text("The connection was kept.")).to_be_visible()
    expect(fact(at_google, "Granted by")).to_have_text(f"{account.email} (Ann <b>Example</b>)")
    expect(fact(at_google, "Grant")).to_have_text("in force")
    at_google.get_by_role("button", name="Test", exact=True).click()
    expect(at_google.locator("#found")).to_be_visible()
    at_google.get_by_role("link", name="Edit", exact=True).click()
    at_google.get_by_label("Folder", exact=True).fill("Elsewhere/photos")
    at_google.uncheck("text=Ask the storage before keeping it")
    at_google.get_by_role("button", name="Keep the changes").click()
    expect(fact(at_google, "Folder")).to_have_text("Elsewhere/photos")
    at_google.click("summary:has-text('Delete this')")
    at_google.click("button:has-text('Delete')")
    expect(at_google.get_by_text("The connection was deleted.")).to_be_visible()


def test_messages_of_others_begin_nothing_and_end_nothing(at_google, google, name):
    account = google.account(f"{name}@gmail.com", "Ann")
    sent = []
    at_google.on("request", lambda request: sent.append(request.url.rpartition("/")[2]))
    at_google.evaluate(
        """() => {
            const forged = {type: "sluice:oauth", provider: "google_drive", state: "x", code: "x"};
            const channel = new BroadcastChannel("sluice:oauth");
            for (const one of [null, 7, "x", [], {}, forged, {...forged, state: null}, {...forged, state: undefined}]) {
                postMessage(one, location.origin);
                channel.postMessage(one);
            }
        }"""
    )
    decided(at_google, account, "#allow")
    expect(at_google.get_by_text("The connection was kept.")).to_be_visible()
    assert sent.count("finish") == 1


def test_a_drive_is_looked_around_in(at_google, google, name):
    account = google.account(f"{name}@gmail.com", "Ann")
    folder = google.drive.add_folder("Sluice", google.drive.root(account), account=account, picked=True)
    google.drive.add("a.png", picture(), "image/png", parent=folder, account=account, picked=True)
    decided(at_google, account, "#allow")
    at_google.get_by_role("link", name="Browse").click()
    expect(at_google.locator("tbody bdi")).to_have_text(["a.png"])
    at_google.wait_for_function("() => document.querySelector('img.thumbnail').naturalWidth > 0")


def test_a_consent_without_access_to_files_is_told(at_google, google, name):
    account = google.account(f"{name}@gmail.com", "Ann")
    with at_google.expect_popup() as popup:
        at_google.click("#google-begin")
    popup.value.select_option("select[name=account]", account.sub)
    for box in popup.value.locator("input[type=checkbox]").all():
        if box.is_enabled():
            box.uncheck()
    with popup.value.expect_event("close"):
        popup.value.click("#allow")
    expect(at_google.locator("#google-problem")).to_contain_text("leave its box ticked")


def test_google_is_told_of_only_where_it_answers(new_window, connecting, new_person):
    page = new_window(connecting)
    sign_in(page, connecting, new_person(connecting))
    page.goto(f"{connecting.url}/connections/new?kind=gdrive")
    expect(page.locator("#google-elsewhere")).to_contain_text(own_url(connecting))
    expect(page.locator("#google-begin")).to_be_hidden()


def test_without_javascript_a_drive_cannot_be_connected_and_the_page_says_so(new_window, closed, new_person):
    page = new_window(closed, java_script_enabled=False)
    sign_in(page, closed, new_person(closed))
    page.goto(f"{closed.url}/connections/new?kind=gdrive")
    expect(page.get_by_text("This needs JavaScript")).to_be_visible()
    expect(page.locator("#google-begin")).to_be_hidden()


def test_a_drive_that_nobody_has_set_up_is_told(new_window, closed, new_person):
    ours = SimpleNamespace(url=own_url(closed))
    page = new_window(ours)
    sign_in(page, ours, new_person(closed))
    page.goto(f"{ours.url}/connections/new?kind=gdrive")
    page.click("#google-begin")
    expect(page.locator("#google-problem")).to_contain_text("GOOGLE_CLIENT_ID")
