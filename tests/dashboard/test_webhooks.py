"""Webhooks in a browser: made, tested, sent again, changed and deleted, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect
from standardwebhooks import Webhook

from tests.dashboard.conftest import sign_in
from tests.support.axe import serious_findings
from tests.support.receivers import answer, receiving
from tests.support.service import eventually, running_service

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def calling(tmp_path_factory, rclone):
    """A service that may call receivers of this machine."""
    folder = tmp_path_factory.mktemp("calling")
    with running_service(folder, rclone, SYNC_AUTH="required", WEBHOOK_HOSTS_ALLOWED="127.0.0.1") as service:
        yield service


@pytest.fixture
def receiver():
    with receiving() as receiver:
        yield receiver


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def window(request, new_window, calling):
    return new_window(calling, java_script_enabled=request.param)


def test_a_webhook_is_made_tested_sent_again_changed_and_deleted(window, calling, new_person, receiver):
    def told(text):
        expect(window.get_by_text(text).first).to_be_visible()

    def press(button):
        window.get_by_role("button", name=button).first.click()

    sign_in(window, calling, new_person(calling))
    window.click("nav >> text=Webhooks")
    told("There is no webhook yet.")
    window.click("text=Make the first one")

    window.get_by_label("Address", exact=True).fill("http://10.0.0.1/")
    press("Keep it")
    told("WEBHOOK_HOSTS_ALLOWED")
    expect(window.get_by_label("Address", exact=True)).to_have_value("http://10.0.0.1/")
    window.get_by_label("Address", exact=True).fill(receiver.url + "/in")
    window.get_by_label("Description", exact=True).fill("Tells the team")
    window.uncheck("text=Succeeded")
    press("Keep it")
    told("It is shown this once.")
    secret = window.locator("#secret").inner_text()
    window.click("text=I have kept it")
    told("Finished in part, Failed, Cancelled")
    assert secret not in window.content()

    receiver.answers = [answer(500, b"<b>not now</b>")]
    press("Send a test")
    told("A test is on its way.")
    [first] = eventually(lambda: receiver.messages)
    Webhook(secret).verify(first.body, first.headers)
    eventually(lambda: window.reload() and window.get_by_text("Given up", exact=True).count())
    told("It answered 500: <b>not now</b>")
    press("Send again")
    told("The message is on its way again.")
    eventually(lambda: window.reload() and window.get_by_text("Delivered", exact=True).count())
    assert [message.id for message in receiver.messages] == [first.id] * 2

    window.get_by_role("link", name="Edit", exact=True).click()
    window.uncheck("text=Enabled")
    press("Keep the changes")
    told("The changes were kept.")
    expect(window.get_by_text("disabled", exact=True)).to_be_visible()
    window.click("summary >> text=Make another secret")
    window.get_by_role("button", name="Make another secret").click()
    another = window.locator("#secret").inner_text()
    assert re.fullmatch(r"whsec_\S+", another)
    assert another != secret
    window.click("text=I have kept it")
    window.click("summary >> text=Delete this webhook")
    window.get_by_role("button", name="Delete this webhook").click()
    told("The webhook was deleted")
    told("There is no webhook yet.")


def test_the_page_of_a_secret_has_no_serious_finding(new_window, calling, new_person, receiver):
    window = new_window(calling)
    sign_in(window, calling, new_person(calling))
    window.goto(f"{calling.url}/account/webhooks/new")
    window.get_by_label("Address", exact=True).fill(receiver.url)
    window.get_by_role("button", name="Keep it").click()
    window.locator("#secret").wait_for()

    assert serious_findings(window) == []
