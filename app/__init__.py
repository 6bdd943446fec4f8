"""Sluice: a self-hosted storage synchronisation service. This is the web composition root."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.bootstrap import Services

__version__ = "0.1.0"


def create_app(services: "Services | None" = None) -> "Flask":
    """Return the web application.

    Args:
        services: the objects behind it; made from the environment when None.

    Raises:
        SystemExit: with a sentence, when the environment or the database is unusable and ``services`` is None:
            then this is an entrance (gunicorn, ``flask``), and its user gets no traceback.
    """
    if services is not None:
        return _of(services)
    with _all_of_it_stays():
        services = _from_the_environment()
        atexit.register(services.database.close)
        return _of(services)


@contextmanager
def _all_of_it_stays() -> Iterator[None]:
    """Never look for garbage in what a start imports and makes, not at the end either: that took a third of a command.

    So what of it must be closed at the end has to be closed by name.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _from_the_environment() -> "Services":
    from app.bootstrap import build_services
    from app.errors import SluiceError

    try:
        return build_services()
    except SluiceError as error:
        raise SystemExit(f"Error: {error}") from None


def _of(services: "Services") -> "Flask":
    from flask import Flask

    from app import cli, dashboard
    from app.dialects import account, aion, cval, cvat, galaxy, sync, webhooks
    from app.jobs.measures import JobMeasure
    from app.monitoring.gauges import Gauges
    from app.schedules.measures import ScheduleMeasure
    from app.web.application import install
    from app.web.documents import install_documents
    from app.web.errors import install_error_forms

    app = Flask("app", static_folder=None)
    database, data_dir = services.database, services.settings.data_dir
    measures = (JobMeasure(database, data_dir), ScheduleMeasure(database))
    install(app, services, services.settings, Gauges(measures, __version__, data_dir))
    sync_form = sync.register(app, __version__, optional_caller=services.settings.sync_auth == "open")
    others = (account, webhooks, cval, cvat, galaxy, aion)
    forms = [dialect.register(app, __version__) for dialect in others]
    install_error_forms(app, [sync_form, *forms, dashboard.register(app, __version__)], default=sync_form)
    install_documents(app, [sync.DOCUMENT, *(dialect.DOCUMENT for dialect in others)])
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    return app
