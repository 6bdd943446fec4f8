"""What stands in a folder under each segment of keys, and the entries of files; nothing here asks anybody."""

import pytest

from app.errors import StorageFailure
from app.storages.base import Entry
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.resources import FOLDER, SHORTCUT, DriveFile
from app.storages.gdrive.standing import Entries, Left, Standing


class NobodyAsks:
    def current(self):
        raise AssertionError("a token was asked for")

    instead_of = current


@pytest.fixture
def entries():
    files = DriveFiles(DriveAddress("", NobodyAsks()))
    yield Entries(files)
    files.close()


def file(number, name, mime_type="text/plain", size=4, md5="0" * 32):
    return DriveFile(f"id{number}", name, mime_type, size, md5, modified_ns=1_500_000_000, version=7)


ONE, OTHER, THIRD = (file(number, "name") for number in range(3))
INSIDE, TWIN = (file(number, "name", FOLDER, None, None) for number in (10, 11))
LINK = file(20, "name", SHORTCUT, None, None)
SPELT = file(30, "a⧵2Fb")
MANY = "have this name in Drive. Rename or remove all but one of them."


@pytest.mark.parametrize(
    ("children", "standing"),
    [
        pytest.param([ONE], Standing(ONE), id="a file"),
        pytest.param([ONE, ONE], Standing(ONE), id="a file on two pages"),
        pytest.param([INSIDE], Standing(None, INSIDE), id="a folder"),
        pytest.param([INSIDE, ONE], Standing(ONE, INSIDE), id="a file and a folder"),
        pytest.param([ONE, OTHER], Standing(left=Left(f"2 files {MANY}", True)), id="two files"),
        pytest.param([ONE, OTHER, THIRD], Standing(left=Left(f"3 files {MANY}", True)), id="three files"),
        pytest.param([INSIDE, TWIN], Standing(left=Left(f"2 folders {MANY}", True, True)), id="two folders"),
        pytest.param(
            [INSIDE, ONE, OTHER], Standing(None, INSIDE, Left(f"2 files {MANY}", True)), id="two files and a folder"
        ),
        pytest.param(
            [INSIDE, TWIN, ONE], Standing(left=Left(f"2 folders {MANY}", True, True)), id="two folders and a file"
        ),
        pytest.param([LINK, ONE], Standing(ONE), id="a file and a shortcut"),
        pytest.param([LINK, INSIDE], Standing(None, INSIDE), id="a folder and a shortcut"),
    ],
)
def test_what_has_one_name(entries, children, standing):
    assert entries.by_segment(children) == {"name": standing}
    assert entries.by_segment(reversed(children)).keys() == {"name"}


def test_a_shortcut_is_left_out_by_rule(entries):
    (standing,) = entries.by_segment([LINK]).values()
    assert (standing.file, standing.folder, standing.left.failed, standing.left.subtree) == (None, None, False, False)


def test_a_name_that_another_one_is_spelt_as_hides_that_one_too(entries):
    found = entries.by_segment([SPELT, file(31, "a/b"), file(32, "other")])
    assert found.keys() == {"a⧵2Fb", "other"}
    assert (found["a⧵2Fb"].file, found["a⧵2Fb"].left.failed) == (None, True)


def test_a_file_is_an_entry_with_its_md5_else_with_a_stamp_of_its_version(entries):
    assert entries.entry("key", ONE) == Entry("key", 4, 1.5, "0" * 32)
    assert entries.entry("key", ONE._replace(md5=None)) == Entry("key", 4, 1.5, None, "id0:7")


def test_a_file_without_a_size_is_none(entries):
    with pytest.raises(StorageFailure, match="size"):
        entries.entry("key", ONE._replace(size=None))
