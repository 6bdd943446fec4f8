"""Names at the limits of what a file system and S3 can hold: each arrives and comes back, or is told."""

import os

import pytest

from app.storages.names import key_of

pytestmark = [pytest.mark.fault(28), pytest.mark.slow]

FOLDERS = "/".join(letter * 200 for letter in "abcde")  # 1,004 bytes


def name_for(key_bytes):
    return FOLDERS + "/" + "n" * (key_bytes - len(FOLDERS) - 1)


FIT = [
    name_for(1024).encode(), b"x" * 255, "é".encode() * 127, b"latin-\xe9", b"\xff\xfe", b"con", b"%2F", b"back\\slash",
    b"trailing. ", "\u202ebidi\u2066".encode(), "\U0001f600".encode(), "e\u0301".encode(), "\u00e9".encode(), b"..dots", b"new\nline",
]  # fmt: skip
TOO_LONG = [name_for(1025).encode(), b"\xe9" * 255]  # each byte of the latter is spelled with five


def make(folder, names):
    for number, name in enumerate(names):
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number)


def key(name):
    return "/".join(key_of(part) for part in os.fsdecode(name).split("/"))


def test_what_fits_comes_back_and_what_does_not_is_told(mirrored):
    make(mirrored.folder, FIT)
    expected = {key(name): b"%d" % number for number, name in enumerate(FIT)}
    assert mirrored.mirror() == ("succeeded", None)
    assert mirrored.objects == expected

    make(mirrored.folder, [b"another", *TOO_LONG])
    (mirrored.folder / "con").unlink()
    job = mirrored.start()
    assert mirrored.end_of(job) == ("partial", "upload_failed")
    steps = mirrored.steps(job)
    assert {key(name): steps[key(name)] for name in TOO_LONG} == {
        key(name): ("failed", "key_refused") for name in TOO_LONG
    }
    assert mirrored.objects == expected | {"another": b"0"}  # "con" too: nothing is deleted while something failed

    files = {path: path.read_bytes() for path in mirrored.folder.rglob("*") if path.is_file()}
    for path in files:
        path.unlink()
    assert mirrored.mirror(direction="download")[0] == "succeeded"
    back = {path: path.read_bytes() for path in mirrored.folder.rglob("*") if path.is_file()}
    too_long = {mirrored.folder / os.fsdecode(name) for name in TOO_LONG}
    con = mirrored.folder / "con"
    assert back == {path: data for path, data in files.items() if path not in too_long} | {con: expected["con"]}
