"""Between the wire of cloud storages and connections. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.records import User
from app.connections.contract import (
    Changes,
    Connection,
    CredentialsForm,
    NewConnection,
    Selection,
    Summary,
)
from app.dialects.cvat import selection
from app.dialects.cvat.account_documents import basic_user
from app.dialects.cvat.attributes import address_fields, attributes_of
from app.dialects.cvat.storage_fields import AWS, AZURE, GOOGLE
from app.web.timestamps import timestamp

KINDS: Mapping[str, str] = {AWS: "s3", AZURE: "azure", GOOGLE: "gcs"}

FORMS: Mapping[str, CredentialsForm] = {
    "KEY_SECRET_KEY_PAIR": CredentialsForm.KEYS,
    "ACCOUNT_NAME_TOKEN_PAIR": CredentialsForm.ACCOUNT_TOKEN,
    "KEY_FILE_PATH": CredentialsForm.KEY_FILE,
    "ANONYMOUS_ACCESS": CredentialsForm.ANONYMOUS,
    "CONNECTION_STRING": CredentialsForm.CONNECTION_STRING,
}

CREDENTIALS: Mapping[CredentialsForm, Mapping[str, str]] = {
    CredentialsForm.KEYS: {"key": "access_key", "secret_key": "secret_key", "session_token": "session_token"},
    CredentialsForm.ACCOUNT_TOKEN: {"session_token": "token"},
    CredentialsForm.CONNECTION_STRING: {"connection_string": "connection_string"},
    CredentialsForm.KEY_FILE: {"key_file": "key_file"},
    CredentialsForm.ANONYMOUS: {},
}
"""By form: what the wire calls the parts of credentials; what belongs to another form is passed over."""

_PROVIDERS = {kind: provider for provider, kind in KINDS.items()}
_CREDENTIALS_TYPES = {form: word for word, form in FORMS.items()}
_LONGEST_NAME = 63


SHOWN = frozenset(KINDS.values())
"""The kinds of storage that CVAT knows: a connection to another one is none here."""


def provider_of(kind: str) -> str:
    """Return what the wire calls a kind of storage, one of `SHOWN`."""
    return _PROVIDERS[kind]


def storage_document(connection: Connection, owner: User | None, host_url: str) -> dict[str, Any]:
    """Return a storage as the wire has it; nothing of its credentials.

    Args:
        connection: the storage.
        owner: None: nobody.
        host_url: where this service is, with a slash at its end.
    """
    told = connection.attributes
    return {
        "id": connection.number,
        "owner": basic_user(owner, host_url) if owner else None,
        "manifests": [*connection.manifests],
        "created_date": timestamp(connection.created_at),
        "updated_date": timestamp(connection.updated_at),
        "provider_type": _PROVIDERS[connection.kind],
        "resource": connection.bucket,
        "display_name": connection.name[:_LONGEST_NAME],
        "credentials_type": _CREDENTIALS_TYPES[connection.form],
        "specific_attributes": attributes_of(connection.kind, connection.address) if told is None else told,
        "description": connection.description,
        "organization": connection.organisation_id,
    }


def values_of(summary: Summary) -> dict[str, Any]:
    """Return what a storage is found and ordered by, in the words of the wire."""
    return {
        "id": summary.number,
        "name": summary.name,
        "owner": summary.owner,
        "provider_type": _PROVIDERS[summary.kind],
        "credentials_type": _CREDENTIALS_TYPES[summary.form],
        "resource": summary.bucket,
        "description": summary.description,
    }


def selected(given: Mapping[str, str]) -> Selection:
    """Return what a query string asks of a list.

    Raises:
        QueryRefused: something of it cannot be.
    """
    wanted = selection.wanted(given)
    sort = given.get("sort", "")

    def ordered(found: Sequence[Summary]) -> Sequence[Summary]:
        by_number = {summary.number: summary for summary in found}
        return [by_number[values["id"]] for values in selection.ordered(sort, [values_of(one) for one in found])]

    return Selection(lambda summary: summary.kind in SHOWN and wanted(values_of(summary)), ordered)


def new_connection(values: Mapping[str, Any], organisation_id: int | None) -> NewConnection:
    """Return the connection that the fields of a new storage stand for.

    Raises:
        PrefixRefused: its default prefix cannot be.
    """
    kind, form = KINDS[values["provider_type"]], FORMS[values["credentials_type"]]
    attributes = values.get("specific_attributes", "")
    account = {"account": values["account_name"]} if kind == "azure" and values.get("account_name") else {}
    return NewConnection(
        kind=kind,
        name=values["display_name"],
        address=address_fields(kind, attributes) | {"bucket": values["resource"]} | account,
        credentials={name: text for name, text in _credentials(form, values).items() if text},
        organisation_id=organisation_id,
        form=form,
        description=values.get("description", ""),
        attributes=attributes,
        manifests=values.get("manifests", ()),
    )


def changes(values: Mapping[str, Any], connection: Connection) -> Changes:
    """Return what the fields of a change make of a connection; what they do not name stays.

    Raises:
        PrefixRefused: its default prefix cannot be.
    """
    form = FORMS[values["credentials_type"]] if "credentials_type" in values else None
    address = _changed_address(values, connection)
    return Changes(
        name=values.get("display_name"),
        address=address,
        form=form,
        credentials=_credentials(form or connection.form, values) or None,
        description=values.get("description"),
        attributes=values.get("specific_attributes", connection.attributes if address else None),
        manifests=values.get("manifests"),
    )


def _credentials(form: CredentialsForm, values: Mapping[str, Any]) -> dict[str, str]:
    return {part: values[name] for name, part in CREDENTIALS[form].items() if name in values}


def _changed_address(values: Mapping[str, Any], connection: Connection) -> dict[str, Any] | None:
    """Return the address as a whole, None if nothing of it changes."""
    account = values.get("account_name") if connection.kind == "azure" else None
    if not (account or "resource" in values or "specific_attributes" in values):
        return None
    named = {"bucket": values.get("resource", connection.bucket)}
    if connection.kind == "azure":
        named["account"] = account or connection.address["account"]
    if "specific_attributes" in values:
        return address_fields(connection.kind, values["specific_attributes"]) | named
    return _moved(connection.address, named)


def _moved(address: Mapping[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    """Return an address with another bucket, or of another account, which its endpoint may name as well."""
    before, after = address.get("account"), named.get("account")
    moved = {**address, **named}
    if before == after:
        return moved
    if moved.get("path") == f"/{before}":
        moved["path"] = f"/{after}"
    if address["endpoint"] == f"https://{before}.blob.core.windows.net":
        del moved["endpoint"]
    return moved
