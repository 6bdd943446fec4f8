"""The index: rows in order, notes in batches, and no way for its file to fail a job or to make it believe a lie."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.transfer.index import BATCH, Index, NoIndex, Seen
from app.transfer.index_file import FORMAT, LONGEST_VALUE
from tests.support.permissions import bound_by_permissions
from tests.support.service import ROOT, eventually

PLACES = ("/srv/uploads", "s3://127.0.0.1:9000/uploads")


def row(key, version=0):
    """A row as no other one, whose two marks tell that they belong together."""
    return Seen(
        key, version, *(hashlib.md5(f"{side} {key} {version}".encode()).hexdigest() for side in ("ours", "theirs"))
    )


def rows(*numbers):
    return [row(f"{number:06d}") for number in numbers]


def opened(folder, **options):
    return Index.open(folder, *PLACES, **options)


def filled(folder, noted):
    with opened(folder) as index:
        for seen in noted:
            index.note(seen)


def kept(folder):
    with opened(folder, read_only=True) as index:
        return list(index.seen())


def file_in(folder):
    [path] = folder.glob("index-*.db")
    return path


def warnings(caplog):
    return [record.message for record in caplog.records]


def test_rows_come_back_with_keys_ascending_by_their_utf8_bytes(tmp_path):
    keys = ["a", "a!", "a.txt", "a/b", "a0", "a\0b", "é", "\uffff", "\U0001f600", "Z", "k" * 12_000, "‛41", "a b"]
    filled(tmp_path, [row(key) for key in keys])

    assert kept(tmp_path) == [row(key) for key in sorted(keys, key=lambda key: key.encode())]


def test_rows_can_be_asked_for_after_any_key(tmp_path):
    keys = ["a", "a!", "a/b", "é", "\uffff", "\U00010000"]
    filled(tmp_path, [Seen(key, 1, "s", "t") for key in keys])
    with opened(tmp_path) as index:
        for after in ["", *keys, "a.", "zz"]:
            assert [seen.key for seen in index.seen(after)] == [key for key in keys if key > after]


def in_between():
    """Enough operations on other keys to have what came before written."""
    return [("note", row(f"other {number}")) for number in range(BATCH)]


@pytest.mark.parametrize("apart", [pytest.param(False, id="in one batch"), pytest.param(True, id="batches apart")])
@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        pytest.param([("note", row("k", 1)), ("note", row("k", 2))], [row("k", 2)], id="noted twice"),
        pytest.param([("note", row("k", 1)), ("forget", "k")], [], id="noted, then forgotten"),
        pytest.param([("forget", "k"), ("note", row("k", 1))], [row("k", 1)], id="forgotten, then noted"),
        pytest.param(
            [("note", row("k", 1)), ("forget", "k"), ("note", row("k", 2))], [row("k", 2)], id="noted again at last"
        ),
        pytest.param([("forget", "k")], [], id="forgotten without having been known"),
    ],
)
def test_what_is_said_last_of_a_key_counts(tmp_path, operations, expected, apart):
    with opened(tmp_path) as index:
        for name, argument in [more for each in operations for more in (each, *(in_between() if apart else []))]:
            getattr(index, name)(argument)

    assert [seen for seen in kept(tmp_path) if seen.key == "k"] == expected


def test_each_pair_of_places_has_an_index_of_its_own_which_says_whose_it_is(tmp_path):
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("c", "b")]
    for pair in pairs:
        with Index.open(tmp_path, *pair) as index:
            index.note(row(" to ".join(pair)))
    for pair in pairs:
        with Index.open(tmp_path, *pair) as index:
            assert list(index.seen()) == [row(" to ".join(pair))]

    words = set()
    for path in tmp_path.glob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            words |= set(connection.execute("SELECT source, target FROM places"))
    assert words == set(pairs)


def test_only_this_user_may_read_the_names_of_files_in_it(tmp_path):
    with opened(tmp_path / "index") as index:
        index.note(row("k"))
        index.flush()
        modes = [path.stat().st_mode & 0o077 for path in (tmp_path / "index", *(tmp_path / "index").iterdir())]
    assert len(modes) >= 3
    assert set(modes) == {0}


def test_a_place_whose_name_is_no_text_has_an_index_too(tmp_path):
    place = os.fsdecode(b"/srv/caf\xe9")
    with Index.open(tmp_path, place, "b") as index:
        index.note(row("k"))

    with Index.open(tmp_path, place, "b") as index:
        assert list(index.seen()) == [row("k")]


def test_what_is_noted_meanwhile_does_not_disturb_the_stream(tmp_path):
    before = rows(*range(0, 5 * BATCH, 2))
    filled(tmp_path, before)

    with opened(tmp_path) as index:
        stream = index.seen()
        read = list(islice(stream, 10))
        for number in range(5 * BATCH):
            index.note(row(f"{number:06d}", 1))
        for number in range(0, 5 * BATCH, 3):
            index.forget(f"{number:06d}")
        index.flush()

        assert read + list(stream) == before
        assert list(index.seen()) == [row(f"{number:06d}", 1) for number in range(5 * BATCH) if number % 3]


def test_many_threads_note_at_once(tmp_path):
    with opened(tmp_path) as index:
        threads = [
            threading.Thread(target=lambda name=name: [index.note(row(f"{name} {n:05d}")) for n in range(3 * BATCH)])
            for name in "abcd"
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert kept(tmp_path) == [row(f"{name} {number:05d}") for name in "abcd" for number in range(3 * BATCH)]


def test_batches_of_several_threads_are_written_in_their_order(tmp_path):
    with opened(tmp_path) as index:
        threads = []
        with index._writing:  # as if another batch were being written
            for version in range(5):
                batch = [row("k", version), *rows(*range(BATCH - 1))]
                threads.append(threading.Thread(target=lambda batch=batch: [index.note(seen) for seen in batch]))
                threads[-1].start()
                eventually(lambda version=version: len(index._batches) == version + 1, what="a waiting batch")
        for thread in threads:
            thread.join()

    assert kept(tmp_path)[-1] == row("k", 4)


def test_several_threads_begin_and_end_with_one_index_at_once(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("app.transfer.index_file.BUSY_SECONDS", 60.0)  # an index in the way only costs speed

    def work(folder, start, name):
        start.wait()
        with opened(folder) as index:
            index.note(row(name))

    for attempt in range(10):
        start = threading.Barrier(8)
        threads = [threading.Thread(target=work, args=(tmp_path / str(attempt), start, name)) for name in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert kept(tmp_path / str(attempt)) == [row(name) for name in "abcdefgh"]
    assert warnings(caplog) == []


def test_a_dry_run_writes_nothing_at_all(tmp_path):
    filled(tmp_path / "old", rows(1))
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    before = file_in(tmp_path / "new").read_bytes()

    for folder in ("new", "none"):
        with opened(tmp_path / folder, read_only=True, keep_days=-1) as index:
            index.note(row("k"))
            index.forget("000001")
            index.flush()

    assert kept(tmp_path / "new") == rows(1)
    assert file_in(tmp_path / "new").read_bytes() == before
    assert not (tmp_path / "none").exists()


def test_no_index_knows_and_learns_nothing():
    with NoIndex() as index:
        index.note(row("k"))
        index.forget("k")
        index.flush()
        assert list(index.seen()) == []


def test_an_index_that_was_closed_ignores_notes(tmp_path, caplog):
    with opened(tmp_path) as index:
        index.note(row("k"))
    index.note(row("l"))
    index.close()

    assert kept(tmp_path) == [row("k")]
    assert warnings(caplog) == []


def test_only_unused_indexes_are_removed_and_no_other_files(tmp_path):
    for target in ("old", "recent"):
        Index.open(tmp_path, "a", target).close()
        [path] = [path for path in tmp_path.glob("index-*.db") if not path.with_suffix(".name").exists()]
        path.with_suffix(".name").write_text(target)
    names = {path.read_text(): path.with_suffix(".db") for path in tmp_path.glob("*.name")}
    others = [tmp_path / name for name in ("sluice.db", "index-.db", "index-1234.db", names["old"].name + ".bak")]
    for path in others:
        path.write_text("not ours")
    for path in (*others, *names.values()):
        os.utime(path, (0, 0))
    os.utime(names["recent"], (time.time(), time.time() - 89 * 24 * 3600))

    with Index.open(tmp_path, "a", "new", keep_days=90):
        assert not names["old"].exists()
        assert names["recent"].exists()
        assert all(path.exists() for path in others)


def test_an_index_that_was_only_read_from_counts_as_used(tmp_path):
    filled(tmp_path, rows(1))
    os.utime(file_in(tmp_path), (0, 0))
    opened(tmp_path).close()

    Index.open(tmp_path, "another", "place").close()
    assert kept(tmp_path) == rows(1)


def to_another_format(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def to_other_tables(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE seen (key, size, source, target)")
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def replacing(old, new):
    """Return what puts ``new`` in the one place of ``old``, of which SQLite itself need not take notice."""

    def replace(path):
        data = path.read_bytes()
        assert data.count(old) == 1
        path.write_bytes(data.replace(old, new))

    return replace


def to_a_long_row(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE seen SET source = ? WHERE key = '001500'", ["s" * 2 * LONGEST_VALUE])


def to_another_type(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE seen SET key = x'ff' WHERE key = '001500'")


DAMAGE = [
    pytest.param(to_another_format, id="another format"),
    pytest.param(to_other_tables, id="other tables"),
    pytest.param(lambda path: path.write_bytes(b"something else " * 1000), id="no database"),
    pytest.param(lambda path: os.truncate(path, 100), id="cut to its header"),
    pytest.param(lambda path: os.truncate(path, path.stat().st_size // 2), id="cut in half"),
    pytest.param(replacing(b"CREATE TABLE seen", b"CREATE \xff\xfe\xfdLE seen"), id="a schema that is no text"),
    pytest.param(replacing(b"001500", b"001400"), id="keys out of order"),
    pytest.param(replacing(b"001000", b"000998"), id="keys out of order where another block begins"),
    pytest.param(to_a_long_row, id="a row longer than any of ours"),
    pytest.param(to_another_type, id="a key that is no text"),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_file_that_cannot_be_trusted_ends_the_stream_and_begins_anew(tmp_path, caplog, damage):
    before = rows(*range(3 * BATCH))
    filled(tmp_path, before)
    damage(file_in(tmp_path))

    with opened(tmp_path) as index:
        found = list(index.seen())
        assert found == [seen for seen in before if seen in set(found)]
        assert len(found) < len(before)
        index.note(row("later"))

    assert kept(tmp_path) == [row("later")]
    assert len(warnings(caplog)) == 1


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_dry_run_leaves_a_file_alone_that_cannot_be_trusted(tmp_path, caplog, damage):
    filled(tmp_path, rows(*range(3 * BATCH)))
    damage(file_in(tmp_path))
    before = file_in(tmp_path).read_bytes()

    assert len(kept(tmp_path)) < 3 * BATCH
    assert file_in(tmp_path).read_bytes() == before
    assert len(warnings(caplog)) == 1


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    filled(folder, rows(*range(2 * BATCH)))
    return file_in(folder)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 3, 30, 3000]))
def test_random_bytes_in_the_file_never_raise_nor_pair_what_does_not_belong_together(
    sound, tmp_path_factory, chance, count
):
    folder = tmp_path_factory.mktemp("damaged")
    data = bytearray(sound.read_bytes())
    for _ in range(count):
        data[chance.choice([chance.randrange(len(data)), chance.randrange(4096)])] = chance.randrange(256)
    (folder / sound.name).write_bytes(data)

    ours = {seen.source: seen for seen in rows(*range(2 * BATCH))}
    theirs = {seen.target: seen for seen in ours.values()}
    with opened(folder) as index:
        found = list(index.seen())
        index.note(row("later"))
        index.flush()
    assert [seen.key for seen in found] == sorted({seen.key for seen in found})
    for seen in found:
        pair = {ours.get(seen.source), theirs.get(seen.target)} - {None}
        assert len(pair) < 2, "the marks of two different files stand in one row"
    shutil.rmtree(folder)


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_rubbish_beside_the_file_never_raises(tmp_path, suffix):
    filled(tmp_path, rows(*range(BATCH)))
    path = file_in(tmp_path)
    path.with_name(path.name + suffix).write_bytes(random.Random(1).randbytes(40_000))

    with opened(tmp_path) as index:
        assert list(index.seen()) == rows(*range(BATCH))


def test_when_another_process_keeps_the_file_locked_notes_are_given_up_and_nothing_fails(tmp_path, caplog):
    filled(tmp_path, rows(1, 2))
    with closing(sqlite3.connect(file_in(tmp_path), isolation_level=None)) as other, opened(tmp_path) as index:
        other.execute("BEGIN IMMEDIATE")
        index.note(row("k"))
        index.flush()
        other.execute("ROLLBACK")
        index.note(row("l"))
        index.flush()
        assert list(index.seen()) == rows(1, 2)
    assert len(warnings(caplog)) == 1


def test_a_file_in_the_place_of_the_folder_fails_nothing(tmp_path, caplog):
    (tmp_path / "index").write_text("a file")
    with opened(tmp_path / "index") as index:
        index.note(row("k"))
        index.flush()
        assert list(index.seen()) == []
    assert len(warnings(caplog)) == 1


WORK = """
import logging, sys
from pathlib import Path
from app.transfer import index_file
from app.transfer.index import Index, Seen
index_file.BUSY_SECONDS = 60.0  # an index in the way only costs speed
logging.basicConfig(format="%(message)s")
first, count = map(int, sys.argv[2:4])
sys.stdin.readline()
with Index.open(Path(sys.argv[1]), "/srv/uploads", "s3://127.0.0.1:9000/uploads") as index:
    for number in range(first, first + count):
        index.note(Seen(f"{number:06d}", 0, "s" * 32, "t" * 32))
    index.flush()
    print(sum(1 for _ in index.seen()), flush=True)
