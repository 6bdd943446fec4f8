"""A file is there whole, or not at all."""

import errno
import stat
from pathlib import Path

import pytest

from app.upkeep.whole_file import whole_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_gets_its_name_at_the_end_and_is_private(tmp_path):
    with whole_file(tmp_path / "a.tar") as file:
        file.write(b"content")
        assert "a.tar" not in names(tmp_path)

    assert names(tmp_path) == ["a.tar"]
    assert (tmp_path / "a.tar").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "a.tar").stat().st_mode) == 0o600


@pytest.mark.parametrize("error", [OSError(28, "full"), KeyboardInterrupt()], ids=["full disk", "Ctrl-C"])
def test_after_a_failure_nothing_is_left(tmp_path, error):
    def write_and_fail():
        with whole_file(tmp_path / "a.tar") as file:
            file.write(b"content")
            raise error

    with pytest.raises(type(error)):
        write_and_fail()

    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda path: path.write_text("mine"), id="a file"),
        pytest.param(lambda path: path.mkdir(), id="a folder"),
        pytest.param(lambda path: path.symlink_to("nowhere"), id="a link to nothing"),
    ],
)
def test_what_is_there_already_is_left_alone(tmp_path, prepare):
    prepare(tmp_path / "a.tar")
    before = (tmp_path / "a.tar").lstat()

    with pytest.raises(FileExistsError), whole_file(tmp_path / "a.tar"):
        pytest.fail("it began to write")
    assert (tmp_path / "a.tar").lstat() == before
    assert names(tmp_path) == ["a.tar"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "a file system without links"])
def test_what_came_there_meanwhile_is_left_alone(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse_links)
    with pytest.raises(FileExistsError), whole_file(tmp_path / "a.tar"):
        (tmp_path / "a.tar").write_text("mine")

    assert names(tmp_path) == ["a.tar"]
    assert (tmp_path / "a.tar").read_text() == "mine"


def test_a_file_system_without_links_will_do(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "hardlink_to", refuse_links)
    with whole_file(tmp_path / "a.tar") as file:
        file.write(b"content")

    assert names(tmp_path) == ["a.tar"]
    assert (tmp_path / "a.tar").read_bytes() == b"content"


def refuse_links(_self, _target):
    """As Linux does on FAT."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="its folder does not exist"), whole_file(tmp_path / "no" / "a.tar"):
        pytest.fail("it began to write")
