"""A volume below the uploads folder that is gone, or was replaced by an empty one, is not taken for an emptied folder."""

import shutil
from pathlib import Path

import pytest

from app.errors import SourceUnreadable
from app.mirrors.unfinished import Pair
from app.mirrors.volumes import Volumes
from tests.support.files import make

pytestmark = pytest.mark.fault(25)


class Machine:
    """An uploads folder and what the system says is mounted; a volume is what lies in a folder of ``volumes``."""

    def __init__(self, folder):
        self.folder, self.uploads = folder, folder / "uploads"
        self.data_dir = folder / "data"
        self.table = folder / "mountinfo"
        for each in (self.uploads, self.data_dir, folder / "hidden"):
            each.mkdir()
        self.mounted = []
        self._tell()

    def mount(self, place, *names):
        """Have a new folder with these files in the place of one, which is hidden."""
        path = self.uploads / place
        path.mkdir(parents=True, exist_ok=True)
        path.rename(self._hidden(place))
        path.mkdir()
        make(path, *names)
        self.mounted.append(place)
        self._tell()

    def unmount(self, place):
        path = self.uploads / place
        path.rename(self.folder / "hidden" / "unmounted")
        self._hidden(place).rename(path)
        self.mounted.remove(place)
        self._tell()

    def sync(self, source):
        self.volumes(source).require_same()

    def volumes(self, source, prefix=""):
        pair = Pair("s3://bucket", prefix, source and source + "/")
        return Volumes.of(pair, self.uploads / source, self.uploads, self.data_dir, self.table)

    def _hidden(self, place):
        return self.folder / "hidden" / place.replace("/", " ")

    def _tell(self):
        lines = ["22 1 8:1 / / rw - ext4 /dev/sda1 rw", "", *(self._line(place) for place in self.mounted)]
        self.table.write_text("\n".join(lines))

    def _line(self, place):
        escaped = str(self.uploads / place).replace("\\", r"\134").replace(" ", r"\040")
        return f"30 22 0:50 / {escaped} rw - nfs server:/photos rw"


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.mark.parametrize(
    ("volume", "source"),
    [
        pytest.param("photos", "photos", id="the folder itself"),
        pytest.param("photos", "photos/2026", id="above the folder"),
        pytest.param("all/photos", "all", id="in the folder"),
        pytest.param("photos", "", id="in the uploads folder"),
        pytest.param("a b\\c", "a b\\c", id="an odd name"),
    ],
)
def test_a_volume_that_is_gone_is_noticed_until_it_is_back(machine, volume, source):
    machine.mount(volume, "2026/a")
    make(machine.uploads, "other")
    machine.sync(source)
    machine.unmount(volume)
    for _ in range(2):
        with pytest.raises(SourceUnreadable, match="was a mounted volume before and is none now"):
            machine.sync(source)
        with pytest.raises(SourceUnreadable, match="Mount it again"):
            machine.volumes(source).require_there()
    machine.mount(volume, "2026/a")
    machine.sync(source)


def test_it_is_noticed_though_its_folder_is_gone_too_or_holds_something(machine):
    machine.mount("photos", "a")
    machine.sync("photos")
    machine.unmount("photos")
    make(machine.uploads, "photos/left")
    with pytest.raises(SourceUnreadable):
        machine.sync("photos")
    shutil.rmtree(machine.uploads / "photos")
    with pytest.raises(SourceUnreadable):
        machine.sync("photos")


def test_the_way_out_that_the_sentence_names_works(machine):
    machine.mount("photos", "a")
    machine.sync("photos")
    machine.unmount("photos")
    with pytest.raises(SourceUnreadable) as caught:
        machine.sync("photos")
    note = next(word.rstrip(".") for word in str(caught.value).split() if "source-volumes" in word)
    Path(note).unlink()
    machine.sync("photos")


def emptied(folder):
    for path in folder.iterdir():
        path.unlink()


def removed(folder):
    shutil.rmtree(folder)


def made_anew(folder):
    removed(folder)
    folder.mkdir()


@pytest.mark.parametrize("change", [emptied, removed, made_anew])
def test_an_ordinary_folder_may_be_emptied_as_one_likes(machine, change):
    make(machine.uploads, "photos/a")
    machine.sync("photos")
    change(machine.uploads / "photos")
    machine.sync("photos")


def test_a_volume_may_be_emptied_as_one_likes(machine):
    machine.mount("photos", "a")
    machine.sync("photos")
    emptied(machine.uploads / "photos")
    machine.sync("photos")


