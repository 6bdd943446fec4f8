"""What the local driver lists beyond the protocol: odd names, deep trees, and only what is asked for."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.storages.base import Entry
from app.storages.local.stamp import stamp_of
from tests.support.files import keys_of, make, names_in, omissions_of


def test_an_entry_tells_what_stat_tells(uploads, storage):
    make(uploads, "file", data=b"12345")
    os.utime(uploads / "file", (1_700_000_000, 1_700_000_000))
    [entry] = storage.list()
    assert entry == Entry("file", 5, 1_700_000_000.0, None, stamp_of((uploads / "file").stat()))


def test_names_that_are_no_utf_8_or_hold_control_characters_come_back(uploads, storage):
    names = [b"caf\xe9", b"new\nline", "‛quote".encode(), "⧵mark".encode(), b"\x7f\x01"]
    for name in names:
        (uploads / os.fsdecode(name)).write_bytes(name)
    listed = keys_of(storage.list())
    assert listed == sorted(listed)
    assert listed == ["caf⧵E9", "new⧵0Aline", "⧵7F⧵01", "⧵E2⧵80⧵9Bquote", "⧵E2⧵A7⧵B5mark"]
    assert {storage.read(key).read() for key in listed} == set(names)
    storage.delete(listed)
    assert names_in(uploads) == []


@pytest.fixture
def descend(uploads):
    """Return a function that makes a deep tree; it is removed at the end, since pytest's own cleaning is recursive."""
    yield functools.partial(make_deep, uploads)
    subprocess.run(["rm", "-rf", str(uploads)], check=True)


@pytest.mark.fault(30)
def test_a_tree_of_a_thousand_levels_is_walked(uploads, storage, descend):
    descend("d", 1000)
    (entry,) = storage.list()
    assert entry.key == "/".join(["d"] * 1000 + ["file"])
    assert storage.read(entry.key).read() == b"deep"
    (uploads / "file").touch()
    assert len(keys_of(storage.list())) == 2


def test_what_lies_deeper_than_a_path_can_say_is_an_omission(storage, descend):
    descend("x" * 200, 30)
    ((key, kind),) = omissions_of(storage.list()).items()
    assert key.startswith("x" * 200)
    assert kind == (True, True)


def make_deep(folder, name, levels):
    """Make folders in folders, by way of descriptors, since a path may not be so long."""
    current = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir(name, dir_fd=current)
        below = os.open(name, os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = below
    file = os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=current)
    os.write(file, b"deep")
    os.close(file)
    os.close(current)


@pytest.fixture(scope="module")
def opens():
    """Everything that is opened by name from now on; a hook can be put in but never taken out, so there is one."""
    names = []
    watching = True

    def watch(event, arguments):
        if watching and event == "open" and isinstance(arguments[0], str):
            names.append(arguments[0])

    sys.addaudithook(watch)
    yield names
    watching = False


@pytest.mark.parametrize(
    ("wanted", "opened"),
    [
        pytest.param({"prefix": "b/x/"}, {"b", "b/x"}, id="a prefix that is a folder"),
        pytest.param({"prefix": "b"}, {"b", "b/x", "b/y"}, id="a prefix that is part of a name"),
        pytest.param({"after": "b/x/1"}, {"b", "b/x", "b/y", "c"}, id="after a file"),
        pytest.param({"after": "b0"}, {"c"}, id="after a folder"),
        pytest.param({"prune": lambda folder: folder == "b/"}, {"a", "c"}, id="pruned"),
    ],
)
def test_folders_that_hold_nothing_wanted_are_not_opened(uploads, storage, opens, wanted, opened):
    make(uploads, "a/1", "b/x/1", "b/y/1", "c/1")
    opens.clear()
    list(storage.list(**wanted))
    assert {str(path.relative_to(uploads)) for path in map(Path, opens) if uploads in path.parents} == opened
