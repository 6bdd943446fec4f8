"""The cval dialect as its real client sees it: `cval-lib`, unmodified."""

import ast
import uuid

import pytest

from tests.support.clients import CvalClient

pytestmark = pytest.mark.slow

NOWHERE = {"access_key": "Reader", "secret_key": "not-shown", "endpoint": "http://127.0.0.1:9", "bucket": "pictures"}
"""A storage that nothing needs to be there for, as long as it is not synchronised."""

CREATE = "outcome(lambda: conn.storage().create(**given, synchronize=False))\n"
"""Raises after it has created: see the test of that."""


@pytest.fixture
def storage_id(cval):
    return cval.run(CREATE + "show(conn.storage().get_all()[0].id)", given=NOWHERE)


def test_create_fails_in_the_client_and_the_storage_is_there(cval):
    raised, found = cval.run(
        """
        storage = conn.storage()
        raised = outcome(lambda: storage.create(**given, synchronize=False))
        show([raised, conn.storage().get_all()])
        """,
        given=NOWHERE,
    )

    assert raised == {"raised": "AttributeError", "text": "'Response' object has no attribute 'get'"}
    assert found == [{**NOWHERE, "secret_key": "************", "synchronize": False, "id": found[0]["id"]}]
    assert uuid.UUID(found[0]["id"]).version == 4


def test_create_answers_the_id_once_responses_have_what_the_client_asks_them_for(cval):
    created, found = cval.run(
        """
        requests.Response.get = lambda response, name: response.json()[name]
        storage = conn.storage()
        show([storage.create(**given, synchronize=False), storage.get()])
        """,
        given=NOWHERE,
    )

    assert found["id"] == created
    assert found["bucket"] == "pictures"


def test_get_after_the_failed_create_says_that_there_is_none(cval):
    answer = cval.run(
        """
        storage = conn.storage()
        outcome(lambda: storage.create(**given, synchronize=False))
        show(outcome(storage.get))
        """,
        given=NOWHERE,
    )

    assert answer["raised"] == "NotFound"
    assert answer["text"].startswith("404: {'detail': ")


def test_a_handler_that_sends_the_body_of_its_last_request_again_is_answered(cval):
    every, one, deleted = cval.run(
        """
        storage = conn.storage()
        outcome(lambda: storage.create(**given, synchronize=False))
        every = storage.get_all()
        assert storage.json["secret_key"] == given["secret_key"]
        show([every, storage.get(every[0].id), storage.delete(every[0].id)])
        """,
        given=NOWHERE,
    )

    assert every == [one]
    assert deleted == {"id": one["id"]}


def test_delete_answers_the_id_and_then_there_is_none(cval, storage_id):
    deleted, every, one, again = cval.run(
        """
        show([
            conn.storage().delete(sid), conn.storage().get_all(),
            outcome(lambda: conn.storage().get(sid)), outcome(lambda: conn.storage().delete(sid)),
        ])
        """,
        sid=storage_id,
    )

    assert (deleted, every) == ({"id": storage_id}, [])
    assert (one["raised"], again["raised"]) == ("NotFound", "NotFound")


@pytest.mark.parametrize(
    ("wishes", "left"), [([True], True), ([True, False], False), ([False], False), ([True, False, True], True)]
)
def test_change_sync_stores_what_was_asked_for(cval, storage_id, wishes, left):
    answers, found = cval.run(
        """
        storage = conn.storage(sid)
        answers = [storage.change_sync(sid, wish) for wish in wishes]
        show([answers, storage.get().synchronize])
        """,
        sid=storage_id,
        wishes=wishes,
    )

    assert answers == [{"id": storage_id}] * len(wishes)
    assert found is left


@pytest.mark.parametrize(
    "client",
    [
        pytest.param(CvalClient, id="the base address is ours"),
        pytest.param(lambda url, key: CvalClient(url, key, "/api"), id="the base address ends as the original's"),
        pytest.param(lambda url, key: CvalClient(url, key, rewritten=True), id="only the host is ours"),
    ],
)
def test_every_way_to_point_the_client_here_reaches_storages_and_datasets(service, person, client):
    storages, dataset, datasets, frames = client(service.url, person.key).run(
        CREATE
        + """
storages = conn.storage().get_all()
conn.storage().change_sync(storages[0].id, False)
dataset = conn.dataset().create("flowers", "of the garden")
show([storages, dataset, conn.dataset().get_all(), conn.frames(dataset).read_meta()])
conn.storage().delete(storages[0].id)
""",
        given=NOWHERE,
    )

    assert [storage["bucket"] for storage in storages] == ["pictures"]
    assert [one["dataset_id"] for one in datasets] == [dataset]
    assert frames == [{"frames_quantity": 0, "frames": []}] * 3


