"""The storages that the conformance suite is run for, and what was measured of the servers behind them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import boto3
from botocore.config import Config

from app.storages.base import Storage
from app.storages.local import LocalStorage
from app.storages.memory import MemoryStorage
from app.storages.prefixed import PrefixedStorage
from app.storages.s3 import S3Address, S3Storage
from tests.support.servers import Server


@dataclass(frozen=True)
class Quirks:
    """How a server differs from the rest; each set was found by measuring.

    Attributes:
        altered_keys: taken, but stored under another key.
        phantom_keys: refused, but listed from then on.
        drops: the storage itself can be dropped.
        keeps_folders: an object cannot have the name of another one's folder.
        reads_missing: a read from a missing storage says that the file is missing, as a source must.
    """

    altered_keys: frozenset[str] = frozenset()
    phantom_keys: frozenset[str] = frozenset()
    drops: bool = True
    keeps_folders: bool = False
    reads_missing: bool = False


@dataclass(frozen=True)
class Subject:
    """One kind of storage under test.

    Attributes:
        fresh: returns a storage of its own that was not created yet.
        remains: tells what a driver left behind in a storage beside its objects.
    """

    fresh: Callable[[], Storage]
    remains: Callable[[], list[str]] = field(default=list)
    quirks: Quirks = field(default_factory=Quirks)


def local(folder: Path) -> Subject:
    """Folders of this machine."""
    return Subject(
        fresh=lambda: LocalStorage(folder / uuid.uuid4().hex),
        remains=lambda: [path.name for path in folder.rglob(".*")],
        quirks=Quirks(keeps_folders=True, reads_missing=True),
    )


def memory() -> Subject:
    """The memory of this process."""
    return Subject(fresh=MemoryStorage)


def s3(server: Server, quirks: Quirks) -> Subject:
    """Buckets of a server."""
    made: list[S3Address] = []

    def fresh() -> S3Storage:
        made.append(server.bucket("b" + uuid.uuid4().hex))
        return S3Storage(made[-1], connections=16)

    return Subject(fresh, lambda: [key for address in made for key in open_uploads(address)], quirks)


def prefixed(subject: Subject) -> Subject:
    """The part of another subject below a folder."""
    return Subject(
        lambda: PrefixedStorage(subject.fresh(), "folder/of mine/"),
        subject.remains,
        replace(subject.quirks, drops=False),
    )


def client_of(address: S3Address):
    """Return a client that shares nothing with the driver."""
    return boto3.client(
        "s3",
        endpoint_url=address.endpoint,
        aws_access_key_id=address.access_key,
        aws_secret_access_key=address.secret_key,
        region_name=address.region,
        config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", proxies={}),
    )


def open_uploads(address: S3Address) -> list[str]:
    """Return the keys of multipart uploads that nobody completed or aborted."""
    client = client_of(address)
    try:
        return [upload["Key"] for upload in client.list_multipart_uploads(Bucket=address.bucket).get("Uploads", [])]
    except (client.exceptions.NoSuchBucket, client.exceptions.NoSuchUpload):
        return []  # rclone says NoSuchUpload when there is none at all
    finally:
        client.close()


# Measured with rclone 1.75.2: a marker `folder/` becomes an object `folder`; a name that its disk refuses stays in its
# cache of folders; objects are files, so that `a` and `a/b` exclude each other.
RCLONE = Quirks(altered_keys=frozenset({"trail/"}), phantom_keys=frozenset({"y" * 256}), keeps_folders=True)
MOTO = Quirks()
