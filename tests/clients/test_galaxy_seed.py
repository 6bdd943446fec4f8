"""Galaxy's own page on get and send: its payloads word for word, sent by curl as a process of its own."""

import json
import shutil
import subprocess
from contextlib import closing

import pytest

from tests.support.buckets import Bucket
from tests.support.servers import ACCESS_KEY, missing
from tests.support.service import eventually, running_service
from tests.support.trees import bucket_objects

pytestmark = pytest.mark.slow

GET = """{
    "history_id": "...",
    "authz_id": "...",
    "bucket": "...",
    "objects": [
        "obj1",
        "obj2",
        ...
    ]
}"""

SEND = """{
    "history_id": "...",
    "authz_id": "...",
    "bucket": "..."
}"""

ANSWER = r"""{
    "sent_dataset_labels": [
        "{\"object\": \"rep1.bed\", \"job_id\": \"3f5830403180d620\"}",
        "{\"object\": \"rep2.bed\", \"job_id\": \"e85a3be143d5905b\"}"
    ],
    "bucket_name": "...",
    "failed_dataset_labels": []
}"""

JOBS_BEFORE = 10
"""The jobs of the page are number 11 and 12 of their server."""


class Curl:
    """curl, with the key of one person in each address, as Galaxy's pages have it."""

    def __init__(self, url, key):
        self.url, self.key = url, key

    def run(self, path, *options):
        """Send a request that must be answered by 200; return the body."""
        command = ["curl", "-sS", "-o", "-", "-w", "\n%{http_code}", *options, f"{self.url}{path}?key={self.key}"]
        done = subprocess.run(command, capture_output=True, timeout=60, check=True)
        body, _, status = done.stdout.rpartition(b"\n")
        assert status == b"200", done.stdout
        return body

    def post(self, path, payload):
        return json.loads(self.run(path, "-X", "POST", "-H", "Content-Type: application/json", "-d", payload))

    def get(self, path):
        return json.loads(self.run(path))


@pytest.fixture(scope="module")
def page(tmp_path_factory, rclone):
    """A new service, whose ids are those of the page, with a history, a bucket and an authorization to it."""
    if shutil.which("curl") is None:
        missing("curl is not installed.")
    with running_service(tmp_path_factory.mktemp("seed"), rclone) as service, closing(Bucket(rclone, "seed")) as bucket:
        curl = Curl(service.url, service.person("reader").key)
        keys = {"access_key": ACCESS_KEY, "secret_key": rclone.secret_key, "endpoint": rclone.endpoint}
        authz = curl.post("/api/cloud/authz", json.dumps({"provider": "aws", "config": keys, "description": ""}))
        yield Page(curl, bucket, authz["id"])


class Page:
    """What the page speaks of, filled in."""

    def __init__(self, curl, bucket, authz_id):
        self.curl, self.bucket, self.authz_id = curl, bucket, authz_id

    def history(self):
        return self.curl.post("/api/histories", '{"name": "of the page"}')["id"]

    def filled(self, payload, history_id, *objects):
        """Return a payload of the page with its dots replaced, and nothing else of it."""
        for given in (history_id, self.authz_id, self.bucket.name):
            payload = payload.replace('"..."', json.dumps(given), 1)
        names = ",\n        ".join(map(json.dumps, objects))
        return payload.replace('"obj1",\n        "obj2",\n        ...', names)

    def gotten(self, history_id, *objects):
        """Get objects with the payload of the page, and return their datasets once they are there."""
        made = self.curl.post("/api/cloud/storage/get", self.filled(GET, history_id, *objects))
        return [self.ended("datasets", one["id"]) for one in made]

    def ended(self, what, thing_id):
        """Return a dataset or a job once it is ok."""

        def found():
            told = self.curl.get(f"/api/{what}/{thing_id}")
            assert told["state"] != "error", told
            return told if told["state"] == "ok" else None

        return eventually(found)


def objects(page):
    return bucket_objects(page.bucket.server, page.bucket.name)


FILES = {"rep1.bed": b"chr1\t10\t20\n" * 1000, "rep2.bed": b"chr2\t30\t40\n" * 1000}


def test_the_page_is_answered_word_for_word(page):
    elsewhere, history_id = page.history(), page.history()
    page.bucket.put({f"other{number}": b"other" for number in range(JOBS_BEFORE - 2)} | FILES)
    page.gotten(elsewhere, *(f"other{number}" for number in range(JOBS_BEFORE - 2)))

    datasets = page.gotten(history_id, *FILES)
    assert [one["name"] for one in datasets] == list(FILES)
    for one in datasets:
        assert page.curl.run(f"/api/datasets/{one['id']}/display") == FILES[one["name"]]
    page.bucket.delete(*FILES)

    answer = page.curl.post("/api/cloud/storage/send", page.filled(SEND, history_id))
    assert answer == json.loads(ANSWER.replace('"..."', json.dumps(page.bucket.name)))
    assert list(answer) == list(json.loads(ANSWER))
    for label in map(json.loads, answer["sent_dataset_labels"]):
        job = page.ended("jobs", label["job_id"])
        assert (job["tool_id"], job["params"]["stored_as"]) == ("send_to_cloud", label["object"])
    stored = objects(page)
    assert {name: stored.get(name) for name in FILES} == FILES


def test_some_of_the_datasets_are_sent_with_one_more_key_in_the_payload(page):
    history_id = page.history()
    page.bucket.put({"some1": b"first", "some2": b"second"})
    _, second = page.gotten(history_id, "some1", "some2")
    page.bucket.delete("some1", "some2")

    payload = json.loads(page.filled(SEND, history_id)) | {"dataset_ids": [second["id"]]}
    answer = page.curl.post("/api/cloud/storage/send", json.dumps(payload))
    (label,) = map(json.loads, answer["sent_dataset_labels"])
    page.ended("jobs", label["job_id"])
    assert label["object"] == "some2"
    stored = objects(page)
    assert stored.get("some2") == b"second"
    assert "some1" not in stored
