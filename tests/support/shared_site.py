"""One deployment on SQLite whose mirrors are run by processes that a test may kill or stop, and what happened there."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.bootstrap import Services, build_services
from app.jobs.contract import Job
from app.mirrors.request import MirrorRequest
from app.settings import Settings
from tests.support.children import Child, until_told_to_leave
from tests.support.empty_database import with_database
from tests.support.history import Done, History, MirrorJob, Source, Write
from tests.support.jobs import eventually, write_lock
from tests.support.servers import ACCESS_KEY, Server
from tests.support.throttled import ThrottledServer
from tests.support.trees import bucket_objects, tree_objects
from tests.support.wires import loop_of_proxies

# Each change of a job's state is noted where it happens: what looks now and then would miss the short ones.
_NOTE = "BEGIN INSERT INTO noted VALUES (NEW.id, NEW.state); END"
_NOTE_STATES = (
    "CREATE TABLE noted (id TEXT, state TEXT)",
    f"CREATE TRIGGER made AFTER INSERT ON jobs {_NOTE}",
    f"CREATE TRIGGER moved AFTER UPDATE ON jobs WHEN NEW.state <> OLD.state {_NOTE}",
)


class Mirroring(Child):
    """A process that runs the jobs of a `Site`; ``prepare`` is called in it before anything else."""

    def __init__(self, environ: Mapping[str, str], prepare: Callable[[], None] | None) -> None:
        self._database = Path(environ["DATA_DIR"]) / "sluice.db"
        super().__init__(_run_jobs, prepare, environ=environ)

    def suspend(self) -> None:
        """Stop it where it is, but not in the middle of a transaction: that would lock all others out."""
        with write_lock(self._database):
            super().suspend()


def _run_jobs(talk: Connection, prepare: Callable[[], None] | None) -> int:
    if prepare is not None:
        prepare()
    services = _services(os.environ)
    talk.send("ready")  # first: a test may have the first job kill this process
    services.runner.start()
    until_told_to_leave(talk)
    return 0 if services.runner.drain(60) else 1


def _services(environ: Mapping[str, str]) -> Services:
    return build_services(Settings.load(environ, Path(environ["DATA_DIR"]) / "no.env"))


class Site:
    """The deployment; made by `shared_site`. The test's own process starts mirrors and runs none.

    Attributes:
        storage: the proxy before the S3 server.
    """

    def __init__(self, folder: Path, storage: ThrottledServer, **settings: Any) -> None:
        self.storage = storage
        self.uploads = folder / "uploads"
        self.uploads.mkdir(parents=True)
        self._environ = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        self._environ |= {
            "DATA_DIR": str(with_database(folder / "data")),
            "UPLOADS_DIR": str(self.uploads),
            "STORAGE_URL": storage.server.endpoint,
            "MINIO_ACCESS_KEY": ACCESS_KEY,
            "MINIO_SECRET_KEY": storage.server.secret_key,
        }
        self._environ |= {name: str(value) for name, value in settings.items()}
        self.services = _services(self._environ)
        self._children: list[Mirroring] = []
        self._sources: dict[str, list[Source]] = {}
        self._asked: dict[str, tuple[str, str]] = {}
        with self.services.database.writing() as session:
            for statement in _NOTE_STATES:
                session.connection().exec_driver_sql(statement)

    def runner(self, prepare: Callable[[], None] | None = None) -> Mirroring:
        """Start a process that runs jobs."""
        child = Mirroring(self._environ, prepare)
        self._children.append(child)
        return child

    def tree(self, name: str, files: Mapping[str, bytes], *, gone: Iterator[str] | tuple[str, ...] = ()) -> None:
        """Add files to a folder of the uploads, and take others away; note what it held since when."""
        folder = self.uploads / name
        folder.mkdir(exist_ok=True)
        for key in gone:
            (folder / key).unlink()
        for key, data in files.items():
            (folder / key).write_bytes(data)
        self._sources.setdefault(name, []).append(Source(time.time(), tree_objects(folder)))

    def sync(self, source: str, bucket: str, **parameters: Any) -> Job:
        """Start a mirror of a folder into a bucket."""
        job = self.services.mirrors.submit(MirrorRequest(source=source, dest=bucket, **parameters))
        self._asked[job.id] = (source, bucket)
        return job

    def ended(self, job: Job) -> Job:
        """Return a job once it has ended."""
        found: Job = eventually(lambda: (now := self.services.jobs.get(job.id)).state.is_final and now)
        return found

    def history(self) -> History:
        """Return what happened so far, of buckets that were not there before."""
        jobs = [self._job(job_id, *asked) for job_id, asked in self._asked.items()]
        buckets = dict.fromkeys(bucket for _, bucket in self._asked.values())
        writes = [
            Write("delete" if one.deletes else "upload", one.bucket, key, one.began)
            for one in tuple(self.storage.exchanges)
            if one.bucket in buckets and (one.writes or one.deletes) and one.status in range(200, 300)
            for key in one.keys
        ]
        there = {bucket: bucket_objects(self.storage.behind, bucket) or {} for bucket in buckets}
        return History(jobs, sorted(writes, key=lambda write: write.at), there)

    def _job(self, job_id: str, source: str, bucket: str) -> MirrorJob:
        [row] = self.rows("SELECT number, progress, started_at, finished_at FROM jobs WHERE id = ?", job_id)
        steps = self.rows("SELECT action, key, status FROM steps WHERE job_number = ? ORDER BY number", row[0])
        seen = self.rows("SELECT state FROM noted WHERE id = ? ORDER BY rowid", job_id)
        return MirrorJob(
            id=job_id,
            bucket=bucket,
            prefix="",
            deletes=True,
            sources=tuple(self._sources[source]),
            seen=[state for (state,) in seen],
            progress=json.loads(row[1]),
            steps=[Done(*step) for step in steps],
            started_at=row[2] or time.time(),
            finished_at=row[3] or time.time(),
            is_small=True,  # without batches each attempt begins anew
        )

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what the database answers."""
        with self.services.database.reading() as session:
            return [tuple(row) for row in session.connection().exec_driver_sql(query, values)]

    def close(self) -> None:
        """Kill whatever runs."""
        for child in self._children:
            child.kill()
        self.services.runner.drain(10)
        self.services.database.close()


@contextmanager
def shared_site(folder: Path, server: Server, **settings: Any) -> Iterator[Site]:
    """Run a deployment until the block ends; ``settings`` are those of all its processes."""
    with loop_of_proxies() as loop:
        site = Site(folder, ThrottledServer(server, loop), **settings)
        try:
            yield site
        finally:
            site.storage.holds = lambda _: False
            site.close()
