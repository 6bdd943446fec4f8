"""What every storage promises of its listings."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conformance.contents import content

KEYS = ["a!b", "a.txt", "a/b", "a/c/d", "a/c.d", "a0", "b", "é", "\uffee", "\U0001f600"]

# Beyond ASCII and U+FFFF, code points, UTF-8 bytes and UTF-16 units order differently.
ODD = [
    pytest.param("sp ace", id="space"),
    pytest.param(" lead", id="leading space"),
    pytest.param("trail ", id="trailing space"),
    pytest.param("pct%41", id="what looks escaped"),
    pytest.param("a+b", id="plus"),
    pytest.param("a#b?c*d~e\\f", id="marks of URLs and shells"),
    pytest.param("'single' \"double\"", id="quotes"),
    pytest.param("<a>&amp;&", id="marks of XML"),
    pytest.param("caf\u00e9", id="composed"),
    pytest.param("cafe\u0301", id="decomposed"),
    pytest.param("\U0001f600/\U0001f468\u200d\U0001f469", id="emoji"),
    pytest.param("line\u2028separator", id="line separator"),
    pytest.param("no\u00a0break\u3000wide", id="spaces beyond ASCII"),
    pytest.param("⧵0A⧵E2⧵A7⧵B5⧵FF", id="spelt bytes"),
    pytest.param("a:b|c;d=e,f@g$h(i)[j]{k}^l`m", id="the rest of ASCII"),
    pytest.param("-rf", id="what looks like an option"),
    pytest.param(".hidden", id="leading dot"),
    pytest.param("dot.", id="trailing dot"),
    pytest.param("x" * 255, id="the longest name"),
    pytest.param("/".join(["y" * 40] * 24), id="nearly the longest key"),
    pytest.param("/".join("d" * 400), id="deep folders"),
]


def keys_of(listing):
    return [listed.key for listed in listing]


def fill(storage, keys):
    with ThreadPoolExecutor(8) as pool:
        for written in pool.map(lambda key: storage.write(key, content(key.encode())), keys):
            assert written.size == len(written.key.encode())


def ordered(keys):
    return sorted(keys, key=str.encode)


@pytest.fixture
def filled(storage):
    fill(storage, KEYS)
    return storage


def test_a_new_storage_lists_nothing(storage):
    assert keys_of(storage.list()) == []


def test_keys_ascend_by_their_utf_8_bytes(filled):
    assert keys_of(filled.list()) == ordered(KEYS)


def test_keys_ascend_across_pages(storage):
    keys = [f"page/{number % 7}/{number}" for number in range(1005)]
    fill(storage, keys)
    assert keys_of(storage.list()) == ordered(keys)
    assert keys_of(storage.list(after="page/0/98")) == [key for key in ordered(keys) if key > "page/0/98"]
    assert storage.delete(keys) == {}
    assert keys_of(storage.list()) == []


def test_an_entry_tells_size_and_time(storage):
    written = storage.write("some/file", content(b"12345"))
    (listed,) = storage.list()
    assert (listed.key, listed.size) == (written.key, written.size) == ("some/file", 5)
    # When it was stored; or the time of the content, where a server takes that from the metadata (rclone).
    assert min(abs(listed.modified - told) for told in (written.modified, 1_700_000_000.25)) < 5
    if listed.etag and written.etag:
        assert listed.etag == written.etag


@pytest.mark.parametrize(
    "prefix",
    [
        pytest.param("a", id="part of a name"),
        pytest.param("a/", id="a folder"),
        pytest.param("a/c", id="part of a name in a folder"),
        pytest.param("a/c/d", id="a whole key"),
        pytest.param("a/c/d/", id="below a file"),
        pytest.param("é", id="beyond ASCII"),
        pytest.param("zz", id="nothing"),
    ],
)
def test_a_prefix_is_a_plain_start_of_keys(filled, prefix):
    assert keys_of(filled.list(prefix=prefix)) == [key for key in ordered(KEYS) if key.startswith(prefix)]


@pytest.mark.parametrize(
    "after",
    [
        *(pytest.param(key, id=f"a key that is there: {key!a}") for key in KEYS),
        pytest.param("a/bb", id="between two keys"),
        pytest.param("a/", id="a folder"),
        pytest.param("a/c/d/e", id="below a file"),
        pytest.param("Z", id="before all"),
        pytest.param("\U0010ffff", id="behind all"),
    ],
)
def test_only_keys_greater_than_after_are_listed(filled, after):
    assert keys_of(filled.list(after=after)) == [key for key in ordered(KEYS) if key > after]


def test_prefix_and_after_work_together(filled):
    assert keys_of(filled.list(prefix="a/", after="a/b")) == ["a/c.d", "a/c/d"]


def test_pruning_leaves_nothing_out_that_may_not_be_left_out(filled):
    listed = keys_of(filled.list(prune=lambda folder: folder == "a/c/"))
    assert [key for key in listed if not key.startswith("a/c/")] == [k for k in ordered(KEYS) if k != "a/c/d"]


@pytest.mark.parametrize("key", ODD)
def test_an_odd_key_comes_back_as_it_was(storage, key):
    storage.write("other", content(b"other"))
    storage.write(key, content(b"odd"))
    assert keys_of(storage.list()) == ordered([key, "other"])
    with storage.read(key) as stored:
        assert stored.read() == b"odd"
    assert storage.delete([key]) == {}
    assert keys_of(storage.list()) == ["other"]


def test_many_listings_may_run_at_once(filled):
    with ThreadPoolExecutor(4) as pool:
        assert all(keys == ordered(KEYS) for keys in pool.map(lambda _: keys_of(filled.list()), range(12)))
