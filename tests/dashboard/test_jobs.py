"""Jobs in a browser: listed, found, followed, stopped, and looked through step by step."""

import csv
import io
import json
import os
import re

import pytest
from playwright.sync_api import expect

from app.accounts.caller import Role
from tests.dashboard.conftest import holding_up, sign_in
from tests.support.service import eventually

pytestmark = pytest.mark.slow


def many(folder, count=40, size=1000):
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"f{number:03}.bin").write_bytes(os.urandom(size))
    return folder


def moved(page, before):
    """Return how far the first bar of a page is, in thousandths, once that is more than before."""
    value = page.evaluate("document.querySelector('progress')?.getAttribute('value')")
    return int(value) if value is not None and int(value) > before else None


def test_a_job_that_is_started_elsewhere_appears_moves_and_ends_in_words(service, page, name, rclone):
    many(service.uploads / name)
    page.goto(f"{service.url}/?storage={name}")
    expect(page.locator("#finished")).to_have_count(0)

    with holding_up(rclone, "f020.bin", "f030.bin") as (way, half, most):
        job = service.sync(source=name, dest=name, **way)
        card = page.locator(f"#running #job-{job['id']}")
        expect(card).to_contain_text(f"{name} →to {name}")
        first = eventually(lambda: moved(page, 0))
        half.release()
        assert eventually(lambda: moved(page, first)) > first
        expect(card).to_contain_text("left")
        most.release()
        service.finished(job["id"])

    row = page.locator(f"#finished #job-{job['id']}")
    expect(row).to_contain_text("Succeeded")
    expect(row).to_contain_text("40 uploaded, 0 deleted, 0 unchanged.")
    expect(row).to_contain_text("40 files, 39.1 KiB")


def test_the_page_of_a_job_counts_and_its_title_tells_how_far_it_is(service, page, name, rclone):
    many(service.uploads / name)
    with holding_up(rclone, "f020.bin", "f030.bin") as (way, half, most):
        job = service.sync(source=name, dest=name, **way)
        page.goto(f"{service.url}/jobs/{job['id']}")
        eventually(lambda: re.fullmatch(rf"\d+ % · {name} → {name} · Sluice", page.title()))
        first = eventually(lambda: moved(page, 0))
        half.release()
        assert first < eventually(lambda: moved(page, first)) <= 1000
        most.release()
        service.finished(job["id"])

    expect(page.get_by_role("heading", name="Bytes per second")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Succeeded. 40 uploaded, 0 deleted, 0 unchanged.")
    expect(page.get_by_role("status").filter(has_text="Succeeded")).to_have_count(1)
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    assert page.title() == f"Succeeded · {name} → {name} · Sluice"
    assert page.get_by_role("img", name="Bytes per second since the job started").count() == 1


def test_a_job_is_stopped_half_way_with_one_click_and_says_so(service, page, name):
    many(service.uploads / name, count=200)
    job = service.sync(source=name, dest=name, wait=1)
    page.goto(f"{service.url}/?storage={name}")
    eventually(lambda: moved(page, 0))
    page.get_by_role("button", name=f"Stop {name}").click()

    row = page.locator(f"#finished #job-{job['id']}")
    expect(row).to_contain_text("Cancelled")
    expect(row).to_contain_text("Stopped after")
    assert page.url == f"{service.url}/?storage={name}"
    assert 0 < service.get("/get", id=job["id"])["done"]["uploads"] < 200


def test_while_the_operation_in_hand_goes_on_the_job_is_stopping(service, page, name, rclone):
    many(service.uploads / name)
    with holding_up(rclone, "f020.bin") as (way, operation):
        job = service.sync(source=name, dest=name, **way)
        operation.wait()
        page.goto(f"{service.url}/jobs/{job['id']}")
        expect(page.locator("h1 + span")).to_have_text("Running")
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Stopping")).to_be_disabled()
        expect(page.locator("h1 + span")).to_have_text("Stopping")
        operation.release()

    expect(page.get_by_role("button", name="Stopping")).to_have_count(0)


@pytest.mark.usefixtures("folder")
def test_a_filter_keeps_to_its_jobs_while_others_come_and_go(service, page, name):
    page.goto(service.url)
    page.get_by_label("Storage").fill(f"{name}-a")
    page.get_by_label("State", exact=True).select_option("Succeeded")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("main")).to_contain_text("No job matches this filter.")

    service.mirrored(source=name, dest=f"{name}-b")
    job = service.mirrored(source=name, dest=f"{name}-a")
    expect(page.locator(f"#job-{job['id']}")).to_be_visible()
    expect(page.locator("#finished tbody tr")).to_have_count(1)
    expect(page.get_by_label("Storage")).to_have_value(f"{name}-a")
    page.get_by_role("link", name="Show all").first.click()
    eventually(lambda: page.locator("#finished tbody tr").count() > 1)


def test_an_admin_sees_everybodys_jobs_and_chooses_whose(closed, new_window, new_person, name):
    many(closed.uploads / name, count=2)
    ann, admin = new_person(closed), new_person(closed, Role.ADMIN)
    closed.session.post(
        f"{closed.url}/sync", json={"source": name, "dest": name, "dry_run": True}, headers=ann.headers, timeout=30
    ).raise_for_status()
    page = new_window(closed)
    sign_in(page, closed, admin)
    page.get_by_label("Who").select_option(ann.name)
    page.get_by_role("button", name="Filter").click()

    expect(page.locator("#finished tbody tr")).to_have_count(1)
    expect(page.locator("#finished tbody tr")).to_contain_text(ann.name)


