"""Tells the secrets in a config from all else, takes them out of it, and puts them back. Pure.

A secret is known by the name that it stands under, at any depth, and by what looks like one wherever it stands. Its
place is a JSON pointer (RFC 6901).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.authorizations.contract import MASK
from app.errors import InvalidInput

_SECRET_WORDS = (
    "secret",
    "password",
    "passwd",
    "passphrase",
    "token",
    "privatekey",
    "accountkey",
    "sharedkey",
    "apikey",
    "keyfile",
    "connectionstring",
)
_KEY_FILES = {"credentials", "serviceaccount"}
"""Fields that hold a key file: as an object, which is gone into, or as its text, all of which is a secret then."""

_NO_SECRETS = {"tokenttl", "tokenuri", "tokentype", "privatekeyid"}
"""Fields that Amazon's and Google's documents have, and that say nothing secret."""

_LOOKS_SECRET = re.compile(
    r"PRIVATE KEY-----|://[^/?#\s]*@|(?:^|[?&;])(?:sig|AccountKey|SharedAccessSignature)="
    r"|^\s*[a-z0-9+/]{86}==\s*$|\beyJ[\w-]+\.[\w-]+\.",
    re.IGNORECASE,
)
"""A PEM key, an address that brings a password, a shared access signature, a connection string, an account key of
Azure's, a JSON web token."""


class Split(NamedTuple):
    """A config in two parts.

    Attributes:
        masked: the config with `MASK` in the place of each secret.
        secrets: each secret by its place, as JSON.
    """

    masked: dict[str, Any]
    secrets: dict[str, str]


def split(config: Mapping[str, Any]) -> Split:
    """Take the secrets out of a config. Empty ones are none."""
    secrets: dict[str, str] = {}

    def mask(place: str, name: str, value: Any) -> Any:
        if not _is_secret(name, value):
            return value
        secrets[place] = json.dumps(value)
        return MASK

    return Split(_mapped(config, mask), secrets)


def joined(masked: Mapping[str, Any], secrets: Mapping[str, str]) -> dict[str, Any]:
    """Undo `split`."""

    def unmask(place: str, _name: str, value: Any) -> Any:
        return json.loads(secrets[place]) if place in secrets else value

    return _mapped(masked, unmask)


def merged(given: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    """Return what is given, with the secret that is kept at its place for each `MASK`.

    Args:
        given: a config, its secrets in clear or masked.
        kept: the secrets of the config before; none for a new one.

    Raises:
        InvalidInput: for ``config``: at some place a mask is given and no secret is kept.
    """

    def restore(place: str, name: str, value: Any) -> Any:
        if value != MASK or (place not in kept and not _is_secret(name, value)):
            return value
        if place not in kept:
            raise InvalidInput("config", f"{MASK} stands for a secret that is kept, and none is at {place}.")
        return json.loads(kept[place])

    return _mapped(given, restore)


def has_mask(config: Mapping[str, Any]) -> bool:
    """Return whether `MASK` stands anywhere in a config."""
    found: list[str] = []

    def look(place: str, _name: str, value: Any) -> Any:
        if value == MASK:
            found.append(place)
        return value

    _mapped(config, look)
    return bool(found)


def _is_secret(name: str, value: Any) -> bool:
    if value in (None, "", [], {}):
        return False
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if plain not in _NO_SECRETS and any(word in plain for word in _SECRET_WORDS):
        return True
    return isinstance(value, str) and (plain in _KEY_FILES or _LOOKS_SECRET.search(value) is not None)


def _mapped(config: Mapping[str, Any], change: Callable[[str, str, Any], Any]) -> dict[str, Any]:
    """Return the config with each value as ``change`` makes it of place, name and value.

    What it leaves alone is gone into. A value in a list has the name of the list.
    """

    def visit(place: str, name: str, value: Any) -> Any:
        changed = change(place, name, value)
        if changed is not value:
            return changed
        if isinstance(value, Mapping):
            return {key: visit(f"{place}/{_escaped(key)}", key, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [visit(f"{place}/{index}", name, inner) for index, inner in enumerate(value)]
        return value

    return {key: visit(f"/{_escaped(key)}", key, value) for key, value in config.items()}


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
