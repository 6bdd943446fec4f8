"""The fingerprint of the scripts and styles: their addresses carry it, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(_FOLDER.iterdir()):
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


FINGERPRINT = _fingerprint()
