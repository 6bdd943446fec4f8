"""The Aionvision dialect: Google Drive by OAuth, imports and exports, and the picker, for the vendor's clients."""

from flask import Flask

from app.dialects.aion import auth_routes, connection_routes, file_routes, transfer_routes
from app.dialects.aion.blueprint import blueprint
from app.dialects.aion.errors import AionErrorForm
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("aion", "Sluice for Aionvision's clients")
ROUTES = (auth_routes, connection_routes, file_routes, transfer_routes)  # importing them adds their routes


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return AionErrorForm()
