"""What every storage promises of looking at it: one level page by page, one object, and what the credentials allow."""

import pytest

from app.errors import (
    AccessDenied,
    InvalidCredentials,
    InvalidInput,
    ObjectMissing,
    SluiceError,
    StorageFailure,
    StorageMissing,
)
from app.storages.base import LEVEL_LIMIT, Entry, Folder, Rights
from app.storages.memory import MemoryStorage
from app.storages.prefixed import PrefixedStorage
from tests.conformance.contents import KEYS, ODD, content, fill, ordered

IMPOSSIBLE = [
    pytest.param("", id="empty"),
    pytest.param("é" * 513, id="too long"),
    pytest.param("\udcff", id="a lone surrogate"),
]

FOREIGN_TOKENS = [
    pytest.param("", id="empty"),
    pytest.param("not-ours", id="a word"),
    pytest.param("0", id="a digit"),
    pytest.param("e30", id="another object"),
    pytest.param("bnVsbA==", id="base64 of something else"),
    pytest.param("x" * 3_000_000, id="megabytes"),
    pytest.param("tok\x00en\r\n", id="control characters"),
    pytest.param("\udcff", id="a lone surrogate"),
    pytest.param("日本", id="beyond ASCII"),
    pytest.param("../../etc/passwd", id="a path"),
]

PREFIXES = [
    pytest.param("", id="the top"),
    pytest.param("a", id="part of a name"),
    pytest.param("a/", id="a folder"),
    pytest.param("a/c", id="part of a name in a folder"),
    pytest.param("a/c/", id="a folder in a folder"),
    pytest.param("a/c/d", id="a whole key"),
    pytest.param("a/c/d/", id="below an object"),
    pytest.param("é", id="beyond ASCII"),
    pytest.param("zz", id="nothing"),
    pytest.param("no/such/folder/", id="a folder that is not there"),
    pytest.param("a//", id="an empty segment"),
    pytest.param("/", id="a slash"),
]


def pages_of(storage, prefix="", limit=LEVEL_LIMIT):
    """Browse to the end, and fail where that never comes."""
    token = None
    for _ in range(5000):
        page = storage.browse(prefix, limit, token)
        assert len(page.found) <= limit
        yield page
        token = page.next_token
        if token is None:
            return
    pytest.fail("The pages do not end.")


def names_of(storage, prefix="", limit=LEVEL_LIMIT):
    return [found.key for page in pages_of(storage, prefix, limit) for found in page.found]


def listed(storage, **options):
    return [entry.key for entry in storage.list(**options)]


def level_of(keys, prefix=""):
    """What the names of a level must be, told by the keys alone."""
    names = set()
    for key in keys:
        if key.startswith(prefix):
            segment, slash, _ = key[len(prefix) :].partition("/")
            names.add(prefix + segment + slash)
    return ordered(names)


