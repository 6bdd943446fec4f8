"""Databases read without the product, and revisions of versions that do not exist yet."""

import importlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from app.db import Database
from app.db.database import MIGRATIONS

SQLITE_ONLY = pytest.mark.parametrize("each_database", ["sqlite"], indirect=True)
"""For a test that looks into the file itself, in a module whose tests run with each database."""

REVISION = """
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
{body}
"""


def rows(database: Path | Database, query: str) -> list[tuple[Any, ...]]:
    """Return what a database, or a SQLite file, answers."""
    if isinstance(database, Database):
        with database.engine.connect() as asking:
            return [tuple(row) for row in asking.exec_driver_sql(query)]
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def kept(text: str, database: str) -> str:
    """Return what the library keeps of a text: no database takes lone surrogates, and PostgreSQL takes no NUL."""
    text = text.replace("\ud800", "?")
    return text.replace("\0", "\ufffd") if database == "postgresql" else text


def import_models() -> None:
    """Have `Base.metadata` know all tables of the product, whatever a test imports."""
    for path in MIGRATIONS.parent.rglob("*.py"):
        if "__tablename__" in path.read_text():
            importlib.import_module(".".join(path.relative_to(MIGRATIONS.parents[1]).with_suffix("").parts))


def revisions_until(last: str, folder: Path) -> Path:
    """Copy our revisions up to ``last`` to a new folder and return it."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for script in (folder / "versions").glob("*.py"):
        if script.name[: len(last)] > last:
            script.unlink()
    return folder


def add_revisions(folder: Path, before: str, *bodies: str) -> Path:
    """Add revisions 9001, 9002 and so on after ``before``, each given by what its upgrade does; return the folder."""
    for number, body in enumerate(bodies, 9001):
        text = REVISION.format(revision=number, before=before, body=indent(body, "    "))
        (folder / "versions" / f"{number}_later.py").write_text(text)
        before = str(number)
    return folder
