"""An uploads folder that was a mounted volume must stay one."""

import pytest

from app.errors import SourceUnreadable
from app.mirrors.mounts import require_volume


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
