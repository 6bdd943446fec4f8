"""Every kind of page on a phone: nothing lies beyond the edge, and what is there can be hit with a thumb."""

import pytest

from tests.dashboard.conftest import sign_in
from tests.dashboard.kinds_of_pages import PAGES
from tests.support.axe import serious_findings
from tests.support.showcase import showcase

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LEAST = 24
"""Pixels in both directions: WCAG 2.2's minimum for what is touched."""

SMALL = """least => [...document.querySelectorAll('button, input, select, textarea, summary, nav a, .button')]
    .filter(e => e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}))
    .map(e => [(e.closest('label') ?? e).getBoundingClientRect(), e.outerHTML.slice(0, 90)])
    .filter(([box]) => box.width < least || box.height < least).map(([box, what]) => what)"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    with showcase(tmp_path_factory.mktemp("showcase"), pause=30) as shown:
        yield shown


@pytest.fixture
def phone(new_window, shown):
    page = new_window(shown.service, **PHONE, color_scheme="dark")
    sign_in(page, shown.service, shown.anna)
    return page


def test_no_page_has_to_be_scrolled_sideways(phone, shown):
    for name, go in PAGES.items():
        go(phone, shown)
        beyond = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, name


def test_what_can_be_touched_is_large_enough(phone, shown):
    small = {}
    for name, go in PAGES.items():
        go(phone, shown)
        small[name] = phone.evaluate(SMALL, LEAST)

    assert {name: found for name, found in small.items() if found} == {}


@pytest.mark.parametrize("name", ["the jobs", "a job with failed steps", "a plan with deletions", "the form of a sync with errors", "pictures in a storage"])  # fmt: skip
def test_axe_finds_nothing_serious_on_a_phone(phone, shown, name):
    PAGES[name](phone, shown)

    assert serious_findings(phone) == []


def test_each_cell_of_a_table_says_its_column(phone, shown):
    PAGES["a job with failed steps"](phone, shown)
    cells = phone.locator("#steps td")
    labels = cells.evaluate_all(
        "all => all.filter(e => e.textContent.trim()).map(e => getComputedStyle(e, '::before').content)"
    )

    assert len(labels) > 10
    assert {"none", '""'}.isdisjoint(labels)
