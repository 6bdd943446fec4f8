"""Deleting objects: a thousand per request, and one by one where that is refused or cannot be said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from app.errors import (
    InvalidCredentials,
    ObjectMissing,
    StorageError,
    StorageFailure,
    StorageMissing,
    StorageUnreachable,
    Throttled,
)
from app.storages.s3.address import S3Address
from app.storages.s3.errors import NothingSaid, code_of, error_of, not_s3, translated
from app.storages.s3.keys import can_exist

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import DeleteObjectsOutputTypeDef, ObjectIdentifierTypeDef

BATCH = 1000
_BULK_REFUSED = ("NotImplemented", "MalformedXML", "MethodNotAllowed")
# A bulk deletion is an XML 1.0 document: it cannot carry most of these, and turns a carriage return into a newline.
_NOT_FOR_XML = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")

_OF_ALL = (StorageUnreachable, InvalidCredentials, Throttled)
"""Errors that the next key would meet too."""

Kept = dict[str, StorageError]


def delete_all(client: "S3Client", address: S3Address, keys: Sequence[str]) -> Kept:
    """Delete the objects; an absent one, or an absent bucket, is not an error.

    Returns:
        The keys that are still there, each with what stood in the way.
    """
    possible = [key for key in dict.fromkeys(keys) if can_exist(key)]
    kept: Kept = {}
    for batch in _batches(key for key in possible if not _NOT_FOR_XML.search(key)):
        kept |= _delete_batch(client, address, batch)
    return kept | _delete_singly(client, address, [key for key in possible if _NOT_FOR_XML.search(key)])


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _delete_batch(client: "S3Client", address: S3Address, batch: list[str]) -> Kept:
    try:
        with translated(address):
            return _ask_for_batch(client, address, batch)
    except _OF_ALL:
        raise
    except StorageMissing:
        return {}
    except StorageError as error:
        return dict.fromkeys(batch, error)


def _ask_for_batch(client: "S3Client", address: S3Address, batch: list[str]) -> Kept:
    try:
        answer = _answer_for(client, address, batch)
    except ClientError as error:
        if code_of(error) in _BULK_REFUSED:
            return _delete_singly(client, address, batch)
        raise
    told = {error["Key"]: error_of(address, error["Key"], error.get("Code", "")) for error in answer.get("Errors", ())}
    if not told.keys() <= set(batch):
        raise StorageFailure(f"{address.host} answers a deletion with keys that nobody named: none counts as deleted.")
    return {key: error for key, error in told.items() if not isinstance(error, ObjectMissing | StorageMissing)}


def _answer_for(client: "S3Client", address: S3Address, batch: list[str]) -> "DeleteObjectsOutputTypeDef":
    """Ask for a bulk deletion, and if no word comes for an answer once more, for a word on each key.

    Alibaba's OSS and its likes answer nothing where nothing is left, unless they are asked for that.
    """
    keys: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in batch]
    with suppress(NothingSaid):
        return client.delete_objects(Bucket=address.bucket, Delete={"Quiet": True, "Objects": keys})
    try:
        return client.delete_objects(Bucket=address.bucket, Delete={"Quiet": False, "Objects": keys})
    except NothingSaid:
        raise not_s3(address) from None


def _delete_singly(client: "S3Client", address: S3Address, keys: Iterable[str]) -> Kept:
    kept: Kept = {}
    for key in keys:
        try:
            with translated(address, key):
                client.delete_object(Bucket=address.bucket, Key=key)
        except _OF_ALL:
            raise
        except (ObjectMissing, StorageMissing):
            continue
        except StorageError as error:
            kept[key] = error
    return kept
