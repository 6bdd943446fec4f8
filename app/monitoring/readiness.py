"""Whether a process can do its work now: named checks, asked at most once a second however many probes ask."""

import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from app.db import Database
from app.db.database import MIGRATIONS
from app.db.migrating import is_current
from app.errors import DatabaseUnavailable, SluiceError
from app.monitoring.latest import Latest
from app.monitoring.lines import clean

logger = logging.getLogger(__name__)

Check: TypeAlias = Callable[[], str | None]
"""Returns None when all is well, else a sentence that strangers may read too. A `SluiceError` is one as well."""

_PATIENCE_SECONDS = 2.0
_REVISION = "SELECT version_num FROM alembic_version"
_BROKEN = "an internal error; see the log"
_DOWN = "The job database cannot be used; the log says why."
"""To strangers: the sentence in the log names its host."""
_SILENT = "no answer yet"


class Report(NamedTuple):
    """What was found.

    Attributes:
        is_ready: no check has a sentence.
        checks: by name: ``ok``, or what is wrong.
    """

    is_ready: bool
    checks: Mapping[str, str]


class Readiness:
    """Asks all checks and remembers the answer for a second; a check that hangs keeps nobody for long. Thread-safe."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._so_far: dict[str, str] = {}
        self._latest = Latest("readiness", self._ask, _PATIENCE_SECONDS)

    def report(self) -> Report:
        """Return how it stands, within two seconds: a check that takes longer is not well."""
        found = self._latest.get()
        if found is not None:
            return found
        so_far = self._so_far
        return Report(False, {name: so_far.get(name, _SILENT) for name in self._checks})

    def _ask(self) -> Report:
        found = self._so_far = {}
        for name, check in self._checks.items():
            found[name] = _answer(name, check)
        return Report(all(answer == "ok" for answer in found.values()), found)


def _answer(name: str, check: Check) -> str:
    try:
        return clean(check() or "ok")
    except DatabaseUnavailable as error:
        logger.warning("This process is not ready: %s", error)
        return _DOWN
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
