"""The composition root: makes one set of objects for the web, the command line and the tests."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.connections.key_file import KEY_FILE
from app.connections.secrets import Reseal, SecretBox
from app.db import Database
from app.jobs.contract import Handler
from app.jobs.service import JobService
from app.jobs.threads import ThreadRunner
from app.mirrors.handler import MirrorHandler, StorageKeys
from app.mirrors.request import KIND as MIRROR
from app.mirrors.service import MirrorService
from app.settings import Settings
from app.storages.embedded import load_or_create_keys


@dataclass(frozen=True)
class Services:
    """Everything that an entrance needs. Its parts are thread-safe; make it anew after a fork.

    Attributes:
        runner: runs jobs in this process once it is started.
        sealed: what keeps sealed values, each package with one function; a rotation of the key goes through all of it.
        draining: set once this process is asked to stop; long answers end then.
    """

    settings: Settings
    database: Database
    box: SecretBox
    handlers: Mapping[str, Handler]
    jobs: JobService
    mirrors: MirrorService
    runner: ThreadRunner
    sealed: Sequence[Reseal]
    draining: threading.Event = field(default_factory=threading.Event)

    def reserving_runner(self) -> ThreadRunner:
        """Return another runner, not started, that takes only the jobs reserved for it (for the command line)."""
        return ThreadRunner(self.database, self.box, self.handlers, self.settings, reserved_only=True)


def build_services(settings: Settings | None = None) -> Services:
    """Open the database (bringing it to this version) and put all parts together; nothing is started.

    Args:
        settings: read from the environment and ``.env`` when None.

    Raises:
        SettingsError: a setting, or a key file under DATA_DIR, is unusable.
        DatabaseUnavailable: the database cannot be opened or is newer than this version.
    """
    settings = settings or Settings.load()
    database = Database(settings.data_dir / "sluice.db")
    database.upgrade()
    box = SecretBox.from_file(settings.data_dir / KEY_FILE)
    handlers = {MIRROR: MirrorHandler(settings, _storage_keys(settings))}
    jobs = JobService(database, box, settings)
    runner = ThreadRunner(database, box, handlers, settings)
    jobs.tell(runner)
    return Services(settings, database, box, handlers, jobs, MirrorService(settings, jobs), runner, [jobs.reseal])


def _storage_keys(settings: Settings) -> StorageKeys:
    given = (settings.minio_access_key, settings.minio_secret_key) if settings.minio_access_key else None
    if given and not settings.embedded:
        return StorageKeys(*given)
    keys = load_or_create_keys(settings.data_dir, given)
    return StorageKeys(keys.access_key, keys.secret_key)
