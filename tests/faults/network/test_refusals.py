"""Keys that expire or are taken back in the middle of a job, rights that are missing, and headers that are damaged."""

from contextlib import closing

import pytest

from app.cancellation import CancelToken
from app.errors import InvalidCredentials, StorageError
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage
from app.transfer.events import Finished
from app.transfer.run import MirrorOptions, MirrorRun
from tests.conformance.contents import bytes_of, content
from tests.support.faulty_proxy import Trouble, once
from tests.support.hostile_s3 import error

THREADS = 4
FILES = 40


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "files" / "p").mkdir(parents=True)
    for number in range(FILES):
        (tmp_path / "files" / "p" / f"{number:03}").write_bytes(b"x")
    (tmp_path / "files" / "z").write_bytes(b"x")
    return LocalStorage(tmp_path / "files")


def run_of(folder, bucket, tmp_path):
    events = []
    options = MirrorOptions(name="b", spool_dir=tmp_path, threads=THREADS)
    return MirrorRun(folder, bucket, options, events.append, CancelToken()), events


def refused(code, status=403):
    return Trouble(status=status, body=error(code))


@pytest.mark.fault(14)
@pytest.mark.parametrize(
    "code", ["InvalidAccessKeyId", "ExpiredToken", "RequestTimeTooSkewed", "SignatureDoesNotMatch"]
)
def test_keys_that_are_refused_in_the_middle_of_a_job_end_it_at_once(proxy, bucket, folder, tmp_path, code):
    bucket.write("gone", content(b"x"))
    begun = len(proxy.exchanges) + 10
    asked = lambda: len(proxy.exchanges) - begun  # noqa: E731
    proxy.trouble = lambda _: refused(code) if asked() > 0 else Trouble()
    run, _ = run_of(folder, bucket, tmp_path)
    with pytest.raises(InvalidCredentials, match=code):
        run.run()
    assert asked() < FILES  # those in hand, each by both lanes, with the attempts that boto3 makes for a clock
    proxy.trouble = lambda _: Trouble()
    assert "gone" in [entry.key for entry in bucket.list()]


@pytest.mark.fault(14)
@pytest.mark.parametrize(
    ("meant", "failed"),
    [
        pytest.param(lambda x: x.writes, FILES + 1, id="uploads"),
        pytest.param(lambda x: x.writes and x.keys[0].startswith("p/"), FILES, id="uploads below one prefix"),
        pytest.param(lambda x: x.deletes, 1, id="deletions"),
    ],
)
def test_a_right_that_is_missing_fails_the_files_concerned_and_deletes_nothing(
    proxy, bucket, folder, tmp_path, meant, failed
):
    bucket.write("gone", content(b"x"))
    proxy.trouble = lambda exchange: refused("AccessDenied") if meant(exchange) else Trouble()
    run, events = run_of(folder, bucket, tmp_path)
    run.run()
    ended = [event for event in events if isinstance(event, Finished)]
    assert [event.reason for event in ended if event.status == "failed"] == ["access_denied"] * failed
    proxy.trouble = lambda _: Trouble()
    assert "gone" in [entry.key for entry in bucket.list()]


@pytest.mark.fault(14)
def test_who_may_not_list_stops_the_job(proxy, bucket, folder, tmp_path):
    proxy.trouble = lambda x: refused("AccessDenied") if "list-type" in x.query else Trouble()
    run, _ = run_of(folder, bucket, tmp_path)
    with pytest.raises(StorageError, match="not allowed"):
        run.run()
    assert not any(exchange.writes or exchange.deletes for exchange in proxy.exchanges)


@pytest.mark.fault(13)
@pytest.mark.parametrize(
    "header", ["content-md5", "x-amz-content-sha256", "authorization", "content-type", "x-amz-meta-mtime"]
)
@pytest.mark.parametrize("by_boto3", [pytest.param(False, id="obstore"), pytest.param(True, id="boto3")])
def test_a_damaged_header_of_an_upload_stores_nothing_that_is_wrong(proxy, bucket, header, by_boto3):
    bucket._lanes._small._closed = by_boto3
    proxy.trouble = once(lambda x: x.writes, Trouble(replaced={header: "AAAAAAAAAAAAAAAAAAAAAA=="}))
    try:
        bucket.write("key", content(b"data"))
    except StorageError:
        assert list(bucket.list()) == []
    else:
        assert bucket.read("key").read() == b"data"


@pytest.mark.fault(13)
@pytest.mark.parametrize("trouble", [Trouble(flip_request=1), Trouble(flip_answer=1)], ids=["sent", "read"])
def test_a_flipped_bit_is_mended(proxy, bucket, trouble):
    bucket.write("key", content(bytes_of(5000)))
    proxy.trouble = once(lambda x: bool(x.keys) and x.method in ("PUT", "GET"), trouble)
    bucket.write("key", content(bytes_of(5000)))
    assert bucket.read("key").read() == bytes_of(5000)


@pytest.mark.fault(13)
def test_slow_networks_and_pauses_damage_nothing(proxy, address):
    proxy.trouble = lambda _: Trouble(delay=0.01, rate=3_000_000)
    with closing(S3Storage(address)) as bucket:
        bucket.create()
        bucket.write("key", content(bytes_of(100_000)))
        assert bucket.read("key").read() == bytes_of(100_000)
