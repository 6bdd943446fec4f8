"""Schedulers without storages: a clock that a test sets, and schedulers in child processes that a test may kill.

``python -m tests.support.schedules DATA_DIR LOCK_DIR`` is such a child: it starts jobs of kind ``note`` for schedules
of kind ``note``, notes each start in a file, and runs the jobs, until its standard input ends. Children with different
LOCK_DIRs are all active at once.
"""

import os
import subprocess
import sys
from pathlib import Path

from app.connections.secrets import SecretBox
from app.db import open_database
from app.jobs.contract import JobRequest
from app.jobs.service import JobService
from app.jobs.threads import ThreadRunner
from app.schedules.scheduler import Scheduler
from app.schedules.service import ScheduleService
from app.settings import Settings
from tests.support.jobs import ROOT, SUCCEEDED

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


class SchedulerChild:
    """A process with a scheduler and a runner."""

    def __init__(self, data_dir, lock_dir=None):
        command = [sys.executable, "-m", "tests.support.schedules", str(data_dir), str(lock_dir or data_dir)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    @property
    def pid(self):
        return str(self.process.pid)

    def kill(self):
        """As by ``kill -9``; harmless when it is dead."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def leave(self):
        """Stop and end in order; return its exit status."""
        self.process.stdin.close()
        return self.process.wait(30)


def _main(data_dir, lock_dir):
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
    sys.stdout.write("started\n")
    sys.stdout.flush()
    sys.stdin.read()
    ended = scheduler.stop(10)
    sys.exit(0 if runner.drain(10) and ended else 1)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
