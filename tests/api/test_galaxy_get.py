"""Get of the Galaxy dialect: objects of a bucket become datasets of a history, over HTTP, on a real S3 server."""

import itertools
import re
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.galaxy import World, refusal
from tests.support.meddling import meddling

KEYS = [
    "id", "create_time", "update_time", "state", "deleted", "purged", "purgable", "file_size", "total_size", "uuid",
]  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")

NO_OBJECT = "Could not get the object `{}`. Please check if the object exists, and credentials are valid and authorized to read the bucket and object. "
NO_BUCKET = "Could not get the bucket `{0}`: The bucket `{0}` not found."

_numbers = itertools.count()


@pytest.fixture
def bucket(rclone):
    with closing(Bucket(rclone, f"galaxy-get-{next(_numbers)}")) as bucket:
        bucket.put({"rep1.bed": b"chr1\t1\t2\n", "sub/with space.txt": b"one  two\r\nthree four", "empty": b""})
        yield bucket


@pytest.fixture
def world(service, bucket):
    return World(service, bucket)


def names(world):
    return [one["name"] for one in world.galaxy.contents(world.history_id)]


def test_two_objects_become_two_datasets_in_the_order_asked_for(world):
    answer = world.get("sub/with space.txt", "rep1.bed")

    assert answer.status_code == 200, answer.text
    first, second = answer.json()
    for one in (first, second):
        assert list(one) == KEYS
        assert TIME.fullmatch(one["create_time"])
        assert TIME.fullmatch(one["update_time"])
        assert (one["deleted"], one["purged"], one["purgable"]) == (False, False, True)
        assert (one["file_size"], one["total_size"]) == (0, 0)
        assert one["state"] == "queued"
    ended = [world.galaxy.ended_dataset(one["id"]) for one in (first, second)]
    assert [one["state"] for one in ended] == ["ok", "ok"]
    assert [one["name"] for one in ended] == ["sub/with space.txt", "rep1.bed"]
    assert [one["uuid"] for one in ended] == [first["uuid"], second["uuid"]]
    assert world.galaxy.content(first["id"]) == b"one  two\r\nthree four"
    assert world.galaxy.content(second["id"]) == b"chr1\t1\t2\n"


def test_one_number_is_the_dataset_and_its_place_in_the_history(world):
    (dataset_id,) = world.brought("rep1.bed")

    (listed,) = world.galaxy.contents(world.history_id)
    assert listed["id"] == listed["dataset_id"] == dataset_id
    assert listed["hid"] == 1


def test_an_empty_object_arrives_and_can_be_sent(world):
    (dataset_id,) = world.brought("empty")
    world.bucket.delete("empty")

    assert world.galaxy.content(dataset_id) == b""
    (label,) = world.sent()["sent_dataset_labels"]
    assert '"empty"' in label


def test_the_job_that_brings_a_dataset_is_told_with_the_dataset(world):
    (dataset_id,) = world.brought("rep1.bed")

    job = world.galaxy.ended_job(world.galaxy.dataset(dataset_id)["creating_job"])
    assert (job["tool_id"], job["state"], job["exit_code"]) == ("upload1", "ok", 0)
    assert job["history_id"] == world.history_id
    assert job["outputs"]["output0"]["id"] == dataset_id


def test_no_objects_are_an_empty_list(world):
    answer = world.get()

    assert (answer.status_code, answer.json()) == (200, [])
    assert names(world) == []


def test_a_missing_object_is_named_and_what_came_before_it_is_kept(world):
    answer = world.get("rep1.bed", "no such", "empty")

    assert refusal(answer) == (404, 404001, NO_OBJECT.format("no such"))
    (kept,) = world.galaxy.contents(world.history_id)
    assert kept["name"] == "rep1.bed"
    assert world.galaxy.ended_dataset(kept["id"])["state"] == "ok"


KEYS_OF_NOTHING = [
    "*.bed",
    "sub/",
    "",
    "/rep1.bed",
    "../rep1.bed",
    "sub/../rep1.bed",
    "\x00",
    "a\nb",
    "x" * 1025,
    "⧵",
    "\U0001f600",
]


@pytest.mark.parametrize("key", KEYS_OF_NOTHING, ids=ascii)
def test_keys_are_taken_as_they_are(world, key):
    assert refusal(world.get(key)) == (404, 404001, NO_OBJECT.format(key))
    assert names(world) == []


def test_more_objects_than_one_request_may_name_are_refused(world):
    status, code, text = refusal(world.get(*map(str, range(1001))))

    assert (status, code) == (400, 400008)
    assert text.startswith("objects: ")
    assert names(world) == []


BUCKETS_OF_NOTHING = ["", ".", "..", "a/b", "Capitals", "x" * 300, "sp ace", "a\x00b", "?list-type=2"]


