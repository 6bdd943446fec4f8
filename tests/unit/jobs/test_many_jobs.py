"""Ten thousand jobs and a job with two hundred thousand steps: what pages ask for takes the same work as of a few.

Work is what SQLite counts itself, the same on each machine. A million steps differ in nothing but the time to make them.
"""

import pytest

from app.jobs.contract import JobSelection, JobState, StepSelection, StepStatus
from app.jobs.finding import JobFinder
from app.jobs.history import StepHistory
from tests.support.jobs import Registry
from tests.support.many_jobs import FAILED_EVERY, fill
from tests.support.queries import work

pytestmark = pytest.mark.slow

JOBS, STEPS = 10_000, 200_000
ALL = StepSelection()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """The service of that database, the database, and the id of the job with the steps."""
    registry = Registry(tmp_path_factory.mktemp("crowd"))
    job_id = fill(registry.database, JOBS, STEPS)
    yield registry.service, registry.database, job_id
    registry.close()


def pages_of_jobs(service, **selection):
    before = None
    while page := service.find(JobSelection(before=before, **selection), 1000):
        yield [job.id for job in page]
        before = page[-1].id


@pytest.mark.parametrize(
    ("ask", "instructions"),
    [
        pytest.param(lambda jobs, _: jobs.find(JobSelection(), 50), 5_000, id="the first page of jobs"),
        pytest.param(lambda jobs, _: jobs.find(JobSelection(owner_id=2), 50), 5_000, id="of an owner"),
        pytest.param(
            lambda jobs, _: jobs.find(JobSelection(states=[JobState.FAILED, JobState.PARTIAL]), 50),
            10_000,
            id="of two states",
        ),
        pytest.param(lambda jobs, job: jobs.find(JobSelection(before=job), 50), 5_000, id="a later page of jobs"),
        pytest.param(lambda jobs, job: jobs.throughput(job), 1_000, id="throughput"),
        pytest.param(lambda jobs, job: jobs.find_steps(job, ALL), 5_000, id="the first page of steps"),
        pytest.param(lambda jobs, job: jobs.find_steps(job, ALL, "o150000"), 5_000, id="a later page of steps"),
        pytest.param(lambda jobs, _: jobs.counts(), 12 * JOBS, id="counts"),
        pytest.param(lambda jobs, _: jobs.owners(), 12 * JOBS, id="owners"),
    ],
)
def test_a_page_costs_what_it_shows_and_not_what_there_is(crowd, ask, instructions):
    service, database, job_id = crowd

    with work(database) as done:
        ask(service, job_id)

    assert 0 < done.instructions < instructions


def test_looking_for_changes_costs_next_to_nothing(crowd):
    _, database, _ = crowd
    finder = JobFinder(database)

    with work(database) as done:
        for owner_id in (None, 2, 999):
            finder.mark(owner_id)

    assert done.instructions < 1_000


def test_pages_of_jobs_are_all_of_them_once(crowd):
    service, _, newest = crowd
    everything = [job for page in pages_of_jobs(service) for job in page]

    assert (len(everything), len(set(everything)), everything[0]) == (JOBS, JOBS, newest)
    counts = service.counts()
    assert sum(counts.values()) == JOBS
    failed = [job for page in pages_of_jobs(service, states=[JobState.FAILED], storage="/photos/") for job in page]
    assert len(failed) == counts[JobState.FAILED] / 5 == 250


def test_a_search_through_all_steps_finds_the_last_one_or_nothing(crowd):
    service, _, job_id = crowd

    last = service.find_steps(job_id, StepSelection(text=f"PHOTO 0{STEPS - 1}"))
    none = service.find_steps(job_id, StepSelection(text="фото"))

    assert ([found.number for found in last.steps], last.next) == ([STEPS - 1], None)
    assert (list(none.steps), none.next) == ([], None)


def test_a_search_that_is_bounded_does_a_bounded_part_of_the_work(crowd):
    _, database, job_id = crowd
    selection = StepSelection(text="nothing like it")
    with work(database) as whole:
        StepHistory(database).find(job_id, selection, None, 100, None)

    with work(database) as part:
        page = StepHistory(database, searched_max=STEPS // 10).find(job_id, selection, "o0", 100, None)

    # One in a thousand has failed, and is not counted among the others.
    assert page.searched_to == pytest.approx(STEPS // 10, rel=0.01)
    assert part.instructions < whole.instructions / 5


def test_a_download_has_every_step_once(crowd):
    service, _, job_id = crowd

    assert all(found.number == number for number, found in enumerate(service.each_step(job_id, ALL), 1))
    assert sum(1 for _ in service.each_step(job_id, ALL)) == STEPS
    failed = service.each_step(job_id, StepSelection(status=StepStatus.FAILED))
    assert sum(1 for _ in failed) == STEPS // FAILED_EVERY
