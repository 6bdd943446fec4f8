"""Connections to Google Drive: which fields they have, and how their folder is opened."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.connections.contract import CredentialsForm
from app.connections.fields import NAME_LENGTH, prefix_field, texts
from app.connections.forms import read_credentials
from app.connections.kind import Room
from app.errors import ConsentRequired, InvalidInput, KeyRefused, StorageFailure
from app.settings import Settings
from app.storages.base import Storage
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.gdrive.paths import segments_to_write
from app.storages.gdrive.tokens import Tokens
from app.storages.registry import open_storage

FORMS = (CredentialsForm.OAUTH,)

_ID = re.compile(r"[A-Za-z0-9_.@-]{1,128}", re.ASCII)
"""Of an account and of a shared drive; Google's have 21 digits and 19 characters."""


class GdriveKind:
    """See `app.connections.kind.StorageKind`.

    Args:
        settings: where the API of Drive is, and which folder is used where none is named.
        tokens: gives the tokens of a connection by its id.
    """

    exposed: frozenset[str] = frozenset()

    def __init__(self, settings: Settings, tokens: Callable[[str], Tokens]) -> None:
        self._settings, self._tokens = settings, tokens

    def credentials(self, form: CredentialsForm, given: Mapping[str, str]) -> dict[str, str]:
        """Return nothing: what the account's owner has granted is kept elsewhere, under the connection's id."""
        return read_credentials(FORMS, form, given)

    def address(self, given: Mapping[str, Any], credentials: Mapping[str, str]) -> dict[str, Any]:  # noqa: ARG002
        """Return ``endpoint``, ``path``, ``bucket`` and ``account``, and perhaps ``drive`` and ``prefix``.

        The path tells account and shared drive, so that no two places have the same endpoint, path and bucket.
        """
        fields = texts(given, ("account",), ("endpoint", "path", "bucket", "drive", "prefix"))
        account = _id("account", fields["account"])
        drive = _id("drive", fields["drive"]) if "drive" in fields else None
        return {
            "endpoint": self._fixed(fields, "endpoint", self._settings.google_drive_url),
            "path": self._fixed(fields, "path", f"/{account}/{drive}" if drive else f"/{account}"),
            "bucket": folder_path(fields.get("bucket", self._settings.drive_folder)),
            "account": account,
            **({"drive": drive} if drive else {}),
            **prefix_field(fields),
        }

    def name_of(self, address: Mapping[str, Any]) -> str:
        """Return the name of the folder."""
        return str(address["bucket"]).rpartition("/")[2][:NAME_LENGTH]

    def require_reachable(self, address: Mapping[str, Any]) -> None:
        """Return: where the API of Drive is says the operator, and no user."""

    def buckets(
        self,
        address: Mapping[str, Any],  # noqa: ARG002
        credentials: Mapping[str, str],  # noqa: ARG002
    ) -> Sequence[str]:
        """Raise: a drive has folders in folders, and no list of them.

        Raises:
            StorageFailure: always.
        """
        raise StorageFailure("Google Drive has no list of buckets. Name the path of a folder.")

    def opened(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> Storage:
        """Return the folder.

        Raises:
            ConsentRequired: the connection has no grant.
        """
        place = self._place(address, credentials)
        return open_storage(
            "gdrive", address=place, connections=room.requests, notes=room.notes, keep_hours=room.keep_hours
        )

    def files(self, address: Mapping[str, Any], credentials: Mapping[str, str], room: Room) -> DriveFiles:
        """Return all files that the account leads to, by their ids; raises as `opened`."""
        return DriveFiles(self._place(address, credentials), room.requests)

    def _place(self, address: Mapping[str, Any], credentials: Mapping[str, str]) -> DriveAddress:
        if "grant" not in credentials:
            raise ConsentRequired("Nobody has granted access to this drive. Connect the account anew.")
        return DriveAddress(
            folder=str(address["bucket"]),
            tokens=self._tokens(credentials["grant"]),
            account=str(address["account"]),
            drive=address.get("drive"),
            endpoint=self._settings.google_drive_url,
            uploads=self._settings.google_upload_url,
            multipart_limit=self._settings.drive_multipart_limit,
        )

    def _fixed(self, fields: Mapping[str, str], name: str, only: str) -> str:
        if fields.get(name, only) != only:
            raise InvalidInput(name, "Leave this out: it cannot be chosen.")
        return only


def folder_path(text: str) -> str:
    """Return the path of a folder, without a ``/`` at its ends.

    Raises:
        InvalidInput: for ``bucket``: it can be none.
    """
    path = text.strip("/")
    try:
        segments_to_write(path)
    except KeyRefused:
        raise InvalidInput("bucket", "Use the names of folders, joined by '/', such as Sluice/photos.") from None
    return path


def _id(name: str, text: str) -> str:
    if not _ID.fullmatch(text):
        raise InvalidInput(name, "Use an id as Google tells it: up to 128 letters, digits and marks, without '/'.")
    return text
