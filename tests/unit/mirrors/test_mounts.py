"""An uploads folder that was a mounted volume must stay one, and an empty folder in its place is not the folder."""

import pytest

from app.errors import SourceUnreadable
from app.mirrors.mounts import folder_watched, note_folder, require_known_folder_when_empty, require_volume

pytestmark = pytest.mark.fault(25)


def mounted(_):
    return True


def unmounted(_):
    return False


def test_an_ordinary_folder_is_fine(tmp_path):
    require_volume(tmp_path / "uploads", tmp_path)
    require_volume(tmp_path / "uploads", tmp_path)


def test_a_volume_that_is_gone_is_noticed_until_it_is_back(tmp_path):
    uploads = tmp_path / "uploads"
    require_volume(uploads, tmp_path, mounted)
    for _ in range(2):
        with pytest.raises(SourceUnreadable, match="Mount it again"):
            require_volume(uploads, tmp_path, unmounted)
    require_volume(uploads, tmp_path, mounted)


def test_another_folder_is_judged_by_itself(tmp_path):
    require_volume(tmp_path / "volume", tmp_path, mounted)
    require_volume(tmp_path / "folder", tmp_path, unmounted)


def test_the_way_out_that_the_sentence_names_works(tmp_path):
    uploads = tmp_path / "uploads"
    require_volume(uploads, tmp_path, mounted)
    with pytest.raises(SourceUnreadable) as caught:
        require_volume(uploads, tmp_path, unmounted)
    note = next(word.rstrip(".") for word in str(caught.value).split() if word.endswith("uploads-volume."))
    assert note == str(tmp_path / "uploads-volume")
    (tmp_path / "uploads-volume").unlink()
    require_volume(uploads, tmp_path, unmounted)


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


def seen_with_a_file(uploads, data_dir):
    (uploads / "a.txt").touch()
    require_known_folder_when_empty(uploads, data_dir)


def put_another_in_its_place(uploads):
    uploads.rename(uploads.with_name("unmounted"))
    uploads.mkdir()


def test_a_folder_that_a_person_emptied_is_the_same_folder(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    (uploads / "a.txt").unlink()

    require_known_folder_when_empty(uploads, tmp_path)


def test_an_empty_folder_that_was_never_seen_is_taken_as_it_is(uploads, tmp_path):
    require_known_folder_when_empty(uploads, tmp_path)
    put_another_in_its_place(uploads)

    require_known_folder_when_empty(uploads, tmp_path)


def test_an_empty_folder_in_the_place_of_a_full_one_is_refused_until_the_full_one_is_back(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    put_another_in_its_place(uploads)

    for _ in range(2):
        with pytest.raises(SourceUnreadable, match="not the folder that held files before"):
            require_known_folder_when_empty(uploads, tmp_path)
    uploads.rmdir()
    uploads.with_name("unmounted").rename(uploads)
    require_known_folder_when_empty(uploads, tmp_path)


def test_a_file_shows_that_another_folder_is_the_right_one(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    put_another_in_its_place(uploads)
    seen_with_a_file(uploads, tmp_path)
    (uploads / "a.txt").unlink()

    require_known_folder_when_empty(uploads, tmp_path)


def test_a_folder_that_was_downloaded_into_is_the_right_one_even_when_it_is_emptied_later(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    put_another_in_its_place(uploads)
    (uploads / "downloaded").touch()
    note_folder(uploads, tmp_path)
    (uploads / "downloaded").unlink()

    require_known_folder_when_empty(uploads, tmp_path)


def test_a_download_that_brought_nothing_does_not_make_an_unknown_folder_known(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    put_another_in_its_place(uploads)
    note_folder(uploads, tmp_path)

    with pytest.raises(SourceUnreadable):
        require_known_folder_when_empty(uploads, tmp_path)


def test_another_setting_of_the_uploads_folder_starts_anew(uploads, tmp_path):
    seen_with_a_file(uploads, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    require_known_folder_when_empty(elsewhere, tmp_path)


@pytest.mark.parametrize("torn", [b"", b"12", b"12 ", b"\xff\x00"], ids=["empty", "a number", "no folder", "noise"])
def test_a_torn_note_is_no_note(uploads, tmp_path, torn):
    (tmp_path / "uploads-folder").write_bytes(torn)

    require_known_folder_when_empty(uploads, tmp_path)


def test_a_folder_that_stays_may_be_changed_but_not_emptied_under_who_watches_it(uploads):
    (uploads / "a").touch()
    with folder_watched(uploads) as require_same:
        (uploads / "b").touch()
        (uploads / "a").unlink()
        require_same()
        (uploads / "b").unlink()
        with pytest.raises(SourceUnreadable, match="replaced, unmounted or emptied"):
            require_same()


@pytest.mark.parametrize("change", [put_another_in_its_place, lambda uploads: uploads.rmdir()], ids=["other", "none"])
def test_a_folder_that_is_another_or_gone_is_noticed_by_who_watches_it_though_it_was_empty(uploads, change):
    with folder_watched(uploads) as require_same:
        require_same()
        change(uploads)
        with pytest.raises(SourceUnreadable):
            require_same()


def test_a_folder_that_is_missing_may_come(uploads):
    with folder_watched(uploads / "missing") as require_same:
        require_same()
        (uploads / "missing").mkdir()
        require_same()
