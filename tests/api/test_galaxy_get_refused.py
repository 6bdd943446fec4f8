"""Who and what a get of the Galaxy dialect refuses, over HTTP, on a real S3 server."""

import itertools
import re
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.galaxy import World, refusal

NO_AUTHORIZATION = "An authorization configuration with given ID not found."

_numbers = itertools.count()


@pytest.fixture
def bucket(rclone):
    with closing(Bucket(rclone, f"galaxy-refused-{next(_numbers)}")) as bucket:
        bucket.put({"rep1.bed": b"chr1\t1\t2\n"})
        yield bucket


@pytest.fixture
def world(service, bucket):
    return World(service, bucket)


def names(world):
    return [one["name"] for one in world.galaxy.contents(world.history_id)]


@pytest.fixture
def stranger(service, bucket):
    return World(service, bucket)


@pytest.mark.parametrize("objects", [["rep1.bed"], []], ids=["with objects", "without objects"])
def test_nobody_gets_into_a_history_of_somebody_else(world, stranger, objects):
    answer = world.get(*objects, history_id=stranger.history_id)

    assert refusal(answer) == (403, 403003, "History is not owned by user")
    assert names(stranger) == []


@pytest.mark.parametrize("objects", [["rep1.bed"], []], ids=["with objects", "without objects"])
def test_a_history_that_is_none_is_not_found(world, objects):
    unknown = world.galaxy.encoded(987654)

    assert refusal(world.get(*objects, history_id=unknown)) == (
        404,
        404001,
        "History with the ID provided was not found.",
    )


def test_an_authorization_that_is_none_is_not_found(world):
    assert refusal(world.get("rep1.bed", authz_id=world.galaxy.encoded(987654))) == (404, 404001, NO_AUTHORIZATION)


def test_an_authorization_of_somebody_else_is_refused(world, stranger):
    status, code, text = refusal(world.get("rep1.bed", authz_id=stranger.authz_id))

    assert (status, code) == (403, 403002)
    assert re.fullmatch(
        r"The request authorization configuration \(with ID:`\d+`\) is not accessible for user with ID:`\d+`\.", text
    )


def test_the_authorization_is_looked_at_before_the_history(world):
    unknown = world.galaxy.encoded(987654)

    assert refusal(world.get("rep1.bed", authz_id=unknown, history_id=unknown))[2] == NO_AUTHORIZATION


def test_a_deleted_history_takes_nothing(world):
    world.galaxy.told("DELETE", f"/api/histories/{world.history_id}", json={})
    status, code, _ = refusal(world.get("rep1.bed"))

    assert (status, code) == (400, 400008)


PROVIDERS = [
    pytest.param(
        "aws", {}, (400, 400007, "The following required key(s) are missing from the provided credentials object: ['access_key', 'secret_key']"),
        id="no keys",
    ),
    pytest.param(
        "openstack", {"username": "x"}, (400, 400008, "Authorization flow for the provider `openstack` is not implemented."),
        id="a provider that has no way",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "config", "expected"), PROVIDERS)
def test_an_authorization_of_which_nothing_can_be_made_is_refused(world, provider, config, expected):
    body = {"provider": provider, "config": config}
    authz_id = world.galaxy.told("POST", "/api/cloud/authz", json=body)["id"]

    assert refusal(world.get("rep1.bed", authz_id=authz_id)) == expected


@pytest.mark.parametrize("way", ["x-api-key", "key", "Authorization"])
def test_a_key_may_stand_where_galaxy_takes_it(service, world, way):
    body = world.body(objects=["rep1.bed"])
    named = {"params": {"key": world.person.key}} if way == "key" else {"headers": {way: world.person.key}}
    if way == "Authorization":
        named = {"headers": world.person.headers}
    answer = service.session.post(f"{service.url}/api/cloud/storage/get", json=body, timeout=30, **named)

    assert answer.status_code == 200, answer.text
    assert len(answer.json()) == 1


def test_an_address_with_a_slash_at_its_end_is_the_same(world):
    answer = world.galaxy.call("POST", "/api/cloud/storage/get/", json=world.body(objects=[]))

    assert (answer.status_code, answer.json()) == (200, [])


def test_who_says_nothing_is_refused_whatever_he_sends(service):
    answer = service.session.post(f"{service.url}/api/cloud/storage/get", data=b"{", timeout=30)

    assert answer.status_code == 403
    assert answer.json()["err_code"] in (403001, 403008)


def test_a_key_that_is_none_is_refused(service, world):
    answer = service.session.post(
        f"{service.url}/api/cloud/storage/get", json=world.body(objects=[]), headers={"x-api-key": "nobody"}, timeout=30
    )

    assert refusal(answer) == (401, 401001, "Provided API key is not valid.")


def test_a_key_that_may_only_read_gets_nothing(service, world):
    with service.accounts() as accounts:
        key = accounts.create_key(world.person.name, read_only=True).key
    answer = service.session.post(
        f"{service.url}/api/cloud/storage/get",
        json=world.body(objects=["rep1.bed"]),
        headers={"x-api-key": key},
        timeout=30,
    )

    assert answer.status_code == 403
    assert names(world) == []


def test_a_second_user_sees_none_of_it(world, stranger):
    (dataset_id,) = world.brought("rep1.bed")
    job_id = world.galaxy.dataset(dataset_id)["creating_job"]

    for path in (f"/api/datasets/{dataset_id}", f"/api/datasets/{dataset_id}/display", f"/api/jobs/{job_id}", f"/api/histories/{world.history_id}", f"/api/histories/{world.history_id}/contents", f"/api/cloud/authz/{world.authz_id}"):  # fmt: skip
        answer = stranger.galaxy.call("GET", path)
        assert answer.status_code == 403, (path, answer.text)
        assert answer.json()["err_code"] in (403002, 403003)
    assert stranger.galaxy.call("DELETE", f"/api/jobs/{job_id}").status_code == 403
    assert stranger.galaxy.told("GET", "/api/jobs") == []
    assert [one["id"] for one in stranger.galaxy.told("GET", "/api/histories")] == [stranger.history_id]
