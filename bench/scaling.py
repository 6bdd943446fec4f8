"""Measures what bounds a deployment of several machines: ``python -m bench.scaling``; it takes some minutes.

Real PostgreSQL, Redis, S3 server, workers; the figures of docs/scaling.md come from here. Not part of ``make bench``.
"""

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.connections.secrets import SecretBox
from app.db.postgresql import PostgresqlDatabase
from app.jobs.batches import BatchQueue
from app.jobs.choice import Seeker
from app.jobs.context import RunningJob
from app.jobs.contract import JobRequest, NewBatch, StepRecord, StepStatus
from app.jobs.ledger import DatabaseLedger
from app.jobs.queue import JobQueue
from app.jobs.service import JobService
from app.mirrors.shared_index import SharedIndex
from app.settings import Settings
from app.storages.base import Entry
from app.transfer.compare import Check, decider
from app.transfer.index import Seen
from app.transfer.plan import plan_mirror
from tests.support.cluster import running_cluster
from tests.support.postgres import Postgres, postgres_server
from tests.support.servers import rclone_server

logger = logging.getLogger("bench")

LATENCY = 0.1
THREADS = 4
FILES = 1600
BATCHES = 60
EACH = 1000
KEYS = 200_000


def main() -> None:
    """Measure everything, and say what was found."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    for name in ("app", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory(prefix="sluice-scaling-") as scratch, postgres_server() as postgres:
        folder = Path(scratch)
        _ledger(postgres, folder)
        _index(postgres)
        _throttled(postgres, folder)


def _throttled(postgres: Postgres, folder: Path) -> None:
    """Bring the same small files to a slow storage with more and more worker processes."""
    limits = {"TRANSFERS_PER_JOB": THREADS, "BATCH_FILES": 20, "STALE_SECONDS": 30, "HEARTBEAT_SECONDS": 2}
    place = folder / "cluster"
    place.mkdir()
    with (
        rclone_server(folder / "s3") as server,
        running_cluster(place, postgres, server, workers=0, **limits) as cluster,
    ):
        cluster.tree("files", {f"d{number % 40}/f{number:05}": os.urandom(4096) for number in range(FILES)})
        cluster.storage.latency = LATENCY
        for processes in (1, 2, 4):
            cluster.replace_workers({"WORKER_PROCESSES": processes})
            job = cluster.sync("files", f"bucket-{processes}")
            _require(cluster.ended(job, seconds=600) == ["succeeded"])
            written = cluster.written(f"bucket-{processes}")
            first, last = min(one.began for one in written), max(one.ended or 0.0 for one in written)
            [(seconds,)] = cluster.rows("SELECT finished_at - started_at FROM jobs ORDER BY number DESC LIMIT 1")
            rate, of_all = FILES / (last - first), (processes + 1) * THREADS / LATENCY  # the planner helps
            logger.info(
                "%d worker processes: %.1f s, of which uploading %.1f s: %.0f files/s of at most %.0f",
                processes, seconds, last - first, rate, of_all,
            )  # fmt: skip


def _ledger(postgres: Postgres, folder: Path) -> None:
    """Put, lease, finish and fold batches of a job that does nothing."""
    with _opened(postgres) as database:
        job, ledger = _job(database, folder)
        queue = BatchQueue(database, 15.0)
        lines = [["upload", f"folder-{n // 100:05}/file-{n:06}.bin", 4096, 1.7e9, "new"] for n in range(EACH)]
        steps = [StepRecord("upload", str(line[1]), StepStatus.DONE, 4096, "new", "", time.time()) for line in lines]
        put = [NewBatch("upload", lines)]

        def plan() -> None:
            for _ in range(BATCHES):
                ledger.keep({"cursor": "x"}, put)

        _tell("put", BATCHES, EACH, plan)
        taken = iter(range(BATCHES))

        def work() -> None:
            for number in taken:
                leased = queue.lease(job.fence.number, None, f"holder {number}", 4)
                if leased is None:
                    raise RuntimeError("no batch")
                queue.beat({leased.lease: 0})
                _require(queue.finish(leased.lease, lines, []))

        _tell("lease, beat, finish", BATCHES, EACH, work)
        before = _size(postgres, database)

        def fold() -> None:
            while done := ledger.done(1):
                ledger.keep({"cursor": "x"}, folded=[batch.number for batch in done], steps=steps)

        _tell("fold, with the steps of the history", BATCHES, EACH, fold)
        logger.info("a step of the history takes %.0f bytes", (_size(postgres, database) - before) / BATCHES / EACH)


def _job(database: PostgresqlDatabase, folder: Path) -> tuple[RunningJob, DatabaseLedger]:
    settings = Settings.load({"DATA_DIR": str(folder / "data")}, folder / "no.env")
    JobService(database, SecretBox.from_file(folder / "secret.key"), settings).submit(JobRequest("mirror", {}))
    seeker = Seeker(runner_id="bench", kinds=frozenset({"mirror"}), running_limit=1)
    claim = JobQueue(database).claim(seeker)
    if claim is None:
        raise RuntimeError("no job")
    job = RunningJob(claim, lambda: None)
    return job, DatabaseLedger(database, job, lambda _: False, lambda *_: None)


def _index(postgres: Postgres) -> None:
    """Note keys in the shared index, and plan a mirror that has nothing to do by it."""
    with _opened(postgres) as database, SharedIndex.open(database, "the tree", "the bucket") as index:
        before = _size(postgres, database)

        def note() -> None:
            for number in range(KEYS):
                index.note(Seen(_key(number), 4096, _stamp(number), f"{number:032x}"))
            index.flush()

        def plan() -> None:
            steps = plan_mirror(_source(), _target(), decider(Check.EXACT), index.seen())
            _require(sum(getattr(step, "count", 0) for step in steps) == KEYS)

        _tell("note in the shared index", 1, KEYS, note)
        logger.info("a key takes %.0f bytes in the shared index", (_size(postgres, database) - before) / KEYS)
        _tell("plan with nothing to do, both listings made up", 1, KEYS, plan)


def _source() -> Iterator[Entry]:
    return (Entry(_key(number), 4096, 1.7e9, stamp=_stamp(number)) for number in range(KEYS))


def _target() -> Iterator[Entry]:
    return (Entry(_key(number), 4096, 1.7e9, etag=f"{number:032x}") for number in range(KEYS))


def _key(number: int) -> str:
    return f"folder-{number // 1000:05}/file-{number % 1000:03}.bin"


def _stamp(number: int) -> str:
    return f"17{number:017}.17{number:017}.{number}"


@contextmanager
def _opened(postgres: Postgres) -> Iterator[PostgresqlDatabase]:
    name = postgres.new()
    database = PostgresqlDatabase(postgres.url(name))
    try:
        yield database
    finally:
        database.close()
        postgres.drop(name)


def _size(postgres: Postgres, database: PostgresqlDatabase) -> int:
    [(size,)] = postgres.run("SELECT pg_database_size(current_database())", database.name.rpartition("/")[2])
    return int(size)


def _require(holds: bool) -> None:
    if not holds:
        raise RuntimeError("what was measured is not what should have been done")


def _tell(what: str, batches: int, each: int, work: Callable[[], None]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    rows = batches * each
    of_batches = f"{batches / seconds:.0f} batches/s, " if batches > 1 else ""
    logger.info("%s: %s%.0f rows/s; our own CPU %.1f us a row", what, of_batches, rows / seconds, cpu / rows * 1e6)


if __name__ == "__main__":
    main()
