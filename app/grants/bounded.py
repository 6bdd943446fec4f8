"""What HTTP may do while Google is asked for consents and tokens: short answers, in seconds, and no redirects."""

import io
import time
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as Disconnected
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
_PIECE = 8192


class BoundedAdapter(HTTPAdapter):
    """Reads an answer to its end, and only one of `ANSWER_BYTES` at most that comes within `READ_SECONDS`.

    It raises what `requests` raises: `requests.RequestException`.
    """

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request; ``stream`` and ``timeout`` are of no account."""
        options |= {"stream": True, "timeout": (CONNECT_SECONDS, READ_SECONDS)}
        response = super().send(request, *args, **options)
        try:
            body = _read(response)
        except (HTTPError, OSError):
            raise Disconnected("broken off", request=request) from None
        finally:
            response.raw.close()
        response.raw = io.BytesIO(body)
        return response


def _read(response: Response) -> bytes:
    """Return the whole body. Pieces are taken as they come: a trickle would never end in a time-out."""
    body, ends_at = bytearray(), time.monotonic() + READ_SECONDS
    while piece := response.raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > ANSWER_BYTES or time.monotonic() > ends_at:
            raise Disconnected("too long", request=response.request)
    return bytes(body)
