"""The job database in PostgreSQL, for the processes of any number of machines."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar

from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, Engine, ExceptionContext, NullPool, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.db.database import MIGRATIONS, Database
from app.db.migrating import NothingKept, is_current, upgrade_to_head
from app.db.postgresql_connection import PatientConnection, SteadyCursor, StorableText, json_text, json_value
from app.db.postgresql_words import READ_ONLY, in_words
from app.errors import DatabaseUnavailable, SettingsError

_KEPT_OPEN = 8
_IDLE_SECONDS = 10
_TRANSACTION_SECONDS = 60
_REACTION_SECONDS = 5.0

_LIMITS_TRANSACTIONS = 17_00_00
"""The first version of PostgreSQL that does."""

_THE_ONLY_WRITER = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=0x51_1CE)
_CLOCK = text("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)")

# A peer that has gone without a word is noticed by the system in ten seconds, whoever waits for whom.
_NOTICING: Mapping[str, object] = {
    "application_name": "sluice",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class PostgresqlDatabase(Database):
    """A database of a PostgreSQL server.

    Args:
        url: ``postgresql+psycopg://user:password@host:port/database``, with libpq's options behind a ``?``.
        connections: how many may be open at once.
        busy_seconds: how long to wait for the write transactions of this process, and then for another's.
        answer_seconds: how long a statement may take. Some seconds later the server is given up. None: for ever.
        idle_seconds: how long the server lets a transaction wait for its client. It frees what that has locked then.
            None: for ever.
        transaction_seconds: how long a transaction may take, for servers since version 17, which know this limit. It
            also ends one whose client was stopped in the middle of a statement. None: for ever.
        migrations: the folder of the revisions.

    Raises:
        SettingsError: the address is none.
    """

    is_shared: ClassVar[bool] = True

    def __init__(
        self,
        url: str,
        connections: int = 20,
        busy_seconds: float = 5.0,
        *,
        answer_seconds: float | None = 30.0,
        idle_seconds: float | None = _IDLE_SECONDS,
        transaction_seconds: float | None = _TRANSACTION_SECONDS,
        migrations: Path = MIGRATIONS,
    ) -> None:
        self._url = _read(url)
        self._migrations = migrations
        self._limits = _limits(lock=busy_seconds, statement=answer_seconds, idle_in_transaction_session=idle_seconds)
        kept_open = min(connections, _KEPT_OPEN)
        engine = create_engine(
            self._url,
            isolation_level="READ COMMITTED",
            json_serializer=json_text,
            json_deserializer=json_value,
            pool_size=kept_open,
            max_overflow=connections - kept_open,
            pool_timeout=busy_seconds,
            pool_pre_ping=True,
            pool_use_lifo=True,
            hide_parameters=True,  # or what is written, secrets among it, would come into logs
        )
        patience = None if answer_seconds is None else answer_seconds + _REACTION_SECONDS
        _connect_with(engine, self._limits, patience, transaction_seconds)
        engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows in one statement
        event.listen(engine, "handle_error", _leave_a_standby)
        super().__init__(_name(self._url), engine, busy_seconds)

    def now(self, session: Session) -> float:
        """Return the time of the server's clock in POSIX seconds."""
        return float(session.scalar(_CLOCK) or 0.0)

    def upgrade(self) -> None:
        """Create or upgrade the tables, one process at a time; all of it happens or nothing. No copy is kept.

        Raises:
            DatabaseUnavailable: it cannot be used or upgraded, or a newer version of Sluice has upgraded it.
        """
        with self._in_words(), self.engine.connect() as looking:
            current = is_current(looking, self._migrations)
        if not current:
            self._migrate()

    def copy_to(self, target: Path) -> None:  # noqa: ARG002  # never written
        """Refuse.

        Raises:
            DatabaseUnavailable: says what copies such a database.
        """
        raise DatabaseUnavailable(f"The job database {self.name} is copied by pg_dump; see docs/operations/backup.md.")

    def settle(self) -> None:
        """Return at once: what PostgreSQL has committed survives a power failure, unless it was told otherwise."""

    def _for_readers(self, engine: Engine) -> Engine:
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def _for_writers(self, engine: Engine) -> Engine:
        return engine

    def _begin_writing(self, session: Session, beside_others: bool) -> None:
        if not beside_others:
            session.execute(_THE_ONLY_WRITER)

    def _in_words(self) -> AbstractContextManager[None]:
        return in_words(self.name, self._url.password)

    def _migrate(self) -> None:
        # Without limits: another process may be at it, and a large table takes its time.
        engine = create_engine(self._url, poolclass=NullPool, hide_parameters=True)
        _connect_with(engine, _limits(lock=None, statement=None, idle_in_transaction_session=60), None)
        with self._in_words(), engine.begin() as upgrading:
            _require_unicode(upgrading, self.name)
            upgrading.execute(_THE_ONLY_WRITER)
            upgrade_to_head(upgrading, self._migrations, NothingKept(self.name))


def _read(text_: str) -> URL:
    try:
        url = make_url(text_)
        # What libpq does not know is found now and not at the first use.
        make_conninfo(**{key: str(value) for key, value in url.query.items() if isinstance(value, str)})
    except (SQLAlchemyError, ProgrammingError, ValueError):
        raise SettingsError(
            "DATABASE_URL cannot be read. Use an address such as postgresql+psycopg://user:password@host:5432/sluice, "
            "with only options of libpq behind a ?, and %40 for an @ in the password (%2F for /, %3A for :)."
        ) from None
    return url


def _name(url: URL) -> str:
    plain = URL.create("postgresql", host=url.host, port=url.port, database=url.database)
    return plain.render_as_string(hide_password=True)


def _limits(**seconds: float | None) -> str:
    return " ".join(f"-c {name}_timeout={round((value or 0) * 1000)}" for name, value in seconds.items())


def _connect_with(
    engine: Engine, limits: str, patience: float | None, transaction_seconds: float | None = None
) -> None:
    """Have connections notice what is gone, keep these limits, and wait for an answer as long as ``patience`` says."""

    def connect(_dialect: Dialect, _record: object, arguments: Any, named: dict[str, Any]) -> PatientConnection:
        given = f"{named.get('options', '')} {limits}".strip()
        made = PatientConnection.connect(*arguments, **{**_NOTICING, **named, "options": given})
        made.patience = patience
        made.cursor_factory = SteadyCursor
        _limit_transactions(made, transaction_seconds)
        made.adapters.register_dumper(str, StorableText)
        return made

    event.listen(engine, "do_connect", connect)


def _limit_transactions(made: PatientConnection, seconds: float | None) -> None:
    # Not with the other limits: who connects with one that the server does not know is refused.
    if seconds is not None and made.info.server_version >= _LIMITS_TRANSACTIONS:
        made.autocommit = True
        made.execute("SELECT set_config('transaction_timeout', %s, false)", [f"{round(seconds * 1000)}"])
        made.autocommit = False


def _leave_a_standby(context: ExceptionContext) -> None:
    """Have a server that has become a standby be left: the address may lead to another one by now."""
    options = context.connection.get_execution_options() if context.connection else {}
    is_refused_write = getattr(context.original_exception, "sqlstate", None) == READ_ONLY
    if is_refused_write and not options.get("postgresql_readonly"):
        context.is_disconnect = True


def _require_unicode(connection: Connection, name: str) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise DatabaseUnavailable(
            f"The job database {name} has the encoding {encoding}, and UTF8 is needed: names can have any characters. "
            "Create another one with ENCODING 'UTF8' TEMPLATE template0."
        )
