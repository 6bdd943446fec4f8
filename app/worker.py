"""The entrance of workers: ``python -m app.worker`` plans jobs and does their batches, with JOB_RUNNER=celery.

The parent process talks to the broker; each of its children makes its services after the fork and does one thing at a
time. A child learns of the end from an event that it shares with its parent, since Celery lets children finish.
"""

import logging
import multiprocessing
import os
import sys
import threading
from typing import Any

import click
from celery import Celery, signals

from app import __version__
from app.bootstrap import Services, build_services
from app.db import open_database
from app.errors import DatabaseUnavailable, SettingsError, SluiceError
from app.jobs.celery_runner import BATCH, PLAN, CeleryRunner, celery_app
from app.monitoring.counting import process_died
from app.monitoring.server import watch_worker
from app.monitoring.tracing import start_tracing, stop_tracing
from app.settings import Settings

logger = logging.getLogger(__name__)

_ENDING = multiprocessing.get_context("fork").Event()
"""Set by the parent once it is asked to stop."""


class _Child:
    """What a child process works with, from its start on."""

    services: Services | None = None


def make_worker(settings: Settings) -> Celery:
    """Return the Celery application with the tasks of workers; nothing is connected or started.

    Raises:
        SettingsError: these settings are not for workers.
    """
    if settings.job_runner != "celery":
        raise SettingsError("Workers are for JOB_RUNNER=celery; without it the web processes run the jobs themselves.")
    app = celery_app(settings)
    app.task(name=PLAN, shared=False)(_plan)
    app.task(name=BATCH, shared=False)(_batch)
    return app


def main() -> int:
    """Run a worker until it is asked to stop; return the exit status."""
    try:
        settings = Settings.load()
        app = make_worker(settings)
        _prepare(settings)
        stop_watching = watch_worker(settings, __version__)
    except SluiceError as error:
        click.echo(f"Error: {error}", err=True)
        return 1
    try:
        return _work(app, settings)
    finally:
        stop_watching()


def _work(app: Celery, settings: Settings) -> int:
    signals.setup_logging.connect(_leave_logging, weak=False)
    signals.worker_process_init.connect(_start_child, weak=False)
    signals.worker_process_shutdown.connect(_child_ends, weak=False)
    signals.worker_shutting_down.connect(_tell_children, weak=False)
    processes = settings.worker_processes or len(os.sched_getaffinity(0))
    logger.info("A worker of %d processes takes what the broker tells of.", processes)
    worker = app.Worker(
        pool_cls="prefork",
        concurrency=processes,
        loglevel=settings.log_level.upper(),
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        redirect_stdouts=False,
    )
    worker.start()
    return int(worker.exitcode or 0)


def _leave_logging(**_: Any) -> None:
    """Being here is enough: Celery sets up no logs of its own."""


def _child_ends(pid: int, **_: Any) -> None:
    stop_tracing()
    process_died(pid)


def _prepare(settings: Settings) -> None:
    """Bring the database to this version, and find out before any child does that it cannot be used."""
    database = open_database(settings)
    try:
        database.upgrade()
    finally:
        database.close()


def _start_child(**_: Any) -> None:
    try:
        _Child.services = services = build_services()
        start_tracing(services.settings, __version__)
        services.runner.start()
    except Exception:  # Celery would note it, and have a process that can do nothing take messages
        logger.exception("This worker process cannot start.")
        os._exit(1)
    threading.Thread(target=_end_with_parent, args=(services,), name="worker-end", daemon=True).start()


def _end_with_parent(services: Services) -> None:
    """Wait until the parent is asked to stop; then leave what is not begun to other workers."""
    _ENDING.wait()
    if not services.runner.drain(services.settings.shutdown_seconds):
        logger.warning("Stopped before all operations did; what is left is done by other workers.")


def _tell_children(**_: Any) -> None:
    _ENDING.set()


def _runner() -> CeleryRunner:
    services = _Child.services
    if services is None or not isinstance(services.runner, CeleryRunner):
        raise RuntimeError("no worker process")
    return services.runner


def _plan() -> None:
    _runner().plan_one()


def _batch(job_number: int, number: int) -> None:
    try:
        _runner().do_batch(job_number, number)
    except DatabaseUnavailable as error:
        logger.warning("A batch was not begun: %s", error)


if __name__ == "__main__":
    sys.exit(main())
