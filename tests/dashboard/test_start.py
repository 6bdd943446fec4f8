"""Starting a mirror in a browser: the form, the plan, what it asks, and the job that comes of it."""

from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from app.jobs.holding import Holding
from tests.dashboard.conftest import sign_in
from tests.support.axe import serious_findings
from tests.support.buckets import own_bucket
from tests.support.clients import cval_storage
from tests.support.servers import ACCESS_KEY
from tests.support.trees import bucket_objects

pytestmark = pytest.mark.slow

SHOW, AT_ONCE = "Show what it would do", "Start without a plan"


@pytest.fixture
def bucket(rclone, name, folder):
    """A bucket that is equal to the folder but for two objects more."""
    objects = {path.name: path.read_bytes() for path in folder.iterdir()} | {"extra 1": b"x", "extra 2": b"x"}
    with own_bucket(rclone, name, objects) as bucket:
        yield bucket


@pytest.fixture(params=["with scripts", "without scripts"])
def any_page(request, new_window):
    """A window with and without JavaScript."""
    return new_window(java_script_enabled=request.param == "with scripts")


def plan_ended(page):
    """Wait until the page says what would be done; without scripts it is loaded again by the browser itself."""
    page.wait_for_url("**/plans/*")
    expect(page.locator("#decision")).to_be_visible()


def job_ended(page):
    page.wait_for_url("**/jobs/*")
    expect(page.locator("[data-part=told]")).to_contain_text("Succeeded")


def planned(page, service, **typed):
    page.goto(f"{service.url}/start")
    for field, text in typed.items():
        page.fill(f"#{field}", text)
    page.get_by_role("button", name=SHOW).click()
    plan_ended(page)


def test_from_the_form_to_the_end_of_the_job(service, rclone, any_page, folder):
    planned(any_page, service, source=folder.name, dest=folder.name)
    expect(any_page.locator("#outcome")).to_contain_text(
        f"The bucket {folder.name} does not exist yet and would be made."
    )
    expect(any_page.locator("#outcome")).to_contain_text("3 files would be uploaded (27 Bytes).")
    assert bucket_objects(rclone, folder.name) is None

    any_page.get_by_role("button", name="Start the upload").click()
    job_ended(any_page)
    expect(any_page.locator("h1")).to_contain_text(folder.name)
    expect(any_page.get_by_text("Succeeded").first).to_be_visible()
    assert set(bucket_objects(rclone, folder.name)) == {"f0.txt", "f1.txt", "f2.txt"}


def test_a_plan_that_deletes_names_number_and_bucket_and_waits_for_the_tick(service, rclone, any_page, bucket):
    planned(any_page, service, source=bucket.name, dest=bucket.name)
    expect(any_page.get_by_role("alert")).to_contain_text(f"This deletes 2 objects from the bucket {bucket.name}.")
    box = any_page.get_by_label(f"Delete 2 objects from the bucket {bucket.name}")
    expect(box).not_to_be_checked()

    any_page.get_by_role("button", name="Start the upload").click()  # the browser itself asks for the tick
    assert "/plans/" in any_page.url
    assert len(bucket_objects(rclone, bucket.name)) == 5

    box.check()
    any_page.get_by_role("button", name="Start the upload").click()
    job_ended(any_page)
    assert set(bucket_objects(rclone, bucket.name)) == {"f0.txt", "f1.txt", "f2.txt"}


def test_the_server_does_not_rely_on_the_browser_for_that(service, rclone, page, bucket):
    planned(page, service, source=bucket.name, dest=bucket.name)
    page.locator("form.deletes").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="Start the upload").click()

    expect(page.get_by_text("Nothing was started: this plan deletes something, so confirm that first.")).to_be_visible()
    expect(page.get_by_label(f"Delete 2 objects from the bucket {bucket.name}")).to_be_visible()
    assert len(bucket_objects(rclone, bucket.name)) == 5


def test_rules_count_in_their_order(service, page, folder, name):
    (folder / "a.jpg").write_text("x")
    (folder / "b.jpg").write_text("x")
    planned(page, service, source=name, dest=name, rules="+ *.jpg\n- b.*\n+ f1.txt")

    expect(page.locator("section", has_text="What would be uploaded").get_by_role("rowheader")).to_have_text(
        ["a.jpg", "f1.txt"]
    )
    page.get_by_role("link", name="Change something").click()
    expect(page.locator("#rules")).to_have_value("+ *.jpg\n- b.*\n+ f1.txt")


def test_wrong_input_keeps_what_was_typed_and_points_at_the_field(service, any_page, name):
    any_page.goto(f"{service.url}/start")
    any_page.fill("#source", f"{name}/<b>")
    any_page.fill("#rules", "\n\n*.jpg")
    any_page.get_by_role("button", name=SHOW).click()

    expect(any_page.get_by_role("alert")).to_contain_text("Line 3")
    expect(any_page.locator("#rules")).to_have_attribute("aria-invalid", "true")
    expect(any_page.locator("#rules-error")).to_contain_text("Line 3")
    expect(any_page.locator("#source")).to_have_value(f"{name}/<b>")
    expect(any_page.locator("#rules")).to_have_value("\n\n*.jpg")


