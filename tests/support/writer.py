"""A process that stores one file in a bucket and may be killed while it does: ``python -m tests.support.writer``.

Its arguments are the endpoint, the bucket, the file and the folder of the notes; the secret key comes by its input.
"""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from app.storages.local import LocalStorage
from app.storages.s3 import S3Address, S3Storage

ROOT = Path(__file__).parents[2]


def start_writer(address: S3Address, file: Path, notes: Path) -> "subprocess.Popen[bytes]":
    """Start a process that stores ``file`` under its name."""
    arguments = [address.endpoint, address.bucket, address.access_key, str(file), str(notes)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.writer", *arguments], cwd=ROOT, stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    with process.stdin as secret:
        secret.write(address.secret_key.encode())
    return process


def main(endpoint: str, bucket: str, access_key: str, file: str, notes: str) -> None:
    address = S3Address(endpoint, bucket, access_key, sys.stdin.read())
    path = Path(file)
    with (
        closing(S3Storage(address, notes=Path(notes))) as storage,
        LocalStorage(path.parent).read(path.name) as content,
    ):
        storage.write(path.name, content)


if __name__ == "__main__":
    main(*sys.argv[1:])
