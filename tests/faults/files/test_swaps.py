"""A link that leads outside takes a folder's place just before any of our requests: nothing outside is touched."""

import threading
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.errors import SluiceError
from app.storages.local import LocalStorage
from app.storages.local.walk import PART_PREFIX
from app.storages.memory import MemoryContent
from tests.support.files import make
from tests.support.moments import at_moment

pytestmark = [pytest.mark.fault(26), pytest.mark.fault("I9")]

SECRET = b"nobody may see this"
PART = PART_PREFIX + "0123456789abcdef"
ROUNDS = 100


@pytest.fixture
def confine(tmp_path):
    """An uploads folder with the folder of a mirror, and a folder outside with the same names in it."""
    make(tmp_path / "uploads", "dst/x", "dst/sub/y", "dst/sub/z", f"dst/sub/{PART}")
    (tmp_path / "uploads" / "dst" / "sub" / "hollow" / "deep").mkdir(parents=True)
    make(tmp_path / "outside", "x", "y", "sub/y", "sub/alone", PART, f"sub/{PART}", data=SECRET)
    for name in ("hollow/deep", "sub/hollow/deep", "empty"):
        (tmp_path / "outside" / name).mkdir(parents=True)
    return tmp_path / "uploads"


def outside(confine):
    folder = confine.with_name("outside")
    return {path.relative_to(folder): path.is_file() and path.read_bytes() for path in folder.rglob("*")}


def read(storage):
    with storage.read("sub/y") as content:
        assert content.read() != SECRET


def list_all(storage):
    assert not any(listed.key.endswith("alone") for listed in storage.list())


def browse(storage):
    assert not any("alone" in str(shown) for shown in storage.browse("sub/").found)


def stat(storage):
    assert storage.stat("sub/y").size != len(SECRET)


def write(storage):
    storage.write("sub/y", MemoryContent(b"new", 0))


def write_at_the_top(storage):
    storage.write("w", MemoryContent(b"new", 0))


def write_below_what_is_not_there(storage):
    storage.write("sub/new/er/w", MemoryContent(b"new", 0))


def copy(storage):
    storage.copy("x", "sub/copied")


def delete(storage):
    storage.delete(["sub/y", "x"])


def delete_the_last_of_a_folder(storage):
    storage.delete(["sub/z", "sub/y"])


def create(storage):
    LocalStorage(storage.root / "sub" / "made" / "here", storage.confine).create()


def drop(storage):
    LocalStorage(storage.root / "sub" / "hollow", storage.confine).drop()


def tidy(storage):
    storage.tidy()


OPERATIONS = [
    read, list_all, browse, stat, write, write_at_the_top, write_below_what_is_not_there, copy, delete, delete_the_last_of_a_folder,
    create, drop, tidy,
]  # fmt: skip


class Storage(LocalStorage):
    """Knows where it is, and does not wait for files to be old enough."""

    def __init__(self, confine):
        super().__init__(confine / "dst", confine, keep_hours=-1)
        self.root, self.confine = confine / "dst", confine


def swap(folder, target):
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(target)


def swap_back(folder):
    folder.unlink()
    folder.with_name("moved").rename(folder)


@pytest.mark.parametrize("swapped", ["dst", "dst/sub"])
@pytest.mark.parametrize(
    ("operation", "known"),
    [
        *(pytest.param(operation, False, id=operation.__name__) for operation in OPERATIONS),
        pytest.param(write, True, id="write into a known folder"),
        pytest.param(copy, True, id="copy into a known folder"),
    ],
)
def test_a_link_that_takes_a_folders_place_leads_nowhere(confine, tmp_path, operation, swapped, known):
    before, moment, has_acted = outside(confine), 0, True
    place = confine / swapped
    target = tmp_path / "outside" / ("" if swapped == "dst" else "sub")
    while has_acted:
        storage = Storage(confine)
        if known:
            storage.write("sub/known", MemoryContent(b"known", 0))
        moment += 1
        with at_moment(moment, lambda: swap(place, target)) as at, suppress(SluiceError):
            operation(storage)
        assert outside(confine) == before, f"at moment {moment} of {operation.__name__}"
        if has_acted := at.has_acted:
            swap_back(place)
            make(confine, "dst/x", "dst/sub/y", "dst/sub/z")
            (confine / "dst/sub/hollow/deep").mkdir(parents=True, exist_ok=True)
    assert moment > 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_folder_that_has_become_a_link_before_leads_nowhere(confine, tmp_path, operation):
    storage, before = Storage(confine), outside(confine)
    storage.write("sub/known", MemoryContent(b"known", 0))
    swap(confine / "dst", tmp_path / "outside")
    with suppress(SluiceError):
        operation(storage)
    assert outside(confine) == before


def flip(place, target, aside):
    """Have a link take a folder's place and leave it again, whatever a write has made there meanwhile."""
    moved = place.with_name("moved")
    place.rename(moved)
    with suppress(FileExistsError):
        place.symlink_to(target)
    for number in count():
        try:
            moved.rename(place)
        except OSError:
            with suppress(FileNotFoundError):
                place.rename(aside / f"{number}")
        else:
            return


@pytest.mark.parametrize("swapped", ["dst", "dst/sub"])
def test_a_folder_that_turns_into_a_link_and_back_all_the_time_lets_nobody_out(confine, tmp_path, swapped):
    before, over = outside(confine), threading.Event()
    target = tmp_path / "outside" / ("" if swapped == "dst" else "sub")

    def flip_on():
        while not over.is_set():
            with TemporaryDirectory(dir=confine, ignore_cleanup_errors=True) as aside:
                flip(confine / swapped, target, Path(aside))

    flipping = threading.Thread(target=flip_on)
    flipping.start()
    try:
        for _ in range(ROUNDS):
            for operation in (read, list_all, write, write_at_the_top, write_below_what_is_not_there, delete):
                with suppress(SluiceError):
                    operation(Storage(confine))
    finally:
        over.set()
        flipping.join()
    assert outside(confine) == before
