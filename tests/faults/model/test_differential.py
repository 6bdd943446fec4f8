"""The same tree, synchronised by this product, by rclone and by s5cmd: all three buckets end equal to it."""

import os
import shutil
import uuid

import pytest

from app.bootstrap import build_services
from app.mirrors.request import MirrorRequest
from app.settings import Settings
from app.storages.names import MARK, key_of
from tests.support.empty_database import with_database
from tests.support.jobs import eventually
from tests.support.others import sync_by_rclone, sync_by_s5cmd
from tests.support.servers import ACCESS_KEY
from tests.support.trees import bucket_client, bucket_objects, make_tree, tree_objects

pytestmark = [pytest.mark.slow, pytest.mark.fault(45, "I3")]

SPELT = "control characters, bytes that are not UTF-8 and the marks of quoting: each product has a spelling of its own"
ESCAPED = "s5cmd hands its commands on as quoted text, in which Go escapes what is not printed, and takes the escapes for the name"


def cannot_carry(name):
    """Return why not all three can carry a file of this name; None: they can."""
    if MARK in key_of(name):
        return SPELT
    return None if name.isprintable() else ESCAPED


def leave_out_what_others_cannot_carry(tree):
    for path in sorted(tree.rglob("*"), key=lambda path: -len(path.parts)):
        if cannot_carry(path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def edit(tree):
    """Edit, move and remove."""
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    for number, path in enumerate(files):
        if number % 5 == 0:
            path.write_bytes(path.read_bytes()[::-1] + b"more")
            os.utime(path, (later := path.stat().st_mtime + 60, later))  # s5cmd looks at times of whole seconds
        elif number % 5 == 1:
            path.unlink()
        elif number % 5 == 2:
            path.rename(path.with_name(f"{path.name} moved"))


def edit_and_swap(tree):
    """Have a file become a folder, and a folder a file, too.

    Where objects are kept as files, rclone stores nothing in their place before it has deleted them, which it does last.
    """
    edit(tree)
    shutil.rmtree(tree / "d")
    (tree / "d").write_bytes(b"was a folder")
    (tree / "f").unlink(missing_ok=True)
    (tree / "f" / "deep").mkdir(parents=True)
    (tree / "f" / "deep" / "file").write_bytes(b"was a file")


EDITS = {"rclone": edit, "moto": edit_and_swap}


@pytest.fixture(params=sorted(EDITS))
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def services(server, tmp_path):
    environ = {"DATA_DIR": str(tmp_path / "data"), "UPLOADS_DIR": str(tmp_path / "tree")}
    environ |= {"STORAGE_URL": server.endpoint, "MINIO_ACCESS_KEY": ACCESS_KEY, "MINIO_SECRET_KEY": server.secret_key}
    services = build_services(Settings.load(environ, with_database(tmp_path / "data") / "no.env"))
    services.runner.start()
    yield services
    services.runner.drain(90)
    services.database.close()


def sync_by_us(services, bucket):
    job = services.mirrors.submit(MirrorRequest(dest=bucket))
    ended = eventually(lambda: (now := services.jobs.get(job.id)).state.is_final and now)
    assert (ended.state.value, ended.progress["failed"], ended.progress["skipped"]) == ("succeeded", 0, 0), ended


def test_after_a_sync_and_edits_and_a_sync_with_deletions_the_buckets_are_equal(server, services, tmp_path, request):
    tree = tmp_path / "tree"
    tree.mkdir()
    make_tree(tree, 100)
    leave_out_what_others_cannot_carry(tree)
    (tree / "large").write_bytes(os.urandom(1 << 20) * 20)
    (tree / "f").write_bytes(b"a file")
    (tree / "d").mkdir()
    (tree / "d" / "file").write_bytes(b"in a folder")
    buckets = [f"by-{who}-{uuid.uuid4().hex[:8]}" for who in ("us", "rclone", "s5cmd")]
    for bucket in buckets:
        bucket_client(server).create_bucket(Bucket=bucket)
    for change in (lambda _tree: None, EDITS[request.node.callspec.params["server"]]):
        change(tree)
        sync_by_us(services, buckets[0])
        sync_by_rclone(server, tree, buckets[1])
        sync_by_s5cmd(server, tree, buckets[2])
        expected = tree_objects(tree)
        assert len(expected) > 50
        for bucket in buckets:
            found = bucket_objects(server, bucket)
            assert found.keys() == expected.keys(), bucket
            assert [key for key in found if found[key] != expected[key]] == [], bucket


def test_what_is_left_out_is_named_with_its_reason():
    left_out = {name: cannot_carry(name) for name in ("a\nb", "\udcff", "\u201b", "\u29f5", "\u2028", "\ufeff", "\xa0")}
    assert set(left_out.values()) == {SPELT, ESCAPED}
    assert [
        name for name in ("a b", "pct%41", "b\\s", "日本語", "\U0001f600", "st*r", "-dash") if cannot_carry(name)
    ] == []