def test_keys_never_come_back(service, rclone, page, folder):
    page.goto(f"{service.url}/start")
    page.fill("#source", folder.name)
    page.fill("#dest", folder.name)
    page.get_by_text("Another storage").click()
    page.fill("#access_key", ACCESS_KEY)
    page.fill("#secret_key", rclone.secret_key)
    page.get_by_text("More options").click()
    page.fill("#wait", "soon")
    page.get_by_role("button", name=SHOW).click()
    expect(page.locator("#wait-error")).to_be_visible()
    assert rclone.secret_key not in page.content()
    expect(page.locator("#secret_key")).to_have_value("")

    page.fill("#wait", "")
    page.get_by_text("Another storage").click()
    page.fill("#access_key", ACCESS_KEY)
    page.fill("#secret_key", rclone.secret_key)
    page.get_by_role("button", name=SHOW).click()
    plan_ended(page)
    assert rclone.secret_key not in page.content()
    page.fill("#access_key", ACCESS_KEY)
    page.fill("#secret_key", rclone.secret_key)
    page.get_by_role("button", name="Start the upload").click()
    job_ended(page)
    assert set(bucket_objects(rclone, folder.name)) == {"f0.txt", "f1.txt", "f2.txt"}
    assert rclone.secret_key not in page.content()


def test_a_plan_of_a_connection(service, rclone, page, bucket, name, new_person):
    person = new_person(service)
    given = cval_storage(bucket) | {"synchronize": False}
    made = requests.post(service.url + "/api/cloud", json=given, headers=person.headers, timeout=30).json()
    sign_in(page, service, person)
    page.goto(f"{service.url}/start?connection={made['id']}&source={name}")
    expect(page.get_by_label("A connection")).to_be_checked()
    expect(page.locator("#dest")).to_be_hidden()
    page.get_by_role("button", name=SHOW).click()
    plan_ended(page)
    page.get_by_label(f"Delete 2 objects from the bucket {name}").check()
    page.get_by_role("button", name="Start the upload").click()
    job_ended(page)

    assert set(bucket_objects(rclone, name)) == {"f0.txt", "f1.txt", "f2.txt"}


def test_the_form_proposes_what_the_direction_wants_until_somebody_says_otherwise(service, page):
    page.goto(f"{service.url}/start")
    deletes = page.get_by_label("Delete what the other side has not")
    expect(deletes).to_be_checked()
    page.get_by_label("Download: from a bucket").check()
    expect(deletes).not_to_be_checked()
    page.get_by_label("Upload: from a folder").check()
    expect(deletes).to_be_checked()
    deletes.uncheck()
    page.get_by_label("Download: from a bucket").check()
    page.get_by_label("Upload: from a folder").check()
    expect(deletes).not_to_be_checked()


def test_pressing_twice_starts_one_job(service, page, folder):
    before = {job["id"] for job in service.get("/runnings", all=1, limit=1000)}
    page.goto(f"{service.url}/start")
    page.fill("#source", folder.name)
    page.fill("#dest", folder.name)
    page.get_by_label("Delete what the other side has not").uncheck()
    page.get_by_role("button", name=AT_ONCE).dblclick()
    page.wait_for_url("**/jobs/*")

    started = [job for job in service.get("/runnings", all=1, limit=1000) if job["id"] not in before]
    assert [job["dest"] for job in started] == [folder.name]


@pytest.fixture
def held(service):
    """Keep jobs from beginning until the switch is released."""
    holding = Holding(Path(service.environ["DATA_DIR"]))
    holding.set(True)
    yield lambda: holding.set(False)
    holding.set(False)


@pytest.mark.parametrize("stream", [True, False], ids=["with a stream", "without one"])
def test_the_page_becomes_the_decision_when_the_plan_has_been_made(service, page, bucket, held, stream):
    if not stream:
        page.route("**/live/jobs/*", lambda route: route.abort())
    page.goto(f"{service.url}/start")
    page.fill("#source", bucket.name)
    page.fill("#dest", bucket.name)
    page.get_by_role("button", name=SHOW).click()
    expect(page.locator("#outcome")).to_contain_text("Waiting for its turn.")
    loaded = page.evaluate("performance.timeOrigin")
    held()
    plan_ended(page)

    expect(page.get_by_label(f"Delete 2 objects from the bucket {bucket.name}")).to_be_visible()
    assert page.evaluate("performance.timeOrigin") == loaded


def test_the_command_is_copied(service, new_window, folder):
    job = service.mirrored(source=folder.name, dest=folder.name, delete=0)
    page = new_window(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{service.url}/jobs/{job['id']}")
    command = page.locator("#curl").text_content()
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == command
    assert command.startswith(f"curl -X POST {service.url}/sync")


def test_where_there_is_no_clipboard_the_command_is_selected(service, page, folder):
    job = service.mirrored(source=folder.name, dest=folder.name, delete=0)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{service.url}/jobs/{job['id']}")
    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_text("Selected: copy it with the keyboard.")).to_be_visible()
    assert page.evaluate("String(getSelection())").strip() == page.locator("#curl").text_content().strip()


def test_the_form_and_a_plan_fit_on_a_phone(service, new_window, bucket):
    page = new_window(viewport={"width": 320, "height": 640})
    planned(page, service, source=bucket.name, dest=bucket.name)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.goto(f"{service.url}/start")
    assert not page.evaluate(wide)


def test_nothing_keeps_people_from_using_the_form_and_a_plan(service, new_window, bucket):
    page = new_window()
    planned(page, service, source=bucket.name, dest=bucket.name)
    assert serious_findings(page) == []
    page.goto(page.url.replace("/plans/", "/jobs/"))
    assert serious_findings(page) == []
    page.goto(f"{service.url}/start")
    for fold in page.locator("summary").all():
        fold.click()
    page.fill("#wait", "soon")
    page.get_by_role("button", name=SHOW).click()
    expect(page.locator("#wait-error")).to_be_visible()
    assert serious_findings(page) == []
