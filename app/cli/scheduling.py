"""``flask --app app scheduler``: what a deployment on several machines runs beside its workers."""

import click
from flask.cli import with_appcontext

from app.cli.sentences import errors_as_sentences
from app.serving.scheduler import run_scheduler
from app.web.services import current_services


@click.command("scheduler")
@with_appcontext
@errors_as_sentences
def scheduler() -> None:
    """Start the jobs of schedules and tell webhooks, without a web server; it goes with JOB_RUNNER=celery.

    Any number may run, web servers too: one of them is active, the others stand by. SIGTERM or Ctrl-C stops it.
    """
    run_scheduler(current_services())
