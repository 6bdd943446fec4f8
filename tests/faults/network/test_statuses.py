"""500, 502, 503 and 429, once, in bursts and for ever, with a wish for a pause and without: asked again, but not for ever."""

import time
from contextlib import closing
from dataclasses import replace

import pytest

from app.cancellation import Cancelled, CancelToken
from app.errors import StorageFailure, StorageUnreachable, Throttled
from app.storages.local import LocalStorage
from app.storages.s3 import S3Storage, health
from app.storages.s3.health import Health, retry_after
from app.transfer.run import MirrorOptions, MirrorRun
from tests.conformance.contents import MIB, bytes_of, content
from tests.support.faulty_proxy import Trouble, once
from tests.support.hostile_s3 import error

pytestmark = [pytest.mark.fault(9)]

WISH = {"Retry-After": "0"}
STATUSES = {
    "500": Trouble(status=500, body=error("InternalError")),
    "502": Trouble(status=502, body="<html>Bad gateway"),
    "503": Trouble(status=503, body=error("SlowDown"), headers=WISH),
    "429": Trouble(status=429, body=error("TooManyRequests")),
    "429 without a word": Trouble(status=429),
}


@pytest.fixture(autouse=True)
def _is_in_a_hurry(monkeypatch):
    monkeypatch.setattr(health, "BUSY_PAUSE", 0.05)


def read(storage):
    with storage.read("there") as found:
        assert found.read() == b"here"


def kept(storage, key="key", size=5):
    storage.write(key, content(bytes_of(size)))


OPERATIONS = {
    "list": (lambda x: "list-type" in x.path, lambda s: [e.key for e in s.list()] == ["there"]),
    "check": (lambda x: "list-type" in x.path, lambda s: s.check()),
    "read": (lambda x: x.method == "GET" and x.keys, read),
    "write": (lambda x: x.writes, kept),
    "delete": (lambda x: x.method == "POST" and "delete" in x.path, lambda s: s.delete(["there", "nowhere"]) == {}),
}


OF_AN_UPLOAD = {
    "first request": lambda x: x.method == "POST" and "uploads" in x.query,
    "part": lambda x: "partNumber" in x.query,
    "last request": lambda x: x.writes and x.method == "POST",
}


@pytest.mark.parametrize("meant", OF_AN_UPLOAD.values(), ids=OF_AN_UPLOAD)
def test_an_upload_in_parts_survives_what_passes(proxy, bucket, meant):
    proxy.trouble = once(meant, Trouble(status=429))
    kept(bucket, size=17 * MIB)
    read_back = bucket.read("key")
    assert read_back.read() == bytes_of(17 * MIB)


MET = [
    *(("list", status) for status in STATUSES),  # listings ask again by themselves
    *(("delete", status) for status in STATUSES),  # botocore and `health` do it
    ("check", "500"), ("read", "502"), ("read", "429"), ("write", "503"), ("write", "429 without a word"),
]  # fmt: skip
"""Each operation with the statuses that the code which asks again for it takes differently, and each way once more."""


@pytest.mark.parametrize(("operation", "status"), MET)
def test_what_passes_is_survived(proxy, bucket, operation, status):
    meant, ask = OPERATIONS[operation]
    bucket.write("there", content(b"here"))
    proxy.trouble = once(meant, STATUSES[status])
    assert ask(bucket) in (None, True)


@pytest.mark.parametrize("status", ["500", "503", "429 without a word"])
def test_a_thousand_files_for_a_server_that_never_takes_one_are_not_asked_for_a_thousand_times(
    proxy, bucket, tmp_path, status
):
    (tmp_path / "files").mkdir()
    for number in range(1000):
        (tmp_path / "files" / f"{number}").write_bytes(b"x")
    bucket.write("left", content(b"to be deleted"))
    proxy.trouble = lambda exchange: STATUSES[status] if exchange.writes else Trouble()
    before = len(proxy.exchanges)
    options = MirrorOptions(name="b", spool_dir=tmp_path)
    events = []
    run = MirrorRun(LocalStorage(tmp_path / "files"), bucket, options, events.append, CancelToken())
    with pytest.raises((StorageUnreachable, Throttled)):
        run.run()
    assert sum(exchange.writes for exchange in proxy.exchanges[before:]) < 200
    proxy.trouble = lambda _: Trouble()
    assert [entry.key for entry in bucket.list()] == ["left"]


def test_a_server_that_says_when_is_asked_again_then(proxy, bucket):
    proxy.trouble = once(lambda x: "list-type" in x.path, Trouble(status=503, headers={"Retry-After": "1"}))
    before = len(proxy.exchanges)
    bucket.check()
    first, second = proxy.exchanges[before:]
    assert second.began - first.began > 0.9  # by a clock that may be set a little meanwhile


def test_a_cancel_ends_the_pause_that_a_server_wishes(proxy, address):
    token = CancelToken()
    proxy.trouble = lambda _: (token.cancel("cancelled_by_user"), Trouble(status=503, headers={"Retry-After": "50"}))[1]
    with closing(S3Storage(replace(address, token=token))) as storage, pytest.raises(Cancelled):
        list(storage.list())


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("", 0),
        ("-7", 0),
        ("soon", 0),
        ("9" * 5000, 999_999_999),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0),
    ],
    ids=["seconds", "with spaces", "nothing", "the past", "a word", "for ever", "a time that is over"],
)
def test_a_wish_is_understood_as_it_is_spelt(told, seconds):
    assert retry_after({"Retry-After": told}) == seconds


def test_a_wish_may_be_a_time():
    at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 1000))
    assert 900 < retry_after({"Retry-After": at}) <= 1000


def test_no_pause_is_longer_than_a_minute(address):
    assert Health(address).pause({"Retry-After": "3600"}, "", 503, 1) == health.LONGEST_PAUSE


def test_a_good_answer_between_keeps_a_server_from_being_given_up(proxy, bucket, monkeypatch):
    """Some objects that a server cannot read are no reason to stop."""
    monkeypatch.setattr(health, "HOPELESS", 4)
    bucket.write("there", content(b"here"))
    proxy.trouble = lambda x: Trouble(status=502, body=error("InternalError")) if "unreadable" in x.path else Trouble()
    for _ in range(2):
        with pytest.raises(StorageFailure, match="InternalError"):
            bucket.read("unreadable")
        read(bucket)
    with pytest.raises(StorageFailure, match="InternalError"):
        bucket.read("unreadable")
    with pytest.raises(StorageUnreachable):
        bucket.read("unreadable")


def test_a_folder_of_objects_that_a_server_cannot_read_is_no_reason_to_stop(proxy, bucket):
    bucket.write("there", content(b"here"))
    proxy.trouble = lambda x: Trouble(status=500, body=error("InternalError")) if "unreadable" in x.path else Trouble()
    for number in range(20):
        with pytest.raises(StorageFailure, match="InternalError"):
            bucket.read(f"unreadable{number}")
    read(bucket)


def test_a_server_that_can_read_nothing_is_given_up(proxy, bucket, monkeypatch):
    monkeypatch.setattr(health, "HOPELESS", 1)
    proxy.trouble = lambda x: Trouble(status=500, body=error("InternalError")) if "unreadable" in x.path else Trouble()
    for number in range(3):  # each is asked for three times
        with pytest.raises(StorageFailure, match="InternalError"):
            bucket.read(f"unreadable{number}")
    with pytest.raises(StorageUnreachable):
        bucket.read("unreadable")