class TestALevel:
    @pytest.mark.parametrize("prefix", PREFIXES)
    def test_is_complete_and_in_order_over_pages_of_every_size(self, filled, prefix):
        limits = (1, 2, 3, 5, LEVEL_LIMIT)
        assert [names_of(filled, prefix, limit) for limit in limits] == [level_of(KEYS, prefix)] * len(limits)

    def test_of_a_new_storage_is_one_empty_page(self, storage):
        page = storage.browse()
        assert (list(page.found), page.next_token) == ([], None)

    def test_tells_objects_from_folders(self, filled):
        found = {found.key: type(found) for found in filled.browse("a").found}
        assert found == {"a!b": Entry, "a.txt": Entry, "a/": Folder, "a0": Entry}

    def test_shows_its_objects_as_a_listing_does(self, filled):
        listed = {entry.key: entry for entry in filled.list()}
        for found in filled.browse("a/").found:
            if isinstance(found, Entry):
                assert_same(found, listed[found.key])

    @pytest.mark.parametrize("limit", [1, 2, 7])
    def test_shows_a_folder_once_however_many_objects_it_holds(self, storage, limit):
        keys = [f"{folder}/{number:02}" for folder in "bdf" for number in range(12)] + ["a", "c", "e", "g"]
        fill(storage, keys)
        assert names_of(storage, limit=limit) == ["a", "b/", "c", "d/", "e", "f/", "g"]

    def test_with_as_many_names_as_the_limit_is_complete(self, storage):
        keys = ["a", "b/1", "b/2", "c"]
        fill(storage, keys)
        for limit in (2, 3, 4):
            assert names_of(storage, limit=limit) == ["a", "b/", "c"]

    def test_gives_odd_keys_exactly(self, subject, storage):
        keys = [key for odd in ODD for key in odd.values if key not in subject.quirks.own_limits]
        fill(storage, keys)
        assert names_of(storage, limit=1) == level_of(keys)
        for key in keys:
            folder, slash, _ = key.rpartition("/")
            [entry] = [found for found in storage.browse(folder + slash).found if found.key == key]
            assert (entry.key, entry.size) == (key, len(key.encode()))
            assert storage.stat(key).key == key

    def test_shows_a_marker_as_its_folder_and_as_an_entry_where_it_is_the_prefix(self, subject, storage):
        if not subject.quirks.keeps_markers:
            pytest.skip("It keeps no objects whose keys end with a slash.")
        fill(storage, ["empty/", "full/", "full/a", "full/b/"])
        assert names_of(storage) == ["empty/", "full/"]
        assert [type(found) for found in storage.browse().found] == [Folder, Folder]
        assert [type(found) for found in storage.browse("full/").found] == [Entry, Entry, Folder]
        for limit in (1, 2, 3):
            assert names_of(storage, "full/", limit) == ["full/", "full/a", "full/b/"]
        assert names_of(storage, "empty") == ["empty/"]
        assert names_of(storage, "empty/") == ["empty/"]

    @pytest.mark.parametrize("prefix", IMPOSSIBLE[1:])
    def test_below_a_prefix_that_no_key_can_have_is_empty(self, filled, prefix):
        page = filled.browse(prefix)
        assert (list(page.found), page.next_token) == ([], None)

    @pytest.mark.parametrize("prefix", ["\x00", "a/\x00", "a/\x01b", "..", "a/../", "../", "\uffff", "new\nline"])
    def test_below_a_doubtful_prefix_is_empty_or_refused(self, filled, prefix):
        try:
            assert list(filled.browse(prefix).found) == []
        except SluiceError as error:
            assert not isinstance(error, StorageMissing)  # noqa: PT017 - either way is fine, but not any error

    @pytest.mark.parametrize("limit", [1, 2])
    def test_that_loses_objects_between_two_pages_keeps_its_order(self, storage, limit):
        fill(storage, ["a", "b", "c", "d/1", "d/2", "e"])
        first = storage.browse("", limit)
        storage.delete([found.key for found in first.found])
        rest, token = [], first.next_token
        while token is not None:
            page = storage.browse("", limit, token)
            rest += [found.key for found in page.found]
            token = page.next_token
        assert rest == ["a", "b", "c", "d/", "e"][limit:]


class TestAPart:
    @pytest.mark.parametrize("limit", [1, 2, 9])
    def test_of_a_storage_never_shows_its_own_marker_or_what_lies_beside_it(self, limit):
        inner = MemoryStorage(exists=True)
        fill(inner, ["o", "p", "p/", "p/a", "p/b/", "p/b/c", "p//x", "p0"])
        assert names_of(PrefixedStorage(inner, "p/"), limit=limit) == ["/", "a", "b/"]
        assert names_of(PrefixedStorage(inner, "p/"), "b/", limit) == ["b/", "b/c"]
        assert names_of(PrefixedStorage(inner, "p"), limit=limit) == ["/", "0"]
        with pytest.raises(ObjectMissing):
            PrefixedStorage(inner, "p/").stat("")


