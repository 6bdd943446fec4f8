"""The entrance of workers: ``python -m app.worker`` plans jobs and does their batches, with JOB_RUNNER=celery.

The parent process talks to the broker; each of its children makes its services after the fork and does one thing at a
time. A child learns of the end from a pipe of its parent's, since Celery lets children finish.
"""

import logging
import os
import sys
import threading
from typing import Any

import click
from celery import Celery, signals

from app import __version__
from app.bootstrap import Services, build_services
from app.errors import DatabaseUnavailable, SettingsError, SluiceError
from app.jobs.celery_runner import BATCH, PLAN, CeleryRunner, celery_app
from app.monitoring.counting import process_died
from app.monitoring.server import watch_worker
from app.monitoring.tracing import start_tracing, stop_tracing
from app.settings import Settings

logger = logging.getLogger(__name__)


class _End:
    """How children learn that their parent was asked to stop, or has died: a pipe that ends when the parent lets go.

    A lock or an event that processes share would be spoilt for all of them by a child that is killed while it waits.
    Make it in the parent, before the fork.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        self._is_told = False

    def tell(self) -> None:
        """Have all children know; for the parent, and harmless when called twice."""
        if not self._is_told:
            self._is_told = True
            os.close(self._writer)

    def listen(self) -> None:
        """Let go of the parent's side; for a child, once, before it waits."""
        self.tell()

    def wait(self) -> None:
        """Return once the end has come; for a child."""
        os.read(self._reader, 1)


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
    end = _End()

    def start_child(**_: Any) -> None:
        end.listen()
        _start_child(end)

    def tell_children(**_: Any) -> None:
        end.tell()

    signals.setup_logging.connect(_leave_logging, weak=False)
    signals.worker_process_init.connect(start_child, weak=False)
    signals.worker_process_shutdown.connect(_child_ends, weak=False)
    signals.worker_shutting_down.connect(tell_children, weak=False)
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
    """Wait for what this child plans: Celery waits for messages that are worked on, and a job goes on beside them."""
    if _Child.services is not None:
        _Child.services.runner.drain(_Child.services.settings.shutdown_seconds)
    stop_tracing()
    process_died(pid)


def _prepare(settings: Settings) -> None:
    """Find out before any child does that the database, DATA_DIR or a key cannot be used."""
    build_services(settings).database.close()


def _start_child(end: _End) -> None:
    try:
        _Child.services = services = build_services()
        start_tracing(services.settings, __version__)
        services.runner.start()
    except Exception:  # Celery would note it, and have a process that can do nothing take messages
        logger.exception("This worker process cannot start.")
        os._exit(1)
    threading.Thread(target=_end_with_parent, args=(services, end), name="worker-end", daemon=True).start()


def _end_with_parent(services: Services, end: _End) -> None:
    """Wait until the parent is asked to stop; then leave what is not begun to other workers."""
    end.wait()
    if not services.runner.drain(services.settings.shutdown_seconds):
        logger.warning("Stopped before all operations did; what is left is done by other workers.")
        os._exit(1)  # what hangs here, on a database that is away, would keep the parent from ending


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
