"""Jobs without storages: a registry on real files, runners, and runners in child processes that a test may kill."""

import os
import signal
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

from app.connections.secrets import SecretBox
from app.db import Database, open_database
from app.jobs.contract import JobRequest, JobState, Outcome, StepRecord, StepStatus
from app.jobs.service import JobService
from app.jobs.threads import ThreadRunner
from app.settings import Settings
from tests.support.children import Child, until_told_to_leave
from tests.support.empty_database import opened_database
from tests.support.messages import WorkingRunner

ROOT = Path(__file__).parents[2]
SUCCEEDED = Outcome(JobState.SUCCEEDED, None, "all done")


def eventually(condition, seconds=90):
    """Return the first true value of ``condition()``; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def settings_for(data_dir, **values):
    """Return settings; database and runner are those of the test, see `each_database` in tests/conftest.py."""
    environ = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "JOB_RUNNER", "CELERY_BROKER_URL")}
    environ |= {"DATA_DIR": str(data_dir), **{name.upper(): str(value) for name, value in values.items()}}
    return Settings.load(environ, data_dir / "no.env")


def step(key, status=StepStatus.DONE, message=""):
    return StepRecord("upload", key, status, 1, "new", message, time.time())


def request(kind="hold", target="", prefix="", **more):
    return JobRequest(kind, more.pop("arguments", {}), target=target, target_prefix=prefix, **more)


@contextmanager
def write_lock(database):
    """Keep every other process from being in a write transaction of this database, or SQLite file."""
    if isinstance(database, Database) and database.is_shared:
        with database.writing():
            yield
        return
    with closing(sqlite3.connect(getattr(database, "path", database), timeout=90, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()


class Registry:
    """One process's view of the jobs in a folder."""

    def __init__(self, data_dir, busy_seconds=5.0, **values):
        self.data_dir = data_dir
        self.settings = settings_for(data_dir, **values)
        was_there = (data_dir / "sluice.db").exists()
        self.database = opened_database(self.settings, busy_seconds)
        if was_there:  # perhaps of an older version; a new one is of this
            self.database.upgrade()
        self.box = SecretBox.from_file(data_dir / "secret.key")
        self.service = JobService(self.database, self.box, self.settings)
        self._runners = []
        self._children = []

    def runner(self, handlers, **options):
        """Start a runner that this service tells, as in one process."""
        if self.settings.job_runner == "celery" and not options:
            runner = WorkingRunner(self.database, self.box, handlers, self.settings)
        else:
            runner = ThreadRunner(self.database, self.box, handlers, self.settings, **options)
        self.service.tell(runner)
        runner.start()
        self._runners.append(runner)
        return runner

    def child(self):
        child = RunnerChild(self.data_dir, self.settings, self.database)
        self._children.append(child)
        return child

    def state_becomes(self, job, state, seconds=90):
        """Wait for that state and return the job in it."""

        def found():
            now = self.service.get(job.id)
            return now if now.state == state else None

        return eventually(found, seconds)

    def close(self):
        for runner in self._runners:
            runner.drain(10)
        for child in self._children:
            child.kill()
        self.database.close()


class Hold:
    """A handler that runs until it is let go or cancelled; shows which jobs are in it."""

    def __init__(self):
        self.inside = {}
        self.left = threading.Semaphore(0)
        self._open = threading.Event()

    def __call__(self, context):
        self.inside[context.job_id] = context
        try:
            while not self._open.is_set():
                context.token.raise_if_cancelled()
                context.token.wait(0.005)
            return SUCCEEDED
        finally:
            del self.inside[context.job_id]
            self.left.release()

    def let_go(self):
        self._open.set()

    def entered(self, job):
        return eventually(lambda: self.inside.get(job.id))


class RunnerChild(Child):
    """A process with a runner of the kinds ``note``, ``hold`` and ``crash``."""

    def __init__(self, data_dir, settings, database):
        limits = {name: str(getattr(settings, name.lower())) for name in _PASSED_ON}
        super().__init__(_run_jobs, data_dir, environ=os.environ | limits)
        self._database = database

    @property
    def runner_id(self):
        return self.first_word

    def suspend(self):
        """Stop it where it is, but not in the middle of a transaction: that would lock all others out."""
        with write_lock(self._database):
            super().suspend()

    def leave(self):
        """Drain and end; return whether all went back to the database."""
        return super().leave() == 0


_PASSED_ON = ("JOBS_RUNNING_LIMIT", "HEARTBEAT_SECONDS", "STALE_SECONDS")


def opened(data_dir):
    """The file whose coming lets the children's ``hold`` jobs end."""
    return data_dir / "open"


def ran(data_dir):
    """The file to which the children's jobs append their ids as they start."""
    return data_dir / "ran"


def _child_handlers(data_dir, is_known):
    def note(context):
        with ran(data_dir).open("a") as file:
            file.write(f"{context.job_id}\n")
        return SUCCEEDED

    def hold(context):
        note(context)
        context.report({"held": True}, "holding")
        context.record([step("one")])
        while not opened(data_dir).exists():
            context.token.wait(0.01)
            context.token.raise_if_cancelled()
        return SUCCEEDED

    def crash(context):
        note(context)
        is_known.wait(60)  # else who has made this process would wait for its first word
        os.kill(os.getpid(), signal.SIGKILL)

    return {"note": note, "hold": hold, "crash": crash}


def _run_jobs(talk, data_dir):
    settings = Settings.load({**os.environ, "DATA_DIR": str(data_dir)}, data_dir / "no.env")
    database = open_database(settings)
    database.upgrade()
    box = SecretBox.from_file(data_dir / "secret.key")
    is_known = threading.Event()
    runner = ThreadRunner(database, box, _child_handlers(data_dir, is_known), settings)
    runner.start()
    talk.send(runner.runner_id)
    is_known.set()
    until_told_to_leave(talk)
    return 0 if runner.drain(60) else 1
