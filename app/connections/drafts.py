"""What a connection is made of when it is made or changed, checked field by field. No database, and no storage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.connections.contract import Changes, Connection, CredentialsForm, NewConnection
from app.connections.fields import (
    ATTRIBUTES_LENGTH,
    DESCRIPTION_LENGTH,
    connection_name,
    manifest_keys,
    text_within,
)
from app.connections.kind import StorageKind
from app.errors import InvalidInput

_GOES_WITH = {"session_token": "access_key"}
"""A credential that is made together with another one, and worth nothing without it."""

Opened = Callable[[bool], Mapping[str, str]]
"""Returns the credentials that a connection has.

With True, none where they cannot be opened; with False it raises `ConnectionUnusable` then.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A connection as it is to be kept; the fields are those of `Connection`.

    Attributes:
        credentials: None: those that are kept stay.
    """

    kind: str
    name: str
    address: Mapping[str, Any]
    form: CredentialsForm
    description: str
    attributes: str | None
    manifests: tuple[str, ...]
    credentials: Mapping[str, str] | None = field(repr=False)


def drafted(kind: StorageKind, new: NewConnection) -> Draft:
    """Return a new connection, all of it checked.

    Raises:
        InvalidInput: naming the first field that cannot be accepted.
    """
    credentials = kind.credentials(new.form, new.credentials)
    address = kind.address(new.address, credentials)
    return Draft(
        kind=new.kind,
        name=connection_name(new.name or kind.name_of(address)),
        address=address,
        form=new.form,
        description=_description(new.description),
        attributes=_attributes(new.attributes),
        manifests=manifest_keys(new.manifests),
        credentials=credentials,
    )


def redrafted(kind: StorageKind, before: Connection, opened: Opened, changes: Changes) -> Draft:
    """Return a connection as the changes make it; what they do not name is as it was.

    Raises:
        InvalidInput: naming the first field that cannot be accepted.
        ConnectionUnusable: the address changes, and the credentials that stay cannot be opened.
    """
    form = changes.form or before.form
    kept = _staying(before, form, opened, changes)
    credentials = _changed_credentials(kind, before, form, kept, changes)
    address = _changed_address(kind, before, form, kept if credentials is None else credentials, changes)
    if _place(address) != _place(before.address):
        _require_nothing_carried_off(kind, kept, changes)
    return Draft(
        kind=before.kind,
        name=before.name if changes.name is None else connection_name(changes.name),
        address=address,
        form=form,
        description=before.description if changes.description is None else _description(changes.description),
        attributes=_changed_attributes(before, address, changes),
        manifests=before.manifests if changes.manifests is None else manifest_keys(changes.manifests),
        credentials=credentials,
    )


def _staying(before: Connection, form: CredentialsForm, opened: Opened, changes: Changes) -> Mapping[str, str]:
    """Return those credentials that the changes may leave as they are, so far as it matters."""
    if form != before.form or (changes.credentials is None and changes.address is None):
        return {}
    return opened(changes.credentials is not None)


def _changed_credentials(
    kind: StorageKind, before: Connection, form: CredentialsForm, kept: Mapping[str, str], changes: Changes
) -> Mapping[str, str] | None:
    if form == before.form and changes.credentials is None:
        return None
    return kind.credentials(form, _merged(kept, changes.credentials or {}))


def _merged(kept: Mapping[str, str], given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the credentials that are kept with those given laid over them; what belonged to a replaced one goes."""
    gone = {part for part, whole in _GOES_WITH.items() if whole in given and given[whole] != kept.get(whole)}
    return {**{name: text for name, text in kept.items() if name not in gone}, **given}


def _changed_address(
    kind: StorageKind, before: Connection, form: CredentialsForm, credentials: Mapping[str, str], changes: Changes
) -> Mapping[str, Any]:
    given = before.address if changes.address is None else changes.address
    is_in_credentials = form == CredentialsForm.CONNECTION_STRING and bool(credentials)
    if changes.address is None and not is_in_credentials:
        return before.address
    return kind.address(given, credentials)


def _place(address: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what says where requests go; the bucket does not."""
    return tuple(str(address.get(name, "")) for name in ("endpoint", "path", "account"))


def _require_nothing_carried_off(kind: StorageKind, kept: Mapping[str, str], changes: Changes) -> None:
    """Return unless a credential that nobody has given now would go to an endpoint that it was not given for."""
    given = changes.credentials or {}
    if any(name in kind.exposed and name not in given for name in _merged(kept, given)):
        raise InvalidInput(
            "credentials", "Give these anew together with another endpoint or account: they would be sent there."
        )


def _changed_attributes(before: Connection, address: Mapping[str, Any], changes: Changes) -> str | None:
    if changes.attributes is not None:
        return _attributes(changes.attributes)
    return before.attributes if changes.address is None and address == before.address else None


def _description(text: str) -> str:
    return text_within("description", text, DESCRIPTION_LENGTH)


def _attributes(text: str | None) -> str | None:
    return text if text is None else text_within("attributes", text, ATTRIBUTES_LENGTH)
