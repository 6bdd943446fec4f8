"""How long ``/get`` takes while a job runs at full rate, and while nothing runs."""

import time
from collections.abc import Iterator
from statistics import quantiles

from bench.servers import BUCKET, s3_server
from bench.service import FINAL, Service, sluice
from bench.sitting import Run, Sitting, Tree, WrongResult
from bench.tools import SLUICE
from bench.trees import differing, make_small_files

LATENCY = "latency"
BUSY, IDLE, POLLS = "busy_p99_ms", "idle_p99_ms", "polls"
POLL_SECONDS = 0.02


def answers_under_load(sitting: Sitting) -> Iterator[Run]:
    """Upload the small files once per round, asking for the job every 20 ms, and then as often as idle."""
    if SLUICE not in [tool.name for tool in sitting.tools]:
        return
    with sitting.folder() as folder:
        make_small_files(folder / "tree", sitting.scale.small_files, sitting.scale.small_bytes)
        tree = Tree.read(folder / "tree")
        for number in range(sitting.rounds):
            yield _round(number, sitting, tree)


def _round(number: int, sitting: Sitting, tree: Tree) -> Run:
    with (
        sitting.folder() as folder,
        s3_server(folder / "server") as server,
        sluice(server, tree.root, folder / "state") as service,
    ):
        job_id = service.start(dest=BUCKET)
        busy = list(_until_final(service, job_id))
        idle = [_asked(service, job_id)[0] for _ in range(sitting.scale.idle_polls)]
        if differing(tree.manifest, server.stored()):
            raise WrongResult("The job that was watched left something undone.")
    return Run(LATENCY, SLUICE, number, 0, {BUSY: _p99(busy), IDLE: _p99(idle), POLLS: len(busy)})


def _until_final(service: Service, job_id: str) -> Iterator[float]:
    """Yield the milliseconds of each answer until the job has ended."""
    status = ""
    while status not in FINAL:
        took, status = _asked(service, job_id)
        yield took


def _asked(service: Service, job_id: str) -> tuple[float, str]:
    time.sleep(POLL_SECONDS)
    started = time.perf_counter()
    job = service.ask(f"/get?id={job_id}")
    return (time.perf_counter() - started) * 1000, job["status"]


def _p99(milliseconds: list[float]) -> float:
    # Two at least; the inclusive way never goes beyond what was seen.
    return quantiles([*milliseconds, milliseconds[-1]], n=100, method="inclusive")[98]
