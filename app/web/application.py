"""What every application gets, whichever dialects it serves: limits, headers, documentation, health."""

from typing import Any

from flask import Flask, Response, jsonify, redirect
from flask.json.provider import DefaultJSONProvider
from flask_swagger_ui import get_swaggerui_blueprint

from app.settings import Settings
from app.web.headers import install_headers
from app.web.services import attach, current_services
from app.web.streams import allow_streams

DOCUMENT = "/openapi/sync.json"
LOOPBACK_NAMES = ["localhost", "127.0.0.1"]
LARGEST_BODY = 1024 * 1024


def install(app: Flask, services: Any, settings: Settings) -> None:
    """Prepare ``app`` for the dialects."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        TRUSTED_HOSTS=_trusted_hosts(settings),
        TRUSTED_ORIGINS=settings.trusted_origins,
    )
    app.json = _json(app)
    attach(app, services)
    allow_streams(app, max(2, settings.web_threads // 2))
    install_headers(app)
    app.register_blueprint(_swagger_ui())
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/health", "health", _health)


def _json(app: Flask) -> DefaultJSONProvider:
    """Return JSON as people like to read it in a browser's window."""
    provider = DefaultJSONProvider(app)
    provider.sort_keys = provider.ensure_ascii = provider.compact = False
    return provider


def _trusted_hosts(settings: Settings) -> list[str] | None:
    """Return the names under which this service may be asked for, None for any.

    A page that makes its own host name resolve to 127.0.0.1 (DNS rebinding) is of the same origin for a browser;
    only the Host header shows it. A service that only this machine reaches has only these names.
    """
    if settings.trusted_hosts:
        return [*settings.trusted_hosts, *LOOPBACK_NAMES]  # a page cannot be of origin localhost; health checks are
    # Werkzeug 3.2 cuts names at their first colon, so an IPv6 address cannot be named.
    return LOOPBACK_NAMES if settings.listens_on_loopback and ":" not in settings.api_host else None


def _swagger_ui() -> Any:
    # The library would build oauth2RedirectUrl from the Host header, inside a script; we use no OAuth here.
    config = {"app_name": "Sluice API", "oauth2RedirectUrl": "", "validatorUrl": "none"}
    return get_swaggerui_blueprint("/docs", DOCUMENT, config=config)


def _home() -> Response:
    return redirect("/docs/")  # type: ignore[return-value]  # werkzeug's class for Flask's


def _health() -> Response:
    """Answer 200 while this process can read its database."""
    current_services().jobs.list(include_finished=False, limit=1)
    return jsonify({"status": "ok"})
