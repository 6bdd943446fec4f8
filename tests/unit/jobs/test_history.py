"""Looking through the steps of a job: the failed ones first, in pages, by words, and all of them for a download."""

import time

import pytest
from sqlalchemy import text

from app.errors import InvalidInput, JobNotFound
from app.jobs.choice import Seeker
from app.jobs.contract import StepRecord, StepSelection, StepStatus
from app.jobs.history import StepHistory
from app.jobs.queue import Batch, JobQueue
from tests.support.databases import SQLITE_ONLY
from tests.support.jobs import SUCCEEDED, request, step
from tests.support.queries import plans

pytestmark = pytest.mark.usefixtures("each_database")

ALL = StepSelection()
RUNNER = Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=100)
D, F, S, P = StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.PLANNED


@pytest.fixture
def service(registry):
    return registry.service


@pytest.fixture
def with_steps(registry):
    """Make a finished job with these steps: keys, statuses or records; keys are ``key 1``, ``key 2``... else."""

    def make(*steps, owner_id=None):
        job = registry.service.submit(request(owner_id=owner_id))
        queue = JobQueue(registry.database)
        records = tuple(_record(one, number) for number, one in enumerate(steps, 1))
        queue.finish(queue.claim(RUNNER).fence, SUCCEEDED, Batch(None, "", records, 1), time.time())
        return job.id

    return make


def _record(one, number):
    if isinstance(one, StepRecord):
        return one
    return step(f"key {number}", one) if isinstance(one, StepStatus) else step(one)


def numbers(steps):
    return [found.number for found in steps]


def pages(service, job_id, selection=ALL, limit=3):
    """Return the numbers of all pages."""
    found, after = [], None
    while True:
        page = service.find_steps(job_id, selection, after, limit)
        found.append(numbers(page.steps))
        after = page.next
        if after is None:
            return found


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        pytest.param([], [[]], id="no step"),
        pytest.param([D, D], [[1, 2]], id="less than a page"),
        pytest.param([D, D, D], [[1, 2, 3]], id="a page"),
        pytest.param([D] * 7, [[1, 2, 3], [4, 5, 6], [7]], id="some pages"),
        pytest.param([D, F, S, F, P], [[2, 4, 1], [3, 5]], id="the failed ones first"),
        pytest.param([F, D, F, D, F, D], [[1, 3, 5], [2, 4, 6]], id="the failed ones fill a page"),
        pytest.param([F, D, F, D, F, F], [[1, 3, 5], [6, 2, 4]], id="and one more"),
        pytest.param([F, F, F], [[1, 2, 3]], id="all have failed"),
        pytest.param([F, F, F, F], [[1, 2, 3], [4]], id="and one more of them"),
    ],
)
def test_steps_come_in_pages_failed_ones_first_each_in_the_order_in_which_they_finished(
    service, with_steps, statuses, expected
):
    assert pages(service, with_steps(*statuses)) == expected


def test_a_found_step_is_the_one_that_was_recorded(service, with_steps):
    odd = StepRecord("delete", "näme\n🙂", StepStatus.FAILED, 7, "access_denied", "no", 12.5)
    job = with_steps(odd)

    assert service.find_steps(job, ALL).steps == service.steps(job)
    assert service.find_steps(job, ALL).steps[0].record == odd


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        pytest.param(StepSelection(status=F), [[2, 4]], id="failed"),
        pytest.param(StepSelection(status=S), [[3]], id="skipped"),
        pytest.param(StepSelection(status=P), [[]], id="a status that none has"),
        pytest.param(StepSelection(action="delete"), [[4, 5]], id="an action"),
        pytest.param(StepSelection(text="PHOTO"), [[2, 4, 1], [5]], id="a part of the key in any case"),
        pytest.param(StepSelection(text="photo c"), [[]], id="a part of no key"),
        pytest.param(StepSelection(text="фото"), [[6]], id="letters beyond ASCII"),
        pytest.param(StepSelection(text="_"), [[]], id="no wildcard"),
        pytest.param(StepSelection(text="\udcff"), [[]], id="no text at all"),
        pytest.param(StepSelection(status=F, action="delete", text="b"), [[4]], id="all together"),
    ],
)
def test_steps_are_found_by_status_action_and_words(service, with_steps, selection, expected):
    job = with_steps(
        step("photo a"),
        step("photo a", F),
        step("scan", S),
        step("Photo b", F)._replace(action="delete"),
        step("photo b")._replace(action="delete"),
        step("Фото"),
    )

    assert pages(service, job, selection) == expected


@pytest.mark.parametrize("after", ["", "f", "5", "x5", "f-1", "f1x", "o" + "9" * 16, "f٣", "f1\n"])
def test_a_cursor_that_no_page_gave_is_refused(service, with_steps, after):
    with pytest.raises(InvalidInput) as caught:
        service.find_steps(with_steps(D), ALL, after)

    assert caught.value.field == "after"


def test_a_cursor_of_one_selection_does_no_harm_in_another(service, with_steps):
    job = with_steps(F, D, F, D)

    assert service.find_steps(job, StepSelection(status=F), "o1").steps == []
    assert numbers(service.find_steps(job, StepSelection(status=D), "f3").steps) == [2, 4]


