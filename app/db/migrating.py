"""Upgrades of the schema, and the copy that is kept of a database from before each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.db.copying import copy_database, sync
from app.errors import DatabaseUnavailable


def upgrade_to_head(connection: Connection, path: Path, scripts: Path) -> None:
    """Run the revisions that the database has not seen; of one that has tables already, keep a copy first.

    Args:
        connection: in a write transaction, so that the copy is what the upgrade finds.
        path: the database's file; the copy goes beside it.
        scripts: the folder of the revisions.

    Raises:
        DatabaseUnavailable: it is of a newer version, or no copy can be kept; the transaction has written nothing.
    """
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    current, head = MigrationContext.configure(connection).get_current_revision(), script.get_current_head()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is None:
        command.upgrade(config, "head")
    elif current in known:
        with _copy_kept(path, f"{current}-before-{head}"):
            command.upgrade(config, "head")
    else:
        raise DatabaseUnavailable(
            f"The job database {path} was upgraded by a newer version of Sluice (to revision {current}). "
            f"Install that version again, {_way_back(path, known)}"
        )


@contextmanager
def _copy_kept(path: Path, name: str) -> Iterator[None]:
    """Copy the database; the copy gets its name when the block has succeeded, and goes away when it has not."""
    draft = path.with_name(f"{path.name}.{name}.draft")
    draft.unlink(missing_ok=True)  # of an upgrade that was killed
    try:
        copy_database(path, draft)
    except DatabaseUnavailable as error:
        raise DatabaseUnavailable(f"{error} Before an upgrade a copy is kept, so nothing was upgraded.") from error
    try:
        yield
        _name(draft, path.with_name(f"{path.name}.{name}"))
    finally:
        draft.unlink()


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


def _way_back(path: Path, known: set[str]) -> str:
    """Say how to get a database that this version can use: the newest copy of one, if any was kept."""
    copies = [
        copy
        for copy in path.parent.glob(f"{path.name}.*-before-*")
        if copy.suffix != ".draft" and copy.name.removeprefix(f"{path.name}.").partition("-before-")[0] in known
    ]
    if not copies:
        return "or restore DATA_DIR from a backup made before the upgrade."
    newest = max(copies, key=lambda copy: copy.stat().st_mtime_ns)
    return f"or put back {newest}, the copy from before the upgrade, as docs/operations/upgrade.md says."
