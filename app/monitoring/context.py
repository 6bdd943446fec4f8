"""What goes along with all that a thread logs: of which request, job and user it is. New threads begin with none.

structlog has this too, but takes long to import, and every command would have to.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

SEEN = "sluice.seen"
"""Where a request's WSGI environment keeps what the access log says beside what the web server knows."""

_bound: ContextVar[Mapping[str, object]] = ContextVar("sluice_log_context", default={})  # noqa: B039  # never changed


def bind(**context: object) -> None:
    """Put these into every line that this thread logs from now on, but for those that are None."""
    _bound.set({**_bound.get(), **{name: value for name, value in context.items() if value is not None}})


def unbind_all() -> None:
    """Forget what was bound in this thread."""
    _bound.set({})


@contextmanager
def bound(**context: object) -> Iterator[None]:
    """Put these into every line that this thread logs during the block."""
    token = _bound.set({**_bound.get(), **context})
    try:
        yield
    finally:
        _bound.reset(token)


def current_context() -> Mapping[str, object]:
    """Return what is bound."""
    return _bound.get()
