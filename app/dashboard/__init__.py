"""Pages for people: what goes on, started, watched and stopped in a browser. Thin like a dialect: HTML is its wire."""

from flask import Flask

from app.dashboard import sign_in_page  # noqa: F401  # a module of a page registers its routes
from app.dashboard.blueprint import blueprint
from app.dashboard.connections import browse_page, connection_page, connections_page, google_page  # noqa: F401
from app.dashboard.errors import HtmlErrorForm
from app.dashboard.jobs import job_page, jobs_page, live_routes, step_files  # noqa: F401
from app.dashboard.starting import plan_page, repeating_routes, start_page  # noqa: F401
from app.dashboard.webhooks import webhook_page, webhooks_page  # noqa: F401
from app.web.errors import ErrorForm


def register(app: Flask, version: str) -> ErrorForm:
    """Add the pages; return how errors look on them."""
    app.extensions["sluice_version"] = version
    app.register_blueprint(blueprint)
    return HtmlErrorForm()
