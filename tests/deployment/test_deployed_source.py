"""The source that the playbook brings: exactly one commit, beside what belongs to the server."""

import subprocess

import pytest

from tests.support.playbook import play

SOURCE = """
- hosts: sluice
  gather_facts: false
  tasks:
    - ansible.builtin.import_role: {name: sluice, tasks_from: main}
      when: false
    - ansible.builtin.import_role: {name: application, tasks_from: source}
"""


@pytest.fixture
def deploy(tmp_path):
    """Bring the source of a small repository to a folder that git finds full already; return the folder."""
    playbook = tmp_path / "source.yml"
    playbook.write_text(SOURCE)
    home = tmp_path / "home"

    def run(**variables):
        return home, play(tmp_path, {"server": {"sluice_home": str(home)} | variables}, playbook=playbook)

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
@pytest.mark.parametrize("way", ["application_checkout", "sluice_repository"], ids=["as a bundle", "from a repository"])
def test_a_deployment_brings_exactly_the_commit_and_can_go_back(deploy, repository, tmp_path, way):
    (tmp_path / "home/app/uploads").mkdir(parents=True)
    (tmp_path / "home/app/uploads/photo.jpg").write_text("mine")
    (tmp_path / "home/.env").write_text("mine")
    where = {way: str(repository)}

    home, went_back = deploy(**where, sluice_version="old")
    assert went_back.status == 0, went_back.output
    assert (home / "gone.txt").exists()
    home, came = deploy(**where)
    (home / "app/__init__.py").write_text("changed by hand")
    home, repaired = deploy(**where)
    home, again = deploy(**where)

    assert came.count("server", "changed") == 1, came.output
    assert not (home / "gone.txt").exists()
    assert repaired.status == 0
    assert (home / "app/__init__.py").read_text() == '__version__ = "2"\n'
    assert again.count("server", "changed") == 0, again.output
    assert (home / "app/uploads/photo.jpg").read_text() == (home / ".env").read_text() == "mine"
