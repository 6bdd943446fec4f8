"""Looking around in a storage and in its manifests, through the service."""

import re

import pytest

from app.browsing.contract import Content, ContentQuery, Item
from app.browsing.manifests import Manifests
from app.errors import (
    AccessDenied,
    CheckFailed,
    InvalidInput,
    ManifestUnusable,
    NotFound,
    ObjectMissing,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
)
from app.storages.base import Rights
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.browsing import CONNECTION_ID, HEAD, OneConnection, manifest_of, put
from tests.support.storages import Reads, WrappedStorage

KEYS = ["a.png", "sub/image_1.png", "sub/image_2.png", "sub/deep/x.png", "sub/", "z.txt"]


@pytest.fixture
def filled(storage):
    for key in KEYS:
        put(storage, key)
    return storage


@pytest.fixture
def content(browsing, anna):
    def ask(prefix="", **query):
        return browsing.content(anna, CONNECTION_ID, ContentQuery(prefix, **query))

    return ask


@pytest.fixture
def pages(content):
    def all_of_them(prefix="", **query):
        found, token = [], None
        while True:
            page = content(prefix, token=token, **query)
            found.append(shown(page))
            token = page.next_token
            if token is None:
                return found

    return all_of_them


def shown(page):
    return [item.name + ("/" if item.is_folder else "") for item in page.items]


class TestAStorage:
    @pytest.mark.usefixtures("filled")
    @pytest.mark.parametrize(
        ("default", "prefix", "expected"),
        [
            pytest.param("", "", ["sub/", "a.png", "z.txt"], id="the top"),
            pytest.param("", "/", ["sub/", "a.png", "z.txt"], id="a slash is no prefix"),
            pytest.param("", "sub/", ["deep/", "image_1.png", "image_2.png"], id="a folder"),
            pytest.param("", "/sub/", ["deep/", "image_1.png", "image_2.png"], id="one slash at the start is left out"),
            pytest.param("", "//sub/", [], id="only one"),
            pytest.param("", "sub/im", ["image_1.png", "image_2.png"], id="part of a name"),
            pytest.param("", "sub", ["sub/"], id="the name of a folder"),
            pytest.param("", "nothing/", [], id="nothing"),
            pytest.param("sub/", "", ["deep/", "image_1.png", "image_2.png"], id="the default prefix"),
            pytest.param("sub/im", "", ["image_1.png", "image_2.png"], id="a partial default prefix"),
            pytest.param("sub/deep/", "sub/", ["deep/"], id="above the default prefix"),
            pytest.param("sub/", "a", [], id="beside the default prefix"),
        ],
    )
    def test_shows_a_level(self, connections, content, default, prefix, expected):
        if default:
            connections.change(address={"bucket": "b", "prefix": default})
        assert shown(content(prefix)) == expected

    @pytest.mark.parametrize("prefix", ["s", "other"])
    def test_is_not_asked_where_the_default_prefix_is_the_answer(self, connections, content, prefix):
        connections.change(address={"bucket": "b", "prefix": "sub/"})
        assert content(prefix).next_token is None
        assert connections.asked == 0

    def test_gives_pages_that_are_each_in_order(self, storage, pages):
        for key in ("a", "b/x", "b/y", "c", "d/x", "e"):
            put(storage, key)
        assert pages(limit=2) == [["b/", "a"], ["d/", "c"], ["e"]]
        assert pages(limit=1) == [["a"], ["b/"], ["c"], ["d/"], ["e"]]

    @pytest.mark.usefixtures("filled")
    def test_gives_a_page_without_items_where_a_marker_alone_lies_on_it(self, pages):
        assert pages("sub/", limit=1) == [[], ["deep/"], ["image_1.png"], ["image_2.png"]]

    def test_of_100_000_keys_is_paged_by_500(self, pages, content, storage):
        for number in range(100_000):
            put(storage, f"many/{number:06}.png")
        found = pages("many/", limit=500)
        assert len(found) == 200
        assert [name for page in found for name in page] == [f"{number:06}.png" for number in range(100_000)]
        assert shown(content()) == ["many/"]

    @pytest.mark.usefixtures("filled")
    @pytest.mark.parametrize("token", ["0", "nonsense", "x" * 10_000])
    def test_refuses_a_token_that_is_none(self, content, token):
        with pytest.raises(InvalidInput) as caught:
            content(token=token)
        assert caught.value.field == "next_token"

    @pytest.mark.usefixtures("filled")
    def test_takes_an_empty_token_for_none(self, content):
        assert shown(content(token="", manifest="")) == ["sub/", "a.png", "z.txt"]

    @pytest.mark.parametrize("limit", [0, -1, 501])
    def test_has_pages_of_1_to_500(self, content, limit):
        with pytest.raises(InvalidInput) as caught:
            content(limit=limit)
        assert caught.value.field == "limit"

    def test_that_is_gone_is_told(self, connections, content):
        connections.storage = MemoryStorage()
        with pytest.raises(StorageMissing):
            content()

    def test_tells_its_rights(self, browsing, anna):
        assert browsing.rights(anna, CONNECTION_ID) == Rights(reads=True, writes=True)

    def test_of_nobody_s_connection_is_not_found(self, browsing, connections, anna):
        connections.connection = None
        for ask in (
            lambda: browsing.content(anna, CONNECTION_ID, ContentQuery()),
            lambda: browsing.preview(anna, CONNECTION_ID),
            lambda: browsing.thumbnail(anna, CONNECTION_ID, "a.png"),
            lambda: browsing.rights(anna, CONNECTION_ID),
        ):
            with pytest.raises(NotFound):
                ask()


