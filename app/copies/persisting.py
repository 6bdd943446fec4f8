"""Going on while the database cannot be used: what is to be done stands in it, so a copy job can only wait."""

from collections.abc import Callable
from typing import TypeVar

from app.cancellation import CancelToken
from app.errors import DatabaseUnavailable

T = TypeVar("T")

PAUSE_SECONDS = 1.0


def persisting(token: CancelToken, ask: Callable[[], T]) -> T:
    """Return what ``ask`` returns; while the database cannot be used, ask again each second.

    Raises:
        Cancelled: the token was set while the database could not be used.
    """
    while True:
        try:
            return ask()
        except DatabaseUnavailable:
            token.wait(PAUSE_SECONDS)
            token.raise_if_cancelled()
