"""Addresses as people type them into forms, which are shown again without what may be a secret in them."""

import re

_WITHOUT_KEYS = re.compile(r"(https?://)?(?:.*@)?([^?#;=]*)", re.DOTALL)


def without_keys(address: str) -> str:
    """Return of an address what can be no password, no shared access signature and no connection string."""
    found = _WITHOUT_KEYS.match(address)
    return "".join(part or "" for part in found.groups()) if found else ""
