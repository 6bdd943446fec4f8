"""What the pages say of a job beside its counters: its phases, what was asked, how far it is."""

import pytest

from app.dashboard.jobs.job_details import details_of, filters_of
from app.dashboard.jobs.job_views import job_view
from app.dashboard.jobs.phases import phases_of
from app.jobs.contract import Job, JobState

ARGUMENTS = {
    "direction": "upload",
    "source": "in",
    "dest": "bucket",
    "prefix": "",
    "storage_url": "http://s3.example",
    "connection": None,
    "wait": 0,
    "delete": True,
    "dry_run": False,
    "rules": [["exclude", "*.tmp"], ["include", "a.tmp"]],
    "max_delete": None,
    "check": "exact",
}


def job(state=JobState.RUNNING, kind="mirror", progress=None, attempt=1, started=110.0, finished=None, **arguments):
    return Job(
        id="01a1fc47-59ce-7f7a-a3ba-3cb04c080bbc",
        kind=kind,
        state=state,
        reason=None,
        message="",
        arguments=ARGUMENTS | arguments,
        progress=progress or {},
        target="",
        target_prefix="",
        cancel_requested=False,
        attempt=attempt,
        version=1,
        owner_id=None,
        created_at=100.0,
        started_at=started,
        finished_at=finished,
    )


def phase(name, started, ended):
    return {"name": name, "started_at": started, "ended_at": ended}


def seen(made, now=200.0):
    return [(each.name, each.started_at, each.seconds, each.is_over) for each in phases_of(made, now)]


def test_a_job_that_waits_is_in_one_phase():
    assert seen(job(JobState.QUEUED, started=None)) == [("Waiting", 100.0, 100.0, False)]


def test_a_job_that_was_cancelled_before_it_started_has_waited():
    assert seen(job(JobState.CANCELLED, started=None, finished=103.0)) == [("Waiting", 100.0, 3.0, True)]


def test_phases_follow_each_other_and_the_last_goes_on():
    progress = {"phases": [phase("listing", 110.0, 130.0), phase("uploading", 115.0, None)]}

    assert seen(job(progress=progress)) == [
        ("Waiting", 100.0, 10.0, True),
        ("Listing and comparing", 110.0, 20.0, True),
        ("Uploading", 115.0, 85.0, False),
    ]


def test_what_was_going_on_when_the_job_ended_ended_then():
    progress = {"phases": [phase("deleting", 110.0, None)]}

    assert seen(job(JobState.FAILED, progress=progress, finished=150.0))[-1] == ("Deleting", 110.0, 40.0, True)


def test_while_a_job_waits_to_be_resumed_nothing_of_it_goes_on():
    progress = {"phases": [phase("listing", 110.0, 130.0), phase("uploading", 115.0, None)], "bytes_per_second": 7}
    waiting = job(JobState.QUEUED, progress=progress)

    assert seen(waiting) == [("Waiting", 100.0, 10.0, True), ("Listing and comparing", 110.0, 20.0, True)]
    assert job_view(waiting, now=200.0).rate == 0


@pytest.mark.parametrize(
    ("kind", "direction", "word"),
    [
        pytest.param("mirror", "upload", "Uploading", id="upload"),
        pytest.param("mirror", "download", "Downloading", id="download"),
        pytest.param("copy", "direct", "Copying", id="copy"),
        pytest.param("synchronisation", "download", "Downloading", id="synchronisation"),
    ],
)
def test_the_carrying_phase_is_called_what_it_does(kind, direction, word):
    progress = {"phases": [phase("uploading", 1.0, 2.0)]}

    assert seen(job(kind=kind, direction=direction, progress=progress))[1][0] == word


@pytest.mark.parametrize(
    ("arguments", "name", "said"),
    [
        pytest.param({}, "Direction", "upload: into the bucket", id="upload"),
        pytest.param({"direction": "download"}, "Direction", "download: into the folder", id="download"),
        pytest.param({}, "Address", "http://s3.example", id="address"),
        pytest.param({"storage_url": ""}, "Address", None, id="no address"),
        pytest.param({"prefix": "a/"}, "Folder of the bucket", "a/", id="prefix"),
        pytest.param(
            {"check": "size"}, "What counts as changed", "size: what has the same size counts as equal", id="check"
        ),
        pytest.param({}, "Deletions", "what the source does not have", id="deletes"),
        pytest.param({"max_delete": "5"}, "Deletions", "what the source does not have, 5 at most", id="max_delete"),
        pytest.param({"delete": False, "max_delete": "5"}, "Deletions", "none", id="deletes nothing"),
        pytest.param({"wait": 90}, "Wait between two files", "1 min 30 s", id="wait"),
        pytest.param({}, "Wait between two files", None, id="no wait"),
        pytest.param({"dry_run": True}, "Dry run", "only planned: nothing is changed", id="dry run"),
        pytest.param({"attempt": 2}, "Attempt", "2: resumed after a stop of the service", id="resumed"),
        pytest.param({"kind": "copy", "direction": "get"}, "Deletions", None, id="a copy deletes nothing"),
    ],
)
def test_what_was_asked_is_told_in_words(arguments, name, said):
    assert dict(details_of(job(**arguments))).get(name) == said


def test_filters_stand_in_their_order():
    assert filters_of(job()) == [("exclude", "*.tmp"), ("include", "a.tmp")]


def test_jobs_of_versions_that_knew_fewer_arguments_can_be_shown():
    old = job()
    old.arguments.clear()
    old.arguments.update(source="in", dest="bucket")

    assert dict(details_of(old)) == {
        "Direction": "upload: into the bucket",
        "Deletions": "what the source does not have",
    }
    assert filters_of(old) == []
    assert job_view(old).title == "in → bucket"


def counted(done, complete=True, bytes_=0):
    return {
        "planned": {"uploads": 3, "deletes": 0, "bytes": 0, "complete": complete},
        "done": {"uploads": done, "deletes": 0, "bytes": bytes_},
    }


@pytest.mark.parametrize(
    ("state", "progress", "percent"),
    [
        pytest.param(JobState.QUEUED, {}, None, id="waits"),
        pytest.param(JobState.RUNNING, {}, None, id="has just started"),
        pytest.param(JobState.RUNNING, counted(2, complete=False), None, id="the plan goes on"),
        pytest.param(JobState.RUNNING, counted(0), 0, id="nothing yet"),
        pytest.param(JobState.RUNNING, counted(2), 66, id="two of three, rounded down"),
        pytest.param(JobState.RUNNING, counted(5), 100, id="more than was planned"),
        pytest.param(JobState.SUCCEEDED, counted(3), 100, id="is done"),
        pytest.param(JobState.FAILED, counted(2), None, id="has failed"),
    ],
)
def test_how_far_a_job_is_is_said_once_that_is_known(state, progress, percent):
    assert job_view(job(state, progress=progress, finished=200.0 if state.is_final else None)).percent == percent
