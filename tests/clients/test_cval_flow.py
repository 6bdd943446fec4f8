"""The example flow of `cval-lib` against a real S3 server: create, bind, watch, change, switch off."""

import pytest

from tests.support.clients import cval_images, cval_storage
from tests.support.service import FINAL, eventually

pytestmark = pytest.mark.slow

PATIENCE = 60
"""Seconds."""

SHIM = "requests.Response.get = lambda response, name: response.json()[name]\n"
"""With this from outside, create() returns the id; nothing of cval-lib is edited."""


@pytest.fixture
def jobs(service, person):
    """A function that lists the synchronisations of a storage, newest first."""

    def listed(storage_id):
        found = service.session.get(
            f"{service.url}/runnings?all=1&limit=1000", headers=person.headers, timeout=30
        ).json()
        return [job for job in found if job["connection"] == storage_id and job["kind"] == "synchronisation"]

    return listed


def frames(cval, dataset_id, part="training"):
    return cval.run("show(conn.frames(ds, part).read_meta(3))", ds=dataset_id, part=part)


def until_frames_are(cval, dataset_id, quantity):
    """The loop of the client's own example, with an end and a breath; in one program, since each start takes half a second."""
    reached = cval.run(
        """
        import time
        end = time.monotonic() + patience
        while (found := conn.frames(ds, "training").read_meta(3)["frames_quantity"]) != quantity and time.monotonic() < end:
            time.sleep(0.05)
        show(found)
        """,
        ds=dataset_id,
        quantity=quantity,
        patience=PATIENCE,
    )
    assert reached == quantity


def until_one_has_ended(jobs, storage_id):
    """Return when all that was in the bucket at first is here; the frames of one part are there before the rest."""
    eventually(
        lambda: {job["status"] for job in jobs(storage_id)} & {"succeeded", "partial"}, PATIENCE, "the first end"
    )


def create_and_bind(cval, bucket, name_in_storage=None):
    return cval.run(
        """
        from cval_lib.models.dataset import DatasetModel, StorageConfig
        before = {storage.id for storage in conn.storage().get_all()}
        raised = outcome(lambda: conn.storage().create(**given))
        assert raised["raised"] == "AttributeError", raised
        (storage,) = [storage for storage in conn.storage().get_all() if storage.id not in before]
        assert storage.synchronize
        config = StorageConfig(cloud_storage_id=storage.id, dataset_name_in_storage=name)
        show([storage.id, DatasetModel(dataset_name="pictures", storage_config=config).send(key)["dataset_id"]])
        """,
        given=cval_storage(bucket),
        key=cval.key,
        name=name_in_storage,
    )


def test_the_flow_of_the_issue(cval, bucket, new_bucket, jobs):
    storage_id, dataset_id = create_and_bind(cval, bucket)
    until_frames_are(cval, dataset_id, 5)
    assert frames(cval, dataset_id) == {"frames_quantity": 5, "frames": ["000", "001", "002"]}
    until_one_has_ended(jobs, storage_id)
    assert frames(cval, dataset_id, "test")["frames_quantity"] == 2
    assert frames(cval, dataset_id, "validation") == {"frames_quantity": 0, "frames": []}

    bucket.put(cval_images("train", range(5, 9)))
    until_frames_are(cval, dataset_id, 9)
    bucket.delete(*cval_images("train", range(3)))
    until_frames_are(cval, dataset_id, 6)

    assert cval.run("show(conn.storage().change_sync(sid, False))", sid=storage_id) == {"id": storage_id}
    eventually(lambda: all(job["status"] in FINAL for job in jobs(storage_id)), PATIENCE, "the end of its jobs")
    before = [job["id"] for job in jobs(storage_id)]
    bucket.put(cval_images("train", range(20, 40)))
    # Another storage, switched on now, shows that time goes by and that the scheduler works.
    other = new_bucket()
    other.put(cval_images("train", range(1)))
    other_id, _ = create_and_bind(cval, other)
    eventually(
        lambda: sum(job["status"] == "succeeded" for job in jobs(other_id)) >= 3, PATIENCE, "three synchronisations"
    )
    # One that was due at the moment of the switch may come after it: it is cancelled then.
    assert {job["status"] for job in jobs(storage_id) if job["id"] not in before} <= {"cancelled"}
    assert frames(cval, dataset_id)["frames_quantity"] == 6

    cval.run("show(conn.storage().change_sync(sid, True))", sid=storage_id)
    until_frames_are(cval, dataset_id, 26)
    for one in (storage_id, other_id):
        cval.run("show(conn.storage().delete(sid))", sid=one)


