"""Pages that stay open: they are told of changes, find back to a service that was away, and leave their reader alone."""

import os
from contextlib import ExitStack

import pytest
import requests
from playwright.sync_api import expect

from tests.dashboard.conftest import holding_up, sign_in
from tests.support.service import eventually, running_service

pytestmark = pytest.mark.slow

NOTE = "The service does not answer."


@pytest.fixture
def mortal(tmp_path, rclone):
    """A service of one test, which may be killed; a job of its is resumed within seconds."""
    with running_service(tmp_path, rclone, HEARTBEAT_SECONDS=1, STALE_SECONDS=3, WEB_THREADS=8) as service:
        yield service


@pytest.fixture(autouse=True)
def no_job_goes_on(service):
    """Cancel what a test has left running: only so many jobs run at once, and the next test's would wait."""
    yield
    for job in service.get("/runnings"):
        cancel(service, job)


def cancel(service, job):
    service.session.post(f"{service.url}/cancel", json={"id": job["id"]}, timeout=30)


def some_job(service, name, count, **options):
    """Start a job of so many files."""
    folder = service.uploads / name
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"f{number:03}.bin").write_bytes(os.urandom(1000))
    return service.sync(source=name, dest=name, **options)


def slow_job(service, name):
    """Start a job of minutes, which is cancelled when its test ends."""
    return some_job(service, name, count=200, wait=1)


def bar(page):
    return int(page.evaluate("document.querySelector('progress')?.getAttribute('value')") or 0)


def moves(page):
    """Wait until the first bar of a page has moved."""
    before = bar(page)
    return eventually(lambda: bar(page) > before)


class Streams:
    """The streams that a page has open, as its browser tells it."""

    def __init__(self, page):
        self._page, self._open = page, set()
        page.on("request", self._began)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _began(self, request):
        if "/live/" in request.url:
            self._open.add(request)

    def _ended(self, request):
        self._open.discard(request)

    def become(self, count):
        """Wait until so many are open; what the browser tells is heard while it is asked something."""
        eventually(lambda: (self._page.evaluate("1"), len(self._open))[1] == count, what=f"{count} open streams")


def test_a_service_that_was_killed_is_found_again_and_the_job_ends_on_the_page(mortal, new_window, name, rclone):
    page = new_window(mortal)
    with holding_up(rclone, "f020.bin") as (way, hold):
        job = some_job(mortal, name, count=30, **way)
        page.goto(f"{mortal.url}/jobs/{job['id']}")
        eventually(lambda: bar(page))
        page.evaluate("window.mine = 'still here'")
        mortal.kill()
        expect(page.locator("#live-note")).to_contain_text(NOTE)
        expect(page.locator("main")).to_contain_text("Running")

        mortal.start()
        expect(page.locator("#live-note")).to_be_hidden()
        hold.release()
        expect(page.locator("main")).to_contain_text("Succeeded.")
    expect(page.locator("main")).to_contain_text("resumed after a stop of the service")
    assert page.evaluate("window.mine") == "still here"


def test_a_list_finds_back_to_a_service_too(mortal, new_window, name):
    page = new_window(mortal)
    page.goto(mortal.url)
    expect(page.locator("main")).to_contain_text("Nothing has been synchronised yet")
    page.evaluate("window.mine = 'still here'")
    mortal.kill()
    expect(page.locator("#live-note")).to_contain_text(NOTE)
    mortal.start()
    expect(page.locator("#live-note")).to_be_hidden()
    job = some_job(mortal, name, count=3)
    expect(page.locator(f"#finished #job-{job['id']}")).to_contain_text("Succeeded")
    assert page.evaluate("window.mine") == "still here"


def test_a_service_that_is_asked_to_stop_is_not_kept_from_it_by_pages(mortal, new_window):
    page = new_window(mortal)
    streams = Streams(page)
    page.goto(mortal.url)
    streams.become(1)
    assert mortal.stop() == 0
    expect(page.locator("#live-note")).to_contain_text(NOTE)


def test_without_a_place_for_a_stream_the_bar_moves_all_the_same(mortal, new_window, name):
    with ExitStack() as taken:
        status = 200
        while status == 200:
            answer = requests.get(f"{mortal.url}/live/jobs", stream=True, timeout=30)
            status = taken.enter_context(answer).status_code
        assert status == 503
        job = slow_job(mortal, name)
        page = new_window(mortal)
        page.goto(mortal.url)
        moves(page)
        moves(page)
        expect(page.locator("#live-note")).to_be_hidden()
        cancel(mortal, job)
        expect(page.locator(f"#finished #job-{job['id']}")).to_contain_text("Cancelled")


def test_two_windows_show_the_same(service, new_window, name):
    job = slow_job(service, name)
    one, other = new_window(), new_window()
    one.goto(f"{service.url}/?storage={name}")
    other.goto(f"{service.url}/jobs/{job['id']}")
    moves(other)
    one.get_by_role("button", name=f"Stop {name}").click()

    expect(other.locator("main")).to_contain_text("Cancelled.")
    expect(one.locator(f"#finished #job-{job['id']}")).to_contain_text("Cancelled")


