"""Versioned, suspended, locked and archived objects, on moto: mirrors work, and what may not go or be read is told."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from app.cancellation import CancelToken
from app.errors import StorageFailure, StorageNotEmpty
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage
from app.transfer.events import Finished
from app.transfer.run import MirrorOptions, MirrorRun
from tests.conformance.contents import content
from tests.conformance.subjects import client_of
from tests.support.faulty_proxy import Trouble
from tests.support.hostile_s3 import error

pytestmark = [pytest.mark.fault(22)]


@pytest.fixture
def server(moto):
    return moto


@pytest.fixture
def client(address):
    with closing(client_of(address)) as client:
        yield client


@pytest.fixture
def files(tmp_path):
    (tmp_path / "files").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / "files" / name).write_bytes(name.encode())
    return tmp_path / "files"


def mirrored(files, bucket, tmp_path, **options):
    """Mirror; return what was done as triples."""
    events = []
    options = MirrorOptions(name="mybucket", spool_dir=tmp_path, **options)
    MirrorRun(LocalStorage(files), bucket, options, events.append, CancelToken()).run()
    return sorted((event.action, event.key, event.status) for event in events if isinstance(event, Finished))


@pytest.mark.parametrize("state", ["Enabled", "Suspended"])
def test_a_bucket_with_versions_is_mirrored_like_any_other(client, bucket, address, files, tmp_path, state):
    for told in ("Enabled", state):
        client.put_bucket_versioning(Bucket=address.bucket, VersioningConfiguration={"Status": told})
    done = [("upload", name, "done") for name in ("a", "b", "c")]
    assert mirrored(files, bucket, tmp_path) == done
    (files / "a").write_bytes(b"another content")
    (files / "b").unlink()
    assert mirrored(files, bucket, tmp_path) == [("delete", "b", "done"), ("upload", "a", "done")]
    assert bucket.read("a").read() == b"another content"
    assert [entry.key for entry in bucket.list()] == ["a", "c"]
    again = mirrored(files, bucket, tmp_path)
    assert [step for step in again if step[0] == "delete"] == []


def test_old_versions_keep_a_bucket_from_being_dropped_and_that_is_told(client, bucket, address, files, tmp_path):
    client.put_bucket_versioning(Bucket=address.bucket, VersioningConfiguration={"Status": "Enabled"})
    mirrored(files, bucket, tmp_path)
    for file in files.iterdir():
        file.unlink()
    done = mirrored(files, bucket, tmp_path)
    assert [step[2] for step in done if step[0] == "delete"] == ["done"] * 3
    assert list(bucket.list()) == []
    versions = client.list_object_versions(Bucket=address.bucket)
    assert len(versions["Versions"]) == 3
    assert len(versions["DeleteMarkers"]) == 3


def test_a_bucket_that_the_server_does_not_call_empty_is_not_dropped(proxy, bucket, files, tmp_path):
    """moto drops one with old versions; Amazon answers as it is made up here."""
    for file in files.iterdir():
        file.unlink()
    proxy.trouble = lambda x: Trouble(status=409, body=error("BucketNotEmpty")) if x.method == "DELETE" else Trouble()
    assert mirrored(files, bucket, tmp_path) == [("drop", "mybucket", "failed")]
    with pytest.raises(StorageNotEmpty, match="old versions"):
        bucket.drop()


def test_locked_objects_are_kept_and_each_is_told_of(client, address, proxy, files, tmp_path):
    client.create_bucket(Bucket=address.bucket, ObjectLockEnabledForBucket=True)
    with closing(S3Storage(address)) as bucket:
        assert len(mirrored(files, bucket, tmp_path)) == 3
        until = datetime.now(UTC) + timedelta(days=1)
        client.put_object_retention(
            Bucket=address.bucket, Key="a", Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until}
        )
        client.put_object_legal_hold(Bucket=address.bucket, Key="b", LegalHold={"Status": "ON"})
        (files / "a").write_bytes(b"a new version is no change of the old one")
        assert ("upload", "a", "done") in mirrored(files, bucket, tmp_path)
        locked = "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code></Error></DeleteResult>"
        proxy.trouble = lambda x: Trouble(status=200, body=locked) if x.method == "POST" else Trouble()
        assert [*bucket.delete(["b", "c"])] == ["b"]


def test_an_archived_object_is_told_of(proxy, bucket):
    bucket.write("a", content(b"a"))
    proxy.trouble = lambda x: (
        Trouble(status=403, body=error("InvalidObjectState")) if x.keys and x.method == "GET" else Trouble()
    )
    with pytest.raises(StorageFailure, match=r"archived .* Restore it"):
        bucket.read("a")
