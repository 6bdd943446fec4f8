"""Downloads and copies on a cluster: the process that plans or does one dies, and others bring the rest."""

import pytest
import requests

from tests.support.buckets import own_bucket
from tests.support.clients import cval_storage
from tests.support.service import eventually
from tests.support.trees import bucket_objects, finished_objects, tree_objects

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

OBJECTS = {f"d{number % 7}/f{number:03}": b"content %d\n" % number * (number % 40) for number in range(200)}


@pytest.fixture
def source(cluster, bucket):
    """A bucket with 200 objects behind a proxy that makes each request wait."""
    with own_bucket(cluster.storage.behind, bucket, OBJECTS) as made:
        made.server = cluster.storage.server
        cluster.storage.latency = 0.15
        yield made


def wait_until_moved(cluster, place, count):
    """Return once so many objects were read from a place or written to it; the storage tells, the job goes on."""

    def moved():
        exchanges = cluster.storage.of(place.name)
        return sum(one.method in ("GET", "PUT") and bool(one.keys) and one.status == 200 for one in exchanges)

    eventually(lambda: moved() >= count, what=f"{count} objects read from {place.name} or written to it")


def kill_in_the_middle(cluster, place, job, chance):
    """kill -9 of the process that does a job, after it has moved some objects; whoever goes on may hurry."""
    worker, process = cluster.planner_of(job)
    wait_until_moved(cluster, place, chance.randrange(20, 80))
    worker.kill_child(process)
    cluster.storage.latency = 0.0


def test_a_download_goes_on_after_its_worker_and_brings_all(cluster, source, bucket, chance):
    job = cluster.webs[0].sync(direction="download", source=bucket, dest=bucket)["id"]
    kill_in_the_middle(cluster, source, job, chance)

    assert cluster.ended(job, seconds=180) == ["succeeded"]
    assert finished_objects(cluster.uploads / bucket) == OBJECTS
    [(attempt,)] = cluster.rows(f"SELECT attempt FROM jobs WHERE id = '{job}'")
    assert attempt >= 2  # on a machine that is busy enough whoever goes on may seem dead too
    again = cluster.webs[1].sync(direction="download", source=bucket, dest=bucket)["id"]
    assert cluster.ended(again) == ["succeeded"]
    assert cluster.progress(again)["unchanged"] == len(OBJECTS)


def test_a_cancelled_download_leaves_whole_files_and_no_others(cluster, source, bucket):
    job = cluster.webs[0].sync(direction="download", source=bucket, dest=bucket)["id"]
    wait_until_moved(cluster, source, 20)
    cluster.webs[1].get("/cancel", id=job)

    assert cluster.ended(job) == ["cancelled"]
    there = tree_objects(cluster.uploads / bucket)
    assert there.items() < OBJECTS.items()
    assert cluster.progress(job)["done"]["uploads"] == len(there)


def test_a_copy_goes_on_after_its_worker_and_stores_nothing_twice(cluster, source, bucket, chance):
    web = cluster.webs[0]
    headers = web.person(bucket).headers
    with own_bucket(cluster.storage.behind, f"{bucket}-to") as target:
        target.server = cluster.storage.server
        places = [
            requests.post(
                f"{web.url}/api/cloud", json=cval_storage(each) | {"synchronize": False}, headers=headers, timeout=60
            ).json()["id"]
            for each in (source, target)
        ]
        asked = {"source": places[0], "target": places[1], "objects": [*OBJECTS], "conflict": "rename"}
        job = requests.post(web.url + "/copy", json=asked, headers=headers, timeout=30).json()["id"]
        kill_in_the_middle(cluster, target, job, chance)

        assert cluster.ended(job, seconds=180) == ["succeeded"]
        assert bucket_objects(cluster.storage.behind, target.name) == OBJECTS
        counters = cluster.progress(job)
        assert counters["done"]["uploads"] + counters["unchanged"] == len(OBJECTS)
