"""What commands about accounts ask on a terminal, and what they want instead where there is none."""

import sys

import click

from app.accounts.passwords import MAX
from app.errors import InvalidInput


def new_password(*, from_stdin: bool, none: bool) -> str | None:
    """Return a new password: the first line of standard input, or typed twice; None when there shall be none.

    Raises:
        InvalidInput: standard input is no text.
        click.UsageError: both were asked for, or nobody can be asked.
    """
    if from_stdin and none:
        raise click.UsageError("Use either --password-stdin or --no-password.")
    if none:
        return None
    if from_stdin:
        return _first_line()
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for a password. Use --password-stdin or --no-password.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def _first_line() -> str:
    try:
        return sys.stdin.readline(MAX * 4).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InvalidInput("password", f"use {error.encoding} on standard input, as the locale has it") from None


def require_yes(question: str, *, yes: bool) -> None:
    """Return when ``yes`` was given as an option, or is typed.

    Raises:
        click.Abort: it was not typed.
        click.UsageError: nobody can be asked.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask whether you are sure. Use --yes.")
    click.confirm(question, abort=True, err=True)
