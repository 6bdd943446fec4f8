"""Databases read without the product, and revisions of versions that do not exist yet."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from textwrap import indent
from typing import Any

from app.db.database import MIGRATIONS

REVISION = """
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
{body}
"""


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a database answers."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


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
