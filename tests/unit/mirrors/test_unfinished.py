"""What a download has not brought yet must not be deleted by an upload from there."""

import json

import pytest

from app.errors import SourceUnreadable
from app.mirrors.unfinished import (
    NOTES,
    Pair,
    forget_unfinished,
    is_unfinished,
    note_unfinished,
    require_finished_downloads,
)

URL = "http://127.0.0.1:9000"


def pair(dest="bucket", prefix="", source="", storage_url=URL):
    return Pair.of({"storage_url": storage_url, "dest": dest, "prefix": prefix, "source": source})


@pytest.mark.parametrize(
    ("downloaded", "uploaded", "refused"),
    [
        pytest.param(pair(), pair(), True, id="the same"),
        pytest.param(pair(), pair(storage_url="http://localhost:9000"), True, id="another spelling of the address"),
        pytest.param(pair(source="photos"), pair(), True, id="a folder of it was downloaded"),
        pytest.param(pair(), pair(source="photos"), True, id="a folder of it is uploaded"),
        pytest.param(pair(source="photos"), pair(source="photos/2026"), True, id="a folder in the folder"),
        pytest.param(pair(prefix="a/"), pair(), True, id="a part of the bucket was downloaded"),
        pytest.param(pair(prefix="a/"), pair(prefix="a/b/"), True, id="a part of the part is uploaded"),
        pytest.param(pair(), pair(dest="other"), False, id="another bucket"),
        pytest.param(pair(), pair(storage_url="http://127.0.0.1:9001"), False, id="another storage"),
        pytest.param(pair(prefix="a/"), pair(prefix="b/"), False, id="another part of the bucket"),
        pytest.param(pair(prefix="a/"), pair(prefix="ab/"), False, id="another part that begins alike"),
        pytest.param(pair(source="photos"), pair(source="photos-2"), False, id="another folder"),
    ],
)
def test_an_upload_that_meets_an_unfinished_download_is_refused(tmp_path, downloaded, uploaded, refused):
    note_unfinished(tmp_path, downloaded)

    if refused:
        with pytest.raises(SourceUnreadable, match="would delete the rest"):
            require_finished_downloads(tmp_path, uploaded)
    else:
        require_finished_downloads(tmp_path, uploaded)


def test_a_finished_download_is_forgotten_and_no_other_with_it(tmp_path):
    for one in (pair(), pair(source="photos")):
        note_unfinished(tmp_path, one)
    forget_unfinished(tmp_path, pair())

    assert not is_unfinished(tmp_path, pair())
    assert is_unfinished(tmp_path, pair(source="photos"))
    forget_unfinished(tmp_path, pair(source="photos"))
    forget_unfinished(tmp_path, pair(source="photos"))
    require_finished_downloads(tmp_path, pair())


def test_the_way_out_that_the_sentence_names_works(tmp_path):
    note_unfinished(tmp_path, pair())
    with pytest.raises(SourceUnreadable) as caught:
        require_finished_downloads(tmp_path, pair())
    [note] = (tmp_path / NOTES).iterdir()
    assert str(caught.value).endswith(f"remove {note}.")
    note.unlink()
    require_finished_downloads(tmp_path, pair())


@pytest.mark.parametrize("torn", ["", "{", "[1]", "null", json.dumps(["a"] * 4)])
def test_what_cannot_be_read_is_no_note(tmp_path, torn):
    note_unfinished(tmp_path, pair())
    [note] = (tmp_path / NOTES).iterdir()
    note.write_text(torn)

    require_finished_downloads(tmp_path, pair())


def test_without_room_for_the_note_nothing_is_raised(tmp_path):
    (tmp_path / NOTES).write_text("a file in the place of the folder")
    note_unfinished(tmp_path, pair())

    assert not is_unfinished(tmp_path, pair())
    require_finished_downloads(tmp_path, pair())
    forget_unfinished(tmp_path, pair())
