"""Whether strangers could use the service, or lend it their name, said loudly at its start."""

import logging
from collections.abc import Iterator

import click

from app.settings import Settings


def exposure(settings: Settings) -> list[str]:
    """Return a sentence for each thing that other machines may do, and that hardly anybody wants."""
    return [*_open_doors(settings), *_unknown_names(settings)]


def _open_doors(settings: Settings) -> Iterator[str]:
    """Yield what to say when other machines may start jobs without saying who they are."""
    if settings.sync_auth != "open":
        return
    if not settings.listens_on_loopback:
        yield (
            f"WARNING: API_HOST={settings.api_host} lets every machine that reaches this one start jobs, and so delete "
            "what is stored: nobody is asked who he is. Set SYNC_AUTH=required, or API_HOST=127.0.0.1."
        )
    elif settings.trusted_proxies:
        yield (
            f"WARNING: TRUSTED_PROXIES={settings.trusted_proxies} says that a proxy lets others in, and whoever passes "
            "it can start jobs, and so delete what is stored: nobody is asked who he is. Set SYNC_AUTH=required."
        )


def _unknown_names(settings: Settings) -> Iterator[str]:
    """Yield what to say when requests for any host name are answered."""
    if not settings.listens_on_loopback and not settings.trusted_hosts:
        yield (
            f"WARNING: API_HOST={settings.api_host} without TRUSTED_HOSTS believes every name it is asked for by: "
            "a web page whose name leads here is taken for a page of this service. Set TRUSTED_HOSTS to its names."
        )


def warn_of_exposure(settings: Settings) -> None:
    """Print the sentences of `exposure` on standard error; or log them, where programs read that."""
    for sentence in exposure(settings):
        if settings.log_format == "json":
            logging.getLogger("gunicorn.error").warning("%s", sentence)
        else:
            click.secho(sentence, fg="red", bold=True, err=True)
