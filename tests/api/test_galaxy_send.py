"""Send of the Galaxy dialect: datasets of a history become objects of a bucket, over HTTP, on a real S3 server."""

import itertools
import json
import re
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.galaxy import Hold, World, labels, outlast_a_look
from tests.support.meddling import meddling
from tests.support.service import eventually

_numbers = itertools.count()

FILES = {"rep1.bed": b"chr1\t1\t2\n", "my long name.txt": b"some text\n", "a/b c.txt": b"below a folder\n"}
LARGE = 56 * 1024 * 1024
"""More than is on its way at once: the rest is read, or not, when a part has arrived."""

ONE = {"rep1.bed": FILES["rep1.bed"]}
TWO = ONE | {"my long name.txt": FILES["my long name.txt"]}

SUFFIX = re.compile(r"_\d{6}_\d{6}")


@pytest.fixture
def bucket(rclone):
    with closing(Bucket(rclone, f"galaxy-send-{next(_numbers)}")) as bucket:
        yield bucket


@pytest.fixture
def world(service, bucket):
    return World(service, bucket)


def test_all_datasets_are_sent_in_the_order_of_the_history(world):
    world.filled(FILES)
    answer = world.sent()

    assert list(answer) == ["sent_dataset_labels", "bucket_name", "failed_dataset_labels"]
    assert answer["bucket_name"] == world.bucket.name
    assert labels(answer)[0] == ["rep1.bed", "my_long_name.txt", "a/b_c.txt"]
    world.stored(answer)
    assert world.objects() == {name.replace(" ", "_"): data for name, data in FILES.items()}


def test_each_label_is_a_text_that_is_json_as_galaxy_spaces_it(world):
    world.filled(ONE)
    (text,) = world.sent()["sent_dataset_labels"]

    assert re.fullmatch(r'\{"object": "rep1\.bed", "job_id": "[0-9a-f]{16}"\}', text)


@pytest.mark.parametrize("given", [..., None], ids=["left out", "null"])
def test_without_a_choice_all_are_sent(world, given):
    world.filled(ONE)

    assert labels(world.sent(dataset_ids=given))[0] == ["rep1.bed"]


def test_some_are_sent_and_only_these(world):
    first, _, third = world.filled(FILES)
    answer = world.sent(dataset_ids=[third, first])

    assert labels(answer)[0] == ["rep1.bed", "a/b_c.txt"]
    world.stored(answer)
    assert set(world.objects()) == {"rep1.bed", "a/b_c.txt"}


def test_an_empty_choice_sends_nothing(world):
    world.filled(FILES)

    assert labels(world.sent(dataset_ids=[])) == ([], [])


def test_ids_of_nothing_and_of_other_histories_make_no_difference(world):
    (first,) = world.filled(ONE)
    elsewhere = world.galaxy.history()
    world.bucket.put({"other": b"other"})
    (other,) = world.brought("other", history_id=elsewhere)

    assert labels(world.sent(dataset_ids=[first, other, world.galaxy.encoded(987654)]))[0] == ["rep1.bed"]
    assert labels(world.sent(dataset_ids=[other])) == ([], [])


def test_deleted_and_purged_ones_are_left_out_and_hidden_ones_are_not(world):
    deleted, purged, hidden = world.filled(FILES)
    contents = f"/api/histories/{world.history_id}/contents"
    assert world.galaxy.call("DELETE", f"{contents}/{deleted}", json={}).ok
    assert world.galaxy.call("DELETE", f"{contents}/{purged}", json={"purge": True}).ok
    assert world.galaxy.told("PUT", f"{contents}/{hidden}", json={"visible": False})["visible"] is False

    assert labels(world.sent())[0] == ["a/b_c.txt"]
    assert labels(world.sent(dataset_ids=[deleted, purged, hidden]))[0] == ["a/b_c.txt"]


AT_ONCE = 16
"""How many objects of one job are copied at once, unless a setting says otherwise."""


def test_what_failed_runs_or_waits_is_left_out(service, bucket):
    held = [f"held-{number:02}" for number in range(AT_ONCE + 1)]
    bucket.put({"fine": b"1", "broken": b"2"} | dict.fromkeys(held, b"3"))
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        proxy.answer = lambda request: (404, "", "") if request.method == "GET" and "/broken" in request.path else None
        proxy.before = hold = Hold("GET", "held")

        def states():
            return [one["state"] for one in world.galaxy.contents(world.history_id)]

        try:
            assert world.get("fine", "broken", *held).status_code == 200
            eventually(lambda: states() == ["ok", "error", *["running"] * AT_ONCE, "queued"])
            sent = labels(world.sent())[0]
        finally:
            hold.release()
        eventually(lambda: states() == ["ok", "error", *["ok"] * len(held)])

    assert sent == ["fine"]


def test_a_send_adds_nothing_to_the_history(world):
    world.filled(ONE)
    world.stored(world.sent())

    assert len(world.galaxy.contents(world.history_id)) == 1
    assert labels(world.sent())[0] == ["rep1.bed"]


