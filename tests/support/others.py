"""Other programs that make a bucket equal to a folder, as their users call them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from app.errors import SettingsError
from app.storages.embedded.server import find_rclone
from bench.programs import ToolMissing
from bench.tools import S5cmd
from tests.support.servers import ACCESS_KEY, Server, missing

SECONDS = 300


def sync_by_rclone(server: Server, tree: Path, bucket: str) -> None:
    """Have ``rclone sync`` compare by checksum, and delete what the tree has not."""
    try:
        program = find_rclone()
    except SettingsError as error:
        missing(str(error))
    settings = {
        "TYPE": "s3",
        "PROVIDER": "Other",
        "ENDPOINT": server.endpoint,
        "ACCESS_KEY_ID": ACCESS_KEY,
        "SECRET_ACCESS_KEY": server.secret_key,
    }
    environ = {f"RCLONE_CONFIG_T_{name}": value for name, value in settings.items()}
    _run([program, "sync", "--checksum", str(tree), f"T:{bucket}", "--config", ""], environ)


def sync_by_s5cmd(server: Server, tree: Path, bucket: str) -> None:
    """Have ``s5cmd sync --delete`` compare by size and time."""
    try:
        program = S5cmd().executable()
    except ToolMissing as error:
        missing(str(error))
    environ = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": server.secret_key,
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [program, "--log", "error", "--endpoint-url", server.endpoint, "sync", "--delete"]
    _run([*command, f"{tree}/", f"s3://{bucket}/"], environ)


def _run(command: list[str], environ: Mapping[str, str]) -> None:
    """Run a program with nothing of what this machine has set for it; fail with what it said when it fails."""
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        command, env=known | dict(environ), capture_output=True, errors="replace", timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert not done.stderr, done.stderr[-2000:]  # s5cmd tells of some failures by words alone
