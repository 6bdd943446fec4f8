"""The plain way to move a folder with boto3: ``boto3_pool.py up|down URL BUCKET FOLDER``."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

THREADS = 16
LARGE = 8 * 1024 * 1024  # from here on boto3's own transfer manager, which sends parts


def upload(client: Any, bucket: str, root: Path) -> None:
    """Store every file below ``root``."""

    def put(path: Path) -> None:
        key = path.relative_to(root).as_posix()
        if path.stat().st_size < LARGE:
            client.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
        else:
            client.upload_file(str(path), bucket, key)

    _for_each(put, [path for path in root.rglob("*") if path.is_file()])


def download(client: Any, bucket: str, root: Path) -> None:
    """Write every object to a file below ``root``."""

    def get(found: dict[str, Any]) -> None:
        path = root / found["Key"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if found["Size"] < LARGE:
            path.write_bytes(client.get_object(Bucket=bucket, Key=found["Key"])["Body"].read())
        else:
            client.download_file(bucket, found["Key"], str(path))

    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    _for_each(get, [found for page in pages for found in page.get("Contents", ())])


def _for_each(move: Callable[[Any], None], things: list[Any]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(move, things):
            pass


def main(way: str, url: str, bucket: str, folder: str) -> None:
    """Go one way with a client that has as many connections as there are threads."""
    client = boto3.client("s3", endpoint_url=url, config=Config(max_pool_connections=THREADS))
    {"up": upload, "down": download}[way](client, bucket, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
