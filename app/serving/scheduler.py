"""What ``flask --app app scheduler`` runs: all that web processes do beside their requests, without a web server."""

import logging
import time

from app import __version__
from app.bootstrap import Services
from app.errors import SettingsError
from app.monitoring.gauges import Gauges
from app.monitoring.logs import set_up_logging
from app.monitoring.server import serve_metrics
from app.serving.drain import Drain, Works
from app.serving.processes import StopRequests

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2


def run_scheduler(services: Services) -> None:
    """Start what is due, tell workers and webhooks, until a signal asks for the end; a further one ends it at once.

    What is in hand then gets SHUTDOWN_SECONDS. What is cut off is done again by another process, or by the next one.

    Args:
        services: none of them started, made by this process.

    Raises:
        SettingsError: JOB_RUNNER is ``threads``, so jobs would run here, where nobody expects them; or METRICS_PORT,
            where others ask whether it lives, cannot be had.
    """
    settings = services.settings
    if settings.job_runner != "celery":
        raise SettingsError(
            "With JOB_RUNNER=threads the web server sees to schedules and webhooks itself. A scheduler of its own goes "
            "with JOB_RUNNER=celery."
        )
    set_up_logging(settings)
    serve_metrics(settings, Gauges((), __version__, settings.data_dir))
    requests = StopRequests()
    with requests.from_signals():
        _run_until_asked(services, requests)


def _run_until_asked(services: Services, requests: StopRequests) -> None:
    seconds = services.settings.shutdown_seconds
    drain = Drain(Works(services.scheduler, services.runner, services.announcer), services.draining, seconds)
    drain.start()
    for part in (services.runner, services.scheduler, services.announcer):
        part.start()
    logger.info("The scheduler looks for what is due.")
    while not requests.wait(_LOOK_SECONDS):
        pass
    drain.begin()
    if not _ended(drain, requests, seconds):
        logger.warning("The scheduler stopped before all that it had begun; another one does it again.")


def _ended(drain: Drain, requests: StopRequests, seconds: float) -> bool:
    """Return True as soon as all has ended, False after ``seconds`` or a further request."""
    deadline = time.monotonic() + seconds
    while not drain.wait(_LOOK_SECONDS):
        if time.monotonic() > deadline or requests.wait(0.001):
            return False
    return True
