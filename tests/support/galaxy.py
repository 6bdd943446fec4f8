"""One person's requests to the Galaxy dialect of a running service, over HTTP."""

import itertools
import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from app.dialects.galaxy.ids import ids_of
from app.settings import Settings
from tests.support.buckets import Bucket
from tests.support.meddling import Request
from tests.support.servers import ACCESS_KEY, Server
from tests.support.service import Person, Service, eventually
from tests.support.trees import bucket_objects

JOB_ENDS = ("ok", "error", "deleted")
DATASET_ENDS = ("ok", "empty", "error", "discarded", "failed_metadata")
IDS = ids_of(Settings.names()["GALAXY_ID_SECRET"])
UNKNOWN = "a" * 16
"""16 hexadecimal digits that stand for no number."""

_numbers = itertools.count()


LOOK_SECONDS = 1.5
"""A copy that runs looks at most once a second whether it shall stop; what holds it must hold it longer."""


def outlast_a_look() -> None:
    """Return when a copy that is held has had a reason to look again, from now on, whether it shall stop."""
    began = time.monotonic()
    eventually(lambda: time.monotonic() - began > LOOK_SECONDS)


class Hold:
    """Holds the requests of one method for one object, as `MeddlingProxy.before`, until it lets go."""

    def __init__(self, method: str, key: str) -> None:
        self._method, self._key = method, key
        self._held = threading.Event()
        self._released = threading.Event()

    def __call__(self, request: Request) -> bytes:
        """Return the body once it may pass."""
        if request.method == self._method and f"/{self._key}" in request.path:
            self._held.set()
            assert self._released.wait(300)
        return request.body

    def wait(self) -> None:
        """Return when a request is held."""
        eventually(self._held.is_set, what=f"a {self._method} of {self._key}")

    def release(self) -> None:
        """Let go of what is held, and hold nothing more."""
        self._released.set()


class Galaxy:
    """What a person sends to the Galaxy dialect, and reads from it."""

    def __init__(self, service: Service, person: Person) -> None:
        self.service, self.person = service, person

    def call(self, method: str, path: str, **named: Any) -> requests.Response:
        """Send a request as this person; ``named`` is what `requests` takes."""
        headers = {"x-api-key": self.person.key, **named.pop("headers", {})}
        return self.service.session.request(method, self.service.url + path, headers=headers, timeout=60, **named)

    def told(self, method: str, path: str, **named: Any) -> Any:
        """Send a request that must succeed, and return what is answered: always 200 with JSON, as bioblend wants it."""
        answer = self.call(method, path, **named)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def history(self, name: str = "A history") -> str:
        """Make a history and return its id."""
        return str(self.told("POST", "/api/histories", json={"name": name})["id"])

    def authorization(self, server: Server, **config: Any) -> str:
        """Make an authorization to the buckets of a server and return its id."""
        keys = {"access_key": ACCESS_KEY, "secret_key": server.secret_key, "endpoint": server.endpoint}
        body = {"provider": "aws", "config": keys | config, "description": "of a test"}
        return str(self.told("POST", "/api/cloud/authz", json=body)["id"])

    def encoded(self, number: int) -> str:
        """Return the id of a number, as the dialect writes it."""
        return IDS.encode(number)

    def job(self, job_id: str, **query: Any) -> Any:
        """Return a job as it stands."""
        return self.told("GET", f"/api/jobs/{job_id}", params=query)

    def ended_job(self, job_id: str) -> Any:
        """Return a job with all that it said, once it has ended."""
        eventually(lambda: self.job(job_id)["state"] in JOB_ENDS, what=f"the end of job {job_id}")
        return self.job(job_id, full="True")

    def dataset(self, dataset_id: str) -> Any:
        """Return a dataset as it stands."""
        return self.told("GET", f"/api/datasets/{dataset_id}")

    def ended_dataset(self, dataset_id: str) -> Any:
        """Return a dataset, once nothing more happens to it."""
        eventually(lambda: self.dataset(dataset_id)["state"] in DATASET_ENDS, what=f"the end of dataset {dataset_id}")
        return self.dataset(dataset_id)

    def contents(self, history_id: str) -> Any:
        """Return what a history holds, deleted ones too."""
        return self.told("GET", f"/api/histories/{history_id}/contents")

    def content(self, dataset_id: str) -> bytes:
        """Return the bytes of a dataset."""
        answer = self.call("GET", f"/api/datasets/{dataset_id}/display")
        assert answer.status_code == 200, answer.text
        return answer.content


class World:
    """A person with a history, a bucket, and an authorization to it.

    Args:
        bucket: its objects are the test's.
        through: the server as the service shall see it, when that is not as it is.
    """

    def __init__(self, service: Service, bucket: Bucket, through: Server | None = None) -> None:
        self.person = service.person(f"galaxy-{next(_numbers)}")
        self.galaxy = Galaxy(service, self.person)
        self.bucket = bucket
        self.history_id = self.galaxy.history()
        self.authz_id = self.galaxy.authorization(through or bucket.server)

    def objects(self) -> Mapping[str, bytes]:
        """Return what the bucket holds."""
        found = bucket_objects(self.bucket.server, self.bucket.name)
        assert found is not None
        return found

    def body(self, **more: Any) -> dict[str, Any]:
        """Return what get and send have in common; ``more`` is laid over it, and ``...`` leaves a field out."""
        body = {"history_id": self.history_id, "bucket": self.bucket.name, "authz_id": self.authz_id} | more
        return {name: value for name, value in body.items() if value is not ...}

    def get(self, *objects: str, **more: Any) -> requests.Response:
        """Ask for objects."""
        body = self.body(objects=list(objects)) | more
        return self.galaxy.call("POST", "/api/cloud/storage/get", json=body)

    def send(self, **more: Any) -> requests.Response:
        """Send datasets."""
        return self.galaxy.call("POST", "/api/cloud/storage/send", json=self.body(**more))

    def brought(self, *objects: str, **more: Any) -> list[str]:
        """Get objects, wait until they are there, and return the ids of their datasets."""
        answer = self.get(*objects, **more)
        assert answer.status_code == 200, answer.text
        found = [one["id"] for one in answer.json()]
        assert [self.galaxy.ended_dataset(one)["state"] for one in found] == ["ok"] * len(objects)
        return found

    def sent(self, **more: Any) -> Any:
        """Send datasets, and return what is answered, which says that it was begun."""
        answer = self.send(**more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def filled(self, objects: Mapping[str, bytes]) -> list[str]:
        """Have datasets of these names, by way of the bucket, which has none of these objects afterwards; return ids."""
        self.bucket.put(objects)
        found = self.brought(*objects)
        self.bucket.delete(*objects)
        return found

    def stored(self, answer: Any) -> list[Any]:
        """Return the jobs of a send, once all have ended well."""
        jobs = [self.galaxy.ended_job(job_id) for job_id in labels(answer)[1]]
        assert [job["state"] for job in jobs] == ["ok"] * len(jobs), jobs
        return jobs


def labels(answer: Any) -> tuple[list[str], list[str]]:
    """Return the labels that a send has sent, and the ids of their jobs; none may have failed."""
    assert answer["failed_dataset_labels"] == []
    told = [json.loads(text) for text in answer["sent_dataset_labels"]]
    return [one["object"] for one in told], [one["job_id"] for one in told]


def refusal(answer: requests.Response) -> tuple[int, int, str]:
    """Return the status, the code and the text of an error."""
    body = answer.json()
    return answer.status_code, body["err_code"], body["err_msg"]
