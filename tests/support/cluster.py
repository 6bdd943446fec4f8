"""A whole deployment as real processes: PostgreSQL, Redis, an S3 server, web processes and workers, any of which may die.

All share one DATA_DIR and one UPLOADS_DIR, as machines do that mount them. A `History` of what happened comes out.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.support.broker import Broker, redis_broker
from tests.support.history import FINAL, Done, History, MirrorJob, Source, Write
from tests.support.postgres import Postgres
from tests.support.programs import Program
from tests.support.servers import ACCESS_KEY, Server, free_port
from tests.support.service import Service, eventually
from tests.support.throttled import Exchange, ThrottledServer
from tests.support.trees import bucket_objects, tree_objects
from tests.support.wires import Loop, Wire, loop_of_proxies

HURRIED = {
    "HEARTBEAT_SECONDS": "1",
    "STALE_SECONDS": "5",
    "SHUTDOWN_SECONDS": "10",
    "BATCH_FILES": "10",
    "BATCH_SECONDS": "3",
    "TRANSFERS_PER_JOB": "4",
    "WORKER_PROCESSES": "1",
    "WEB_THREADS": "8",
    "METRICS_PORT": "0",
}
"""Settings under which a death is noticed within seconds, and a job has many batches."""

# Each change of a job's state is noted where it happens: what looks now and then would miss the short ones.
_NOTE_STATES = """
CREATE TABLE noted (number bigserial, id text, state text, runner_died boolean);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO noted (id, state, runner_died) VALUES (NEW.id, NEW.state, false);
    ELSIF NEW.state <> OLD.state THEN
        INSERT INTO noted (id, state, runner_died) VALUES (NEW.id, NEW.state, NEW.crashes > OLD.crashes);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION note();
