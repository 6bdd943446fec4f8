"""The storages that the conformance suite is run for, and what was measured of the servers behind them."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from azure.core.exceptions import ResourceNotFoundError
from botocore.config import Config

from app.errors import ConsentRequired
from app.storages.azure.address import AzureAddress
from app.storages.azure.storage import AzureStorage
from app.storages.base import Storage
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.key_file import read_key_file
from app.storages.gcs.storage import GcsStorage
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.storage import GdriveStorage
from app.storages.local import LocalStorage
from app.storages.memory import MemoryStorage
from app.storages.prefixed import PrefixedStorage
from app.storages.s3 import S3Address, S3Storage
from tests.support import azurite
from tests.support.azurite import Azurite
from tests.support.gcs_fake import FakeGcs
from tests.support.gcs_keys import OTHER_PRIVATE_KEY, key_file
from tests.support.google_fake import FakeGoogle
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
        keeps_markers: an object's key can end with a slash.
        knows_callers: credentials that are wrong are refused.
        copies: it copies objects by itself.
        refusal: the reason that is told to whoever comes with credentials that are wrong.
        own_limits: keys that are refused here though they are said to be held by all, or the reverse; tests of the
            driver's own say which.
    """

    altered_keys: frozenset[str] = frozenset()
    phantom_keys: frozenset[str] = frozenset()
    drops: bool = True
    keeps_folders: bool = False
    reads_missing: bool = False
    keeps_markers: bool = True
    knows_callers: bool = True
    copies: bool = True
    refusal: str = "access_denied"
    own_limits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """One kind of storage under test.

    Attributes:
        fresh: returns a storage of its own that was not created yet.
        remains: tells what a driver left behind in a storage beside its objects.
        stranger: returns the storage that was made last, opened with credentials that it refuses; None: there are none.
    """

    fresh: Callable[[], Storage]
    remains: Callable[[], list[str]] = field(default=list)
    quirks: Quirks = field(default_factory=Quirks)
    stranger: Callable[[], Storage] | None = None


def local(folder: Path) -> Subject:
    """Folders of this machine."""
    return Subject(
        fresh=lambda: LocalStorage(folder / uuid.uuid4().hex),
        remains=lambda: [path.name for path in folder.rglob(".*")],
        quirks=Quirks(keeps_folders=True, reads_missing=True, keeps_markers=False),
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

    def stranger() -> S3Storage:
        return S3Storage(replace(made[-1], secret_key="not the secret key"))

    def remains() -> list[str]:
        return [key for address in made for key in open_uploads(address)]

    return Subject(fresh, remains, quirks, stranger if quirks.knows_callers else None)


def azure(server: Azurite) -> Subject:
    """Containers of azurite."""
    made: list[AzureAddress] = []

    def fresh() -> AzureStorage:
        made.append(server.container("c" + uuid.uuid4().hex))
        return AzureStorage(made[-1], connections=16)

    def stranger() -> AzureStorage:
        return AzureStorage(replace(made[-1], account_key="bm90IHRoZSBrZXk="))

    def remains() -> list[str]:
        return [name for address in made for name in uncommitted(address)]

    return Subject(fresh, remains, AZURITE, stranger)


def uncommitted(address: AzureAddress) -> list[str]:
    """Return the names of blobs that were never committed, and of marked folders."""
    with azurite.client_of(address) as client:
        try:
            objects = {
                blob.name for blob in client.list_blobs(include=["metadata"]) if not blob.metadata.get("hdi_isfolder")
            }
            return [blob.name for blob in client.list_blobs(include=["uncommittedblobs"]) if blob.name not in objects]
        except ResourceNotFoundError:
            return []


def emulated_gcs(endpoint: str) -> Subject:
    """Buckets of gcp-storage-emulator."""
    return Subject(lambda: GcsStorage(GcsAddress("b" + uuid.uuid4().hex, endpoint), connections=16))


def fake_gcs(fake: FakeGcs) -> Subject:
    """Buckets of a server that is as strict as Google."""

    def fresh() -> GcsStorage:
        return GcsStorage(gcs_address(fake, "b" + uuid.uuid4().hex), connections=16)

    def stranger() -> GcsStorage:
        (*_, name) = fake.buckets
        return GcsStorage(gcs_address(fake, name, private_key=OTHER_PRIVATE_KEY))

    return Subject(fresh, fake.open_sessions, stranger=stranger)


def gcs_address(fake: FakeGcs, bucket: str, **other: str) -> GcsAddress:
    """Return the address of a bucket there, with the key file that is known there unless ``other`` differs."""
    return GcsAddress(bucket, fake.endpoint, read_key_file(json.dumps(key_file(**other))))


def gdrive(fake: FakeGoogle) -> Subject:
    """Folders of an account at a server that is as strict as Google."""
    made: list[DriveAddress] = []

    def fresh() -> GdriveStorage:
        made.append(drive_address(fake, f"conformance/{uuid.uuid4().hex}"))
        return GdriveStorage(made[-1])

    def stranger() -> GdriveStorage:
        return GdriveStorage(replace(made[-1], tokens=Refused()))

    return Subject(fresh, lambda: ["an upload"] * fake.open_uploads, GDRIVE, stranger)


class Refused:
    """Tokens that Google does not know, of a grant that its owner took back."""

    def current(self) -> str:
        return "no-such-token"

    def instead_of(self, refused: str) -> str:  # noqa: ARG002
        raise ConsentRequired("Google takes this grant no more.")

    def give_up(self, refused: str) -> None:
        raise AssertionError(f"there is no second token: {refused}")


def drive_address(fake: FakeGoogle, folder: str, **other: Any) -> DriveAddress:
    """Return the address of a folder there; ``other`` is what else a `DriveAddress` takes."""
    where = {"endpoint": fake.settings["GOOGLE_DRIVE_URL"], "uploads": fake.settings["GOOGLE_UPLOAD_URL"]}
    return DriveAddress(**{"folder": folder, "tokens": fake.tokens(), **where, **other})


def prefixed(subject: Subject) -> Subject:
    """The part of another subject below a folder."""
    return Subject(
        lambda: PrefixedStorage(subject.fresh(), "folder/of mine/"),
        subject.remains,
        replace(subject.quirks, drops=False),
    )


def client_of(address: S3Address):
    """Return a client that shares nothing with the driver; who closes it ends its connections, and it can be used again."""
    return _client_of(address.endpoint, address.access_key, address.secret_key, address.region)


@lru_cache(maxsize=16)  # making one costs as much as many a test
def _client_of(endpoint: str, access_key: str, secret_key: str, region: str):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name=region,
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
RCLONE = Quirks(
    altered_keys=frozenset({"trail/"}), phantom_keys=frozenset({"y" * 256}), keeps_folders=True, keeps_markers=False
)
MOTO = Quirks(knows_callers=False)

# A backslash becomes a slash (measured with azurite 3.35.0), more than 254 segments are against Azure's documents, which
# count the length of a name in characters and not in bytes.
AZURITE = Quirks(own_limits=frozenset({"a#b?c*d~e\\f", "/".join("d" * 400), "é" * 513}))

# Drive has folders instead of keys, so no object is a folder's marker, and a hundred of them in each other at most
# (Google's "File and folder limits in Google Drive"). Who is not known there must consent anew. A copy is a new file
# there, never one in the place of another, so the driver leaves copying to whoever reads and writes.
GDRIVE = Quirks(
    keeps_markers=False, copies=False, refusal="consent_required", own_limits=frozenset({"/".join("d" * 400)})
)
