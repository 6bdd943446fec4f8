"""Every kind of page on a phone: nothing lies beyond the edge, and what is there can be hit with a thumb."""

from collections import defaultdict

import pytest

from tests.dashboard.conftest import sign_in, windows
from tests.dashboard.kinds_of_pages import PAGES
from tests.support.axe import serious_findings

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LEAST = 24
"""Pixels in both directions: WCAG 2.2's minimum for what is touched."""

BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """least => [...document.querySelectorAll('button, input, select, textarea, summary, nav a, .button')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}))
    .map(e => [(e.closest('label') ?? e).getBoundingClientRect(), e.outerHTML.slice(0, 90)])
    .filter(([box]) => box.width < least || box.height < least).map(([box, what]) => what)"""


WITH_AXE = {
    "the jobs",
    "a job with failed steps",
    "a plan with deletions",
    "the form of a sync with errors",
    "pictures in a storage",
}


@pytest.fixture(scope="module")
def phone(browser, shown):
    with windows(browser, shown.service) as new_window:
        page = new_window(shown.service, **PHONE, color_scheme="dark")
        sign_in(page, shown.service, shown.anna)
        yield page


@pytest.fixture(scope="module")
def seen(phone, shown):
    """What was seen on every kind of page, of each answer one by page."""
    seen = defaultdict(dict)
    for name, go in PAGES.items():
        go(phone, shown)
        seen["beyond"][name] = phone.evaluate(BEYOND)
        seen["small"][name] = phone.evaluate(SMALL, LEAST)
        if name in WITH_AXE:
            seen["axe"][name] = serious_findings(phone)
    return seen


def test_no_page_has_to_be_scrolled_sideways(seen):
    assert seen["beyond"].keys() == PAGES.keys()
    assert {name: beyond for name, beyond in seen["beyond"].items() if beyond > 0} == {}


def test_what_can_be_touched_is_large_enough(seen):
    assert {name: found for name, found in seen["small"].items() if found} == {}


def test_axe_finds_nothing_serious_on_a_phone(seen):
    assert seen["axe"] == {name: [] for name in WITH_AXE}


def test_each_cell_of_a_table_says_its_column(phone, shown):
    PAGES["a job with failed steps"](phone, shown)
    cells = phone.locator("#steps td")
    labels = cells.evaluate_all(
        "all => all.filter(e => e.textContent.trim()).map(e => getComputedStyle(e, '::before').content)"
    )

    assert len(labels) > 10
    assert {"none", '""'}.isdisjoint(labels)