"""


class Worker:
    """A worker: its parent process and its children.

    Attributes:
        database, broker: its own wires there; None: it is connected directly.
    """

    def __init__(
        self, environ: Mapping[str, str], log: Path, database: Wire | None = None, broker: Wire | None = None
    ) -> None:
        self.environ = environ
        self.log = log
        self.database, self.broker = database, broker
        self._program: Program | None = None

    def start(self) -> None:
        """Start it; `is_up` says when it works."""
        with self.log.open("ab") as log:
            self._program = program = Program("app.worker", environ=self.environ, out=log, err=log)
        # Only then do signals reach all of it.
        eventually(lambda: program.poll() is not None or os.getpgid(program.pid) == program.pid, what="its own group")

    @property
    def program(self) -> Program:
        """Its parent process."""
        assert self._program is not None
        return self._program

    def children(self) -> list[int]:
        """Return the ids of the processes that work."""
        lists = Path(f"/proc/{self.program.pid}/task").glob("*/children")
        found: list[int] = []
        for each in lists:
            with suppress(OSError):  # a thread that has ended since
                found += map(int, each.read_text().split())
        return found

    def is_up(self) -> bool:
        """Whether all of its children can work: each shows by a lock that it lives."""
        assert self.program.poll() is None, self.log.read_text()
        locks = Path(self.environ["DATA_DIR"], "runners").glob("*/*.lock")
        alive = {int(lock.name.partition("-")[0]) for lock in locks} & set(self.children())
        return len(alive) >= int(self.environ["WORKER_PROCESSES"])

    def revive(self) -> None:
        """Start it if it is dead, have it go on if it is stopped, and mend its wires."""
        self.resume()
        for wire in (self.database, self.broker):
            if wire is not None:
                wire.mend()
        if self.program.poll() is not None:
            self.start()

    def kill(self) -> None:
        """kill -9 of all of its processes at once."""
        self.signal(signal.SIGKILL)
        self.program.wait(90)

    def kill_child(self, child: int | None = None) -> int:
        """kill -9 of one child, the first unless it is given; return its id."""
        child = child or self.children()[0]
        os.kill(child, signal.SIGKILL)
        return child

    def suspend(self) -> None:
        """SIGSTOP of all of its processes, wherever they are."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self.signal(signal.SIGCONT)

    def signal(self, number: int) -> None:
        """Send all of its processes a signal, if any is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.program.pid, number)

    def stop(self) -> int:
        """SIGTERM, as from a service manager; return its exit status."""
        self.program.terminate()
        return self.program.wait(90)


class Cluster:
    """What a test has of a running deployment; made by `running_cluster`.

    Attributes:
        storage: the proxy before the S3 server, for all processes.
        webs, workers: all that were started.
    """

    def __init__(
        self, folder: Path, postgres: Postgres, broker: Broker, loop: Loop, storage: ThrottledServer, **settings: Any
    ) -> None:
        self.folder = folder
        self.postgres, self.broker, self.loop, self.storage = postgres, broker, loop, storage
        self.database = postgres.new()
        postgres.run(_NOTE_STATES, self.database)
        self._lock = threading.Lock()
        self._connection = psycopg.connect(postgres.url(self.database).replace("+psycopg", ""), autocommit=True)
        self.uploads = folder / "uploads"
        self.uploads.mkdir()
        self.webs: list[Service] = []
        self.workers: list[Worker] = []
        self._settings = HURRIED | {name: str(value) for name, value in settings.items()}
        self._sources: dict[str, list[Source]] = {}
        self._asked: dict[str, dict[str, Any]] = {}
        self._before: dict[str, Mapping[str, bytes]] = {}
        self._logs = 0

    def environ(self, database: Wire | None = None, broker: Wire | None = None, **settings: Any) -> dict[str, str]:
        """Return the environment of a process of this deployment."""
        passed_on = ("PATH", "HOME", "LANG", "LC_ALL", "CI")
        environ = {name: value for name, value in os.environ.items() if name in passed_on}
        environ |= {
            "DATA_DIR": str(self.folder / "var"),
            "UPLOADS_DIR": str(self.uploads),
            "DATABASE_URL": self.postgres.url(self.database, _port(database)),
            "JOB_RUNNER": "celery",
            "CELERY_BROKER_URL": self.broker.url(_port(broker)),
            "STORAGE_URL": self.storage.server.endpoint,
            "MINIO_ACCESS_KEY": ACCESS_KEY,
            "MINIO_SECRET_KEY": self.storage.server.secret_key,
        }
        return environ | self._settings | {name: str(value) for name, value in settings.items()}

    def web(self, **settings: Any) -> Service:
        """Start a web process and return it when it answers."""
        service = Service(self.environ(API_PORT=free_port(), **settings), self.folder / f"web{len(self.webs)}.log")
        self.webs.append(service)
        service.start()
        return service

    def worker(self, *, is_wired: bool = False, **settings: Any) -> Worker:
        """Start a worker; ``is_wired``: over wires of its own to the database and the broker."""
        wires = self._wires() if is_wired else (None, None)
        self._logs += 1
        log = self.folder / f"worker{self._logs}.log"
        worker = Worker(self.environ(*wires, **settings), log, *wires)
        self.workers.append(worker)
        worker.start()
        return worker

    def _wires(self) -> tuple[Wire, Wire]:
        return Wire(self.loop, self.postgres.port), Wire(self.loop, self.broker.port)

    def await_workers(self) -> None:
        """Return when all workers have their children."""
        eventually(lambda: all(worker.is_up() for worker in self.workers), what="the start of the workers")

    def tree(self, name: str, files: Mapping[str, bytes], *, gone: Sequence[str] = ()) -> str:
        """Add files to a folder of the uploads, and take others away; note what it held since when; return its name."""
        folder = self.uploads / name
        for key in gone:
            (folder / key).unlink()
        for key, data in files.items():
            path = folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self._sources.setdefault(name, []).append(Source(time.time(), tree_objects(folder)))
        return name

    def sync(self, source: str, bucket: str, web: Service | None = None, **parameters: Any) -> str:
        """Start a mirror of a folder into a bucket, and return its id."""
        if bucket not in self._before:
            self._before[bucket] = bucket_objects(self.storage.behind, bucket) or {}
        job = (web or self.webs[0]).sync(source=source, dest=bucket, **parameters)
        self._asked[job["id"]] = {"source": source, "bucket": bucket, **parameters}
        return str(job["id"])

    def cancel(self, job_id: str, web: Service | None = None) -> None:
        """Ask for a job's end."""
        (web or self.webs[0]).get("/cancel", id=job_id)
        self._asked[job_id]["cancelled"] = time.time()

    def planner_of(self, job_id: str) -> tuple[Worker, int]:
        """Return the worker that plans a job, or does it whole, once there is one, and the process in it."""

        def found() -> tuple[Worker, int] | None:
            [(runner,)] = self.rows(f"SELECT runner_id FROM jobs WHERE id = '{job_id}'")
            process = int(runner.partition("-")[0]) if runner else None
            return next(((worker, process) for worker in self.workers if process in worker.children()), None)

        planner: tuple[Worker, int] = eventually(found, what="a planner")
        return planner

    def progress(self, job_id: str) -> Any:
        """Return a job's counters as the database has them."""
        [(progress,)] = self.rows(f"SELECT progress FROM jobs WHERE id = '{job_id}'")
        return progress

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the database answers; over a connection that stays: it is asked all the time."""
        with self._lock:
            return self._connection.execute(query).fetchall()

    def written(self, bucket: str) -> list[Exchange]:
        """Return the operations on objects of a bucket that have succeeded so far."""
        return [one for one in self.storage.of(bucket) if (one.writes or one.deletes) and one.status in range(200, 300)]

    def await_written(self, bucket: str, count: int, seconds: float = 90.0) -> None:
        """Return when at least so many operations on objects of a bucket have succeeded."""
        eventually(lambda: len(self.written(bucket)) >= count, seconds, f"{count} operations on {bucket}")

    def ended(self, *job_ids: str, seconds: float = 90.0) -> list[str]:
        """Return the states in which these jobs have ended, once all have."""

        def states() -> list[str] | None:
            known = dict(self.rows("SELECT id, state FROM jobs"))
            found = [str(known[job_id]) for job_id in job_ids]
            return found if all(state in FINAL for state in found) else None

        try:
            found: list[str] = eventually(states, seconds, f"the end of {len(job_ids)} jobs")
        except AssertionError as error:
            error.add_note(self._how_things_stand())
            raise
        return found

    def _how_things_stand(self) -> str:
        """Return what is needed to see why jobs do not end."""
        asked = (
            "SELECT id, state, attempt, crashes, runner_id, heartbeat_at, message, sent_at FROM jobs WHERE finished_at IS NULL",
            "SELECT job_number, number, kind, state, leased_until, deliveries, sent_at FROM batches",
            "SELECT pid, state, wait_event, pg_blocking_pids(pid), xact_start, query FROM pg_stat_activity WHERE query <> 'COMMIT'",
            "SELECT EXTRACT(epoch FROM clock_timestamp())",
        )
        rows = [str(row) for query in asked for row in self.rows(query)]
        return "\n".join([*rows, *(worker.log.read_text()[-3000:] for worker in self.workers)])

    def history(self) -> History:
        """Return what happened so far."""
        jobs = [
            self._job(job_id) for (job_id,) in self.rows("SELECT id FROM jobs ORDER BY number") if job_id in self._asked
        ]
        buckets = dict.fromkeys(job.bucket for job in jobs)
        writes = [write for bucket in buckets for one in self.written(bucket) for write in _writes(one)]
        there = {bucket: bucket_objects(self.storage.behind, bucket) or {} for bucket in buckets}
        return History(jobs, sorted(writes, key=lambda write: write.at), there, self._before)

    def _job(self, job_id: str) -> MirrorJob:
        asked = self._asked[job_id]
        [row] = self.rows(f"SELECT number, progress, started_at, finished_at FROM jobs WHERE id = '{job_id}'")
        steps = self.rows(f"SELECT action, key, status FROM steps WHERE job_number = {row[0]} ORDER BY number")
        seen = self.rows(f"SELECT state FROM noted WHERE id = '{job_id}' ORDER BY number")
        return MirrorJob(
            id=job_id,
            bucket=asked["bucket"],
            prefix=asked.get("prefix", ""),
            deletes=asked.get("delete", True),
            sources=tuple(self._sources[asked["source"]]),
            seen=[state for (state,) in seen],
            progress=row[1],
            steps=[Done(*step) for step in steps],
            started_at=row[2] or time.time(),
            finished_at=row[3] or time.time(),
            cancel_asked_at=asked.get("cancelled"),
            is_small=len(steps) < int(self._settings["BATCH_FILES"]),
        )

    def note_who_writes(self) -> None:
        """From now on have the proxy note which process of a worker asks; until `heal`."""
        self.storage.clients = lambda: [child for worker in self.workers for child in worker.children()]

    def heal(self) -> None:
        """Bring back what a test has killed, stopped, cut or slowed down, and forget what it did."""
        self.storage.latency = 0.0
        self.storage.clients = lambda: ()
        self.storage.fault = lambda _: None
        self.broker.revive()
        for worker in self.workers:
            worker.revive()
        for web in self.webs:
            if web.process is None or web.process.poll() is not None:
                web.start()
        self.await_workers()
        left = [job_id for (job_id,) in self.rows("SELECT id FROM jobs WHERE finished_at IS NULL")]
        for job_id in left:
            self.webs[0].get("/cancel", id=job_id)
        if left:
            self.ended(*left)
        self._asked.clear()

    def replace_workers(self, *settings: Mapping[str, Any]) -> None:
        """Have other workers in the place of those there are, one for each of these settings."""
        for worker in self.workers:
            worker.resume()
            worker.kill()
        self.workers.clear()
        for each in settings:
            self.worker(**each)
        self.await_workers()

    def close(self) -> None:
        """Kill whatever runs."""
        for worker in self.workers:
            worker.resume()
            worker.kill()
        for web in self.webs:
            if web.process is not None and web.process.poll() is None:
                web.kill()
        self._connection.close()
        self.postgres.drop(self.database)


def _port(wire: Wire | None) -> int | None:
    return None if wire is None else wire.port


def _writes(exchange: Exchange) -> Iterator[Write]:
    for key in exchange.keys:
        yield Write("delete" if exchange.deletes else "upload", exchange.bucket, key, exchange.began)


@contextmanager
def running_cluster(
    folder: Path, postgres: Postgres, server: Server, *, webs: int = 1, workers: int = 2, **settings: Any
) -> Iterator[Cluster]:
    """Run a deployment until the block ends; ``settings`` are those of all its processes, over those of `HURRIED`."""
    with ExitStack() as stack:
        loop = stack.enter_context(loop_of_proxies())
        broker = stack.enter_context(redis_broker(folder / "redis"))
        cluster = Cluster(folder, postgres, broker, loop, ThrottledServer(server, loop), **settings)
        stack.callback(cluster.close)
        for _ in range(workers):
            cluster.worker()
        for _ in range(webs):
            cluster.web()
        cluster.await_workers()
        yield cluster
