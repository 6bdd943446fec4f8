"""Whether strangers could use the service, said loudly at its start."""

import click

from app.settings import Settings


def exposure(settings: Settings) -> str | None:
    """Return a sentence when other machines may start jobs without saying who they are, else None."""
    if settings.listens_on_loopback or settings.sync_auth != "open":
        return None
    return (
        f"WARNING: API_HOST={settings.api_host} lets every machine that reaches this one start jobs, and so delete "
        "what is stored: nobody is asked who he is. Set SYNC_AUTH=required, or API_HOST=127.0.0.1."
    )


def warn_of_exposure(settings: Settings) -> None:
    """Print the sentence of `exposure`, if there is one, on standard error."""
    sentence = exposure(settings)
    if sentence:
        click.secho(sentence, fg="red", bold=True, err=True)
