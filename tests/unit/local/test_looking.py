"""A level of a folder, one file and the rights in it: what links, permissions and other things make of them."""

import os
import socket
import tempfile
from pathlib import Path

import pytest

from app.errors import InvalidInput, ObjectMissing, SourceUnreadable, StorageMissing
from app.storages.base import Folder, Rights
from app.storages.local import LocalStorage
from app.storages.local.walk import PART_PREFIX
from tests.support.files import make
from tests.unit.local.test_permissions import as_nobody


@pytest.fixture
def reachable():
    """A folder that another user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def names_of(storage, prefix="", limit=1000):
    token, names = None, []
    while True:
        level = storage.browse(prefix, limit, token)
        names += [found.key for found in level.found]
        token = level.next_token
        if token is None:
            return names


class TestALevel:
    def test_shows_folders_that_hold_no_file(self, storage, uploads):
        (uploads / "empty").mkdir()
        assert list(storage.browse().found) == [Folder("empty/")]
        assert names_of(storage, "empty/") == []

    @pytest.mark.parametrize("limit", [1, 2, 1000])
    def test_shows_what_links_inside_lead_to_and_nothing_of_what_leads_outside(self, storage, uploads, outside, limit):
        make(uploads, "real/file", "file")
        links = {"to file": "file", "to folder": "real", "nowhere": "missing", "round": "round", "top": "."}
        links |= {"out": outside, "out file": outside / "secret"}
        for name, goal in links.items():
            (uploads / name).symlink_to(goal)
        assert names_of(storage, limit=limit) == ["file", "real/", "to file", "to folder/"]
        assert names_of(storage, "to folder/") == ["to folder/file"]
        for prefix in ("out/", "top/", "nowhere/", "round/", "out file/", "file/"):
            assert names_of(storage, prefix) == []

    def test_leaves_out_what_leads_back_up(self, storage, uploads):
        make(uploads, "a/b/file")
        (uploads / "a/b/up").symlink_to(uploads / "a")
        assert names_of(storage, "a/b/") == ["a/b/file"]
        assert names_of(storage, "a/b/up/") == []

    def test_shows_just_the_files_and_folders_that_a_listing_tells_of(self, storage, uploads, outside):
        make(
            uploads,
            "b",
            "a/x",
            "a/y/z",
            "a.txt",
            "a0",
            f"{PART_PREFIX}1",
            f"{PART_PREFIX}folder/f",
            "é/è",
            "\udcff/\udcfe",
        )
        (uploads / "c").symlink_to("a")
        (uploads / "out").symlink_to(outside)
        listed = [entry.key for entry in storage.list() if type(entry).__name__ == "Entry"]
        shown, folders = [], [""]
        while folders:
            for found in storage.browse(folders.pop()).found:
                (folders if isinstance(found, Folder) else shown).append(found.key)
        assert sorted(shown) == listed

    @pytest.mark.parametrize("limit", [1, 2])
    def test_leaves_out_pipes_and_sockets_and_goes_on(self, storage, uploads, limit, monkeypatch):
        make(uploads, "a", "z")
        os.mkfifo(uploads / "pipe")
        with socket.socket(socket.AF_UNIX) as one:
            monkeypatch.chdir(uploads)  # a socket's path must be short
            one.bind("socket")
            assert names_of(storage, limit=limit) == ["a", "z"]

    def test_of_a_prefix_that_leads_out_of_the_folder_is_empty(self, storage, uploads, outside):  # noqa: ARG002
        make(uploads, "a/file")
        for prefix in (
            "../",
            "../outside/",
            "a/../",
            "./",
            "a//",
            "/",
            "//etc/",
            "\x00/",
            "a/" * 3000,
            "x" * 300 + "/",
        ):
            assert names_of(storage, prefix) == []

    def test_reads_no_folder_but_its_own(self, reachable):
        make(reachable, "a/b/file", "a/closed/file", "a/open/file")
        (reachable / "a/closed").chmod(0)
        lines = as_nobody(
            """
            print([found.key for found in storage.browse("a/").found])
            try:
                storage.browse("a/closed/")
            except AccessDenied as error:
                print("denied", "a/closed/" in str(error))
            """,
            reachable,
        )
        (reachable / "a/closed").chmod(0o755)
        assert lines == ["['a/b/', 'a/open/']", "denied True"]

    def test_below_a_folder_that_is_a_link_outside_raises(self, tmp_path, outside):
        (tmp_path / "confine").mkdir()
        (tmp_path / "confine" / "root").symlink_to(outside)
        storage = LocalStorage(tmp_path / "confine" / "root", tmp_path / "confine")
        for ask in (storage.browse, lambda: storage.stat("secret"), storage.rights):
            with pytest.raises((SourceUnreadable, ObjectMissing)):
                ask()

    def test_goes_on_behind_a_name_that_is_gone(self, storage, uploads):
        make(uploads, "a", "b", "c/1", "d")
        first = storage.browse("", 2)
        (uploads / "b").unlink()
        assert [found.key for found in storage.browse("", 2, first.next_token).found] == ["c/", "d"]

    def test_refuses_a_token_of_another_kind_of_storage(self, storage):
        from_s3 = "WyJzbHVpY2UxIiwiYSIsImIiLCJuZXh0Il0"
        with pytest.raises(InvalidInput):
            storage.browse("", 1, from_s3)


class TestOneFile:
    def test_is_found_by_way_of_a_link_inside_only(self, storage, uploads, outside):
        make(uploads, "real/file")
        (uploads / "link").symlink_to("real")
        (uploads / "direct").symlink_to("real/file")
        (uploads / "out").symlink_to(outside)
        (uploads / "out file").symlink_to(outside / "secret")
        assert storage.stat("link/file").size == storage.stat("direct").size == 4
        for key in ("out/secret", "out file", "link", "../outside/secret", "real/../real/file", "/etc/passwd"):
            with pytest.raises(ObjectMissing):
                storage.stat(key)

    def test_has_the_stamp_of_a_listing_and_another_one_after_a_change(self, storage, uploads):
        make(uploads, "file")
        before = storage.stat("file")
        assert [before] == list(storage.list())
        os.utime(uploads / "file", ns=(1, 1))
        assert storage.stat("file").stamp != before.stamp

    def test_is_no_pipe_and_no_unfinished_file(self, storage, uploads):
        os.mkfifo(uploads / "pipe")
        make(uploads, f"{PART_PREFIX}1")
        for key in ("pipe", f"{PART_PREFIX}1"):
            with pytest.raises(ObjectMissing):
                storage.stat(key)

    def test_is_told_of_though_it_may_not_be_read(self, reachable):
        make(reachable, "file", "closed/file")
        (reachable / "file").chmod(0)
        (reachable / "closed").chmod(0)
        lines = as_nobody(
            """
            print(storage.stat("file").size)
            try:
                storage.stat("closed/file")
            except AccessDenied:
                print("denied")
            """,
            reachable,
        )
        (reachable / "closed").chmod(0o755)
        assert lines == ["4", "denied"]

    def test_in_a_missing_folder_is_told_apart_from_a_missing_file(self, uploads):
        with pytest.raises(StorageMissing):
            LocalStorage(uploads / "missing").stat("file")


class TestRightsInAFolder:
    @pytest.mark.parametrize(
        ("mode", "rights"),
        [
            pytest.param(0o755, Rights(reads=True, writes=False), id="reading"),
            pytest.param(0o777, Rights(reads=True, writes=True), id="all"),
            pytest.param(0o733, Rights(reads=False, writes=True), id="writing"),
            pytest.param(0o711, Rights(reads=False, writes=False), id="entering"),
            pytest.param(0o700, Rights(reads=False, writes=False), id="nothing"),
        ],
    )
    def test_are_those_of_who_this_process_is(self, reachable, mode, rights):
        reachable.chmod(mode)
        lines = as_nobody("print(storage.rights())", reachable)
        if os.geteuid() == 0:
            assert lines == [str(rights)]
        else:
            assert lines == [str(Rights(bool(mode & 0o400), bool(mode & 0o200)))]

    def test_leave_the_folder_as_it_was(self, storage, uploads):
        make(uploads, "file")
        before = uploads.stat().st_mtime_ns
        assert storage.rights() == Rights(reads=True, writes=True)
        assert uploads.stat().st_mtime_ns == before
