"""The Galaxy dialect: cloud get and send, and the histories, datasets and jobs around them, for `bioblend`."""

from flask import Flask

from app.dialects.galaxy import (
    account_routes,
    authorization_routes,
    contents_routes,
    dataset_routes,
    history_routes,
    job_routes,
    looking_routes,
    storage_routes,
    tool_routes,
    upload_routes,
)
from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.errors import GalaxyErrorForm
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("galaxy", "Sluice for bioblend")
ROUTES = (
    account_routes,
    authorization_routes,
    contents_routes,
    dataset_routes,
    history_routes,
    job_routes,
    looking_routes,
    storage_routes,
    tool_routes,
    upload_routes,
)  # importing them is what adds their routes to the blueprint


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return GalaxyErrorForm()
