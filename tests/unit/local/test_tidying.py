"""Unfinished files in a folder: old ones of ours are removed, and nothing else."""

import os

import pytest

from app.storages.local import LocalStorage
from app.storages.local.walk import PART_PREFIX

NAME = PART_PREFIX + "0123456789abcdef"


def tidy(root, keep_hours=0.0, confine=None):
    LocalStorage(root, confine, keep_hours=keep_hours).tidy()


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    (root / "folder" / "below").mkdir(parents=True)
    return root


@pytest.mark.parametrize("place", [NAME, f"folder/{NAME}", f"folder/below/{NAME}"])
def test_an_old_unfinished_file_is_removed_wherever_it_is(root, place):
    (root / place).write_bytes(b"half")
    tidy(root)
    assert not (root / place).exists()


def test_one_that_is_not_old_enough_stays(root):
    (root / NAME).write_bytes(b"half")
    tidy(root, keep_hours=1)
    assert (root / NAME).exists()


def test_one_that_was_written_now_is_not_old_even_if_it_bears_an_old_time(root):
    (root / NAME).write_bytes(b"whole")
    os.utime(root / NAME, (1000, 1000))
    tidy(root, keep_hours=1)
    assert (root / NAME).exists()


@pytest.mark.parametrize("name", ["file", ".hidden", "x" + NAME, NAME.upper(), ".sluice", ".sluice-part"])
def test_files_with_other_names_stay(root, name):
    (root / "folder" / name).write_bytes(b"mine")
    tidy(root)
    assert (root / "folder" / name).read_bytes() == b"mine"


def test_what_has_the_name_but_is_no_file_stays(root, tmp_path):
    (tmp_path / "target").write_bytes(b"mine")
    (root / NAME).symlink_to(tmp_path / "target")
    (root / f"{NAME}-folder").mkdir()
    os.mkfifo(root / f"{NAME}-pipe")
    tidy(root)
    assert {path.name for path in root.iterdir()} == {"folder", NAME, f"{NAME}-folder", f"{NAME}-pipe"}
    assert (tmp_path / "target").read_bytes() == b"mine"


def test_links_are_not_followed(root, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / NAME).write_bytes(b"of another service")
    (root / "link").symlink_to(elsewhere)
    tidy(root)
    assert (elsewhere / NAME).exists()


@pytest.mark.fault(26)
def test_a_root_that_leads_outside_of_the_confines_is_not_entered(root, tmp_path):
    confine = tmp_path / "uploads"
    confine.mkdir()
    (confine / "link").symlink_to(root)
    (root / NAME).write_bytes(b"of another service")
    tidy(confine / "link", confine=confine)
    assert (root / NAME).exists()


@pytest.fixture
def deep(root):
    """A folder deeper than any stack; removed again, since not even shutil can do that."""
    folder = root
    for _ in range(1200):
        folder /= "d"
        folder.mkdir()
    yield folder
    for path in folder.iterdir():
        path.unlink()
    while folder != root:
        folder.rmdir()
        folder = folder.parent


def test_a_deep_folder_is_tidied_too(root, deep):
    (deep / NAME).write_bytes(b"half")
    tidy(root)
    assert not (deep / NAME).exists()


@pytest.mark.parametrize("make", [lambda _: None, lambda root: root.touch()], ids=["missing", "a file"])
def test_a_root_that_is_no_folder_is_no_trouble(tmp_path, make):
    make(tmp_path / "root")
    tidy(tmp_path / "root")
