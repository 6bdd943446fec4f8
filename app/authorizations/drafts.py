"""What an authorization is made of when it is made or changed, checked field by field. No database, and no storage."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.authorizations.contract import Authorization, AuthorizationChanges, NewAuthorization
from app.authorizations.masking import has_mask, merged, split
from app.connections.fields import text_within
from app.errors import InvalidInput

CONFIG_BYTES = 64 * 1024
CONFIG_DEPTH = 8
DESCRIPTION_LENGTH = 64 * 1024
PROVIDER_LENGTH = 64
_LARGEST_NUMBER = 2**63 - 1

_LEADS_NOWHERE = frozenset({"region", "token_ttl", "role_session_name"})
"""Fields of a config that do not decide who gets to see what is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An authorization as it is to be kept; the fields are those of `Authorization`.

    Attributes:
        secrets: of the config, by their places in it; None: those that are kept stay.
    """

    provider: str
    config: Mapping[str, Any]
    secrets: Mapping[str, str] | None = field(repr=False)
    authn_id: int | None
    description: str | None


def drafted(new: NewAuthorization) -> Draft:
    """Return a new authorization, all of it checked but for what its provider makes of its config.

    Raises:
        InvalidInput: naming the first field that cannot be accepted.
    """
    masked, secrets = split(merged(_config(new.config), {}))
    return Draft(
        provider=_provider(new.provider),
        config=masked,
        secrets=secrets,
        authn_id=_authn_id(new.authn_id),
        description=_description(new.description),
    )


def redrafted(
    before: Authorization, kept: Callable[[], Mapping[str, str]], changes: AuthorizationChanges, *, by_owner: bool
) -> Draft:
    """Return an authorization as the changes make it; what they do not name is as it was.

    Args:
        before: as it is.
        kept: returns the secrets of its config, by their places in it; not called unless they are needed.
        changes: what shall be another.
        by_owner: whether he who gave these secrets asks for it.

    Raises:
        InvalidInput: naming the first field that cannot be accepted; ``config``: secrets that somebody else gave would
            be sent to another place than they were given for.
    """
    config, secrets, stays = before.config, None, has_mask(before.config)
    if changes.config is not None:
        given = _config(changes.config)
        stays = has_mask(given)
        config, secrets = split(merged(given, kept() if stays else {}))
    draft = Draft(
        provider=before.provider if changes.provider is None else _provider(changes.provider),
        config=config,
        secrets=secrets,
        authn_id=before.authn_id if changes.authn_id is None else _authn_id(changes.authn_id),
        description=before.description if changes.description is None else _description(changes.description),
    )
    if stays and not by_owner and _leads(before.provider, before.config) != _leads(draft.provider, draft.config):
        raise InvalidInput("config", "Give its secrets anew together with another place: they would be sent there.")
    return draft


def _provider(text: str) -> str:
    return text_within("provider", text, PROVIDER_LENGTH)


def _leads(provider: str, config: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what decides where a secret goes, and more: what is no secret of an unknown config might."""
    return provider.lower(), {name: value for name, value in config.items() if name not in _LEADS_NOWHERE}


def _config(given: Mapping[str, Any]) -> Mapping[str, Any]:
    _require_shallow(given, CONFIG_DEPTH)
    try:
        length = len(json.dumps(given, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, TypeError):
        raise InvalidInput(
            "config", "Use what JSON can hold: NaN and Infinity are no numbers of it, and half a character is no text."
        ) from None
    if length > CONFIG_BYTES:
        raise InvalidInput("config", f"Use at most {CONFIG_BYTES:,} bytes of JSON.")
    return given


def _require_shallow(value: Any, levels: int) -> None:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else None
    if inner is None:
        return
    if not levels:
        raise InvalidInput("config", f"Use at most {CONFIG_DEPTH} levels of objects and lists.")
    for one in inner:
        _require_shallow(one, levels - 1)


def _authn_id(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= _LARGEST_NUMBER:
        raise InvalidInput("authn_id", "There is no such number.")
    return number


def _description(text: str | None) -> str | None:
    return text if text is None else text_within("description", text, DESCRIPTION_LENGTH)
