"""What people fill in for each kind of storage: its fields, the forms of its credentials, and how these are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.connections.contract import CredentialsForm


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        name: as `InvalidInput` names it.
        is_secret: it is never shown again, and never sent back.
        is_file: it is chosen as a file.
    """

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False
    is_file: bool = False


class Credentials(NamedTuple):
    """One form that credentials can have."""

    label: str
    fields: Sequence[Field] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of storage, as people see it.

    Attributes:
        label: what it is called.
        place: the fields that find the storage; all but the bucket can be empty.
        forms: of credentials, the usual one first.
    """

    label: str
    place: Sequence[Field]
    forms: Mapping[CredentialsForm, Credentials]


_PUBLIC = Credentials("None: everybody may read it")

KINDS: Mapping[str, Kind] = {
    "s3": Kind(
        "S3",
        (
            Field("bucket", "Bucket"),
            Field("endpoint", "Address", "Such as http://minio:9000. Empty for Amazon."),
            Field("region", "Region", "Such as eu-central-1. Most servers but Amazon's take any."),
        ),
        {
            CredentialsForm.KEYS: Credentials(
                "Access key and secret key",
                (
                    Field("access_key", "Access key"),
                    Field("secret_key", "Secret key", is_secret=True),
                    Field("session_token", "Session token", "Only with temporary keys.", is_secret=True),
                ),
            ),
            CredentialsForm.ANONYMOUS: _PUBLIC,
        },
    ),
    "azure": Kind(
        "Azure Blob Storage",
        (
            Field("bucket", "Container"),
            Field("account", "Account", "Its name. A connection string brings it along."),
            Field("endpoint", "Address", "Empty for Microsoft. An emulator's ends with the account."),
        ),
        {
            CredentialsForm.ACCOUNT_TOKEN: Credentials(
                "SAS token or account key", (Field("token", "SAS token or account key", is_secret=True),)
            ),
            CredentialsForm.CONNECTION_STRING: Credentials(
                "Connection string",
                (Field("connection_string", "Connection string", "It brings account and address.", is_secret=True),),
            ),
            CredentialsForm.ANONYMOUS: _PUBLIC,
        },
    ),
    "gcs": Kind(
        "Google Cloud Storage",
        (
            Field("bucket", "Bucket"),
            Field("project", "Project", "Pays for requests where the requester does."),
            Field("location", "Location", "Where the bucket is made if it has to be, such as EU."),
            Field("endpoint", "Address", "Empty for Google."),
        ),
        {
            CredentialsForm.KEY_FILE: Credentials(
                "Key file of a service account",
                (Field("key_file", "Key file", "The JSON file that Google made.", is_secret=True, is_file=True),),
            ),
            CredentialsForm.ANONYMOUS: _PUBLIC,
        },
    ),
    "gdrive": Kind(
        "Google Drive",
        (
            Field("bucket", "Folder", "Names of folders joined by /, such as Sluice/photos."),
            Field("drive", "Shared drive", "Its id. Empty for My Drive."),
        ),
        {CredentialsForm.OAUTH: Credentials("What the owner of the account has granted")},
    ),
}
"""By the names that `app.connections` gives them."""

PREFIX = Field("prefix", "Prefix", "Where looking around begins, such as photos/2026/. Syncs do not use it.")
NAME = Field("name", "Name", "What you call it. Empty: the name of the bucket.")

ERRORS_AT = {"path": "endpoint"}
"""By the name of a part that nobody fills in: the field that it comes from."""
