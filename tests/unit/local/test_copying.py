"""Copies of files by the system: inside the folder only, whole or not at all, also where the system cannot copy."""

import os
import threading

import pytest

from app.errors import FileChanged, KeyRefused, ObjectMissing
from app.storages.local import LocalStorage
from app.storages.local.content import open_file

SIZE = 3 * 1024 * 1024 + 5


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_bytes(os.urandom(SIZE))
    os.utime(root / "file", (1_600_000_000, 1_600_000_000))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_bytes(b"secret")
    return root


def opened(root, name="file"):
    return open_file(str(root / name), name, str(root))


def test_a_file_of_a_linked_folder_outside_is_no_source(root):
    (root / "link").symlink_to(root.parent / "elsewhere")
    (root / "file-link").symlink_to(root.parent / "elsewhere" / "secret")
    for key in ("link/secret", "file-link", "../elsewhere/secret"):
        with pytest.raises(ObjectMissing):
            LocalStorage(root).copy(key, "copy")
    assert not (root / "copy").exists()


def test_no_copy_goes_outside(root):
    (root / "link").symlink_to(root.parent / "elsewhere")
    for key in ("link/copy", "../elsewhere/copy", "/copy"):
        with pytest.raises(KeyRefused):
            LocalStorage(root).copy("file", key)
    assert [path.name for path in (root.parent / "elsewhere").iterdir()] == ["secret"]


def test_a_link_in_the_place_of_the_copy_is_replaced_and_not_followed(root):
    (root / "copy").symlink_to(root.parent / "elsewhere" / "secret")
    LocalStorage(root).copy("file", "copy")
    assert not (root / "copy").is_symlink()
    assert (root.parent / "elsewhere" / "secret").read_bytes() == b"secret"


def test_the_two_files_are_two(root):
    LocalStorage(root).copy("file", "copy")
    (root / "file").write_bytes(b"changed")
    assert (root / "copy").stat().st_size == SIZE


def test_a_file_that_changed_is_not_poured(root, tmp_path):
    into = os.open(tmp_path / "part", os.O_WRONLY | os.O_CREAT)
    with opened(root) as content:
        os.truncate(root / "file", 7)
        with pytest.raises(FileChanged):
            content.pour(into)
    with opened(root) as content:
        with (root / "file").open("ab") as file:
            file.write(b"more")
        with pytest.raises(FileChanged):
            content.pour(into)
    with opened(root) as content:
        (root / "file").write_bytes(bytes(content.size))
        with pytest.raises(FileChanged):
            content.pour(into)
    os.close(into)


def test_what_the_system_cannot_copy_is_read_and_written(root):
    """It copies into no pipe."""
    outlet, inlet = os.pipe()
    arrived = bytearray()

    def take():
        while chunk := os.read(outlet, 65536):
            arrived.extend(chunk)

    taking = threading.Thread(target=take)
    taking.start()
    with opened(root) as content:
        content.pour(inlet)
    os.close(inlet)
    taking.join()
    os.close(outlet)
    assert arrived == (root / "file").read_bytes()


def test_what_was_read_before_is_not_poured_again(root, tmp_path):
    part = tmp_path / "part"
    into = os.open(part, os.O_WRONLY | os.O_CREAT)
    with opened(root) as content:
        start = content.read(1000)
        content.pour(into)
    os.close(into)
    assert start + part.read_bytes() == (root / "file").read_bytes()
