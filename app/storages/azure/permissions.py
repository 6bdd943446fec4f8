"""What the credentials allow, asked in ways that change nothing."""

import uuid

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobBlock

from app.errors import AccessDenied, ObjectMissing
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.containers import MADE_UP_NAME, check_container
from app.storages.azure.errors import NotPermitted, code_of, translated
from app.storages.base import Rights

_NO_ETAG = '"0x0"'


def rights_of(address: AzureAddress, clients: AzureClients) -> Rights:
    """Find out what the credentials allow.

    Raises:
        StorageMissing, StorageUnreachable, InvalidCredentials, AccessDenied: as `check_container`, but that a SAS
            token leaves listing out, or that the public may not list, is no error.
    """
    if address.account_key:
        check_container(address, clients)
        return Rights(reads=True, writes=True)
    reads = _may_read(address, clients)
    return Rights(reads, bool(address.sas_token) and _may_write(address, clients))


def _may_read(address: AzureAddress, clients: AzureClients) -> bool:
    """Return whether a blob that cannot be there is said to be missing, and not refused."""
    try:
        with translated(address, MADE_UP_NAME):
            clients.asking.get_blob_client(_made_up()).get_blob_properties()
    except ObjectMissing:
        return True
    except NotPermitted:
        return False
    except AccessDenied:
        if address.sas_token:
            raise
        return False
    return True


def _may_write(address: AzureAddress, clients: AzureClients) -> bool:
    """Return whether a commit is refused for what is wrong with it, and not for want of permission.

    It cannot be carried out, whatever a server makes of it: its one block was never sent, and it asks for an etag that
    a blob which is not there cannot have.
    """
    with translated(address, MADE_UP_NAME):
        try:
            clients.asking.get_blob_client(_made_up()).commit_block_list(
                [BlobBlock(uuid.uuid4().hex)], etag=_NO_ETAG, match_condition=MatchConditions.IfNotModified
            )
        except HttpResponseError as error:
            if code_of(error) in ("ConditionNotMet", "InvalidBlockList", "BlobNotFound", "InvalidBlobOrBlock"):
                return True
            if error.status_code == 403 and code_of(error) not in ("AuthenticationFailed", "AuthorizationFailure"):
                return False
            raise
    return True


def _made_up() -> str:
    return f"{MADE_UP_NAME}-{uuid.uuid4().hex}"