def test_a_page_goes_on_with_steps_that_came_after_the_page_before(service, registry):
    job = service.submit(request())
    queue = JobQueue(registry.database)
    fence = queue.claim(RUNNER).fence
    queue.save(fence, Batch(None, "", (step("a"), step("b")), 1))
    first = service.find_steps(job.id, ALL, limit=1)
    queue.save(fence, Batch(None, "", (step("c"), step("d", F)), 3))

    assert numbers(service.find_steps(job.id, ALL, first.next).steps) == [2, 3]
    assert numbers(service.find_steps(job.id, ALL).steps) == [4, 1, 2, 3]


@pytest.mark.parametrize(
    ("statuses", "words", "expected"),
    [
        pytest.param([D] * 5, "none", [([], 3), ([], None)], id="nothing is found"),
        pytest.param([D] * 9, "key 8", [([], 3), ([], 6), ([8], 9), ([], None)], id="a hit at the end"),
        pytest.param(
            [D] * 9, "key", [([1, 2], None), ([3, 4], None), ([5, 6], None), ([7, 8], None), ([9], None)], id="many"
        ),
        pytest.param(
            [F, D, F, D, F, D, F], "none", [([], 5), ([], 6), ([], None)], id="of the failed ones so many, too"
        ),
        pytest.param([F, F, D], "key", [([1, 2], None), ([3], None)], id="few steps"),
        pytest.param([D] * 2, "ß", [([], 1), ([], 2), ([], None)], id="a text with three spellings after a third"),
    ],
)
def test_a_search_stops_after_so_many_steps_and_goes_on_from_there(registry, with_steps, statuses, words, expected):
    history = StepHistory(registry.database, searched_max=3)
    job, after, found = with_steps(*statuses), None, []
    while True:
        page = history.find(job, StepSelection(text=words), after, 2, None)
        found.append((numbers(page.steps), page.searched_to))
        after = page.next
        if after is None:
            break

    assert found == expected


def test_without_a_filter_nothing_is_searched(registry, with_steps):
    job = with_steps(*[D] * 9)

    page = StepHistory(registry.database, searched_max=3).find(job, ALL, None, 5, None)

    assert (numbers(page.steps), page.searched_to) == ([1, 2, 3, 4, 5], None)


def test_each_step_comes_once_in_the_order_in_which_they_finished(service, with_steps):
    job = with_steps(*[F if number % 7 == 0 else D for number in range(12_000)])

    assert numbers(service.each_step(job, ALL)) == list(range(1, 12_001))
    assert numbers(service.each_step(job, StepSelection(status=F))) == list(range(1, 12_001, 7))
    assert numbers(service.each_step(job, StepSelection(text="KEY 1200"))) == [1200, 12_000]


@SQLITE_ONLY
def test_between_pages_no_transaction_is_open(service, with_steps, registry):
    each = service.each_step(with_steps(*[D] * 5001), ALL)
    next(each)

    with registry.database.writing() as session:
        session.execute(text("DELETE FROM steps WHERE number > 5000"))
    registry.database.settle()  # raises while some reader is in the log

    with registry.database.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0
    assert numbers(each) == list(range(2, 5001))


def test_the_steps_of_a_job_that_is_forgotten_come_to_an_end(service, with_steps, registry):
    each = service.each_step(with_steps(*[D] * 5001), ALL)
    next(each)
    with registry.database.writing() as session:
        session.execute(text("DELETE FROM jobs"))

    assert len(list(each)) == 4999


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda jobs, job, owner: jobs.find_steps(job, ALL, owner_id=owner), id="find_steps"),
        pytest.param(lambda jobs, job, owner: jobs.each_step(job, ALL, owner), id="each_step"),
    ],
)
def test_steps_of_an_unknown_job_or_of_anothers_are_not_found(service, with_steps, ask):
    job = with_steps(D, owner_id=2)

    with pytest.raises(JobNotFound):
        ask(service, "unknown", None)
    with pytest.raises(JobNotFound):
        ask(service, job, 1)
    ask(service, job, 2)


KEYS = "SEARCH steps USING PRIMARY KEY (job_number=? AND number>?)"
FAILED = "SEARCH steps USING INDEX ix_steps_failed (job_number=? AND number>?)"


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        pytest.param(lambda jobs, job: jobs.find_steps(job, ALL), [FAILED, KEYS], id="the first page"),
        pytest.param(lambda jobs, job: jobs.find_steps(job, ALL, "o7"), [KEYS], id="a later page"),
        pytest.param(
            lambda jobs, job: jobs.find_steps(job, StepSelection(text="x")), [FAILED, FAILED, KEYS, KEYS], id="a search"
        ),
        pytest.param(
            lambda jobs, job: jobs.find_steps(job, StepSelection(status=F, text="x")),
            [FAILED, FAILED],
            id="a search of failed ones",
        ),
        pytest.param(lambda jobs, job: jobs.find_steps(job, StepSelection(status=F)), [FAILED], id="failed ones"),
        pytest.param(lambda jobs, job: list(jobs.each_step(job, ALL)), [KEYS], id="a download"),
        pytest.param(
            lambda jobs, job: list(jobs.each_step(job, StepSelection(status=F))),
            [FAILED],
            id="a download of failed ones",
        ),
    ],
)
@SQLITE_ONLY
def test_steps_are_read_in_order_from_their_key_or_from_the_index_of_failed_ones(
    service, registry, with_steps, ask, expected
):
    job = with_steps(D, F)

    _its_number, *answered = plans(registry.database, lambda: ask(service, job))

    assert len(answered) == len(expected)
    assert all(words in plan for words, plan in zip(expected, answered, strict=True)), answered
    assert "TEMP B-TREE" not in "".join(answered)
