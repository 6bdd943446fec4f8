"""Every kind of page for everybody: axe's rules, the keyboard alone, little motion, the system's colours, large print."""

import itertools

import pytest

from tests.dashboard.conftest import sign_in
from tests.dashboard.kinds_of_pages import PAGES
from tests.support.axe import serious_findings
from tests.support.showcase import showcase

pytestmark = pytest.mark.slow

DESKTOP = {"width": 1200, "height": 900}
LARGE_PRINT = {"width": 640, "height": 450}
"""What a window of 1280 by 900 has room for at a zoom of 200 %."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    with showcase(tmp_path_factory.mktemp("showcase"), pause=30) as shown:
        yield shown


@pytest.fixture
def new_signed_in(new_window, shown):
    def make(**options):
        page = new_window(shown.service, **options)
        sign_in(page, shown.service, shown.anna)
        return page

    return make


@pytest.mark.parametrize(
    ("scheme", "rules"),
    [
        pytest.param("light", None, id="light"),
        pytest.param("dark", ["color-contrast", "link-in-text-block"], id="dark, where nothing but colours differs"),
    ],
)
def test_axe_finds_nothing_serious_on_any_page(new_signed_in, shown, scheme, rules):
    page = new_signed_in(viewport=DESKTOP, color_scheme=scheme)
    found = {}
    for name, go in PAGES.items():
        go(page, shown)
        found[name] = serious_findings(page, rules)

    assert {name: findings for name, findings in found.items() if findings} == {}


def test_axe_would_find_what_is_wrong(new_signed_in, shown):
    page = new_signed_in(viewport=DESKTOP)
    PAGES["signing in"](page, shown)
    page.evaluate("document.querySelector('label[for=password]').remove()")

    assert [finding.partition(":")[0] for finding in serious_findings(page)] == ["label"]


def test_every_page_has_one_title_one_main_heading_and_no_gap_below_it(new_signed_in, shown):
    page, titles = new_signed_in(viewport=DESKTOP), {}
    for name, go in PAGES.items():
        go(page, shown)
        levels = page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1]))"
        )
        titles[name] = page.title()

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
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(new_signed_in, shown, name):
    page = new_signed_in(viewport=DESKTOP)
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


def test_the_first_thing_that_the_keyboard_reaches_leads_past_the_navigation(new_signed_in, shown):
    page = new_signed_in(viewport=DESKTOP)
    PAGES["the jobs"](page, shown)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the content")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert link.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_nothing_moves_for_who_wants_little_motion(new_signed_in, shown):
    moving = """() => document.getAnimations().length + [...document.querySelectorAll('*')].filter(e => {
        const style = getComputedStyle(e);
        return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
    }).length"""
    still, lively = (new_signed_in(viewport=DESKTOP, reduced_motion=wish) for wish in ("reduce", "no-preference"))
    for name, go in PAGES.items():
        go(still, shown)
        assert still.evaluate(moving) == 0, name
    PAGES["the jobs"](lively, shown)
    assert lively.evaluate(moving) > 0  # the question can be answered otherwise


def test_states_are_told_by_words_and_borders_where_the_system_chooses_the_colours(new_signed_in, shown):
    page = new_signed_in(viewport=DESKTOP, forced_colors="active")
    PAGES["the jobs"](page, shown)
    badges = page.locator("main .badge")
    borders = badges.evaluate_all("all => all.map(e => getComputedStyle(e).borderTopStyle)")

    assert set(borders) == {"solid"}
    assert {"Running", "Succeeded", "Finished in part", "Failed", "Cancelled"} <= set(badges.all_inner_texts())
    assert serious_findings(page) == []


def test_at_a_zoom_of_200_percent_no_page_has_to_be_scrolled_sideways(new_signed_in, shown):
    page = new_signed_in(viewport=LARGE_PRINT)
    for name, go in PAGES.items():
        go(page, shown)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, name