"""


def start(folder, first, count, **options):
    command = [sys.executable, "-c", WORK, str(folder), str(first), str(count)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, cwd=ROOT, text=True, **pipes, **options)


def begin(process):
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_read_only_folder_fails_nothing(tmp_path):
    tmp_path.chmod(0o500)
    try:
        output, errors = start(tmp_path, 0, 3000, preexec_fn=bound_by_permissions).communicate(timeout=60)
    finally:
        tmp_path.chmod(0o700)
    assert output == "0\n"
    assert "is not used" in errors
    assert len(errors.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def let_files_grow_to(size):
    import resource  # noqa: PLC0415

    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [0, 5000, 60_000, 300_000])
@pytest.mark.fault(6)
def test_a_full_disk_fails_nothing_and_leaves_a_consistent_file(tmp_path, size):
    output, errors = start(tmp_path, 0, 20 * BATCH, preexec_fn=let_files_grow_to(size)).communicate(timeout=60)

    assert int(output) < 20 * BATCH
    assert len(errors.splitlines()) == 1, errors
    assert [int(seen.key) for seen in kept(tmp_path)] == list(range(int(output)))


@pytest.mark.slow
@pytest.mark.parametrize("batches", [1, 7, 20, 60])
def test_a_process_that_is_killed_while_noting_leaves_whole_batches(tmp_path, batches):
    process = start(tmp_path, 0, 900_000)
    begin(process)
    eventually(lambda: count_written(tmp_path) >= batches * BATCH, what="some notes written")
    process.send_signal(signal.SIGKILL)
    process.communicate()

    keys = [int(seen.key) for seen in kept(tmp_path)]
    assert keys == list(range(len(keys)))
    assert len(keys) % BATCH == 0
    assert len(keys) >= batches * BATCH
    with opened(tmp_path) as index:
        index.note(row("later"))
    assert len(kept(tmp_path)) == len(keys) + 1


def count_written(folder):
    """Ask SQLite: to read all rows each time takes longer than to write them."""
    try:
        with closing(sqlite3.connect(f"{file_in(folder).as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT count(*) FROM seen").fetchone()[0]
    except (ValueError, sqlite3.OperationalError):  # no file yet, or no table in it
        return 0


@pytest.mark.slow
def test_several_processes_begin_and_write_one_index_at_once(tmp_path):
    processes = [start(tmp_path, number * 20_000, 20_000) for number in range(4)]
    for process in processes:
        begin(process)
    assert {process.communicate(timeout=60)[1] for process in processes} == {""}

    assert [int(seen.key) for seen in kept(tmp_path)] == list(range(80_000))


MANY = """
import sys
from pathlib import Path
from app.storages.base import Entry
from app.transfer.compare import Check, decider
from app.transfer.index import Index, Seen
from app.transfer.plan import plan_mirror
from app.transfer.steps import Same

COUNT = int(sys.argv[2])

def peak():
    [words] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(words.split()[1]) // 1024

def listing(etag, stamp):
    return (Entry(f"{n // 1000:04d}/{n % 1000:04d}", 9, 0.0, etag, stamp) for n in range(COUNT))

before = peak()
with Index.open(Path(sys.argv[1]), "a", "b") as index:
    for entry in listing("e" * 32, None):
        index.note(Seen(entry.key, 9, "s" * 32, "e" * 32))
    index.flush()
    steps = plan_mirror(listing(None, "s" * 32), listing("e" * 32, None), decider(Check.EXACT), index.seen())
    print(sum(step.count for step in steps if isinstance(step, Same) and step.why == "index"))
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell of a process's memory")
def test_many_rows_are_noted_and_planned_with_in_little_memory(tmp_path):
    count = 250_000  # a million: tests/unit/transfer/test_memory.py
    command = [sys.executable, "-c", MANY, str(tmp_path), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=580, check=True)

    same, grown = map(int, done.stdout.split())
    assert same == count
    assert grown < 16, "MiB, which is 67 bytes for each row"
