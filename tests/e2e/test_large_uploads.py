"""A large file by tus: cut off, its service killed, resumed each time, and never much of it in memory.

LARGE_UPLOAD_BYTES says how large; the file is sparse, so it takes no room, but what arrives of it does, once.
"""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.support.galaxy import Galaxy
from tests.support.service import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SIZE = int(os.environ.get("LARGE_UPLOAD_BYTES") or 300 * 2**20)
PIECE = 2**20
MEMORY_MAX = 400 * 2**20
"""Bytes; a worker that does nothing has about a third of it."""

UPLOADS = "/api/upload/resumable_upload"
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def large(tmp_path):
    """A file with a few bytes here and there, and its SHA-256."""
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(SIZE)
        for at in range(0, SIZE, 7 * 2**20):
            file.seek(at)
            file.write(f"here at {at}\0"[: SIZE - at].encode())
    with path.open("rb") as file:
        return path, hashlib.file_digest(file, "sha256").hexdigest()


class Cut(Exception):
    pass


def pieces(path, offset, until=None, slow_from=None):
    """Yield the file from ``offset``, slowly from ``slow_from`` on; where it reaches ``until``, its sender breaks off."""
    with path.open("rb") as file:
        file.seek(offset)
        while piece := file.read(PIECE):
            if until is not None and file.tell() > until:
                raise Cut
            if slow_from is not None and file.tell() > slow_from:
                time.sleep(0.2)
            yield piece


def patch(galaxy, location, path, offset, **how):
    """Send the rest of the file in one request, as `pieces` does; return its answer, None when the connection broke."""
    length = SIZE - offset
    headers = {**TUS, "Content-Type": "application/offset+octet-stream", "x-api-key": galaxy.person.key}
    headers |= {"Upload-Offset": str(offset), "Content-Length": str(length)}
    body = _OfLength(pieces(path, offset, **how), length)
    try:
        with requests.Session() as session:
            return session.patch(galaxy.service.url + location, headers=headers, data=body, timeout=300)
    except (Cut, requests.ConnectionError):
        return None


def free(galaxy, location):
    """Return whether nobody is sending to the upload: the end of a connection is noticed a moment later."""
    offset = str(offset_of(galaxy, location))
    headers = TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": offset}
    return galaxy.call("PATCH", location, headers=headers, data=b"").status_code == 204


class _OfLength:
    """An iterator that requests sends with a length and not in chunks."""

    def __init__(self, items, length):
        self._items, self.len = items, length

    def __iter__(self):
        return self._items


def offset_of(galaxy, location):
    answer = galaxy.call("HEAD", location, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def peak_memory(service):
    """Return the most memory, in bytes, that any worker has had in use."""
    lines = [line for pid in service.workers() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return max(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def killed_at(galaxy, location, offset):
    """Return a thread that kills the service as soon as so much has arrived, and what tells how much memory it had."""
    found = {}

    def kill():
        eventually(lambda: offset_of(galaxy, location) >= offset, 300)
        found["memory"] = peak_memory(galaxy.service)
        galaxy.service.kill()

    killing = threading.Thread(target=kill)
    killing.start()
    return killing, found


def test_a_large_file_arrives_whatever_happens_meanwhile(start, large, record_property):
    path, sha256 = large
    service = start()
    galaxy = Galaxy(service, service.person("sender"))
    history = galaxy.history()
    answer = galaxy.call("POST", UPLOADS, headers=TUS | {"Upload-Length": str(SIZE)})
    location = f"{UPLOADS}/{answer.headers['Location'].rpartition('/')[2]}"

    third = SIZE // 3 // PIECE * PIECE
    assert patch(galaxy, location, path, 0, until=third) is None
    eventually(lambda: offset_of(galaxy, location) == third, what="all that was sent before the connection broke")

    eventually(lambda: free(galaxy, location))
    killing, found = killed_at(galaxy, location, 2 * third)
    assert patch(galaxy, location, path, third, slow_from=2 * third) is None  # so that it is killed before it is done
    killing.join()
    service.start()
    resumed = offset_of(galaxy, location)
    assert 2 * third <= resumed < SIZE

    answer = eventually(lambda: patch(galaxy, location, path, resumed))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(SIZE))
    targets = [{"destination": {"type": "hdas"}, "elements": [{"src": "files", "name": "large.bin"}]}]
    session = {"session_id": location.rpartition("/")[2], "name": "large.bin"}
    body = {"history_id": history, "targets": targets, "files_0|file_data": session}
    [output] = galaxy.told("POST", "/api/tools/fetch", json=body)["outputs"]
    eventually(lambda: galaxy.dataset(output["id"])["state"] == "ok", 300, "the dataset")

    dataset = galaxy.dataset(output["id"])
    memory = max(found["memory"], peak_memory(service))
    record_property("peak_memory", memory)
    assert dataset["file_size"] == SIZE
    assert {one["hash_function"]: one["hash_value"] for one in dataset["hashes"]}["SHA-256"] == sha256
    assert memory < MEMORY_MAX