def test_what_is_typed_selected_opened_and_scrolled_to_stays(service, page, name):
    job = slow_job(service, name)
    page.set_viewport_size({"width": 800, "height": 500})
    page.goto(f"{service.url}/jobs/{job['id']}")
    moves(page)
    page.get_by_label("Key").fill("half a wo")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    page.evaluate("scrollTo(0, 300)")
    moves(page)

    assert page.get_by_label("Key").input_value() == "half a wo"
    assert page.evaluate("getSelection().toString()").startswith(name)
    assert page.evaluate("scrollY") == 300


def test_the_focus_stays_while_rows_come_and_go_and_goes_along_with_its_job(service, page, name):
    first = slow_job(service, name)
    page.goto(f"{service.url}/?storage={name}")
    page.locator(f"#running #job-{first['id']} h3 a").focus()
    service.mirrored(source=name, dest=f"{name}-two", dry_run=True)
    expect(page.locator("#finished tbody tr")).to_have_count(1)
    assert page.evaluate("document.activeElement.closest('article').id") == f"job-{first['id']}"

    cancel(service, first)
    expect(page.locator(f"#finished #job-{first['id']}")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('tr').id") == f"job-{first['id']}"


def test_nothing_is_made_anew_that_has_not_changed(service, page, name):
    job = slow_job(service, name)
    page.goto(f"{service.url}/jobs/{job['id']}")
    eventually(lambda: page.locator("#steps tbody tr").count() > 2)
    page.evaluate(
        "document.querySelectorAll('h1, progress, #steps tr, #counters-title').forEach(each => { each.mine = 1 })"
    )
    kept = "[...document.querySelectorAll('h1, progress, #steps tr, #counters-title')].filter(each => each.mine).length"
    before = page.evaluate(kept)
    moves(page)

    assert page.evaluate(kept) == before


def test_a_page_that_nobody_sees_holds_no_stream(service, page, name):
    streams = Streams(page)
    page.goto(service.url)
    streams.become(1)
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true}); document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    streams.become(0)
    job = some_job(service, name, count=1)
    service.finished(job["id"])
    page.evaluate(hide, False)

    expect(page.locator(f"#finished #job-{job['id']}")).to_be_visible()
    streams.become(1)


def test_the_page_of_a_job_that_has_ended_asks_for_nothing_more(service, page, name):
    streams = Streams(page)
    job = slow_job(service, name)
    page.goto(f"{service.url}/jobs/{job['id']}")
    streams.become(1)
    cancel(service, job)
    expect(page.locator("main")).to_contain_text("Cancelled.")
    streams.become(0)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_event("request", predicate=lambda request: request.url.endswith("/health")):
        page.evaluate("setTimeout(() => fetch('/health'), 4000)")
    assert asked == [f"{service.url}/health"]


def test_an_answer_that_was_under_way_when_the_job_ended_is_not_the_last(service, page, name):
    job = slow_job(service, name)
    streams, held = Streams(page), []

    def hold_the_first(route):
        if held or route.request.resource_type != "fetch":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(f"**/jobs/{job['id']}", hold_the_first)
    page.goto(f"{service.url}/jobs/{job['id']}")
    eventually(lambda: page.evaluate("1") and held)
    cancel(service, job)
    service.finished(job["id"])
    streams.become(0)
    route, answer = held[0]
    assert "data-live" in answer.text()
    route.fulfill(response=answer)

    expect(page.locator("main")).to_contain_text("Cancelled.")


def test_a_job_that_ended_before_its_page_could_ask_again_ends_on_it_and_the_note_goes(mortal, new_window, name):
    job = slow_job(mortal, name)
    page = new_window(mortal)
    page.goto(f"{mortal.url}/jobs/{job['id']}")
    moves(page)
    page.route("**/jobs/*", lambda route: route.abort())
    mortal.kill()
    expect(page.locator("#live-note")).to_contain_text(NOTE)
    mortal.start()
    cancel(mortal, job)
    mortal.finished(job["id"])
    page.unroute("**/jobs/*")

    expect(page.locator("main")).to_contain_text("Cancelled.")
    expect(page.locator("#live-note")).to_be_hidden()


def test_a_filter_that_cannot_be_used_is_not_taken_for_a_service_that_does_not_answer(service, page):
    page.route("**/live/jobs", lambda route: route.abort())
    page.goto(f"{service.url}/?state=nonsense")
    for _ in range(2):  # what the first answer led to stands when the second one comes
        with page.expect_response(lambda answer: answer.status == 422):
            pass

    assert page.locator("#live-note").is_hidden()


def test_a_session_that_ends_leads_to_the_form_for_signing_in_and_back(closed, new_window, new_person, name):
    person = new_person(closed)
    page = new_window(closed)
    sign_in(page, closed, person)
    page.goto(f"{closed.url}/?storage={name}")
    with closed.accounts() as accounts:
        accounts.disable(person.name)
    expect(page.locator("#password")).to_be_visible()
    with closed.accounts() as accounts:
        accounts.enable(person.name)
    page.fill("#username", person.name)
    page.fill("#password", person.password)
    page.click("main button")
    page.wait_for_url(f"{closed.url}/?storage={name}")


def test_a_page_of_another_version_of_the_service_is_loaded_whole(service, page, name):
    def as_of_another_version(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("live.js?v=", "live.js?v=another"))

    page.goto(service.url)
    page.evaluate("window.mine = 'still here'")
    with page.expect_navigation():
        page.route(f"{service.url}/", as_of_another_version, times=1)
        some_job(service, name, count=1)

    assert page.evaluate("window.mine") is None
