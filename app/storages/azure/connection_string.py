"""Reading Azure's connection strings and telling SAS tokens, without the package of Microsoft's that does so too."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

SUFFIX = "core.windows.net"
"""What Microsoft's public cloud has its accounts below."""

# The account of every emulator, with the key that Microsoft published for it; neither is a secret.
_EMULATED_ACCOUNT = "devstoreaccount1"
_EMULATED_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_EMULATED_PORT = 10000

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_HOST_OF_ACCOUNT = re.compile(r"([a-z0-9]{3,24})(?:-[a-z0-9]+)?\.blob\.", re.ASCII)
_SUFFIX = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_PATH = re.compile(r"/?|/[A-Za-z0-9-]{1,63}/?")


@dataclass(frozen=True, slots=True)
class ConnectionString:
    """What a connection string tells.

    Attributes:
        url: of the account, without a ``/`` at its end, as `AzureAddress.url`.
        account: the account's name.
        account_key: base64; None where a SAS token takes its place.
        sas_token: without a leading ``?``. With neither, requests are anonymous.
    """

    url: str
    account: str
    account_key: str | None = field(default=None, repr=False)
    sas_token: str | None = field(default=None, repr=False)


def read_connection_string(text: str) -> ConnectionString:
    """Return what a connection string tells; an account key goes before a SAS token, as in Microsoft's own clients.

    Raises:
        ValueError: it cannot be read; the sentence never quotes it.
    """
    parts = _parts_of(text)
    if parts.get("usedevelopmentstorage", "").lower() == "true":
        return _emulator(parts)
    url = _url_of(parts)
    account = _account_of(parts, url)
    key = parts.get("accountkey") or None
    if key is not None and not is_account_key(key):
        raise ValueError("Its AccountKey is not base64.")
    token = parts.get("sharedaccesssignature", "").removeprefix("?") or None
    if key is None and token is not None and not is_sas_token(token):
        raise ValueError("Its SharedAccessSignature is no SAS token.")
    return ConnectionString(url, account, key, None if key else token)


def is_sas_token(text: str) -> bool:
    """Return whether this is a SAS token, with or without a leading ``?``, and so no account key."""
    names = {name for name, value in parse_qsl(text.strip().removeprefix("?")) if value}
    return {"sv", "sig"} <= names and not re.search(r"[\s#]", text.strip())


def is_account_key(text: str) -> bool:
    """Return whether this can be an account key: base64 of something."""
    try:
        return bool(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return False


def _parts_of(text: str) -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise ValueError("A connection string is made of Name=value, with semicolons between them.")
        if name.strip().lower() in parts:
            raise ValueError("It has the same name twice.")
        parts[name.strip().lower()] = value.strip()
    if not parts:
        raise ValueError("It is empty.")
    return parts


def _emulator(parts: Mapping[str, str]) -> ConnectionString:
    host = parts.get("developmentstorageproxyuri", "http://127.0.0.1")
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+/?", host):
        raise ValueError("Its DevelopmentStorageProxyUri is no address such as http://127.0.0.1.")
    url = f"{host.rstrip('/')}:{_EMULATED_PORT}/{_EMULATED_ACCOUNT}"
    return ConnectionString(url, _EMULATED_ACCOUNT, _EMULATED_KEY)


def _url_of(parts: Mapping[str, str]) -> str:
    told = parts.get("blobendpoint")
    if told:
        return _endpoint(told)
    protocol = parts.get("defaultendpointsprotocol", "https").lower()
    if protocol not in ("http", "https"):
        raise ValueError("Its DefaultEndpointsProtocol must be http or https.")
    account, suffix = parts.get("accountname", ""), parts.get("endpointsuffix") or SUFFIX
    if not _ACCOUNT.fullmatch(account):
        raise ValueError("It needs an AccountName of 3 to 24 lower-case letters and digits, or a BlobEndpoint.")
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError("Its EndpointSuffix is no domain name.")
    return f"{protocol}://{account}.blob.{suffix}"


def _endpoint(text: str) -> str:
    refusal = ValueError("Its BlobEndpoint must be http or https, a host and at most an account, and nothing else.")
    try:
        parts = urlsplit(text)
        is_plain = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        raise refusal from None
    beside = "@" in parts.netloc or parts.query or parts.fragment or re.search(r"[\x00-\x20\x7f\\]", text)
    if not is_plain or beside or not _PATH.fullmatch(parts.path):
        raise refusal
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _account_of(parts: Mapping[str, str], url: str) -> str:
    """Return the account: as it is told, else the path's or the host's."""
    told = parts.get("accountname")
    where = urlsplit(url)
    named = _HOST_OF_ACCOUNT.match(where.hostname or "")
    account = told or where.path.strip("/") or (named[1] if named else "")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", account):
        raise ValueError("It does not tell the account: add an AccountName.")
    return account
