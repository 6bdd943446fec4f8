import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.choice import WAITS_FOR_PLACE, Candidate, Seeker, choose, overlap
from app.jobs.contract import JobState
from app.jobs.prefixes import Prefixes

BUCKET, OTHER = "s3://here/mybucket", "s3://here/other"
ANN, BOB = 1, 2


def job(name, target="", prefix="", *, state=JobState.QUEUED, reserved_for=None, kind="mirror", message="", owner=None):
    return Candidate(name, kind, state, target, prefix, reserved_for, message, owner_id=owner)


def running(name, target="", prefix="", owner=None):
    return job(name, target, prefix, state=JobState.RUNNING, owner=owner)


def seeker(limit=4, **values):
    return Seeker(runner_id="me", kinds=frozenset({"mirror"}), running_limit=limit, **values)


BOTH = [job("d", owner=ANN), job("e", owner=BOB)]


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
        pytest.param(
            [running("a", owner=ANN), job("b", owner=ANN), job("c", owner=BOB)],
            2,
            {"b": WAITS_FOR_PLACE},
            id="the last place was just taken by a younger one",
        ),
    ],
)
def test_a_waiting_job_is_told_what_it_waits_for(unfinished, limit, expected):
    assert choose(unfinished, seeker(limit)).notes == expected


@pytest.mark.parametrize(
    ("unfinished", "expected"),
    [
        pytest.param([job("a", owner=ANN), job("b", owner=BOB)], "a", id="nobody has any: the oldest"),
        pytest.param([running("a", owner=ANN), job("b", owner=ANN), job("c", owner=BOB)], "c", id="who has none"),
        pytest.param([running("a", owner=ANN), job("b", owner=ANN), job("c", owner=ANN)], "b", id="alone: the oldest"),
        pytest.param([running("a"), job("b"), job("c", owner=BOB)], "c", id="those of nobody are one owner's"),
        pytest.param([running("a"), job("b"), job("c")], "b", id="all are of nobody: the oldest"),
        pytest.param(
            [*(running(name, owner=owner) for name, owner in zip("abc", (ANN, ANN, BOB), strict=True)), *BOTH],
            "e",
            id="who has fewer",
        ),
        pytest.param(
            [running("a", owner=ANN), job("b", BUCKET, owner=ANN), job("c", BUCKET, owner=BOB)],
            "b",
            id="none overtakes an older one of its target",
        ),
        pytest.param(
            [running("a", OTHER, owner=ANN), job("b", owner=ANN), job("c", OTHER, owner=BOB)],
            "b",
            id="whose job is held up keeps nobody waiting",
        ),
    ],
)
def test_among_those_that_may_start_an_owner_with_fewer_running_jobs_goes_first(unfinished, expected):
    assert choose(unfinished, seeker()).claim == expected


def test_everybody_gets_a_place_before_anyone_gets_a_third_one():
    waiting = [job(f"{owner}{number}", owner=owner) for owner in (ANN, BOB) for number in range(100)]
    started = []
    for _ in range(4):
        chosen = choose(waiting, seeker()).claim
        waiting = [one._replace(state=JobState.RUNNING) if one.id == chosen else one for one in waiting]
        started.append(chosen)

    assert started == ["10", "20", "11", "21"]


@pytest.mark.parametrize(
    ("served", "expected"),
    [({}, "b"), ({ANN: 5.0}, "c"), ({ANN: 5.0, BOB: 6.0}, "b"), ({BOB: 6.0}, "b")],
    ids=["neither: the oldest", "one", "both", "the other"],
)
def test_of_owners_with_as_many_running_jobs_the_one_whose_turn_was_longer_ago_goes_first(served, expected):
    assert choose([job("b", owner=ANN), job("c", owner=BOB)], seeker(), served=served).claim == expected


@given(st.lists(st.text("ab/", max_size=4)), st.text("ab/", max_size=4))
def test_a_prefix_meets_a_set_of_them_when_it_overlaps_one(known, prefix):
    prefixes = Prefixes()
    for each in known:
        prefixes.add(each)

    expected = any(overlap(job("a", BUCKET, each), job("b", BUCKET, prefix)) for each in known)
    assert prefixes.meet(prefix) is expected
