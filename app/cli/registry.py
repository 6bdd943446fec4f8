"""``flask --app app jobs`` and ``cancel``: the jobs of all processes, whether the service runs or not."""

from collections.abc import Mapping
from typing import Any

import click
from flask.cli import with_appcontext

from app.cli.sentences import errors_as_sentences
from app.cli.telling import tell, tell_json
from app.dialects.sync.translate import job_document
from app.errors import JobAlreadyFinished
from app.mirrors.direction import Direction
from app.web.services import current_services


@click.command("jobs")
@click.option("--all", "include_finished", is_flag=True, help="Also the finished jobs, newest first.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@with_appcontext
@errors_as_sentences
def jobs(include_finished: bool, limit: int, as_json: bool) -> None:
    """List the unfinished jobs, oldest first."""
    found = current_services().jobs.list(include_finished=include_finished, limit=limit)
    if as_json:
        tell_json([job_document(job) for job in found])
        return
    for job in found:
        tell(f"{job.id}  {job.state.value:9}  {_way(job.arguments)}  {job.message}")
    if not found:
        click.echo("No jobs." if include_finished else "No unfinished jobs; --all shows the finished ones.", err=True)


def _way(arguments: Mapping[str, Any]) -> str:
    arrow = "<-" if arguments.get("direction") == Direction.DOWNLOAD else "->"  # of a copy it says something else
    return f"{arguments['source'] or '.'} {arrow} {arguments['dest']}"


@click.command("cancel")
@click.argument("job_id", metavar="ID", type=click.UUID)
@with_appcontext
@errors_as_sentences
def cancel(job_id: object) -> None:
    """Ask for the job ID to be stopped; the file operation in hand finishes."""
    try:
        job = current_services().jobs.request_cancel(str(job_id))
    except JobAlreadyFinished as error:
        raise click.ClickException(str(error)) from None
    tell(f"{job.id}  {job.state.value}  cancel requested")
