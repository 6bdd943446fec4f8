"""Pages for people: what goes on, started, watched and stopped in a browser. Thin like a dialect: HTML is its wire."""

from flask import Flask

from app.dashboard import jobs_page, sign_in_page  # noqa: F401  # a module of a page registers its routes
from app.dashboard.blueprint import blueprint
from app.dashboard.errors import HtmlErrorForm
from app.web.errors import ErrorForm


def register(app: Flask, version: str) -> ErrorForm:
    """Add the pages; return how errors look on them."""
    app.extensions["sluice_version"] = version
    app.register_blueprint(blueprint)
    return HtmlErrorForm()
