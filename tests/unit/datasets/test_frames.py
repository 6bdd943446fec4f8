"""The frames of a mirror."""

import os
import threading

import pytest

from app.datasets.contract import Frames, Part
from app.datasets.frames import frames_of
from app.storages.local.walk import PART_PREFIX
from app.storages.names import MARK


def test_each_image_of_the_part_is_a_frame_in_the_order_of_names(mirror):
    folder = mirror(
        {
            "images/train/b.jpg": "x",
            "images/train/a.PNG": "x",
            "images/train/left/a.jpg": "x",
            "images/train/a!.jpg": "x",
            "images/val/c.jpg": "x",
            "cats/images/train/d.jpg": "x",
            "annotations/train/a.json": "x",
        }
    )

    assert frames_of(folder, "", Part.TRAIN, 100) == Frames(4, ["a!", "a", "b", "left/a"])
    assert frames_of(folder, "cats", Part.TRAIN, 100) == Frames(1, ["d"])
    assert frames_of(folder, "", Part.TEST, 100) == Frames(0, [])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a.txt", id="a text"),
        pytest.param("jpg", id="no extension"),
        pytest.param(".hidden.jpg", id="a hidden image"),
        pytest.param("._a.jpg", id="what macOS puts beside an image"),
        pytest.param(".git/a.jpg", id="in a hidden folder"),
        pytest.param("__MACOSX/a.jpg", id="in a folder of macOS"),
        pytest.param(f"{PART_PREFIX}1234.jpg", id="an unfinished download"),
    ],
)
def test_what_is_no_image_is_no_frame(mirror, name):
    folder = mirror({f"images/train/{name}": "x"})

    assert frames_of(folder, "", Part.TRAIN, 100) == Frames(0, [])


def test_the_limit_is_of_the_ids_alone(mirror):
    folder = mirror({f"images/test/{number}.jpg": "x" for number in range(5)})

    assert [frames_of(folder, "", Part.TEST, limit) for limit in (0, 1, 9)] == [
        Frames(5, []),
        Frames(5, ["0"]),
        Frames(5, ["0", "1", "2", "3", "4"]),
    ]


def test_an_odd_name_is_spelt_as_its_key(mirror):
    folder = mirror()
    (folder / "images/val").mkdir(parents=True)
    (folder / os.fsdecode(b"images/val/caf\xe9.jpg")).write_bytes(b"x")

    assert frames_of(folder, "", Part.VAL, 9).ids == [f"caf{MARK}E9"]


def test_a_mirror_that_is_not_there_has_no_frames(tmp_path):
    assert frames_of(tmp_path / "none", "", Part.TRAIN, 100) == Frames(0, [])


@pytest.mark.parametrize("at", ["images/train/x.jpg", "images/train/x", "images/train", "images", "cats"])
def test_no_link_is_followed(mirror, tmp_path, at):
    outside = tmp_path / "outside"
    for below in ("", "train/", "images/train/"):
        (outside / below).mkdir(parents=True, exist_ok=True)
        (outside / below / "secret.jpg").write_bytes(b"x")
    folder = mirror()
    (folder / at).parent.mkdir(parents=True, exist_ok=True)
    (folder / at).symlink_to(outside / "secret.jpg" if at.endswith(".jpg") else outside)

    assert frames_of(folder, "", Part.TRAIN, 100) == Frames(0, [])
    assert frames_of(folder, "cats", Part.TRAIN, 100) == Frames(0, [])


def test_a_file_in_the_place_of_a_folder_is_no_part(mirror):
    assert frames_of(mirror({"images/train": "x"}), "", Part.TRAIN, 100) == Frames(0, [])


def test_ten_thousand_frames_are_counted(mirror):
    folder = mirror({f"images/train/{number % 7}/{number:05}.jpg": b"" for number in range(10_000)})

    frames = frames_of(folder, "", Part.TRAIN, 1)

    assert frames == Frames(10_000, ["0/00000"])


def test_frames_can_be_read_while_they_come_and_go(mirror):
    folder = mirror({f"images/train/stays{number}.jpg": "x" for number in range(50)})
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            path = folder / f"images/train/deep{number % 5}/{number}.jpg"
            path.parent.mkdir(exist_ok=True)
            part = path.with_name(f"{PART_PREFIX}{number}")
            part.write_bytes(b"x")
            part.rename(path)
            if number % 2:
                path.unlink()
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            frames = frames_of(folder, "", Part.TRAIN, 1_000_000)
            assert frames.quantity == len(frames.ids) == len(set(frames.ids))
            assert sum(image.startswith("stays") for image in frames.ids) == 50
    finally:
        stop.set()
        writer.join()
