"""Under which names a send of the Galaxy dialect stores, where names are taken: over HTTP, on a real S3 server."""

import itertools
import re
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.galaxy import World, labels

_numbers = itertools.count()

ONE = {"rep1.bed": b"chr1\t1\t2\n"}
SUFFIX = re.compile(r"_\d{6}_\d{6}")


@pytest.fixture
def world(service, rclone):
    with closing(Bucket(rclone, f"galaxy-names-{next(_numbers)}")) as bucket:
        yield World(service, bucket)


@pytest.mark.parametrize("given", [False, "no", ...], ids=repr)
def test_a_name_that_is_taken_gets_the_time_behind_it(world, given):
    world.filled(ONE)
    world.bucket.put({"rep1.bed": b"was here before"})
    answer = world.sent(overwrite_existing=given)

    assert labels(answer)[0] == ["rep1.bed"]
    (job,) = world.stored(answer)
    objects = world.objects()
    (renamed,) = set(objects) - {"rep1.bed"}
    assert SUFFIX.fullmatch(renamed.removeprefix("rep1.bed"))
    assert objects == {"rep1.bed": b"was here before", renamed: ONE["rep1.bed"]}
    assert renamed in job["stdout"]
    assert job["params"]["stored_as"] == renamed
    assert job["params"]["object_label"] == "rep1.bed"


@pytest.mark.parametrize("given", [True, "yes", 1], ids=repr)
def test_what_is_there_is_overwritten_when_asked_for(world, given):
    world.filled(ONE)
    world.bucket.put({"rep1.bed": b"was here before"})
    (job,) = world.stored(world.sent(overwrite_existing=given))

    assert world.objects() == {"rep1.bed": ONE["rep1.bed"]}
    assert job["params"]["overwrite_existing"] is True


def test_datasets_of_one_name_all_arrive(world):
    world.filled(ONE)
    world.filled(ONE)
    world.filled(ONE)
    answer = world.sent()

    assert labels(answer)[0] == ["rep1.bed"] * 3
    stored = [job["params"]["stored_as"] for job in world.stored(answer)]
    assert len(set(stored)) == 3
    assert stored[0] == "rep1.bed"
    assert world.objects() == dict.fromkeys(stored, ONE["rep1.bed"])


def test_of_datasets_of_one_name_the_last_one_stays_where_each_overwrites(world):
    world.filled(ONE)
    world.bucket.put({"rep1.bed": b"the second of this name"})
    world.brought("rep1.bed")
    jobs = world.stored(world.sent(overwrite_existing=True))

    assert [job["params"]["stored_as"] for job in jobs] == ["rep1.bed", "rep1.bed"]
    assert world.objects() == {"rep1.bed": b"the second of this name"}


def test_sends_in_one_second_do_not_take_each_others_names(world):
    world.filled(ONE)
    answers = [world.sent() for _ in range(4)]
    stored = {job["params"]["stored_as"] for answer in answers for job in world.stored(answer)}

    assert len(stored) == 4
    assert set(world.objects()) == stored
