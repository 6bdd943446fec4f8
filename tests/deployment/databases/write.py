"""Writes a database as the service of today does, with a job in every state, and what it answers for it.

``python -m tests.deployment.databases.write`` puts ``.sql``, ``.key`` and ``.json`` here, named after the newest revision.
Run it once with each revision that is added, and never again: it stands for the databases that people have by then.
The key seals nothing but what is written here.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from app import create_app
from app.bootstrap import build_services
from app.settings import Settings
from tests.support.databases import rows
from tests.support.servers import black_hole, rclone_server
from tests.support.service import ROOT, Service, eventually, running_service
from tests.support.trees import ODD_NAMES

HERE = Path(__file__).parent
GIVEN = {"access_key": "given-with-the-request", "secret_key": "a-secret-only-of-this-test"}


def main() -> None:
    """Write the three files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with rclone_server(folder / "s3") as server, black_hole() as silent:
            with running_service(folder, server, JOBS_RUNNING_LIMIT=2) as service:
                finished_jobs(service)
                unfinished_jobs(service, silent)
                service.kill()
            keep(Settings.load(service.environ, folder / "no.env"))


def finished_jobs(service: Service) -> None:
    """Run jobs to every end."""
    odd, plain = service.uploads / "odd", service.uploads / "plain"
    fill(odd, ODD_NAMES)
    fill(plain, [b"a.txt", b"b.txt", b"c.txt"])
    service.mirrored(source="odd", dest="odd-names")
    service.mirrored(source="plain", dest="plain")
    (plain / "a.txt").unlink()
    (plain / "b.txt").write_text("changed, and longer")
    service.mirrored(source="plain", dest="plain", dry_run=True)
    service.mirrored(source="plain", dest="plain", include=["*.txt"], max_delete="50%", prefix="sub/folder")
    service.mirrored(source="plain", dest="plain")
    service.mirrored(source="missing", dest="plain")
    service.mirrored(source="plain", dest="plain", storage_url="http://127.0.0.1:9", **GIVEN)
    (plain / "link").symlink_to("/etc/hostname")
    service.mirrored(source="plain", dest="plain")
    fill(plain.joinpath(*["folder" * 40] * 5), [b"too deep for a key"])
    service.mirrored(source="plain", dest="plain")
    (plain / "c.txt").unlink()
    service.mirrored(source="plain", dest="plain", max_delete="0", exclude=["folder*", "link"])
    cancelled = service.sync(source="odd", dest="cancelled", wait=30)
    eventually(lambda: service.get("/get", id=cancelled["id"])["done"]["uploads"])
    service.get("/cancel", id=cancelled["id"])
    service.finished(cancelled["id"])


def unfinished_jobs(service: Service, silent: str) -> None:
    """Leave jobs running and waiting, with secrets and without."""
    running = service.sync(source="plain", dest="held", storage_url=silent, **GIVEN)
    eventually(lambda: service.get("/get", id=running["id"])["status"] == "running")
    service.sync(source="odd", dest="held", storage_url=silent, **GIVEN)
    slow = service.sync(source="odd", dest="slow", wait=30)
    eventually(lambda: service.get("/get", id=slow["id"])["done"]["uploads"])
    service.sync(source="plain", dest="later")
    service.get("/cancel", id=service.sync(source="plain", dest="never")["id"])
    command = [sys.executable, "-m", "flask", "--app", "app", "sync", "plain", "reserved", "--quiet"]
    shell = subprocess.Popen(command, cwd=ROOT, env=service.environ)
    eventually(lambda: "reserved" in [job["dest"] for job in service.get("/runnings")])
    shell.kill()
    shell.wait()


def fill(folder: Path, names: list[bytes]) -> None:
    """Make small files."""
    folder.mkdir(parents=True)
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"content {number}")


def keep(settings: Settings) -> None:
    """Write what a killed service left, and what it would answer."""
    database = settings.data_dir / "sluice.db"
    [(revision,)] = rows(database, "SELECT version_num FROM alembic_version")
    with closing(sqlite3.connect(database)) as connection:
        (HERE / f"{revision}.sql").write_text("\n".join(connection.iterdump()) + "\n")
    shutil.copyfile(settings.data_dir / "secret.key", HERE / f"{revision}.key")
    answers = json.dumps(answered(settings), ensure_ascii=True, indent=1)
    (HERE / f"{revision}.json").write_text(answers + "\n")


def answered(settings: Settings) -> dict[str, Any]:
    """Return the jobs, their steps and their secrets as services of this database show them."""
    services = build_services(settings)
    client = create_app(services).test_client()
    jobs = client.get("/runnings?all=1&limit=1000").get_json()
    steps = {job["id"]: client.get(f"/steps?id={job['id']}&limit=1000").get_json() for job in jobs}
    sealed = rows(services.database.path, "SELECT id, secrets FROM jobs WHERE secrets IS NOT NULL ORDER BY number")
    secrets = {job_id: services.box.open(token, job_id) for job_id, token in sealed}
    services.database.close()
    return {"jobs": jobs, "steps": steps, "secrets": secrets}


if __name__ == "__main__":
    main()
