"""A folder that is renamed or removed while it is listed makes the listing incomplete, and then nothing is deleted."""

import shutil

import pytest

from app.cancellation import CancelToken
from app.storages.local import LocalStorage
from app.storages.memory import MemoryStorage
from app.transfer.filters import Filters, Rule
from app.transfer.run import MirrorOptions, MirrorRun
from tests.support.files import make, omissions_of
from tests.support.storages import WrappedStorage

pytestmark = pytest.mark.fault(24)

TREE = ["a", "d/f/1", "d/f/2", "d/x", "d/y", "z"]


class Changing(WrappedStorage):
    """Lets somebody change the folder once the listing has come to a key."""

    def __init__(self, inner, key, change):
        super().__init__(inner)
        self.key, self.change = key, change

    def list(self, *arguments, **options):
        for listed in super().list(*arguments, **options):
            if listed.key == self.key:
                self.change()
            yield listed


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    make(folder, *TREE)
    return folder


@pytest.fixture
def to_memory(source, tmp_path):
    """Return a function that mirrors the folder to what it was mirrored to at first."""
    target = MemoryStorage()

    def mirror(storage, rules=()):
        options = MirrorOptions(name="target", spool_dir=tmp_path, threads=1, filters=Filters(rules))
        events = []
        report = MirrorRun(storage, target, options, events.append, CancelToken()).run()
        left_out = {
            event.key for event in events if getattr(event, "action", "") == "skip" and event.status == "failed"
        }
        return report, left_out

    mirror(LocalStorage(source))
    mirror.keys = lambda: {listed.key for listed in target.list()}
    return mirror


def rename(folder):
    return lambda: folder.rename(folder.with_name("e"))


def remove(folder):
    return lambda: shutil.rmtree(folder)


def replace_by_another(folder):
    def replace():
        rename(folder)()
        folder.mkdir()

    return replace


@pytest.mark.parametrize(
    ("change", "key", "left_out"),
    [
        pytest.param(rename, "a", {"d"}, id="renamed before it is opened"),
        pytest.param(remove, "a", {"d"}, id="removed before it is opened"),
        *(
            pytest.param(change, key, left_out, id=f"{change.__name__} {moment}")
            for change in (rename, remove, replace_by_another)
            for key, left_out, moment in (
                ("d/f/1", {"d/f/2", "d/x", "d/y"}, "while a folder in it is listed"),
                ("d/x", {"d/y"}, "before its last file"),
            )
        ),
    ],
)
def test_a_folder_that_goes_during_the_scan_deletes_nothing(source, to_memory, change, key, left_out):
    (source / "z").unlink()

    report, told = to_memory(Changing(LocalStorage(source), key, change(source / "d")))

    assert told == left_out
    assert to_memory.keys() >= set(TREE)
    assert report.withheld > 0


def test_no_rule_hides_that_a_folder_went(source, to_memory):
    changing = Changing(LocalStorage(source), "d/f/1", rename(source / "d"))

    _, told = to_memory(changing, [Rule("exclude", "d/f/2"), Rule("exclude", "d/x")])

    assert told == {"d/y"}
    assert to_memory.keys() >= set(TREE)


def test_the_next_mirror_finds_what_was_renamed_and_deletes_the_rest(source, to_memory):
    to_memory(Changing(LocalStorage(source), "a", rename(source / "d")))
    to_memory(LocalStorage(source))
    assert to_memory.keys() == {"a", "e/f/1", "e/f/2", "e/x", "e/y", "z"}


def test_files_and_links_to_files_may_go(source, to_memory):
    (source / "d" / "link").symlink_to("y")

    def remove_some():
        for name in ("link", "y"):
            (source / "d" / name).unlink()

    report, told = to_memory(Changing(LocalStorage(source), "d/f/1", remove_some))

    assert (told, report.withheld) == (set(), 0)
    assert to_memory.keys() == {*TREE} - {"d/y"}


def test_a_link_in_a_folder_that_was_renamed_is_not_taken_for_gone(source):
    (source / "d" / "link").symlink_to("x")
    listing = Changing(LocalStorage(source), "d/f/2", rename(source / "d")).list()
    assert omissions_of(listing).keys() == {"d/link", "d/x", "d/y"}
