"""gunicorn's logs in the form of the product's: one line for a request, no query string, no traceback for a sentence.

Keys travel in query strings (the sync dialect is made for an address bar), and gunicorn's error log quotes whole
request lines.
"""

import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from app.errors import SluiceError
from app.monitoring.context import SEEN
from app.monitoring.logs import formatter
from app.settings import Settings

# From the first query to the end: a malformed request line may hold raw spaces, so nothing after the mark is safe.
_QUERY = re.compile(r"\?\S.*", re.DOTALL)
# Of a request that gunicorn itself refuses, any piece may be quoted.
_QUOTED_PIECE = re.compile(r"(?<=^Invalid request from )([^'\"]*?)\W*['\"].*", re.DOTALL)

_ROUTINE = frozenset({"/health", "/healthz", "/readyz", "/metrics"})


def without_queries(record: logging.LogRecord) -> bool:
    """Cut query strings out of an error log's record, and leave out what gunicorn says again by itself."""
    _, error, _ = record.exc_info or (None, None, None)
    if isinstance(error, SluiceError) and record.msg == "Exception in worker process":
        return False  # gunicorn prints str(error) next, which is all that a person needs
    record.msg, record.args = _QUERY.sub("?...", _QUOTED_PIECE.sub(r"\1", record.getMessage())), ()
    return True


def is_routine(path: str, status: str) -> bool:
    """Return whether a request is left out of the access log: probes that found all well come every few seconds."""
    return path in _ROUTINE and status == "200"


class CleanLogger(Logger):  # type: ignore[misc]  # gunicorn ships without types
    """gunicorn's logger, writing the product's lines."""

    def setup(self, cfg: Any) -> None:
        """Do as gunicorn does, and then give its handlers our form."""
        super().setup(cfg)
        form = formatter(Settings.load().log_format)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(form)
        self.error_log.addFilter(without_queries)

    def access(self, resp: Any, req: Any, environ: Mapping[str, Any], request_time: timedelta) -> None:  # noqa: ARG002
        """Log a request: never its query string or a header, which may hold keys."""
        path, status = str(environ.get("PATH_INFO", "")), str(resp.status).partition(" ")[0]
        if is_routine(path, status):
            return
        said = {
            "method": environ.get("REQUEST_METHOD"),
            "path": path,
            "status": status,
            "bytes": getattr(resp, "sent", None),
            "seconds": f"{request_time.total_seconds():.6f}",
        }
        self.access_log.info("%s %s %s %s %ss", *said.values(), extra={**said, **environ.get(SEEN, {})})
