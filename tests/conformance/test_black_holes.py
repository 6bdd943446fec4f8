"""Places that take a connection and never answer: every driver says so to who waits, and all are asked at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from app.errors import StorageUnreachable
from app.storages.azure.address import AzureAddress
from app.storages.azure.storage import AzureStorage
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.storage import GcsStorage
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.storage import GdriveStorage
from app.storages.registry import LISTS, buckets_of
from app.storages.s3 import S3Address, S3Storage
from tests.conformance.subjects import Refused
from tests.support.servers import ACCESS_KEY, black_hole

PATIENCE_SECONDS = 40
"""Four times as long as is promised, for a machine that has much else to do; who set no limit would wait for longer."""

SECRET = "c2VjcmV0c2VjcmV0"
ADDRESSES = {
    "s3": lambda endpoint: S3Address(endpoint, "bucket", ACCESS_KEY, SECRET),
    "azure": lambda endpoint: AzureAddress(endpoint, "account", "container", account_key=SECRET),
    "gcs": lambda endpoint: GcsAddress("bucket", endpoint),
    "gdrive": lambda endpoint: DriveAddress("a/b", Refused(), endpoint=endpoint),
}
STORAGES = {"s3": S3Storage, "azure": AzureStorage, "gcs": GcsStorage, "gdrive": GdriveStorage}
QUESTIONS = {
    "check": lambda storage: storage.check(),
    "level": lambda storage: storage.browse(),
    "object": lambda storage: storage.stat("key"),
    "rights": lambda storage: storage.rights(),
    "copy": lambda storage: storage.copy("key", "copy"),
}
ASKED = [("s3", "check"), ("s3", "rights")]
ASKED += [
    (kind, question) for kind in ("azure", "gcs", "gdrive") for question in ("check", "level", "object", "rights")
]
ASKED += [("azure", "copy")]
"""Where S3 is looked at, it is given more time, since rclone reads what it tells of."""


def of_a_storage(endpoint, kind, question):
    with closing(STORAGES[kind](ADDRESSES[kind](endpoint))) as storage:
        QUESTIONS[question](storage)


def of_an_account(endpoint, kind):
    buckets_of(kind, address=ADDRESSES[kind](endpoint))


@contextmanager
def asked_at_once():
    with black_hole() as endpoint, ThreadPoolExecutor(max_workers=32) as pool:
        asked = {one: pool.submit(of_a_storage, endpoint, *one) for one in ASKED}
        asked |= {(kind, "buckets"): pool.submit(of_an_account, endpoint, kind) for kind in LISTS}
        yield asked


@pytest.mark.slow
@pytest.mark.fault(12)
def test_a_black_hole_is_told_within_seconds():
    with asked_at_once() as asked:
        for what, answer in asked.items():
            with pytest.raises(StorageUnreachable, match="in time"):
                assert answer.result(PATIENCE_SECONDS) is None, what
