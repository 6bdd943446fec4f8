"""The cval dialect: S3 buckets as storages that are kept in step, and the datasets in them, for ``cval-lib``."""

from flask import Flask

from app.dialects.cval import dataset_routes, storage_routes
from app.dialects.cval.blueprint import blueprint
from app.dialects.cval.errors import CvalErrorForm
from app.web.documents import Document, documented_api
from app.web.errors import ErrorForm

DOCUMENT = Document("cval", "Sluice for cval-lib")
ROUTES = (storage_routes, dataset_routes)  # importing them is what adds their routes to the blueprint


def register(app: Flask, version: str) -> ErrorForm:
    """Add the dialect's routes and its OpenAPI document; return its error form."""
    documented_api(app, DOCUMENT, blueprint, version)
    return CvalErrorForm()
