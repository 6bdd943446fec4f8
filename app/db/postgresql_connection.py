"""Connections to PostgreSQL that give a silent server up, and texts that it can hold."""

import json
import re
from collections.abc import Iterable
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import Params, PQGen, Query
from psycopg.types.string import StrDumperUnknown

RV = TypeVar("RV")

_INSTEAD = "\ufffd"

# Halves of characters, as a file's name that is not UTF-8 has them, and NUL are no text for PostgreSQL: it stores JSON
# with them and then fails whoever looks for a word in it. So each is this character, which is none, and four digits.
_ESCAPE = "\ufdd0"
_TO_ESCAPE = re.compile("[\ud800-\udfff\ufdd0]")
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_ESCAPED = re.compile("\ufdd0([0-9a-f]{4})")


class PatientConnection(psycopg.Connection[Any]):
    """A connection that ends when no answer has come for too long.

    The system notices a peer that is gone, but not one that is stopped, or stands behind a proxy that is.

    Attributes:
        patience: seconds to wait for an answer; None: for ever.
    """

    patience: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer.

        Raises:
            OperationalError: none came in time; the connection is closed.
        """
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        latest = monotonic() + self.patience
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.OperationalError as error:
            if error.sqlstate is None and monotonic() >= latest:
                self.pgconn.finish()
                raise psycopg.OperationalError("timeout expired: the server does not answer") from error
            raise


class SteadyCursor(psycopg.Cursor[Any]):
    """A cursor that ends each statement before it sends another one.

    psycopg sends many rows as one stream. PostgreSQL does not limit how long it waits in the middle of a stream
    (measured with 18.4, by `pg_stat_activity`): a process that is stopped there keeps others from what it has locked.
    """

    _counted: int | None = None

    def execute(self, *args: Any, **named: Any) -> "SteadyCursor":
        """See `psycopg.Cursor.execute`."""
        self._counted = None
        return super().execute(*args, **named)

    def executemany(self, query: Query, params_seq: Iterable[Params], *, returning: bool = False) -> None:
        """Execute a statement for each of these; what it returns is not kept.

        Raises:
            NotSupportedError: it was asked for.
        """
        if returning:
            raise psycopg.NotSupportedError("what many statements return is not kept")
        counted = 0
        for params in params_seq:
            counted += self.execute(query, params).rowcount
        self._counted = counted

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return super().rowcount if self._counted is None else self._counted


def json_text(value: object) -> str:
    """Return JSON that PostgreSQL can look into; `json_value` makes the same of it again."""
    text = _TO_ESCAPE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
    return _NUL.sub(rf"\1{_ESCAPE}0000", text)


def json_value(text: str | bytes) -> Any:
    """Return what was made JSON by `json_text`."""
    given = text if isinstance(text, str) else text.decode()
    return json.loads(_ESCAPED.sub(lambda found: _original(found[1]), given))


class StorableText(StrDumperUnknown):
    """Has U+FFFD for NUL, which PostgreSQL refuses."""

    def dump(self, obj: str) -> Any:
        """Return what is sent."""
        return super().dump(obj.replace("\0", _INSTEAD))


def _original(digits: str) -> str:
    return r"\u0000" if digits == "0000" else chr(int(digits, 16))  # JSON itself takes halves, but no NUL
