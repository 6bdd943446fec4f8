"""``flask --app app sync``: one mirror in this process, with a progress bar."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from app.bootstrap import Services
from app.cli.sentences import errors_as_sentences
from app.cli.telling import tell, tell_json
from app.connections.contract import OPERATOR
from app.dialects.sync.translate import job_document
from app.errors import SluiceError
from app.jobs.contract import Job, JobState
from app.mirrors.direction import Direction
from app.mirrors.request import MirrorRequest
from app.monitoring.lines import printable
from app.transfer.compare import Check
from app.transfer.filters import Rule
from app.web.services import current_services

RULES = "sluice.rules"

EXIT_STATUS = {JobState.SUCCEEDED: 0, JobState.FAILED: 1, JobState.PARTIAL: 2, JobState.CANCELLED: 130}
"""As rsync and shells have it: 2 for a part of the files, 130 for an interrupt."""


class _OrderedRules(click.Command):
    """A command that keeps the order of ``--include`` among ``--exclude``, which click gathers apart."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command`; leaves the rules in ``ctx.meta``."""
        values, _, order = self.make_parser(ctx).parse_args(list(args))
        given = {name: iter(values.get(name) or ()) for name in ("include", "exclude")}
        ctx.meta[RULES] = [Rule(str(p.name), next(given[p.name])) for p in order if p.name in given]
        return super().parse_args(ctx, args)


@click.command("sync", cls=_OrderedRules)
@click.argument("source", default="")
@click.argument("dest", required=False)
@click.option(
    "--direction",
    type=click.Choice([d.value for d in Direction]),
    default=Direction.UPLOAD.value,
    show_default=True,
    help="download: bring the bucket's objects into the folder.",
)
@click.option("--connection", metavar="ID", help="A connection, which brings the bucket, its endpoint and the keys.")
@click.option("--storage-url", help="Endpoint; the configured one by default. Another one needs keys.")
@click.option("--access-key", help="Access key, together with --secret-key.")
@click.option("--secret-key", envvar="SLUICE_SECRET_KEY", help="Secret key; better given as SLUICE_SECRET_KEY.")
@click.option("--wait", type=float, default=0.0, help="Seconds to sleep between two file operations.")
@click.option("--prefix", default="", help="Mirror this folder of the bucket only.")
@click.option(
    "--delete/--no-delete",
    default=None,
    help="Delete what the other side has not.  [default: delete; no-delete for a download]",
)
@click.option("--dry-run", is_flag=True, help="Plan and count; change nothing.")
@click.option("--include", multiple=True, help="gitignore-like pattern; the last match wins.")
@click.option("--exclude", multiple=True, help="gitignore-like pattern; the last match wins.")
@click.option("--max-delete", help="Most that may be deleted: 500, or 10%.")
@click.option("--check", type=click.Choice([c.value for c in Check]), default="exact", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the finished job as JSON.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.pass_context
@with_appcontext
@errors_as_sentences
def sync(ctx: click.Context, /, as_json: bool, quiet: bool, **options: Any) -> None:
    """Mirror SOURCE, a folder in the uploads folder, into the bucket DEST (mybucket), and wait for it.

    With --direction download, bring what the bucket DEST holds into the folder SOURCE.

    Exit status: 0 done, 1 failed, 2 some files failed or were left out, 130 cancelled (Ctrl-C).
    """
    options.pop("include")
    options.pop("exclude")
    request = MirrorRequest(rules=ctx.meta[RULES], **options)
    job = _run_here(current_services(), request, show=not quiet and not as_json)
    if as_json:
        tell_json(job_document(job))
    else:
        tell(f"{job.state.value}{f' ({job.reason})' if job.reason else ''}: {job.message}")
    sys.exit(EXIT_STATUS[job.state])


def _run_here(services: Services, request: MirrorRequest, *, show: bool) -> Job:
    """Run a mirror in this process, visible to the service like any other job; return it finished."""
    runner = services.reserving_runner()
    services.jobs.tell(runner)
    runner.start()
    try:
        job = services.mirrors.submit(request, reserved_for=runner.runner_id, caller=OPERATOR)
        with _cancel_on_interrupt(services, job.id), _bar(show=show) as bar:
            for seen in services.jobs.watch(job.id):
                job = seen or job
                bar(job)
        return job
    finally:
        runner.drain(services.settings.shutdown_seconds)


@contextmanager
def _cancel_on_interrupt(services: Services, job_id: str) -> Iterator[None]:
    """Turn the first Ctrl-C into a cancel, which lets the operation in hand finish; leave the second to Python."""

    def cancel_job() -> None:
        with suppress(SluiceError):  # it has just finished
            services.jobs.request_cancel(job_id)

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, ordinary[number])
        threading.Thread(target=cancel_job, daemon=True).start()

    ordinary: dict[int, Any] = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in ordinary.items():
            signal.signal(number, handler)


@contextmanager
def _bar(*, show: bool) -> Iterator[Callable[[Job], None]]:
    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, disable=not show, leave=False, dynamic_ncols=True) as bar:

        def update(job: Job) -> None:
            planned, done = job.progress.get("planned", {}), job.progress.get("done", {})
            bar.total = planned.get("bytes")
            bar.n = done.get("bytes", 0)
            bar.set_description(f"{done.get('uploads', 0)}/{planned.get('uploads', 0)} files", refresh=False)
            bar.set_postfix_str(printable(job.message)[-40:], refresh=True)

        yield update
