"""The dialect of the seed: /sync, /runnings, /get, /cancel, and /events and /steps beside them."""

from flask import Flask
from flask_smorest import Api

from app.dialects.sync.errors import SyncErrorForm
from app.dialects.sync.routes import blueprint


def register(app: Flask, version: str) -> SyncErrorForm:
    """Add the dialect's routes and its OpenAPI document (``/openapi/sync.json``); return its error form."""
    app.config.update(
        SYNC_API_TITLE="Sluice",
        SYNC_API_VERSION=version,
        SYNC_OPENAPI_VERSION="3.0.3",
        SYNC_OPENAPI_URL_PREFIX="/openapi",
        SYNC_OPENAPI_JSON_PATH="sync.json",
    )
    Api(app, config_prefix="SYNC").register_blueprint(blueprint)
    return SyncErrorForm()
