import pytest

from app.jobs.choice import WAITS_FOR_PLACE, Candidate, Seeker, choose, overlap
from app.jobs.contract import JobState

BUCKET, OTHER = "s3://here/mybucket", "s3://here/other"


def job(name, target="", prefix="", *, state=JobState.QUEUED, reserved_for=None, kind="mirror", message=""):
    return Candidate(name, kind, state, target, prefix, reserved_for, message)


def running(name, target="", prefix=""):
    return job(name, target, prefix, state=JobState.RUNNING)


def seeker(limit=4, **values):
    return Seeker(runner_id="me", kinds=frozenset({"mirror"}), running_limit=limit, **values)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param((BUCKET, ""), (BUCKET, ""), True, id="the same bucket"),
        pytest.param((BUCKET, ""), (OTHER, ""), False, id="another bucket"),
        pytest.param((BUCKET, "a/"), (BUCKET, ""), True, id="a prefix and the whole bucket"),
        pytest.param((BUCKET, "a/"), (BUCKET, "a/"), True, id="the same prefix"),
        pytest.param((BUCKET, "a/"), (BUCKET, "a/b/"), True, id="one prefix inside the other"),
        pytest.param((BUCKET, "a"), (BUCKET, "ab/"), True, id="keys that begin with a begin with ab too"),
        pytest.param((BUCKET, "a/"), (BUCKET, "ab/"), False, id="neighbours"),
        pytest.param((BUCKET, "a/"), (OTHER, "a/"), False, id="the same prefix elsewhere"),
        pytest.param(("", ""), ("", ""), False, id="nothing is written"),
    ],
)
def test_two_jobs_overlap_when_both_could_write_one_key(one, other, expected):
    assert overlap(job("a", *one), job("b", *other)) is expected
    assert overlap(job("b", *other), job("a", *one)) is expected


@pytest.mark.parametrize(
    ("unfinished", "options", "expected"),
    [
        pytest.param([], {}, None, id="nothing waits"),
        pytest.param([job("a"), job("b")], {}, "a", id="the oldest goes first"),
        pytest.param([running("a"), job("b")], {"limit": 1}, None, id="no free place"),
        pytest.param([running("a"), job("b")], {"limit": 2}, "b", id="one free place"),
        pytest.param([running("a", BUCKET), job("b", BUCKET)], {}, None, id="its target is being written"),
        pytest.param(
            [running("a", BUCKET), job("b", BUCKET), job("c", OTHER)], {}, "c", id="others pass a blocked one"
        ),
        pytest.param([running("a", BUCKET, "x/"), job("b", BUCKET, "y/")], {}, "b", id="another prefix of the bucket"),
        pytest.param(
            [running("a", BUCKET, "x/"), job("b", BUCKET), job("c", BUCKET, "y/")],
            {},
            None,
            id="a younger one does not overtake an older one of its target",
        ),
        pytest.param([running("a", ""), job("b", "")], {}, "b", id="jobs that write nothing never wait for each other"),
        pytest.param([job("a", reserved_for="you"), job("b")], {}, "b", id="reserved for another runner"),
        pytest.param([job("a", reserved_for="me")], {}, "a", id="reserved for this runner"),
        pytest.param(
            [job("a", BUCKET, reserved_for="you"), job("b", BUCKET)], {}, None, id="a reserved one counts too"
        ),
        pytest.param([job("a", kind="copy"), job("b")], {}, "b", id="a kind that this runner cannot do"),
        pytest.param([job("a")], {"busy_with": frozenset({"a"})}, None, id="its thread has not let go of it yet"),
        pytest.param([job("a"), job("b")], {"only": frozenset()}, None, id="only what is its own, and nothing is"),
        pytest.param([job("a"), job("b", reserved_for="me")], {"only": frozenset()}, "b", id="only what is reserved"),
        pytest.param([job("a"), job("b")], {"only": frozenset({"b"})}, "b", id="only what it was given before"),
        pytest.param(
            [job("z"), job("a", BUCKET, "x/"), job("b", BUCKET), job("c", BUCKET, "y/", reserved_for="me")],
            {"only": frozenset()},
            "a",
            id="only its own, and what that waits for, directly or not",
        ),
    ],
)
def test_the_job_that_starts_is(unfinished, options, expected):
    assert choose(unfinished, seeker(**options)).claim == expected


@pytest.mark.parametrize(
    ("unfinished", "limit", "expected"),
    [
        pytest.param(
            [running("a", BUCKET), job("b", BUCKET)],
            4,
            {"b": "waiting for another job that uses mybucket"},
            id="target",
        ),
        pytest.param([running("a"), job("b")], 1, {"b": WAITS_FOR_PLACE}, id="place"),
        pytest.param([job("a"), job("b")], 1, {"b": WAITS_FOR_PLACE}, id="the last place was just taken"),
        pytest.param([running("a"), job("b", message=WAITS_FOR_PLACE)], 1, {}, id="said already"),
        pytest.param([job("a"), job("b")], 4, {}, id="its turn comes in a moment"),
    ],
)
def test_a_waiting_job_is_told_what_it_waits_for(unfinished, limit, expected):
    assert choose(unfinished, seeker(limit)).notes == expected
