"""Links, pipes and keys that lead elsewhere: nothing outside the confining folder is read or written."""

import os
import socket

import pytest

from app.errors import (
    FileMissing,
    FileUnreadable,
    KeyRefused,
)
from app.storages.base import Omission
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent
from tests.support.files import keys_of, make, names_in, omissions_of


def test_links_that_lead_inside_are_followed(uploads, storage):
    make(uploads, "real/file")
    (uploads / "to file").symlink_to("real/file")
    (uploads / "to folder").symlink_to(uploads / "real")
    (uploads / "to link").symlink_to("to file")
    assert keys_of(storage.list()) == ["real/file", "to file", "to folder/file", "to link"]
    for key in keys_of(storage.list()):
        assert storage.read(key).read() == b"data"


@pytest.mark.fault(26, "I9", "links")
def test_links_that_lead_outside_or_nowhere_are_left_out(uploads, storage, outside):
    (uploads / "file").symlink_to(outside / "secret")
    (uploads / "folder").symlink_to(outside)
    (uploads / "upwards").symlink_to("..")
    (uploads / "nowhere").symlink_to("missing")
    (uploads / "itself").symlink_to("itself")
    (uploads / "password").symlink_to("/etc/passwd")
    assert {type(listed) for listed in storage.list()} == {Omission}
    assert omissions_of(storage.list()) == {
        "file": (False, False),
        "folder": (False, True),
        "itself": (False, True),  # as for the next, what lay below it is kept
        "nowhere": (False, True),
        "password": (False, False),
        "upwards": (False, True),
    }
    for key in ("file", "folder/secret", "password", "upwards/outside/secret"):
        with pytest.raises(FileUnreadable, match="outside"):
            storage.read(key)
    with pytest.raises(FileMissing):
        storage.read("nowhere")


def test_a_link_may_leave_the_root_but_not_the_folder_that_confines_it(uploads, outside):
    make(uploads, "shared/file")
    (uploads / "photos").mkdir()
    (uploads / "photos" / "shared").symlink_to("../shared")
    (uploads / "photos" / "outside").symlink_to(outside)
    storage = LocalStorage(uploads / "photos", confine=uploads)
    assert keys_of(storage.list()) == ["outside", "shared/file"]
    assert storage.read("shared/file").read() == b"data"


@pytest.mark.parametrize(
    ("links", "keys"),
    [
        pytest.param({"a/up": "../a"}, ["a/f", "a/up"], id="to its own folder"),
        pytest.param({"a/b/up": "../.."}, ["a/b/up", "a/f"], id="to the root"),
        pytest.param(
            {"a/to b": "../b", "b/to a": "../a"},
            ["a/f", "a/to b/to a", "b/to a/f", "b/to a/to b"],
            id="in a circle of two",
        ),
    ],
)
@pytest.mark.fault(26)
def test_links_in_a_circle_end_in_omissions(uploads, storage, links, keys):
    make(uploads, "a/f")
    for link, target in links.items():
        (uploads / link).parent.mkdir(exist_ok=True)
        (uploads / link).symlink_to(target)
    assert keys_of(storage.list()) == keys
    assert set(omissions_of(storage.list()).values()) == {(False, True)}


@pytest.mark.fault(27)
def test_pipes_sockets_and_devices_are_left_out_and_never_waited_for(uploads, storage, monkeypatch):
    os.mkfifo(uploads / "pipe")
    (uploads / "null").symlink_to("/dev/null")
    monkeypatch.chdir(uploads)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert omissions_of(storage.list()) == {
            "null": (False, False),
            "pipe": (False, False),
            "socket": (False, False),
        }
        for key in ("pipe", "socket", "null"):
            with pytest.raises(FileUnreadable):
                storage.read(key)


def test_omissions_keep_the_order_of_keys(uploads, storage, outside):
    make(uploads, "a-b/f", "a.txt", "a0")
    (uploads / "a").symlink_to(outside)
    assert keys_of(storage.list()) == ["a", "a-b/f", "a.txt", "a0"]


def test_a_folder_cannot_be_read_as_a_file(uploads, storage):
    make(uploads, "folder/file")
    with pytest.raises(FileUnreadable):
        storage.read("folder")


@pytest.mark.parametrize(
    "key", ["", "/file", "file/", "a//b", ".", "..", "../outside/secret", "a/../../outside/secret"]
)
def test_keys_that_are_no_files_lead_nowhere(uploads, outside, storage, key):
    make(uploads, "file", "a/b")
    with pytest.raises(FileMissing):
        storage.read(key)
    with pytest.raises(KeyRefused):
        storage.write(key, MemoryContent(b"x", 0))
    assert storage.delete([key]) == {}
    assert (outside / "secret").read_bytes() == b"data"


@pytest.mark.fault(26, "I9", "links")
def test_a_write_through_a_link_that_leads_outside_is_refused(uploads, outside, storage):
    (uploads / "link").symlink_to(outside)
    for key in ("link/new", "link/deep/new", "link/secret"):
        with pytest.raises(KeyRefused, match="outside"):
            storage.write(key, MemoryContent(b"x", 0))
    assert list(storage.delete(["link/secret"])) == ["link/secret"]
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_a_write_replaces_a_link_and_not_what_it_leads_to(uploads, outside, storage):
    (uploads / "link").symlink_to(outside / "secret")
    storage.write("link", MemoryContent(b"new", 0))
    assert (outside / "secret").read_bytes() == b"data"
    assert (uploads / "link").read_bytes() == b"new"


@pytest.mark.fault(26, "links")
def test_a_deletion_removes_a_link_and_not_what_it_leads_to(uploads, storage):
    make(uploads, "real")
    (uploads / "link").symlink_to("real")
    assert storage.delete(["link"]) == {}
    assert names_in(uploads) == ["real"]
