"""Every kind of page for everybody: axe's rules, the keyboard alone, little motion, the system's colours, large print."""

import itertools
from collections import defaultdict

import pytest

from tests.dashboard.conftest import sign_in, windows
from tests.dashboard.kinds_of_pages import PAGES
from tests.support.axe import serious_findings

pytestmark = pytest.mark.slow

DESKTOP = {"width": 1200, "height": 900}
LARGE_PRINT = {"width": 640, "height": 450}
"""What a window of 1280 by 900 has room for at a zoom of 200 %."""


LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))"
MOVING = """() => document.getAnimations().length + [...document.querySelectorAll('*')].filter(e => {
    const style = getComputedStyle(e);
    return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
}).length"""
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Axe's rules for what alone differs in the dark."""


@pytest.fixture(scope="module")
def seen(browser, shown):
    """What was seen on every kind of page, of each answer one by page: to open them all for each question takes minutes."""
    seen = defaultdict(dict)
    with windows(browser, shown.service) as new_window:
        page = new_window(viewport=DESKTOP, reduced_motion="reduce")
        sign_in(page, shown.service, shown.anna)
        for name, go in PAGES.items():
            page.set_viewport_size(DESKTOP)
            page.emulate_media(color_scheme="light")
            go(page, shown)
            seen["title"][name] = page.title()
            seen["levels"][name] = page.evaluate(LEVELS)
            seen["moving"][name] = page.evaluate(MOVING)
            seen["light"][name] = serious_findings(page)
            page.emulate_media(color_scheme="dark")
            seen["dark"][name] = serious_findings(page, OF_COLOURS)
            page.set_viewport_size(LARGE_PRINT)
            seen["beyond"][name] = page.evaluate(BEYOND)
    return seen


@pytest.fixture(scope="module")
def page(browser, shown):
    """A window of a desktop, in which anna has signed in."""
    with windows(browser, shown.service) as new_window:
        page = new_window(viewport=DESKTOP)
        sign_in(page, shown.service, shown.anna)
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(seen, scheme):
    assert seen[scheme].keys() == PAGES.keys()
    assert {name: findings for name, findings in seen[scheme].items() if findings} == {}


def test_axe_would_find_what_is_wrong(page, shown):
    PAGES["signing in"](page, shown)
    page.evaluate("document.querySelector('label[for=password]').remove()")

    assert [finding.partition(":")[0] for finding in serious_findings(page)] == ["label"]


def test_every_page_has_one_title_one_main_heading_and_no_gap_below_it(seen):
    titles = seen["title"]
    for name, levels in seen["levels"].items():
        assert levels.count(1) == 1, (name, levels)
        assert levels[0] == 1, (name, levels)
        assert all(below - above <= 1 for above, below in itertools.pairwise(levels)), (name, levels)
    assert all(title.endswith(" · Sluice") and len(title) > len(" · Sluice") for title in titles.values()), titles


REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(e => !e.disabled && e.type !== 'hidden' && e.checkVisibility({visibilityProperty: true}))
    .filter(e => e.type !== 'radio' || e.checked || !document.querySelector(`[name="${e.name}"]:checked`))"""
OUTLINED = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


@pytest.mark.parametrize("name", ["the jobs", "a job with failed steps", "the form of a sync", "a plan with deletions", "a connection", "folders of a storage", "a new connection of s3", "signing in"])  # fmt: skip
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page, shown, name):
    PAGES[name](page, shown)
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    expected = page.evaluate(f"({REACHABLE})().length")
    reached, outlined = [], []
    for _ in range(expected):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"({REACHABLE})().indexOf(document.activeElement)"))
        outlined.append(page.evaluate(OUTLINED))

    assert expected > 5
    assert reached == list(range(expected))
    assert all(outlined)


def test_the_first_thing_that_the_keyboard_reaches_leads_past_the_navigation(page, shown):
    PAGES["the jobs"](page, shown)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert link.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_nothing_moves_for_who_wants_little_motion(page, shown, seen):
    assert {name: moving for name, moving in seen["moving"].items() if moving} == {}
    PAGES["the jobs"](page, shown)
    assert page.evaluate(MOVING) > 0  # the question can be answered otherwise


def test_states_are_told_by_words_and_borders_where_the_system_chooses_the_colours(page, shown):
    page.emulate_media(forced_colors="active")
    PAGES["the jobs"](page, shown)
    badges = page.locator("main .badge")
    borders = badges.evaluate_all("all => all.map(e => getComputedStyle(e).borderTopStyle)")

    assert set(borders) == {"solid"}
    assert {"Running", "Succeeded", "Finished in part", "Failed", "Cancelled"} <= set(badges.all_inner_texts())
    assert serious_findings(page) == []
    page.emulate_media(forced_colors="none")


def test_at_a_zoom_of_200_percent_no_page_has_to_be_scrolled_sideways(seen):
    assert {name: beyond for name, beyond in seen["beyond"].items() if beyond > 0} == {}
