"""What every application gets, whichever dialects it serves: limits, headers, trusted proxies, health."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from app.monitoring.gauges import Gauges
from app.settings import Settings
from app.web.bodies import allow_large_bodies
from app.web.downloads import allow_downloads
from app.web.headers import install_headers
from app.web.health import install_health
from app.web.json_reading import read_json
from app.web.services import attach
from app.web.streams import allow_streams
from app.web.watching import install_watching

LOOPBACK_NAMES = ["localhost", "127.0.0.1"]
LARGEST_BODY = 1024 * 1024


def install(app: Flask, services: Any, settings: Settings, gauges: Gauges) -> None:
    """Prepare ``app`` for the dialects; ``gauges`` are what /metrics tells of the database."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        TRUSTED_HOSTS=_trusted_hosts(settings),
        TRUSTED_ORIGINS=settings.trusted_origins,
    )
    app.json = _Json(app)
    attach(app, services)
    _share_threads(app, settings.web_threads)
    install_headers(app)
    _trust_proxies(app, settings.trusted_proxies)
    install_health(app, services, gauges)
    install_watching(app, settings)


def _share_threads(app: Flask, threads: int) -> None:
    """Bound each of what holds a thread for as long as its client likes; an eighth is left for all the rest."""
    allow_streams(app, max(2, threads * 3 // 8))
    allow_large_bodies(app, max(1, threads // 4))
    allow_downloads(app, max(1, threads // 4))


class _Json(DefaultJSONProvider):
    """Writes JSON as people like to read it in a browser's window, and reads it as all dialects do."""

    sort_keys = ensure_ascii = compact = False

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """Return the document; werkzeug makes 400 of the error."""
        return read_json(s, **options)


def _trusted_hosts(settings: Settings) -> list[str] | None:
    """Return the names under which this service may be asked for, None for any.

    A page that makes its own host name resolve to 127.0.0.1 (DNS rebinding) is of the same origin for a browser;
    only the Host header shows it. A service that only this machine reaches has only these names.
    """
    if settings.trusted_hosts:
        return [*settings.trusted_hosts, *LOOPBACK_NAMES]  # a page cannot be of origin localhost; health checks are
    # Werkzeug 3.2 cuts names at their first colon, so an IPv6 address cannot be named.
    return LOOPBACK_NAMES if settings.listens_on_loopback and ":" not in settings.api_host else None


def _trust_proxies(app: Flask, count: int) -> None:
    """Believe what ``count`` proxies say of the caller's address and of https, and nothing that the client said."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # Flask's way
