"""Upgrades of the schema, and the copy that is kept of a SQLite file from before each of them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import Protocol

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.db.copying import copy_database, sync
from app.errors import DatabaseUnavailable


class Before(Protocol):
    """What there is of a database from before its upgrade."""

    name: str
    """Of the database, for people."""

    def kept(self, current: str, head: str) -> AbstractContextManager[None]:
        """Keep the database as it is at ``current``, if the block, which upgrades it to ``head``, succeeds."""

    def way_back(self, known: set[str]) -> str:
        """Say how to get a database at one of the ``known`` revisions."""


def is_current(connection: Connection, scripts: Path) -> bool:
    """Return whether the database has seen all revisions, and no others."""
    head = ScriptDirectory.from_config(_config(scripts)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def upgrade_to_head(connection: Connection, scripts: Path, before: Before) -> None:
    """Run the revisions that the database has not seen; of one that has tables already, keep a copy first.

    Args:
        connection: in a write transaction, so that the copy is what the upgrade finds.
        scripts: the folder of the revisions.
        before: keeps the copy.

    Raises:
        DatabaseUnavailable: it is of a newer version, or no copy can be kept; the transaction has written nothing.
    """
    config = _config(scripts)
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current, head = MigrationContext.configure(connection).get_current_revision(), script.get_current_head()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is None:
        command.upgrade(config, "head")
    elif current in known:
        with before.kept(current, str(head)):
            command.upgrade(config, "head")
    else:
        raise DatabaseUnavailable(
            f"The job database {before.name} was upgraded by a newer version of Sluice (to revision {current}). "
            f"Install that version again, {before.way_back(known)}"
        )


class CopyBeside:
    """Keeps a copy beside a SQLite file, under the name of both revisions."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._path = path

    @contextmanager
    def kept(self, current: str, head: str) -> Iterator[None]:
        """Copy the database; the copy gets its name when the block has succeeded, and goes away when it has not."""
        name = f"{self._path.name}.{current}-before-{head}"
        draft = self._path.with_name(f"{name}.draft")
        draft.unlink(missing_ok=True)  # of an upgrade that was killed
        try:
            copy_database(self._path, draft)
        except DatabaseUnavailable as error:
            raise DatabaseUnavailable(f"{error} Before an upgrade a copy is kept, so nothing was upgraded.") from error
        try:
            yield
            _name(draft, self._path.with_name(name))
        finally:
            draft.unlink()

    def way_back(self, known: set[str]) -> str:
        """Say how to get a database that this version can use: the newest copy of one, if any was kept."""
        copies = [
            copy
            for copy in self._path.parent.glob(f"{self._path.name}.*-before-*")
            if copy.suffix != ".draft"
            and copy.name.removeprefix(f"{self._path.name}.").partition("-before-")[0] in known
        ]
        if not copies:
            return "or restore DATA_DIR from a backup made before the upgrade."
        newest = max(copies, key=lambda copy: copy.stat().st_mtime_ns)
        return f"or put back {newest}, the copy from before the upgrade, as docs/operations/upgrade.md says."


class NothingKept:
    """Keeps nothing: dumps of a database server are its operator's."""

    def __init__(self, name: str) -> None:
        self.name = name

    def kept(self, current: str, head: str) -> AbstractContextManager[None]:  # noqa: ARG002  # the protocol's
        """Keep nothing."""
        return nullcontext()

    def way_back(self, known: set[str]) -> str:  # noqa: ARG002  # the protocol's
        """Say how to get a database that this version can use."""
        return "or restore a dump from before the upgrade, as docs/operations/postgresql.md says."


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


def _name(draft: Path, wanted: Path) -> None:
    """Give the draft that name; or a number more, when somebody went back to an earlier copy and upgrades again."""
    for number in count(1):
        try:
            # A link, unlike a rename, never replaces.
            wanted.with_name(wanted.name + (f".{number}" if number > 1 else "")).hardlink_to(draft)
        except FileExistsError:
            continue
        sync(wanted.parent)
        return
