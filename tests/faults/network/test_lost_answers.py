"""Connections that break before, within and after a request, also when the server had done it: done again, or found done."""

from contextlib import closing
from dataclasses import replace

import pytest

from app.cancellation import CancelToken
from app.errors import StorageError
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage
from app.transfer.events import Finished
from app.transfer.index import Index
from app.transfer.run import MirrorOptions, MirrorRun
from tests.conformance.contents import MIB, bytes_of, content
from tests.conformance.subjects import client_of
from tests.support.faulty_proxy import Trouble, once

pytestmark = [pytest.mark.fault(11)]

LARGE = 17 * MIB
LOST = Trouble(lost=True)


@pytest.fixture(params=["rclone", pytest.param("moto", marks=pytest.mark.slow)])
def server(request):
    return request.getfixturevalue(request.param)


def is_first_of_upload(exchange):
    return exchange.method == "POST" and "uploads" in exchange.query


def open_uploads(address):
    with closing(client_of(address)) as client:
        return client.list_multipart_uploads(Bucket=address.bucket).get("Uploads", [])


def mirrored(folder, bucket, tmp_path):
    """Mirror a folder; return what was done, by action and key."""
    events = []
    spool = tmp_path / "spool"
    spool.mkdir(exist_ok=True)
    with Index.open(tmp_path / "index", str(folder), "bucket") as index:
        options = MirrorOptions(name="b", spool_dir=spool)
        MirrorRun(LocalStorage(folder), bucket, options, events.append, CancelToken(), index).run()
    return {(event.action, event.key): event.status for event in events if isinstance(event, Finished)}


BROKEN = {
    "an upload that was done": (lambda x: x.writes, LOST),
    "an upload that was cut": (lambda x: x.writes, Trouble(cut_request=3)),
    "the answer to an upload is cut": (lambda x: x.writes, Trouble(cut_answer=0, lost=True)),
    "a deletion that was done": (lambda x: x.deletes, LOST),
    "a listing": (lambda x: "list-type" in x.query, Trouble(cut_answer=40)),
    "all listings but one": (lambda x: "list-type" in x.query and "max-keys" not in x.query, LOST),
}


@pytest.mark.parametrize("by_boto3", [pytest.param(False, id="obstore"), pytest.param(True, id="boto3")])
@pytest.mark.parametrize(("meant", "trouble"), BROKEN.values(), ids=BROKEN)
def test_a_mirror_is_whole_though_an_answer_is_lost_and_the_next_one_has_nothing_to_do(
    proxy, address, tmp_path, meant, trouble, by_boto3
):
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / name).write_bytes(b"content of " + name.encode())
    address = replace(address, forbids=(lambda _: False) if by_boto3 else None)
    with closing(S3Storage(address)) as bucket:
        bucket.create()
        bucket.write("gone", content(b"gone"))
        proxy.trouble = once(meant, trouble)
        done = mirrored(folder, bucket, tmp_path)
        assert done == {("upload", "a"): "done", ("upload", "b"): "done", ("delete", "gone"): "done"}
        assert {entry.key: bucket.read(entry.key).read() for entry in bucket.list()} == {
            "a": b"content of a", "b": b"content of b",
        }  # fmt: skip
        assert mirrored(folder, bucket, tmp_path) == {}


def test_a_bucket_that_was_made_and_dropped_without_an_answer_is_made_and_dropped(proxy, address):
    with closing(S3Storage(address)) as bucket:
        for ask in (bucket.create, bucket.drop):
            proxy.trouble = once(lambda x: x.method in ("PUT", "DELETE"), LOST)
            ask()
        with pytest.raises(StorageError):
            bucket.check()


def test_a_download_that_is_cut_is_done_again(proxy, bucket):
    bucket.write("key", content(bytes_of(3 * MIB)))
    proxy.trouble = once(lambda x: x.method == "GET" and x.keys, Trouble(cut_answer=2 * MIB))
    assert bucket.read("key").read() == bytes_of(3 * MIB)


@pytest.mark.parametrize(
    "meant",
    [
        pytest.param(is_first_of_upload, id="the first request"),
        pytest.param(lambda x: "partNumber" in x.query, id="a part"),
        pytest.param(lambda x: x.method == "POST" and "uploadId" in x.query, id="the last request"),
    ],
)
def test_an_upload_in_parts_is_whole_though_an_answer_is_lost_and_leaves_none_open(proxy, bucket, address, meant):
    proxy.trouble = once(meant, LOST)
    bucket.write("key", content(bytes_of(LARGE)))
    assert bucket.read("key").read() == bytes_of(LARGE)
    assert open_uploads(address) == []
