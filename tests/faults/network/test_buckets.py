"""A bucket that was deleted or made just now, is somebody else's, or lies elsewhere."""

from contextlib import closing

import pytest

from app.errors import AccessDenied, StorageError, StorageFailure
from app.storages.s3 import S3Storage, buckets
from app.storages.s3.client import S3Clients
from tests.support.faulty_proxy import Trouble, once
from tests.support.hostile_s3 import error

pytestmark = [pytest.mark.fault(17)]

ABORTED = Trouble(status=409, body=error("OperationAborted"))


@pytest.fixture(autouse=True)
def _is_in_a_hurry(monkeypatch):
    monkeypatch.setattr(buckets, "_PAUSE", 0.02)


def makes(exchange):
    return exchange.method == "PUT" and not exchange.keys


def looks(exchange):
    return "list-type" in exchange.query


def test_the_name_of_a_bucket_that_was_deleted_just_now_is_waited_for(proxy, address):
    proxy.trouble = once(makes, ABORTED, times=3)
    with closing(S3Storage(address)) as bucket:
        bucket.create()
        proxy.trouble = lambda _: Trouble()
        assert list(bucket.list()) == []
    assert sum(map(makes, proxy.exchanges)) == 4


def test_a_bucket_that_is_not_known_everywhere_yet_is_waited_for(proxy, address):
    proxy.trouble = once(looks, Trouble(status=404, body=error("NoSuchBucket")), times=3)
    with closing(S3Storage(address)) as bucket:
        bucket.create()
    assert sum(map(looks, proxy.exchanges)) == 4


def test_a_name_that_stays_in_use_is_given_up(proxy, address):
    proxy.trouble = lambda _: ABORTED
    with closing(S3Clients(address, 1)) as clients, pytest.raises(StorageFailure, match="has not finished"):
        buckets.create_bucket(clients.working, address, window=0.2)


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        pytest.param({"PUT": Trouble(status=409, body=error("BucketAlreadyExists")), "HEAD": Trouble(status=403)},
                     AccessDenied, "belongs to someone else", id="somebody else's"),
        pytest.param({"PUT": Trouble(status=301, body=error("PermanentRedirect"))}, StorageFailure, "another region",
                     id="elsewhere"),
        pytest.param({"PUT": Trouble(status=400, body=error("InvalidBucketName"))}, StorageFailure, "bucket's name",
                     id="a name that the server does not take"),
        pytest.param({"PUT": Trouble(status=403, body=error("AccessDenied"))}, AccessDenied, "not allowed",
                     id="not allowed"),
    ],
)  # fmt: skip
def test_a_bucket_that_cannot_be_made_is_told_of_in_words(proxy, address, trouble, kind, words):
    proxy.trouble = lambda exchange: trouble.get(exchange.method, Trouble())
    with closing(S3Storage(address)) as bucket, pytest.raises(StorageError, match=words) as raised:
        bucket.create()
    assert isinstance(raised.value, kind)
    assert len(proxy.exchanges) <= 6
