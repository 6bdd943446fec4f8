"""Writes a database as the service of today does, with all that it keeps, and what it answers for it.

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
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from app import create_app
from app.accounts.caller import OrganisationRole, Role
from app.accounts.scopes import Scope
from app.bootstrap import Services, build_services
from app.connections.contract import OPERATOR, Connection
from app.settings import Settings
from tests.support.aion import Aion, service_with
from tests.support.databases import rows
from tests.support.galaxy import Galaxy
from tests.support.google_fake import FakeGoogle, google
from tests.support.pictures import png
from tests.support.servers import ACCESS_KEY, Server, black_hole, rclone_server
from tests.support.service import ROOT, Person, Service, eventually
from tests.support.trees import ODD_NAMES

HERE = Path(__file__).parent
OF_A_USER = (
    "/session",
    "/api/clouds/all",
    "/datasets/all",
    "/api/histories",
    "/api/histories?q=deleted&qv=True",
    "/api/datasets",
    "/api/jobs",
    "/api/cloud/authz",
    "/api/v2/cloud-storage/connections?active_only=false",
    "/webhooks",
)
GIVEN = {"access_key": "given-with-the-request", "secret_key": "a-secret-only-of-this-test"}


def main() -> None:
    """Write the three files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with rclone_server(folder / "s3") as server, black_hole() as silent, google() as fake:
            with service_with(fake, folder, server, JOBS_RUNNING_LIMIT=2) as service:
                finished_jobs(service)
                key = people_and_what_they_have(service, server)
                a_webhook(service, key)
                a_library_and_copies(service, server, key)
                a_drive(service, fake, key)
                unfinished_jobs(service, silent)
                service.kill()
            keep(Settings.load(service.environ, folder / "no.env"), key)


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


def people_and_what_they_have(service: Service, server: Server) -> str:
    """Make users, an organisation, a storage that is synchronised and a dataset; return the key of their owner."""
    with service.accounts() as accounts:
        accounts.create_user("admin", Role.ADMIN, "a password of this test")
        accounts.create_user("anna", Role.USER)
        accounts.create_user("gone", Role.WORKER)
        accounts.disable("gone")
        accounts.create_organisation("team", "The team", "anna")
        accounts.set_member("team", "admin", OrganisationRole.SUPERVISOR)
        accounts.revoke_key(accounts.create_key("anna", "lost").record.id)
        key = accounts.create_key("anna", "laptop").key
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {key}"
    session.post(f"{service.url}/session", json={"username": "admin", "password": "wrong"})
    session.post(f"{service.url}/session", json={"username": "admin", "password": "a password of this test"})
    session.cookies.clear()
    fill(service.uploads / "cval" / "images" / "train", [b"1.jpg", b"2.jpg", b"no image.txt"])
    service.mirrored(source="cval", dest="pictures", prefix="cval")
    keys = {"access_key": ACCESS_KEY, "secret_key": server.secret_key}
    storage = {**keys, "endpoint": server.endpoint, "bucket": "pictures", "synchronize": True}
    made = session.post(f"{service.url}/api/cloud", json=storage).json()
    config = {"cloud_storage_id": made["id"], "dataset_name_in_storage": None}
    session.post(f"{service.url}/dataset", json={"dataset_name": "flowers", "storage_config": config})
    [job] = [job for job in service.get("/runnings", all=1) if job["connection"] == made["id"]]
    service.finished(job["id"])
    return key


def a_webhook(service: Service, key: str) -> None:
    """Have somebody told of his jobs who is not there, so that deliveries wait."""
    webhook = {"url": "https://hooks.example/sluice", "states": ["failed", "succeeded"], "description": "of a test"}
    answer = requests.post(f"{service.url}/webhooks", json=webhook, headers={"X-Api-Key": key}, timeout=30)
    assert answer.status_code == 201, answer.text


def a_library_and_copies(service: Service, server: Server, key: str) -> None:
    """Fill histories from a bucket and from a text, send what they hold, and leave datasets in every final state."""
    galaxy = Galaxy(service, Person("anna", key, None))
    history, published, deleted = (galaxy.history(name) for name in ("Of a bucket", "Published", "Deleted"))
    place = {"bucket": "pictures", "authz_id": galaxy.authorization(server), "history_id": history}
    keys = [f"cval/images/train/{name}" for name in ("1.jpg", "2.jpg", "no image.txt")]
    asked = {**place, "objects": keys, "input_args": {"dbkey": "hg38"}}
    gotten = [each["id"] for each in galaxy.told("POST", "/api/cloud/storage/get", json=asked)]
    pasted = {"tool_id": "upload1", "history_id": published, "inputs": {}, "files_0|url_paste": "1\t2\t3\n"}
    made = galaxy.told("POST", "/api/tools", json=pasted)["outputs"][0]["id"]
    assert {galaxy.ended_dataset(each)["state"] for each in (*gotten, made)} == {"ok"}
    for missing in (False, True):  # the second time to a bucket that is not there
        sent = galaxy.told(
            "POST", "/api/cloud/storage/send", json={**place, "bucket": "gone" if missing else "pictures"}
        )
        jobs = [json.loads(label)["job_id"] for label in sent["sent_dataset_labels"]]
        assert {galaxy.ended_job(each)["state"] for each in jobs} == {"error" if missing else "ok"}
    galaxy.told("PUT", f"/api/histories/{published}", json={"published": True, "tags": ["red"], "annotation": "seen"})
    galaxy.told("POST", f"/api/histories/{deleted}/contents", json={"source": "hda", "content": gotten[0]})
    galaxy.told("DELETE", f"/api/histories/{history}/contents/{gotten[1]}", json={"purge": True})
    galaxy.told("DELETE", f"/api/histories/{deleted}", json={})
    galaxy.told("POST", "/api/cloud/authz", json={"provider": "gcp", "config": {"private_key": "not one"}})
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
    assert galaxy.call("POST", "/api/upload/resumable_upload", headers=tus).status_code == 201
    with service.accounts() as accounts:
        accounts.set_quota("anna", 2**40)


