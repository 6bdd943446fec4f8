"""Whole mirrors, compared byte for byte by an independent client."""

import os
import shutil
import subprocess

import pytest

from app.storages.embedded.server import find_rclone
from app.storages.names import MARK, key_of
from tests.support.servers import ACCESS_KEY
from tests.support.trees import ODD_NAMES, bucket_objects, make_tree, tree_objects

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("server", "count"),
    [
        pytest.param("rclone", 500, id="500, rclone"),
        pytest.param("moto", 2 * len(ODD_NAMES), id="each name at the top and in a folder, moto"),
    ],
)
@pytest.mark.fault(28)
def test_files_with_odd_names_are_mirrored_changed_and_deleted(start, bucket, server, count, request):
    s3 = request.getfixturevalue(server)
    service = start(s3)
    make_tree(service.uploads, count)
    job = service.mirrored(dest=bucket)
    assert (job["status"], job["failed"], job["skipped"]) == ("succeeded", 0, 0), service.get(
        "/steps", id=job["id"], status="failed"
    )
    assert bucket_objects(s3, bucket) == tree_objects(service.uploads)

    files = sorted(path for path in service.uploads.rglob("*") if path.is_file())
    for path in files[::5]:
        path.unlink()
    for path in files[1::5]:
        path.write_bytes(b"changed " + path.read_bytes())
    for path in files[2::5]:
        stat = path.stat()
        path.write_bytes(path.read_bytes().swapcase())
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # same size, same time: only the content tells
    (service.uploads / "new folder").mkdir()
    (service.uploads / "new folder" / "file").write_bytes(b"new")
    job = service.mirrored(dest=bucket)
    assert job["status"] == "succeeded"
    assert bucket_objects(s3, bucket) == tree_objects(service.uploads)

    assert service.mirrored(dest=bucket)["done"] == {"uploads": 0, "deletes": 0, "bytes": 0}
    for path in service.uploads.iterdir():  # another empty folder in its place would be taken for a missing disk
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    job = service.mirrored(dest=bucket)
    assert job["status"] == "succeeded", (job, service.get("/steps", id=job["id"], status="failed"))
    assert bucket_objects(s3, bucket) is None


@pytest.mark.fault(45)
def test_rclone_agrees_that_bucket_and_folder_are_equal(start, bucket, rclone):
    service = start()
    make_tree(service.uploads, 200)
    for path in [*service.uploads.rglob("*")]:
        if path.is_file() and MARK in "".join(key_of(part) for part in path.relative_to(service.uploads).parts):
            path.unlink()  # a name that we spell; rclone has a spelling of its own
    service.mirrored(dest=bucket)
    environ = os.environ | {
        "RCLONE_CONFIG_T_TYPE": "s3",
        "RCLONE_CONFIG_T_PROVIDER": "Other",
        "RCLONE_CONFIG_T_ENDPOINT": rclone.endpoint,
        "RCLONE_CONFIG_T_ACCESS_KEY_ID": ACCESS_KEY,
        "RCLONE_CONFIG_T_SECRET_ACCESS_KEY": rclone.secret_key,
    }
    command = [find_rclone(), "check", str(service.uploads), f"T:{bucket}", "--download", "--config", ""]
    checked = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=100, check=False)

    assert checked.returncode == 0, checked.stderr
    assert "0 differences found" in checked.stderr


def test_a_large_file_is_mirrored_in_parts_and_recognised_again(start, bucket, moto):
    service = start(moto)
    (service.uploads / "large").write_bytes(os.urandom(1 << 20) * 40)
    assert service.mirrored(dest=bucket)["done"] == {"uploads": 1, "deletes": 0, "bytes": 40 << 20}
    assert service.mirrored(dest=bucket)["unchanged"] == 1
    assert bucket_objects(moto, bucket) == tree_objects(service.uploads)


@pytest.mark.fault(26, 27, "I9")
def test_links_pipes_and_sockets_are_skipped_and_counted_and_nothing_outside_is_read(start, bucket, rclone, tmp_path):
    service = start()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("never to be read")
    (service.uploads / "in").mkdir()
    (service.uploads / "in" / "file").write_text("inside")
    (service.uploads / "link-in").symlink_to("in/file")
    (service.uploads / "folder-in").symlink_to("in")
    (service.uploads / "link-out").symlink_to(outside / "secret")
    (service.uploads / "folder-out").symlink_to(outside)
    (service.uploads / "broken").symlink_to("nowhere")
    (service.uploads / "in" / "loop").symlink_to("..")
    os.mkfifo(service.uploads / "pipe")
    job = service.mirrored(dest=bucket)

    assert (job["status"], job["reason"]) == ("partial", "files_skipped")
    assert set(bucket_objects(rclone, bucket)) == {"in/file", "link-in", "folder-in/file"}
    skipped = {step["key"].rstrip("/") for step in service.get("/steps", id=job["id"], status="skipped")}
    assert skipped >= {"link-out", "folder-out", "broken", "in/loop", "pipe"}
    assert job["skipped"] == len(service.get("/steps", id=job["id"], status="skipped"))

    outside_source = service.mirrored(source="folder-out", dest=bucket)
    assert (outside_source["status"], outside_source["reason"]) == ("failed", "source_unreadable")
    assert len(bucket_objects(rclone, bucket)) == 3
