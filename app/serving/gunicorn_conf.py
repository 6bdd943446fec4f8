"""The configuration of gunicorn, read from the settings: ``gunicorn -c python:app.serving.gunicorn_conf``.

Each worker process runs jobs beside its requests, so a worker that stops drains its runner first.
"""

import logging
import signal
from types import FrameType
from typing import Protocol

from flask import Flask
from gunicorn.errors import AppImportError

from app import __version__
from app.monitoring.counting import process_died, share_counters
from app.monitoring.logs import set_up_logging
from app.monitoring.tracing import start_tracing, stop_tracing, trace_requests
from app.serving.drain import Drain, Works
from app.serving.exposure import warn_of_exposure
from app.serving.log_hygiene import CleanLogger
from app.serving.ports import address
from app.serving.worker import PatientWorker
from app.settings import Settings
from app.web.services import STARTED

_settings = Settings.load()

_SLACK_SECONDS = 5  # what a worker gets for its own end, after the drain
_HURRY_SECONDS = 1  # gunicorn kills a worker 2 seconds after it asked for a quick end

bind = [address(_settings.api_host, _settings.api_port)]
worker_class = PatientWorker
workers = _settings.web_workers
threads = _settings.web_threads
worker_connections = _settings.web_threads + 1000  # above the threads, or no connection is ever kept alive
preload_app = False  # threads and database connections must be made after the fork
keepalive = 75  # proxies mostly keep connections for 60 seconds, and a request must not meet one that is being closed
graceful_timeout = _settings.shutdown_seconds + _SLACK_SECONDS
# A worker shows life each second however long a request takes, but not while it waits for its drain.
timeout = max(60, graceful_timeout + 30)
limit_request_line = 8190  # filters in a query string can be long
sendfile = False  # the system would wait for a slow reader without end
forwarded_allow_ips = ""  # TRUSTED_PROXIES counts whom to believe; gunicorn would believe all programs of this machine
control_socket_disable = True  # it would write below the home directory

loglevel = "warning"
accesslog = "-"
logger_class = CleanLogger


class _Config(Protocol):
    """What is used of gunicorn's configuration."""

    def set(self, name: str, value: object) -> None:
        """Change one setting, in this process only."""
        ...


class _Worker(Protocol):
    """What is used of a gunicorn worker, which ships without types."""

    cfg: _Config
    alive: bool
    wsgi: Flask
    sluice_drain: Drain
    sluice_hurry: bool
    pid: int

    def load_wsgi(self) -> None:
        """Make the application."""
        ...


def on_starting(server: object) -> None:  # noqa: ARG001  # gunicorn calls it with one argument
    """Have the workers count together, from zero; warn once of an open door."""
    share_counters(_settings, f"web-{_settings.api_port}")
    warn_of_exposure(_settings)


def post_fork(server: object, worker: _Worker) -> None:  # noqa: ARG001  # gunicorn calls it with two arguments
    """Have the arbiter stop when `create_app` ends the process with a sentence; it would start workers for ever."""
    load = worker.load_wsgi

    def load_or_give_up() -> None:
        try:
            load()
        except SystemExit as refusal:
            raise AppImportError(str(refusal)) from None

    worker.load_wsgi = load_or_give_up  # type: ignore[method-assign]  # gunicorn has no hook around it


def post_worker_init(worker: _Worker) -> None:
    """Start the runner, the scheduler and the announcer of this worker process, and have signals begin their drain."""
    services = worker.wsgi.extensions["sluice"]
    set_up_logging(_settings)
    if start_tracing(_settings, __version__):
        trace_requests(worker.wsgi)
    works = Works(services.scheduler, services.runner, services.announcer)
    worker.sluice_drain = Drain(works, services.draining, services.settings.shutdown_seconds)
    worker.sluice_hurry = False
    worker.sluice_drain.start()
    # The arbiter kills what is still there after this time; a worker waits for slow clients a little shorter.
    worker.cfg.set("graceful_timeout", services.settings.shutdown_seconds)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        _begin_drain_on(number, worker)
    if worker.alive:
        services.runner.start()
        services.scheduler.start()
        worker.wsgi.extensions[STARTED].set()
        services.announcer.start()


def worker_exit(server: object, worker: _Worker) -> None:  # noqa: ARG001  # gunicorn calls it with two arguments
    """Wait until the operations in hand have finished; a worker that ends by itself drains too."""
    drain = getattr(worker, "sluice_drain", None)
    if drain is None:
        return  # it never came up, or this is the arbiter
    drain.begin()
    if not drain.wait(_HURRY_SECONDS if worker.sluice_hurry else None):
        logging.getLogger("gunicorn.error").warning("Stopped before all jobs did; they resume at the next start.")
    stop_tracing()


def child_exit(server: object, worker: _Worker) -> None:  # noqa: ARG001  # gunicorn calls it with two arguments
    """Let go of what a worker that has ended told of its present state; what it has counted stays."""
    process_died(worker.pid)


def _begin_drain_on(number: signal.Signals, worker: _Worker) -> None:
    """Put the drain before what gunicorn does: it lets open event streams end first, and those wait for the drain."""
    ordinary = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        worker.sluice_hurry |= received != signal.SIGTERM
        worker.sluice_drain.begin()
        if callable(ordinary):
            ordinary(received, frame)

    signal.signal(number, handle)
    signal.siginterrupt(number, False)  # as gunicorn has it: system calls in hand go on
