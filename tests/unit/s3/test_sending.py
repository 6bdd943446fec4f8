"""When a part counts as arrived, who could change it on its way, and how many parts are in memory."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.storages.s3 import S3Address
from app.storages.s3.room import Room
from app.storages.s3.sending import PartTags, is_guarded

MD5, OTHER = "0" * 32, "1" * 32


@pytest.mark.parametrize(
    ("etag", "fits"),
    [
        pytest.param(f'"{MD5}"', True, id="the MD5"),
        pytest.param(MD5, True, id="the MD5 without quotes"),
        pytest.param(f'"{OTHER}"', False, id="another MD5"),
        pytest.param(f'"{MD5}-1"', True, id="no MD5, which tells nothing"),
        pytest.param('"opaque"', True, id="a word"),
        pytest.param("", True, id="nothing"),
    ],
)
def test_only_another_md5_tells_against_a_part(etag, fits):
    assert PartTags().fit(etag, MD5) is fits


def test_etags_that_were_never_md5s_can_be_taken_for_something_else():
    tags = PartTags()
    assert tags.are_no_md5s()
    assert tags.fit(OTHER, MD5)
    assert not tags.contradict


def test_etags_of_which_one_was_an_md5_cannot():
    tags = PartTags()
    assert tags.fit(MD5, MD5)
    assert tags.are_md5s
    assert not tags.are_no_md5s()
    assert tags.contradict
    assert not tags.fit(OTHER, MD5)


def test_an_md5_that_comes_after_others_that_were_none_shows_that_those_were_damaged():
    tags = PartTags()
    assert tags.are_no_md5s()
    assert tags.fit(MD5, MD5)
    assert tags.contradict
    assert not tags.are_md5s


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://s3.example", True),
        ("http://127.0.0.1:9000", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:9000", True),
        ("http://localhost:9000", True),
        ("http://minio:9000", False),
        ("http://192.168.1.5:9000", False),
        ("http://127.0.0.1.example", False),
        ("http://localhost.example", False),
        ("nonsense", False),
    ],
)
def test_only_tls_or_this_machine_guards_what_is_sent(endpoint, expected):
    assert is_guarded(S3Address(endpoint, "bucket", "key", "secret")) is expected


def test_the_room_is_never_overfilled_and_everybody_gets_in():
    room, lock, taken, most = Room(100), threading.Lock(), 0, 0

    def use(length):
        nonlocal taken, most
        weight = room.take(length)
        with lock:
            taken += weight
            most = max(most, taken)
        with lock:
            taken -= weight
        room.give_back(weight)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, [1, 20, 50, 99, 1000] * 200))
    assert 0 < most <= 100


def test_there_is_room_for_two_parts_however_large():
    room = Room(10)
    assert [room.take(1000), room.take(1000)] == [5, 5]
