"""Mirrors of buckets, as synchronisations leave them behind."""

import json

import pytest


@pytest.fixture
def mirror(tmp_path):
    """Return a function that writes files into a mirror and returns its folder.

    A text or bytes is written as it is, anything else as JSON.
    """
    folder = tmp_path / "mirror"
    folder.mkdir()

    def write(files=()):
        for key, content in dict(files).items():
            path = folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, (str, bytes)) else json.dumps(content)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return write
