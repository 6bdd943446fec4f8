"""Log filters for gunicorn: no secret, no forged line, no traceback where a sentence is enough.

Keys travel in query strings (the sync dialect is made for an address bar), and gunicorn's error log quotes whole
request lines.
"""

import logging
import re
from collections.abc import Mapping

from app.errors import SluiceError

# From the first query to the end: a malformed request line may hold raw spaces, so nothing after the mark is safe.
_QUERY = re.compile(r"\?\S.*", re.DOTALL)
# Of a request that gunicorn itself refuses, any piece may be quoted.
_QUOTED_PIECE = re.compile(r"(?<=^Invalid request from )([^'\"]*?)\W*['\"].*", re.DOTALL)


def without_queries(record: logging.LogRecord) -> bool:
    """Cut query strings out of an error log's record, and leave out what gunicorn says again by itself."""
    _, error, _ = record.exc_info or (None, None, None)
    if isinstance(error, SluiceError) and record.msg == "Exception in worker process":
        return False  # gunicorn prints str(error) next, which is all that a person needs
    record.msg, record.args = _QUERY.sub("?...", _QUOTED_PIECE.sub(r"\1", record.getMessage())), ()
    return True


def no_routine(record: logging.LogRecord) -> bool:
    """Leave health checks that found all well out of the access log: containers and proxies ask every few seconds."""
    atoms = record.args
    return not (isinstance(atoms, Mapping) and (atoms.get("U"), atoms.get("s")) == ("/health", "200"))


def on_one_line(record: logging.LogRecord) -> bool:
    """Spell what cannot be printed in an access log's record: paths arrive decoded, line ends included."""
    text = record.getMessage()
    record.msg = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    record.args = ()
    return True
