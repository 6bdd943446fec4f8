"""Where a search begins, and what of a level is shown under which name: every row of the rules."""

import pytest

from app.browsing.contract import Content, Item
from app.browsing.levels import Level, beginning, folder_of, items_of, level_below, named_item
from app.storages.base import Entry, Folder


def answer(key):
    """The one folder on the way, whose key ends with its name."""
    return Content((Item(key.split("/")[-2], is_folder=True, key=key),), None) if key else Content((), None)


@pytest.mark.parametrize(
    ("default", "asked", "expected"),
    [
        pytest.param("", "", "", id="no default, nothing asked"),
        pytest.param("", "sub/im", "sub/im", id="no default"),
        pytest.param("sub/", "", "sub/", id="nothing asked"),
        pytest.param("a/b/c", "", "a/b/c", id="nothing asked above several levels"),
        pytest.param("sub/", "sub/", "sub/", id="the default itself"),
        pytest.param("sub/", "sub/deep/im", "sub/deep/im", id="below the default"),
        pytest.param("sub/im", "sub/image", "sub/image", id="longer than a partial default"),
        pytest.param("sub/im", "sub/", "sub/im", id="nothing but a name is left of the default"),
        pytest.param("sub/im", "sub/i", "sub/im", id="part of a name is left of the default"),
        pytest.param("image", "im", "image", id="a default without a folder"),
        pytest.param("sub/", "other", answer(""), id="neither is a prefix of the other"),
        pytest.param("sub/", "sup", answer(""), id="they part within a name"),
        pytest.param("sub/a", "sub/b", answer(""), id="they part on the second level"),
        pytest.param("sub/", "sub", answer("sub/"), id="the name of the default's folder"),
        pytest.param("sub/", "s", answer("sub/"), id="part of the name of the default's folder"),
        pytest.param("a/b/c/", "a", answer("a/"), id="the first level"),
        pytest.param("a/b/c/", "a/", answer("a/b/"), id="the second level"),
        pytest.param("a/b/c/", "a/b", answer("a/b/"), id="the second level by its name"),
        pytest.param("a/b/c/", "a/b/", answer("a/b/c/"), id="the third level, which CVAT calls b"),
        pytest.param("a/b/c", "a/b/", "a/b/c", id="the last name may be part of one"),
        pytest.param("abc/def/ghi", "abc/d", answer("abc/def/"), id="part of a name on the second level"),
    ],
)
def test_a_search_begins_where_the_default_prefix_lets_it(default, asked, expected):
    assert beginning(default, asked) == expected


@pytest.mark.parametrize(
    ("prefix", "folder"),
    [("", ""), ("sub", ""), ("sub/", "sub/"), ("sub/im", "sub/"), ("a/b/c", "a/b/"), ("/", "/"), ("a//", "a//")],
)
def test_names_are_relative_to_the_last_slash(prefix, folder):
    assert folder_of(prefix) == folder


def shown(search, *keys):
    found = [Folder(key[:-1]) if key.endswith("/*") else Entry(key, 1, 0.0) for key in keys]
    return [item.name + ("/" if item.is_folder else "") for item in items_of(search, found)]


@pytest.mark.parametrize(
    ("search", "keys", "expected"),
    [
        pytest.param("", ["a.png", "sub/*"], ["sub/", "a.png"], id="folders first"),
        pytest.param("", ["b", "c/*", "d", "e/*"], ["c/", "e/", "b", "d"], id="each half in the order of the page"),
        pytest.param("sub/", ["sub/image.png"], ["image.png"], id="below a folder"),
        pytest.param("sub/im", ["sub/image.png"], ["image.png"], id="part of a name"),
        pytest.param("sub", ["sub/*", "sub.png"], ["sub/", "sub.png"], id="a folder by its name"),
        pytest.param("a/b", ["a/b/*", "a/bc/*"], ["b/", "bc/"], id="folders on the second level"),
        pytest.param("sub/", ["sub/", "sub/a"], ["a"], id="its own marker is not shown"),
        pytest.param("a/b.png", ["a/b.png"], ["b.png"], id="a whole key"),
        pytest.param("a/", ["a//*"], ["/"], id="a folder without a name has none"),
        pytest.param("", [], [], id="nothing"),
    ],
)
def test_a_page_of_a_storage_is_shown(search, keys, expected):
    assert shown(search, *keys) == expected


def test_an_item_tells_what_its_entry_does():
    folder, image = items_of("a/", [Entry("a/b.png", 7, 3.5, etag="e"), Folder("a/c/")])
    assert folder == Item("c", is_folder=True, key="a/c/")
    assert image == Item("b.png", is_folder=False, size=7, modified=3.5, mark="e", key="a/b.png")


@pytest.mark.parametrize("key", ["/", "a/", "a//", "a/b/", "//"])
def test_the_key_of_a_folder_leads_into_it(key):
    level = key[: key[:-1].rfind("/") + 1]
    (item,) = items_of(level, [Folder(key)])
    assert (item.key, named_item(level, item.name, is_folder=True)) == (key, item)


def test_of_what_a_manifest_names_the_key_alone_is_known():
    assert named_item("a/b", "b.png", is_folder=False) == Item("b.png", is_folder=False, key="a/b.png")


def test_a_folder_without_a_name_at_the_top_leads_on_and_not_to_the_top_again():
    (item,) = items_of("", [Folder("/")])
    # A client goes on with prefix + name + "/", and one slash at the start of a prefix is no part of it.
    assert ("" + item.name + "/").removeprefix("/") == "/"


@pytest.mark.parametrize(
    ("search", "folder", "names", "expected"),
    [
        pytest.param("", "", ["a.jpg", "b.jpg"], Level([], ["a.jpg", "b.jpg"]), id="flat"),
        pytest.param("", "", ["x/a.jpg", "x/b.jpg", "c.jpg"], Level(["x"], ["c.jpg"]), id="a folder once"),
        pytest.param("", "", ["x/y/z/a.jpg"], Level(["x"], []), id="its first component"),
        pytest.param("", "sub/", ["a.jpg"], Level(["sub"], []), id="the manifest's own folder"),
        pytest.param("sub/", "sub/", ["a.jpg", "x/b.jpg"], Level(["x"], ["a.jpg"]), id="in the manifest's folder"),
        pytest.param("sub/a", "sub/", ["a.jpg", "b.jpg", "ab/c.jpg"], Level(["ab"], ["a.jpg"]), id="part of a name"),
        pytest.param("su", "sub/", ["a.jpg"], Level(["sub"], []), id="part of the folder's name"),
        pytest.param("other/", "sub/", ["a.jpg"], Level([], []), id="elsewhere"),
        pytest.param("sub/x/", "sub/", ["x/a.jpg", "y/a.jpg"], Level([], ["a.jpg"]), id="below the manifest's folder"),
        pytest.param("", "", ["a.jpg", "a.jpg"], Level([], ["a.jpg", "a.jpg"]), id="an image named twice is shown twice"),
        pytest.param("x/", "", ["x/"], Level([], []), id="a marker is not shown"),
        pytest.param("", "", ["/a.jpg"], Level(["/"], []), id="a folder without a name"),
    ],
)  # fmt: skip
def test_a_level_of_a_manifest_is_grouped(search, folder, names, expected):
    assert level_below(search, folder, names) == expected
