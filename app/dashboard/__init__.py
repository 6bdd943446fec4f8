"""Pages for people: what goes on, started, watched and stopped in a browser. Thin like a dialect: HTML is its wire."""

from flask import Flask

from app.dashboard import (  # noqa: F401  # a module of a page registers its routes
    browse_page,
    connection_page,
    connections_page,
    google_page,
    job_page,
    jobs_page,
    live_routes,
    plan_page,
    repeating_routes,
    sign_in_page,
    start_page,
    step_files,
)
from app.dashboard.blueprint import blueprint
from app.dashboard.errors import HtmlErrorForm
from app.web.errors import ErrorForm


def register(app: Flask, version: str) -> ErrorForm:
    """Add the pages; return how errors look on them."""
    app.extensions["sluice_version"] = version
    app.register_blueprint(blueprint)
    return HtmlErrorForm()
