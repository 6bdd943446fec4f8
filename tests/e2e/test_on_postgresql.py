"""The whole service with its job database in PostgreSQL: jobs of each kind, and every question that can be asked."""

import re
from urllib.parse import quote

import pytest

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from app.settings import Settings
from tests.support.buckets import Bucket
from tests.support.clients import cval_storage
from tests.support.galaxy import World
from tests.support.trees import bucket_objects

FILES = {f"d/f{number}": b"content" for number in range(20)}
ODD = ("a\0b%_'\\Ж", str(2**64))


@pytest.fixture
def service(start, postgres):
    """The service, and in it an admin who asks."""
    made = start(DATABASE_URL=postgres.url(postgres.new()))
    made.session.headers.update(made.person("root", Role.ADMIN).headers)
    return made


@pytest.fixture
def places(rclone, bucket):
    """A bucket with objects and one without."""
    made = [Bucket(rclone, f"{bucket}-{end}") for end in ("from", "to")]
    made[0].put(FILES)
    yield made
    for each in made:
        each.drop()
        each.close()


@pytest.fixture
def rules(service):
    """What every GET that there is looks like."""
    services = build_services(Settings.load(service.environ, service.log.with_name("no.env")))
    known = [rule.rule for rule in create_app(services).url_map.iter_rules() if "GET" in (rule.methods or ())]
    services.database.close()
    return known


def connected(service, bucket):
    given = cval_storage(bucket) | {"synchronize": False}
    answer = service.session.post(service.url + "/api/cloud", json=given, timeout=30)
    assert answer.ok, answer.text
    return answer.json()["id"]


def copied(service, source, target):
    asked = {"source": source, "target": target, "objects": list(FILES)}
    answer = service.session.post(service.url + "/copy", json=asked, timeout=30)
    assert answer.ok, answer.text
    return service.finished(answer.json()["id"])


def status(service, path, **query):
    with service.session.get(
        service.url + path, params=query, timeout=30, stream=True, allow_redirects=False
    ) as answer:
        return answer.status_code


def test_jobs_of_each_kind_run_and_no_question_fails(service, places, bucket, rclone, rules):
    for key, content in FILES.items():
        path = service.uploads / "folder" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    job = service.mirrored(source="folder", dest=f"{bucket}-mirror")
    assert (job["status"], job["done"]["uploads"]) == ("succeeded", len(FILES))
    assert bucket_objects(rclone, f"{bucket}-mirror") == FILES
    ids = [connected(service, each) for each in places]
    assert copied(service, *ids)["status"] == "succeeded"
    assert bucket_objects(rclone, places[1].name) == FILES
    world = World(service, places[0])
    [dataset] = world.brought("d/f1")

    names = (job["id"], ids[0], dataset, "1", *ODD)
    paths = {re.sub(r"<[^>]+>", quote(name, safe=""), rule) for rule in rules for name in names}
    answered = {path: status(service, path) for path in sorted(paths)}
    asked = ("id", "owner", "state", "storage", "text", "after", "before", "name", "search", "filter", "q", "page_size")
    for path in ("/runnings", "/api/cloudstorages", "/api/histories"):
        answered |= {f"{path}?{word}={odd!r}": status(service, path, **{word: odd}) for word in asked for odd in ODD}

    failed = {path: found for path, found in answered.items() if found >= 500}
    # The one is what Google is set up for, not here; the other answers so when a check takes longer than it waits.
    assert [
        path for path in failed if not path.endswith("/picker-token") and failed[path] != {"/readyz": 503}.get(path)
    ] == []
    assert len([found for found in answered.values() if found == 200]) > 50
