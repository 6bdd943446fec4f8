"""A run holds no more of a large tree than of a small one."""

import json
import subprocess
import sys

import pytest

LIMIT_MIB = 200

MILLION = """
import json, pathlib, re, sys
import app.bootstrap, app.web
from app.cancellation import CancelToken
from app.mirrors.reporter import Reporter
from app.storages.base import Entry
from app.storages.memory import MemoryStorage
from app.transfer.index import Index, Seen
from app.transfer.run import MirrorOptions, MirrorRun

def peak():
    # Not ru_maxrss: of a child that begins at the peak of the process that started it.
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024

state = pathlib.Path(sys.argv[1])

class Listed(MemoryStorage):
    def __init__(self, **marks):
        super().__init__(exists=True)
        self.marks = marks
    def list(self, prefix="", after="", prune=None):
        for number in range(1_000_000):
            yield Entry(f"folder-{number // 1000:04}/file-{number % 1000:04}.jpg", 4096, 1.7e9, **self.marks)

class Deleting(Listed):
    deleted = 0
    def list(self, prefix="", after="", prune=None):
        for number, entry in enumerate(super().list()):
            yield entry
            if number % 4 < 2 and number >= 500_000:  # before that, long nothing that is to be done
                yield entry._replace(key=entry.key + ".old")
    def delete(self, keys):
        Deleting.deleted += len(keys)
        return {}

class Context:
    arguments = {"prefix": ""}
    def follow(self, look): pass
    def record(self, steps): pass

with Index.open(state / "index", "source", "target") as index:
    for entry in Listed().list():
        index.note(Seen(entry.key, 4096, "stamp", "etag"))
reporter = Reporter(Context())
options = MirrorOptions(name="bucket", spool_dir=state)
with Index.open(state / "index", "source", "target") as index:
    MirrorRun(Listed(stamp="stamp"), Deleting(etag="etag"), options, reporter, CancelToken(), index).run()
unchanged = reporter.tally.progress()["unchanged_by"]
print(json.dumps({"mib": peak() / 1024 / 1024, "unchanged": unchanged, "deleted": Deleting.deleted}))
"""

FOLDER = """
import json, pathlib, re, sys
import app.bootstrap, app.web
from app.storages.local import LocalStorage
def peak():
    # Not ru_maxrss: of a child that begins at the peak of the process that started it.
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]) * 1024

storage = LocalStorage(pathlib.Path(sys.argv[1]))
before = peak()
count = sum(1 for _ in storage.list())
print(json.dumps({"count": count, "grown": peak() - before}))
"""


def measured(script, *arguments):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=580, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    return json.loads(told.stdout)


@pytest.mark.slow
@pytest.mark.fault(30)
def test_a_million_keys_on_each_side_and_a_quarter_as_many_deletions_fit_into_200_mib(tmp_path):
    told = measured(MILLION, tmp_path)
    assert told["unchanged"] == {"index": 1_000_000, "size": 0, "content": 0}
    assert told["deleted"] == 250_000
    assert told["mib"] < LIMIT_MIB


@pytest.mark.slow
@pytest.mark.fault(30)
def test_a_folder_is_held_as_its_names_and_little_more(tmp_path):
    count = 20_000
    for number in range(count):
        (tmp_path / f"{number:08}.jpg").touch()
    told = measured(FOLDER, tmp_path)
    assert told["count"] == count
    assert 0 < told["grown"] < 120 * count
