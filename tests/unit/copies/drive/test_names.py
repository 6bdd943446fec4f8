"""What files are called on their way between a Drive and the library."""

import pytest

from app.copies.drive.making import Folder, folder_of
from app.copies.drive.names import file_name_in_drive, item_name, name_in_drive
from app.copies.drive.storing import mime_type_of
from app.library.texts import ITEM_NAME_MAX


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Aionvision Export", "Aionvision Export", id="plain"),
        pytest.param("/Aionvision Export", "Aionvision Export", id="a slash before it, as the vendor's example has"),
        pytest.param("exports/2025/", "exports_2025", id="slashes within and behind"),
        pytest.param("a\nb\tc\x00d\x7fe", "a_b_c_d_e", id="control characters"),
        pytest.param("  / a b /  ", "a b", id="spaces at both ends"),
        pytest.param("名前 é.png", "名前 é.png", id="any other characters"),
        pytest.param("..", "..", id="dots, which mean nothing in Drive"),
        pytest.param(" // ", "", id="nothing is left"),
    ],
)
def test_names_lose_what_other_programs_take_for_something_else(given, expected):
    assert name_in_drive(given) == expected
    assert file_name_in_drive(given) == (expected or "Unnamed")


@pytest.mark.parametrize(
    ("asked", "found", "stored", "expected"),
    [
        pytest.param("", "photo.jpg", "photo.jpg", "photo.jpg", id="nobody asked for a name"),
        pytest.param("mine.jpg", "photo.jpg", "photo.jpg", "mine.jpg", id="the client's name"),
        pytest.param("mine", "photo.jpg", "photo.jpg", "mine", id="what has bytes of its own gets no extension"),
        pytest.param("", "Sketch", "Sketch.png", "Sketch.png", id="an export"),
        pytest.param("mine", "Sketch", "Sketch.png", "mine.png", id="an export under the client's name"),
        pytest.param("mine.PNG", "Sketch", "Sketch.png", "mine.PNG", id="the extension is there already"),
        pytest.param("mine.txt", "Sketch", "Sketch.png", "mine.txt.png", id="another extension is there"),
        pytest.param("", "v1.2 plan", "v1.2 plan.pdf", "v1.2 plan.pdf", id="a dot in the name"),
        pytest.param("x" * 5000, "a", "a", "x" * ITEM_NAME_MAX, id="too long"),
        pytest.param("", "x" * 5000, "x" * 5000 + ".png", "x" * (ITEM_NAME_MAX - 4) + ".png", id="an export, too long"),
    ],
)
def test_an_item_is_called_as_its_client_wants_with_the_extension_of_an_export(asked, found, stored, expected):
    assert item_name(asked, found, stored) == expected


@pytest.mark.parametrize(
    ("folder_id", "name", "expected"),
    [
        pytest.param(None, None, Folder(None, None), id="the root"),
        pytest.param("", "", Folder(None, None), id="empty texts are none"),
        pytest.param("abc", None, Folder("abc", None), id="one that is there"),
        pytest.param("abc", "/Trip/", Folder("abc", "Trip"), id="a new one in one that is there"),
        pytest.param(None, " / ", Folder(None, None), id="a name of which nothing is left"),
    ],
)
def test_an_export_goes_where_it_was_asked_to_go(folder_id, name, expected):
    assert folder_of(folder_id, name) == expected


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        pytest.param("image/jpeg", "image/jpeg", id="a type"),
        pytest.param("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", id="long"),
        pytest.param(None, None, id="nothing is known"),
        pytest.param(7, None, id="no text"),
        pytest.param("image", None, id="no type"),
        pytest.param("image/jpeg\r\nX-Evil: 1", None, id="lines of a header"),
        pytest.param("image/jpeg; charset=é", None, id="parameters"),
        pytest.param("application/vnd.google-apps.document", None, id="Google would convert the file"),
        pytest.param("application/VND.google-apps.Document", None, id="the same in other letters"),
    ],
)
def test_a_type_goes_to_drive_only_where_it_can_be_one_of_bytes(noted, expected):
    assert mime_type_of(noted) == expected
