"""Looking around in a storage with a browser: three levels deep, with small pictures, all of which appear in the end."""

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import sign_in
from tests.support.buckets import own_bucket
from tests.support.pictures import picture
from tests.support.servers import ACCESS_KEY

pytestmark = pytest.mark.slow

ALL_SHOWN = """count => {
    const pictures = [...document.querySelectorAll("img.thumbnail")];
    return pictures.length === count && pictures.every(picture => picture.complete && picture.naturalWidth > 0);
}"""

BYTES_ASKED_FOR = """() => performance.getEntriesByType("resource").filter(entry => entry.name.includes("/thumbnail"))
    .reduce((sum, entry) => sum + entry.transferSize, 0)"""


MANY = 16
"""More than twice the six that a browser asks one server for at once and the service makes for one person at once."""


@pytest.fixture
def bucket(rclone, name):
    with own_bucket(rclone, name) as bucket:
        yield bucket


@pytest.fixture
def browsing(closed, new_person, rclone, bucket):
    """Sign somebody in who has a connection to the bucket, and show him what lies in it."""

    def begin(page):
        sign_in(page, closed, new_person(closed))
        page.goto(f"{closed.url}/connections/new")
        page.get_by_label("Bucket", exact=True).fill(bucket.name)
        page.get_by_label("Address", exact=True).fill(rclone.endpoint)
        page.get_by_label("Access key", exact=True).fill(ACCESS_KEY)
        page.get_by_label("Secret key", exact=True).fill(rclone.secret_key)
        page.get_by_role("button", name="Keep it").click()
        page.wait_for_url(re.compile(r"done=made"))
        page.get_by_role("link", name="Browse").click()

    return begin


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_folders_are_gone_through_and_images_shown(new_window, closed, bucket, browsing, scripted):
    bucket.put({
        "top.txt": b"text",
        "photos/2026/a.png": picture(),
        "photos/2026/b?#%+ <b>.jpg": picture(kind="JPEG"),
        "photos/2026/broken.png": b"none",
    })  # fmt: skip
    page = new_window(closed, java_script_enabled=scripted)
    browsing(page)
    expect(page.locator("tbody tr")).to_have_text([re.compile("photos"), re.compile("top.txt")])
    page.click("tbody a:has-text('photos')")
    page.click("tbody a:has-text('2026')")
    expect(page.locator("tbody bdi")).to_have_text(["a.png", "b?#%+ <b>.jpg", "broken.png"])
    pictures = page.locator("img.thumbnail")
    if scripted:
        expect(pictures).to_have_count(2)  # that of no image has gone, and its symbol stays
        page.wait_for_function(ALL_SHOWN, arg=2)
    expect(page.locator("tbody .symbol")).to_have_count(3)
    page.get_by_label("Names that begin with").fill("b")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody bdi")).to_have_text(["b?#%+ <b>.jpg", "broken.png"])
    page.get_by_role("navigation", name="Folders").get_by_role("link", name="photos", exact=True).click()
    expect(page.locator("tbody tr")).to_have_text([re.compile("2026")])


def test_a_page_of_many_images_shows_all_of_them_and_asks_once_for_each(new_window, closed, bucket, browsing):
    image = picture((320, 240), "JPEG", colour=(200, 30, 30))
    bucket.put({f"many/{number:03}.jpg": image for number in range(MANY)})
    page = new_window(closed, viewport={"width": 900, "height": 5000})
    browsing(page)
    page.click("tbody a:has-text('many')")
    page.wait_for_function(ALL_SHOWN, arg=MANY, timeout=90_000)

    page.goto(page.url)
    page.wait_for_function(ALL_SHOWN, arg=MANY)
    assert page.evaluate(BYTES_ASKED_FOR) == 0


def test_a_service_that_is_busy_is_asked_again_until_all_are_shown(new_window, closed, bucket, browsing):
    bucket.put({f"many/{number:03}.png": picture((8, 8)) for number in range(4)})
    page, asked = new_window(closed, viewport={"width": 900, "height": 5000}), Counter()

    def refuse_twice(route):
        asked[route.request.url] += 1
        if asked[route.request.url] > 2:
            route.continue_()
        else:
            route.fulfill(status=429, headers={"Retry-After": "1"})

    page.route("**/thumbnail?**", refuse_twice)
    browsing(page)
    page.click("tbody a:has-text('many')")
    page.wait_for_function(ALL_SHOWN, arg=4)
    assert set(asked.values()) <= {3, 4}  # what has come is shown out of the browser's memory, or asked for once more
    assert len(asked) == 4
