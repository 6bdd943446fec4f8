"""The composition root: makes one set of objects for the web, the command line and the tests."""

import random
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.accounts.authentication import Authentication
from app.accounts.caller import Caller
from app.accounts.passwords import Passwords
from app.accounts.service import AccountService
from app.authorizations.service import AuthorizationService
from app.browsing.service import BrowsingService
from app.connections.fetch_policy import FetchPolicy
from app.connections.installation import prove_folder
from app.connections.proof import KeyProof, open_box, prove_key
from app.connections.secrets import Reseal, SecretBox
from app.connections.service import ConnectionService
from app.connections.store import take_from_former_members
from app.copies.contract import KIND as COPY
from app.copies.drive.service import DriveCopies
from app.copies.handler import CopyHandler
from app.copies.opening import Places
from app.copies.service import CopyService
from app.datasets.handler import SynchronisationHandler
from app.datasets.service import DatasetService
from app.datasets.storages import SynchronisedStorages
from app.datasets.synchronisation import KIND as SYNCHRONISATION
from app.datasets.synchronisation import SynchronisationService
from app.db import Database, open_database
from app.grants.picker import PickerService
from app.grants.service import GrantService
from app.grants.tokens import GrantTokens
from app.jobs.contract import BatchHandler, Handler, Job, Runner
from app.jobs.service import JobService
from app.jobs.threads import ThreadRunner
from app.library.service import LibraryService
from app.mirrors.batch import MirrorBatchHandler
from app.mirrors.handler import MirrorHandler
from app.mirrors.opening import Opening, StorageKeys
from app.mirrors.request import KIND as MIRROR
from app.mirrors.service import Again, MirrorService
from app.schedules.scheduler import Scheduler
from app.schedules.service import ScheduleService
from app.settings import Settings
from app.storages.embedded import load_or_create_keys
from app.webhooks.announcer import Announcer
from app.webhooks.outbox import Outbox
from app.webhooks.sender import Sender
from app.webhooks.service import WebhookService


