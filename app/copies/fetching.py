"""Fetches a file from the web: from nowhere inside, no larger than there is room for, and never waiting for ever."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from app.cancellation import CancelToken
from app.connections.fetch_policy import FetchPolicy, WebAddress
from app.connections.lines import Line, pools_on, reason_of
from app.errors import AddressRefused, FetchFailed, QuotaExceeded, StorageUnreachable
from app.library.disk import disk_in_words, write_leaving_space
from app.library.patience import SECONDS, Patience

REDIRECTS_MAX = 5
PIECE = 256 * 1024

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_TIMEOUT = Timeout(connect=10.0, read=30.0)
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Sluice"}


class Fetcher:
    """Fetches files. Thread-safe.

    Args:
        policy: which addresses may be asked; it is asked about each redirect and each connection too.
        seconds: how long hardly any byte may come; see `Patience`.
    """

    def __init__(self, policy: FetchPolicy, seconds: float = SECONDS) -> None:
        self._policy = policy
        self._seconds = seconds

    def fetch(self, url: str, path: Path, room: int | None, token: CancelToken) -> int:
        """Write what an address answers to a file, byte for byte, and return how many bytes that are.

        Args:
            url: an http(s) address.
            path: the file, which is replaced; when this raises, nothing in it counts.
            room: how many bytes it may have; None: any number.
            token: looked at before each connection and between two pieces.

        Raises:
            FetchFailed: there is no answer, or it is no file, or not all of one.
            AddressRefused: the address, or one that it redirects to, leads inside.
            QuotaExceeded: there is no room for it.
            StorageFull: the disk is full.
            Cancelled: the token was set.
        """
        with Line() as line, Patience(line.hang_up, self._seconds) as patience:
            address = self._policy.read(url)
            try:
                with self._answered(address, line, token) as answer:
                    return _received(answer, path, room, _noting(patience, token))
            except (FetchFailed, HTTPError, StorageUnreachable, OSError) as error:
                raise _failed(address, error, patience) from None

    @contextmanager
    def _answered(self, address: WebAddress, line: Line, token: CancelToken) -> Iterator[BaseHTTPResponse]:
        """Give the answer that has the file, its body unread, after all redirects."""
        with ExitStack() as opened:
            for _ in range(REDIRECTS_MAX + 1):
                token.raise_if_cancelled()
                answer = opened.enter_context(self._asked(address, line))
                if answer.status == 200:
                    yield answer
                    return
                target = answer.headers.get("Location") if answer.status in _REDIRECTS else None
                if not target:
                    raise FetchFailed(f"{address.shown} has no file for us: it answered {answer.status}.")
                address = self._policy.read(target, address)
            raise FetchFailed(f"{address.shown} was reached after {REDIRECTS_MAX} redirects, and redirects again.")

    @contextmanager
    def _asked(self, address: WebAddress, line: Line) -> Iterator[BaseHTTPResponse]:
        forbids = partial(self._policy.forbids, address.endpoint.host)
        pools = pools_on(line, forbids, _TIMEOUT)
        try:
            with closing(
                pools.request(
                    "GET", address.url, headers=_HEADERS, redirect=False, retries=False, preload_content=False
                )
            ) as answer:
                yield answer
        finally:
            pools.clear()


def _noting(patience: Patience, token: CancelToken) -> Callable[[int], None]:
    def came(count: int) -> None:
        patience.came(count)
        token.raise_if_cancelled()

    return came


def _received(answer: BaseHTTPResponse, path: Path, room: int | None, came: Callable[[int], None]) -> int:
    announced = _length(answer)
    _require_room(announced or 0, room)
    with disk_in_words("A fetched file cannot be written"):
        file = path.open("wb", buffering=0)
    with closing(file):
        size = _poured(answer, file, room, came)
    if announced is not None and size != announced:
        raise FetchFailed(f"{size} of {announced} bytes came, and then no more.")
    if not size and announced is None and "Transfer-Encoding" not in answer.headers:
        # An answer that is cut off in its headers reads like one that ends with its connection.
        raise FetchFailed("The connection ended before anything came.")
    return size


def _poured(answer: BaseHTTPResponse, file: BinaryIO, room: int | None, came: Callable[[int], None]) -> int:
    size = 0
    # read1: what has come so far. A larger amount would be waited for, however slowly it comes.
    while piece := answer.read1(PIECE, decode_content=False):
        size += len(piece)
        _require_room(size, room)
        with disk_in_words("A fetched file cannot be written"):
            write_leaving_space(file, piece)
        came(len(piece))
    return size


def _length(answer: BaseHTTPResponse) -> int | None:
    text = answer.headers.get("Content-Length", "")
    # As many digits as no file needs: Python reads no number of thousands of them.
    return int(text[:100]) if text.isascii() and text.isdigit() and "Transfer-Encoding" not in answer.headers else None


def _require_room(size: int, room: int | None) -> None:
    if room is not None and size > room:
        raise QuotaExceeded(f"The file is larger than the {room} bytes that are left.")


def _failed(address: WebAddress, error: Exception, patience: Patience) -> Exception:
    """Return the error in our words: those of libraries quote the whole address."""
    if isinstance(error, StorageUnreachable):
        return AddressRefused(str(error))
    if isinstance(error, FetchFailed) and not patience.ran_out:
        return error
    return FetchFailed(f"{address.shown} cannot be fetched: {_reason(error, patience)}.")


def _reason(error: Exception, patience: Patience) -> str:
    return "hardly anything came" if patience.ran_out else reason_of(error)
