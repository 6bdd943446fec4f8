"""An empty database for a test to begin with, made once in each process: its revisions take longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db import Database


def with_database(data_dir: Path) -> Path:
    """Return the folder, with an empty database of this version unless it has one; what opens it finds no work to do."""
    path = data_dir / "sluice.db"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_bytes(_upgraded())
    return data_dir


@cache
def _upgraded() -> bytes:
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "sluice.db")
        database.upgrade()
        database.close()  # what is in the journal goes to the file
        return database.path.read_bytes()
