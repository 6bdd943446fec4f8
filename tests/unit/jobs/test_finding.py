"""Looking for jobs: filters, pages, counts, and how much the database has to do for them."""

import time
from itertools import product

import pytest

from app.errors import JobNotFound
from app.jobs.choice import Seeker
from app.jobs.contract import JobSelection, JobState, Outcome
from app.jobs.queue import Batch, JobQueue
from tests.support.databases import SQLITE_ONLY
from tests.support.jobs import request
from tests.support.queries import plans

pytestmark = pytest.mark.usefixtures("each_database")

UNKNOWN = "0192f0c1-7c1e-7f3a-9b2e-3f1a5d0c8e11"
CONNECTION = "01890a5d-ac96-774b-bcce-b302099a8057"
RUNNER = Seeker(runner_id="me", kinds=frozenset({"hold"}), running_limit=100)


@pytest.fixture
def service(registry):
    return registry.service


@pytest.fixture
def made(registry):
    """Make a job in some state."""
    queue = JobQueue(registry.database)

    def make(state=JobState.QUEUED, owner_id=None, **arguments):
        job = registry.service.submit(request(owner_id=owner_id, arguments=arguments))
        if state is not JobState.QUEUED:
            fence = queue.claim(RUNNER).fence
            if state.is_final:
                queue.finish(fence, Outcome(state, None, ""), Batch(None, "", (), 1), time.time())
        return job.id

    return make


def found(service, limit=100, oldest_first=False, owner_id=None, **selection):
    jobs = service.find(JobSelection(**selection), limit, oldest_first=oldest_first, owner_id=owner_id)
    return [job.id for job in jobs]


def test_the_newest_come_first_or_the_oldest(service, made):
    first, second, third = made(), made(JobState.FAILED), made()

    assert found(service) == [third, second, first]
    assert found(service, oldest_first=True) == [first, second, third]
    assert found(service, 2) == [third, second]
    assert found(service, 2, oldest_first=True) == [first, second]


def test_what_is_found_is_the_whole_job(service, made):
    job_id = made(dest="photos")

    assert service.find(JobSelection(), 1) == [service.get(job_id)]


def test_pages_follow_each_other_without_gap_or_repetition(service, made):
    jobs = [made(JobState.FAILED if number % 3 else JobState.SUCCEEDED) for number in range(9)]
    pages = [found(service, 4)]
    while pages[-1]:
        pages.append(found(service, 4, before=pages[-1][-1]))

    assert [len(page) for page in pages] == [4, 4, 1, 0]
    assert [job for page in pages for job in page] == jobs[::-1]


@pytest.mark.parametrize("oldest_first", [False, True], ids=["newest first", "oldest first"])
@pytest.mark.parametrize(
    "states",
    [
        pytest.param(["failed"], id="one"),
        pytest.param(["failed", "queued"], id="two"),
        pytest.param(["succeeded", "partial", "failed", "cancelled"], id="all ends"),
        pytest.param(list(JobState), id="all"),
        pytest.param([], id="none stands for all"),
    ],
)
def test_several_states_come_in_one_order(service, made, states, oldest_first):
    kinds = [JobState.FAILED, JobState.SUCCEEDED, JobState.PARTIAL, JobState.FAILED, JobState.SUCCEEDED]
    jobs = [(made(state), state) for state in kinds]
    jobs += [(made(JobState.RUNNING), JobState.RUNNING), (made(), JobState.QUEUED)]
    expected = [job for job, state in jobs if not states or state in states][:3]
    if not oldest_first:
        expected = [job for job, state in jobs if not states or state in states][::-1][:3]

    assert found(service, 3, oldest_first, states=[JobState(state) for state in states]) == expected


@pytest.mark.parametrize(
    ("storage", "expected"),
    [
        pytest.param("photos", ["photos", "prefixed"], id="a bucket"),
        pytest.param("PHOTOS/2026", ["prefixed"], id="a bucket and the beginning of a prefix, in capitals"),
        pytest.param("9000/photos/", ["photos", "prefixed"], id="over the borders"),
        pytest.param("minio", ["photos", "prefixed"], id="an address"),
        pytest.param("ph%", [], id="no wildcard"),
        pytest.param("connections", ["other"], id="no part of the names of arguments"),
        pytest.param(CONNECTION, ["linked", "second"], id="a connection"),
        pytest.param(CONNECTION.upper(), ["linked", "second"], id="a connection in capitals"),
        pytest.param(CONNECTION[:13], [], id="a part of a connection"),
        pytest.param(UNKNOWN, [], id="another connection"),
    ],
)
def test_a_storage_is_found_by_a_part_of_its_address_bucket_and_prefix_or_by_its_connection(
    service, made, storage, expected
):
    url = "http://minio.example:9000"
    names = {
        made(storage_url=url, dest="photos", prefix="", connection=None): "photos",
        made(storage_url=url, dest="Photos", prefix="2026/", connection=None): "prefixed",
        made(storage_url="http://here:1", dest="its-connections", prefix=""): "other",
        made(storage_url="http://here:1", dest="b", prefix="", connection=CONNECTION): "linked",
        made(storage_url="", dest="b", connection=UNKNOWN[::-1], connections=[UNKNOWN[::-1], CONNECTION]): "second",
        made(): "no arguments",
    }

    assert [names[job] for job in found(service, oldest_first=True, storage=storage)] == expected


