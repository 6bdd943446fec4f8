"""Trees of files with every kind of name, and what a bucket must hold to be equal to one."""

import os
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from app.storages.names import key_of
from tests.support.servers import ACCESS_KEY

ODD_NAMES = [
    b"plain.txt", b"with space", b" lead", b"trail ", b"dot.", b".hidden", b"..twice", b"a.txt", b"a!b", b"a0",
    b"pct%41", b"pct%2F", b"plus+plus", b"q?m", b"h#sh", b"st*r", b"b\\s", b"ti~de", b"amp&lt;", b"<xml>", b"'\"",
    b"semi;colon", b"c:olon", b"eq=ual", b"at@", b"comma,", b"$dollar", b"`tick`", b"|pipe", b"{brace}", b"[brack]",
    "é-nfc".encode(), "e\u0301-nfd".encode(), "日本語".encode(), "\U0001f600".encode(), "\u2028sep".encode(),
    "\u00a0nbsp".encode(), "\u202fnnbsp".encode(), "\u200eltr".encode(), "\u3000wide".encode(), "\ufeffbom".encode(),
    "‛quote".encode(), "‛41".encode(), "⧵41".encode(), "␀␊␡".encode(), "／．＼：".encode(), "\uffff".encode(), b"Case", b"case", b"latin-\xe9", b"bad-\xff\xfe", b"\xc3", b"tab\there",
    b"nl\nx", b"cr\rx", b"ctl\x01x", b"del\x7fx", b"bell\x07", b"esc\x1b[0m", b"x" * 200, b"-dash", b"--help", b"con", b"nul.txt",
]  # fmt: skip


def make_tree(root: Path, count: int) -> None:
    """Write ``count`` files with odd names into folders with odd names."""
    for number in range(count):
        folder = os.fsdecode(ODD_NAMES[number // len(ODD_NAMES) * 7 % len(ODD_NAMES)] + b".d")
        name = os.fsdecode(ODD_NAMES[number % len(ODD_NAMES)])
        path = root / folder / name if number >= len(ODD_NAMES) else root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"" if number % 11 == 0 else f"content {number}\n".encode() * (number % 50 + 1))


def make_empty_files(folder: Path, names: Iterable[str]) -> None:
    """Make many empty files in a new folder: as links of one, which takes a fifth of the time; ext4 allows 65,000."""
    folder.mkdir(parents=True)
    first, *others = (folder / name for name in names)
    first.touch()
    for other in others:
        os.link(first, other)


def tree_objects(root: Path) -> dict[str, bytes]:
    """Return the objects that a bucket equal to ``root`` holds; an independent walk, spelled by `key_of`."""
    return _objects(root, [path for path in root.rglob("*") if path.is_file()])


def contents(folder: Path) -> dict[Path, bytes]:
    """Return what the files below ``folder`` hold, without those that somebody removes meanwhile."""
    found = {}
    for place, _, names in os.walk(folder):
        for path in (Path(place, name) for name in names):
            with suppress(FileNotFoundError):
                if path.is_file():
                    found[path] = path.read_bytes()
    return found


def finished_files(root: Path) -> list[Path]:
    """Return the files below ``root`` without unfinished ones: a killed process leaves some until `Storage.tidy`."""
    return [path for path in root.rglob("*") if not path.name.startswith(".sluice-part-") and path.is_file()]


def finished_objects(root: Path) -> dict[str, bytes]:
    """Return what `tree_objects` does, without unfinished files."""
    return _objects(root, finished_files(root))


def _objects(root: Path, files: Iterable[Path]) -> dict[str, bytes]:
    return {"/".join(key_of(part) for part in path.relative_to(root).parts): path.read_bytes() for path in files}


def bucket_client(server: Any, access_key: str = ACCESS_KEY) -> Any:
    """Return a boto3 client of a test server, independent of the product's driver."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=access_key,
        aws_secret_access_key=server.secret_key,
        region_name="us-east-1",
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def bucket_objects(server: Any, bucket: str) -> Mapping[str, bytes] | None:
    """Return all that a bucket holds, None when it does not exist."""
    client = bucket_client(server)
    try:
        pages = list(client.get_paginator("list_objects_v2").paginate(Bucket=bucket))
    except client.exceptions.NoSuchBucket:
        return None
    finally:
        client.close()
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return _read(server, bucket, keys)


def _read(server: Any, bucket: str, keys: Iterable[str]) -> dict[str, bytes]:
    """Read objects over one connection: a vendor's client takes four times as long for each."""
    signer = S3SigV4Auth(Credentials(ACCESS_KEY, server.secret_key), "s3", "us-east-1")
    with closing(HTTPConnection(urlsplit(server.endpoint).netloc)) as connection:
        return {key: _object(connection, signer, f"{server.endpoint}/{bucket}/{quote(key, safe='/~')}") for key in keys}


def _object(connection: HTTPConnection, signer: S3SigV4Auth, url: str) -> bytes:
    asked = AWSRequest("GET", url)
    signer.add_auth(asked)
    connection.request("GET", urlsplit(url).path, headers=dict(asked.headers))
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, (url, answer.status, data)
    return data
