"""Whether a process can do its work now: named checks, asked at most once a second however many probes ask."""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from app.db import Database
from app.db.database import MIGRATIONS
from app.db.migrating import is_current
from app.errors import SluiceError
from app.monitoring.lines import clean

logger = logging.getLogger(__name__)

Check: TypeAlias = Callable[[], str | None]
"""Returns None when all is well, else a sentence for people; answers within seconds. A `SluiceError` is one too."""

_FRESH_SECONDS = 1.0
_REVISION = "SELECT version_num FROM alembic_version"
_BROKEN = "an internal error; see the log"


class Report(NamedTuple):
    """What was found.

    Attributes:
        is_ready: no check has a sentence.
        checks: by name: ``ok``, or what is wrong.
    """

    is_ready: bool
    checks: Mapping[str, str]


class Readiness:
    """Asks all checks and remembers the answer for a second. Thread-safe."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._report = Report(False, {})
        self._fresh_until = 0.0

    def report(self) -> Report:
        """Return how it stands."""
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                found = {name: _answer(name, check) for name, check in self._checks.items()}
                self._report = Report(all(answer == "ok" for answer in found.values()), found)
                self._fresh_until = time.monotonic() + _FRESH_SECONDS
            return self._report


def _answer(name: str, check: Check) -> str:
    try:
        return clean(check() or "ok")
    except SluiceError as error:
        return clean(str(error))
    except Exception:
        logger.exception("The check %s of this process's readiness broke.", name)
        return _BROKEN


def folder_check(folder: Path) -> Check:
    """Return the check that files can be written in a folder."""

    def check() -> str | None:
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"ready")
        except OSError as error:
            return f"DATA_DIR cannot be written: {error.strerror}."
        return None

    return check


def database_check(database: Database) -> Check:
    """Return the check that the job database answers, and is of this version still."""
    good: set[str] = set()  # the revision that was found to be this version's: to find that out takes 30 ms

    def check() -> str | None:
        with database.reading() as session:
            revision = session.connection().exec_driver_sql(_REVISION).scalar_one()
            if revision not in good and not is_current(session.connection(), MIGRATIONS):
                return "The job database is of another version of Sluice now: restart this process, with that version."
            good.add(revision)
        return None

    return check