def test_who_is_not_signed_in_comes_to_the_job_by_signing_in_and_another_does_not(closed, new_window, new_person, name):
    many(closed.uploads / name, count=2)
    ann, bob = new_person(closed), new_person(closed)
    job = closed.session.post(
        f"{closed.url}/sync", json={"source": name, "dest": name}, headers=ann.headers, timeout=30
    ).json()
    for person, heading in ((ann, f"{name} →to {name}"), (bob, "There is nothing here")):
        page = new_window(closed)
        page.goto(f"{closed.url}/jobs/{job['id']}")
        page.fill("#username", person.name)
        page.fill("#password", person.password)
        page.click("main button")
        expect(page.locator("h1")).to_have_text(heading)
        assert page.url == f"{closed.url}/jobs/{job['id']}"


def test_steps_are_searched_and_downloaded_as_they_are_shown(service, page, name):
    many(service.uploads / name, count=120)
    job = service.mirrored(source=name, dest=name)
    page.goto(f"{service.url}/jobs/{job['id']}")
    expect(page.locator("#steps tbody tr")).to_have_count(100)
    page.get_by_role("link", name="Next steps").click()
    expect(page.locator("#steps tbody tr")).to_have_count(21)

    page.get_by_label("Key").fill("F11")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#steps tbody tr")).to_have_count(10)
    expect(page.locator("#steps tbody tr").first).to_contain_text("Uploaded The target did not have it.")
    with page.expect_download() as table:
        page.get_by_role("link", name="CSV", exact=True).click()
    with page.expect_download() as lines:
        page.get_by_role("link", name="NDJSON").click()

    wanted = {f"f{number}.bin" for number in range(110, 120)}
    assert table.value.suggested_filename == f"job-{job['id']}-steps.csv"
    assert {row["key"] for row in csv.DictReader(io.StringIO(table.value.path().read_text()))} == wanted
    assert {json.loads(line)["key"] for line in lines.value.path().read_text().splitlines()} == wanted


def test_hostile_names_are_shown_and_do_nothing(service, page, name):
    folder = many(service.uploads / f"{name}<script>window.hacked=1<script>&\"'", count=0)
    names = [
        "<script>window.hacked=1<script>",
        "\"'><img src=x onerror=window.hacked=1>",
        "a\nb",
        "\u202egpj.exe",
        "k" * 250,
    ]
    for each in names:
        (folder / each).write_text("x")
    deep = folder.joinpath(*["l" * 240] * 4)
    deep.mkdir(parents=True)
    (deep / "f").write_text("x")
    page.set_viewport_size({"width": 320, "height": 700})
    job = service.sync(source=folder.name, dest=name, wait=0.3)
    page.goto(f"{service.url}/jobs/{job['id']}")
    expect(page.locator("main")).to_contain_text("Succeeded.")
    expect(page.locator("#steps tbody tr")).to_have_count(7)

    assert page.locator("h1").inner_text().startswith(folder.name)
    assert set(names) - {"a\nb"} < {each.text_content() for each in page.locator("#steps th[scope=row]").all()}
    for path in (f"/jobs/{job['id']}", f"/?storage={name}"):
        page.goto(f"{service.url}{path}")
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_without_a_script_everything_can_be_read_and_a_job_be_stopped(service, new_window, name):
    many(service.uploads / name, count=200)
    job = service.sync(source=name, dest=name, wait=1)
    page = new_window(java_script_enabled=False)
    page.goto(f"{service.url}/?storage={name}")
    page.locator(f"#job-{job['id']} h3 a").click()
    expect(page.locator("dl").first).to_contain_text("Files")
    expect(page.locator("time").first).to_contain_text("UTC")
    expect(page.locator("main")).to_contain_text("uploading")  # the browser loads it again by itself
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main")).to_contain_text("Cancelled.")

    page.goto(f"{service.url}/?storage={name}&state=cancelled")
    expect(page.locator("#finished tbody tr")).to_have_count(1)
    assert page.locator("noscript meta").count() == 0


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("zone", "time"), [("Asia/Tokyo", "09:00:00"), ("UTC", "00:00:00")])
def test_times_are_shown_in_the_readers_own_zone(service, new_window, name, zone, time):
    job = service.mirrored(source=name, dest=name)
    page = new_window(timezone_id=zone, locale="en-GB")
    shown = "2026-01-02T00:00:00Z"
    page.route(
        f"**/jobs/{job['id']}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace('<time datetime="', f'<time datetime="{shown}" data-was="', 1),
        ),
    )
    page.goto(f"{service.url}/jobs/{job['id']}")

    expect(page.locator("time").first).to_have_text(f"2 Jan 2026, {time}")


def test_a_stop_that_is_refused_says_why(closed, new_window, new_person, name):
    many(closed.uploads / name, count=3)
    reader = new_person(closed, read_only=True)
    starter = new_person(closed, Role.ADMIN)
    with closed.accounts() as accounts:
        accounts.set_role(reader.name, Role.ADMIN)
    job = closed.session.post(
        f"{closed.url}/sync", json={"source": name, "dest": name, "wait": 60}, headers=starter.headers, timeout=30
    ).json()
    page = new_window(closed)
    page.goto(f"{closed.url}/sign-in?next=/jobs/{job['id']}")
    page.fill("#username", reader.name)
    page.fill("#password", reader.key)
    page.click("main button")
    page.get_by_role("button", name="Stop").click()

    expect(page.locator("h1")).to_have_text("Not allowed")
    expect(page.locator("main")).to_contain_text("This key may only read.")
    closed.session.post(f"{closed.url}/cancel", json={"id": job["id"]}, headers=starter.headers, timeout=30)
