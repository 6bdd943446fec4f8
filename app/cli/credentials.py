"""The credentials that ``flask connections add`` is given: of which form, and where their secret part comes from.

A secret is read from the terminal, standard input or a file, and never from the command line, which others can see.
"""

import sys
from collections.abc import Mapping
from typing import Any

import click

from app.connections.contract import CredentialsForm
from app.connections.forms import KEY_FILE_LENGTH, TOKEN_LENGTH
from app.errors import InvalidInput

_ONLY_OF: Mapping[str, str] = {
    "access_key": "s3",
    "secret_key_stdin": "s3",
    "region": "s3",
    "account": "azure",
    "token_stdin": "azure",
    "connection_string_stdin": "azure",
    "key_file": "gcs",
    "project": "gcs",
    "location": "gcs",
}
_SECRETS = ("access_key", "secret_key_stdin", "token_stdin", "connection_string_stdin", "key_file")


def require_fitting(kind: str, options: Mapping[str, Any]) -> None:
    """Return when all options that were given fit the kind of storage, and each other.

    Raises:
        click.UsageError: naming one that does not.
    """
    for name, only in _ONLY_OF.items():
        if options[name] and only != kind:
            raise click.UsageError(f"{_option(name)} is for --kind {only}.")
        if options[name] and name in _SECRETS and options["anonymous"]:
            raise click.UsageError(f"Use either --anonymous or {_option(name)}.")
    if options["token_stdin"] and options["connection_string_stdin"]:
        raise click.UsageError("Use either --token-stdin or --connection-string-stdin.")


def given_credentials(kind: str, options: Mapping[str, Any]) -> tuple[CredentialsForm, dict[str, str]]:
    """Return the form and the credentials; what is secret is read or asked for now.

    Raises:
        InvalidInput: the key file is no text.
        click.UsageError: something is missing, and nobody can be asked for it.
    """
    if options["anonymous"]:
        return CredentialsForm.ANONYMOUS, {}
    return {"s3": _keys, "azure": _of_azure, "gcs": _key_file}[kind](options)


def _keys(options: Mapping[str, Any]) -> tuple[CredentialsForm, dict[str, str]]:
    if not options["access_key"]:
        raise click.UsageError("Use --access-key, or --anonymous for a bucket that everybody may read.")
    secret_key = _secret("secret key", "secret_key_stdin", options)
    return CredentialsForm.KEYS, {"access_key": options["access_key"], "secret_key": secret_key}


def _of_azure(options: Mapping[str, Any]) -> tuple[CredentialsForm, dict[str, str]]:
    """With an account it is a token, without one a connection string, which names its account."""
    if options["connection_string_stdin"] or not (options["account"] or options["token_stdin"]):
        for name in ("account", "endpoint"):
            if options[name]:
                raise click.UsageError(f"Leave out {_option(name)}: a connection string brings its own.")
        text = _secret("connection string", "connection_string_stdin", options)
        return CredentialsForm.CONNECTION_STRING, {"connection_string": text}
    if not options["account"]:
        raise click.UsageError("Use --account together with --token-stdin.")
    return CredentialsForm.ACCOUNT_TOKEN, {"token": _secret("token or account key", "token_stdin", options)}


def _key_file(options: Mapping[str, Any]) -> tuple[CredentialsForm, dict[str, str]]:
    if not options["key_file"]:
        raise click.UsageError("Use --key-file, or --anonymous for a bucket that everybody may read.")
    with click.open_file(options["key_file"], "rb") as file:
        content: bytes = file.read(KEY_FILE_LENGTH + 1)
    try:
        return CredentialsForm.KEY_FILE, {"key_file": content.decode("utf-8-sig")}
    except UnicodeDecodeError:
        raise InvalidInput("key_file", "Not a text in UTF-8. Give the file as Google made it.") from None


def _secret(what: str, flag: str, options: Mapping[str, Any]) -> str:
    if options[flag]:
        try:
            return sys.stdin.readline(TOKEN_LENGTH * 4).rstrip("\r\n")
        except UnicodeDecodeError as error:
            field = flag.removesuffix("_stdin")
            raise InvalidInput(field, f"use {error.encoding} on standard input, as the locale has it") from None
    if not sys.stdin.isatty():
        raise click.UsageError(f"There is no terminal to ask for the {what}. Use {_option(flag)}.")
    return str(click.prompt(what.capitalize(), hide_input=True, err=True))


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
