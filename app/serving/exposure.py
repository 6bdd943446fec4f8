"""Whether strangers could use the service, said loudly at its start."""

import logging

import click

from app.settings import Settings


def exposure(settings: Settings) -> str | None:
    """Return a sentence when other machines may start jobs without saying who they are, else None."""
    if settings.sync_auth != "open":
        return None
    if not settings.listens_on_loopback:
        return (
            f"WARNING: API_HOST={settings.api_host} lets every machine that reaches this one start jobs, and so delete "
            "what is stored: nobody is asked who he is. Set SYNC_AUTH=required, or API_HOST=127.0.0.1."
        )
    if settings.trusted_proxies:
        return (
            f"WARNING: TRUSTED_PROXIES={settings.trusted_proxies} says that a proxy lets others in, and whoever passes "
            "it can start jobs, and so delete what is stored: nobody is asked who he is. Set SYNC_AUTH=required."
        )
    return None


def warn_of_exposure(settings: Settings) -> None:
    """Print the sentence of `exposure`, if there is one, on standard error; or log it, where programs read that."""
    sentence = exposure(settings)
    if sentence and settings.log_format == "json":
        logging.getLogger("gunicorn.error").warning("%s", sentence)
    elif sentence:
        click.secho(sentence, fg="red", bold=True, err=True)