@dataclass(frozen=True)
class Services:
    """Everything that an entrance needs. Its parts are thread-safe; make it anew after a fork.

    Attributes:
        runner: runs jobs in this process once it is started.
        scheduler: starts the jobs of schedules, once it is started in some process.
        announcer: tells webhooks of jobs that have ended, once it is started in some process.
        sealed: what keeps sealed values, each package with one function; a rotation of the key goes through all of it.
        draining: set once this process is asked to stop; long answers end then.
    """

    settings: Settings
    database: Database
    box: SecretBox
    handlers: Mapping[str, Handler]
    accounts: AccountService
    authentication: Authentication
    jobs: JobService
    connections: ConnectionService
    grants: GrantService
    picker: PickerService
    authorizations: AuthorizationService
    browsing: BrowsingService
    mirrors: MirrorService
    schedules: ScheduleService
    scheduler: Scheduler
    synchronisation: SynchronisationService
    storages: SynchronisedStorages
    datasets: DatasetService
    library: LibraryService
    copies: CopyService
    drive_copies: DriveCopies
    webhooks: WebhookService
    announcer: Announcer
    runner: Runner
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
        SettingsError: a setting, or a key file under DATA_DIR, is unusable, or not the one of this database.
        DatabaseUnavailable: the database cannot be opened or is newer than this version.
    """
    settings = settings or Settings.load()
    database = open_database(settings)
    database.upgrade()
    prove_folder(settings, database)
    box = open_box(settings, database)
    accounts, authentication = _accounts(settings, database)
    jobs = JobService(database, box, settings)
    tokens = GrantTokens(settings, database, box)
    connections = ConnectionService(database, box, settings, tokens=tokens.of)
    grants = GrantService(settings, database, box, connections)
    picker = PickerService(settings, database, grants, tokens)
    accounts.tell(take_from_former_members)
    authorizations = AuthorizationService(database, box, settings, connections)
    webhooks = WebhookService(database, box, settings, database.now)
    sealed = [jobs.reseal, connections.reseal, grants.reseal, authorizations.reseal, webhooks.reseal]
    sealed.append(KeyProof(database).reseal)
    prove_key(settings, database, box, sealed)
    schedules = ScheduleService(database)
    synchronisation = SynchronisationService(settings, connections, schedules, jobs)
    library = LibraryService(database, settings)
    copies = CopyService(settings, database, jobs, library, connections, authorizations)
    mirrors = MirrorService(settings, jobs, connections, _others(synchronisation, copies))
    browsing = BrowsingService(settings, connections)
    copying = CopyHandler(settings, database, library, Places(settings, connections, authorizations))
    opening = Opening(settings, _storage_keys(settings), connections, database)
    handlers: Mapping[str, Handler] = {**_mirroring(settings, opening, synchronisation, jobs), COPY: copying}
    runner = _runner(settings, database, box, handlers, {MIRROR: MirrorBatchHandler(settings, opening)})
    for job_listener in (runner, copies):
        jobs.tell(job_listener)
    for listener in (mirrors, synchronisation, copies, browsing, grants):  # Google is asked last: that can take seconds
        connections.tell(listener)
    authorizations.tell(copies)
    pruning = (authentication.prune, picker.prune)
    chores = (*synchronisation.chores, *pruning, *library.chores, *copies.chores, *grants.chores, *webhooks.chores)
    scheduler = Scheduler(schedules, {SYNCHRONISATION: synchronisation.start}, jobs, settings, chores)
    schedules.tell(scheduler.wake)
    announcer = _announcer(settings, database, box)
    webhooks.tell(announcer.wake)
    return Services(
        settings=settings,
        database=database,
        box=box,
        handlers=handlers,
        accounts=accounts,
        authentication=authentication,
        jobs=jobs,
        connections=connections,
        grants=grants,
        picker=picker,
        authorizations=authorizations,
        browsing=browsing,
        mirrors=mirrors,
        schedules=schedules,
        scheduler=scheduler,
        synchronisation=synchronisation,
        storages=SynchronisedStorages(connections, synchronisation),
        datasets=DatasetService(database, connections, synchronisation),
        library=library,
        copies=copies,
        drive_copies=DriveCopies(settings, jobs, library, connections, grants, copies),
        webhooks=webhooks,
        announcer=announcer,
        runner=runner,
        sealed=sealed,
    )


def _runner(
    settings: Settings,
    database: Database,
    box: SecretBox,
    handlers: Mapping[str, Handler],
    batch_handlers: Mapping[str, BatchHandler],
) -> Runner:
    """Return what runs jobs: threads of this process, or workers that this process tells of them."""
    if settings.job_runner == "threads":
        return ThreadRunner(database, box, handlers, settings)
    from app.jobs.celery_runner import CeleryRunner, celery_app  # noqa: PLC0415  # who has no workers does not load it

    return CeleryRunner(database, box, handlers, batch_handlers, settings, celery_app(settings))


def _accounts(settings: Settings, database: Database) -> tuple[AccountService, Authentication]:
    passwords = Passwords(waiting_max=settings.web_threads // 4)  # one for both: together they take two turns
    return AccountService(database, passwords), Authentication(database, settings, passwords)


def _announcer(settings: Settings, database: Database, box: SecretBox) -> Announcer:
    outbox = Outbox(database, database.now, random.random)
    return Announcer(outbox, Sender(FetchPolicy.of_webhooks(settings)), box)


def _mirroring(
    settings: Settings, opening: Opening, synchronisation: SynchronisationService, jobs: JobService
) -> Mapping[str, Handler]:
    return {
        MIRROR: MirrorHandler(settings, opening, jobs),
        SYNCHRONISATION: SynchronisationHandler(settings, opening, synchronisation),
    }


def _others(synchronisation: SynchronisationService, copies: CopyService) -> Mapping[str, Again]:
    """Return how jobs that are no mirrors are run again."""

    def synchronise(caller: Caller, job: Job) -> Job:
        return synchronisation.run_now(caller, str(job.arguments["connection"]))

    return {SYNCHRONISATION: synchronise, COPY: copies.again}


def _storage_keys(settings: Settings) -> StorageKeys:
    given = (settings.minio_access_key, settings.minio_secret_key) if settings.minio_access_key else None
    if given and not settings.embedded:
        return StorageKeys(*given)
    keys = load_or_create_keys(settings.data_dir, given)
    return StorageKeys(keys.access_key, keys.secret_key)
