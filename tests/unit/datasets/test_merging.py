"""Several documents as one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.coco import coco
from app.datasets.contract import Form
from app.datasets.merging import merged


def document(images=(), boxes=(), categories=((1, "cat"),), licenses=(), **more):
    """A COCO document; an image is (id, name), a box (id, image, category), a license (id, name)."""
    return coco(
        {
            "images": [{"id": number, "file_name": name, **more} for number, name in images],
            "annotations": [
                {"id": number, "image_id": image, "category_id": category, "bbox": [0, 0, 1, 1]}
                for number, image, category in boxes
            ],
            "categories": [{"id": number, "name": name} for number, name in categories],
            "licenses": [{"id": number, "name": name} for number, name in licenses],
            "info": {"description": ", ".join(name for _, name in images)},
        }
    )


def together(*documents, limit=None):
    found = merged(Form.DETECTION, limit)
    for one in documents:
        found.add(one)
    return found


def said(content):
    """What boxes a document tells of, whatever the ids are: (file, category) of each."""
    files = {image["id"]: image["file_name"] for image in content["images"]}
    names = {category["id"]: category["name"] for category in content["categories"]}
    return [(files[box["image_id"]], names[box["category_id"]]) for box in content["annotations"]]


def ids(content, name):
    return [record["id"] for record in content[name]]


def test_one_document_stays_as_it_is():
    one = document([(5, "a"), (3, "b")], [(9, 3, 8), (2, 5, 1)], [(8, "dog"), (1, "cat")], [(4, "mine")], license=4)

    assert together(one).content == one


def test_documents_without_clashes_keep_their_ids():
    first = document([(1, "a")], [(1, 1, 1)])
    second = document([(2, "b")], [(2, 2, 2)], [(2, "dog")])

    content = together(first, second).content

    assert [ids(content, name) for name in ("images", "annotations", "categories")] == [[1, 2], [1, 2], [1, 2]]
    assert said(content) == [("a", "cat"), ("b", "dog")]


def test_ids_that_clash_are_replaced_and_what_points_to_them_follows():
    first = document([(1, "a")], [(1, 1, 1)])
    second = document([(1, "b")], [(1, 1, 1)], [(1, "dog")])
    third = document([(2, "c")], [(2, 2, 2)], [(2, "cow")])  # clashes with what the second was given

    content = together(first, second, third).content

    assert said(content) == [("a", "cat"), ("b", "dog"), ("c", "cow")]
    assert all(len(set(ids(content, name))) == 3 for name in ("images", "annotations", "categories"))


def test_one_image_and_one_category_in_two_documents_are_told_once():
    first = document([(1, "a")], [(1, 1, 1)])
    second = document([(7, "a")], [(1, 7, 5)], [(5, "cat")])

    content = together(first, second).content

    assert (ids(content, "images"), ids(content, "categories")) == ([1], [1])
    assert said(content) == [("a", "cat"), ("a", "cat")]


def test_licenses_are_told_once_and_their_images_follow():
    first = document([(1, "a")], licenses=[(1, "mine")], license=1)
    second = document([(2, "b")], licenses=[(1, "yours"), (2, "mine")], license=1)
    third = document([(3, "c")], licenses=[(2, "mine")], license=2)

    content = together(first, second, third).content

    names = {record["id"]: record["name"] for record in content["licenses"]}
    assert [names[image["license"]] for image in content["images"]] == ["mine", "yours", "mine"]
    assert sorted(names.values()) == ["mine", "yours"]


def test_a_limit_keeps_the_first_images_with_their_boxes_and_counts_all():
    found = together(
        document([(1, "a"), (2, "b")], [(1, 1, 1), (2, 2, 1)]),
        document([(1, "c"), (2, "a")], [(1, 1, 1), (2, 2, 1)]),
        limit=1,
    )

    assert found.quantity == 3
    assert said(found.content) == [("a", "cat"), ("a", "cat")]


def test_nothing_at_all_is_still_a_whole_document():
    content = together().content

    assert content == document(categories=())


@pytest.mark.parametrize(("limit", "kept"), [(None, 5), (0, 0), (2, 2), (4, 4), (9, 5)])
def test_lists_follow_one_another_up_to_the_limit(limit, kept):
    found = merged(Form.CLASSIFICATION, limit)
    labels = [{"img_external_id": str(number), "img_label": number} for number in range(5)]
    found.add(labels[:3])
    found.add(labels[3:])

    assert (found.quantity, found.content) == (5, labels[:kept])


IDS = st.integers(-3, 6)
DOCUMENTS = st.builds(
    lambda images, categories, boxes: document(
        images.items(),
        [(number, sorted(images)[a % len(images)], sorted(categories)[b % len(categories)]) for number, (a, b) in boxes.items()],
        categories.items(),
    ),
    st.dictionaries(IDS, st.sampled_from("abcdef"), min_size=1, max_size=4).filter(lambda d: len(set(d.values())) == len(d)),
    st.dictionaries(IDS, st.sampled_from("xyz"), min_size=1, max_size=3).filter(lambda d: len(set(d.values())) == len(d)),
    st.dictionaries(IDS, st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(DOCUMENTS, max_size=5))
def test_together_they_say_just_what_they_say_alone(documents):
    content = together(*documents).content

    assert said(content) == [box for one in documents for box in said(one)]
    assert sorted(image["file_name"] for image in content["images"]) == sorted(
        {image["file_name"] for one in documents for image in one["images"]}
    )
    for name in ("images", "annotations", "categories"):
        assert len(set(ids(content, name))) == len(content[name])
