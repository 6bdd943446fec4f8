"""No path that somebody gives leads out: each parameter that is one, each spelling, with the jobs that come of it."""

from contextlib import closing

import pytest

from tests.support.hostile_text import LEADING_OUT
from tests.support.inhabited import inhabited, some_name
from tests.support.jobs import eventually
from tests.support.leading_out import PROBES
from tests.support.meanings import PATHS
from tests.support.servers import ACCESS_KEY
from tests.support.trees import bucket_client, bucket_objects

pytestmark = [pytest.mark.fault(32, "I9")]

CANARY = "canary-of-a-file-outside-4b1d"
SHOWN = (CANARY, "root:x:0:0", "PATH=/")
"""What the files say that the spellings lead to."""


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A folder with a file that nobody may read and nobody may change."""
    folder = tmp_path_factory.mktemp("around") / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(CANARY)
    return folder


@pytest.fixture(scope="module")
def house(outside, rclone):
    """One whose jobs run, beside that folder; its uploads folder has one file, and links that lead out."""
    keys = {"minio_access_key": ACCESS_KEY, "minio_secret_key": rclone.secret_key}
    with inhabited(outside.parent / "here", storage_url=rclone.endpoint, jobs_running_limit=16, **keys) as house:
        house.person("ann")
        uploads = house.services.settings.uploads_dir
        (uploads / "photos").mkdir()
        (uploads / "photos" / "mine.txt").write_text("mine")
        (uploads / "link").symlink_to(outside)
        (uploads / "everything").symlink_to("/")
        house.services.runner.start()
        house.told("ann", "POST", "/sync", json={"dest": some_name(), "source": "photos"})
        yield house
        house.services.runner.drain(30)


def files_of(folder):
    """Return all files and folders around, but those that are the service's own."""
    return {
        path: path.stat().st_mtime_ns
        for path in folder.parent.rglob("*")
        if "here" not in path.relative_to(folder.parent).parts
    }


def test_each_parameter_that_is_a_path_is_tried():
    assert PROBES.keys() == PATHS


@pytest.mark.parametrize("path", LEADING_OUT.values(), ids=LEADING_OUT)
def test_nothing_outside_is_read_or_written(house, outside, rclone, path):
    before, shown = files_of(outside), ""
    for probe in PROBES.values():
        for answer in probe(house, path):
            with answer:
                assert answer.status_code < 500, answer.request.path
                shown += answer.get_data(as_text=True) + str(answer.headers)
    eventually(lambda: not house.services.jobs.list(include_finished=False, limit=100))
    for job in house.services.jobs.list(include_finished=True, limit=1000):
        shown += f"{job} {house.services.jobs.steps(job.id, limit=1000)}"

    assert [word for word in SHOWN if word in shown] == []
    assert files_of(outside) == before
    assert stored_by(rclone) == {"mine.txt"}


def stored_by(server):
    """Return the keys of all that the jobs here have stored."""
    found, client = set(), bucket_client(server)
    with closing(client):
        for bucket in client.list_buckets()["Buckets"]:
            if bucket["Name"].startswith("name-"):
                found |= set(bucket_objects(server, bucket["Name"]))
    return found
