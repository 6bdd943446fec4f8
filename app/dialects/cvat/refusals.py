"""What clients are told when a storage cannot be made, changed or looked at, in the original's words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask import Response, abort

from app.dialects.cvat.attributes import PrefixRefused
from app.dialects.cvat.bodies import Unreadable, Unsupported
from app.dialects.cvat.errors import NOT_ALLOWED
from app.dialects.cvat.fields import Invalid, first_sentence, shown
from app.dialects.cvat.looking import WRONG_TOKEN, LookRefused
from app.dialects.cvat.media import answer
from app.dialects.cvat.selection import QueryRefused
from app.errors import (
    AccessDenied,
    CheckFailed,
    ConnectionUnusable,
    ImageUnusable,
    InvalidCredentials,
    InvalidInput,
    ManifestUnusable,
    NoImages,
    NoManifest,
    NotAllowed,
    ObjectMissing,
    SluiceError,
    StorageError,
    StorageMissing,
    StorageUnreachable,
)

_HALF_A_PAIR = "Insufficient data for authentication"
_INTERNAL = "An internal error has occurred"

_NAMES: Mapping[str, str] = {
    "name": "display_name",
    "bucket": "resource",
    "account": "account_name",
    "access_key": "key",
    "token": "session_token",
    "form": "credentials_type",
    "kind": "provider_type",
    **dict.fromkeys(
        ("endpoint", "path", "region", "prefix", "project", "location", "attributes"), "specific_attributes"
    ),
}
"""What the wire calls the fields of a connection, where it calls them otherwise."""


class Refusal(NamedTuple):
    """Why a storage is not made or changed.

    Attributes:
        field: what it is about; None: the storage's own words, or nothing that has a name.
        sentence: for people.
        listed: a change has it in a list, as it has what is wrong with a field.
    """

    field: str | None
    sentence: str
    listed: bool


def text_answer(text: str, status: int = 200) -> Response:
    """Return an answer of plain text: what people sent may stand in it, so it is never HTML."""
    return Response(text, status, mimetype="text/plain")


@contextmanager
def refusing_creation() -> Iterator[None]:
    """Answer 400 in lines of text to what cannot be made of a body, and as DRF does to what is none."""
    try:
        yield
    except Unreadable as error:
        unsupported = isinstance(error, Unsupported)
        code, status = ("unsupported_media_type", 415) if unsupported else ("parse_error", 400)
        abort(answer({"message": str(error), "code": code}, status))
    except Invalid as error:
        lines = [f"{field}: {first_sentence(found)}\n" for field, found in error.found.items()]
        abort(text_answer("".join(lines), 400))


@contextmanager
def refusing_change() -> Iterator[None]:
    """Answer 400 in JSON to what cannot be made of a body."""
    try:
        yield
    except Unreadable as error:
        abort(answer({"detail": str(error)}, 415 if isinstance(error, Unsupported) else 400))
    except Invalid as error:
        abort(answer(error.found, 400))


@contextmanager
def refusing_to_create(values: Mapping[str, Any]) -> Iterator[None]:
    """Answer 400 in text to what stands in the way of making a storage of these fields."""
    try:
        yield
    except (CheckFailed, ConnectionUnusable, InvalidInput, PrefixRefused) as error:
        found = _refusal(error, "create", values["resource"], values)
        abort(text_answer(f"{found.field}: {found.sentence}\n" if found.field else found.sentence, 400))


@contextmanager
def refusing_to_change(values: Mapping[str, Any], resource: str) -> Iterator[None]:
    """Answer 400 in JSON to what stands in the way of changing a storage to these fields.

    Args:
        values: what is given.
        resource: what the bucket is called now.
    """
    try:
        yield
    except PrefixRefused as error:
        abort(answer([str(error)], 400))
    except (CheckFailed, ConnectionUnusable, InvalidInput) as error:
        found = _refusal(error, "update", values.get("resource", resource), values)
        said: Any = [found.sentence] if found.listed else found.sentence
        abort(answer({found.field: said} if found.field else said, 400))


@contextmanager
def refusing_queries() -> Iterator[None]:
    """Answer 400 to a query string that no list can be made for."""
    try:
        yield
    except QueryRefused as error:
        abort(answer(error.document, 400))


@contextmanager
def refusing_to_look(resource: str) -> Iterator[None]:
    """Answer with a JSON string to what stands in the way of looking into a storage.

    Never 502, 503 or 504: the SDK would ask again, and then raise something else.
    """
    try:
        yield
    except NotAllowed:
        abort(answer(NOT_ALLOWED, 403))
    except CheckFailed as error:
        sentence, status = _looking(error.found, resource, error.manifest)
        abort(answer(sentence, status))
    except (StorageError, ConnectionUnusable) as error:
        sentence, status = _looking(error, resource, None)
        abort(answer(sentence, status))
    except LookRefused as error:
        abort(text_answer(str(error), 400))
    except InvalidInput as error:
        is_token = error.field == "next_token"
        abort(text_answer(WRONG_TOKEN, 400) if is_token else answer(str(error), 400))
    except ManifestUnusable as error:
        abort(answer(str(error), 400))


@contextmanager
def refusing_previews(number: int) -> Iterator[None]:
    """Answer in the original's words where there is no preview, or none can be made.

    Args:
        number: of the storage.
    """
    try:
        yield
    except NoManifest:
        abort(text_answer("Cloud storage preview not found", 404))
    except NoImages:
        abort(answer(f"Cloud storage {number} does not contain any images", 404))
    except (ImageUnusable, ManifestUnusable):
        abort(answer("Failed to get cloud storage preview", 400))


def _refusal(error: Exception, verb: str, resource: str, values: Mapping[str, Any]) -> Refusal:
    match error:
        case CheckFailed(manifest=str() as manifest):
            return _of_manifest(error.found, manifest, resource)
        case CheckFailed():
            return _of_storage(error.found, verb, resource)
        case InvalidInput():
            return _of_field(error, values)
        case PrefixRefused():
            return Refusal("specific_attributes", str(error), listed=True)
    return Refusal("credentials", str(error), listed=False)


def _of_manifest(found: SluiceError, manifest: str, resource: str) -> Refusal:
    path = shown(manifest, 1024)
    match found:
        case ObjectMissing():
            said = f"The '{path}' file does not exist on '{resource}' cloud storage"
        case AccessDenied() | InvalidCredentials():
            said = f"The '{path}' file does not available on '{resource}' cloud storage. Access denied"
        case _:
            return Refusal(None, str(found), listed=True)
    return Refusal("manifests", said, listed=False)


def _of_storage(found: SluiceError, verb: str, resource: str) -> Refusal:
    match found:
        case AccessDenied() | InvalidCredentials():
            said = f"Cannot {verb} resource {resource} with specified credentials. Access forbidden."
            return Refusal("credentials", said, listed=False)
        case StorageMissing() | StorageUnreachable():
            said = f"The resource {resource} not found. It may have been deleted."
            return Refusal("resource", said, listed=False)
    return Refusal(None, str(found), listed=True)


def _of_field(error: InvalidInput, values: Mapping[str, Any]) -> Refusal:
    name = _NAMES.get(error.field, error.field)
    if error.field in ("access_key", "secret_key") and not values.get(name):
        return Refusal(None, _HALF_A_PAIR, listed=True)
    if error.field == "form":  # the product's own words for them are no choices here
        return Refusal(name, f'"{values[name]}" is not for this provider.', listed=True)
    return Refusal(name, error.message, listed=True)


def _looking(found: SluiceError, resource: str, key: str | None) -> tuple[str, int]:
    match found:
        case ObjectMissing() if key is not None:
            return f"The file '{shown(key, 1024)}' not found on the cloud storage '{resource}'", 404
        case AccessDenied() | InvalidCredentials() if key is not None:
            return f"Access to the file '{shown(key, 1024)}' on the '{resource}' cloud storage is denied", 403
        case AccessDenied() | InvalidCredentials() | ConnectionUnusable():
            return f"The resource {resource} is no longer available. Access forbidden.", 403
        case StorageMissing() | StorageUnreachable():
            return f"The resource {resource} not found. It may have been deleted.", 404
    return _INTERNAL, 500
