"""A secret key that is sent through the dialect is found nowhere: no answer, log, error, job, event, dump or file."""

import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.clients import CvalClient
from tests.support.servers import free_port, rclone_server
from tests.support.service import FINAL, eventually, running_service
from tests.support.trees import contents

pytestmark = pytest.mark.slow

CANARY = "canary-SECRET+0123456789/abcdef=="


def spellings(secret):
    """The secret as logs, JSON and database dumps could hold it."""
    plain = secret.encode()
    return [
        plain,
        plain.hex().encode(),
        base64.b64encode(plain),
        plain.replace(b"/", rb"\/"),
        plain.replace(b"+", b"%2B"),
    ]


def test_no_secret_is_shown_or_kept(tmp_path):
    with (
        rclone_server(tmp_path / "server") as server,
        running_service(tmp_path, server, SYNCHRONISE_SECONDS=1) as service,
    ):
        person = service.person("keeper")
        key, headers = person.key, person.headers
        address = {"access_key": "sluicetests", "endpoint": server.endpoint, "bucket": "pictures"}
        storages = {
            "a wrong key": address | {"secret_key": CANARY},
            "no such bucket": address | {"secret_key": server.secret_key, "bucket": "never-made"},
            "unreachable": address | {"secret_key": CANARY, "endpoint": f"http://127.0.0.1:{free_port()}"},
            "unknown access key": address | {"secret_key": CANARY, "access_key": "somebody"},
        }
        shown = [
            CvalClient(service.url, key).run(
                """
                texts = []
                for given in storages:
                    storage = conn.storage()
                    texts.append(outcome(lambda: storage.create(**given)))
                    texts.append(outcome(storage.get_all))  # with the body of the request before, as this client does
                    texts.append(outcome(lambda: storage.get("None")))
                    storage = conn.storage()
                    texts.append(outcome(lambda: storage.create(**{**given, "endpoint": "ftp://minio"})))
                    texts.append(outcome(lambda: storage.create(**{**given, "bucket": "No Bucket!"})))
                show(texts)
                """,
                storages=[*storages.values()],
            )
        ]

        def get(path):
            answer = service.session.get(service.url + path, headers=headers, timeout=30)
            shown.append(answer.text)
            return answer.json()

        def ended():
            jobs = get("/runnings?all=1&limit=1000")
            return jobs if {job["connection"] for job in jobs if job["status"] in FINAL} == made else None

        def send(path, content_type=None, **body):
            given = headers | ({"Content-Type": content_type} if content_type else {})
            shown.append(service.session.post(service.url + path, headers=given, timeout=30, **body).text)

        made = {storage["id"] for storage in get("/api/cloud/all")}
        assert len(made) == len(storages)
        jobs = eventually(ended, what="a failed job of each storage")
        assert {job["status"] for job in jobs if job["status"] in FINAL} == {"failed"}
        for job in jobs:
            get(f"/steps?id={job['id']}")
        finished = next(job["id"] for job in jobs if job["status"] in FINAL)
        shown.append(service.session.get(f"{service.url}/events?id={finished}", headers=headers, timeout=30).text)
        full = address | {"secret_key": CANARY, "synchronize": False}
        send("/api/cloud", json=full | {"secret_keys": CANARY})
        send("/api/cloud", data=full)
        send("/api/cloud", data=f'{{"secret_key": "{CANARY}"', content_type="application/json")
        send("/api/cloud", json=full | {"synchronize": CANARY})
        send("/api/cloud", json=[full])
        send("/api/clouds", json=full)
        data_dir = Path(service.environ["DATA_DIR"])
        with closing(sqlite3.connect(data_dir / "sluice.db")) as database:
            shown.append("\n".join(database.iterdump()))
        places = {"answers, events and dump": str(shown).encode(), "the log": b""}
        places |= {str(path): data for path, data in contents(data_dir).items()}
    places["the log"] = service.log.read_bytes()  # to its last line

    assert places["the log"]
    assert b"pictures" in places["answers, events and dump"]
    for secret in (CANARY, server.secret_key):
        assert [place for place, found in places.items() if any(one in found for one in spellings(secret))] == []
