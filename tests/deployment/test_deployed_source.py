"""The source that the playbook brings: exactly one commit, beside what belongs to the server."""

import subprocess

import pytest

from tests.support.playbook import play

SOURCE = """
- hosts: sluice
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: sluice}  # its variables alone
      tags: [never]
    - ansible.builtin.import_role: {name: application, tasks_from: source}
"""


WAYS = {"as-a-bundle": "application_checkout", "from-a-repository": "sluice_repository"}


@pytest.fixture
def homes(tmp_path):
    """Of each host its folder, which git finds full already."""
    folders = {host: tmp_path / host for host in WAYS}
    for home in folders.values():
        (home / "app/uploads").mkdir(parents=True)
        (home / "app/uploads/photo.jpg").write_text("mine")
        (home / ".env").write_text("mine")
    return folders


@pytest.fixture
def deploy(tmp_path, homes, repository):
    """Bring the source of a small repository to each host in its way; both in one play, since each play costs seconds."""
    playbook = tmp_path / "source.yml"
    playbook.write_text(SOURCE)
    hosts = {host: {"sluice_home": str(homes[host]), way: str(repository)} for host, way in WAYS.items()}

    def run(**variables):
        played = play(tmp_path, {host: own | variables for host, own in hosts.items()}, playbook=playbook)
        assert played.status == 0, played.output
        return [played.count(host, "changed") for host in hosts]

    return run


@pytest.fixture
def repository(tmp_path):
    """A checkout with the tag `old` and, at its head, one file less and one changed."""
    folder = tmp_path / "repository"
    (folder / "app").mkdir(parents=True)

    def git(*arguments):
        identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgSign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    git("init")
    (folder / ".gitignore").write_text(".env\n/app/uploads/\n")
    (folder / "app/__init__.py").write_text('__version__ = "1"\n')
    (folder / "gone.txt").touch()
    git("add", ".")
    git("commit", "-m", "old")
    git("tag", "old")
    (folder / "app/__init__.py").write_text('__version__ = "2"\n')
    (folder / "gone.txt").unlink()
    git("commit", "-am", "new")
    return folder


@pytest.mark.slow
def test_a_deployment_brings_exactly_the_commit_and_can_go_back(deploy, homes):
    deploy(sluice_version="old")
    assert all((home / "gone.txt").exists() for home in homes.values())
    assert deploy() == [1, 1]
    assert not any((home / "gone.txt").exists() for home in homes.values())
    for home in homes.values():
        (home / "app/__init__.py").write_text("changed by hand")
    deploy()
    assert {(home / "app/__init__.py").read_text() for home in homes.values()} == {'__version__ = "2"\n'}

    assert deploy() == [0, 0]
    for home in homes.values():
        assert (home / "app/uploads/photo.jpg").read_text() == (home / ".env").read_text() == "mine"
