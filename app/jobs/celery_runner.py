"""Jobs on Celery: messages that say where there may be something to do. What is to be done stands in the database.

Nothing depends on a message: one that is lost is sent again by whoever looks, one that comes twice finds nothing to do.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from typing import Any

from celery import Celery
from kombu.entity import Queue
from kombu.exceptions import OperationalError

from app.connections.secrets import SecretBox
from app.db import Database
from app.jobs.batches import BatchQueue
from app.jobs.choice import Seeker
from app.jobs.context import RunningJob
from app.jobs.contract import BatchHandler, Handler
from app.jobs.doing import BatchWorker
from app.jobs.holding import Holding
from app.jobs.ledger import DatabaseLedger
from app.jobs.pace import Every
from app.jobs.planning import Planning
from app.jobs.queue import JobQueue
from app.jobs.threads import ThreadRunner
from app.settings import Settings

logger = logging.getLogger(__name__)

PLAN = "sluice.plan"
BATCH = "sluice.batch"

JOBS, BATCHES = "sluice-jobs", "sluice-batches"
"""The queues; a worker takes what waits in the first one first, or a large job would keep all others waiting."""

_BROKER_SECONDS = 5
_LOOK_SECONDS = 2.0
_WAITING_MAX = 256
_UNSENT_MAX = 10_000
_SWEEP_SECONDS = 1.0
_TELL_AGAIN_SECONDS = 10.0
_TOLD_AT_ONCE = 256
_COMPLAIN_SECONDS = 60.0
_VISIBILITY_BATCHES = 6
_SILENCE_SECONDS = 10.0


def celery_app(settings: Settings) -> Celery:
    """Return the Celery application, which has no tasks yet and connects to nothing.

    A message is acknowledged when its work is done, and given back when its process dies. One that nobody has
    acknowledged within some lengths of a batch comes again; whoever is at that work then keeps it, by its lease.
    """
    app = Celery("sluice", broker=settings.celery_broker_url, set_as_current=False)
    app.conf.update(
        task_queues=[Queue(name) for name in (JOBS, BATCHES)],  # type: ignore[no-untyped-call]
        task_default_queue=JOBS,
        task_routes={PLAN: {"queue": JOBS}, BATCH: {"queue": BATCHES}},
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_proc_alive_timeout=60,
        broker_connection_timeout=_BROKER_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "queue_order_strategy": "priority",
            "visibility_timeout": max(120, _VISIBILITY_BATCHES * settings.batch_seconds),
            "socket_timeout": _BROKER_SECONDS,
            "socket_connect_timeout": _BROKER_SECONDS,
            "socket_keepalive": True,
        },
    )
    return app


class Messenger:
    """Sends messages from a thread of its own, so that nobody waits for the broker. Make it after a fork; thread-safe.

    What cannot be sent is forgotten: the database knows it.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._outgoing: SimpleQueue[tuple[str, tuple[Any, ...]]] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="job-messenger", daemon=True)
        self._complaint = Every(_COMPLAIN_SECONDS)
        self._silent_since: float | None = None
        self._looking = Every(_LOOK_SECONDS)
        self._full = False

    def trouble(self) -> str | None:
        """Return a sentence when the broker could not be told anything for some time; what was sent last counts."""
        since = self._silent_since
        if since is None or time.monotonic() - since < _SILENCE_SECONDS:
            return None
        return "The broker of CELERY_BROKER_URL cannot be reached; jobs wait in the database until it can."

    def start(self) -> None:
        """Begin to send. To be called once."""
        self._thread.start()

    def tell_of_jobs(self) -> None:
        """Say that a job may be started. Never blocks."""
        self._outgoing.put((PLAN, ()))

    def tell_of_batches(self, job_number: int, numbers: Sequence[int]) -> None:
        """Say that these batches wait. Never blocks."""
        if self._outgoing.qsize() < _UNSENT_MAX:  # else the broker is silent
            for number in numbers:
                self._outgoing.put((BATCH, (job_number, number)))

    def _run(self) -> None:
        while True:
            self._send(*self._outgoing.get())

    def _send(self, name: str, arguments: tuple[Any, ...]) -> None:
        try:
            if name == BATCH and self._is_full():
                return
            self._app.send_task(name, arguments, retry=False)
            self._silent_since = None
        except (OperationalError, OSError) as error:
            self._silent_since = self._silent_since or time.monotonic()
            if self._complaint.due():
                logger.warning("The broker cannot be reached (%s); jobs wait in the database until it can.", error)
        except Exception:
            logger.exception("A message to the workers was not sent.")

    def _is_full(self) -> bool:
        """Whether so many batches wait that workers know of enough to do; they find the others by themselves."""
        if self._looking.due():
            with self._app.connection_for_read(connect_timeout=_BROKER_SECONDS) as connection:
                waiting = connection.default_channel.queue_declare(BATCHES, durable=True).message_count
            self._full = waiting > _WAITING_MAX
        return self._full


