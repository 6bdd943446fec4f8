"""The sections of the list of jobs: how many each shows, and what it says of the others."""

import pytest
from lxml import html

from app import create_app
from app.bootstrap import build_services
from app.dashboard.jobs.job_lists import SHOWN_MAX, Section, views_of
from app.jobs.contract import JobRequest
from tests.support.jobs import settings_for


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(tmp_path, jobs_queued_limit=1000))
    yield services
    services.database.close()


@pytest.fixture
def shown(services):
    """Return what asks for a page of the list."""
    client = create_app(services).test_client()

    def ask(path):
        answer = client.get(path)
        assert answer.status_code == 200
        return html.fromstring(answer.data)

    return ask


def submit(services, count, bucket="some-bucket"):
    return [
        services.jobs.submit(JobRequest("nobody runs this", {"source": "in", "dest": bucket})) for _ in range(count)
    ]


def rows(page, section):
    return [row.get("id") for row in page.xpath(f"//section[@id='{section}']//tr[@id]")]


def test_an_installation_without_a_job_invites_to_start_one(shown):
    page = shown("/")

    assert page.xpath("//main//a[@href='/start']")
    assert page.get_element_by_id("no-jobs").text_content()
    assert page.xpath("//form[@role='search']") == []


def test_a_filter_of_an_installation_without_a_job_can_be_undone(shown):
    assert shown("/?storage=x").xpath("//a[text()='Show all']/@href") == ["/"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("", "… and 7 more. Filter by storage to find one of them.", id="all"),
        pytest.param("?state=queued", "… and 7 more. Filter by storage to find one of them.", id="of a state"),
        pytest.param("?storage=some", "… and more. Filter by storage to find one of them.", id="filtered"),
    ],
)
def test_a_section_shows_so_many_and_says_that_there_are_more(services, shown, query, said):
    jobs = submit(services, SHOWN_MAX + 7)
    page = shown(f"/{query}")

    assert rows(page, "waiting") == [f"job-{job.id}" for job in jobs[:SHOWN_MAX]]
    assert page.xpath("//section[@id='waiting']/p")[0].text_content() == said


def test_as_many_as_a_section_shows_are_all(services, shown):
    submit(services, SHOWN_MAX)
    page = shown("/")

    assert len(rows(page, "waiting")) == SHOWN_MAX
    assert page.xpath("//section[@id='waiting']/p") == []


def test_finished_jobs_are_paged_newest_first_to_the_last(services, shown):
    ids = [services.jobs.request_cancel(job.id).id for job in submit(services, 2 * SHOWN_MAX + 3)]
    submit(services, 1)
    path, pages = "/?storage=some", []
    while path:
        page = shown(path)
        pages.append(rows(page, "finished"))
        path = next(iter(page.xpath("//a[@rel='next']/@href")), None)

    assert [len(each) for each in pages] == [SHOWN_MAX, SHOWN_MAX, 3]
    assert [row for each in pages for row in each] == [f"job-{job_id}" for job_id in reversed(ids)]


def test_a_later_page_shows_nothing_but_older_finished_jobs(services, shown):
    first, second = (services.jobs.request_cancel(job.id).id for job in submit(services, 2))
    submit(services, 1)
    page = shown(f"/?before={second}")

    assert (rows(page, "waiting"), rows(page, "finished")) == ([], [f"job-{first}"])


def test_a_job_whose_owner_was_removed_says_so(services, shown):
    services.jobs.submit(JobRequest("nobody runs this", {}, owner_id=77))
    page = shown("/?who=77")

    assert "removed user 77" in page.get_element_by_id("waiting").text_content()
    assert page.xpath("//select[@name='who']/option[@selected]/text()") == ["removed user 77"]


def test_the_field_for_a_storage_offers_the_buckets_of_the_page(services, shown):
    submit(services, 2, "one-bucket")
    submit(services, 1, "another-bucket")

    assert set(shown("/").xpath("//datalist/option/@value")) == {"one-bucket", "another-bucket"}


def test_a_job_that_went_on_between_two_looks_is_shown_where_it_is_now(services):
    app = create_app(services)
    first, second = submit(services, 2)
    with app.test_request_context():
        before, after = Section(views_of([first, second]), has_more=True), Section(views_of([first]))

    left = before.without(Section(), after)

    assert [job.id for job in left.jobs] == [second.id]
    assert left.has_more
