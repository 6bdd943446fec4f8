"""Schedulers without storages: a clock that a test sets, and schedulers in child processes that a test may kill."""

import os

from app.connections.secrets import SecretBox
from app.db import open_database
from app.jobs.contract import JobRequest
from app.jobs.service import JobService
from app.jobs.threads import ThreadRunner
from app.schedules.scheduler import Scheduler
from app.schedules.service import ScheduleService
from app.settings import Settings
from tests.support.children import Child, until_told_to_leave
from tests.support.jobs import SUCCEEDED

KIND = "note"


class Clock:
    """POSIX seconds that stand still until a test moves them."""

    def __init__(self, now=1_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


def note_request(subject):
    return JobRequest(KIND, {"subject": subject}, target=f"note:{subject}", single=True)


def starts_file(data_dir):
    """The file to which the children append a line for each start: process, subject, the moment that was due."""
    return data_dir / "starts"


def starts(data_dir):
    """Return the lines of `starts_file`, each in its parts."""
    file = starts_file(data_dir)
    return [line.split() for line in file.read_text().splitlines()] if file.exists() else []


class SchedulerChild(Child):
    """A process with a scheduler, which starts jobs of kind ``note`` for schedules of that kind, and a runner of them.

    It notes each start in `starts_file`. Children with different lock folders are all active at once.
    """

    def __init__(self, data_dir, lock_dir=None):
        super().__init__(_run_scheduler, data_dir, lock_dir or data_dir, environ=os.environ)


def _run_scheduler(talk, data_dir, lock_dir):
    settings = Settings.load({"DATA_DIR": str(data_dir), "JOBS_RUNNING_LIMIT": "8"}, data_dir / "no.env")
    database = open_database(settings)
    database.upgrade()
    box = SecretBox.from_file(data_dir / "secret.key")
    jobs, schedules = JobService(database, box, settings), ScheduleService(database)
    runner = ThreadRunner(database, box, {KIND: lambda _context: SUCCEEDED}, settings)
    jobs.tell(runner)

    def start(schedule):
        line = f"{os.getpid()} {schedule.subject} {schedule.due_at!r}\n"
        descriptor = os.open(starts_file(data_dir), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(descriptor, line.encode())
        os.close(descriptor)
        return jobs.submit(note_request(schedule.subject))

    locking = Settings.load({"DATA_DIR": str(lock_dir)}, data_dir / "no.env")
    scheduler = Scheduler(schedules, {KIND: start}, jobs, locking)
    runner.start()
    scheduler.start()
    talk.send("started")
    until_told_to_leave(talk)
    ended = scheduler.stop(60)
    return 0 if runner.drain(60) and ended else 1
