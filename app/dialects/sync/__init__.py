"""The dialect of the seed: /sync, /runnings, /get, /cancel, and /copy, /events and /steps beside them."""

from flask import Flask

from app.dialects.sync.errors import ERROR_FORM
from app.dialects.sync.routes import blueprint
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("sync", "Sluice")


def register(app: Flask, version: str, *, optional_caller: bool) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version, optional_caller=optional_caller)
    return ERROR_FORM