class TestAToken:
    @pytest.mark.parametrize("token", FOREIGN_TOKENS)
    def test_that_the_storage_did_not_make_is_refused(self, filled, token):
        with pytest.raises(InvalidInput) as raised:
            filled.browse("", 2, token)
        assert raised.value.field == "next_token"
        assert len(str(raised.value)) < 500

    def test_that_was_changed_is_refused_or_leads_to_some_page(self, filled):
        token = filled.browse("", 2).next_token
        for place in range(0, len(token), max(1, len(token) // 20)):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            try:
                found = filled.browse("", 2, changed).found
            except SluiceError:
                continue
            assert {one.key for one in found} <= set(level_of(KEYS))

    def test_of_another_prefix_is_refused_or_leads_to_some_page_of_this_one(self, filled):
        token = filled.browse("", 2).next_token
        try:
            found = filled.browse("a/", 2, token).found
        except SluiceError:
            return
        assert {one.key for one in found} <= set(level_of(KEYS, "a/"))

    def test_is_short_text_that_goes_into_a_url(self, storage):
        fill(storage, ["x" * 250, "y" * 250])
        token = storage.browse("", 1).next_token
        assert token.isascii()
        assert token.isprintable()
        assert len(token) < 3000

    def test_can_be_used_again(self, filled):
        token = filled.browse("", 2).next_token
        pages = [[found.key for found in filled.browse("", 3, token).found] for _ in range(2)]
        assert pages == [level_of(KEYS)[2:5]] * 2


def test_more_objects_than_a_page_holds_are_listed_shown_and_deleted(storage):
    """All in one, since storing so many takes nearly all of the time; pages and batches have a thousand at most."""
    below = [f"many/{number % 7}{number}" for number in range(900)] + [f"many/{number}f/x" for number in range(101)]
    keys = [*below, "many.txt", "many0"]
    fill(storage, keys)

    assert listed(storage) == ordered(keys)
    assert listed(storage, after="many/298") == [key for key in ordered(keys) if key > "many/298"]
    assert names_of(storage, "many/") == level_of(below, "many/")
    assert names_of(storage, "many/", 499) == level_of(below, "many/")
    assert storage.delete(keys) == {}
    assert listed(storage) == []


class TestOneObject:
    @pytest.mark.parametrize("key", ["a.txt", "a/c/d", "\U0001f600"])
    def test_has_the_entry_that_it_has_in_a_listing(self, filled, key):
        (listed,) = [entry for entry in filled.list(key) if entry.key == key]
        assert_same(filled.stat(key), listed)

    def test_has_another_entry_once_it_is_replaced(self, storage):
        storage.write("a.txt", content(b"before"))
        before = storage.stat("a.txt")
        storage.write("a.txt", content(b"longer than before"))
        after = storage.stat("a.txt")
        assert after.size == 18
        assert after.mark != before.mark

    def test_can_be_empty(self, storage):
        storage.write("empty", content(b""))
        assert storage.stat("empty").size == 0

    @pytest.mark.parametrize(
        "key", ["a", "a/", "a/c", "a/c/", "b/", "b/x", "other", "a.tx", "no/such/object", "\U0001f601"]
    )
    def test_is_missing_where_there_is_a_folder_or_nothing(self, filled, key):
        with pytest.raises(ObjectMissing):
            filled.stat(key)

    @pytest.mark.parametrize("key", IMPOSSIBLE)
    def test_with_a_key_that_none_can_have_is_missing(self, filled, key):
        with pytest.raises(ObjectMissing):
            filled.stat(key)

    @pytest.mark.parametrize("key", ["/lead", "a//b", ".", "..", "../a", "a/../b", "y" * 256])
    def test_with_a_key_that_some_cannot_hold_is_missing(self, filled, key):
        with pytest.raises(ObjectMissing):
            filled.stat(key)

    @pytest.mark.parametrize("key", ["nul\x00", "bell\x07", "\uffff"])
    def test_with_a_doubtful_key_is_missing_or_refused(self, filled, key):
        with pytest.raises((ObjectMissing, StorageFailure)):
            filled.stat(key)


class TestRights:
    def test_of_an_owner_are_all(self, filled):
        assert filled.rights() == Rights(reads=True, writes=True)

    def test_are_found_out_without_leaving_anything_behind(self, subject, storage):
        before = list(storage.list())
        for _ in range(3):
            storage.rights()
        assert list(storage.list()) == before == []
        assert list(storage.browse().found) == []
        assert subject.remains() == []
        if subject.quirks.drops:
            storage.drop()


class TestAMissingStorage:
    def test_is_told_by_all_of_them(self, absent):
        for ask in (absent.browse, lambda: absent.browse("a/b"), lambda: absent.stat("key"), absent.rights):
            with pytest.raises(StorageMissing):
                ask()


class TestAStranger:
    def test_is_refused_by_all_of_them(self, looked_at, filled):
        if looked_at.stranger is None:
            pytest.skip("It asks nobody for credentials, or takes any.")
        stranger = looked_at.stranger()
        try:
            for ask in (stranger.browse, lambda: stranger.stat("a.txt"), stranger.rights):
                with pytest.raises((InvalidCredentials, AccessDenied)):
                    ask()
        finally:
            stranger.close()
        assert names_of(filled) == level_of(KEYS)


def assert_same(found, listed):
    assert (found.key, found.size, found.mark) == (listed.key, listed.size, listed.mark)
    assert abs(found.modified - listed.modified) < 2
