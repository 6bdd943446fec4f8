"""Between the fields of a form and connections: what was filled in, what it stands for, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma

from app.connections.contract import Changes, Connection, CredentialsForm, NewConnection
from app.connections.forms import KEY_FILE_LENGTH
from app.dashboard.addresses import without_keys
from app.dashboard.connections.connection_kinds import ERRORS_AT, KINDS, PREFIX, Field
from app.errors import (
    AccessDenied,
    CheckFailed,
    InvalidCredentials,
    InvalidInput,
    SluiceError,
    StorageMissing,
    TooBusy,
)

SECRETS = frozenset(
    each.name
    for kind in KINDS.values()
    for credentials in kind.forms.values()
    for each in credentials.fields
    if each.is_secret
)
"""The fields whose content goes into no answer."""

_UNTICK = 'To keep it all the same, untick "Ask the storage before keeping it".'
_ADVICE: Mapping[type[SluiceError], str] = {
    InvalidCredentials: "Check the credentials.",
    AccessDenied: "Check the credentials, and what they allow.",
    StorageMissing: "Check the name. If it shall be made by the first sync,",
}


class _Text(ma.fields.String):
    """A field that can be left empty."""

    def __init__(self) -> None:
        super().__init__(load_default="")


class _Ticked(ma.fields.Boolean):
    """A box that is sent only when it is ticked."""

    def __init__(self) -> None:
        super().__init__(load_default=False)


class Filled(ma.Schema):
    """All fields of all kinds."""

    class Meta:
        """Take no notice of what is none of ours, such as the CSRF token."""

        unknown = ma.EXCLUDE

    form = ma.fields.Enum(CredentialsForm, by_value=True, required=True)
    name, description, manifests, prefix = _Text(), _Text(), _Text(), _Text()
    bucket, endpoint, region, account = _Text(), _Text(), _Text(), _Text()
    project, location, drive = _Text(), _Text(), _Text()
    access_key, secret_key, session_token = _Text(), _Text(), _Text()
    token, connection_string, key_file = _Text(), _Text(), _Text()
    seen = _Text()
    organisation = ma.fields.Integer(load_default=None)
    checked, synchronise = _Ticked(), _Ticked()


def filled(sent: Mapping[str, str], key_file: bytes = b"") -> Mapping[str, Any]:
    """Return what was filled in.

    Args:
        sent: the fields of the form.
        key_file: of the file that was chosen, if one was.

    Raises:
        InvalidInput: naming the first field that makes no sense.
    """
    text = {"key_file": key_file[: KEY_FILE_LENGTH + 1].decode(errors="replace")}
    try:
        loaded: Mapping[str, Any] = Filled().load({name: value for name, value in {**sent, **text}.items() if value})
    except ma.ValidationError as error:
        raise InvalidInput(next(iter(error.messages_dict)), "Choose one of these.") from None
    return loaded


def new_connection(kind: str, given: Mapping[str, Any]) -> NewConnection:
    """Return the connection that a form asks for.

    Args:
        kind: one of `KINDS`.
        given: as `filled` returned it.
    """
    return NewConnection(
        kind=kind,
        name=given["name"],
        address=_address(kind, given),
        credentials=_credentials(kind, given),
        organisation_id=given["organisation"],
        form=given["form"],
        description=_lines(given["description"]),
        manifests=_keys(given["manifests"]),
    )


def changes(connection: Connection, given: Mapping[str, Any]) -> Changes:
    """Return what a form makes of a connection; secrets that are left empty stay.

    Args:
        connection: as it stands now, which should be as it stood when the form was shown: see `is_outdated`.
        given: as `filled` returned it.
    """
    typed = _credentials(connection.kind, given)
    another_form = given["form"] is not connection.form
    before, wanted = shown(connection), _address(connection.kind, given)
    is_same_place = wanted == _address(connection.kind, before)
    fixed = {"account": connection.address["account"]} if connection.kind == "gdrive" else {}
    return Changes(
        name=given["name"],
        address=None if is_same_place else wanted | fixed,
        form=given["form"] if another_form else None,
        credentials=typed if typed or another_form else None,
        description=_lines(given["description"]),
        manifests=_keys(given["manifests"]),
    )


def shown(connection: Connection) -> dict[str, Any]:
    """Return what the form of a connection is filled with: nothing of its credentials."""
    address = connection.address
    places = {each.name: str(address.get(each.name, "")) for each in _place(connection.kind)}
    if "endpoint" in places:
        places["endpoint"] = connection.url
    return {
        **places,
        "form": connection.form.value,
        "name": connection.name,
        "description": connection.description,
        "manifests": "\n".join(connection.manifests),
        "seen": version(connection),
        "checked": True,
    }


def version(connection: Connection) -> str:
    """Return a word that becomes another one with each change."""
    return str(connection.updated_at)


def is_outdated(connection: Connection, given: Mapping[str, Any]) -> bool:
    """Return whether somebody has changed the connection since the form was shown, as far as the form says when.

    Args:
        connection: as it stands now.
        given: as `filled` returned it.
    """
    return given["seen"] not in ("", version(connection))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why what was filled in was not taken.

    Attributes:
        status: of the answer.
        sentence: for the top of the form.
        errors: by field, what is wrong with it.
    """

    status: int
    sentence: str
    errors: Mapping[str, str] = field(default_factory=dict)


OUTDATED = Refusal(
    409,
    "Nothing was kept: this connection was changed after this form was opened. Look at it in another window; "
    "what stands here replaces it once you keep the changes again.",
)
"""For a form that `is_outdated`, shown once more with the version of now."""


def refusal(error: InvalidInput | CheckFailed | TooBusy) -> Refusal:
    """Return what a form says of an error."""
    if isinstance(error, InvalidInput):
        name = ERRORS_AT.get(error.field, error.field)
        return Refusal(422, "Nothing was kept. Look at the field that is marked.", {name: error.message})
    if isinstance(error, TooBusy):
        return Refusal(429, f"Nothing was kept. {error}")
    if error.manifest is not None:
        return Refusal(422, f"Nothing was kept. {_UNTICK}", {"manifests": str(error)})
    advice = next((told for found, told in _ADVICE.items() if isinstance(error.found, found)), "")
    untick = _UNTICK[0].lower() + _UNTICK[1:] if advice.endswith(",") else _UNTICK
    return Refusal(422, " ".join(part for part in ("Nothing was kept.", str(error), advice, untick) if part))


def typed(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, for the form that is shown once more: without secrets, also those within an address."""
    shown_again = {name: text for name, text in sent.items() if name not in SECRETS}
    if "endpoint" in shown_again:
        shown_again["endpoint"] = without_keys(shown_again["endpoint"])
    return shown_again


def _place(kind: str) -> Sequence[Field]:
    return (*KINDS[kind].place, PREFIX)


def _address(kind: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return what finds the storage; a white space around it is of no account, but in a prefix."""
    found = {each.name: given[each.name] for each in _place(kind)}
    return {name: kept for name, text in found.items() if (kept := text if name == "prefix" else text.strip())}


def _credentials(kind: str, given: Mapping[str, Any]) -> dict[str, str]:
    form = KINDS[kind].forms.get(given["form"])
    names = [each.name for each in form.fields] if form else []
    return {name: given[name] for name in names if given[name]}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _keys(text: str) -> list[str]:
    return [line for line in _lines(text).split("\n") if line]
