"""What the local driver promises beyond the protocol: links, odd files, torn files, and never leaving its folder."""

import errno
import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from app.errors import (
    AccessDenied,
    FileChanged,
    FileMissing,
    FileUnreadable,
    KeyRefused,
    SourceUnreadable,
    StorageFailure,
    StorageFull,
    StorageMissing,
    StorageNotEmpty,
)
from app.storages.base import Entry, Omission
from app.storages.local import LocalStorage, confinement
from app.storages.local.content import TICK
from app.storages.local.errors import translated
from app.storages.memory import MemoryContent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(uploads):
    return LocalStorage(uploads)


@pytest.fixture
def outside(tmp_path):
    folder = tmp_path / "outside"
    make(folder, "secret")
    return folder


def make(folder, *names, data=b"data"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def keys_of(listing):
    return [listed.key for listed in listing]


def omissions_of(listing):
    return {listed.key: (listed.failed, listed.subtree) for listed in listing if isinstance(listed, Omission)}


def test_an_entry_tells_what_stat_tells(uploads, storage):
    make(uploads, "file", data=b"12345")
    os.utime(uploads / "file", (1_700_000_000, 1_700_000_000))
    assert list(storage.list()) == [Entry("file", 5, 1_700_000_000.0, None)]


def test_names_that_are_no_utf_8_or_hold_control_characters_come_back(uploads, storage):
    names = [b"caf\xe9", b"new\nline", "‛mark".encode(), b"\x7f\x01"]
    for name in names:
        (uploads / os.fsdecode(name)).write_bytes(name)
    listed = keys_of(storage.list())
    assert listed == sorted(listed)
    assert listed == ["caf‛E9", "new‛0Aline", "‛7F‛01", "‛E2‛80‛9Bmark"]
    assert {storage.read(key).read() for key in listed} == set(names)
    storage.delete(listed)
    assert names_in(uploads) == []


@pytest.fixture
def descend(uploads):
    """Return a function that makes a deep tree; it is removed at the end, since pytest's own cleaning is recursive."""
    yield functools.partial(make_deep, uploads)
    subprocess.run(["rm", "-rf", str(uploads)], check=True)


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


def test_links_that_lead_inside_are_followed(uploads, storage):
    make(uploads, "real/file")
    (uploads / "to file").symlink_to("real/file")
    (uploads / "to folder").symlink_to(uploads / "real")
    (uploads / "to link").symlink_to("to file")
    assert keys_of(storage.list()) == ["real/file", "to file", "to folder/file", "to link"]
    for key in keys_of(storage.list()):
        assert storage.read(key).read() == b"data"


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
        "itself": (False, False),
        "nowhere": (False, False),
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
def test_links_in_a_circle_end_in_omissions(uploads, storage, links, keys):
    make(uploads, "a/f")
    for link, target in links.items():
        (uploads / link).parent.mkdir(exist_ok=True)
        (uploads / link).symlink_to(target)
    assert keys_of(storage.list()) == keys
    assert set(omissions_of(storage.list()).values()) == {(False, True)}


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
        storage.write(key, MemoryContent(b"x", 0.0))
    assert storage.delete([key]) == {}
    assert (outside / "secret").read_bytes() == b"data"


def test_a_write_through_a_link_that_leads_outside_is_refused(uploads, outside, storage):
    (uploads / "link").symlink_to(outside)
    for key in ("link/new", "link/deep/new", "link/secret"):
        with pytest.raises(KeyRefused, match="outside"):
            storage.write(key, MemoryContent(b"x", 0.0))
    assert list(storage.delete(["link/secret"])) == ["link/secret"]
    assert [path.name for path in outside.iterdir()] == ["secret"]


def test_a_write_replaces_a_link_and_not_what_it_leads_to(uploads, outside, storage):
    (uploads / "link").symlink_to(outside / "secret")
    storage.write("link", MemoryContent(b"new", 0.0))
    assert (outside / "secret").read_bytes() == b"data"
    assert (uploads / "link").read_bytes() == b"new"


def test_a_deletion_removes_a_link_and_not_what_it_leads_to(uploads, storage):
    make(uploads, "real")
    (uploads / "link").symlink_to("real")
    assert storage.delete(["link"]) == {}
    assert names_in(uploads) == ["real"]


def test_a_written_file_bears_the_time_of_its_content(uploads, storage):
    entry = storage.write("a/file", MemoryContent(b"data", 1_600_000_000.5))
    assert entry == Entry("a/file", 4, 1_600_000_000.5)
    assert (uploads / "a" / "file").stat().st_mtime == 1_600_000_000.5


def test_a_deletion_removes_folders_that_it_leaves_empty_but_not_the_root(uploads, storage):
    make(uploads, "a/b/c/file", "a/other")
    storage.delete(["a/b/c/file"])
    assert names_in(uploads / "a") == ["other"]
    storage.delete(["a/other"])
    assert names_in(uploads) == []


def test_unfinished_files_are_never_listed_read_or_written(uploads, storage):
    make(uploads, "folder/.sluice-part-0123")
    assert list(storage.list()) == []
    with pytest.raises(FileMissing):
        storage.read("folder/.sluice-part-0123")
    with pytest.raises(KeyRefused):
        storage.write(".sluice-part-x", MemoryContent(b"", 0.0))


def test_dropping_removes_folders_and_unfinished_files_only(uploads, storage):
    make(uploads, "a/file", "a/b/.sluice-part-0123")
    with pytest.raises(StorageNotEmpty):
        storage.drop()
    assert (uploads / "a" / "b" / ".sluice-part-0123").exists()
    (uploads / "a" / "file").unlink()
    storage.drop()
    assert not uploads.exists()


def test_creating_outside_is_refused(uploads, outside):
    (uploads / "link").symlink_to(outside)
    with pytest.raises(KeyRefused):
        LocalStorage(uploads / "link" / "new", confine=uploads).create()
    assert [path.name for path in outside.iterdir()] == ["secret"]


def rewrite(path):
    path.write_bytes(b"x" * path.stat().st_size)


def rewrite_and_hide_it(path):
    before = path.stat()
    rewrite(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def append(path):
    with path.open("ab") as file:
        file.write(b"more")


def truncate(path):
    os.truncate(path, 100)


def replace(path):
    make(path.parent, "other", data=b"y" * path.stat().st_size)
    (path.parent / "other").replace(path)


@pytest.mark.parametrize("change", [rewrite, rewrite_and_hide_it, append, truncate, replace])
@pytest.mark.parametrize("amount", [-1, 1000])
@pytest.mark.parametrize("when", [0, 1000, 5000])
def test_a_file_that_changes_while_it_is_read_is_never_taken_for_whole(uploads, storage, change, amount, when):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        done = len(opened.read(when)) if when else 0
        assert done == when
        change(uploads / "file")
        with pytest.raises(FileChanged):
            read_and_verify(opened, amount)


def read_and_verify(opened, amount):
    while opened.read(amount):
        pass
    opened.verify()


def test_a_file_that_became_shorter_is_noticed_at_once(uploads, storage):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        truncate(uploads / "file")
        opened.read(100)
        with pytest.raises(FileChanged, match="shorter"):
            opened.read(1)


def test_a_file_that_became_longer_is_noticed_at_its_end(uploads, storage):
    make(uploads, "file", data=b"o" * 5000)
    with storage.read("file") as opened:
        append(uploads / "file")
        assert len(opened.read()) == 5000
        with pytest.raises(FileChanged, match="longer"):
            opened.read()


def test_two_changes_within_one_tick_of_the_clock_do_not_go_unseen(uploads, storage):
    path = uploads / "file"
    for _ in range(20):
        path.write_bytes(b"first")
        with storage.read("file") as opened:
            assert time.time() - path.stat().st_ctime >= TICK / 2
            path.write_bytes(b"other")
            opened.read()
            with pytest.raises(FileChanged):
                opened.verify()


def test_a_file_left_alone_is_whole(uploads, storage):
    make(uploads, "file", "empty", data=b"")
    make(uploads, "file", data=b"o" * 5000)
    for key, size in (("file", 5000), ("empty", 0)):
        with storage.read(key) as opened:
            assert len(opened.read()) == opened.size == size
            assert opened.read() == b""
            opened.verify()


def test_a_file_that_is_not_read_to_its_end_is_not_verified(uploads, storage):
    make(uploads, "file")
    with storage.read("file") as opened, pytest.raises(FileChanged):
        opened.verify()


def test_a_file_that_vanishes_while_it_is_listed_is_absent(uploads, storage):
    make(uploads, "a", "b", "c/d", "e/f")
    listing = storage.list()
    assert next(listing).key == "a"
    (uploads / "b").unlink()
    (uploads / "c" / "d").unlink()
    (uploads / "c").rmdir()
    assert keys_of(listing) == ["e/f"]


def test_a_missing_root_is_a_missing_storage(uploads):
    for root in (uploads / "missing", uploads / "missing" / "deep"):
        storage = LocalStorage(root, confine=uploads)
        for ask in (storage.check, lambda storage=storage: list(storage.list())):
            with pytest.raises(StorageMissing):
                ask()


def missing_uploads(uploads):
    uploads.rmdir()
    return uploads


def missing_uploads_below(uploads):
    uploads.rmdir()
    return uploads / "photos"


def a_file(uploads):
    make(uploads, "file")
    return uploads / "file"


def below_a_file(uploads):
    return a_file(uploads) / "photos"


def a_broken_link(uploads):
    (uploads / "link").symlink_to("unmounted")
    return uploads / "link"


def below_a_broken_link(uploads):
    return a_broken_link(uploads) / "photos"


def outside_by_a_link(uploads):
    (uploads / "link").symlink_to("..")
    return uploads / "link"


def missing_behind_a_link_outside(uploads):
    return outside_by_a_link(uploads) / "missing"


def upwards(uploads):
    return uploads / ".."


@pytest.mark.parametrize(
    "place",
    [
        missing_uploads,
        missing_uploads_below,
        a_file,
        below_a_file,
        a_broken_link,
        below_a_broken_link,
        outside_by_a_link,
        missing_behind_a_link_outside,
        upwards,
    ],
)
def test_a_root_that_cannot_be_listed_is_never_taken_for_missing_or_empty(uploads, place):
    storage = LocalStorage(place(uploads), confine=uploads)
    for ask in (storage.check, lambda: list(storage.list())):
        with pytest.raises(SourceUnreadable):
            ask()


def swap(uploads):
    uploads.rename(uploads.with_name("former"))
    uploads.mkdir()


def remove(uploads):
    uploads.rename(uploads.with_name("former"))


@pytest.mark.parametrize("change", [swap, remove])
def test_a_root_that_is_replaced_or_removed_while_it_is_listed_is_noticed(uploads, storage, change):
    make(uploads, "a", "b/c")
    listing = storage.list()
    next(listing)
    change(uploads)
    with pytest.raises(SourceUnreadable, match="replaced or removed"):
        list(listing)


def test_a_listing_that_is_given_up_leaves_nothing_open(uploads, storage):
    make(uploads, "a", "b")
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("open descriptors cannot be counted here")
    before = len(list(descriptors.iterdir()))
    listing = storage.list()
    next(listing)
    listing.close()
    assert len(list(descriptors.iterdir())) == before


def as_nobody(program, folder):
    """Run Python code as a user whom permissions bind, with ``storage`` and ``folder`` at hand, and return its output."""
    start = f"""
        import os
        from pathlib import Path
        from app.errors import *
        from app.storages.local import LocalStorage
        from app.storages.memory import MemoryContent
        if os.geteuid() == 0:
            os.setgroups([])
            os.setegid(65534)
            os.seteuid(65534)
        folder = Path({str(folder)!r})
        storage = LocalStorage(folder)
    """
    code = textwrap.dedent(start) + textwrap.dedent(program)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.fixture
def open_to_all():
    """A folder that another user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_an_unreadable_folder_is_an_omission_and_the_rest_is_listed(open_to_all):
    make(open_to_all, "a", "b/c", "b.txt", "d")
    (open_to_all / "b").chmod(0)
    lines = as_nobody("for listed in storage.list(): print(listed.key, listed[2:])", open_to_all)
    (open_to_all / "b").chmod(0o755)
    assert [line.split()[0] for line in lines] == ["a", "b", "b.txt", "d"]
    assert lines[1] == "b (True, True)"


def test_an_unreadable_file_is_listed_and_cannot_be_read(open_to_all):
    make(open_to_all, "file")
    (open_to_all / "file").chmod(0)
    lines = as_nobody(
        """
        print([entry.key for entry in storage.list()])
        try:
            storage.read("file")
        except FileUnreadable as error:
            print(error)
        """,
        open_to_all,
    )
    assert lines == ["['file']", "'file' cannot be opened: Permission denied."]


def test_files_of_a_folder_that_may_only_be_named_are_omissions(open_to_all):
    make(open_to_all, "folder/file")
    (open_to_all / "folder").chmod(0o444)
    lines = as_nobody("for listed in storage.list(): print(listed.key, listed[2:])", open_to_all)
    (open_to_all / "folder").chmod(0o755)
    assert lines == ["folder/file (True, False)"]


def test_an_unreadable_root_is_never_taken_for_empty(open_to_all):
    make(open_to_all, "file")
    open_to_all.chmod(0)
    lines = as_nobody(
        """
        for ask in (storage.check, lambda: list(storage.list())):
            try:
                ask()
            except SourceUnreadable:
                print("unreadable")
        """,
        open_to_all,
    )
    assert lines == ["unreadable", "unreadable"]


def test_a_write_that_is_not_allowed_leaves_what_was_there(open_to_all):
    make(open_to_all, "file")
    open_to_all.chmod(0o555)
    lines = as_nobody(
        """
        for key in ("file", "a/b"):
            try:
                storage.write(key, MemoryContent(b"new", 0.0))
            except AccessDenied:
                print("denied")
        print(list(storage.delete(["file"])))
        """,
        open_to_all,
    )
    assert lines == ["denied", "denied", "['file']"]
    assert (open_to_all / "file").read_bytes() == b"data"


@pytest.fixture
def failing_disk(monkeypatch):
    """Make the reading of one folder fail as a broken disk does."""
    read = os.scandir
    broken = set()

    def scandir(folder):
        if isinstance(folder, int) and os.fstat(folder).st_ino in broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    return lambda folder: broken.add(folder.stat().st_ino)


def test_a_folder_that_a_disk_cannot_read_is_an_omission(uploads, storage, failing_disk):
    make(uploads, "a/b", "a.txt", "c/d")
    failing_disk(uploads / "a")
    assert keys_of(storage.list()) == ["a", "a.txt", "c/d"]
    assert omissions_of(storage.list()) == {"a": (True, True)}
    assert keys_of(storage.list(prefix="a/b")) == ["a"]
    assert keys_of(storage.list(after="a/a")) == ["a", "c/d"]


def test_a_root_that_a_disk_cannot_read_is_never_taken_for_empty(uploads, storage, failing_disk):
    failing_disk(uploads)
    with pytest.raises(SourceUnreadable):
        list(storage.list())


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, StorageFull),
        (errno.EDQUOT, StorageFull),
        (errno.EROFS, AccessDenied),
        (errno.EACCES, AccessDenied),
        (errno.ENAMETOOLONG, KeyRefused),
        (errno.ENOTDIR, KeyRefused),
        (errno.EIO, StorageFailure),
    ],
    ids=lambda value: errno.errorcode[value] if isinstance(value, int) else value.__name__,
)
def test_what_the_file_system_refuses_means_one_thing(number, kind):
    with pytest.raises(kind, match="some/key"), translated("some/key"):
        raise OSError(number, os.strerror(number))


def test_links_are_judged_the_same_where_the_system_tells_no_places(uploads, storage, outside, monkeypatch):
    monkeypatch.setattr(confinement, "_HAS_DESCRIPTORS", False)
    make(uploads, "real/file")
    (uploads / "inside").symlink_to("real")
    (uploads / "outside").symlink_to(outside)
    assert keys_of(storage.list()) == ["inside/file", "outside", "real/file"]
    assert storage.read("inside/file").read() == b"data"
    with pytest.raises(FileUnreadable, match="outside"):
        storage.read("outside/secret")
