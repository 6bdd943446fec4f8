"""Ids as the vendor's pages write them, ``job_`` and a UUID, and as this service does: the UUID alone. Pure."""

import re

_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_PLAIN = re.compile(_UUID, re.ASCII)
_PREFIXED = re.compile(f"(?:job|img|col)_({_UUID})", re.ASCII)


def plain_id(text: str) -> str:
    """Return an id as it is kept here: without a prefix that stands before a UUID; anything else as it is."""
    found = _PREFIXED.fullmatch(text)
    bare = found[1] if found else text
    return bare.lower() if is_id(bare) else bare


def is_id(text: str) -> bool:
    """Whether a text is a UUID as ids are written here."""
    return _PLAIN.fullmatch(text) is not None