def test_the_example_of_the_clients_authors(cval, bucket):
    """They make an unbound dataset and hand the storage's id to synchronize: it is bound to it then."""
    storage_id, dataset_id, status, frames_quantity = cval.run(
        SHIM
        + """
DS = conn.dataset()
DS_ID = DS.create()
STORAGE = conn.storage().create(**given)
answer = DS.synchronize(STORAGE)
train, asked = {"frames_quantity": 0}, 0
while train["frames_quantity"] != 5 and asked < 3000:
    train, asked = conn.frames(DS_ID, "training").read_meta(1), asked + 1
show([STORAGE, DS_ID, answer.status_code, train["frames_quantity"]])
""",
        given=cval_storage(bucket),
    )

    assert status == 202
    assert frames_quantity == 5
    found = cval.run("show(conn.dataset().get(ds))", ds=dataset_id)
    assert found["storage_config"]["cloud_storage_id"] == storage_id
    cval.run("show(conn.storage().delete(sid))", sid=storage_id)


def test_a_dataset_is_synchronised_once_when_it_is_asked_for(cval, bucket, jobs):
    storage_id, dataset_id = cval.run(
        SHIM
        + """
from cval_lib.models.dataset import DatasetModel, StorageConfig
sid = conn.storage().create(**given, synchronize=False)
ds = DatasetModel(storage_config=StorageConfig(cloud_storage_id=sid)).send(key)["dataset_id"]
show([sid, ds])
""",
        given=cval_storage(bucket),
        key=cval.key,
    )
    assert jobs(storage_id) == []
    assert frames(cval, dataset_id)["frames_quantity"] == 0

    answer = cval.run("show(conn.dataset().synchronize(ds).json())", ds=dataset_id)
    until_frames_are(cval, dataset_id, 5)

    assert answer == {"id": dataset_id, "job_id": answer["job_id"]}
    assert [job["id"] for job in jobs(storage_id)] == [answer["job_id"]]


COCO = b"""{
 "images": [{"id": 1, "file_name": "000.jpg", "height": 2, "width": 3, "license": 1, "coco_url": "", "date_captured": "", "flickr_url": ""}],
 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 1, "iscrowd": 0, "segmentation": []}],
 "categories": [{"id": 1, "name": "rose", "supercategory": "flower"}],
 "info": {"description": "", "url": "", "version": "1", "year": 2026, "contributor": "", "date_created": ""},
 "licenses": [{"id": 1, "name": "", "url": ""}]
}"""


def test_annotations_are_read_by_the_clients_own_models(service, cval, new_bucket, person, jobs):
    bucket = new_bucket()
    bucket.put(
        {
            f"cval/roses/{name.removeprefix('cval/')}": content
            for name, content in cval_images("train", range(3)).items()
        }
        | {
            "cval/roses/annotations/train/boxes.json": COCO,
            "cval/roses/annotations/train/labels.json": b'[{"img_external_id": "000", "img_label": 4}, {"img_external_id": "001", "img_label": 5}]',
            "cval/roses/annotations/train/masks.json": b'[{"image_id": "002", "masks": [{"label": 1, "mask": [0, 0, 1, 1, 0.5, 0]}]}]',
            "cval/roses/annotations/train/notes.txt": b"not JSON",
        }
    )
    storage_id, dataset_id = create_and_bind(cval, bucket, "roses")
    until_one_has_ended(jobs, storage_id)

    assert frames(cval, dataset_id)["frames_quantity"] == 3
    labels = cval.run("show(conn.cls_annotation(ds).get(training=True)[0])", ds=dataset_id)
    assert labels["labels_quantity"] == 2
    assert labels["labels"] == [{"img_external_id": "000", "img_label": 4}, {"img_external_id": "001", "img_label": 5}]
    masks = cval.run("show(conn.seg_annotation(ds).get(training=True)[0])", ds=dataset_id)
    assert masks == [{"image_id": "002", "masks": [{"label": 1, "mask": [0, 0, 1, 1, 0.5, 0]}]}]
    # The client forgets a slash when it asks for detections; behind /api that has an address here all the same.
    boxes = type(cval)(service.url, person.key, "/api").run(
        "show(conn.det_annotation(ds).get(training=True)[0])", ds=dataset_id
    )
    assert [image["file_name"] for image in boxes["images"]] == ["000.jpg"]
    assert [one["bbox"] for one in boxes["annotations"]] == [[0, 0, 1, 1]]
    without = cval.run("show(outcome(lambda: conn.det_annotation(ds).get(training=True)))", ds=dataset_id)
    assert without["raised"] == "InvalidURL"

    problems = service.session.get(
        f"{service.url}/dataset/{dataset_id}/problems", headers=person.headers, timeout=30
    ).json()
    assert [problem["path"] for problem in problems] == ["roses/annotations/train/notes.txt"]
    assert len(problems[0]["message"]) > 10
    cval.run("show(conn.storage().delete(sid))", sid=storage_id)
