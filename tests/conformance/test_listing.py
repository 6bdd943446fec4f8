"""What every storage promises of its listings."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conformance.contents import KEYS, ODD, content, fill, ordered


def keys_of(listing):
    return [listed.key for listed in listing]


def test_a_new_storage_lists_nothing(storage):
    assert keys_of(storage.list()) == []


def test_keys_ascend_by_their_utf_8_bytes(filled):
    assert keys_of(filled.list()) == ordered(KEYS)


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


def test_odd_keys_come_back_as_they_were(subject, storage):
    keys = [key for odd in ODD for key in odd.values if key not in subject.quirks.own_limits]
    fill(storage, [*keys, "other"])
    assert keys_of(storage.list()) == ordered([*keys, "other"])
    for number, key in enumerate(keys, 1):
        with storage.read(key) as stored:
            assert (key, stored.read()) == (key, key.encode())
        assert storage.delete([key]) == {}
        assert keys_of(storage.list()) == ordered([*keys[number:], "other"])


def test_many_listings_may_run_at_once(filled):
    with ThreadPoolExecutor(4) as pool:
        assert all(keys == ordered(KEYS) for keys in pool.map(lambda _: keys_of(filled.list()), range(12)))