@pytest.mark.parametrize("left", [[], ["lost+found/1"]], ids=["empty", "as mkfs leaves it"])
@pytest.mark.parametrize("source", ["photos", "photos/2026", ""])
def test_an_empty_volume_in_the_place_of_a_full_one_is_refused_until_it_holds_something(machine, source, left):
    machine.mount("photos", "2026/a")
    make(machine.uploads, "other")
    machine.sync(source)
    machine.unmount("photos")
    machine.mount("photos", *left)
    with pytest.raises(SourceUnreadable, match="is an empty volume"):
        machine.sync(source)
    machine.volumes(source).require_there()  # a download may fill it
    make(machine.uploads, "photos/2026/b")
    machine.sync(source)
    (machine.uploads / "photos/2026/b").unlink()
    (machine.uploads / "photos/2026").rmdir()
    machine.sync(source)


def test_an_empty_volume_over_a_folder_that_held_files_is_refused(machine):
    make(machine.uploads, "photos/a")
    machine.sync("photos")
    machine.mount("photos")
    with pytest.raises(SourceUnreadable, match="is an empty volume"):
        machine.sync("photos")
    machine.unmount("photos")
    machine.sync("photos")


def test_a_new_pair_and_a_new_volume_beside_are_no_concern(machine):
    make(machine.uploads, "photos/a")
    machine.mount("new")
    machine.sync("new")
    machine.sync("photos")
    machine.mount("photos/new")
    machine.sync("photos")
    machine.unmount("photos/new")
    machine.sync("photos")
    machine.unmount("new")
    machine.sync("new")


def test_what_another_mirror_of_the_same_part_of_the_bucket_saw_counts(machine):
    machine.mount("photos", "2026/a")
    machine.sync("")
    machine.unmount("photos")
    with pytest.raises(SourceUnreadable):
        machine.volumes("photos/2026", prefix="").require_same()


def test_each_pair_knows_only_what_it_was_mirrored_with(machine):
    make(machine.uploads, "photos/a")
    machine.mount("stick", "b")
    machine.sync("photos")
    machine.volumes("", prefix="all/").require_same()
    machine.unmount("stick")
    machine.sync("photos")
    machine.volumes("", prefix="other/").require_same()
    with pytest.raises(SourceUnreadable):
        machine.volumes("", prefix="all/").require_same()


def test_what_was_downloaded_into_is_the_right_one_even_when_it_is_emptied_later(machine):
    machine.mount("photos", "a")
    machine.sync("photos")
    machine.unmount("photos")
    machine.mount("photos", "downloaded")
    machine.volumes("photos").note_what_is_there()
    emptied(machine.uploads / "photos")
    machine.sync("photos")


def test_an_empty_volume_is_not_the_right_one_because_of_a_download_that_brought_nothing_there(machine):
    machine.mount("photos", "a")
    make(machine.uploads, "other")
    machine.sync("")
    machine.unmount("photos")
    machine.mount("photos")
    machine.volumes("").note_what_is_there()  # of a download with exclude=photos/
    with pytest.raises(SourceUnreadable, match="is an empty volume"):
        machine.sync("")


def test_a_link_to_a_folder_on_a_volume_is_on_that_volume(machine):
    machine.mount("disk", "photos/a")
    (machine.uploads / "photos").symlink_to("disk/photos")
    machine.sync("photos")
    machine.unmount("disk")
    with pytest.raises(SourceUnreadable):
        machine.sync("photos")


def test_another_setting_of_the_uploads_folder_starts_anew(machine):
    machine.mount("photos", "a")
    machine.sync("photos")
    machine.unmount("photos")
    machine.uploads.rename(machine.folder / "elsewhere")
    machine.uploads = machine.folder / "elsewhere"
    machine.sync("photos")


@pytest.mark.parametrize("torn", ["", "[", "[1]", '[[], "", 5]', "\x00"], ids=["empty", "cut", "short", "odd", "noise"])
def test_a_torn_note_is_no_note(machine, torn):
    make(machine.uploads, "photos/a")
    machine.sync("photos")
    [note] = (machine.data_dir / "source-volumes").iterdir()
    note.write_text(torn)
    machine.sync("photos")


def test_where_the_system_has_no_table_the_folders_are_looked_at(machine):
    machine.table = machine.folder / "there is none"
    make(machine.uploads, "photos/a")
    machine.sync("photos")
    emptied(machine.uploads / "photos")
    machine.sync("photos")
