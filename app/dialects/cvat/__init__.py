"""The CVAT dialect: cloud storages and the accounts around them, for ``cvat-sdk``."""

from flask import Flask

from app.dialects.cvat import account_routes, storage_routes
from app.dialects.cvat.blueprint import blueprint
from app.dialects.cvat.errors import CvatErrorForm
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("cvat", "Sluice for cvat-sdk")
ROUTES = (account_routes, storage_routes)  # importing them is what adds their routes to the blueprint


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return CvatErrorForm()
