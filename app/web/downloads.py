"""Downloads of files of the library: bounded in number, so that slow readers never take all threads of a process."""

from collections.abc import Callable
from functools import partial

from flask import Flask, Response, current_app, request
from werkzeug.wsgi import FileWrapper

from app.accounts.caller import Caller
from app.connections.shares import Shares
from app.errors import TooBusy
from app.library.contract import OpenedItem
from app.web.places import has_place

RETRY_SECONDS = 5

_PIECE = 256 * 1024
_NO_PAGE = "sandbox; default-src 'none'"

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
    has_place()
    return partial(places.give_back, who)


def answer_with_file(opened: OpenedItem, content_type: str, disposition: str) -> Response:
    """Answer with a file, or with the part of it that the request asks for; its etag is its SHA-256.

    No browser takes what somebody has put into it for a page of ours. Whoever opened the file closes it.
    """
    item = opened.item
    answer = Response(FileWrapper(opened.file, _PIECE), content_type=content_type)
    answer.content_length = item.size
    answer.set_etag(item.sha256 or item.id)
    answer.headers["Content-Security-Policy"] = _NO_PAGE
    answer.headers["Content-Disposition"] = disposition
    # Several parts, or what cannot be read as one, get the whole file, as RFC 9110 allows; werkzeug would refuse them.
    in_part = request.range is not None and request.range.units == "bytes" and len(request.range.ranges) == 1
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=item.size if in_part else None)
    return answer
