"""Large files that change while they are uploaded in parts, at each attempt or once: no object is ever torn."""

import random
from collections import Counter

import pytest

from tests.support.buckets import own_bucket

pytestmark = [pytest.mark.fault(23), pytest.mark.fault("I2"), pytest.mark.slow]

SIZE = 20 * 1024 * 1024


def truncate(path):
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1000)


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def replace(path):
    other = path.with_name(".other")
    other.write_bytes(new_bytes())
    other.replace(path)


def rewrite(path):
    with path.open("r+b") as file:
        file.seek(SIZE // 2)
        file.write(random.randbytes(1000))


def remove(path):
    path.unlink(missing_ok=True)


def close_to_others(path):
    path.chmod(0o600)


def new_bytes():
    return random.randbytes(SIZE)


AGAIN_AND_AGAIN = {change.__name__: change for change in (truncate, append, replace, rewrite)}
ONCE = {"rewrite-once": rewrite, "replace-once": replace, "remove": remove, "close_to_others": close_to_others}
OLD = b"an older object, whole"


@pytest.fixture
def job(mirrored):
    """The end of a job that meets all these changes at once, each as soon as part 2 of its file comes."""
    changes = AGAIN_AND_AGAIN | ONCE
    for name in changes:
        (mirrored.folder / name).write_bytes(new_bytes())
    met = Counter()

    def change(request):
        name = request.path.rpartition("/")[2].partition("?")[0]
        if request.part == 2 and (name in AGAIN_AND_AGAIN or not met[name]):
            met[name] += 1
            changes[name](mirrored.folder / name)
        return request.body

    with own_bucket(mirrored.proxy.server, mirrored.bucket, dict.fromkeys(changes, OLD) | {"gone": OLD}):
        mirrored.proxy.before = change
        job_id = mirrored.start()
        yield job_id, mirrored.end_of(job_id)
        assert met.keys() == changes.keys()


def test_what_is_stored_is_one_moment_of_a_file_or_the_old_object(mirrored, job):
    job_id, ended = job
    steps, objects = mirrored.steps(job_id), mirrored.objects

    assert ended == ("partial", "upload_failed")
    assert {name: steps[name] for name in AGAIN_AND_AGAIN} == dict.fromkeys(AGAIN_AND_AGAIN, ("failed", "file_changed"))
    assert {name: objects[name] for name in AGAIN_AND_AGAIN} == dict.fromkeys(AGAIN_AND_AGAIN, OLD)
    assert steps["remove"] == ("failed", "file_missing")
    assert (objects["remove"], objects["gone"]) == (OLD, OLD)
    for name in ("rewrite-once", "replace-once", "close_to_others"):
        assert objects[name] == (mirrored.folder / name).read_bytes()
    assert mirrored.open_uploads == []
