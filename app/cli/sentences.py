"""Errors of the product, said by a command as one sentence and no traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from app.errors import SluiceError
from app.monitoring.lines import printable

P = ParamSpec("P")
T = TypeVar("T")


def errors_as_sentences(command: Callable[P, T]) -> Callable[P, T]:
    """Have a command end with status 1 and the sentence of the product error that it meets."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except SluiceError as error:
            raise click.ClickException(printable(str(error))) from None

    return wrapped
