"""What ``make run`` runs: the web server and, without STORAGE_URL, the embedded S3 server; both start and stop here."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from app.serving.first_admin import how_to_use, make_first_admin
from app.serving.ports import address, reachable_host, require_free_ports
from app.serving.processes import Child, StopRequests, stop, watch
from app.serving.web_server import WebServer
from app.settings import Settings
from app.storages.embedded import EmbeddedS3, load_or_create_keys
from app.storages.embedded.keys import keys_path

_START_SECONDS = 30


def serve(settings: Settings) -> int:
    """Run the service until it is asked to stop or one of its processes ends.

    Args:
        settings: what `Settings.load` returns here; the web server reads the same again.

    Returns:
        The exit status: 0 after a stop that was asked for.

    Raises:
        SluiceError: it cannot start, and what to do about that.
    """
    require_free_ports(settings)
    _make_default_uploads(settings)
    _tell_of_first_admin(settings)
    requests = StopRequests()
    with requests.from_signals(), _embedded_storage(settings) as children:
        web = WebServer(settings)
        try:
            if web.wait_until_listening(_START_SECONDS):
                _announce(settings)
            children.append(Child("The web server", web, "Its last lines above say why."))
            return watch(children, requests)
        finally:
            stop(web, requests, settings.shutdown_seconds)


@contextlib.contextmanager
def _embedded_storage(settings: Settings) -> Iterator[list[Child]]:
    """Run the embedded S3 server during the block when it is the storage."""
    if not settings.embedded:
        yield []
        return
    given = (settings.minio_access_key, settings.minio_secret_key) if settings.minio_access_key else None
    keys = load_or_create_keys(settings.data_dir, given)
    server = EmbeddedS3(settings.data_dir, settings.minio_port, keys)
    try:
        server.start()
        server.wait_until_ready(_START_SECONDS)
        yield [Child("The embedded S3 server", server, f"Its log is {server.log_path}.")]
    finally:
        server.stop()


def _make_default_uploads(settings: Settings) -> None:
    """Make the uploads folder when it is the default; one that a person chose and that is missing must be noticed."""
    ours = Path(Settings.names()["UPLOADS_DIR"]).absolute()
    if settings.uploads_dir == ours:
        ours.mkdir(parents=True, exist_ok=True)


def _tell_of_first_admin(settings: Settings) -> None:
    key_file = make_first_admin(settings)
    if key_file:
        click.echo(how_to_use(key_file, _base_url(settings)))


def _base_url(settings: Settings) -> str:
    return f"http://{address(reachable_host(settings.api_host), settings.api_port)}"


def _announce(settings: Settings) -> None:
    base = _base_url(settings)
    click.echo(f"Sluice listens on {base}")
    click.echo(f"  dashboard:                  {base}/")
    click.echo(f"  mirror the uploads folder:  {base}/sync")
    click.echo(f"  all routes:                 {base}/docs")
    click.echo(f"  uploads folder:             {settings.uploads_dir}")
    click.echo(f"  storage:                    {settings.default_storage_url}{_where_keys_are(settings)}")
    click.echo("Ctrl-C stops it.")


def _where_keys_are(settings: Settings) -> str:
    if settings.minio_access_key:
        return " (keys: MINIO_ACCESS_KEY and MINIO_SECRET_KEY)"
    return f" (keys: {keys_path(settings.data_dir)})"