def test_a_bucket_that_is_gone_is_told_by_the_job(world):
    world.filled(ONE)
    world.bucket.drop()
    names, (job_id,) = labels(world.sent())
    job = world.galaxy.ended_job(job_id)

    assert names == ["rep1.bed"]
    assert (job["state"], job["exit_code"]) == ("error", 1)
    assert world.bucket.name in job["stderr"]
    assert job["stdout"] == ""
    assert job["params"]["stored_as"] is None


def test_keys_that_the_bucket_refuses_are_told_by_the_job(world, rclone):
    world.filled(ONE)
    wrong = world.galaxy.authorization(rclone, secret_key="wrong-canary")
    _, (job_id,) = labels(world.sent(authz_id=wrong))
    job = world.galaxy.ended_job(job_id)

    assert job["state"] == "error"
    assert job["stderr"]
    assert "wrong-canary" not in json.dumps(job)
    assert world.objects() == {}


UNUSABLE = [
    pytest.param("aws", {}, "access_key", id="no keys"),
    pytest.param("openstack", {"username": "x"}, "openstack", id="a provider that has no way"),
]


@pytest.mark.parametrize(("provider", "config", "told"), UNUSABLE)
def test_an_authorization_of_which_nothing_can_be_made_fails_each_label(world, provider, config, told):
    world.filled(TWO)
    authz_id = world.galaxy.told("POST", "/api/cloud/authz", json={"provider": provider, "config": config})["id"]
    answer = world.sent(authz_id=authz_id)
    failed = [json.loads(text) for text in answer["failed_dataset_labels"]]

    assert answer["sent_dataset_labels"] == []
    assert [list(one) for one in failed] == [["object", "error"]] * 2
    assert [one["object"] for one in failed] == ["rep1.bed", "my_long_name.txt"]
    assert all(one["error"].startswith("maybe invalid or unauthorized credentials. ") for one in failed)
    assert all(told in one["error"] for one in failed)


@pytest.mark.slow
def test_a_send_that_runs_can_be_cancelled_and_leaves_nothing_behind(service, bucket):
    bucket.put({"large": b"x" * LARGE, "small": b"x"})
    with meddling(bucket.server) as proxy:
        world = World(service, bucket, proxy.as_server)
        (dataset_id,) = world.brought("large")
        world.bucket.delete("large")
        proxy.before = hold = Hold("PUT", "large")
        try:
            _, (job_id,) = labels(world.sent(dataset_ids=[dataset_id]))
            hold.wait()
            assert world.galaxy.job(job_id)["state"] == "running"
            assert world.galaxy.told("DELETE", f"/api/jobs/{job_id}") is True
            assert world.galaxy.job(job_id)["state"] == "deleting"
            outlast_a_look()
        finally:
            hold.release()
        job = world.galaxy.ended_job(job_id)
        assert world.galaxy.told("DELETE", f"/api/jobs/{job_id}") is False

    assert (job["state"], job["exit_code"]) == ("deleted", None)
    assert set(world.objects()) == {"small"}
    assert world.galaxy.dataset(dataset_id)["state"] == "ok"


def test_nobody_sends_from_a_history_of_somebody_else(service, world, bucket):
    world.filled(ONE)
    stranger = World(service, bucket)
    answer = stranger.send(history_id=world.history_id)

    assert answer.status_code == 403
    assert answer.json() == {"err_msg": "History is not owned by user", "err_code": 403003}
    assert world.objects() == {}


def test_a_history_that_is_none_is_not_found(world):
    answer = world.send(history_id=world.galaxy.encoded(987654))

    assert answer.status_code == 404
    assert answer.json() == {"err_msg": "History with the provided ID not found.", "err_code": 404001}


def test_an_authorization_that_is_none_is_not_found_and_looked_at_first(world):
    unknown = world.galaxy.encoded(987654)

    for more in ({}, {"history_id": unknown}):
        answer = world.send(authz_id=unknown, **more)
        assert answer.status_code == 404
        assert answer.json() == {
            "err_msg": "An authorization configuration with given ID not found.",
            "err_code": 404001,
        }


def test_an_authorization_of_somebody_else_is_refused(service, world, bucket):
    answer = world.send(authz_id=World(service, bucket).authz_id)

    assert answer.status_code == 403
    assert answer.json()["err_code"] == 403002
    assert "is not accessible for user with ID:" in answer.json()["err_msg"]


def test_a_connection_stands_in_for_keys(service, world, rclone):
    world.filled(ONE)
    given = {
        "bucket": world.bucket.name,
        "endpoint": rclone.endpoint,
        "access_key": "sluicetests",
        "secret_key": rclone.secret_key,
        "synchronize": False,
    }
    made = service.session.post(f"{service.url}/api/cloud", json=given, headers=world.person.headers, timeout=30)
    assert made.ok, made.text
    config = {"connection": made.json()["id"]}
    authz_id = world.galaxy.told("POST", "/api/cloud/authz", json={"provider": "aws", "config": config})["id"]

    world.stored(world.sent(authz_id=authz_id))
    assert world.objects() == {"rep1.bed": FILES["rep1.bed"]}
