"""The repository itself: what must lie where, and what must not be in any of its files."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for path in (ROOT / "app").rglob("*.py") if "uploads" not in path.parts)

# Assembled here, or this file would be the first to break the rule.
FOREIGN = re.compile(
    "|".join(
        re.escape(host_or_path)
        for host_or_path in (
            "files." + "pythonhosted.org",
            "pypi.org/" + "simple",
            "registry." + "npmjs.org",
            "file:" + "///opt",
            "/root" + "/",
            "/tmp" + "/lab",
            "/work" + "/main",
            "/work" + "/shared",
        )
    )
)


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout.decode()


@pytest.fixture(scope="module")
def tracked_files():
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("this is not a clone, or there is no git to ask")
    # What git would add counts too: the rule must bite before a commit, not after.
    return [
        ROOT / name for name in git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0") if name
    ]


@pytest.mark.parametrize(
    "name",
    [
        "tests",
        ".env.example",
        ".ci/run",
        "Makefile",
        "pyproject.toml",
        "requirements.txt",
        "requirements-dev.txt",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Dockerfile",
        "docker-compose.yml",
        "Vagrantfile",
        "ansible/site.yml",
        "docs/architecture.md",
        "docs/operations/README.md",
    ],
)
def test_what_every_reader_looks_for_is_there(name):
    assert (ROOT / name).exists()


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine(tracked_files):
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked_files
        if path.is_file()
        for hit in [FOREIGN.search(path.read_bytes().decode("utf-8", "replace"))]
        if hit
    ]

    assert found == []


def opens_with_a_sentence(path):
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    return docstring.split("\n\n")[0].rstrip().endswith((".", ":", "``"))


def test_every_module_opens_with_a_sentence_on_its_job():
    assert len(MODULES) > 100
    assert [str(path.relative_to(ROOT)) for path in MODULES if not opens_with_a_sentence(path)] == []


@pytest.mark.usefixtures("tracked_files")
def test_git_ignores_what_people_put_into_the_uploads_folder():
    ignored = git("check-ignore", "--no-index", "app/uploads/photo.jpg", "app/uploads/deep/er/photo.jpg")

    assert ignored.split() == ["app/uploads/photo.jpg", "app/uploads/deep/er/photo.jpg"]
    assert git("ls-files", "app/uploads") == ""  # a placeholder would be mirrored, and the folder never be empty


@pytest.mark.usefixtures("tracked_files")
@pytest.mark.parametrize("name", [".env", "var/sluice.db", ".venv/bin/python"])
def test_git_ignores_what_belongs_to_one_machine(name):
    assert git("check-ignore", "--no-index", name).strip() == name


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def dead_links(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    return [link for link in links if "://" not in link and not (page.parent / link).exists()]


def test_links_of_the_pages_lead_to_files():
    assert len(PAGES) > 10
    assert [(str(page.relative_to(ROOT)), dead) for page in PAGES for dead in dead_links(page)] == []
