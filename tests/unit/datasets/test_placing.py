"""What a path means in the layout of datasets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.contract import Part
from app.datasets.placing import Place, frame_id, is_hidden, is_image, is_litter, message_at, place_of

OUTSIDE = "It lies outside images/ and annotations/"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("images/train/a.jpg", Place("", "images", "train", "a.jpg")),
        ("annotations/val/a.json", Place("", "annotations", "val", "a.json")),
        ("cats/images/test/a.jpg", Place("cats", "images", "test", "a.jpg")),
        ("cats/images/test/deep/er/a.jpg", Place("cats", "images", "test", "deep/er/a.jpg")),
        ("images/images/train/a.jpg", Place("", "images", "images", "train/a.jpg")),
        ("images/a.jpg", Place("", "images", "", "a.jpg")),
        ("images", Place("", "", "", "images")),
        ("readme.txt", Place("", "", "", "readme.txt")),
        ("cats/readme.txt", Place("cats", "", "", "readme.txt")),
        ("cats/images", Place("cats", "", "", "images")),
        ("cats/images/train", Place("cats", "images", "", "train")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_lies_in_the_folders_of_its_path(key, place):
    assert place_of(key) == place


@pytest.mark.parametrize(
    ("key", "message"),
    [
        pytest.param("images/train/a.jpg", "", id="an image"),
        pytest.param("cats/annotations/val/a.json", "", id="an annotation of a named dataset"),
        pytest.param("annotations/val/A.JSON", "", id="an extension in capitals"),
        pytest.param("readme.txt", OUTSIDE, id="beside everything"),
        pytest.param("cats/readme.txt", OUTSIDE, id="in a dataset's folder"),
        pytest.param("cats/dogs/train/a.jpg", OUTSIDE, id="a folder of another name"),
        pytest.param("Images/train/a.jpg", "The folder must be called images, not Images.", id="capitals"),
        pytest.param("cats/image/train/a.jpg", "The folder must be called images, not image.", id="a letter short"),
        pytest.param("cats/labels/a.json", "The folder must be called annotations, not labels.", id="another word"),
        pytest.param("images/training/a.jpg", "images/train, not images/training", id="training"),
        pytest.param("images/validation/a.jpg", "images/val, not images/validation", id="validation"),
        pytest.param("annotations/Train/a.json", "annotations/train, not annotations/Train", id="Train"),
        pytest.param("cats/images/testing/a.jpg", "images/test, not images/testing", id="testing"),
        pytest.param("images/holdout/a.jpg", "There is no part holdout. The folders in images/ are train, test and val.", id="an unknown part"),
        pytest.param("images/a.jpg", "Move it to one of images/train/, images/test/, images/val/.", id="an image in no part"),
        pytest.param("annotations/all.json", "Move it to one of annotations/train/", id="an annotation in no part"),
        pytest.param("images/train/a.txt", "This is no image.", id="a text among images"),
        pytest.param("images/train/jpg", "This is no image.", id="an extension for a name"),
        pytest.param("annotations/train/a.xml", "Annotations are JSON.", id="another format of annotations"),
        pytest.param("annotations/train/a.jpg", "Annotations are JSON.", id="an image among annotations"),
        pytest.param("images/train/.a.jpg", "Hidden files are not read.", id="hidden"),
        pytest.param("images/train/.old/a.jpg", "Hidden files are not read.", id="in a hidden folder"),
        pytest.param(".git/config", "Hidden files are not read.", id="in a hidden folder at the top"),
    ],
)  # fmt: skip
def test_each_file_in_a_wrong_place_is_told_what_would_be_right(key, message):
    said = message_at(place_of(key), size=1)

    assert message in said
    assert bool(said) == bool(message)


def test_an_empty_image_is_a_problem_and_an_empty_annotation_is_left_to_who_reads_it():
    assert "empty" in message_at(place_of("images/train/a.jpg"), size=0)
    assert message_at(place_of("annotations/train/a.json"), size=0) == ""


@pytest.mark.parametrize("extension", ["jpg", "jpeg", "png", "bmp", "gif", "tif", "tiff", "webp", "JPG", "TiFf"])
def test_images_are_known_by_their_extension_in_any_case(extension):
    assert is_image(f"a.{extension}")
    assert not is_image(f"a{extension}")
    assert not is_image(f"a.{extension}.zip")


@pytest.mark.parametrize(
    ("below", "expected"),
    [("a.jpg", "a"), ("a.b.jpg", "a.b"), ("a.jpg.png", "a.jpg"), ("left/a.jpg", "left/a"), ("l.r/a.jpg", "l.r/a")],
)
def test_the_id_of_a_frame_is_its_path_without_the_extension(below, expected):
    assert frame_id(below) == expected


@pytest.mark.parametrize(
    "key", ["images/train/.DS_Store", "Thumbs.db", "images/thumbs.db", "__MACOSX/images/a.jpg", "images/train/._a.jpg", "cats/desktop.ini", "images/train/.gitkeep"]
)  # fmt: skip
def test_what_desktops_leave_behind_is_litter(key):
    assert is_litter(key)


SEGMENT = st.text(st.sampled_from("aA.jpgn é/_train"), min_size=1, max_size=8).map(lambda text: text.replace("/", "-"))
KNOWN = st.sampled_from(["images", "annotations", "train", "test", "val", "cats", "a.jpg", "a.json"])


@settings(deadline=None)
@given(st.lists(SEGMENT | KNOWN, min_size=1, max_size=6), st.integers(0, 1))
def test_every_path_has_one_place_and_fits_only_where_the_layout_says_so(segments, size):
    key = "/".join(segments)
    place = place_of(key)

    assert "/".join(filter(None, place)) == key
    assert place.below
    named = segments if segments[0] in ("images", "annotations") else segments[1:]
    fits = len(named) >= 3 and named[0] in ("images", "annotations") and named[1] in list(Part)
    fits = fits and not is_hidden(key)
    if fits and named[0] == "images":
        fits = is_image(segments[-1]) and size == 1
    elif fits:
        fits = segments[-1].lower().endswith(".json")
    assert (message_at(place, size) == "") == fits
