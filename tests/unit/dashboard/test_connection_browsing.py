"""What lies in a storage as a page shows it: where one is, the way up, and names that cannot disguise themselves."""

import pytest

from app.browsing.contract import Content, Item
from app.connections.contract import Connection
from app.dashboard.connections.browsing_views import Place, crumbs, rows, visible


def connection(prefix=""):
    address = {"endpoint": "http://minio:9000", "bucket": "photos"} | ({"prefix": prefix} if prefix else {})
    return Connection(1, "id", "s3", "Name", address, 1, None, 0.0, 5.0)


@pytest.mark.parametrize(
    ("default", "asked", "folder", "start"),
    [
        pytest.param("", {}, "", "", id="the top"),
        pytest.param("", {"prefix": "a/b/"}, "a/b/", "", id="a folder"),
        pytest.param("", {"prefix": "a/b/", "start": "im"}, "a/b/", "im", id="names that begin so"),
        pytest.param("", {"prefix": "a/b"}, "a/", "b", id="no whole folder"),
        pytest.param("", {"start": "a/b"}, "a/", "b", id="a folder that is typed"),
        pytest.param("", {"prefix": "/"}, "/", "", id="a folder without a name"),
        pytest.param("a/b", {}, "a/", "b", id="where the connection begins"),
        pytest.param("a/", {"start": "x"}, "a/", "x", id="names where the connection begins"),
        pytest.param("a/", {"prefix": "c/"}, "c/", "", id="elsewhere"),
    ],
)
def test_a_place_is_a_folder_and_the_start_of_names(default, asked, folder, start):
    place = Place.of(connection(default), asked)
    assert (place.folder, place.start, place.search) == (folder, start, folder + start)


@pytest.mark.parametrize(
    ("default", "folder", "expected"),
    [
        pytest.param("", "", [("photos", "")], id="the top"),
        pytest.param("", "a/b/", [("photos", ""), ("a", "a/"), ("b", "a/b/")], id="a folder"),
        pytest.param("a/", "a/b/", [("photos", None), ("a", "a/"), ("b", "a/b/")], id="not above where it begins"),
        pytest.param("a/b", "a/", [("photos", None), ("a", "a/")], id="it begins with part of a name"),
        pytest.param("x", "a/", [("photos", ""), ("a", "a/")], id="it begins with part of a name at the top"),
        pytest.param("", "//a/", [("photos", ""), ("/", "/"), ("/", "//"), ("a", "//a/")], id="folders without a name"),
    ],
)
def test_the_way_up_is_shown(default, folder, expected):
    assert [tuple(crumb) for crumb in crumbs(connection(default), Place(folder, "", None))] == expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain Ünï 漢字.png", "plain Ünï 漢字.png"),
        ("line\nbreak\r\t\x7f", "line␊break␍␉␡"),
        ("\u202egnp.exe", "[202E]gnp.exe"),
        ("a\u2066b\u2028c\x85", "a[2066]b[2028]c[85]"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_a_name_shows_what_it_is(name, shown):
    assert visible(name) == shown


def test_pictures_are_asked_for_by_what_becomes_another_word_with_them():
    found = [
        Item("d.png", is_folder=True, key="d.png/"),
        Item("a.png", is_folder=False, size=3, modified=1.5, mark="etag", key="a.png"),
        Item("b.JPG", is_folder=False, size=3, modified=1.5, key="b.JPG"),
        Item("m.png", is_folder=False, key="m.png"),
        Item("c.txt", is_folder=False, size=3, modified=1.5, mark="etag", key="c.txt"),
    ]
    shown = rows(connection(), Content(found, None))
    assert [row.is_picture for row in shown] == [False, True, True, True, False]
    assert [row.version for row in shown if row.is_picture] == ["5.0-etag", "5.0-3-1.5", ""]
