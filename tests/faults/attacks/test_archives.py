"""Archives are never unpacked into paths, and a packed file cannot keep a job busy for longer than its size explains."""

import gzip
import io
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from app.copies.contract import Conversion
from app.copies.lines import converted
from app.copies.unpacking import READ, unpack

pytestmark = [pytest.mark.fault("archives")]

CONTENT = b"climbed out"
CLIMBING = ["../../climbed", "/climbed", "a/../../climbed", "climbed"]


def tar(mode):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name in CLIMBING:
            member = tarfile.TarInfo(name)
            member.size = len(CONTENT)
            archive.addfile(member, io.BytesIO(CONTENT))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    return file.getvalue()


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in CLIMBING:
            archive.writestr(name, CONTENT)
    return file.getvalue()


def named():
    """A gzip file whose header says what it was called."""
    file = io.BytesIO()
    with gzip.GzipFile("../../climbed", "wb", fileobj=file, mtime=0) as packed:
        packed.write(CONTENT)
    return file.getvalue()


@pytest.mark.parametrize(
    ("packed", "kept"),
    [
        pytest.param(tar("w"), None, id="tar"),
        pytest.param(tar("w:gz"), tar("w"), id="tar in gzip"),
        pytest.param(tar("w:bz2"), tar("w"), id="tar in bzip2"),
        pytest.param(tar("w:xz"), tar("w"), id="tar in xz"),
        pytest.param(zipped(), None, id="zip"),
        pytest.param(named(), CONTENT, id="gzip that names its file"),
    ],
)
def test_an_archive_becomes_one_file_of_our_name(tmp_path, packed, kept):
    folder = tmp_path / "deep" / "deeper"
    folder.mkdir(parents=True)
    (folder / "came").write_bytes(packed)
    result = converted(folder / "came", Conversion(decompress=True), lambda: folder / "scratch")

    assert result.read_bytes() == (packed if kept is None else kept)
    assert {each.name for each in tmp_path.rglob("*") if each.is_file()} <= {"came", "scratch"}
    assert not Path("/climbed").exists()


def test_little_is_copied_for_each_of_very_many_members(tmp_path, monkeypatch):
    handed, made = [], zlib.decompressobj

    class Counting:
        """The library's, which also tells how much it is given at once: behind a member that ends, it copies the rest."""

        def __init__(self, *arguments):
            self.real = made(*arguments)

        def decompress(self, data, *arguments):
            handed.append(len(data))
            return self.real.decompress(data, *arguments)

        def __getattr__(self, name):
            return getattr(self.real, name)

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    (tmp_path / "packed").write_bytes(gzip.compress(b"", mtime=0) * 10_000 + gzip.compress(CONTENT))
    result = unpack(tmp_path / "packed", lambda: tmp_path / "unpacked", None, lambda: None)

    assert result.read_bytes() == CONTENT
    assert len(handed) >= 10_000
    assert max(handed) <= READ <= 64 * 1024
