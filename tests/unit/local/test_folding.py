"""Names that a file system takes for one. No such file system is at hand: a hard link, and a list of names, stand in."""

import os

import pytest

from app.errors import KeyRefused
from app.storages.local.folding import require_own_name


@pytest.fixture
def folder(tmp_path):
    descriptor = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


def never(_):
    raise AssertionError("the folder was read")


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        pytest.param("A.txt", "a.txt", id="another case"),
        pytest.param("a.txt", "A.TXT", id="upper case"),
        pytest.param("Photo.JPG", "pHOTO.jpg", id="each letter"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("é", "e\u0301", id="decomposed"),
    ],
)
@pytest.mark.fault(28)
def test_a_name_that_leads_to_another_spelling_is_refused(tmp_path, folder, stored, asked):
    (tmp_path / stored).touch()
    for other in {asked, asked.upper(), asked.lower()} - {stored}:
        (tmp_path / other).hardlink_to(tmp_path / stored)  # a file system that folds names answers for all of them

    with pytest.raises(KeyRefused, match="that of another file"):
        require_own_name(folder, asked, asked, lambda _: [stored])
    require_own_name(folder, stored, stored, lambda _: [stored])
    require_own_name(folder, asked, asked)  # and here, where both are stored, each is its own


@pytest.mark.parametrize("name", ["a", "Ab", "é", "日本語", os.fsdecode(b"\xff"), "‛", "1", "x" * 255, "\u0130"])
def test_where_names_are_told_apart_no_folder_is_read(tmp_path, folder, name):
    require_own_name(folder, name, name, never)
    (tmp_path / name).touch()
    for other in {name.upper(), name.lower(), name.swapcase()} - {name}:
        if len(os.fsencode(other)) <= 255:
            (tmp_path / other).touch()
    require_own_name(folder, name, name, never)


def test_a_link_that_leads_nowhere_is_a_name_like_others(tmp_path, folder):
    (tmp_path / "link").symlink_to("nowhere")

    require_own_name(folder, "link", "link", never)


def test_a_folder_is_judged_like_a_file(tmp_path, folder):
    (tmp_path / "Photos").mkdir()

    require_own_name(folder, "Photos", "Photos/a", never)
    require_own_name(folder, "photos", "photos/a", never)
