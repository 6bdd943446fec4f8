"""Reading a service account's key file that somebody sent: only what is needed of it, and only after a look at it.

Other files of Google's (authorized_user, external_account) name addresses to ask and commands to run: they are refused.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

MAX_FILE = 64 * 1024
MAX_PRIVATE_KEY = 4096
"""Characters, enough for 4,096 bits. Google's have 2,048, and to load one that is far longer takes seconds."""

_FORMS: Mapping[str, str] = {
    "client_email": r"[A-Za-z0-9._%+-]{1,128}@[A-Za-z0-9.-]{1,128}",
    "private_key_id": r"[A-Za-z0-9._-]{1,128}",
    "project_id": r"[a-z0-9][a-z0-9.:-]{0,127}",
}


def read_key_file(text: str | bytes) -> dict[str, str]:
    """Return ``type``, ``client_email``, ``private_key``, ``private_key_id`` and, if it is there, ``project_id``.

    Nothing else of it is kept, least of all the addresses in it (``token_uri``).

    Raises:
        ValueError: it is no such file; with a sentence for people that quotes nothing of it.
    """
    if len(text) > MAX_FILE:
        raise ValueError("The key file is too long: a service account's has some 2,400 bytes.")
    told = _parsed(text)
    if told.get("type") != "service_account":
        raise ValueError("The key file is not that of a service account. Make a JSON key for one and give that.")
    fields = {name: _field(told, name) for name in ("client_email", "private_key_id")}
    if told.get("project_id"):
        fields["project_id"] = _field(told, "project_id")
    return {"type": "service_account", **fields, "private_key": _private_key(told)}


def _parsed(text: str | bytes) -> dict[str, Any]:
    try:
        told = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        return told
    raise ValueError("The key file is no JSON object. Give the file as Google made it.")


def _field(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or re.fullmatch(_FORMS[name], value) is None:
        raise ValueError(f"The key file has no usable {name}. Give the file as Google made it.")
    return value


def _private_key(told: Mapping[str, Any]) -> str:
    value = told.get("private_key")
    if not isinstance(value, str) or not value.isascii() or len(value) > MAX_PRIVATE_KEY or not _loads(value):
        raise ValueError("The key file has no usable private_key. Give the file as Google made it.")
    return value


def _loads(value: str) -> bool:
    try:
        return isinstance(load_pem_private_key(value.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
