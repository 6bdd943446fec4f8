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


ON_MOTO = pytest.mark.slow
ON_BOTH = pytest.mark.parametrize("server", ["rclone", pytest.param("moto", marks=ON_MOTO)], indirect=True)


@pytest.fixture
def server(request):
    return request.getfixturevalue(getattr(request, "param", "rclone"))


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


UPLOADS = {
    "an upload that was done": (lambda x: x.writes, LOST),
    "an upload that was cut": (lambda x: x.writes, Trouble(cut_request=3)),
    "the answer to an upload is cut": (lambda x: x.writes, Trouble(cut_answer=0, lost=True)),
}
OTHERS = {
    "a deletion that was done": (lambda x: x.deletes, LOST),
    "a listing": (lambda x: "list-type" in x.query, Trouble(cut_answer=40)),
    "all listings but one": (lambda x: "list-type" in x.query and "max-keys" not in x.query, LOST),
}
BROKEN = [
    *(pytest.param("rclone", False, *UPLOADS[name], id=f"{name}, by obstore") for name in UPLOADS),
    *(pytest.param("rclone", True, *UPLOADS[name], id=f"{name}, by boto3") for name in UPLOADS),
    *(pytest.param("rclone", True, *OTHERS[name], id=name) for name in OTHERS),
    pytest.param("moto", False, *UPLOADS["an upload that was done"], id="an upload that was done, on moto", marks=ON_MOTO),
    pytest.param("moto", True, *OTHERS["a deletion that was done"], id="a deletion that was done, on moto", marks=ON_MOTO),
    pytest.param("moto", True, *OTHERS["a listing"], id="a listing, on moto", marks=ON_MOTO),
]  # fmt: skip
"""obstore does nothing but uploads of these; a server's own way shows in what it has done, and in its documents."""


@pytest.mark.parametrize(("server", "by_boto3", "meant", "trouble"), BROKEN, indirect=["server"])
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


@ON_BOTH
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


@ON_BOTH
@pytest.mark.parametrize(
    "meant",
    [
        pytest.param(lambda x: "partNumber" in x.query, id="a part"),
        pytest.param(lambda x: x.method == "POST" and "uploadId" in x.query, id="the last request"),
    ],
)
def test_an_upload_in_parts_is_whole_though_an_answer_is_lost_and_leaves_none_open(proxy, bucket, address, meant):
    proxy.trouble = once(meant, LOST)
    bucket.write("key", content(bytes_of(LARGE)))
    assert bucket.read("key").read() == bytes_of(LARGE)
    assert open_uploads(address) == []


def parts_of(client, address, upload_id, data):
    part = {"Bucket": address.bucket, "Key": "key", "UploadId": upload_id, "PartNumber": 1}
    return {"PartNumber": 1, "ETag": client.upload_part(**part, Body=data)["ETag"]}


@ON_BOTH
@pytest.mark.usefixtures("bucket")
def test_an_upload_whose_beginning_was_not_answered_is_tidied_and_never_one_of_somebody_else(
    server, proxy, address, tmp_path
):
    """Another process begins with the same key in the very moment in which our first attempt is not answered."""
    with (
        closing(client_of(replace(address, endpoint=server.endpoint))) as client,
        closing(S3Storage(address, notes=tmp_path / "notes", keep_hours=0)) as storage,
    ):
        begun = []

        def meant(exchange):
            is_meant = is_first_of_upload(exchange) and not begun
            if is_meant:
                begun.append("")  # or this request would be meant too
                begun.append(client.create_multipart_upload(Bucket=address.bucket, Key="key")["UploadId"])
            return is_meant

        proxy.trouble = once(meant, LOST)
        storage.write("key", content(bytes_of(LARGE)))
        assert begun[1] in [upload["UploadId"] for upload in open_uploads(address)]
        part = parts_of(client, address, begun[1], b"of somebody else")
        storage.tidy()
        assert [upload["UploadId"] for upload in open_uploads(address)] == [begun[1]]
        assert list((tmp_path / "notes").iterdir()) == []
        told = {"Bucket": address.bucket, "Key": "key", "UploadId": begun[1]}
        client.complete_multipart_upload(**told, MultipartUpload={"Parts": [part]})
        assert storage.read("key").read() == b"of somebody else"
