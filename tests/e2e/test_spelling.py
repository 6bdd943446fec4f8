"""How odd names are spelt survives a server that forgets, and buckets that version 0.1.0 filled lose nothing."""

import os

import pytest

from tests.support.servers import restartable_rclone_server
from tests.support.trees import ODD_NAMES, bucket_client, bucket_objects, make_tree, tree_objects

pytestmark = pytest.mark.slow

FORMER = {
    b"plain": "plain",
    b"caf\xe9": "caf‛E9",
    b"tab\there": "tab‛09here",
    "‛41".encode(): "‛E2‛80‛9B41",
    "it‛s".encode(): "it‛E2‛80‛9Bs",
    "⧵41".encode(): "⧵41",
    b"folder\xff/bell\x07": "folder‛FF/bell‛07",
    b"folder\xff/plain": "folder‛FF/plain",
}
"""Names of files, and the keys that version 0.1.0 gave them."""


@pytest.fixture
def restartable_rclone(tmp_path):
    with restartable_rclone_server(tmp_path / "rclone") as server_and_restart:
        yield server_and_restart


@pytest.fixture(params=["rclone", "moto"])
def server_and_restart(request):
    """A server, and what makes it read its folders anew; moto, which would forget the objects, only goes on."""
    if request.param == "moto":
        return request.getfixturevalue("moto"), lambda: None
    return request.getfixturevalue("restartable_rclone")


def tree(root):
    """Return the files below ``root`` by their names as bytes."""
    return {os.fsencode(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def modified(root):
    """Return when each file was modified, in nanoseconds."""
    return {os.fsencode(path.relative_to(root)): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_odd_names_make_the_round_trip_over_a_server_that_restarts(start, bucket, server_and_restart):
    server, restart = server_and_restart
    service = start(server)
    make_tree(service.uploads, 2 * len(ODD_NAMES))
    before, times = tree(service.uploads), modified(service.uploads)
    assert service.mirrored(dest=bucket)["status"] == "succeeded"
    files = [path for path in service.uploads.rglob("*") if path.is_file()]
    for path in files[::2]:
        path.unlink()
    assert service.mirrored(dest=bucket, direction="download")["status"] == "succeeded"
    assert (tree(service.uploads), modified(service.uploads)) == (before, times)

    restart()
    assert service.mirrored(dest=bucket)["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}
    for number, path in enumerate(files):
        path.unlink() if number % 2 else path.write_bytes(path.read_bytes().swapcase())  # only the content tells
    assert service.mirrored(dest=bucket, direction="download")["status"] == "succeeded"
    assert tree(service.uploads) == before
    restart()
    assert service.mirrored(dest=bucket, direction="download", delete=1)["done"] == {
        "uploads": 0,
        "deletes": 0,
        "bytes": 0,
    }
    assert service.mirrored(dest=bucket)["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}
    assert bucket_objects(server, bucket) == tree_objects(service.uploads)


@pytest.fixture
def upgraded(start, bucket, server_and_restart):
    """A service whose bucket version 0.1.0 filled; since then each file was edited."""
    server, restart = server_and_restart
    service = start(server)
    client = bucket_client(server)
    client.create_bucket(Bucket=bucket)
    for name, key in FORMER.items():
        client.put_object(Bucket=bucket, Key=key, Body=b"before the upgrade")
        path = service.uploads / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"edited " + name)
    client.close()
    restart()
    return service


def test_the_first_sync_after_the_upgrade_spells_every_key_anew(upgraded, bucket, server_and_restart):
    server, restart = server_and_restart
    before = tree(upgraded.uploads)
    job = upgraded.mirrored(dest=bucket)

    assert (job["status"], job["failed"]) == ("succeeded", 0)
    assert job["done"]["uploads"] == len(FORMER)
    assert job["done"]["deletes"] == len(FORMER) - len({"plain"})
    assert bucket_objects(server, bucket) == tree_objects(upgraded.uploads)
    restart()
    assert bucket_objects(server, bucket) == tree_objects(upgraded.uploads)
    assert upgraded.mirrored(dest=bucket)["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}
    assert tree(upgraded.uploads) == before


def test_a_source_may_be_named_as_version_0_1_0_spelt_it(start, bucket, rclone):
    service = start()
    folder = service.uploads / os.fsdecode(b"folder\xff")
    folder.mkdir()
    (folder / "plain").write_bytes(b"plain")
    for source in ("folder‛FF", "folder⧵FF"):
        assert service.mirrored(source=source, dest=bucket)["status"] == "succeeded"
        assert bucket_objects(rclone, bucket) == {"plain": b"plain"}


def test_a_download_beside_keys_of_both_spellings_neither_overwrites_nor_deletes(upgraded, bucket, server_and_restart):
    server, restart = server_and_restart
    before = tree(upgraded.uploads)
    assert upgraded.mirrored(dest=bucket, delete=0)["status"] == "succeeded"
    assert len(bucket_objects(server, bucket)) == 2 * len(FORMER) - len({"plain"})
    restart()
    job = upgraded.mirrored(dest=bucket, direction="download", delete=1)

    assert (job["status"], job["reason"]) == ("partial", "download_failed")
    failed = upgraded.get("/steps", id=job["id"], status="failed")
    assert {step["reason"] for step in failed} == {"key_refused"}
    assert len(failed) == len(FORMER) - len({"plain"})
    assert tree(upgraded.uploads) == before
    assert upgraded.mirrored(dest=bucket)["status"] == "succeeded"
    restart()
    assert bucket_objects(server, bucket) == tree_objects(upgraded.uploads)
