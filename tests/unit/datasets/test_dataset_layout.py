"""What is told of a mirror that does not fit the layout of datasets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.datasets.contract import Part, Problem
from app.datasets.documents import MAX_BYTES
from app.datasets.layout import problems_of, problems_of_dataset
from app.datasets.references import References

IMAGE = {"images/train/a.jpg": "x"}


def label(*images):
    return [{"img_external_id": image, "img_label": 1} for image in images]


def detections(*files):
    images = [{"id": number, "file_name": name} for number, name in enumerate(files)]
    return {"images": images, "annotations": [], "categories": []}


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="an empty bucket"),
        pytest.param(IMAGE, id="an image"),
        pytest.param(
            {
                "images/train/a.jpg": "x",
                "images/test/left/b.PNG": "x",
                "images/val/a.b.tiff": "x",
                "annotations/train/1.json": label("a"),
                "annotations/train/2.json": detections("a.jpg"),
                "annotations/test/1.json": [{"image_id": "left/b", "masks": []}],
                "annotations/val/1.json": [],
            },
            id="all parts, all forms",
        ),
        pytest.param({"cats/images/train/a.jpg": "x", "dogs/images/val/a.jpg": "x", **IMAGE}, id="several datasets"),
        pytest.param({"images/train/a.jpg": "x", "images/val/a.png": "x"}, id="one id in two parts"),
        pytest.param({"images/train/l/a.jpg": "x", "images/train/r/a.jpg": "x"}, id="one name in two folders"),
        pytest.param({**IMAGE, ".DS_Store": "", "images/.DS_Store": "", "images/train/Thumbs.db": "", "__MACOSX/x": ""}, id="litter"),
        pytest.param({"images/train/a.jpg": "x", "annotations/train/1.json": label("a.jpg")}, id="a label with the extension"),
        pytest.param({"images/train/a.jpg.png": "x", "annotations/train/1.json": label("a.jpg")}, id="an id that looks like a name"),
    ],
)  # fmt: skip
def test_what_fits_is_no_problem(mirror, files):
    assert list(problems_of(mirror(files))) == []


@pytest.mark.parametrize(
    ("files", "path", "message"),
    [
        pytest.param({**IMAGE, "readme.txt": "x"}, "readme.txt", "lies outside images/ and annotations/", id="a stray file"),
        pytest.param({"cats/images/train/a.jpg": "x", "cats/readme.txt": "x"}, "cats/readme.txt", "lies outside", id="a stray file of a named dataset"),
        pytest.param({**IMAGE, "images/training/a.jpg": "x"}, "images/training/a.jpg", "must be called images/train", id="training"),
        pytest.param({**IMAGE, "annotations/Val/a.json": "[]"}, "annotations/Val/a.json", "must be called annotations/val", id="Val"),
        pytest.param({**IMAGE, "images/b.jpg": "x"}, "images/b.jpg", "lies in no part", id="no part"),
        pytest.param({**IMAGE, "images/train/b.txt": "x"}, "images/train/b.txt", "This is no image", id="no image"),
        pytest.param({**IMAGE, "images/train/b.jpg": ""}, "images/train/b.jpg", "The image is empty", id="an empty image"),
        pytest.param({**IMAGE, "images/train/a.png": "x"}, "images/train/a.png", "images/train/a.jpg has the same id, 'a'. Rename", id="two images of one id"),
        pytest.param({**IMAGE, "images/train/.b.jpg": "x"}, "images/train/.b.jpg", "Hidden files are not read", id="hidden"),
        pytest.param({**IMAGE, "annotations/train/a.txt": "x"}, "annotations/train/a.txt", "Annotations are JSON", id="another format"),
        pytest.param({**IMAGE, "annotations/train/a.json": "{"}, "annotations/train/a.json", "It is no JSON at line 1", id="broken JSON"),
        pytest.param({**IMAGE, "annotations/train/a.json": ""}, "annotations/train/a.json", "It is no JSON at line 1", id="an empty annotation"),
        pytest.param({**IMAGE, "annotations/train/a.json": b"\xff"}, "annotations/train/a.json", "It is not UTF-8", id="not UTF-8"),
        pytest.param({**IMAGE, "annotations/train/a.json": "[" * 10**5}, "annotations/train/a.json", "nested too deeply", id="too deep"),
        pytest.param({**IMAGE, "annotations/train/a.json": {"a": 1}}, "annotations/train/a.json", "none of the three forms", id="another JSON"),
        pytest.param({**IMAGE, "annotations/train/a.json": label("a", "c", "b", "d", "e")}, "annotations/train/a.json", "not in images/train/: 'b', 'c', 'd' and 1 more.", id="images that are not there"),
        pytest.param({"images/val/a.jpg": "x", "annotations/train/a.json": label("a")}, "annotations/train/a.json", "not in images/train/: 'a'.", id="an image of another part"),
        pytest.param({"images/train/a/b.jpg": "x", "annotations/train/a.json": detections("b.jpg")}, "annotations/train/a.json", "by its path below that folder, as a/b.jpg", id="the name without its folder"),
        pytest.param({"annotations/train/a.json": "[]"}, "images/", "There are annotations, but no images", id="annotations alone"),
        pytest.param({"cats/annotations/train/a.json": "[]"}, "cats/images/", "There are annotations, but no images", id="annotations alone in a named dataset"),
    ],
)  # fmt: skip
def test_each_problem_is_told_of_its_file_in_words(mirror, files, path, message):
    [problem] = problems_of(mirror(files))

    assert problem.path == path
    assert message in problem.message


def test_an_images_folder_without_any_part_is_told_besides_its_files(mirror):
    folder = mirror({"images/training/a.jpg": "x", "images/b.jpg": "x"})

    assert [path for path, _ in problems_of(folder)] == ["images/b.jpg", "images/training/a.jpg", "images/"]


def test_a_file_that_is_too_large_is_told_without_being_read(mirror):
    folder = mirror({**IMAGE, "annotations/train/b.json": "[]"})
    with (folder / "annotations/train/a.json").open("wb") as file:
        file.truncate(MAX_BYTES + 1)

    [problem] = problems_of(folder)

    assert problem.path == "annotations/train/a.json"
    assert "The file is too large" in problem.message


def test_a_link_that_leads_out_is_told_and_not_followed(mirror, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("secret")
    folder = mirror(IMAGE)
    for link in ("cats", "images/train/deep", "images/train/b.jpg"):
        (folder / link).symlink_to(outside / "a.txt" if link.endswith("jpg") else outside)

    problems = list(problems_of(folder))

    assert [problem.path for problem in problems] == ["images/train/b.jpg", "images/train/deep", "cats"]
    assert all("is not followed" in problem.message for problem in problems)


MIXED = {
    "readme.txt": "x",
    "annotations/train/a.json": "{",
    "images/train/a.txt": "x",
    "bats/images/train/a.txt": "x",
    "bats/images/train/b.jpg": "x",
    "zebras/annotations/test/a.json": label("a"),
}
DIRECT = ["annotations/train/a.json", "images/train/a.txt", "readme.txt", "images/"]
BATS = ["bats/images/train/a.txt"]
ZEBRAS = ["zebras/annotations/test/a.json", "zebras/images/"]


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        pytest.param("", DIRECT, id="in cval/ itself"),
        pytest.param("bats", BATS, id="bats"),
        pytest.param("zebras", ZEBRAS, id="zebras"),
        pytest.param("cows", ["cows/"], id="a dataset that is not there"),
        pytest.param("bat", ["bat/"], id="the beginning of another's name"),
    ],
)
def test_a_dataset_has_the_problems_of_its_own_files(mirror, dataset, expected):
    assert [path for path, _ in problems_of_dataset(mirror(MIXED), dataset)] == expected


def test_all_datasets_follow_one_another_in_the_same_order_each_time(mirror):
    folder = mirror(MIXED)

    first, second = list(problems_of(folder)), list(problems_of(folder))

    assert [path for path, _ in first] == DIRECT + BATS + ZEBRAS
    assert first == second


def test_a_dataset_that_is_not_there_is_told_where_it_belongs(mirror):
    folder = mirror({"cats/images/train/a.jpg": "x"})

    assert [path for path, _ in problems_of_dataset(folder, "")] == ["images/"]
    [(_, message)] = problems_of_dataset(folder, "dogs")
    assert "The bucket holds nothing for this dataset" in message


def test_names_are_looked_for_in_batches_and_each_file_is_told_once(mirror):
    folder = mirror({"images/train/0.jpg": "x", "images/train/4.jpg": "x"})
    references = References(folder, "", Part.TRAIN, at_once=3)

    told = [list(references.add(str(number), {str(number)})) for number in range(7)] + [list(references.problems())]

    assert [[path for path, _ in problems] for problems in told] == [[], [], ["1", "2"], [], [], ["3", "5"], [], ["6"]]


def test_ten_thousand_images_and_their_labels_fit(mirror):
    images = [f"{number % 10}/{number}" for number in range(10_000)]
    files = {f"images/train/{image}.jpg": "x" for image in images}
    folder = mirror({**files, "annotations/train/all.json": label(*images)})

    assert list(problems_of(folder)) == []

    (folder / "images/train/7/77.jpg").unlink()
    [problem] = problems_of(folder)
    assert "'7/77'." in problem.message


NAMES = st.text(st.sampled_from("ab.!/"), min_size=1, max_size=6).filter(
    lambda name: not name.startswith((".", "/")) and not name.endswith("/") and "/." not in name and "//" not in name
)
IMAGES = st.builds(lambda name, extension: f"{name}.{extension}", NAMES, st.sampled_from(["jpg", "png", "JPG"]))


def is_possible(names):
    """Whether a folder can hold these files: none is a folder of another."""
    return not any(other.startswith(f"{name}/") for name in names for other in names)


@settings(deadline=None)
@given(st.sets(IMAGES, max_size=12).filter(is_possible), st.sets(NAMES, max_size=6))
def test_doubles_and_missing_images_are_those_that_a_look_at_all_names_finds(tmp_path_factory, names, labelled):
    folder = tmp_path_factory.mktemp("mirror")
    for name in names:
        path = folder / "images/train" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    references = References(folder, "", Part.TRAIN)
    ids = [name.rpartition(".")[0] for name in sorted(names)]

    doubles = [path for path, message in problems_of(folder) if "has the same id" in message]
    list(references.add("labels", frozenset(labelled)))
    missing = list(references.problems())

    assert doubles == [
        f"images/train/{name}" for number, name in enumerate(sorted(names)) if ids[number] in ids[:number]
    ]
    expected = sorted(name for name in labelled if name not in ids)
    assert bool(missing) == bool(expected)
    assert missing == [] or (isinstance(missing[0], Problem) and repr(expected[0]) in missing[0].message)
