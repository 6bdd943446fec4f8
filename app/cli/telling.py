"""Prints what others have said: a terminal obeys some characters, and a storage's answer or a name may hold them."""

import json
from typing import Any

import click

from app.monitoring.lines import printable


def tell(line: str) -> None:
    """Print one line, with what cannot be printed spelt out."""
    click.echo(printable(line))


def tell_json(document: Any) -> None:
    """Print a document as JSON for people and programs; in its texts, what cannot be printed is spelt as JSON does."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    click.echo("".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text))
