"""rclone forgets its folders when it restarts, and then tells names as they are on its disk: they must be the same."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from app.storages.names import key_of, name_of
from app.storages.s3 import S3Storage
from tests.conformance.contents import content
from tests.support.servers import restartable_rclone_server
from tests.support.trees import ODD_NAMES

pytestmark = pytest.mark.slow

CODES = {*range(1, 0xD800), *range(0xE000, 0x10000), 0x1F600, 0xE0041, 0x10FFFF} - {ord("/")}
EVERYTHING = "".join(map(chr, sorted(CODES)))
REPLACED = [*range(0x20, 0x30), *range(0x3A, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F), *range(0x2018, 0x2020),
            *range(0x2400, 0x2440), *range(0xFF01, 0xFF66), ord("⧵")]  # fmt: skip
"""What rclone puts in the place of what a disk cannot hold, what it quotes by, and what it replaces."""


def folders_and_files():
    names = [os.fsdecode(name) for name in ODD_NAMES]
    return names + [f"{name}.d/{name}" for name in names]


def every_character_in_the_middle():
    return [f"a{EVERYTHING[start : start + 70]}z" for start in range(0, len(EVERYTHING), 70)]


def what_rclone_replaces_at_both_ends():
    letters = [chr(code) for code in REPLACED if chr(code) not in "./"]
    kinds = ("{0}", "{0}{0}", "{0}a", "a{0}", "{0}41", "a{0}.", "‛{0}")
    return [f"{number}/{kind.format(letter)}" for number, letter in enumerate(letters) for kind in kinds]


NAMES = [folders_and_files, every_character_in_the_middle, what_rclone_replaces_at_both_ends]


@pytest.fixture(scope="module")
def restartable(tmp_path_factory):
    with restartable_rclone_server(tmp_path_factory.mktemp("restarted") / "server") as server_and_restart:
        yield server_and_restart


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names.__name__.replace("_", " "))
def test_a_restarted_server_lists_and_reads_every_name_as_it_was_written(restartable, names):
    server, restart = restartable
    keys = sorted({"/".join(map(key_of, path.split("/"))) for path in names()}, key=str.encode)
    with closing(S3Storage(server.bucket("odd-names"), connections=8)) as storage, ThreadPoolExecutor(8) as pool:
        storage.create()
        list(pool.map(lambda key: storage.write(key, content(key.encode())), keys))
        restart()
        listed = [entry.key for entry in storage.list()]

        assert listed == keys
        assert {"/".join(map(name_of, key.split("/"))) for key in listed} == set(names())
        assert all(pool.map(lambda key: storage.read(key).read() == key.encode(), keys))
        assert storage.delete(keys) == {}
        restart()
        assert list(storage.list()) == []
