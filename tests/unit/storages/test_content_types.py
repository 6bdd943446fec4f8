"""The content type of an object, as it is told by the end of its key."""

import subprocess
import sys

import pytest

from app.storages.content_types import content_type_of


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        ("a.txt", "text/plain"),
        ("folder.d/a.JPG", "image/jpeg"),
        ("a.json", "application/json"),
        ("a.tar.gz", "application/gzip"),
        ("a.tgz", "application/gzip"),
        ("a.TGZ", "application/gzip"),
        ("a.txt.bz2", "application/x-bzip2"),
        ("a.tar.xz", "application/x-xz"),
        ("a.Z", "application/x-compress"),
        ("a.br", "application/octet-stream"),
        ("folder.txt/file", "application/octet-stream"),
        ("a.unheard-of", "application/octet-stream"),
        (".txt", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("data:text/html\r\nx-evil: 1,.png", "image/png"),
        ("a.bz2", "application/x-bzip2"),
        ("a/b.png", "image/png"),
        ("x.csv.gz", "application/gzip"),
        ("folder.png/x", "application/octet-stream"),
        (".png", "application/octet-stream"),
        ("no extension", "application/octet-stream"),
        ("a:b.txt", "text/plain"),
        ("x?y.txt", "text/plain"),
        ("folder/", "application/octet-stream"),
        ("data:text/html,x", "application/octet-stream"),
        ("data:image/png,x", "application/octet-stream"),
    ],
)
def test_the_content_type_is_guessed_from_the_end_of_the_name(key, content_type):
    assert content_type_of(key) == content_type


def test_the_content_type_does_not_depend_on_the_machine(tmp_path):
    """`mimetypes` reads the machine's files into a table of its own, which is not ours."""
    (tmp_path / "types").write_text("x-evil/x-evil txt unheard-of\n")
    program = (
        "import sys, mimetypes; mimetypes.knownfiles[:] = sys.argv[1:]; "
        "from app.storages.content_types import content_type_of; "
        "print(mimetypes.guess_type('a.txt')[0], content_type_of('a.txt'), content_type_of('a.unheard-of'))"
    )
    told = subprocess.check_output([sys.executable, "-c", program, str(tmp_path / "types")], text=True)
    assert told.split() == ["x-evil/x-evil", "text/plain", "application/octet-stream"]
