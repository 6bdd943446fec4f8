"""What is installed is what was pinned: by hash, from what was asked for, under licences that somebody looked at, and asked about for holes."""

import json
import re

import pytest

from tests.support.audit import CLEAN, UNKNOWN, VULNERABLE, audit
from tests.support.licences import PAGE, ROOT, licence, page, pins
from tests.support.servers import free_port, scripted

LOCKS = sorted([*ROOT.glob("requirements*.txt"), *ROOT.glob("requirements-clients/*.txt")])
LISTED = "requirements-tracing.txt"

LOOKED_AT = {
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "LGPL-3.0-only",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
}


def requirements(text):
    """The requirements of a file, each as one line."""
    joined = re.sub(r"\\\n", " ", text)
    lines = (re.sub(r"(^|\s)#.*", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def name_of(requirement):
    return re.split(r"[\[=<>!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.relative_to(ROOT).as_posix())
class TestLocks:
    def test_every_package_is_pinned_to_a_version_and_to_hashes(self, lock):
        pinned = requirements(lock.read_text("utf-8"))
        assert pinned
        assert [
            each for each in pinned if not re.match(r"[\w.-]+(\[[\w,-]+\])?==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", each)
        ] == []

    def test_everything_that_is_asked_for_is_pinned(self, lock):
        asked = {name_of(each) for each in requirements(lock.with_suffix(".in").read_text("utf-8"))}
        assert asked <= {name_of(each) for each in requirements(lock.read_text("utf-8"))}


@pytest.mark.parametrize(
    "lock", sorted(ROOT.glob("requirements-clients/*/package-lock.json")), ids=lambda path: path.parent.name
)
def test_every_package_of_node_is_pinned_to_a_hash(lock):
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


class TestLicences:
    def test_the_page_is_that_of_the_pins(self):
        assert PAGE.read_text("utf-8") == page(), "docs/licences.md is older than the pins: run `make licences`"

    def test_each_licence_was_looked_at(self):
        licences = {name: set(re.split(r" (?:AND|OR) ", licence(name))) for name, _ in pins()}
        assert {name: found - LOOKED_AT for name, found in licences.items() if found - LOOKED_AT} == {}


HOLE = {
    "id": "PYSEC-0000-1",
    "summary": "lets everybody in",
    "affected": [{"package": {"name": "wrapt", "ecosystem": "PyPI"}, "ranges": []}],
}


class TestAudit:
    """pip-audit itself, before a database that says what a test wants."""

    def asked_of(self, url):
        return audit([LISTED], ["--vulnerability-service", "osv", "--osv-url", url])

    def test_a_known_hole_is_told_and_fails(self, capsys):
        with scripted(lambda *_: (200, json.dumps({"vulns": [HOLE]})), "application/json") as url:
            assert self.asked_of(url) == VULNERABLE
        assert "wrapt" in (told := capsys.readouterr().out)
        assert "PYSEC-0000-1" in told

    def test_where_nothing_is_known_all_is_well(self):
        with scripted(lambda *_: (200, "{}"), "application/json") as url:
            assert self.asked_of(url) == CLEAN

    def test_a_database_that_does_not_answer_is_no_success(self, capsys):
        assert self.asked_of(f"http://127.0.0.1:{free_port()}") == UNKNOWN
        assert "NOT AUDITED" in capsys.readouterr().out
