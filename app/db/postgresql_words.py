"""What PostgreSQL says, and what its connections say, in words for a person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import DatabaseUnavailable

READ_ONLY = "25006"

_NO_ANSWER = "it does not answer; look whether its machine and the network between are well"
_LOST = "the connection was lost; if this lasts, look whether PostgreSQL runs"
_NO_LOGIN = "it refuses the user or the password; correct them in DATABASE_URL"
_NOT_THERE = "there is no such database; create it as docs/operations/postgresql.md says"
_FULL_OF_CONNECTIONS = "it takes no more connections; raise its max_connections, or lower DATABASE_CONNECTIONS"
_STARTING = "PostgreSQL is starting; try again"
_STOPPING = "PostgreSQL is being stopped; try again when it runs again"

# By SQLSTATE, or the class of it (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_IN_WORDS = {
    "08": _LOST,
    READ_ONLY: "it cannot be written, like a standby; have DATABASE_URL name the primary",
    "25P03": "this process was stopped in the middle of a transaction, which was rolled back; try again",
    "28": _NO_LOGIN,
    "3D000": _NOT_THERE,
    "40": "another transaction was in the way; try again",
    "42501": "its user may not do this; make him the owner of the database",
    "42P01": "it does not look as expected (was it replaced?); restart this process",
    "53100": "the disk of PostgreSQL is full; free space there",
    "53200": "PostgreSQL has not enough memory; lower what else it does",
    "53300": _FULL_OF_CONNECTIONS,
    "55P03": "others wait to write; try again",
    "57014": "it took too long for an answer; look what else PostgreSQL does",
    "57P01": _STOPPING,
    "57P02": _STOPPING,
    "57P03": _STARTING,
    "58": "the system under PostgreSQL failed; look at its log",
    "XX001": "its data are damaged; restore it from a dump",
    "XX002": "an index of it is damaged; have PostgreSQL reindex it",
}

# What libpq refuses only when it connects. The value is not told: who wrote a password wrongly may have it there.
_OPTION = re.compile(
    r'invalid integer value .* for connection option "(\w+)"|invalid "?(\w+)"? value|invalid (port) number'
    r"|bad value for (\w+)|definition of (service)"
)

# libpq has no code for a connection that could not be made.
_UNCONNECTED = (
    (re.compile(r"password authentication failed|no password supplied|role .* does not exist"), _NO_LOGIN),
    (re.compile(r"no pg_hba\.conf entry"), "its pg_hba.conf does not let this machine or user in; add a line there"),
    (re.compile(r"database .* does not exist"), _NOT_THERE),
    (re.compile(r"too many (clients|connections)|remaining connection slots"), _FULL_OF_CONNECTIONS),
    (re.compile(r"starting up|not yet accepting|recovery"), _STARTING),
    (re.compile(r"shutting down"), _STOPPING),
    (
        re.compile(r"[Cc]onnection refused|No such file"),
        "nothing answers there; start PostgreSQL or correct DATABASE_URL",
    ),
    (re.compile(r"resolve|translate host name|Name or service"), "no machine has this name; correct DATABASE_URL"),
    (re.compile(r"SSL|certificate"), "no safe connection can be made; look at sslmode and sslrootcert in DATABASE_URL"),
    (re.compile(r"time(d )?out|unreachable|No route"), _NO_ANSWER),
)


@contextmanager
def in_words(name: str, password: str | None = None) -> Iterator[None]:
    """Turn what PostgreSQL says into `DatabaseUnavailable`; bugs in queries pass unchanged.

    Args:
        name: of the job database, for people.
        password: what must not be in any message.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(
            f"The job database {name}: too many requests use it at once; try again, or raise DATABASE_CONNECTIONS."
        ) from error
    except (DBAPIError, psycopg.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        advice = _advice(said)
        if advice is None:
            raise
        # A chained connection error is logged too. libpq never shows a password; this is in case that it ever does.
        shown = error if password is None or password not in str(error) else None
        raise DatabaseUnavailable(f"The job database {name} is unavailable: {advice}.") from shown


def _advice(error: BaseException | None) -> str | None:
    if not isinstance(error, psycopg.Error):
        return None
    if error.sqlstate is not None:
        return _IN_WORDS.get(error.sqlstate) or _IN_WORDS.get(error.sqlstate[:2])
    if option := _OPTION.search(str(error)):
        return f"an option in DATABASE_URL is wrong: {next(filter(None, option.groups()))}"
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return None
    return next((advice for pattern, advice in _UNCONNECTED if pattern.search(str(error))), _LOST)
