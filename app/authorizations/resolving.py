"""From an authorization's provider and config to what opens a bucket: kind, address and credentials. Pure.

A config may hold the fields that Galaxy documents, and those that its connector to clouds takes; both are in
``docs/authorizations.md``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.connections.contract import CredentialsForm
from app.errors import AuthorizationUnusable, KeysMissing, ProviderUnsupported

CONNECTION = "connection"
"""The field of a config that names a connection; all others are of no account beside it."""

SESSION_NAME = "cloudauthz"
SHORTEST_SECONDS, LONGEST_SECONDS = 900, 3600
_TOKEN_LENGTH = 20_000  # what Amazon takes
_ARN_LENGTH = 2048
_SESSION_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Role:
    """A role of Amazon's, and by what it can be taken on for a while.

    Attributes:
        session_name: shows up in the account's logs.
        token: of a web identity.
        seconds: for how long.
    """

    arn: str
    session_name: str
    token: str = field(repr=False)
    seconds: int = SHORTEST_SECONDS


@dataclass(frozen=True, slots=True)
class Means:
    """What opens the buckets of an account.

    Attributes:
        kind: a kind of storage.
        address: without a bucket, unless ``bucket`` says which.
        credentials: of this form; not to be looked at where there is a role.
        role: gives credentials for a while.
        bucket: the only one that is opened by these, whose address is ``address``; None: any.
    """

    kind: str
    address: Mapping[str, Any]
    form: CredentialsForm
    credentials: Mapping[str, str] = field(repr=False)
    role: Role | None = None
    bucket: str | None = None


def means_of(provider: str, config: Mapping[str, Any]) -> Means:
    """Return what a config is made of that names no connection; nothing in it is looked at but what is needed.

    Args:
        provider: in any case.
        config: with its secrets.

    Raises:
        KeysMissing: fields that the provider needs are not there.
        ProviderUnsupported: it is none of aws, azure and gcp.
        AuthorizationUnusable: a field cannot be what it should; it is not quoted.
    """
    read = {"aws": _aws, "azure": _azure, "gcp": _gcp}.get(provider.strip().lower())
    if read is None:
        raise ProviderUnsupported(provider)
    return read(config)


def connection_named(config: Mapping[str, Any]) -> str | None:
    """Return the id or the name of the connection that a config names, None when it names none.

    Raises:
        AuthorizationUnusable: it is no text.
    """
    return _text(config, CONNECTION)


def _aws(config: Mapping[str, Any]) -> Means:
    address = _given(config, endpoint=("endpoint", "endpoint_url"), region=("region", "region_name"))
    keys = _given(
        config,
        access_key=("access_key", "AccessKeyId"),
        secret_key=("secret_key", "SecretAccessKey"),
        session_token=("session_token", "SessionToken"),
    )
    arn, token = _text(config, "role_arn", longest=_ARN_LENGTH), _identity_token(config)
    if arn and token:
        role = Role(arn, _session_name(config), token, _seconds(config))
        return Means("s3", address, CredentialsForm.KEYS, {}, role)
    missing = [name for name in ("access_key", "secret_key") if name not in keys]
    if missing:
        raise KeysMissing(["id_token"] if arn and len(missing) > 1 else missing)
    return Means("s3", address, CredentialsForm.KEYS, keys)


def _azure(config: Mapping[str, Any]) -> Means:
    connection_string = _text(config, "connection_string")
    if connection_string:
        return Means("azure", {}, CredentialsForm.CONNECTION_STRING, {"connection_string": connection_string})
    address = _given(config, account=("storage_account", "account"), endpoint=("endpoint",))
    token = _text(config, "account_key", "sas_token", "token")
    missing = [
        name for name, value in (("storage_account", address.get("account")), ("account_key", token)) if not value
    ]
    if missing:
        raise KeysMissing(missing)
    return Means("azure", address, CredentialsForm.ACCOUNT_TOKEN, {"token": token or ""})


def _gcp(config: Mapping[str, Any]) -> Means:
    account = _service_account(config)
    missing = [name for name in ("private_key_id", "private_key", "client_email") if not account.get(name)]
    if missing:
        raise KeysMissing(missing)
    key_file = json.dumps({"type": "service_account", **account})
    address = _given(config, endpoint=("endpoint",), project=("project",), location=("location",))
    return Means("gcs", address, CredentialsForm.KEY_FILE, {"key_file": key_file})


def _service_account(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a key file would hold: it is the config, or stands in it, as an object or as the file's text."""
    for name in ("service_account", "key_file", "credentials"):
        value = config.get(name)
        if isinstance(value, str) and value:
            value = _parsed(name, value)
        if isinstance(value, Mapping) and value:
            return value
    return config


def _parsed(name: str, text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _unusable(name, "Give the key file of a service account, as an object or as its text.")
    return value


def _given(config: Mapping[str, Any], **names: tuple[str, ...]) -> dict[str, str]:
    """Return each field under our name of it, as far as one of its names is there."""
    found = {ours: _text(config, *theirs) for ours, theirs in names.items()}
    return {ours: text for ours, text in found.items() if text}


def _identity_token(config: Mapping[str, Any]) -> str | None:
    return _text(config, "id_token", "web_identity_token", longest=_TOKEN_LENGTH)


def _text(config: Mapping[str, Any], *names: str, longest: int | None = None) -> str | None:
    """Return the first of these fields that is there and not empty."""
    name = next((name for name in names if config.get(name)), None)
    if name is None:
        return None
    text = config[name]
    if not isinstance(text, str) or (longest is not None and len(text) > longest):
        raise _unusable(name, "Use a text." if longest is None else f"Use a text of at most {longest:,} characters.")
    return text


def _session_name(config: Mapping[str, Any]) -> str:
    """Return a name that Amazon takes: what it takes none of becomes ``-``."""
    given = _text(config, "role_session_name") or SESSION_NAME
    name = re.sub(r"[^\w+=,.@-]", "-", given, flags=re.ASCII)[:_SESSION_NAME_LENGTH]
    return name if len(name) > 1 else SESSION_NAME


def _seconds(config: Mapping[str, Any]) -> int:
    given = config.get("token_ttl")
    if given is None or given == "":
        return SHORTEST_SECONDS
    number = int(given) if isinstance(given, str) and re.fullmatch(r"[0-9]{1,9}", given) else given
    if isinstance(number, bool) or not isinstance(number, int) or not SHORTEST_SECONDS <= number <= LONGEST_SECONDS:
        raise _unusable("token_ttl", f"Use a whole number from {SHORTEST_SECONDS} to {LONGEST_SECONDS}.")
    return number


def _unusable(name: str, what: str) -> AuthorizationUnusable:
    return AuthorizationUnusable(f"The authorization's config cannot be used: {name}: {what}")
