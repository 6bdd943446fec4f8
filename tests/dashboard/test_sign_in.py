"""Signing in and out in a browser, as a person does it: with the keyboard, and with what a browser itself adds."""

import pytest
from playwright.sync_api import expect

from app.accounts.caller import Role
from tests.dashboard.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.slow


def type_in(page, name, password):
    page.fill("#username", name)
    page.fill("#password", password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("by", ["password", "key"])
def test_a_person_signs_in_and_out_again(service, page, new_person, by):
    person = new_person(service)
    page.goto(f"{service.url}/")
    page.get_by_role("link", name="Sign in").click()
    type_in(page, person.name, {"password": PASSWORD, "key": person.key}[by])
    page.wait_for_url(f"{service.url}/")

    assert person.name in page.inner_text("header")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()
    assert page.context.cookies() == []


def test_a_wrong_password_is_said_and_the_person_types_on_where_he_was(service, page, new_person):
    person = new_person(service)
    page.goto(f"{service.url}/sign-in")
    type_in(page, person.name, "wrong password")

    assert page.get_by_role("alert").inner_text() == "The name or the password is wrong."
    assert page.input_value("#username") == person.name
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{service.url}/")


def test_on_a_closed_service_a_person_comes_to_the_page_that_he_opened(closed, new_window, new_person):
    page, person = new_window(closed), new_person(closed)
    assert page.goto(f"{closed.url}/?state=failed").status == 401
    assert page.get_by_role("alert").count() == 0
    type_in(page, person.name, PASSWORD)

    page.get_by_role("heading", level=1, name="Jobs").wait_for()
    assert page.url == f"{closed.url}/?state=failed"


def test_a_session_that_ends_while_a_page_is_open_asks_to_sign_in_again(closed, new_window, new_person):
    page, person = new_window(closed), new_person(closed)
    sign_in(page, closed, person)
    with closed.accounts() as accounts:
        accounts.set_password(person.name, f"{PASSWORD} again")

    page.get_by_text("Your session has ended. Sign in again.").wait_for()  # the page has noticed by itself
    type_in(page, person.name, f"{PASSWORD} again")
    page.get_by_role("heading", level=1, name="Jobs").wait_for()


def test_on_an_open_service_a_page_whose_session_ends_names_nobody_any_more(service, page, new_person):
    person = new_person(service)
    sign_in(page, service, person)
    with service.accounts() as accounts:
        accounts.set_password(person.name, f"{PASSWORD} again")

    page.get_by_role("link", name="Sign in").wait_for()  # it shows everybody's jobs by now
    assert person.name not in page.inner_text("header")


def test_the_way_back_shows_nothing_of_what_was_seen_before_signing_out(closed, new_window, new_person):
    page, person = new_window(closed), new_person(closed)
    sign_in(page, closed, person)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", level=1, name="Sign in").wait_for()
    page.go_back()

    page.get_by_role("heading", level=1, name="Sign in").wait_for()
    assert person.name not in page.inner_text("body")


def test_no_script_can_read_the_session(closed, new_window, new_person):
    page, person = new_window(closed), new_person(closed)
    sign_in(page, closed, person)
    token = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}["sessionid"]

    assert token not in page.evaluate("document.cookie + document.documentElement.outerHTML")


def test_signing_in_needs_no_script(closed, new_window, new_person):
    page, person = new_window(closed, java_script_enabled=False), new_person(closed, Role.ADMIN)
    page.goto(f"{closed.url}/")
    type_in(page, person.name, PASSWORD)
    page.wait_for_url(f"{closed.url}/")
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("heading", level=1, name="Sign in").wait_for()


def test_the_form_of_another_site_signs_nobody_in(service, page, new_person):
    person = new_person(service)
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{service.url}/sign-in"><input name="username" value="{person.name}">'
        f'<input name="password" value="{PASSWORD}"><button>Win a prize</button></form>'
    )
    page.click("button")

    page.get_by_text("Refused: ").wait_for()
    assert page.context.cookies() == []
