"""Whatever the keys of a bucket are, a download writes and deletes in the uploads folder and nowhere else."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cancellation import CancelToken
from app.errors import SourceUnreadable
from app.mirrors.restoring import BucketToRestore
from app.storages.local import LocalStorage
from app.storages.memory import MemoryContent, MemoryStorage
from app.storages.names import name_of
from app.transfer.events import Finished
from app.transfer.run import MirrorOptions, MirrorRun

LONG = "x" * 300
OPEN_FILES = Path("/proc/self/fd")

HOSTILE = [
    "..", ".", "../escaped", "a/../b", "a/../../escaped", "a/..", "./a", "a/./b", "/", "//", "/lead", "//lead", "a//b",
    "a/b//", "tail/", LONG, f"{LONG}/a", "nul\0", "a\nb", "tab\t", "esc\x1b", "del\x7f", "‛", "‛zz", "‛41",
    "‛2E‛2E/escaped", "..‛2Fescaped", "‛09tab", "⧵", "⧵zz", "⧵41", "⧵2E⧵2E/escaped", "..⧵2Fescaped", "\uffff", "/etc/passwd", "file-out/below",
    "folder-out/escaped", "folder-out/deep/er/escaped", "via-link/folder-out/escaped",
    "dangling/escaped", "circle/a", ".sluice-part-0123456789abcdef", "a/.sluice-part-0",
    "is-file/below", "is-folder",
]  # fmt: skip
"""Keys that no file below the uploads folder of `place` can have, or not while it is as it is."""

GOOD = [
    "a/b",
    "a/é",
    "..twice",
    "a/...",
    "C:\\x",
    "~",
    "a\\..\\b",
    "-rf",
    "⧵09tab",
    "folder-out.txt",
    "via-link/fine",
    "/".join(["deep" * 50] * 5),
]


class Place:
    """An uploads folder with traps in it, and beside it what must never change."""

    def __init__(self, folder):
        self.folder = folder
        self.uploads = folder / "uploads"
        self.outside = folder / "outside"
        for each in (self.uploads / "is-folder", self.uploads / "inside", self.outside / "deep"):
            each.mkdir(parents=True)
        (self.outside / "secret").write_text("never touched")
        (self.uploads / "is-file").write_text("a file")
        (self.uploads / "is-folder" / "kept").write_text("in a folder")
        (self.uploads / "folder-out").symlink_to(self.outside)
        (self.uploads / "file-out").symlink_to(self.outside / "secret")
        (self.uploads / "dangling").symlink_to(self.outside / "not-there")
        (self.uploads / "circle").symlink_to("circle")
        (self.uploads / "via-link").symlink_to("inside")
        (self.uploads / "inside" / "folder-out").symlink_to("../../outside")

    def elsewhere(self):
        """All that is not in the uploads folder, with times that a write would change."""
        return {
            (str(path), path.lstat().st_mtime_ns, path.lstat().st_ino, path.read_bytes() if path.is_file() else b"")
            for path in self.folder.rglob("*")
            if not path.is_relative_to(self.uploads)
        }

    def download(self, keys, source="", **options):
        bucket = MemoryStorage(exists=True)
        for key in keys:
            bucket.write(key, MemoryContent(f"object {key!r}".encode(), 0))
        finished = []
        target = LocalStorage(self.uploads / source, confine=self.uploads)
        options = MirrorOptions(
            name=source, spool_dir=self.folder, may_drop=False, may_be_empty=False, source_must_exist=True, threads=2,
            **{"deletes": False} | options,
        )  # fmt: skip
        listen = lambda event: finished.append(event) if isinstance(event, Finished) else None  # noqa: E731
        MirrorRun(BucketToRestore(bucket, deletes=options.deletes), target, options, listen, CancelToken()).run()
        return {event.key: event for event in finished}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.mark.fault("names")
def test_keys_that_no_file_can_have_fail_and_all_others_arrive(place):
    before = place.elsewhere()
    steps = place.download(HOSTILE + GOOD)

    assert {key: steps[key].status for key in HOSTILE} == dict.fromkeys(HOSTILE, "failed")
    assert {steps[key].reason for key in HOSTILE} <= {"key_refused", "storage_failure"}
    assert all(len(steps[key].message) > 10 for key in HOSTILE)
    for key in GOOD:
        path = place.uploads.joinpath(*(name_of(segment) for segment in key.split("/")))
        assert path.read_text() == f"object {key!r}"
    assert place.elsewhere() == before
    assert not [path for path in place.uploads.rglob("*") if path.name.startswith(".sluice-part-")]


@pytest.mark.parametrize("key", HOSTILE)
def test_one_such_key_alone_leaves_nothing_behind(place, key):
    before = place.elsewhere(), sorted(place.uploads.rglob("*"))
    steps = place.download([key])

    assert steps[key].status == "failed"
    assert (place.elsewhere(), sorted(place.uploads.rglob("*"))) == before


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the system does not tell which files are open")
def test_refused_keys_leave_no_file_open(place):
    place.download(["warm up"])
    before = len([*OPEN_FILES.iterdir()])
    place.download(HOSTILE)

    assert len([*OPEN_FILES.iterdir()]) == before


@pytest.mark.fault(26, "links")
def test_a_link_in_the_place_of_a_file_is_replaced_and_not_written_through(place):
    before = place.elsewhere()
    steps = place.download(["file-out", "dangling"])

    assert {step.status for step in steps.values()} == {"done"}
    assert not (place.uploads / "file-out").is_symlink()
    assert (place.uploads / "file-out").read_text() == "object 'file-out'"
    assert place.elsewhere() == before


@pytest.mark.parametrize("source", ["folder-out", "folder-out/new", "inside/folder-out", "dangling", "dangling/new"])
@pytest.mark.fault(26, 32, "links")
def test_a_folder_that_a_link_leads_out_of_the_uploads_folder_is_refused(place, source):
    before = place.elsewhere()
    with pytest.raises(SourceUnreadable):
        place.download(["a"], source)

    assert place.elsewhere() == before


@pytest.mark.fault(26, "links")
def test_deletions_stay_inside_too(place):
    (place.uploads / "extra").write_text("not in the bucket")
    before = place.elsewhere()
    steps = place.download(["only"], deletes=True)

    assert not (place.uploads / "extra").exists()
    assert {key for key, step in steps.items() if step.action == "delete"} == {"extra", "is-file", "is-folder/kept"}
    assert place.elsewhere() == before


SEGMENTS = st.sampled_from(
    [
        "",
        ".",
        "..",
        "a",
        "b",
        "folder-out",
        "file-out",
        "inside",
        "via-link",
        "is-file",
        "is-folder",
        "‛2E‛2E",
        "⧵2E⧵2E",
        "\0",
        "é",
        LONG,
    ]
)
KEYS = st.lists(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join).filter(bool), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(KEYS, st.booleans())
@pytest.mark.fault("I9", "names")
def test_no_mix_of_keys_reaches_anything_else(keys, deletes):
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(os.path.realpath(folder)))
        before = place.elsewhere()
        keys = [key for key in keys if len(key.encode()) <= 1024]
        if any(not key.endswith("/") for key in keys):
            place.download(keys, deletes=deletes)
        assert place.elsewhere() == before
