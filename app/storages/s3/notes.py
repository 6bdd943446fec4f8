"""What is kept on the disk of multipart uploads under way, so that they can be taken up again. Never a secret.

One small file per upload, to which a line is added for each part. It is written without waiting for the disk: a line
that a crash takes away costs no more than reading, or sending, that part again.
"""

import errno
import fcntl
import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from app.storages.s3.address import S3Address

logger = logging.getLogger(__name__)

SUFFIX = ".upload"
ATTEMPTS = 20

SUSPECT = "suspect"
"""The mark of an upload that may be our own: its beginning was not answered. Content has longer ones."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An upload that was begun.

    Attributes:
        endpoint: scheme, host and port.
        bucket: the bucket's name.
        key: the object's key.
        upload_id: what the storage calls the upload.
        size: bytes of the whole content.
        part_size: bytes of each part but the last one.
        mark: the content's; another one means another content.
        started: POSIX seconds.
    """

    endpoint: str
    bucket: str
    key: str
    upload_id: str
    size: int
    part_size: int
    mark: str
    started: float

    @classmethod
    def parsed(cls, line: str) -> "Opened":
        """Read what `line` gave.

        Raises:
            ValueError: it is something else.
        """
        told = json.loads(line)
        if not isinstance(told, dict) or {name: type(value) for name, value in told.items()} != cls.__annotations__:
            raise ValueError("it is no note of an upload")
        return cls(**told)

    @property
    def line(self) -> str:
        """The first line of a note, without its end."""
        return json.dumps(asdict(self))

    @property
    def is_ours(self) -> bool:
        """Whether it is certain that nobody else has begun it."""
        return self.mark != SUSPECT

    def is_of(self, address: S3Address) -> bool:
        """Return whether it goes to this bucket."""
        return (self.endpoint, self.bucket) == (address.host, address.bucket)


class Note:
    """The note of one upload, locked against everybody else until it is closed. Used by one upload.

    A disk error ends the noting and nothing else.

    Args:
        path: the file.
        descriptor: the file, open for reading and appending, and locked; owned from now on.

    Attributes:
        opened: the upload that it tells of; None when it tells of none.
        etags: by their number, what the storage answered to the parts that have arrived.
        modified: when it was last written before now, in POSIX seconds.

    Raises:
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        status = os.fstat(descriptor)
        self.modified = status.st_mtime
        self.opened, self.etags, length = _read(descriptor)
        if self.opened and length < status.st_size:
            os.ftruncate(descriptor, length)  # or half a line would spoil the first new one
        self._path = path
        self._descriptor: int | None = descriptor
        self._takes_lines = True
        self._lock = threading.Lock()

    def begin(self, opened: Opened) -> None:
        """Tell of this upload from now on, and of nothing else."""
        self.etags = {}
        self.opened = opened if self._append(opened.line, anew=True) else None

    def add(self, number: int, etag: str) -> None:
        """Add a part that has arrived; may be called from several threads."""
        self._append(json.dumps([number, etag]))

    def remove(self) -> None:
        """End the note: nothing is left to be taken up."""
        self.opened = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file, which stays; harmless when called twice."""
        with self._lock:
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is not None:
                os.close(descriptor)

    def _append(self, text: str, anew: bool = False) -> bool:
        """Add a line, after removing all others if it is ``anew``; return whether it is there."""
        with self._lock:
            if self._descriptor is None or not self._takes_lines:
                return False
            try:
                if anew:
                    os.ftruncate(self._descriptor, 0)
                _write(self._descriptor, f"{text}\n".encode())
            except OSError as error:
                self._takes_lines = False
                logger.warning("%s cannot be written, so an upload may have to begin anew: %s", self._path, error)
            return self._takes_lines


def _write(descriptor: int, line: bytes) -> None:
    if os.write(descriptor, line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read(descriptor: int) -> tuple[Opened | None, dict[int, str], int]:
    """Return the upload, the etags of its parts, and how many bytes of the note make sense."""
    opened, etags, length = None, dict[int, str](), 0
    with os.fdopen(os.dup(descriptor), "rb") as file:
        for line in file:
            try:
                text = line.decode()
                if not text.endswith("\n"):
                    break
                if opened is None:
                    opened = Opened.parsed(text)
                else:
                    number, etag = json.loads(text)
                    etags[int(number)] = str(etag)
            except (ValueError, TypeError):
                break
            length += len(line)
    return opened, etags, length


class Notes:
    """The folder of the notes, made when it is first needed. Thread-safe.

    Args:
        folder: nothing else should be in it; files with other names than ours are not touched.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._works = True

    def claim(self, address: S3Address, key: str) -> Note | None:
        """Return the note for this object, a new one when there is none, locked.

        Returns:
            None when someone else writes the object now, or the disk does not take notes: upload without one.
        """
        return self._claim(f"{address.host}\0{address.bucket}\0{key}")

    def leave(self, opened: Opened) -> None:
        """Note an upload that nobody goes on with."""
        note = self._claim(f"{opened.endpoint}\0{opened.bucket}\0{opened.key}\0{opened.upload_id}")
        if note is not None:
            with closing(note):
                note.begin(opened)

    def _claim(self, of: str) -> Note | None:
        name = hashlib.sha256(of.encode()).hexdigest()[:32]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _locked(self._folder / (name + SUFFIX), os.O_CREAT)
        except OSError as error:
            if self._works:
                logger.warning("No upload can be noted in %s, so none could be resumed: %s", self._folder, error)
            self._works = False
            return None

    def unused(self, address: S3Address, before: float) -> Iterator[Note]:
        """Give the notes of uploads to this bucket, and those that tell of nothing, that nobody works on.

        Args:
            address: the bucket.
            before: POSIX seconds; only notes that were not written since.
        """
        for path in self._paths():
            note = _locked_if_old(path, before)
            if note is None:
                continue
            try:
                if note.opened is None or note.opened.is_of(address):
                    yield note
            finally:
                note.close()

    def _paths(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == SUFFIX)
        except OSError:
            return []


def _locked_if_old(path: Path, before: float) -> Note | None:
    with suppress(OSError):
        return _locked(path) if path.lstat().st_mtime < before else None
    return None


def _locked(path: Path, flags: int = 0) -> Note | None:
    """Open a note and lock it; None when someone else has it.

    Raises:
        OSError: it cannot be opened, or is no file, or this file system cannot lock.
    """
    for _ in range(ATTEMPTS):
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had the lock may have removed the file just before giving it back.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return Note(path, descriptor)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    return None
