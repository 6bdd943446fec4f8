"""Sends one message to one address: by the address policy, following nothing, and never waiting for ever."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from app.connections.fetch_policy import FetchPolicy, WebAddress
from app.connections.lines import Line, pools_on, reason_of
from app.errors import AddressRefused, StorageUnreachable
from app.library.patience import Patience
from app.webhooks.contract import Answer
from app.webhooks.signing import signed_headers
from app.webhooks.timing import retry_after_of

CONNECT_SECONDS = 5.0
_SLACK_SECONDS = 1.0
TOTAL_SECONDS = 15.0
ADDRESSES_MAX = 8
"""A name with more addresses than that is not called: each of them may take `CONNECT_SECONDS`."""

_READ_MAX = 1024
_SHOWN_MAX = 300
_BROKEN_OFF = (HTTPError, OSError)
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "Sluice",
}


class Sender:
    """Sends messages. Thread-safe.

    Args:
        policy: which addresses may be called; asked at every connection.
        clock: POSIX seconds, for the time that a signature names.
        seconds: how long one message may take, but for the look-up of its host's name, which nothing can end.
    """

    def __init__(
        self, policy: FetchPolicy, clock: Callable[[], float] = time.time, seconds: float = TOTAL_SECONDS
    ) -> None:
        self._policy, self._clock, self._seconds = policy, clock, seconds

    def send(self, url: str, secret: str, message_id: str, body: str) -> Answer:
        """Send a message and say what became of it; whatever an address does, this raises nothing for it."""
        began = time.monotonic()
        content = body.encode()
        headers = _HEADERS | signed_headers(secret, message_id, int(self._clock()), content)
        status, message, retry_after = self._tried(url, headers, content)
        return Answer(status, message, time.monotonic() - began, retry_after)

    def _tried(self, url: str, headers: dict[str, str], content: bytes) -> tuple[int | None, str, float | None]:
        # It is told of no byte that comes: so its patience is a limit for all of it.
        with Line() as line, Patience(line.hang_up, self._seconds) as patience:
            try:
                with self._asked(self._policy.read(url), line, headers, content) as answer:
                    if patience.ran_out:  # headers that are cut off read as if they had ended
                        return None, self._too_long(), None
                    retry_after = retry_after_of(answer.headers.get("Retry-After"), self._clock())
                    return answer.status, _sentence(answer.status, _beginning(answer)), retry_after
            except (AddressRefused, StorageUnreachable) as refused:
                return None, str(refused), None
            except _BROKEN_OFF as error:
                return None, self._too_long() if patience.ran_out else f"No answer: {reason_of(error)}.", None

    def _too_long(self) -> str:
        return f"No answer: it took more than {self._seconds:g} seconds."

    @contextmanager
    def _asked(
        self, address: WebAddress, line: Line, headers: dict[str, str], content: bytes
    ) -> Iterator[BaseHTTPResponse]:
        longer = self._seconds + _SLACK_SECONDS  # the whole time ends first, and is what the log says
        timeout = Timeout(connect=min(CONNECT_SECONDS, longer), read=longer)
        pools = pools_on(line, _Asked(self._policy, address.endpoint.host).forbids, timeout)
        try:
            answer = pools.request(
                "POST", address.url, body=content, headers=headers, redirect=False, retries=False, preload_content=False
            )
            with closing(answer):
                yield answer
        finally:
            pools.clear()


class _Asked:
    """What the policy says of the addresses of one host, of which there may be so many."""

    def __init__(self, policy: FetchPolicy, host: str) -> None:
        self._policy, self._host = policy, host
        self._count = 0

    def forbids(self, ip: str) -> bool:
        self._count += 1
        return self._count > ADDRESSES_MAX or self._policy.forbids(self._host, ip)


def _beginning(answer: BaseHTTPResponse) -> str:
    """Return the beginning of an answer's body on one line; what breaks off then changes nothing."""
    read = b""
    with suppress(*_BROKEN_OFF):
        while len(read) < _READ_MAX and (piece := answer.read1(_READ_MAX - len(read), decode_content=False)):
            read += piece
    text = "".join(c if c.isprintable() else " " for c in read.decode("utf-8", "replace"))
    return " ".join(text.split())[:_SHOWN_MAX]


def _sentence(status: int, beginning: str) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}. Redirects are not followed: give the address that it leads to."
    return f"It answered {status}: {beginning}" if beginning else f"It answered {status}."