MANIFEST = manifest_of(["10.jpg", "9.jpg", "Sub10/a.jpg", "sub9/b.jpg", "sub9/a.jpg", "B.jpg", "a.jpg"])


class TestAManifest:
    @pytest.mark.parametrize(
        ("default", "key", "prefix", "expected"),
        [
            pytest.param("", "m.jsonl", "", ["sub9/", "Sub10/", "9.jpg", "10.jpg", "a.jpg", "B.jpg"], id="the top"),
            pytest.param("", "m.jsonl", "sub9/", ["a.jpg", "b.jpg"], id="a folder"),
            pytest.param("", "m.jsonl", "/sub9/", ["a.jpg", "b.jpg"], id="one slash at the start is left out"),
            pytest.param("", "m.jsonl", "sub9", ["sub9/"], id="the name of a folder"),
            pytest.param("", "m.jsonl", "sub9/a", ["a.jpg"], id="part of a name"),
            pytest.param("", "m.jsonl", "nothing/", [], id="nothing"),
            pytest.param("", "x/y/m.jsonl", "", ["x/"], id="above its own folder"),
            pytest.param("", "x/y/m.jsonl", "x/", ["y/"], id="one level above its own folder"),
            pytest.param("", "x/y/m.jsonl", "x/y/sub9/", ["a.jpg", "b.jpg"], id="below its own folder"),
            pytest.param("sub9/", "m.jsonl", "", ["a.jpg", "b.jpg"], id="the default prefix"),
            pytest.param("sub9/x/", "m.jsonl", "sub9/", ["x/"], id="above the default prefix"),
            pytest.param("other/", "m.jsonl", "sub9/", [], id="beside the default prefix"),
        ],
    )
    def test_shows_a_level(self, storage, connections, content, default, key, prefix, expected):
        put(storage, key, MANIFEST)
        if default:
            connections.change(address={"bucket": "b", "prefix": default})
        assert shown(content(prefix, manifest=key)) == expected

    def test_need_not_be_registered_and_its_objects_need_not_be_there(self, storage, content):
        put(storage, "m.jsonl", manifest_of(["gone.jpg"]))
        assert content(manifest="m.jsonl") == Content([Item("gone.jpg", is_folder=False, key="gone.jpg")], None)

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7])
    def test_is_paged_by_numbers(self, storage, pages, content, limit):
        put(storage, "m.jsonl", MANIFEST)
        found = pages(manifest="m.jsonl", limit=limit)
        assert [name for page in found for name in page] == ["sub9/", "Sub10/", "9.jpg", "10.jpg", "a.jpg", "B.jpg"]
        assert {len(page) for page in found[:-1]} <= {limit}
        assert content(manifest="m.jsonl", limit=limit).next_token == (str(limit) if limit < 6 else None)

    def test_of_100_000_images_is_paged_by_500_and_read_once(self, storage, connections, pages):
        put(storage, "m.jsonl", manifest_of(f"{number}.jpg" for number in range(99_999, -1, -1)))
        connections.storage = reads = Reads(storage)
        found = pages(manifest="m.jsonl")
        assert len(found) == 200
        assert [name for page in found for name in page] == [f"{number}.jpg" for number in range(100_000)]
        assert reads.keys == ["m.jsonl"]

    @pytest.mark.parametrize("token", ["7", "500", "9" * 18])
    def test_behind_its_end_is_an_empty_page(self, storage, content, token):
        put(storage, "m.jsonl", MANIFEST)
        assert content(manifest="m.jsonl", token=token) == Content([], None)

    @pytest.mark.parametrize(
        "token", ["-1", "x", "1.0", " 1", "1 ", "+1", "٣", "²", "1e3", "9" * 5000, "\0", "eyJ4Ijo3fQ"]
    )
    def test_refuses_a_token_that_is_no_number(self, storage, content, token):
        put(storage, "m.jsonl", MANIFEST)
        with pytest.raises(InvalidInput) as caught:
            content(manifest="m.jsonl", token=token)
        assert caught.value.field == "next_token"

    @pytest.mark.parametrize("data", [b"", HEAD.encode(), HEAD.encode() + b"\n\n"])
    def test_that_names_nothing_is_empty(self, storage, content, data):
        put(storage, "m.jsonl", data)
        assert content(manifest="m.jsonl") == Content([], None)

    def test_that_is_none_says_which_line(self, storage, content):
        put(storage, "m.jsonl", HEAD.encode() + b"{}")
        with pytest.raises(ManifestUnusable, match="Line 3"):
            content(manifest="m.jsonl")

    @pytest.mark.parametrize("key", ["gone.jsonl", "../../etc/passwd", "/etc/passwd", "m.jsonl/", "\udcff", "x" * 5000])
    def test_that_is_missing_is_named(self, content, key, data_dir):
        with pytest.raises(CheckFailed) as caught:
            content(manifest=key)
        assert caught.value.manifest == key
        assert isinstance(caught.value.found, ObjectMissing)
        assert not data_dir.exists()

    def test_of_a_storage_that_is_gone_is_an_error_of_the_storage(self, connections, content):
        connections.storage = MemoryStorage()
        with pytest.raises(StorageMissing):
            content(manifest="m.jsonl")

    def test_that_is_forbidden_is_named_while_the_storage_answers(self, storage, connections, content):
        connections.storage = Forbidden(storage)
        with pytest.raises(CheckFailed) as caught:
            content(manifest="m.jsonl")
        assert caught.value.manifest == "m.jsonl"
        assert isinstance(caught.value.found, AccessDenied)

    def test_of_a_forbidden_storage_is_an_error_of_the_storage(self, storage, connections, content):
        connections.storage = Forbidden(storage, AccessDenied("no"))
        with pytest.raises(AccessDenied):
            content(manifest="m.jsonl")

    def test_of_a_storage_that_went_away_meanwhile_is_an_error_of_the_storage(self, storage, connections, content):
        connections.storage = Forbidden(storage, StorageUnreachable("gone"))
        with pytest.raises(StorageUnreachable):
            content(manifest="m.jsonl")

    def test_that_is_replaced_is_read_anew(self, storage, content):
        put(storage, "m.jsonl", manifest_of(["a.jpg"]))
        assert shown(content(manifest="m.jsonl")) == ["a.jpg"]
        put(storage, "m.jsonl", manifest_of(["b.jpg"]))
        assert shown(content(manifest="m.jsonl")) == ["b.jpg"]
        storage.delete(["m.jsonl"])
        with pytest.raises(CheckFailed):
            content(manifest="m.jsonl")

    def test_of_a_connection_that_leads_elsewhere_is_read_there(self, storage, connections, content):
        put(storage, "m.jsonl", manifest_of(["a.jpg"]))
        content(manifest="m.jsonl")
        connections.storage = Reads(storage)
        connections.change(address={"bucket": "other"})
        content(manifest="m.jsonl")
        assert connections.storage.keys == ["m.jsonl"]

    def test_that_is_forgotten_is_read_again(self, storage, connections, content, browsing):
        put(storage, "m.jsonl", manifest_of(["a.jpg"]))
        connections.storage = reads = Reads(storage)
        for _ in range(3):
            content(manifest="m.jsonl")
        browsing.connection_changed("another")
        content(manifest="m.jsonl")
        assert reads.keys == ["m.jsonl"]
        browsing.connection_changed(CONNECTION_ID)
        content(manifest="m.jsonl")
        assert reads.keys == ["m.jsonl"] * 2

    def test_that_is_replaced_between_the_look_and_the_reading_is_not_taken_for_the_old_one(
        self, storage, connections, content
    ):
        put(storage, "m.jsonl", manifest_of(["a.jpg"]))
        connections.storage = Replaced(storage, manifest_of(["b.jpg"]))
        with pytest.raises(StorageFailure, match="Try again"):
            content(manifest="m.jsonl")
        assert shown(content(manifest="m.jsonl")) == ["b.jpg"]

    def test_that_ends_too_early_is_an_error_of_the_storage(self, storage, connections, content):
        put(storage, "m.jsonl", manifest_of(["a.jpg", "b.jpg"]))
        connections.storage = CutShort(storage)
        with pytest.raises(StorageFailure, match=re.escape("'m.jsonl' cannot be read")):
            content(manifest="m.jsonl")

    def test_that_says_it_is_too_large_is_not_read(self, storage, connections, content):
        put(storage, "m.jsonl", MANIFEST)
        connections.storage = reads = Huge(storage)
        with pytest.raises(ManifestUnusable, match="bytes"):
            content(manifest="m.jsonl")
        assert reads.keys == []

    def test_that_does_not_fit_into_memory_is_still_shown(self, storage):
        put(storage, "m.jsonl", MANIFEST)
        connection = OneConnection(storage).connection
        page = Manifests(capacity=10).page(storage, connection, "m.jsonl", "", range(2))
        assert shown(page) == ["sub9/", "Sub10/"]


class Huge(Reads):
    def stat(self, key):
        return self.inner.stat(key)._replace(size=64 * 1024 * 1024 + 1)


class Forbidden(WrappedStorage):
    """Denies every object; the storage itself answers, or not."""

    def __init__(self, inner, found=None):
        super().__init__(inner)
        self.found = found

    def check(self):
        if self.found:
            raise self.found

    def stat(self, key):
        raise AccessDenied(f"You may not see {key}.")


class Replaced(WrappedStorage):
    """Has another object in the place of what was looked at, once."""

    def __init__(self, inner, data):
        super().__init__(inner)
        self.data = data

    def read(self, key):
        put(self.inner, key, self.data)
        return self.inner.read(key)


class CutShort(WrappedStorage):
    def read(self, key):
        whole = self.inner.read(key)
        content = MemoryContent(whole.read()[:-9], 0, whole.mark)
        content.size = whole.size
        return content
