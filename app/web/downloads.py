"""Downloads of whole files: bounded in number, so that slow readers never take all threads of a process."""

from collections.abc import Callable
from functools import partial

from flask import Flask, current_app

from app.accounts.caller import Caller
from app.connections.shares import Shares
from app.errors import TooBusy

RETRY_SECONDS = 5

_PLACES = "sluice_downloads"
_NOBODY = 0  # no user has this id: all strangers together are one


def allow_downloads(app: Flask, limit: int) -> None:
    """Let ``app`` send at most ``limit`` files at once, half of them to one user, or to all strangers together.

    Each holds a thread of the server until its reader has it.
    """
    app.extensions[_PLACES] = Shares(limit, max(1, limit // 2))


def download_place(caller: Caller | None) -> Callable[[], None]:
    """Take one of the places for downloads; return what gives it back, which is to be called once.

    Args:
        caller: whose download it is; None: a stranger's.

    Raises:
        TooBusy: all are taken in this process, or all that this caller may have.
    """
    who = _NOBODY if caller is None else caller.user_id
    places: Shares = current_app.extensions[_PLACES]
    if not places.take(who, 0):
        raise TooBusy(RETRY_SECONDS)
    return partial(places.give_back, who)