@pytest.mark.parametrize(
    ("call", "raised", "status", "detail"),
    [
        pytest.param("conn.storage().get('None')", "NotFound", 404, "", id="no such storage"),
        pytest.param("conn.storage().get('5')", "NotFound", 404, "", id="no id at all"),
        pytest.param("conn.dataset().get('no-uuid')", "NotFound", 404, "", id="no such dataset"),
        pytest.param("conn.dataset().synchronize('no-uuid')", "NotFound", 404, "", id="neither of them"),
        pytest.param(
            "conn.storage().create('a', 's', 'ftp://minio', 'pictures')",
            "SchemaException", 422, "endpoint: ", id="an endpoint that is none",
        ),
        pytest.param(
            "conn.storage().create('a', 's', 'http://minio:9000/path', 'pictures')",
            "SchemaException", 422, "endpoint: ", id="an endpoint with a path",
        ),
        pytest.param(
            "conn.storage().create('a', 's', 'http://169.254.169.254', 'pictures')",
            "SchemaException", 422, "endpoint: ", id="the metadata of a cloud",
        ),
        pytest.param(
            "conn.storage().create('a', '', 'http://minio:9000', 'pictures')",
            "SchemaException", 422, "secret_key: ", id="an empty secret key",
        ),
        pytest.param(
            "conn.storage().create('a', 's', 'http://minio:9000', 'Pictures!')",
            "SchemaException", 422, "bucket: ", id="no name of a bucket",
        ),
        pytest.param(
            "conn.storage().change_sync(conn.storage().get_all()[0].id, 'perhaps')",
            "SchemaException", 422, "synchronize: ", id="neither on nor off",
        ),
        pytest.param(
            "conn.frames(conn.dataset().create(), 'test').create_fl(train=[])",
            "UnknownException", None, "A dataset is read from its bucket.", id="frames that are sent",
        ),
        pytest.param(
            "conn.cls_annotation(conn.dataset().create()).delete(training=True)",
            "UnknownException", None, "A dataset is read from its bucket.", id="annotations that are deleted",
        ),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("storage_id")
def test_each_of_its_errors_tells_what_is_wrong(cval, call, raised, status, detail):
    answer = cval.run(f"show(outcome(lambda: {call}))")

    assert answer.get("raised") == raised, answer
    said = answer["text"] if status is None else answer["text"].removeprefix(f"{status}: ")
    body = ast.literal_eval(said)
    assert [*body] == ["detail"]
    assert body["detail"].startswith(detail)
    assert len(body["detail"]) > 10


def test_an_unknown_key_is_forbidden(service):
    answer = CvalClient(service.url, "sluice_" + "0" * 64).run("show(outcome(conn.storage().get_all))")

    assert answer["raised"] == "Forbidden"
    assert answer["text"].startswith("403: {'detail': ")


def test_a_key_that_may_only_read_is_forbidden_to_change(service):
    key = service.person("reader", read_only=True).key
    found, made = CvalClient(service.url, key).run(
        "show([conn.storage().get_all(), outcome(lambda: conn.storage().create(**given))])", given=NOWHERE
    )

    assert found == []
    assert made["raised"] == "Forbidden"


def test_the_case_of_a_key_counts(service, person):
    """Werkzeug's own reading of the header puts it into lower case; so a wrong one in upper case would pass."""
    answer = CvalClient(service.url, person.key.upper()).run("show(outcome(conn.storage().get_all))")

    assert answer["raised"] == "Forbidden"


def test_datasets_are_made_changed_and_listed(cval, storage_id):
    made, changed, sent, one, every = cval.run(
        """
        from cval_lib.models.dataset import DatasetModel, StorageConfig
        handler = conn.dataset()
        made = handler.create("flowers", "of the garden")
        changed = handler.update(made, description="of the park")
        config = StorageConfig(cloud_storage_id=sid, dataset_name_in_storage="roses")
        sent = DatasetModel(storage_config=config).send(key, made)
        show([made, changed, sent, conn.dataset().get(made), conn.dataset().get_all()])
        """,
        sid=storage_id,
        key=cval.key,
    )

    assert changed["dataset_name"] == "flowers"
    assert changed["dataset_description"] == "of the park"
    assert changed["storage_config"] == {"cloud_storage_id": None, "dataset_name_in_storage": None}
    assert sent == {**changed, "storage_config": {"cloud_storage_id": storage_id, "dataset_name_in_storage": "roses"}}
    assert one == {name: value for name, value in sent.items() if name != "dataset_id"}
    assert every == [{**sent, "dataset_id": made}]


def test_what_the_client_lists_can_be_sent_back(cval):
    before, after = cval.run(
        """
        conn.dataset().create("flowers")
        (found,) = conn.dataset().get_all()
        found.dataset_name = "trees"
        found.send(key, found.dataset_id)
        show([found, conn.dataset().get(found.dataset_id)])
        """,
        key=cval.key,
    )

    assert after["dataset_name"] == before["dataset_name"] == "trees"
