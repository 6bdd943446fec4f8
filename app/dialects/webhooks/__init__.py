"""Our own dialect for programs that want to hear of jobs: webhooks, and the log of their deliveries."""

from flask import Flask

from app.dialects.webhooks.errors import ERROR_FORM
from app.dialects.webhooks.routes import blueprint
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("webhooks", "Sluice: webhooks")


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return ERROR_FORM
