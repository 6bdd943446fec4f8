"""The words of downloads, as tables; and jobs that were made before there were any."""

import pytest

from app.mirrors.direction import Direction, direction_of


@pytest.mark.parametrize(
    ("said", "of_a_download"),
    [
        ("uploading photos/1.jpg", "downloading photos/1.jpg"),
        ("uploading uploading uploaded", "downloading uploading uploaded"),
        ("deleting 3 uploaded", "deleting 3 uploaded"),
        ("deleting uploading it", "deleting uploading it"),
        ("creating uploaded", "creating uploaded"),
        ("3 uploaded, 0 deleted, 7 unchanged", "3 downloaded, 0 deleted, 7 unchanged"),
        ("listing", "listing"),
    ],
)
def test_a_download_is_called_so_and_names_stay_as_they_are(said, of_a_download):
    assert Direction.DOWNLOAD.said(said) == of_a_download
    assert Direction.UPLOAD.said(said) == said


@pytest.mark.parametrize("action", ["upload", "delete", "create", "drop", "skip"])
def test_only_the_bringing_of_files_has_another_name(action):
    assert Direction.UPLOAD.action(action) == action
    assert Direction.DOWNLOAD.action(action) == ("download" if action == "upload" else action)


@pytest.mark.parametrize(
    ("arguments", "direction"),
    [
        ({}, Direction.UPLOAD),
        ({"direction": "upload"}, Direction.UPLOAD),
        ({"direction": "download"}, Direction.DOWNLOAD),
    ],
)
def test_a_job_without_a_direction_is_an_upload(arguments, direction):
    assert direction_of(arguments) is direction


@pytest.mark.parametrize(
    ("why", "of_a_download"),
    [
        ("edited", "replaced"),
        ("replaced", "edited"),
        ("content", "content"),
        ("new", "new"),
        ("key_refused", "key_refused"),
    ],
)
def test_edited_is_said_of_the_file_and_replaced_of_the_object_in_both_directions(why, of_a_download):
    assert Direction.UPLOAD.why(why) == why
    assert Direction.DOWNLOAD.why(why) == of_a_download