class Sweeper:
    """Looks each second for jobs and batches that nobody seems to know of, and tells of them. Used by one thread.

    Args:
        seeker: what a worker could start.
        messenger: sends.
    """

    def __init__(
        self, queue: JobQueue, batches: BatchQueue, seeker: Callable[[], Seeker], messenger: Messenger
    ) -> None:
        self._queue, self._batches, self._seeker, self._messenger = queue, batches, seeker, messenger
        self._due = Every(_SWEEP_SECONDS)

    def sweep(self) -> None:
        """Tell of what is due.

        Raises:
            DatabaseUnavailable: it is looked for again.
        """
        if not self._due.due():
            return
        if self._queue.to_tell(self._seeker(), _TELL_AGAIN_SECONDS) is not None:
            self._messenger.tell_of_jobs()
        for job_number, number in self._batches.to_tell(_TELL_AGAIN_SECONDS, _TOLD_AT_ONCE):
            self._messenger.tell_of_batches(job_number, [number])
        self._batches.remove_orphans()


class CeleryRunner:
    """Has workers run jobs; and is what a worker runs them with. Make it after a fork, start it once, drain it once.

    In a web process it only tells workers, and looks after what dead ones have left. Methods are thread-safe.

    Args:
        database: upgraded, PostgreSQL.
        box: opens the secrets of jobs.
        handlers: by kind.
        batch_handlers: of the kinds of jobs that can be spread.
        settings: limits, and DATA_DIR.
        app: the Celery application.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        handlers: Mapping[str, Handler],
        batch_handlers: Mapping[str, BatchHandler],
        settings: Settings,
        app: Celery,
    ) -> None:
        self._database = database
        self._settings = settings
        self._kinds = frozenset(handlers)
        self._holding = Holding(settings.data_dir)
        self._messenger = Messenger(app)
        batches = BatchQueue(database, settings.stale_seconds, settings.transfers_per_storage)
        self._batches = BatchWorker(batches, batch_handlers, box, settings)
        sweeper = Sweeper(JobQueue(database), batches, self._seeker, self._messenger)
        self._runner = ThreadRunner(
            database,
            box,
            handlers,
            settings,
            planning=Planning(self._ledger, self._messenger.tell_of_jobs, (sweeper.sweep,)),
        )

    def trouble(self) -> str | None:
        """See `app.jobs.contract.Runner`."""
        return self._messenger.trouble()

    @property
    def runner_id(self) -> str:
        """See `ThreadRunner`."""
        return self._runner.runner_id

    def start(self) -> None:
        """Begin to tell workers of what is due, and to look after the dead.

        Raises:
            DatabaseUnavailable: DATA_DIR cannot hold the lock of this process.
        """
        self._messenger.start()
        self._runner.start()

    def job_submitted(self) -> None:
        """See `app.jobs.service.Listener`."""
        self._messenger.tell_of_jobs()

    def cancel_requested(self, job_id: str) -> None:
        """See `app.jobs.service.Listener`. Workers look at the flag each second."""
        self._runner.cancel_requested(job_id)

    def plan_one(self) -> None:
        """Start a job, if one may start; it goes on beside what this process does next. What `PLAN` asks for."""
        self._runner.run_one()

    def do_batch(self, job_number: int, number: int) -> None:
        """Do a batch, and perhaps others of its job; what `BATCH` asks for.

        Raises:
            DatabaseUnavailable: it was not begun; somebody is told of it again.
        """
        self._batches.work_on(job_number, number)

    def drain(self, timeout: float) -> bool:
        """Begin nothing more, let the operations in hand finish, give the rest to others; see `ThreadRunner.drain`."""
        leaving = threading.Thread(target=self._batches.drain, args=(timeout,), name="batch-drain", daemon=True)
        leaving.start()
        drained = self._runner.drain(timeout)
        leaving.join(timeout)
        return drained and not leaving.is_alive()

    def _ledger(self, job: RunningJob) -> DatabaseLedger:
        return DatabaseLedger(self._database, job, self._batches.work, self._messenger.tell_of_batches)

    def _seeker(self) -> Seeker:
        return Seeker(
            runner_id="",
            kinds=self._kinds,
            running_limit=self._settings.jobs_running_limit,
            is_held=lambda: self._holding.is_active,
            threads=self._settings.transfers_per_job,
            storage_limit=self._settings.transfers_per_storage,
        )