def test_filters_combine(service, made):
    made(JobState.FAILED, 1, dest="photos", storage_url="s")
    wanted = [made(JobState.FAILED, 2, dest="photos", storage_url="s") for _ in range(3)]
    made(JobState.SUCCEEDED, 2, dest="photos", storage_url="s")
    made(JobState.FAILED, 2, dest="scans", storage_url="s")
    selection = {"states": [JobState.FAILED], "storage": "photos", "owner_id": 2}

    assert found(service, **selection) == wanted[::-1]
    assert found(service, **selection, before=wanted[1]) == wanted[:1]


def test_a_caller_finds_only_his_own_whoever_is_asked_for(service, made):
    mine, other, nobodys = made(owner_id=1), made(owner_id=2), made()

    assert found(service, owner_id=1) == [mine]
    assert found(service) == [nobodys, other, mine]
    jobs = service.find(JobSelection(owner_id=2), 9, owner_id=1)
    assert jobs == []


@pytest.mark.parametrize("owner_id", [None, 1], ids=["unknown", "of another"])
def test_a_job_to_go_on_from_must_be_one_that_the_caller_may_see(service, made, owner_id):
    before = UNKNOWN if owner_id is None else made(owner_id=2)

    with pytest.raises(JobNotFound):
        found(service, owner_id=owner_id, before=before)


def test_each_state_is_counted_and_those_without_jobs_are_0(service, made):
    for state, owner in product((JobState.FAILED, JobState.RUNNING), (1, 2)):
        made(state, owner)
    made(JobState.FAILED)

    everybodys = {"queued": 0, "running": 2, "succeeded": 0, "partial": 0, "failed": 3, "cancelled": 0}
    assert service.counts() == everybodys
    assert service.counts(owner_id=1) == {**everybodys, "running": 1, "failed": 1}
    assert set(service.counts(owner_id=9).values()) == {0}


def test_owners_are_those_who_have_jobs(service, made):
    for owner in (7, None, 3, 7):
        made(owner_id=owner)

    assert service.owners() == [3, 7]
    assert service.owners(owner_id=7) == [7]
    assert service.owners(owner_id=8) == []


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        pytest.param(
            lambda jobs, _: jobs.find(JobSelection(), 50), ["SCAN jobs"], id="the page: from the end of the table"
        ),
        pytest.param(
            lambda jobs, job: jobs.find(JobSelection(before=job), 50, owner_id=1),
            ["(id=?)", "SEARCH jobs USING INDEX ix_jobs_owner_id"],
            id="a later page of an owner",
        ),
        pytest.param(
            lambda jobs, _: jobs.find(JobSelection(states=[JobState.FAILED]), 50),
            ["SEARCH jobs USING INDEX ix_jobs_state"],
            id="a state",
        ),
        pytest.param(
            lambda jobs, _: jobs.find(JobSelection(states=[JobState.FAILED, JobState.PARTIAL]), 50),
            ["SEARCH jobs USING INDEX ix_jobs_state"] * 2,
            id="two states",
        ),
        pytest.param(
            lambda jobs, _: jobs.find(JobSelection(owner_id=2), 50),
            ["SEARCH jobs USING INDEX ix_jobs_owner_id"],
            id="an owner",
        ),
        pytest.param(
            lambda jobs, _: jobs.counts(), ["SCAN jobs USING COVERING INDEX ix_jobs_state"], id="counts: in the index"
        ),
        pytest.param(lambda jobs, _: jobs.owners(), ["COVERING INDEX ix_jobs_owner_id"], id="owners: in the index"),
    ],
)
@SQLITE_ONLY
def test_a_question_of_people_is_answered_in_order_from_an_index(service, registry, made, ask, expected):
    job = made(owner_id=1)

    answered = plans(registry.database, lambda: ask(service, job))

    assert len(answered) == len(expected)
    assert all(words in plan for words, plan in zip(expected, answered, strict=True)), answered
    assert "TEMP B-TREE" not in "".join(answered)


@pytest.mark.parametrize("owner_id", [None, 1], ids=["everybody", "an owner"])
@SQLITE_ONLY
def test_what_streams_ask_twice_a_second_reads_the_unfinished_jobs_and_the_newest(service, registry, made, owner_id):
    made(owner_id=1)

    sums, newest = plans(registry.database, lambda: service._finder.mark(owner_id))

    assert "ix_jobs_unfinished" in sums
    assert newest.startswith("SEARCH jobs")
