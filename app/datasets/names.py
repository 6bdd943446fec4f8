"""What the name, the description, the id and the folder of a dataset may be. Pure."""

import re
import unicodedata

from app.datasets.placing import ANNOTATIONS, IMAGES, is_hidden, is_litter
from app.errors import InvalidInput, KeyRefused
from app.storages.names import name_of

MAX_NAME = 32
MAX_DESCRIPTION = 256
MAX_FOLDER = 255

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)


def is_id(text: str) -> bool:
    """Return whether it is spelt as the ids of datasets and connections are: a UUID in lower case."""
    return _UUID.fullmatch(text) is not None


def checked_fields(name: str | None, description: str | None, name_in_storage: str | None) -> dict[str, str]:
    """Return those fields that are given, by the names of their columns.

    Raises:
        InvalidInput: naming the first, as the dialect spells it, that cannot be accepted.
    """
    given = {
        "name": None if name is None else _text("dataset_name", name, MAX_NAME),
        "description": None if description is None else _text("dataset_description", description, MAX_DESCRIPTION),
        "name_in_storage": None if name_in_storage is None else _folder(name_in_storage),
    }
    return {field: value for field, value in given.items() if value is not None}


def _text(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise InvalidInput(field, f"Use at most {longest} characters.")
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t" for character in text):
        raise InvalidInput(field, "Use no control characters.")
    return text


def _folder(name: str) -> str:
    field = "dataset_name_in_storage"
    if not name:
        raise InvalidInput(field, "Name a folder below cval/, or leave it out when the dataset lies in cval/ itself.")
    if "/" in name:
        raise InvalidInput(field, "Use the name of one folder below cval/, without a slash.")
    if name in (IMAGES, ANNOTATIONS):
        raise InvalidInput(field, f"{IMAGES} and {ANNOTATIONS} belong to the dataset in cval/ itself; leave it out.")
    if is_hidden(name) or is_litter(name):
        raise InvalidInput(field, "Hidden folders are not read.")
    if len(name.encode("utf-8", "replace")) > MAX_FOLDER:
        raise InvalidInput(field, f"Use at most {MAX_FOLDER} bytes.")
    try:
        name_of(name)
    except KeyRefused:
        raise InvalidInput(field, "No folder can have this name in a mirror. Rename it in the bucket.") from None
    return name