def a_drive(service: Service, fake: FakeGoogle, key: str) -> None:
    """Connect two Drives of one person, one of them revoked since; import from it, export to it, and begin a consent."""
    revoked, drive = (Aion(service, fake, Person("anna", key, None)) for _ in range(2))
    assert revoked.revoked(revoked.connected()).status_code == 401
    connection = drive.connected()
    files = {drive.add("flower.jpg", png()): "flower.jpg", "gone": "gone.jpg"}
    image_ids = drive.imported(connection, files, tags=["red"], collection_id="col_1")["image_ids"]
    sent = {"connection_id": connection, "image_ids": image_ids, "folder_name": "From here"}
    assert drive.ended(drive.told("POST", "/cloud-storage/export", json=sent)["job_id"])["status"] == "completed"
    assert len(image_ids) == 1
    drive.told("GET", f"/cloud-storage/connections/{connection}/picker-token")
    drive.begun()
    with service.accounts() as accounts:
        accounts.create_key("anna", "of a page", scopes=[Scope.CLOUD_STORAGE_READ])
        read_only = accounts.create_key("anna", "of a session", read_only=True).key
    signed_in = requests.post(f"{service.url}/sign-in", data={"username": "anna", "password": read_only}, timeout=30)
    assert signed_in.history[0].status_code == 303


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
    # It gives the silent storage up after some seconds, and a busy machine takes that long for the rest.
    assert service.get("/get", id=running["id"])["status"] == "running", (
        "Run this again when the machine has less to do."
    )


def fill(folder: Path, names: list[bytes]) -> None:
    """Make small files."""
    folder.mkdir(parents=True)
    for number, name in enumerate(names):
        (folder / os.fsdecode(name)).write_text(f"content {number}")


def keep(settings: Settings, key: str) -> None:
    """Write what a killed service left, and what it would answer."""
    database = settings.data_dir / "sluice.db"
    [(revision,)] = rows(database, "SELECT version_num FROM alembic_version")
    with closing(sqlite3.connect(database)) as connection:
        (HERE / f"{revision}.sql").write_text("\n".join(connection.iterdump()) + "\n")
    shutil.copyfile(settings.data_dir / "secret.key", HERE / f"{revision}.key")
    answers = json.dumps(answered(settings, key), ensure_ascii=True, indent=1)
    (HERE / f"{revision}.json").write_text(answers + "\n")


def answered(settings: Settings, key: str) -> dict[str, Any]:
    """Return what the service of this database answers and, of secrets, what it opens."""
    services = build_services(settings)
    client = create_app(services).test_client()
    jobs = client.get("/runnings?all=1&limit=1000").get_json()
    steps = {job["id"]: client.get(f"/steps?id={job['id']}&limit=1000").get_json() for job in jobs}
    sealed = rows(services.database, "SELECT id, secrets FROM jobs WHERE secrets IS NOT NULL ORDER BY number")
    secrets = {job_id: services.box.open(token, job_id) for job_id, token in sealed}
    mine = {path: client.get(path, headers={"X-Api-Key": key}).get_json() for path in OF_A_USER}
    connections = {
        found.id: dict(services.connections.credentials(OPERATOR, found.id)) for found in everybodys(services)
    }
    config = rows(services.database, "SELECT id, sealed FROM authorizations WHERE sealed IS NOT NULL ORDER BY number")
    authorizations = {of: services.box.open(token, of) for of, token in config}
    grants = rows(services.database, "SELECT connection_id, sealed FROM grants ORDER BY number")
    webhooks = rows(services.database, "SELECT id, sealed FROM webhooks ORDER BY number")
    usage = asdict(services.library.usage(services.accounts.user("anna").id))
    services.database.close()
    return {
        "jobs": jobs,
        "steps": steps,
        "secrets": secrets,
        "key": key,
        "mine": mine,
        "connections": connections,
        "authorizations": authorizations,
        "webhooks": {of: services.box.open(token, of) for of, token in webhooks},
        "grants": {of: services.box.open(token, of) for of, token in grants},
        "usage": usage,
    }


def everybodys(services: Services) -> Sequence[Connection]:
    """Return all connections."""
    return services.connections.list(OPERATOR)


if __name__ == "__main__":
    main()
