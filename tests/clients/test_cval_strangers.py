"""What one user of the cval dialect has is nothing to another one, on every route that there is."""

import re
import uuid
from contextlib import closing, contextmanager

import pytest

from app import create_app
from app.accounts.caller import Role
from app.bootstrap import build_services
from app.settings import Settings
from tests.support.buckets import Bucket
from tests.support.clients import CvalClient, cval_images, cval_storage
from tests.support.service import eventually

pytestmark = pytest.mark.slow

CHANGING = {
    ("POST", "/api/cloud"): {"access_key": "a", "secret_key": "s", "endpoint": "http://127.0.0.1:9", "bucket": "own", "synchronize": False},
    ("PUT", "/api/cloud/<storage_id>"): {"synchronize": False},
    ("POST", "/dataset"): {"dataset_name": "own"},
    ("PUT", "/dataset/<dataset_id>"): {"dataset_name": "mine now"},
}  # fmt: skip
"""The bodies of requests that need one."""

OTHER_VALUES = {"part": "training", "form": "classification", "frame_id": "000", "embedding_id": "1"}


@pytest.fixture(scope="session")
def routes(tmp_path_factory):
    """Every method and rule of the dialect, as the application has them."""
    settings = Settings.load({"DATA_DIR": str(tmp_path_factory.mktemp("routes"))})
    app = create_app(build_services(settings))
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("cval.")
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"})
    ]


@contextmanager
def storage_and_dataset(cval, bucket):
    """Have the user of a client own a storage that is kept in step, a dataset, and the jobs of that."""
    bucket.put(cval_images("train", range(5)) | cval_images("test", range(2)))
    storage_id, dataset_id, job_id = cval.run(
        """
        from cval_lib.models.dataset import DatasetModel, StorageConfig
        outcome(lambda: conn.storage().create(**given))
        (storage,) = conn.storage().get_all()
        config = StorageConfig(cloud_storage_id=storage.id)
        dataset = DatasetModel(dataset_name="secret-name", storage_config=config).send(key)["dataset_id"]
        show([storage.id, dataset, conn.dataset().synchronize(dataset).json()["job_id"]])
        """,
        given=cval_storage(bucket),
        key=cval.key,
    )
    eventually(lambda: frames_of(cval, dataset_id) == 5)
    yield {"storage": storage_id, "dataset": dataset_id, "job": job_id}
    cval.run("show(conn.storage().delete(sid))", sid=storage_id)


@pytest.fixture(scope="module")
def cval(service):
    """The client of the first user, whom nobody in this module can change anything of."""
    return CvalClient(service.url, service.person("owner").key)


@pytest.fixture(scope="module")
def owned(cval, rclone):
    """What the first user has; each test finds it as the one before it did."""
    with closing(Bucket(rclone, "cval-strangers")) as bucket, storage_and_dataset(cval, bucket) as owned:
        yield owned


@pytest.fixture
def changed(service, person, new_bucket):
    """The client of a user whose things a test changes, and what he has."""
    cval = CvalClient(service.url, person.key)
    with storage_and_dataset(cval, new_bucket()) as owned:
        yield cval, owned


def frames_of(cval, dataset_id):
    return cval.run("show(conn.frames(ds, 'training').read_meta()['frames_quantity'])", ds=dataset_id)


def state_of(cval, dataset_id):
    return cval.run(
        "show([conn.storage().get_all(), conn.dataset().get_all(), conn.frames(ds).read_meta()])", ds=dataset_id
    )


def address(rule, record_id):
    """Put an id, or another value, into each place of a rule."""
    return re.sub(r"<(\w+)>", lambda place: OTHER_VALUES.get(place[1], record_id), rule)


def first_place(rule):
    return rule.removeprefix("/api") if rule.startswith(("/api/api/", "/api/dataset")) else rule


@pytest.mark.parametrize(
    ("role", "read_only"),
    [
        pytest.param(Role.USER, False, id="user"),
        pytest.param(Role.WORKER, False, id="worker"),
        pytest.param(Role.USER, True, id="user with a key that only reads"),
    ],
)
@pytest.mark.fault(37)
def test_a_stranger_gets_what_he_would_get_if_there_were_nothing(service, cval, owned, routes, role, read_only):
    stranger = service.person(f"stranger-{role}-{read_only}".lower(), role, read_only=read_only).headers
    refused = set() if (role, read_only) == (Role.USER, False) else {403}
    before = state_of(cval, owned["dataset"])

    def answer(method, rule, record_id):
        body = CHANGING.get((method, first_place(rule)))
        given = {"json": body} if body else {}
        found = service.session.request(
            method, service.url + address(rule, record_id), headers=stranger, timeout=30, **given
        )
        return found.status_code, found.text.replace(record_id, "ID")

    with_ids = [(method, rule) for method, rule in routes if "<storage_id>" in rule or "<dataset_id>" in rule]
    assert len(with_ids) > 40
    for method, rule in with_ids:
        nothing = answer(method, rule, str(uuid.uuid4()))
        assert nothing[0] in {404, 405} | refused, (method, rule, nothing)
        for kind, record_id in owned.items():
            assert answer(method, rule, record_id) == nothing, (method, rule, kind)

    for method, rule in [route for route in routes if route not in with_ids]:
        status, text = answer(method, rule, "")
        assert status in {200} | refused, (method, rule, text)
        assert not [kind for kind, record_id in owned.items() if record_id in text], (method, rule)
        assert "secret-name" not in text
    assert state_of(cval, owned["dataset"]) == before


def test_a_stranger_sees_none_of_the_jobs(service, owned):
    headers = service.person("onlooker").headers

    def asked(path):
        return service.session.get(service.url + path, headers=headers, timeout=30)

    for path in ("/get", "/steps", "/events", "/cancel"):
        assert asked(f"{path}?id={owned['job']}").status_code == 404, path
    shown = asked("/runnings?all=1&limit=1000").text
    assert owned["job"] not in shown
    assert owned["storage"] not in shown


@pytest.mark.fault(32, 37)
def test_a_stranger_cannot_read_through_a_dataset_of_his_own(service, owned):
    headers = service.person("guesser").headers

    def bound_to(**config):
        return service.session.post(
            f"{service.url}/dataset", json={"storage_config": config}, headers=headers, timeout=30
        )

    assert bound_to(cloud_storage_id=owned["storage"]).status_code == 404
    assert bound_to(dataset_name_in_storage=f"../{owned['storage']}").status_code == 422
    made = bound_to().json()["dataset_id"]
    changed = service.session.put(
        f"{service.url}/dataset/{made}",
        json={"storage_config": {"cloud_storage_id": owned["storage"]}},
        headers=headers,
        timeout=30,
    )
    assert changed.status_code == 404
    found = service.session.get(f"{service.url}/dataset/{made}", headers=headers, timeout=30).json()
    assert found["storage_config"]["cloud_storage_id"] is None


def test_an_admin_sees_and_removes_what_others_have(service, changed):
    cval, owned = changed
    admin = CvalClient(service.url, service.person("overseer", Role.ADMIN).key)
    every, datasets = admin.run("show([conn.storage().get_all(), conn.dataset().get_all()])")

    assert owned["storage"] in [storage["id"] for storage in every]
    assert owned["dataset"] in [dataset["dataset_id"] for dataset in datasets]
    assert admin.run("show(conn.storage().change_sync(sid, False))", sid=owned["storage"]) == {"id": owned["storage"]}
    assert cval.run("show(conn.storage().get(sid).synchronize)", sid=owned["storage"]) is False
