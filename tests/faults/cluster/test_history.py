"""The checker of histories, which must complain of each kind of broken one and of nothing else."""

from dataclasses import replace

import pytest

from tests.support.history import Done, History, MirrorJob, Source, Write, complaints

FILES = {"a": b"1", "b": b"2"}
JOB = MirrorJob(
    id="first",
    bucket="here",
    prefix="p/",
    deletes=True,
    sources=[Source(0.0, FILES)],
    seen=["queued", "running", "succeeded"],
    progress={"planned": {"uploads": 2, "deletes": 1}, "done": {"uploads": 2, "deletes": 1}, "unchanged": 0},
    steps=[Done("upload", "p/a", "done"), Done("upload", "p/b", "done"), Done("delete", "p/old", "done")],
    started_at=10.0,
    finished_at=20.0,
)
WRITES = [Write("upload", "here", "p/a", 11.0), Write("upload", "here", "p/b", 12.0)]
DELETION = Write("delete", "here", "p/old", 19.0)
GOOD = History([JOB], [*WRITES, DELETION], {"here": {"p/a": b"1", "p/b": b"2", "q": b"3"}}, {"here": {"q": b"3"}})
TWICE = replace(JOB, steps=[*JOB.steps, JOB.steps[0]])
TAKEN_UP = ["queued", "running", "queued", "running", "succeeded"]
REST = {"planned": {"uploads": 1}, "done": {"uploads": 1}, "unchanged": 1}
CANCELLED = replace(JOB, seen=["queued", "running", "cancelled"], cancel_asked_at=12.0, finished_at=14.0)


def with_job(**changes):
    return replace(GOOD, jobs=[replace(JOB, **changes)])


def with_write(*write):
    return replace(GOOD, writes=[*GOOD.writes, Write(*write)])


def holding(**objects):
    there = {key.replace("_", "/"): data for key, data in objects.items()}
    return replace(GOOD, buckets={"here": {**GOOD.buckets["here"], **there}})


def with_another(**changes):
    """A second job of the same target, after the first unless it is said otherwise."""
    nothing = {"planned": {}, "done": {}, "unchanged": 2}
    other = replace(JOB, id="second", steps=[], progress=nothing, started_at=21.0, finished_at=22.0)
    return replace(GOOD, jobs=[JOB, replace(other, **changes)])


def cancelled(**changes):
    """The first job cancelled after its first file."""
    progress = {"planned": {"uploads": 2, "deletes": 1}, "done": {"uploads": 1, "deletes": 0}}
    job = replace(CANCELLED, progress=progress, steps=JOB.steps[:1])
    return replace(GOOD, jobs=[replace(job, **changes)], writes=WRITES[:1])


@pytest.mark.parametrize(
    "history",
    [
        pytest.param(History(), id="nothing happened"),
        pytest.param(GOOD, id="a mirror"),
        pytest.param(with_another(), id="one mirror after the other"),
        pytest.param(
            with_another(prefix="q/", sources=[Source(0.0, {})], progress={}, started_at=15.0), id="two places"
        ),
        pytest.param(cancelled(), id="a cancelled mirror"),
        pytest.param(with_job(seen=TAKEN_UP), id="a mirror that went on"),
        pytest.param(with_job(seen=TAKEN_UP, is_small=True, progress=REST), id="a small mirror that was begun anew"),
        pytest.param(
            replace(with_job(sources=[Source(0.0, FILES), Source(15.0, {"a": b"9"})]), buckets={"here": {"p/a": b"9"}}),
            id="a source that changed meanwhile",
        ),
    ],
)
def test_a_history_that_keeps_all_promises_is_accepted(history):
    assert complaints(history) == []


@pytest.mark.parametrize(
    ("history", "complaint"),
    [
        pytest.param(with_write("delete", "here", "p/a", 15.0), "'p/a' was deleted", id="deleted though in the source"),
        pytest.param(with_write("delete", "here", "q", 15.0), "'q' was deleted", id="deleted outside of the prefix"),
        pytest.param(with_job(deletes=False), "'p/old' was deleted", id="deleted by a job that must not"),
        pytest.param(holding(p_a=b"12"), "'p/a' in here is like no state", id="torn object"),
        pytest.param(holding(p_old=b"1"), "differs from the source of job first", id="success with too much"),
        pytest.param(
            replace(GOOD, buckets={"here": {"p/a": b"1"}}),
            "differs from the source of job first",
            id="success, one lost",
        ),
        pytest.param(with_another(started_at=19.0), "at the same time", id="two jobs at once"),
        pytest.param(with_write("upload", "here", "p/a", 25.0), "when no job that would", id="written after the end"),
        pytest.param(with_write("upload", "here", "p/c", 15.0), "when no job that would", id="written by nobody"),
        pytest.param(with_job(seen=["queued", "running"]), "has not ended: running", id="never ends"),
        pytest.param(
            with_job(seen=["queued", "running", "succeeded", "running", "succeeded"]),
            "was running after it was succeeded",
            id="goes on after its end",
        ),
        pytest.param(
            with_job(seen=["queued", "running", "cancelled", "succeeded"]), "after it was cancelled", id="ends twice"
        ),
        pytest.param(with_job(steps=JOB.steps[1:]), "counts 2 uploads, and its history 1", id="a step is missing"),
        pytest.param(with_job(seen=TAKEN_UP, progress=REST), "counts 1 uploads, and its history 2", id="forgotten"),
        pytest.param(with_job(is_small=True, progress=REST), "counts 1 uploads, and its history 2", id="never dead"),
        pytest.param(
            with_job(seen=TAKEN_UP, is_small=True, steps=JOB.steps[1:]),
            "counts 2 uploads, and its history 1",
            id="begun anew, a step is missing",
        ),
        pytest.param(
            with_job(seen=TAKEN_UP, is_small=True, progress={**REST, "unchanged": 0}),
            "counts 1 files, and its source has 2",
            id="begun anew, a file is missing",
        ),
        pytest.param(replace(GOOD, jobs=[TWICE]), "did upload of 'p/a' 2 times", id="a step twice"),
        pytest.param(
            with_job(progress={**JOB.progress, "planned": {"uploads": 3, "deletes": 1}}),
            "3 uploads planned, 2 tried",
            id="success with something left",
        ),
        pytest.param(
            with_job(progress={**JOB.progress, "planned": {"uploads": 1, "deletes": 1}}),
            "1 uploads planned, 2 tried",
            id="more done than planned",
        ),
        pytest.param(
            with_job(progress={**JOB.progress, "unchanged": 1}),
            "counts 3 files, and its source has 2",
            id="counted twice",
        ),
        pytest.param(
            replace(cancelled(finished_at=22.0), writes=[*WRITES[:1], Write("upload", "here", "p/b", 21.0)]),
            "9.0 s after job first was cancelled",
            id="written after the cancel",
        ),
        pytest.param(cancelled(finished_at=30.0), "ended 18.0 s after", id="cancelled, and goes on for long"),
        pytest.param(
            replace(GOOD, jobs=[replace(job, wish="once") for job in with_another().jobs]),
            "once: 2 jobs in the place of one",
            id="two jobs for one wish",
        ),
    ],
)
def test_a_history_that_breaks_a_promise_is_complained_of(history, complaint):
    found = complaints(history)
    assert [sentence for sentence in found if complaint in sentence], found
