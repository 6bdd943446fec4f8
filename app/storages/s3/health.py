"""What a server's faults call for: a pause before the next attempt, as late as it wishes, and in the end no attempt."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from app.storages.s3.address import S3Address
from app.storages.s3.errors import PASSING, THROTTLING, error_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HOPELESS = 30
"""So many faults in a row, without one good answer to anything, end what is asked of a server; a job asks for many
objects at once, each several times."""

LONGEST_PAUSE = 60.0
"""Seconds; who wishes for more is asked again after this."""

BUSY_PAUSE = 0.5
"""Seconds before who asks for fewer requests, and tells no time, is asked again; doubled for the third attempt."""

_OF_ONE = ("GetObject", "HeadObject")
_WEIGHT_OF_ONE = 0.1
"""What it counts that one object cannot be read for a reason of the server's own (status 500): a folder of damaged
objects is no reason to stop, a million of them is."""

_SLICE = 0.5


class Health:
    """How a bucket's server does, by its answers to several clients. Thread-safe.

    Args:
        address: the bucket's address.
    """

    def __init__(self, address: S3Address) -> None:
        self._address = address
        self._faults = 0.0

    def is_well(self) -> None:
        """Note a good answer."""
        self._faults = 0.0

    def observe(self, client: "S3Client", attempts: int) -> None:
        """Have this client, which makes so many attempts, ask as late as its server wishes, and not for ever."""
        events: Any = client.meta.events  # its types know no handler that answers
        events.register_first("needs-retry.s3", partial(self._needs_retry, attempts))

    def _needs_retry(
        self, most: int, response: tuple[Any, dict[str, Any]] | None, attempts: int, operation: Any = None, **_: object
    ) -> float | None:
        """Answer as botocore's handlers do: None where it shall decide by itself, else try again at once."""
        if response is None:
            return None
        answer, told = response
        if answer.status_code not in PASSING:
            self.is_well()
            return None
        code = str(told.get("Error", {}).get("Code", ""))
        is_of_one = answer.status_code == 500 and operation is not None and operation.name in _OF_ONE
        self._note_fault(code, answer.status_code, _WEIGHT_OF_ONE if is_of_one else 1.0)
        seconds = self.pause(answer.headers, code, answer.status_code, attempts)
        if attempts >= most or not seconds:
            return None
        nap(self._address, seconds)
        return 0.0

    def pause(self, headers: Mapping[str, str], code: str, status: int, attempts: int) -> float:
        """Return the seconds after which a fault calls for another attempt; 0: as any fault does."""
        least = BUSY_PAUSE * 2 ** (attempts - 1) if status == 429 or code in THROTTLING else 0.0
        return min(max(retry_after(headers), least), LONGEST_PAUSE)

    def _note_fault(self, code: str, status: int, weight: float) -> None:
        self._faults += weight
        if self._faults >= HOPELESS:
            is_busy = status == 429 or code in THROTTLING
            raise error_of(self._address, "", "SlowDown" if is_busy else "ServiceUnavailable")


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds that an answer asks to wait; 0 where it asks for none, or nobody understands it."""
    told = str(headers.get("Retry-After", "")).strip()
    if told.isascii() and told.isdigit():
        return float(told[:9])
    with suppress(ValueError, TypeError, OverflowError):
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    return 0.0


def nap(address: S3Address, seconds: float, stop: threading.Event | None = None) -> None:
    """Sleep; end early when ``stop`` is set.

    Raises:
        Cancelled: whoever wanted something of this bucket was asked to stop.
    """
    stop, end = stop or threading.Event(), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        address.require_wanted()
        if stop.wait(min(left, _SLICE)):
            return
