"""Our own dialect for browsers: signing in, who I am, signing out."""

from flask import Flask

from app.dialects.account.errors import ERROR_FORM
from app.dialects.account.routes import blueprint
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("account", "Sluice: accounts")


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return ERROR_FORM
