"""Copying a blob within its container, by the service, in one request that ends when the copy is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import generate_blob_sas

from app.errors import FileChanged, ObjectMissing, StorageFailure
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import MIB, AzureClients
from app.storages.azure.errors import code_of, status_of, translated
from app.storages.azure.keys import require_possible
from app.storages.azure.listing import Lister
from app.storages.azure.writing import Answer, Writer
from app.storages.base import Entry

WHOLE = 256 * MIB
"""Bytes that Azure copies by one request at most ("Copy Blob From URL").

A larger blob would need its blocks copied one by one ("Put Block From URL"), which azurite 3.35 does not know, or a
copy that goes on after the answer and leaves an empty blob when it fails. So it is read and written.
"""

_READABLE = timedelta(minutes=15)

_CANNOT = (
    "CannotVerifyCopySource",
    "APINotImplemented",
    "FeatureVersionMismatch",
    "InvalidBlobType",
    "UnsupportedHeader",
)
"""Codes of a service that cannot read the source by itself (a firewall can forbid that), or knows no such request."""


class _CannotCopy(Exception):
    """The service does not copy this blob by itself."""


class Copier:
    """Copies blobs within one container. Thread-safe.

    Args:
        address: of the container.
        clients: ask.
        lister: tells what is there.
        writer: makes blobs visible under just their names.
        whole: what has more bytes is not copied.
    """

    def __init__(
        self, address: AzureAddress, clients: AzureClients, lister: Lister, writer: Writer, whole: int = WHOLE
    ) -> None:
        self._address, self._clients, self._lister, self._writer = address, clients, lister, writer
        self._whole = whole

    def copy(self, source: str, key: str) -> Entry | None:
        """Copy a blob with its metadata; None where the service is not asked to, or does not do it.

        The service reads the source by an address that must hold the right to. With an account key that is made here,
        for this blob and a quarter of an hour. A SAS token of the user's is not used so: the address is kept beside
        the copy (azurite 3.35 shows it to whoever may look at that), and the token may be good for much more.

        Raises:
            ObjectMissing: there is no object ``source``.
            FileChanged: it was replaced meanwhile.
            KeyRefused: the service does not keep ``key`` as it is.
            StorageFailure: what is there is not what was copied.
        """
        require_possible(key)
        version = self._lister.stat(source)
        if source == key:
            return version
        if version.size > self._whole or self._address.account_key is None:
            return None
        try:
            answer = self._writer.put(key, lambda only_new: self._asked(version, key, only_new), None)
        except _CannotCopy:
            return None
        except ObjectMissing:
            raise ObjectMissing(f"There is no object {source!r} any more.") from None
        return self._verified(version, key, answer)

    def _asked(self, source: Entry, key: str, only_new: bool) -> Answer:
        address = f"{self._clients.blob(source.key).url}?{self._right_to_read(source.key)}"
        condition: Any = {"source_etag": source.etag, "source_match_condition": MatchConditions.IfNotModified}
        try:
            answer = self._clients.blob(key).start_copy_from_url(
                address,
                requires_sync=True,
                match_condition=MatchConditions.IfMissing if only_new else None,
                **(condition if source.etag else {}),
            )
        except HttpResponseError as error:
            if code_of(error) in _CANNOT or status_of(error) == 501:
                raise _CannotCopy from None
            if code_of(error) == "SourceConditionNotMet" or (code_of(error) == "ConditionNotMet" and not only_new):
                raise FileChanged(f"{source.key!r} was replaced while it was copied.") from None
            raise
        return answer

    def _right_to_read(self, key: str) -> str:
        return generate_blob_sas(
            self._address.account,
            self._address.container,
            key,
            account_key=self._address.account_key,
            permission="r",
            expiry=datetime.now(UTC) + _READABLE,
        )

    def _verified(self, source: Entry, key: str, answer: Answer) -> Entry:
        with translated(self._address, key):
            status, etag = answer["copy_status"], str(answer["etag"]).strip('"')
        found = self._lister.stat(key)
        if status != "success" or (found.size, found.etag) != (source.size, etag):
            raise StorageFailure(f"{key!r} is not the copy that was made: another object took its place.")
        return found
