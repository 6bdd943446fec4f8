"""``flask --app app serve``: what ``make run`` runs."""

import sys

import click
from flask.cli import with_appcontext

from app.bootstrap import Services
from app.cli.sentences import errors_as_sentences
from app.serving.supervisor import serve as serve_until_stopped
from app.web.services import current_services


@click.command("serve")
@with_appcontext
@errors_as_sentences
def serve() -> None:
    """Serve the API, and the S3 server that comes with it unless STORAGE_URL names another storage."""
    services: Services = current_services()
    services.database.close()
    sys.exit(serve_until_stopped(services.settings))
