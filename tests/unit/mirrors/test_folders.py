"""Which folders are offered to be mirrored."""

import itertools
import os

import pytest

from app.mirrors.folders import FOLDERS_MAX, folders_below


def make(root, *paths):
    for path in paths:
        (root / path).mkdir(parents=True)


def test_folders_of_two_levels_come_in_ascending_order(tmp_path):
    make(tmp_path, "b/c/too deep", "a", "b/a", "a b")
    (tmp_path / "a file").touch()

    assert folders_below(tmp_path) == ["a", "a b", "b", "b/a", "b/c"]


def test_hidden_folders_and_our_own_are_left_out(tmp_path):
    make(tmp_path, ".git", "a/.hidden", ".sluice-part-1", "a/b")

    assert folders_below(tmp_path) == ["a", "a/b"]


def test_links_are_not_followed_wherever_they_lead(tmp_path):
    make(tmp_path, "uploads/real/inner", "outside/secret")
    (tmp_path / "uploads/out").symlink_to(tmp_path / "outside")
    (tmp_path / "uploads/real/out").symlink_to(tmp_path / "outside")
    (tmp_path / "uploads/loop").symlink_to(tmp_path / "uploads")

    assert folders_below(tmp_path / "uploads") == ["real", "real/inner"]


def test_the_uploads_folder_itself_may_be_a_link(tmp_path):
    make(tmp_path, "real/a")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert folders_below(tmp_path / "link") == ["a"]


def test_names_are_in_the_spelling_of_keys(tmp_path):
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    (tmp_path / "line\nbreak").mkdir()

    assert folders_below(tmp_path) == ["caf⧵E9", "line⧵0Abreak"]


def test_there_is_an_end_to_many_folders(tmp_path):
    make(tmp_path, *(f"{number:04}/inner" for number in range(FOLDERS_MAX + 20)))
    found = folders_below(tmp_path)

    assert len(found) == FOLDERS_MAX
    assert found == sorted(found)


def test_a_folder_of_many_hides_none_beside_it(tmp_path):
    make(tmp_path, "z", *(f"many/{number:04}" for number in range(FOLDERS_MAX)))

    assert "z" in folders_below(tmp_path)


def test_looking_ends_when_its_time_is_over(tmp_path):
    make(tmp_path, *(f"{number:02}/inner" for number in range(50)))
    ticks = itertools.count()

    assert 0 < len(folders_below(tmp_path, clock=lambda: next(ticks) / 40)) < 50


@pytest.mark.parametrize("missing", ["nowhere", "a file"])
def test_where_there_is_no_folder_nothing_is_offered(tmp_path, missing):
    (tmp_path / "a file").touch()

    assert folders_below(tmp_path / missing) == []


def test_a_folder_that_may_not_be_read_is_offered_without_what_is_in_it(tmp_path):
    make(tmp_path, "a/inner", "b/inner")
    (tmp_path / "a").chmod(0)
    found = folders_below(tmp_path)
    (tmp_path / "a").chmod(0o700)

    may_read_all = os.geteuid() == 0
    assert found == ["a", *(["a/inner"] if may_read_all else []), "b", "b/inner"]
