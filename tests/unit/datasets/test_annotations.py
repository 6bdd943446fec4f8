"""The annotations of a mirror, of all files of a part together."""

import json

import pytest

from app.datasets.annotations import MAX_ANSWER_BYTES, annotations_of
from app.datasets.contract import Form, Part
from app.datasets.documents import MAX_BYTES
from app.errors import InvalidInput


def label(image, number=1):
    return {"img_external_id": image, "img_label": number}


def masks(image):
    return {"image_id": image, "masks": []}


def detections(*files):
    images = [{"id": number, "file_name": name} for number, name in enumerate(files)]
    boxes = [{"id": number, "image_id": number, "category_id": 1, "bbox": [0, 0, 1, 1]} for number in range(len(files))]
    return {"images": images, "annotations": boxes, "categories": [{"id": 1, "name": "cat"}]}


def test_the_files_of_a_part_are_read_in_order_and_each_form_by_itself(mirror):
    folder = mirror(
        {
            "annotations/train/2.json": [label("c")],
            "annotations/train/10.json": [label("a"), label("b")],
            "annotations/train/deep/1.JSON": [label("d")],
            "annotations/train/masks.json": [masks("m")],
            "annotations/train/boxes.json": detections("x.jpg"),
            "annotations/train/nothing.json": [],
            "annotations/val/1.json": [label("v")],
            "cats/annotations/train/1.json": [label("cat")],
        }
    )

    def images(dataset, part, form, field):
        found = annotations_of(folder, dataset, part, form, None)
        content = found.content["images"] if form is Form.DETECTION else found.content
        assert (found.form, found.quantity) == (form, len(content))
        return [record[field] for record in content]

    assert images("", Part.TRAIN, Form.CLASSIFICATION, "img_external_id") == ["a", "b", "c", "d"]
    assert images("", Part.TRAIN, Form.SEGMENTATION, "image_id") == ["m"]
    assert images("", Part.TRAIN, Form.DETECTION, "file_name") == ["x.jpg"]
    assert images("", Part.VAL, Form.CLASSIFICATION, "img_external_id") == ["v"]
    assert images("", Part.TEST, Form.CLASSIFICATION, "img_external_id") == []
    assert images("cats", Part.TRAIN, Form.CLASSIFICATION, "img_external_id") == ["cat"]


def test_the_limit_keeps_the_first_and_all_are_counted(mirror):
    folder = mirror({f"annotations/test/{number}.json": [label(str(number))] for number in range(5)})

    found = annotations_of(folder, "", Part.TEST, Form.CLASSIFICATION, 2)

    assert (found.quantity, found.content) == (5, [label("0"), label("1")])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.json", b"{", id="broken"),
        pytest.param("a.json", b"\xff", id="not UTF-8"),
        pytest.param("a.json", b"[" * 100_000, id="too deep"),
        pytest.param("a.json", [{"img_external_id": "a"}], id="a label without a label"),
        pytest.param("a.txt", [label("a")], id="no .json"),
        pytest.param("._a.json", [label("a")], id="litter"),
        pytest.param(".hidden.json", [label("a")], id="hidden"),
        pytest.param(".old/a.json", [label("a")], id="in a hidden folder"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_out(mirror, name, content):
    folder = mirror({f"annotations/train/{name}": content, "annotations/train/b.json": [label("b")]})

    assert annotations_of(folder, "", Part.TRAIN, Form.CLASSIFICATION, None).content == [label("b")]


def test_a_file_that_is_too_large_is_left_out_without_being_read(mirror):
    folder = mirror({"annotations/train/b.json": [label("b")]})
    with (folder / "annotations/train/a.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    assert annotations_of(folder, "", Part.TRAIN, Form.CLASSIFICATION, None).content == [label("b")]


def test_more_than_fits_one_answer_is_refused_and_a_limit_helps(mirror):
    padding = b" " * (MAX_BYTES - 100)
    files = {f"annotations/train/{number}.json": b'[{"image_id": "a", "masks": []}]' + padding for number in range(MAX_ANSWER_BYTES // MAX_BYTES + 1)}  # fmt: skip
    folder = mirror(files)

    with pytest.raises(InvalidInput, match="Ask for fewer with limit"):
        annotations_of(folder, "", Part.TRAIN, Form.SEGMENTATION, None)

    assert annotations_of(folder, "", Part.TRAIN, Form.SEGMENTATION, 1).quantity == len(files)


def test_what_many_files_say_of_one_image_is_refused_beyond_one_answer_too(mirror):
    box = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}
    document = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "annotations": [{"id": 1, **box}],
        "categories": [{"id": 1, "name": "cat"}],
    }
    padded = json.dumps(document).encode().ljust(MAX_BYTES - 100)
    folder = mirror({f"annotations/train/{number}.json": padded for number in range(MAX_ANSWER_BYTES // MAX_BYTES + 1)})

    with pytest.raises(InvalidInput, match="fit one answer"):
        annotations_of(folder, "", Part.TRAIN, Form.DETECTION, 1)


@pytest.mark.parametrize("at", ["annotations/train/a.json", "annotations/train", "annotations"])
def test_a_link_that_leads_out_is_not_followed(mirror, tmp_path, at):
    outside = tmp_path / "outside"
    (outside / "train").mkdir(parents=True)
    for path in (outside / "a.json", outside / "train" / "a.json"):
        path.write_text('[{"img_external_id": "secret", "img_label": 1}]')
    folder = mirror()
    (folder / at).parent.mkdir(parents=True, exist_ok=True)
    (folder / at).symlink_to(outside / "a.json" if at.endswith(".json") else outside)

    assert annotations_of(folder, "", Part.TRAIN, Form.CLASSIFICATION, None).content == []