@pytest.mark.parametrize("name", BUCKETS_OF_NOTHING, ids=ascii)
def test_what_no_bucket_is_called_is_a_missing_bucket(world, name):
    status, code, text = refusal(world.get("rep1.bed", bucket=name))

    assert (status, code) == (403, 403002)
    assert text.startswith(f"Could not get the bucket `{name}`: ")


def test_an_object_that_is_named_twice_is_brought_twice(world):
    assert len(set(world.brought("rep1.bed", "rep1.bed"))) == 2


@pytest.mark.parametrize(
    ("name", "objects"),
    [
        pytest.param("no-such-bucket-here", ["rep1.bed"], id="with objects"),
        pytest.param("no-such-bucket-here", [], id="without objects"),
    ],
)
def test_a_missing_bucket_is_refused(world, name, objects):
    assert refusal(world.get(*objects, bucket=name)) == (403, 403002, NO_BUCKET.format(name))


def test_a_bucket_that_refuses_the_keys_is_refused(world, rclone):
    wrong = world.galaxy.authorization(rclone, secret_key="wrong")
    status, code, text = refusal(world.get("rep1.bed", authz_id=wrong))

    assert (status, code) == (403, 403002)
    assert text.startswith(f"Could not get the bucket `{world.bucket.name}`: ")
    assert "wrong" not in text


def test_an_object_that_refuses_to_be_read_counts_as_missing(service, bucket):
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        proxy.answer = lambda request: (403, "", "") if "rep1.bed" in request.path else None

        assert refusal(world.get("rep1.bed")) == (404, 404001, NO_OBJECT.format("rep1.bed"))


def test_an_object_that_cannot_be_looked_at_is_told_with_the_reason(service, bucket):
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        proxy.answer = lambda request: (418, "", "") if "rep1.bed" in request.path else None
        status, code, text = refusal(world.get("rep1.bed"))

    assert (status, code) == (400, 0)
    assert text.startswith("The following error occurred while getting the object rep1.bed: ")


def test_what_goes_away_before_it_is_read_ends_in_an_error(service, bucket):
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        proxy.answer = lambda request: (404, "", "") if request.method == "GET" and "rep1.bed" in request.path else None
        (made,) = world.get("rep1.bed").json()
        dataset = world.galaxy.ended_dataset(made["id"])

    assert dataset["state"] == "error"
    assert dataset["misc_info"]
    job = world.galaxy.ended_job(dataset["creating_job"])
    assert (job["state"], job["exit_code"]) == ("error", 1)
    assert job["stderr"] == dataset["misc_info"]


CONVERTED = b"one\ttwo\nthree\tfour\n"
AS_IT_WAS = b"one  two\r\nthree four"

ARGUMENTS = [
    pytest.param(None, AS_IT_WAS, id="null"),
    pytest.param({}, AS_IT_WAS, id="empty"),
    pytest.param({"unknown": [1]}, AS_IT_WAS, id="unknown ones are ignored"),
    pytest.param({"to_posix_lines": True, "space_to_tab": True}, CONVERTED, id="booleans"),
    pytest.param({"to_posix_lines": "true", "space_to_tab": "TRUE"}, CONVERTED, id="as up to 23.1"),
    pytest.param({"to_posix_lines": "Yes", "space_to_tab": "yes"}, CONVERTED, id="as from 23.2"),
    pytest.param({"to_posix_lines": "No", "space_to_tab": "false"}, AS_IT_WAS, id="words that say no"),
    pytest.param({"to_posix_lines": "", "space_to_tab": None}, AS_IT_WAS, id="nothing in them"),
    pytest.param({"to_posix_lines": "Yes"}, b"one  two\nthree four\n", id="only the ends of lines"),
]


@pytest.mark.parametrize(("arguments", "expected"), ARGUMENTS)
def test_files_change_only_where_that_was_asked_for(world, arguments, expected):
    (dataset_id,) = world.brought("sub/with space.txt", input_args=arguments)

    assert world.galaxy.content(dataset_id) == expected


def test_the_type_and_the_genome_are_those_that_were_given(world):
    given, found = (
        world.brought("rep1.bed", input_args={"file_type": "tabular", "dbkey": "hg19"}),
        world.brought("rep1.bed"),
    )

    assert world.galaxy.dataset(given[0])["extension"] == "tabular"
    assert world.galaxy.dataset(given[0])["genome_build"] == "hg19"
    assert world.galaxy.dataset(found[0])["extension"] == "bed"
    assert world.galaxy.dataset(found[0])["genome_build"] == "?"


@pytest.mark.parametrize("name", ["to_posix_lines", "space_to_tab"])
def test_an_argument_that_is_neither_true_nor_false_is_refused(world, name):
    status, code, text = refusal(world.get("rep1.bed", input_args={name: "maybe"}))

    assert (status, code) == (400, 400008)
    assert f"The valid values for `{name}` argument are `true` and `false`; received maybe" in text
    assert names(world) == []
