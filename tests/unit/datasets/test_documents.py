"""From the bytes of one file to annotations, whatever somebody has put there."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.contract import Form
from app.datasets.documents import MAX_CONTAINERS, document_of
from app.datasets.fields import Unfit

IMAGE = {"id": 1, "file_name": "a.jpg", "height": 4, "width": 6}
CATEGORY = {"id": 7, "name": "cat"}
BOX = {"id": 3, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4.5]}
COCO = {"images": [IMAGE], "annotations": [BOX], "categories": [CATEGORY]}


def coco(**lists):
    return {**COCO, **lists}


def read(found):
    return document_of(found if isinstance(found, bytes) else json.dumps(found).encode())


@pytest.mark.parametrize(
    ("found", "form", "images"),
    [
        pytest.param(COCO, Form.DETECTION, {"a.jpg"}, id="a COCO document"),
        pytest.param([{"img_external_id": "a", "img_label": 1}], Form.CLASSIFICATION, {"a"}, id="labels"),
        pytest.param([{"image_id": "a", "masks": []}], Form.SEGMENTATION, {"a"}, id="masks"),
        pytest.param([], None, set(), id="an empty list"),
    ],
)
def test_the_form_is_known_by_the_fields(found, form, images):
    document = read(found)

    assert (document.form, document.images()) == (form, images)


def test_a_byte_order_mark_is_passed_over():
    assert read(b"\xef\xbb\xbf[]").form is None


def test_a_coco_document_gets_all_fields_that_the_client_needs_and_no_others():
    content = read(coco(extra=[1], images=[{**IMAGE, "camera": {"deep": [[]]}, "license": None}])).content

    assert content == {
        "images": [
            {
                **IMAGE,
                "license": 0,
                "coco_url": "",
                "date_captured": "",
                "flickr_url": "",
            }
        ],
        "annotations": [{**BOX, "segmentation": [], "area": 13.5, "iscrowd": 0}],
        "categories": [{**CATEGORY, "supercategory": ""}],
        "info": {"description": "", "url": "", "version": "", "year": 0, "contributor": "", "date_created": ""},
        "licenses": [],
    }


def test_a_run_length_mask_of_a_crowd_is_told_as_its_box_only():
    crowd = {**BOX, "iscrowd": 1, "segmentation": {"counts": [1, 2], "size": [4, 6]}}

    [annotation] = read(coco(annotations=[crowd])).content["annotations"]

    assert annotation["segmentation"] == []
    assert annotation["iscrowd"] == 1


@pytest.mark.parametrize(
    ("masks", "expected"),
    [
        pytest.param(None, None, id="null"),
        pytest.param([], [], id="none"),
        pytest.param([{"label": 0, "mask": [0, 0.5], "extra": 1}], [{"label": 0, "mask": [0.0, 0.5]}], id="one"),
    ],
)
def test_masks_keep_the_shape_that_the_client_sends(masks, expected):
    assert read([{"image_id": "1.png", "masks": masks}]).content == [{"image_id": "1.png", "masks": expected}]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "It is no JSON at line 1, column 1", id="an empty file"),
        pytest.param(b'{"images": [', "It is no JSON at line 1, column 13", id="cut off"),
        pytest.param(b"[1,]\n", "It is no JSON", id="a comma too many"),
        pytest.param('["café"]'.encode("latin-1"), "It is not UTF-8 at byte 6", id="Latin-1"),
        pytest.param("[]".encode("utf-16"), "It is not UTF-8 at byte 1", id="UTF-16"),
        pytest.param(b"[" * 100_000, "It is nested too deeply", id="too many brackets"),
        pytest.param(b'{"a":' * 100_000, "It is nested too deeply", id="too many objects"),
        pytest.param(b"[" + b"[]," * MAX_CONTAINERS + b"[]]", "more than 1000000 lists and objects", id="too many lists"),
        pytest.param(b"[NaN]", "NaN is no number of JSON", id="NaN"),
        pytest.param(b"[-Infinity]", "-Infinity is no number of JSON", id="infinite"),
        pytest.param(b"[" + b"9" * 10_000 + b"]", "a number with too many digits", id="a long number"),
        *[
            pytest.param(data, "It is none of the three forms", id=data.decode())
            for data in (b"{}", b"null", b'"text"', b"5", b"true", b"[1]", b"[[]]", b"[{}]", b"[null]", b'{"images": []}')
        ],
    ],
)  # fmt: skip
def test_a_file_that_is_no_annotation_is_told_apart_in_words(data, message):
    with pytest.raises(Unfit, match=message.replace("[", r"\[")):
        read(data)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        pytest.param(coco(images={}), "The document: images must be a list", id="images no list"),
        pytest.param(coco(categories=None), "The document: categories must be a list", id="no categories"),
        pytest.param(coco(images=[1]), "images, item 1 must be an object", id="an image no object"),
        pytest.param(coco(images=[{"id": 1}]), "images, item 1: file_name must be a text", id="no file name"),
        pytest.param(coco(images=[{**IMAGE, "id": "1"}]), "images, item 1: id must be a whole number", id="a text for an id"),
        pytest.param(coco(images=[{**IMAGE, "id": True}]), "id must be a whole number", id="a boolean for an id"),
        pytest.param(coco(images=[{**IMAGE, "id": 2**64}]), "id must be a whole number", id="too wide an id"),
        pytest.param(coco(images=[{**IMAGE, "file_name": "\ud800"}]), "file_name must be a text", id="half a character"),
        pytest.param(coco(images=[IMAGE, {**IMAGE, "file_name": "b"}]), "Two images have the id '1'", id="an id twice"),
        pytest.param(coco(images=[IMAGE, {**IMAGE, "id": 2}]), "Two images have the file_name 'a.jpg'", id="a file twice"),
        pytest.param(coco(categories=[CATEGORY, {**CATEGORY, "id": 8}]), "Two categories have the name 'cat'", id="a category twice"),
        pytest.param(coco(annotations=[BOX, BOX]), "Two annotations have the id '3'", id="an annotation twice"),
        pytest.param(coco(annotations=[{**BOX, "bbox": [1, 2, 3]}]), "bbox must be the four numbers", id="three numbers"),
        pytest.param(coco(annotations=[{**BOX, "bbox": [1, 2, 3, "4"]}]), "bbox must be a list of numbers", id="a text for a number"),
        pytest.param(coco(annotations=[{**BOX, "bbox": None}]), "bbox must be a list of numbers", id="no box"),
        pytest.param(coco(annotations=[{**BOX, "bbox": [0, 0, 1e200, 1e200]}]), "bbox is too large to have an area", id="a box beyond all measure"),
        pytest.param(coco(annotations=[{**BOX, "segmentation": [[1, "2"]]}]), "segmentation must be a list of polygons", id="a text in a polygon"),
        pytest.param(coco(annotations=[{**BOX, "segmentation": [1, 2]}]), "segmentation must be a list of polygons", id="a flat polygon"),
        pytest.param(coco(annotations=[{**BOX, "image_id": 9}]), "Annotation 3 has the image_id 9", id="an image that is not told"),
        pytest.param(coco(annotations=[{**BOX, "category_id": 9}]), "Annotation 3 has the category_id 9", id="a category that is not told"),
        pytest.param(coco(info=[1]), "info must be an object", id="info no object"),
        pytest.param([{"img_external_id": "a", "img_label": "cat"}], "Item 1: img_label must be a whole number", id="a name for a label"),
        pytest.param([{"img_external_id": "a", "img_label": 1}, {"image_id": "b"}], "Item 2: img_external_id must be a text", id="forms mixed"),
        pytest.param([{"image_id": 5, "masks": []}], "Item 1: image_id must be a text", id="a number for an image"),
        pytest.param([{"image_id": "a", "masks": {}}], "Item 1: masks must be a list", id="masks no list"),
        pytest.param([{"image_id": "a", "masks": [{"label": 1, "mask": [0.1]}]}], "Item 1, mask 1: mask must hold pairs of x and y, and holds 1", id="half a point"),
        pytest.param([{"image_id": "a", "masks": [[]]}], "Item 1, mask 1 must be an object", id="a mask no object"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_with_its_place_and_what_would_be_right(found, message):
    with pytest.raises(Unfit, match=message):
        read(found)


def test_a_number_beyond_all_measure_is_no_number():
    with pytest.raises(Unfit, match="mask must be a list of numbers"):
        read(b'[{"image_id": "a", "masks": [{"label": 1, "mask": [1e999, 0]}]}]')


def test_a_name_of_any_length_makes_a_short_message():
    images = [{**IMAGE, "file_name": "x" * 100_000}] * 2

    with pytest.raises(Unfit) as refused:
        read(coco(images=[images[0], {**images[1], "id": 2}], annotations=[]))

    assert len(str(refused.value)) < 300


ODD = (
    st.none() | st.booleans() | st.floats() | st.integers(-(2**70), 2**70) | st.text(max_size=3) | st.lists(st.floats())
)
NUMBERS = st.lists(st.floats() | st.integers(-9, 9), max_size=6) | ODD
LABELS = st.lists(st.fixed_dictionaries({"img_external_id": st.text(), "img_label": st.integers() | ODD}))
MASKS = st.lists(st.fixed_dictionaries({"label": st.integers(0, 9) | ODD, "mask": NUMBERS}), max_size=2) | ODD
SEGMENTED = st.lists(st.fixed_dictionaries({"image_id": st.text()}, optional={"masks": MASKS}))
BOXES = st.fixed_dictionaries(
    {"bbox": st.lists(st.floats(-9, 9), min_size=4, max_size=4) | NUMBERS},
    optional={"area": ODD, "iscrowd": ODD, "segmentation": st.lists(NUMBERS, max_size=2)},
)
DETECTIONS = st.builds(lambda box, **more: coco(annotations=[{**BOX, **box}], **more), BOXES, info=st.just({}) | ODD)


@settings(deadline=None)
@given(LABELS | SEGMENTED | DETECTIONS)
def test_whatever_is_accepted_can_be_sent_as_json(found):
    try:
        document = read(found)
    except Unfit:
        return

    assert document.form or found == []
    assert json.loads(json.dumps(document.content, allow_nan=False)) == document.content


@settings(deadline=None)
@given(st.binary(max_size=40) | st.text('[]{}",:1enu \\', max_size=20).map(str.encode))
def test_any_bytes_are_a_document_or_unfit(data):
    try:
        form = document_of(data).form
    except Unfit:
        return

    assert form is None  # an empty list; the fields of all others are longer
