"""Where consents come back to, and which page may hear of it. Pure."""

from urllib.parse import urlsplit

from app.errors import InvalidInput
from app.grants.contract import Provider
from app.settings import Settings

_USUAL_PORTS = {"http": 80, "https": 443}


def own_callback(settings: Settings, provider: Provider) -> str:
    """Return the address of this service's own page that hears of a consent."""
    return f"{settings.own_url}/api/v2/cloud-storage/auth/{provider}/callback"


def allowed_redirect(settings: Settings, provider: Provider, wanted: str | None) -> str:
    """Return where a consent shall come back to, which must be one of OAUTH_REDIRECT_URIS or our own page.

    Args:
        settings: name them.
        provider: whose consent it is.
        wanted: compared as it is, character by character; None: our own page.

    Raises:
        InvalidInput: for ``redirect_uri``.
    """
    own = own_callback(settings, provider)
    if wanted is None or wanted == own:
        return own
    if wanted not in settings.oauth_redirect_uris:
        raise InvalidInput("redirect_uri", "Use one of OAUTH_REDIRECT_URIS as it stands there, or leave this out.")
    return wanted


def hearing_origin(settings: Settings, provider: Provider, origin: str | None, redirect_uri: str) -> str:
    """Return the origin of the page that may hear how a consent ended.

    It is that of the page which began it, if TRUSTED_ORIGINS names it; else that of the address where the consent comes
    back to; else, where that is our own, our own.

    Args:
        settings: name them.
        provider: whose consent it is.
        origin: the header of that name, if one came.
        redirect_uri: as `allowed_redirect` returned it.
    """
    if origin is not None and origin in settings.trusted_origins:
        return origin
    elsewhere = None if redirect_uri == own_callback(settings, provider) else _origin_of(redirect_uri)
    return elsewhere or _origin_of(settings.own_url) or settings.own_url


def _origin_of(url: str) -> str | None:
    """Return the origin as browsers write it; None for an address that has none, as an app's own scheme."""
    parts = urlsplit(url)
    if parts.scheme not in _USUAL_PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, _USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
